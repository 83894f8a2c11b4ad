"""What learning on brought, run after run: `curves/*.jsonl` as `curves/learning-curve.svg`.

    python -m training.learning_curve

Two runs began where the first one ended: one went on as before, one learnt from a teacher.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

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

Run: TypeAlias = list[dict[str, Any]]

CURVES = Path(__file__).parent / "curves"
FIGURE = CURVES / "learning-curve.svg"
FIRST = "learnt-on"
ALONE, TAUGHT = "learnt-longer", "taught"
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


def read_run(name: str, folder: Path = CURVES) -> Run:
    """Return a run's lines, one for each look at `val`."""
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


def points(runs: Sequence[Run], figure: str, source: str) -> tuple[tuple[float, float], ...]:
    """Return (thousands of pictures seen since v0, figure) of runs that followed, v0 first."""
    found = [(0.0, BEGIN[figure][source])]
    begun = 0.0
    for run in runs:
        seen = [begun + line["step"] * BATCH / 1000 for line in run]
        found += [(at, line[source][figure]["value"]) for at, line in zip(seen, run, strict=True)]
        begun = seen[-1]
    return tuple(found)


def draw(first: Run, alone: Run, taught: Run) -> str:
    """Draw both figures against the pictures seen."""
    first_end = first[-1]["step"] * BATCH / 1000
    ends = [points((first, run), "melanoma_auc", "ham10000")[-1][0] for run in (alone, taught)]
    high = 100.0 * (int(max(ends) // 100) + 1)
    across = Axis(
        "thousand pictures seen since v0",
        0.0,
        high,
        tuple((100.0 * index, f"{100 * index}") for index in range(int(high // 100) + 1)),
    )
    body = []
    for index, (figure, title, axis) in enumerate(
        (
            ("balanced_accuracy", "Balanced accuracy", decimals_axis("", 0.5, 0.75, 0.05)),
            ("melanoma_auc", "Melanoma AUC", decimals_axis("", 0.8, 0.95, 0.05)),
        )
    ):
        series = []
        for look, source in enumerate(SETS):
            by_itself = points((first, alone), figure, source)
            with_teacher = points((first, taught), figure, source)[len(first) :]
            series += [
                Series(by_itself, look, marked=True),
                Series(with_teacher, look + len(SETS), marked=True),
            ]
        panel = Panel(title, across, axis, tuple(series), steps=((first_end, "next runs"),))
        box = Box(_PANEL.left + index * _STEP_PX, _PANEL.top, _PANEL.width, _PANEL.height)
        body.append(draw_panel(panel, box))
    names = (*SETS.values(), *(f"{name}, taught" for name in SETS.values()))
    entries = [(name, Series((), look, marked=True)) for look, name in enumerate(names)]
    body.append(legend(entries, (_PANEL.left, _HEIGHT - 12)))
    described = (
        "By itself the network's melanoma AUC stands still; with a teacher that knows ImageNet it "
        "rises."
    )
    return document("Learning on from v0, on val", described, _WIDTH, _HEIGHT, "".join(body))


def main() -> None:
    """Write the figure."""
    FIGURE.write_text(draw(*map(read_run, (FIRST, ALONE, TAUGHT))), encoding="utf-8")
    print(FIGURE)


if __name__ == "__main__":
    main()
