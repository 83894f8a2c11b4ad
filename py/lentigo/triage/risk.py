"""What a priority means among people like the visitor, from the pictures of the model's test."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lentigo.diagnosis import MALIGNANT, Diagnosis
from lentigo.model.modality import Modality
from lentigo.model.slice_figures import Slice, SliceFigures
from lentigo.prevalence import MALIGNANCY, MELANOMA, PEOPLE, Prevalence
from lentigo.priority import Priority

if TYPE_CHECKING:
    from lentigo.model.evaluation import Evaluation

# Fewer pictures of malignant, or of other lesions, say nothing of a thousand people.
FEWEST_PICTURES = 30


@dataclass(frozen=True)
class Risk:
    """What people get who get a priority: shares 0..1 of all people, and the declared prevalence.

    ``alarm`` is what they get at least; ``None`` for people who get no alarm. ``told`` get it, with
    the condition or without; ``sick`` get it and have the condition.
    """

    alarm: Priority | None
    told: float
    sick: float
    prevalence: Prevalence

    @property
    def in_people(self) -> tuple[int, int]:
        """N in M of those who get it have the condition; never fewer than one.

        M is 100, or 1,000 where it is fewer than one in a hundred: one denominator an answer.
        """
        share = self.sick / self.told
        people = 100 if share >= 1 / 100 else PEOPLE
        return max(1, round(share * people)), people


def pictures_like(evaluation: Evaluation, modality: Modality) -> SliceFigures:
    """Return the figures of the same kind of picture, or of cameras where that is not sure.

    A visitor has a camera.
    """
    kind = Slice.DERMOSCOPIC if modality is Modality.DERMOSCOPIC else Slice.CAMERA
    return evaluation.slices[kind]


def risk_of(evaluation: Evaluation, priority: Priority, modality: Modality) -> Risk | None:
    """Return what a picture's priority means; ``None`` where too few pictures stand behind it.

    Which of the test pictures have the condition is re-weighted to the declared prevalence; the
    others are the benign ones.
    """
    figures = pictures_like(evaluation, modality)
    is_alarm = priority.severity > Priority.UNCERTAIN.severity
    alarm = priority if is_alarm else Priority.MEDIUM
    # Carcinomas ask for less than urgent, so urgent is judged by the one disease that asks for it.
    is_urgent = alarm is Priority.URGENT
    prevalence = MELANOMA if is_urgent else MALIGNANCY
    caught = share_alarmed(figures, {Diagnosis.MEL} if is_urgent else MALIGNANT, alarm)
    alarmed = share_alarmed(figures, frozenset(Diagnosis) - MALIGNANT, alarm)
    if caught is None or alarmed is None:
        return None
    if not is_alarm:
        caught, alarmed = 1.0 - caught, 1.0 - alarmed
    sick = caught * prevalence.value
    told = sick + alarmed * (1.0 - prevalence.value)
    return Risk(alarm if is_alarm else None, told, sick, prevalence) if told else None


def share_alarmed(
    figures: SliceFigures, classes: Iterable[Diagnosis], alarm: Priority
) -> float | None:
    """Return the share of the pictures of these classes at a priority or above it.

    ``None`` where there are fewer than ``FEWEST_PICTURES``.
    """
    tiers = [
        (tier, pictures)
        for diagnosis in classes
        for tier, pictures in figures.priority.pictures_by_class_and_tier[diagnosis].items()
    ]
    total = sum(pictures for _, pictures in tiers)
    if total < FEWEST_PICTURES:
        return None
    return sum(n for tier, n in tiers if tier.severity >= alarm.severity) / total
