"""What each priority means for a person: how soon, and one next step.

Words: never "safe", never a diagnosis. Time frames carry their source, or the word "ours".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lentigo.priority import Priority
from lentigo.triage.checklist import QUESTION_TEXT, URGENT_FROM_POINTS, AnswerRequest, AnswerRule
from lentigo.triage.rules import CautionRequest, CautionRule, Outside

if TYPE_CHECKING:
    from lentigo.triage.rules import Triage


@dataclass(frozen=True)
class Advice:
    """One priority in plain words: a title, a time frame in words, one next step, its source."""

    title: str
    time_frame: str
    next_step: str
    source: str


ADVICE: dict[Priority, Advice] = {
    Priority.URGENT: Advice(
        title="Urgent",
        time_frame="Within 2 weeks",
        next_step="Call your doctor or a dermatologist today and ask for an appointment. "
        "Say that a spot on your skin has to be looked at.",
        source="NICE NG12: suspected melanoma, an appointment within 2 weeks",
    ),
    Priority.HIGH: Advice(
        title="High",
        time_frame="Within 4 weeks",
        next_step="Make an appointment with a doctor and show this spot.",
        source="ours, after NICE NG12: suspected basal cell carcinoma, a routine referral",
    ),
    Priority.MEDIUM: Advice(
        title="Medium",
        time_frame="Within 3 months",
        next_step="Have a doctor look at this spot. Go sooner if it grows, bleeds or changes.",
        source="ours",
    ),
    Priority.UNCERTAIN: Advice(
        title="Uncertain",
        time_frame="Try again now",
        next_step="This photo does not allow an answer. Take another one in even daylight, sharp "
        "and close. If it stays uncertain, show the spot to a doctor.",
        source="ours",
    ),
    Priority.LOW: Advice(
        title="Low",
        time_frame="Photograph again in 8 weeks",
        next_step="No warning signs were found in this photo. This cannot rule out skin cancer. "
        "Watch for change; see a doctor if it changes or worries you.",
        source="ours",
    ),
}


# Instead of a label, where the model has learnt nothing. Time frames are those of the tier.
OUTSIDE_ADVICE: dict[Outside, Advice] = {
    Outside.NAIL: Advice(
        title="A nail",
        time_frame="Within 3 months",
        next_step="Lentigo has not learnt to judge nails. Show the nail to a doctor. Go within "
        "2 weeks if a dark line in it is new, changes or grows wider.",
        source="ours; the 2 weeks after the Scottish referral guidelines (2019)",
    ),
    Outside.MUCOSA: Advice(
        title="Lip, mouth, eye or genitals",
        time_frame="Within 3 months",
        next_step="Lentigo has not learnt to judge this kind of skin. Show the spot to a doctor, "
        "or a spot in the mouth to a dentist. Go sooner if it grows, bleeds or does not heal.",
        source="ours",
    ),
    Outside.PALM_OR_SOLE: Advice(
        title="Palm or sole",
        time_frame="Within 3 months",
        next_step="Lentigo has not learnt to judge this kind of skin. Show the spot to a doctor. "
        "Go sooner if it grows, bleeds or changes.",
        source="ours",
    ),
    Outside.TATTOO: Advice(
        title="In a tattoo",
        time_frame="Within 3 months",
        next_step="Ink hides what the camera would have to see. Show the spot to a doctor. Go "
        "sooner if it grows, bleeds or changes.",
        source="ours",
    ),
    Outside.SCAR: Advice(
        title="In a scar",
        time_frame="Within 3 months",
        next_step="Lentigo has not learnt to judge scars. Show it to a doctor, and say what was "
        "treated there. Go sooner if it grows, bleeds or changes.",
        source="ours",
    ),
    Outside.OPEN_WOUND: Advice(
        title="Open skin",
        time_frame="Within 3 months",
        next_step="Lentigo has not learnt to judge wounds. After an injury, let it heal and "
        "photograph it again. Show it to a doctor within 2 weeks if it has been open for 4 weeks "
        "or has no cause that you know.",
        source="ours; the 4 weeks after the Scottish referral guidelines (2019)",
    ),
    Outside.UNDER_18: Advice(
        title="Under 18",
        time_frame="Within 3 months",
        next_step="Lentigo was made for adults. Show the spot to a doctor who looks after "
        "children. Go sooner if it grows, bleeds or changes.",
        source="ours",
    ),
    Outside.SEVERAL_SPOTS: Advice(
        title="Several spots",
        time_frame="Try again now",
        next_step="Photograph each spot alone, the one that worries you first. If one looks "
        "unlike all the others, show that one to a doctor.",
        source="ours",
    ),
}

# Where "take another photo" would not help, or there is none.
CAUTION_ADVICE: dict[CautionRule, Advice] = {
    CautionRule.REFUSED_PICTURE: Advice(
        title="No answer",
        time_frame="Try again now",
        next_step="This picture cannot be judged. Take another one. If the spot changes or worries "
        "you, show it to a doctor, with or without a photo.",
        source="ours",
    ),
    CautionRule.NO_PICTURE: Advice(
        title="No answer yet",
        time_frame="Try again now",
        next_step="Take a photo of the spot. If it changes or worries you, show it to a doctor, "
        "with or without a photo.",
        source="ours",
    ),
    CautionRule.NEAR_ALARM: Advice(
        title="Uncertain",
        time_frame="Try again now",
        next_step="This is a close call. Take another photo in even daylight, sharp and close. If "
        "it stays uncertain, show the spot to a doctor.",
        source="ours",
    ),
    CautionRule.SKIN_TYPE: Advice(
        title="Uncertain",
        time_frame="At your next visit",
        next_step="No warning signs were found in this photo. This cannot rule out skin cancer, "
        "and Lentigo was tested on few pictures of skin like yours. Show the spot to a doctor at "
        "your next visit, and go sooner if it changes or worries you.",
        source="ours; programs like this one do worse on dark skin: Daneshjou et al., Science "
        "Advances 8:eabq6147 (2022)",
    ),
}


def advise(triage: Triage) -> Advice:
    """Return what to do: the advice of the tier, unless the deciding request has its own."""
    decisive = triage.decisive
    if isinstance(decisive, CautionRequest):
        if isinstance(decisive.cause, Outside):
            return OUTSIDE_ADVICE[decisive.cause]
        if decisive.rule in CAUTION_ADVICE:
            return CAUTION_ADVICE[decisive.rule]
    return ADVICE[triage.priority]


def because(request: CautionRequest | AnswerRequest) -> str:
    """Say in one sentence why a doubt or an answer asks for its priority."""
    if isinstance(request, AnswerRequest):
        said = _listed(tuple(QUESTION_TEXT[answer].statement for answer in request.answers))
        return f"You said that {said}{_weight(request)}."
    match request.rule:
        case CautionRule.OUTSIDE:
            return "The program has learnt from no pictures like this one, or from too few."
        case CautionRule.REFUSED_PICTURE:
            return "This picture cannot be judged."
        case CautionRule.NO_PICTURE:
            return "There is no picture yet."
        case CautionRule.ALARM_WITHOUT_LABEL:
            return "The picture itself gives reason for concern, even here where it has no name."
        case CautionRule.POOR_PICTURE:
            return "The picture is not good enough to say more."
        case CautionRule.NEAR_ALARM:
            return "It comes close to what Lentigo would send to a doctor."
        case CautionRule.UNFAMILIAR:
            return "The spot looks like none of the seven kinds that the program knows."
        case CautionRule.DISAGREEMENT:
            return "Seen from slightly different views, the spot looks like different things."
        case CautionRule.SKIN_TYPE:
            return "The program was tested on few pictures of skin like yours."


def _weight(request: AnswerRequest) -> str:
    match request.rule:
        case AnswerRule.SEVEN_POINTS:
            return (
                f": {request.points} points of the seven-point checklist, on which doctors refer "
                f"from {URGENT_FROM_POINTS}"
            )
        case AnswerRule.MINOR_FEATURE | AnswerRule.MAJOR_FEATURE:
            return ", which counts on the seven-point checklist"
        case AnswerRule.STRONG_CONCERN_WITH_SIGN | AnswerRule.RISK_WITH_SIGN:
            return "; together these weigh more"
        case _:
            return ""


def _listed(parts: tuple[str, ...]) -> str:
    """Join clauses: "a", "a and that b", "a, that b and that c"."""
    if len(parts) == 1:
        return parts[0]
    return f"{', that '.join(parts[:-1])} and that {parts[-1]}"
