"""How three ways of learning went, run after run: `curves/*.jsonl` as `curves/learning-curve.svg`.

    python -m training.fit.learning_curve

By itself and taught by another network, the EfficientNetV2-B0 went on from the same weights; the
third network began with its teacher's own blocks (``training.fit.graft``).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from training.card.drawing import (
    Axis,
    Box,
    Panel,
    Series,
    decimals_axis,
    document,
    draw_panel,
    legend,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Run: TypeAlias = list[dict[str, Any]]

CURVES = Path(__file__).parents[1] / "curves"
FIGURE = CURVES / "learning-curve.svg"
# The runs of each way, one after the other.
WAYS = {
    "by itself": ("learnt-on", "learnt-longer"),
    "taught": ("learnt-on", "taught", "taught-longer"),
    "grafted": ("grafted", "grafted-longer", "averaged-longer", "schooled"),
}
BATCH = 32
SOURCE = "ham10000"
# v0 on `val` (LOG.md): where the B0's runs began.
BEGIN = {"balanced_accuracy": 0.585, "melanoma_auc": 0.838}
_WIDTH, _HEIGHT = 720, 300
_PANEL = Box(64, 64, 260, 170)
_STEP_PX = 350


def read_run(name: str, folder: Path = CURVES) -> Run:
    """Return a run's lines, one for each evaluation on `val`."""
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


def read_ways() -> dict[str, list[Run]]:
    """Return the runs of each way."""
    return {way: [read_run(name) for name in names] for way, names in WAYS.items()}


def points(runs: Sequence[Run], figure: str) -> tuple[tuple[float, float], ...]:
    """Return (thousands of pictures seen, figure) of runs that followed one another."""
    found = []
    begun = 0.0
    for run in runs:
        seen = [begun + line["step"] * BATCH / 1000 for line in run]
        found += [(at, line[SOURCE][figure]["value"]) for at, line in zip(seen, run, strict=True)]
        begun = seen[-1]
    return tuple(found)


def draw(ways: Mapping[str, Sequence[Run]]) -> str:
    """Draw both figures against the pictures seen."""
    end = max(at for runs in ways.values() for at, _ in points(runs, "melanoma_auc"))
    high = 100.0 * (int(end // 100) + 1)
    across = Axis(
        "thousand pictures seen since v0, or the graft",
        0.0,
        high,
        tuple((100.0 * index, f"{100 * index}") for index in range(int(high // 100) + 1)),
    )
    body = []
    for index, (figure, title, axis) in enumerate(
        (
            ("balanced_accuracy", "Balanced accuracy", decimals_axis("", 0.5, 0.8, 0.05)),
            ("melanoma_auc", "Melanoma AUC", decimals_axis("", 0.8, 0.95, 0.05)),
        )
    ):
        series = [
            Series(
                (*(() if way == "grafted" else ((0.0, BEGIN[figure]),)), *points(runs, figure)),
                colour,
                marked=True,
            )
            for colour, (way, runs) in enumerate(ways.items())
        ]
        panel = Panel(f"{title}, HAM10000", across, axis, tuple(series))
        box = Box(_PANEL.left + index * _STEP_PX, _PANEL.top, _PANEL.width, _PANEL.height)
        body.append(draw_panel(panel, box))
    entries = [(way, Series((), colour, marked=True)) for colour, way in enumerate(ways)]
    body.append(legend(entries, (_PANEL.left, _HEIGHT - 12)))
    described = (
        "By itself the network's melanoma AUC stands still; with a teacher that knows ImageNet it "
        "rises; a network that begins with the teacher's blocks is there at once."
    )
    return document("Three ways of learning, on val", described, _WIDTH, _HEIGHT, "".join(body))


def main() -> None:
    """Write the figure."""
    FIGURE.write_text(draw(read_ways()), encoding="utf-8")
    print(FIGURE)


if __name__ == "__main__":
    main()
