"""The card's section on the priority that a visitor is shown, its thresholds and its cost."""

from __future__ import annotations

from collections.abc import Sequence

from lentigo.model.evaluation import (
    ConditionInPeople,
    Evaluation,
    NaturalFrequencyFigures,
    PointsByModality,
)
from lentigo.model.manifest import Manifest
from lentigo.model.selection import PointsSelection
from lentigo.model.slice_figures import Operating, Slice, SliceFigures
from lentigo.prevalence import SOURCES
from training.card.answers import Slices, slice_table
from training.card.curves import decision_text
from training.card.markdown import percent, section, table
from training.card.names import POINTS, POPULATIONS, WAYS

MODALITIES = (Slice.DERMOSCOPIC, Slice.CAMERA)


def priority_section(manifest: Manifest, evaluation: Evaluation, drawn: Sequence[str]) -> str:
    """Write the thresholds and the priority that a visitor is shown, with what it costs."""
    slices = evaluation.slices
    priority = slice_table(
        slices,
        [
            ("Melanomas given urgent", lambda found: percent(found.priority.melanoma_urgent)),
            (
                "Malignant given medium or more",
                lambda found: percent(found.priority.malignant_at_least_medium),
            ),
            (
                "Not malignant, given less than medium",
                lambda found: percent(found.priority.not_malignant_below_medium),
            ),
            (
                "Not melanoma, given less than urgent",
                lambda found: percent(found.priority.not_melanoma_below_urgent),
            ),
            ("Naevi given low", lambda found: percent(found.priority.naevus_low)),
            (
                "Naevi given low or uncertain",
                lambda found: percent(found.priority.naevus_low_or_uncertain),
            ),
        ],
    )
    body = f"""The priority does not rest on the top class alone: every rule below may ask for
a tier, and the most severe wins (`py/lentigo/priority.py`). These are the model's own rules: a
warning about the picture, or a score near its operating point, turns some “low” into “uncertain”
([the whole chain](natural-changes.md), [the rules](priority-rules.md)).

{priority}

{naevus_cost(slices)}

### Thresholds

{points_table(manifest.operating_points, slices)}

{how_chosen(manifest.selection.operating_points)}

### In people

{frequencies(evaluation.natural_frequencies)}

### Against sending everybody

{decision_text(evaluation, drawn)}"""
    return section("The priority that is shown", body)


def naevus_cost(slices: Slices) -> str:
    """Say what the thresholds cost ordinary moles."""
    parts = [
        f"{percent(figure)} of those in {WAYS[name]} images"
        for name in MODALITIES
        if (figure := slices[name].priority.naevus_low).value is not None
    ]
    if not parts:
        return ""
    return (
        f"**What that costs:** of the naevi, {' and '.join(parts)} are given low; most of the "
        "others are false alarms."
    )


def _operating(found: SliceFigures, name: str) -> Operating | None:
    """Return what a point does by itself; None for the confidence, which asks for nothing."""
    return None if name == "confidence" else getattr(found.operating, name)


def points_table(points: PointsByModality, slices: Slices) -> str:
    """Write each rule's threshold by modality, and what it does on the test images."""
    rows = []
    for name, (title, rule) in POINTS.items():
        row = [title, rule]
        row += [str(getattr(own, name)) for own in (points.dermoscopic, points.camera)]
        for modality in MODALITIES:
            found = _operating(slices[modality], name)
            row.append(
                "—"
                if found is None
                else f"{percent(found.sensitivity)} / {percent(found.specificity)}"
            )
        rows.append(row)
    head = [
        "Rule",
        "Asks when",
        *(WAYS[modality] for modality in MODALITIES),
        *(f"{WAYS[modality]}: sensitivity / specificity" for modality in MODALITIES),
    ]
    return table(head, rows)


def how_chosen(selection: PointsSelection | None) -> str:
    """Say how the thresholds were chosen; empty for a model that does not say."""
    if selection is None:
        return ""
    wanted = []
    for name, share in vars(selection.wanted_sensitivity).items():
        if share is not None:
            sure = getattr(selection.confidence, name)
            wanted.append(
                f"{name} {share:.0%}" + (f" with {sure:.0%} confidence" if sure is not None else "")
            )
    return (
        "How chosen: On the val split, calibrated, for dermoscopic and for clinical images apart: "
        f"the highest threshold with the wanted sensitivity ({', '.join(wanted)}). Confidence: the "
        f"point below which the least confident {selection.least_confident:.0%} of the images lie. "
        "Where the model is unsure how an image was taken, the lower threshold and the higher "
        "confidence of the two hold."
    )


def _declared(title: str, condition: ConditionInPeople) -> str:
    among, counted = POPULATIONS[condition.population]
    source = SOURCES[condition.population]
    return f"{title}: {percent(condition.prevalence)} among {among} ({source}: {counted})."


def frequencies(found: NaturalFrequencyFigures) -> str:
    """Write what the priorities do to 1,000 people at the declared prevalences."""
    rows = []
    for title, condition in (
        ("Malignant, medium or more", found.malignancy),
        ("Melanoma, urgent", found.melanoma),
    ):
        for way, counts in (("clinical", condition.camera), ("dermoscopic", condition.dermoscopic)):
            if counts is not None:
                whole = (counts.sick, counts.caught, counts.missed, counts.false_alarms)
                rows.append(
                    [f"{title}: {way}", percent(condition.prevalence), *(str(n) for n in whole)]
                )
    head = ["Looked for", "Prevalence", "Have it", "Caught", "Missed", "False alarms"]
    return (
        f"Of {found.people:,} at a declared prevalence, in whole people.\n\n{table(head, rows)}\n\n"
        f"Declared prevalence. {_declared('Malignancy', found.malignancy)} "
        f"{_declared('Melanoma', found.melanoma)} The prevalence is that of general practice; "
        "whether it counts actinic keratosis, as malignancy does here, its source does not say. "
        "The harmless lesions of the test sets are those that somebody thought worth a picture; a "
        "visitor's may differ."
    )
