"""When a spot is to be looked at next: by a doctor, or in a photo. Durations are the domain's.

A spot that was to be shown to a doctor is due for the doctor, by the date of that advice, and has
no date for a photo, which would invite waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from lentigo.priority import Priority
from lentigo.spots.history import in_order, standing, unseen, wants_doctor
from lentigo.spots.records import Care
from lentigo.triage.advice import ADVICE, STILL_UNCERTAIN, Duration, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from lentigo.spots.records import Capture, CareState

# A second photo comes as soon as the advice of ``low`` says; the others, and one after a doctor's
# visit, later. Ours.
FOLLOWING = Duration(3, Unit.MONTHS)


class DueFor(StrEnum):
    """What is due."""

    DOCTOR = "doctor"
    PHOTO = "photo"


@dataclass(frozen=True)
class Due:
    """What is due by which day."""

    what: DueFor
    by: date

    def is_due(self, today: date) -> bool:
        """Tell whether it should be done by now; a doctor should be seen as soon as one can be."""
        return self.what is DueFor.DOCTOR or self.by <= today


def due(captures: Sequence[Capture], state: CareState) -> Due | None:
    """Return what is due of a spot with these photos; ``None`` without any.

    There is none either for a spot that is gone, unless something was asked since.
    """
    if not captures:
        return None
    asked = standing(captures, state)
    if asked is None and state.care is Care.REMOVED:
        return None
    if asked is None:
        return Due(DueFor.PHOTO, FOLLOWING.after(state.on or in_order(captures)[-1].answered))
    if wants_doctor(asked):
        within = ADVICE[asked.priority].within
        assert within is not None
        return Due(DueFor.DOCTOR, within.after(asked.capture.answered))
    return _photo(unseen(captures, state))


def _photo(captures: Sequence[Capture]) -> Due:
    """Return when the next photo is due, after answers that asked for no doctor."""
    for before, after in pairwise(captures):
        # As any request for a doctor, it stands whatever comes after it.
        if before.judged.priority is after.judged.priority is Priority.UNCERTAIN:
            assert STILL_UNCERTAIN.within is not None
            return Due(DueFor.DOCTOR, STILL_UNCERTAIN.within.after(after.answered))
    last = captures[-1]
    if last.judged.priority is Priority.UNCERTAIN:
        return Due(DueFor.PHOTO, last.answered)
    first = ADVICE[Priority.LOW].within
    assert first is not None
    interval = first if len(captures) == 1 else FOLLOWING
    return Due(DueFor.PHOTO, interval.after(last.answered))
