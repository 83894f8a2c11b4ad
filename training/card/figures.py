"""The model card's figures, ``docs/generated/figures/*.svg``, from the evaluation alone.

Each figure is a pure function that returns SVG text, or None when what it shows was not measured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lentigo.diagnosis import Diagnosis
from lentigo.model.evaluation import AtSeverity, Evaluation, MeasuredSlices
from lentigo.model.figures import Figure
from lentigo.model.slice_figures import Operating, Slice, SliceFigures
from training.card.curves import decision
from training.card.drawing import (
    Axis,
    Box,
    Panel,
    Series,
    decimals_axis,
    document,
    draw_matrix,
    draw_panel,
    legend,
    shares_axis,
    text,
)
from training.card.names import CORRUPTIONS, SLICES

# The three that are drawn; ``camera`` pools two others, of which one is small.
DRAWN = (Slice.DERMOSCOPIC_HAM10000, Slice.DERMOSCOPIC, Slice.CAMERA)
# A kind of image: its look, its name, its figures.
Shown = tuple[int, str, SliceFigures]


def _slices(evaluation: Evaluation) -> list[Shown]:
    """List the drawn slices that have images."""
    return [
        (look, SLICES[name], evaluation.slices[name])
        for look, name in enumerate(DRAWN)
        if evaluation.slices[name].pictures
    ]


def _floor(values: Sequence[float], step: float = 0.1) -> float:
    """Return the multiple of a step below all values, at least 0 and at most 0.8."""
    lowest = min(values, default=0.5)
    return max(0.0, min(0.8, int((lowest - 0.02) / step) * step))


def _of_condition(
    figures: SliceFigures, key: str
) -> tuple[tuple[tuple[float, float], ...], Operating, float | None]:
    """Return curve, point of the alarm and area of melanoma, or of any malignancy."""
    if key == "melanoma":
        return figures.roc.melanoma, figures.operating.melanoma_urgent, figures.melanoma_auc.value
    return figures.roc.malignancy, figures.operating.malignancy, figures.malignancy_auc.value


def roc(evaluation: Evaluation) -> str | None:
    """Draw the ROC curves of melanoma and of malignancy, with the points of the alarms."""
    slices = _slices(evaluation)
    if not slices:
        return None
    panels = []
    for index, (key, title) in enumerate(
        (("melanoma", "Melanoma"), ("malignancy", "Any malignancy"))
    ):
        box = Box(80 + 370 * index, 102, 280, 280)
        series, notes = [], []
        for look, name, figures in slices:
            curve, chosen, area = _of_condition(figures, key)
            series.append(Series(curve, look, dashed=look == 1))
            caught, spared = chosen.sensitivity.value, chosen.specificity.value
            if caught is not None and spared is not None:
                series.append(Series(((1 - spared, caught),), look, joined=False))
            notes.append(f"{name}: {'undefined' if area is None else f'{area:.3f}'}")
        panel = Panel(
            title,
            shares_axis("False alarms among the rest"),
            shares_axis("Caught" if not index else ""),
            tuple(series),
            diagonal=True,
        )
        panels.append(draw_panel(panel, box))
        panels.append(
            text((box.right - 8, box.bottom - 58), "Area under the curve", "soft small", "end")
        )
        panels += [
            text((box.right - 8, box.bottom - 42 + 15 * row), words, "ink small", "end")
            for row, words in enumerate(notes)
        ]
    return document(
        "How well it tells melanoma and malignancy from the rest",
        "Two ROC curves by kind of image on the test split, with the points of the alarms.",
        760,
        442,
        _legend(slices, marked=False)
        + text((736, 60), "Marks: the thresholds chosen on val", "soft", "end")
        + "".join(panels),
    )


def _legend(slices: Sequence[Shown], marked: bool) -> str:
    return legend(
        [(name, Series((), look, dashed=look == 1, marked=marked)) for look, name, _ in slices],
        (24, 60),
    )


def reliability(evaluation: Evaluation) -> str | None:
    """Draw how often answers of a confidence are right, before and after calibration."""
    slices = _slices(evaluation)
    if not slices:
        return None
    panels = []
    for index, title in enumerate(("Before", "After calibration")):
        series, errors = [], []
        for look, name, figures in slices:
            calibrated = bool(index)
            bins = figures.reliability.after if calibrated else figures.reliability.before
            error = (figures.ece_after if calibrated else figures.ece_before).value
            points = tuple((each.confidence, each.accuracy) for each in bins)
            series.append(Series(points, look, dashed=look == 1, marked=True))
            errors.append(f"{name}: {'undefined' if error is None else f'{error:.3f}'}")
        box = Box(80 + 370 * index, 102, 280, 280)
        panel = Panel(
            title,
            shares_axis("Probability of the top class"),
            shares_axis("How often it is right" if not index else ""),
            tuple(series),
            diagonal=True,
        )
        panels.append(draw_panel(panel, box))
        panels.append(text((box.left + 10, box.top + 18), "Calibration error", "soft small"))
        panels += [
            text((box.left + 10, box.top + 34 + 15 * row), words, "ink small")
            for row, words in enumerate(errors)
        ]
    return document(
        "Does a probability mean what it says?",
        "Reliability before and after calibration on the test split; on the diagonal it does.",
        760,
        442,
        _legend(slices, marked=True) + "".join(panels),
    )


def confusion(evaluation: Evaluation) -> str | None:
    """Draw what was answered for each class, by kind of image."""
    slices = [each for each in _slices(evaluation) if each[0] != 1]
    if not slices:
        return None
    names = [str(diagnosis) for diagnosis in Diagnosis]
    panels = [
        draw_matrix(
            name,
            names,
            [list(row) for row in figures.confusion],
            Box(70 + 385 * index, 106, 308, 308),
        )
        for index, (_, name, figures) in enumerate(slices)
    ]
    note = "Rows: what it is. Columns: the top class. Share of the row, and images."
    return document(
        "What it takes for what",
        "Confusion matrices on the test split: rows are the true classes, columns the answers.",
        70 + 385 * len(slices),
        434,
        text((24, 54), note, "soft") + "".join(panels),
    )


def selective(evaluation: Evaluation) -> str | None:
    """Draw what is gained when the least confident answers are refused."""
    slices = _slices(evaluation)
    if not slices:
        return None
    panels = []
    for index, (key, title) in enumerate(
        (("accuracy", "Accuracy"), ("malignancy_sensitivity", "Malignancies caught"))
    ):
        series, values = [], []
        for look, _, figures in slices:
            points = tuple(
                (step.refused, share)
                for step in figures.selective
                if (share := getattr(step, key).value) is not None
            )
            values += [y for _, y in points]
            series.append(Series(points, look, dashed=look == 1))
        panel = Panel(
            title,
            shares_axis("Share of images refused"),
            shares_axis("Of the images answered" if not index else "", _floor(values), 1.0, 0.1),
            tuple(series),
        )
        panels.append(draw_panel(panel, Box(80 + 370 * index, 102, 280, 210)))
    return document(
        "What refusing the least sure answers gains",
        "Accuracy and malignancy sensitivity against the share of test images refused.",
        760,
        372,
        _legend(slices, marked=False) + "".join(panels),
    )


@dataclass(frozen=True)
class Course:
    """One line of the robustness charts: whose figure, and how it looks."""

    look: int
    title: str
    balanced: bool
    of: Callable[[MeasuredSlices], Figure]

    def series(self, steps: Sequence[AtSeverity]) -> Series:
        """Return the line through the steps at which the figure is defined."""
        points = tuple(
            (float(at), value)
            for at, step in enumerate(steps)
            if (value := self.of(step.slices).value) is not None
        )
        return Series(points, self.look, dashed=self.balanced, marked=True)


COURSES = (
    Course(0, "Malignancy AUC, HAM10000", False, lambda s: s.dermoscopic_ham10000.malignancy_auc),
    Course(1, "Malignancy AUC, clinical", False, lambda s: s.camera.malignancy_auc),
    Course(
        0, "Balanced accuracy, HAM10000", True, lambda s: s.dermoscopic_ham10000.balanced_accuracy
    ),
    Course(1, "Balanced accuracy, clinical", True, lambda s: s.camera.balanced_accuracy),
)


def robustness(evaluation: Evaluation) -> str | None:
    """Draw malignancy AUC and balanced accuracy at rising severity of each corruption."""
    found = evaluation.robustness
    if found is None:
        return None
    columns, width, height = 4, 152, 130
    unchanged = AtSeverity(0.0, found.unchanged)
    courses = {name: (unchanged, *steps) for name, steps in found.corruptions.items()}
    low = _floor(
        [
            value
            for steps in courses.values()
            for step in steps
            for course in COURSES
            if (value := course.of(step.slices).value) is not None
        ]
    )
    parts = []
    for index, (name, steps) in enumerate(courses.items()):
        row, column = divmod(index, columns)
        ticks = tuple((float(at), f"{step.severity:g}") for at, step in enumerate(steps))
        title, unit = CORRUPTIONS[name]
        panel = Panel(
            title,
            Axis(unit, -0.15, len(steps) - 0.85, ticks),
            decimals_axis("", low, 1.0, 0.1),
            tuple(course.series(steps) for course in COURSES),
        )
        parts.append(draw_panel(panel, Box(52 + 202 * column, 124 + 206 * row, width, height)))
    entries = [(course.title, course.series(())) for course in COURSES]
    rows = -(-len(courses) // columns)
    return document(
        "What bad images cost",
        "Malignancy AUC and balanced accuracy on test images that were made worse step by step.",
        max(460, 28 + 202 * min(columns, len(courses))),
        104 + 206 * rows,
        legend(entries[:2], (24, 60)) + legend(entries[2:], (24, 82)) + "".join(parts),
    )


def draw_all(evaluation: Evaluation) -> dict[str, str]:
    """Return every figure that can be drawn, by the name of its file without ``.svg``."""
    drawn = {
        "roc": roc(evaluation),
        "decision": decision(evaluation),
        "reliability": reliability(evaluation),
        "confusion": confusion(evaluation),
        "selective": selective(evaluation),
        "robustness": robustness(evaluation),
    }
    return {name: svg for name, svg in drawn.items() if svg is not None}
