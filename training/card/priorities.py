"""The card's section on the priority that a visitor is shown, its thresholds and its cost."""

from __future__ import annotations

from collections.abc import Sequence

from lentigo.model.evaluation import (
    ConditionInPeople,
    Evaluation,
    NaturalFrequencyFigures,
)
from lentigo.model.manifest import Manifest
from lentigo.model.risk import Line, Scales
from lentigo.model.selection import ScalesSelection
from lentigo.model.slice_figures import Operating, Slice
from lentigo.prevalence import SOURCES
from training.card.answers import Slices, slice_table
from training.card.curves import decision_text
from training.card.markdown import percent, section, table
from training.card.names import POPULATIONS, RISK_POINTS, WAYS

MODALITIES = (Slice.DERMOSCOPIC, Slice.CAMERA)


def priority_section(manifest: Manifest, evaluation: Evaluation, drawn: Sequence[str]) -> str:
    """Write the thresholds and the priority that a visitor is shown, with what it costs."""
    slices = evaluation.slices
    priority = slice_table(
        slices,
        [
            ("Melanomas given urgent", lambda found: percent(found.priority.melanoma_urgent)),
            (
                "Melanomas given high or more",
                lambda found: percent(found.priority.melanoma_at_least_high),
            ),
            (
                "Melanomas given low or uncertain",
                lambda found: percent(found.priority.melanoma_below_medium),
            ),
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
            ("Naevi given urgent", lambda found: percent(found.priority.naevus_urgent)),
            ("Naevi given low", lambda found: percent(found.priority.naevus_low)),
            (
                "Naevi given low or uncertain",
                lambda found: percent(found.priority.naevus_low_or_uncertain),
            ),
        ],
    )
    body = f"""The priority does not rest on the top class alone: every rule below may ask for
a tier, and the most severe wins (`py/lentigo/priority.py`). These are the model's own rules: a
warning about the picture, or a risk near the least that alarms, turns some “low” into “uncertain”
([the whole chain](natural-changes.md), [the rules](priority-rules.md)).

{priority}

{naevus_cost(slices)}

### Thresholds

{points_table(slices)}

{lines_table(manifest.scales)}

{how_chosen(manifest.selection.scales)}

### If the conditions were rarer, or more common

{at_other_prevalences(slices)}

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


def points_table(slices: Slices) -> str:
    """Write each point of a risk, and what it does by itself on the test images."""
    rows = []
    for name, (title, point) in RISK_POINTS.items():
        row = [title, f"{point:.1%}"]
        for modality in MODALITIES:
            found: Operating = getattr(slices[modality].operating, name)
            row.append(f"{percent(found.sensitivity)} / {percent(found.specificity)}")
        rows.append(row)
    head = [
        "Rule",
        "From a risk of",
        *(f"{WAYS[modality]}: sensitivity / specificity" for modality in MODALITIES),
    ]
    return table(head, rows)


def _line(line: Line) -> str:
    return f"{line.classes:g}, {line.head:g}, {line.intercept:g}"


def lines_table(scales: Scales) -> str:
    """Write how scores become risks, and the two points on probabilities."""
    both = (scales.dermoscopic, scales.camera)
    rows = [
        ["Melanoma: classes, head, intercept", *(_line(scale.melanoma) for scale in both)],
        ["Malignancy: classes, head, intercept", *(_line(scale.malignancy) for scale in both)],
        ["Basal cell carcinoma asks for high: p(bcc) ≥", *(str(scale.bcc) for scale in both)],
        ["Uncertain: top probability <", *(str(scale.confident) for scale in both)],
    ]
    return table(["", *(WAYS[modality] for modality in MODALITIES)], rows)


def how_chosen(selection: ScalesSelection | None) -> str:
    """Say how risks and points were chosen; empty for a model that does not say."""
    if selection is None:
        return ""
    return (
        "How chosen: A risk is a posterior at the declared prevalence: the odds of the prevalence "
        "times a likelihood ratio. Its logarithm is a line in two log odds, by the seven classes "
        "and by a head of its own, fitted on the val split by maximum likelihood, for dermoscopic "
        "and for clinical images apart. Urgent from 3 % of melanoma is the threshold of NICE NG12; "
        "the other points are ours and were named before they were tried. p(bcc): the highest "
        f"point with a sensitivity of {selection.bcc_sensitivity:.0%}. Uncertain: the least "
        f"confident {selection.least_confident:.0%} of the images. Where the model is unsure how "
        "an image was taken, the larger risk and the more cautious point of the two hold."
    )


def at_other_prevalences(slices: Slices) -> str:
    """Write what the tiers would do if the conditions were half or twice as common."""
    rows = []
    for modality in MODALITIES:
        for found in slices[modality].other_prevalences:
            figures = (
                found.melanoma_urgent,
                found.melanoma_at_least_high,
                found.melanoma_below_medium,
                found.malignant_at_least_medium,
                found.naevus_urgent,
                found.naevus_low,
            )
            rows.append([f"{WAYS[modality]}, odds times {found.factor:g}", *map(percent, figures)])
    head = ["", "Melanoma urgent", "Melanoma high or more", "Melanoma low or uncertain",
            "Malignant medium or more", "Naevus urgent", "Naevus low"]  # fmt: skip
    return table(head, rows)


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
