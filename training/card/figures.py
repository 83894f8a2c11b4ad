"""The model card's figures, ``docs/generated/figures/*.svg``, from the evaluation and the curve.

Each figure is a pure function that returns SVG text, or None when what it shows was not measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lentigo.diagnosis import Diagnosis
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

if TYPE_CHECKING:
    from collections.abc import Sequence

    Figures = Mapping[str, Any]

SLICE_NAMES = {
    "dermoscopic_ham10000": "Dermoscope, HAM10000",
    "dermoscopic": "Dermoscope, all sets",
    "camera": "Camera, all",
    "clinical": "Camera, clinical close-up",
    "smartphone": "Camera, smartphone",
}
# The three that are drawn; ``camera`` pools the last two, of which one is small.
DRAWN = ("dermoscopic_ham10000", "dermoscopic", "camera")
SET_NAMES = {
    "ham10000": "HAM10000",
    "milk10k": "MILK10k",
    "isic2017": "ISIC 2017",
    "pad_ufes_20": "PAD-UFES-20",
}


def block(document_: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """Return a block of the evaluation; None where it was not measured."""
    found = document_.get(name)
    return found if isinstance(found, Mapping) and found else None


def value_of(figure: Any) -> float | None:
    """Return the value of a figure, or of a plain number; None where it is undefined."""
    found = figure.get("value") if isinstance(figure, Mapping) else figure
    return float(found) if isinstance(found, int | float) else None


def _slices(evaluation: Figures, key: str) -> list[tuple[int, str, Figures]]:
    """List the drawn slices that have a key: their look, their name, their figures."""
    found = block(evaluation, "slices") or {}
    return [
        (look, SLICE_NAMES[name], found[name])
        for look, name in enumerate(DRAWN)
        if name in found and found[name].get(key)
    ]


def _floor(values: Sequence[float], step: float = 0.1) -> float:
    """Return the multiple of a step below all values, at least 0 and at most 0.8."""
    lowest = min(values, default=0.5)
    return max(0.0, min(0.8, int((lowest - 0.02) / step) * step))


def roc(evaluation: Figures) -> str | None:
    """Draw the ROC curves of melanoma and of malignancy, with the operating points."""
    slices = _slices(evaluation, "roc")
    if not slices:
        return None
    panels = []
    for index, (key, point, title) in enumerate(
        (("melanoma", "mel", "Melanoma"), ("malignancy", "malignancy", "Any malignancy"))
    ):
        box = Box(80 + 370 * index, 102, 280, 280)
        series, notes = [], []
        for look, name, figures in slices:
            curve = figures["roc"].get(key) or []
            series.append(Series(tuple((x, y) for x, y in curve), look, dashed=look == 1))
            chosen = figures.get("operating", {}).get(point, {})
            caught, spared = (
                value_of(chosen.get("sensitivity")),
                value_of(chosen.get("specificity")),
            )
            if caught is not None and spared is not None:
                series.append(Series(((1 - spared, caught),), look, joined=False))
            area = value_of(figures.get(f"{key}_auc"))
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
        "Two ROC curves by kind of picture on the test split, with the chosen operating points.",
        760,
        442,
        _legend(slices, marked=False)
        + text((736, 60), "Marks: the thresholds chosen on val", "soft", "end")
        + "".join(panels),
    )


def _legend(slices: Sequence[tuple[int, str, Figures]], marked: bool) -> str:
    return legend(
        [(name, Series((), look, dashed=look == 1, marked=marked)) for look, name, _ in slices],
        (24, 60),
    )


def reliability(evaluation: Figures) -> str | None:
    """Draw how often answers of a confidence are right, before and after calibration."""
    slices = _slices(evaluation, "reliability")
    if not slices:
        return None
    panels = []
    for index, (key, title) in enumerate((("before", "Before"), ("after", "After calibration"))):
        series, errors = [], []
        for look, name, figures in slices:
            bins = [b for b in figures["reliability"].get(key, []) if b["n"]]
            points = tuple((float(b["confidence"]), float(b["accuracy"])) for b in bins)
            series.append(Series(points, look, dashed=look == 1, marked=True))
            error = value_of(figures.get(f"ece_{key}"))
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


def confusion(evaluation: Figures) -> str | None:
    """Draw what was answered for each class, by kind of picture."""
    slices = [each for each in _slices(evaluation, "confusion") if each[0] != 1]
    if not slices:
        return None
    names = [str(diagnosis) for diagnosis in Diagnosis]
    panels = [
        draw_matrix(name, names, figures["confusion"], Box(70 + 385 * index, 106, 308, 308))
        for index, (_, name, figures) in enumerate(slices)
    ]
    note = "Rows: what it is. Columns: the top class. Share of the row, and pictures."
    return document(
        "What it takes for what",
        "Confusion matrices on the test split: rows are the true classes, columns the answers.",
        70 + 385 * len(slices),
        434,
        text((24, 54), note, "soft") + "".join(panels),
    )


def selective(evaluation: Figures) -> str | None:
    """Draw what is gained when the least confident answers are refused."""
    slices = _slices(evaluation, "selective")
    if not slices:
        return None
    panels = []
    for index, (key, title) in enumerate(
        (("accuracy", "Accuracy"), ("malignancy_sensitivity", "Malignancies caught"))
    ):
        series, values = [], []
        for look, _, figures in slices:
            steps = [(s["refused"], value_of(s.get(key))) for s in figures["selective"]]
            points = tuple((float(x), y) for x, y in steps if y is not None)
            values += [y for _, y in points]
            series.append(Series(points, look, dashed=look == 1))
        panel = Panel(
            title,
            shares_axis("Share of pictures refused"),
            shares_axis("Of the pictures answered" if not index else "", _floor(values), 1.0, 0.1),
            tuple(series),
        )
        panels.append(draw_panel(panel, Box(80 + 370 * index, 102, 280, 210)))
    return document(
        "What refusing the least sure answers gains",
        "Accuracy and malignancy sensitivity against the share of test pictures refused.",
        760,
        372,
        _legend(slices, marked=False) + "".join(panels),
    )


def robustness(evaluation: Figures) -> str | None:
    """Draw malignancy AUC and balanced accuracy under graded changes of the pictures."""
    changes = block(evaluation, "robustness")
    named = {} if changes is None else {n: g for n, g in changes.items() if n != "none" and g}
    if changes is None or not named:
        return None
    drawn = [
        (0, "dermoscopic_ham10000", "malignancy_auc", "Malignancy AUC, HAM10000"),
        (1, "camera", "malignancy_auc", "Malignancy AUC, camera"),
        (0, "dermoscopic_ham10000", "balanced_accuracy", "Balanced accuracy, HAM10000"),
        (1, "camera", "balanced_accuracy", "Balanced accuracy, camera"),
    ]
    columns, width, height = 4, 152, 130
    courses = {name: [*(changes.get("none") or []), *grades] for name, grades in named.items()}
    low = _floor(
        [
            value
            for grades in courses.values()
            for grade in grades
            for _, of, key, _ in drawn
            if (value := value_of((grade["slices"].get(of) or {}).get(key))) is not None
        ]
    )
    parts = []
    for index, (name, grades) in enumerate(courses.items()):
        row, column = divmod(index, columns)
        ticks = tuple((float(at), _grade(grade)) for at, grade in enumerate(grades))
        unit = str(grades[-1].get("unit") or "")
        panel = Panel(
            name.replace("_", " ").capitalize(),
            Axis(unit, -0.15, len(grades) - 0.85, ticks),
            decimals_axis("", low, 1.0, 0.1),
            tuple(
                Series(
                    tuple(
                        (float(at), value)
                        for at, grade in enumerate(grades)
                        if (value := value_of((grade["slices"].get(of) or {}).get(key))) is not None
                    ),
                    look,
                    dashed=key == "balanced_accuracy",
                    marked=True,
                )
                for look, of, key, _ in drawn
            ),
        )
        parts.append(draw_panel(panel, Box(52 + 202 * column, 124 + 206 * row, width, height)))
    entries = [
        (name, Series((), look, dashed=key == "balanced_accuracy", marked=True))
        for look, _, key, name in drawn
    ]
    rows = -(-len(courses) // columns)
    return document(
        "What bad pictures cost",
        "Malignancy AUC and balanced accuracy on test pictures that were made worse step by step.",
        max(460, 28 + 202 * min(columns, len(courses))),
        104 + 206 * rows,
        legend(entries[:2], (24, 60)) + legend(entries[2:], (24, 82)) + "".join(parts),
    )


def _grade(grade: Figures) -> str:
    value = grade["grade"]
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def training(curve: Sequence[Figures]) -> str | None:
    """Draw the course of the training on ``val``, with the stages of growing pictures."""
    if not curve:
        return None
    hours = [float(entry["trained_s"]) / 3600 for entry in curve]
    # The next quarter of an hour, or hour.
    step = 0.25 if hours[-1] <= 2 else 1.0
    end = max(step, -(-hours[-1] // step) * step)
    every = max(step, -(-end / 4 // step) * step)
    ticks = tuple((every * index, f"{every * index:g}") for index in range(int(end / every) + 1))
    stages = []
    for index, entry in enumerate(curve):
        if index == 0 or entry["size_px"] != curve[index - 1]["size_px"]:
            stages.append((hours[index], f"{entry['size_px']} px"))
    sets = [name for name in SET_NAMES if any(name in entry for entry in curve)]
    panels = []
    for index, (key, title) in enumerate(
        (("balanced_accuracy", "Balanced accuracy"), ("melanoma_auc", "Melanoma AUC"))
    ):
        series, values = [], []
        for look, name in enumerate(sets):
            points = tuple(
                (hour, value)
                for hour, entry in zip(hours, curve, strict=True)
                if (value := value_of(entry.get(name, {}).get(key))) is not None
            )
            values += [y for _, y in points]
            series.append(Series(points, look, dashed=look % 2 == 1, marked=True))
        panel = Panel(
            title,
            Axis("Hours of training", 0.0, end, ticks),
            decimals_axis("", _floor(values), 1.0, 0.1),
            tuple(series),
            steps=tuple(stages),
        )
        panels.append(draw_panel(panel, Box(64 + 370 * index, 102, 300, 220)))
    entries = [
        (SET_NAMES[name], Series((), look, dashed=look % 2 == 1, marked=True))
        for look, name in enumerate(sets)
    ]
    return document(
        "The course of the training, on val",
        "Balanced accuracy and melanoma AUC on the val split by set against the hours of training.",
        760,
        382,
        legend(entries, (24, 60))
        + text((736, 60), "Dotted: pictures of that size", "soft", "end")
        + "".join(panels),
    )


def draw_all(evaluation: Figures, curve: Sequence[Figures]) -> dict[str, str]:
    """Return every figure that can be drawn, by the name of its file without ``.svg``."""
    drawn = {
        "roc": roc(evaluation),
        "reliability": reliability(evaluation),
        "confusion": confusion(evaluation),
        "selective": selective(evaluation),
        "robustness": robustness(evaluation),
        "training": training(curve),
    }
    return {name: svg for name, svg in drawn.items() if svg is not None}
