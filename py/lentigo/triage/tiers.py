"""What a tier means: of a hundred pictures of one kind of spot, how many were told it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lentigo.diagnosis import Diagnosis
from lentigo.model.modality import Modality
from lentigo.priority import Priority
from lentigo.triage.risk import pictures_like, share_alarmed

if TYPE_CHECKING:
    from lentigo.model.evaluation import Evaluation

HUNDRED = 100


def of_hundred(share: float) -> int:
    """Return a share 0..1 as so many of a hundred; 0 and 100 are kept for none and all."""
    if share <= 0 or share >= 1:
        return round(share * HUNDRED)
    return min(HUNDRED - 1, max(1, round(share * HUNDRED)))


def told_at_least(
    evaluation: Evaluation, diagnosis: Diagnosis, priority: Priority, modality: Modality
) -> int | None:
    """Return how many of 100 pictures of a diagnosis were told a priority or a more severe one.

    ``None`` where too few pictures stand behind it. Each diagnosis is counted by itself, so it does
    not matter how many of each the test set has.
    """
    share = share_alarmed(pictures_like(evaluation, modality), (diagnosis,), priority)
    return None if share is None else of_hundred(share)


@dataclass(frozen=True)
class TierMeaning:
    """Whom a priority hits wrongly: ``told`` of 100 pictures of a ``diagnosis`` got it too.

    Of an alarm those are ordinary moles that were told ``alarm`` or more; without an alarm
    (``None``) melanomas that were told no more than that. ``dermoscopic`` says how they were taken.
    """

    diagnosis: Diagnosis
    alarm: Priority | None
    told: int
    dermoscopic: bool


def meaning_of(
    evaluation: Evaluation, priority: Priority, modality: Modality
) -> TierMeaning | None:
    """Return what a picture's priority means; ``None`` where too few pictures stand behind it."""
    dermoscopic = modality is Modality.DERMOSCOPIC
    if priority.severity > Priority.UNCERTAIN.severity:
        told = told_at_least(evaluation, Diagnosis.NV, priority, modality)
        return None if told is None else TierMeaning(Diagnosis.NV, priority, told, dermoscopic)
    alarmed = told_at_least(evaluation, Diagnosis.MEL, Priority.MEDIUM, modality)
    if alarmed is None:
        return None
    return TierMeaning(Diagnosis.MEL, None, HUNDRED - alarmed, dermoscopic)
