"""What each priority asks of a person, in codes and durations: the page has the words.

Time frames carry their source, or the word "ours".
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from lentigo.priority import Priority
from lentigo.triage.rules import CautionRequest, CautionRule, Outside

if TYPE_CHECKING:
    from lentigo.triage.rules import Triage


class Act(StrEnum):
    """What is to be done."""

    SEE_A_DOCTOR = "see-a-doctor"
    """Call for an appointment."""
    SHOW_A_DOCTOR = "show-a-doctor"
    """Have a doctor look at it; there is time."""
    PHOTOGRAPH_AGAIN = "photograph-again"
    TRY_AGAIN = "try-again"
    """Take another photo, now."""
    NEXT_VISIT = "next-visit"
    """Show it to a doctor when there is a visit anyway."""


class Repeated(StrEnum):
    """What has been answered about one spot twice in a row."""

    UNCERTAIN = "still-uncertain"


class Unit(StrEnum):
    """A unit of time."""

    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True)
class Duration:
    """So many weeks or months."""

    count: int
    unit: Unit

    def after(self, day: date) -> date:
        """Return the day so long after another; the last of a month that is too short for it."""
        if self.unit is Unit.WEEKS:
            return day + timedelta(weeks=self.count)
        months = day.month - 1 + self.count
        year, month = day.year + months // 12, months % 12 + 1
        return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True)
class Advice:
    """What to do, within which time if there is one, and who says so; ``about`` names the words."""

    about: Priority | Outside | CautionRule | Repeated
    act: Act
    within: Duration | None
    source: str


_TWO_WEEKS = Duration(2, Unit.WEEKS)
_FOUR_WEEKS = Duration(4, Unit.WEEKS)
_EIGHT_WEEKS = Duration(8, Unit.WEEKS)
_THREE_MONTHS = Duration(3, Unit.MONTHS)

ADVICE: dict[Priority, Advice] = {
    Priority.URGENT: Advice(
        Priority.URGENT,
        Act.SEE_A_DOCTOR,
        _TWO_WEEKS,
        source="NICE NG12: suspected melanoma, an appointment within 2 weeks",
    ),
    Priority.HIGH: Advice(
        Priority.HIGH,
        Act.SEE_A_DOCTOR,
        _FOUR_WEEKS,
        source="ours, after NICE NG12: suspected basal cell carcinoma, a routine referral",
    ),
    Priority.MEDIUM: Advice(Priority.MEDIUM, Act.SHOW_A_DOCTOR, _THREE_MONTHS, source="ours"),
    Priority.UNCERTAIN: Advice(Priority.UNCERTAIN, Act.TRY_AGAIN, None, source="ours"),
    Priority.LOW: Advice(Priority.LOW, Act.PHOTOGRAPH_AGAIN, _EIGHT_WEEKS, source="ours"),
}


# Instead of a label, where the model has learnt nothing. Time frames are those of the tier.
OUTSIDE_ADVICE: dict[Outside, Advice] = {
    Outside.NAIL: Advice(
        Outside.NAIL,
        Act.SHOW_A_DOCTOR,
        _THREE_MONTHS,
        source="ours; the 2 weeks after the Scottish referral guidelines (2019)",
    ),
    Outside.MUCOSA: Advice(Outside.MUCOSA, Act.SHOW_A_DOCTOR, _THREE_MONTHS, source="ours"),
    Outside.PALM_OR_SOLE: Advice(
        Outside.PALM_OR_SOLE, Act.SHOW_A_DOCTOR, _THREE_MONTHS, source="ours"
    ),
    Outside.TATTOO: Advice(Outside.TATTOO, Act.SHOW_A_DOCTOR, _THREE_MONTHS, source="ours"),
    Outside.SCAR: Advice(Outside.SCAR, Act.SHOW_A_DOCTOR, _THREE_MONTHS, source="ours"),
    Outside.OPEN_WOUND: Advice(
        Outside.OPEN_WOUND,
        Act.SHOW_A_DOCTOR,
        _THREE_MONTHS,
        source="ours; the 4 weeks after the Scottish referral guidelines (2019)",
    ),
    Outside.UNDER_18: Advice(Outside.UNDER_18, Act.SHOW_A_DOCTOR, _THREE_MONTHS, source="ours"),
    Outside.SEVERAL_SPOTS: Advice(Outside.SEVERAL_SPOTS, Act.TRY_AGAIN, None, source="ours"),
}

# Where "take another photo" would not help, or there is none.
CAUTION_ADVICE: dict[CautionRule, Advice] = {
    CautionRule.REFUSED_PICTURE: Advice(
        CautionRule.REFUSED_PICTURE, Act.TRY_AGAIN, None, source="ours"
    ),
    CautionRule.NO_PICTURE: Advice(CautionRule.NO_PICTURE, Act.TRY_AGAIN, None, source="ours"),
    CautionRule.NEAR_ALARM: Advice(CautionRule.NEAR_ALARM, Act.TRY_AGAIN, None, source="ours"),
    CautionRule.SKIN_TYPE: Advice(
        CautionRule.SKIN_TYPE,
        Act.NEXT_VISIT,
        None,
        source="ours; programs like this one do worse on dark skin: Daneshjou et al., Science "
        "Advances 8:eabq6147 (2022)",
    ),
}


# The second answer in a row that says nothing: a third photo would hardly change that.
STILL_UNCERTAIN = Advice(Repeated.UNCERTAIN, Act.SHOW_A_DOCTOR, _FOUR_WEEKS, source="ours")


def advise(triage: Triage, photos: int = 1) -> Advice:
    """Return what to do: the advice of the tier, unless the deciding request has its own.

    ``photos`` is how many photos of the spot the answer rests on: from two on another one is not
    asked for.
    """
    advice = _advice(triage)
    is_uncertain = triage.label is not None and triage.priority is Priority.UNCERTAIN
    if photos > 1 and is_uncertain and advice.act is Act.TRY_AGAIN:
        return STILL_UNCERTAIN
    return advice


def _advice(triage: Triage) -> Advice:
    decisive = triage.decisive
    if isinstance(decisive, CautionRequest):
        if isinstance(decisive.cause, Outside):
            return OUTSIDE_ADVICE[decisive.cause]
        if decisive.rule in CAUTION_ADVICE:
            return CAUTION_ADVICE[decisive.rule]
    return ADVICE[triage.priority]
