"""What learning on brought, run after run: `curves/*.jsonl` as `curves/learning-curve.svg`.

    python -m training.learning_curve

The runs follow one another: each began with the weights of the one before.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.drawing import (
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
    from collections.abc import Sequence

CURVES = Path(__file__).parent / "curves"
FIGURE = CURVES / "learning-curve.svg"
RUNS = ("learnt-on", "learnt-longer")
BATCH = 32
SETS = {"ham10000": "HAM10000", "milk10k": "MILK10k"}
# v0 on `val` (LOG.md): where the first run began.
BEGIN = {
    "balanced_accuracy": {"ham10000": 0.585, "milk10k": 0.557},
    "melanoma_auc": {"ham10000": 0.838, "milk10k": 0.864},
}
_WIDTH, _HEIGHT = 720, 300
_PANEL = Box(64, 64, 260, 170)
_STEP_PX = 350


def read_runs(folder: Path = CURVES) -> list[list[dict[str, Any]]]:
    """Return each run's lines in the order in which the runs followed one another."""
    return [
        [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]
        for name in RUNS
    ]


def points(
    runs: Sequence[Sequence[dict[str, Any]]], figure: str, source: str
) -> tuple[tuple[float, float], ...]:
    """Return (thousands of pictures seen since v0, figure) of all runs, v0 first."""
    found = [(0.0, BEGIN[figure][source])]
    begun = 0.0
    for run in runs:
        seen = [begun + line["step"] * BATCH / 1000 for line in run]
        found += [(at, line[source][figure]["value"]) for at, line in zip(seen, run, strict=True)]
        begun = seen[-1]
    return tuple(found)


def draw(runs: Sequence[Sequence[dict[str, Any]]]) -> str:
    """Draw both figures against the pictures seen."""
    first_end = runs[0][-1]["step"] * BATCH / 1000
    last = points(runs, "melanoma_auc", "ham10000")[-1][0]
    high = 50.0 * (int(last // 50) + 1)
    across = Axis(
        "thousand pictures seen since v0",
        0.0,
        high,
        tuple((50.0 * index, f"{50 * index}") for index in range(int(high // 50) + 1)),
    )
    body = []
    for index, (figure, title, axis) in enumerate(
        (
            ("balanced_accuracy", "Balanced accuracy", decimals_axis("", 0.5, 0.7, 0.05)),
            ("melanoma_auc", "Melanoma AUC", decimals_axis("", 0.8, 0.95, 0.05)),
        )
    ):
        series = tuple(
            Series(points(runs, figure, source), look, marked=True)
            for look, source in enumerate(SETS)
        )
        panel = Panel(title, across, axis, series, steps=((first_end, "next run"),))
        box = Box(_PANEL.left + index * _STEP_PX, _PANEL.top, _PANEL.width, _PANEL.height)
        body.append(draw_panel(panel, box))
    entries = [(name, Series((), look, marked=True)) for look, name in enumerate(SETS.values())]
    body.append(legend(entries, (_PANEL.left, _HEIGHT - 12)))
    described = (
        "Balanced accuracy rises slowly with the pictures seen; the melanoma AUC stands still."
    )
    return document("Learning on from v0, on val", described, _WIDTH, _HEIGHT, "".join(body))


def main() -> None:
    """Write the figure."""
    FIGURE.write_text(draw(read_runs()), encoding="utf-8")
    print(FIGURE)


if __name__ == "__main__":
    main()
