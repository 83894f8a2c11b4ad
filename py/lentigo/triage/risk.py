"""What a priority means among a thousand people, from the pictures that the model was tested on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lentigo.diagnosis import MALIGNANT, Diagnosis
from lentigo.model.modality import Modality
from lentigo.model.slice_figures import Slice, SliceFigures
from lentigo.prevalence import MALIGNANCY, MELANOMA, Prevalence, natural_frequencies
from lentigo.priority import Priority

if TYPE_CHECKING:
    from lentigo.model.evaluation import Evaluation

# Fewer pictures of malignant, or of other lesions, say nothing of a thousand people.
FEWEST_PICTURES = 30


@dataclass(frozen=True)
class Risk:
    """Of ``all`` people like these, how many get a priority, and how many of them are sick.

    ``alarm`` is what they get at least; ``None`` for people who get no alarm. ``sick_of_all`` have
    the condition at the declared prevalence.
    """

    alarm: Priority | None
    all: int
    people: int
    sick: int
    sick_of_all: int
    prevalence: Prevalence


def risk_of(evaluation: Evaluation, priority: Priority, modality: Modality) -> Risk | None:
    """Return what a picture's priority means; ``None`` where too few pictures stand behind it.

    From the test pictures of the same kind, or of cameras where that is not sure: a visitor has
    one. Which of them have the condition is re-weighted to the declared prevalence; the others are
    the benign ones.
    """
    kind = Slice.DERMOSCOPIC if modality is Modality.DERMOSCOPIC else Slice.CAMERA
    figures = evaluation.slices[kind]
    is_alarm = priority.severity > Priority.UNCERTAIN.severity
    alarm = priority if is_alarm else Priority.MEDIUM
    # Carcinomas ask for less than urgent, so urgent is judged by the one disease that asks for it.
    is_urgent = alarm is Priority.URGENT
    prevalence = MELANOMA if is_urgent else MALIGNANCY
    sick_share = _alarmed(figures, frozenset({Diagnosis.MEL}) if is_urgent else MALIGNANT, alarm)
    benign_share = _alarmed(figures, frozenset(Diagnosis) - MALIGNANT, alarm)
    if sick_share is None or benign_share is None:
        return None
    found = natural_frequencies(sick_share, 1.0 - benign_share, prevalence.value)
    people, sick = (
        (found.alarms, found.caught) if is_alarm else (found.people - found.alarms, found.missed)
    )
    return Risk(alarm if is_alarm else None, found.people, people, sick, found.sick, prevalence)


def _alarmed(figures: SliceFigures, classes: Iterable[Diagnosis], alarm: Priority) -> float | None:
    """Return the share of the pictures of these classes at a priority or above it."""
    tiers = [
        (tier, pictures)
        for diagnosis in classes
        for tier, pictures in figures.priority.pictures_by_class_and_tier[diagnosis].items()
    ]
    total = sum(pictures for _, pictures in tiers)
    if total < FEWEST_PICTURES:
        return None
    return sum(n for tier, n in tiers if tier.severity >= alarm.severity) / total
