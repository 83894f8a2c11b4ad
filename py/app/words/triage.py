"""What a triage says, in words: what to do and how soon, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.words.catalogue import keys
from lentigo.diagnosis import Diagnosis
from lentigo.priority import Priority, Rule
from lentigo.triage.advice import CAUTION_ADVICE, Act, Repeated
from lentigo.triage.checklist import (
    URGENT_FROM_POINTS,
    AnswerRequest,
    AnswerRule,
    BodySite,
    Question,
    SkinType,
)
from lentigo.triage.rules import CautionRule, Outside

if TYPE_CHECKING:
    from app.words.catalogue import Words
    from lentigo.priority import Request
    from lentigo.triage.advice import Advice
    from lentigo.triage.rules import CautionRequest

DIAGNOSIS = keys(Diagnosis, "diagnosis.{}")
DIAGNOSIS_WITHIN = keys(Diagnosis, "diagnosis.{}.within")
PRIORITY = keys(Priority, "priority.{}")
TIER = keys(Priority, "answer.tier.{}")
QUESTION_LABEL = keys(Question, "question.{}.label")
QUESTION_TEXT = keys(Question, "question.{}.text")
QUESTION_HELP = keys(Question, "question.{}.help")
SKIN_TYPE = keys(SkinType, "skin-type.{}")
BODY_SITE = keys(BodySite, "body-site.{}")

_STATEMENT = keys(Question, "question.{}.statement")
_LIKE = keys(Diagnosis, "diagnosis.{}.like")
_ABOUT = (*Priority, *Outside, *CAUTION_ADVICE, *Repeated)
_TITLE = keys(_ABOUT, "advice.{}.title")
_NEXT_STEP = keys(_ABOUT, "advice.{}.next-step")
_AT_ONCE = (Priority.UNCERTAIN, Outside.SEVERAL_SPOTS, *CAUTION_ADVICE)
_ACTION_AT_ONCE = keys(_AT_ONCE, "advice.{}.action")
_TIMED = (Act.SEE_A_DOCTOR, Act.SHOW_A_DOCTOR, Act.PHOTOGRAPH_AGAIN)
_ACTION = keys(_TIMED, "action.{}")
_AT_A_TIME = keys(_TIMED, "time-frame.{}")
_AT_THE_NEXT_CHANCE = keys((Act.TRY_AGAIN, Act.NEXT_VISIT), "time-frame.{}")
_CAUTION = keys(CautionRule, "because.caution.{}")
_UNCOUNTED: list[AnswerRule] = [rule for rule in AnswerRule if rule is not AnswerRule.SEVEN_POINTS]
_ANSWERS = keys(_UNCOUNTED, "because.answers.{}")


@dataclass(frozen=True)
class AdviceText:
    """An advice in words: a title, what to do and how soon, one next step; the time frame alone."""

    title: str
    action: str
    time_frame: str
    next_step: str


def advice_text(advice: Advice, words: Words) -> AdviceText:
    """Put an advice into words."""
    return AdviceText(
        words(_TITLE[advice.about]),
        _action(advice, words),
        _time_frame(advice, words),
        words(_NEXT_STEP[advice.about]),
    )


def _action(advice: Advice, words: Words) -> str:
    if advice.within is None:
        return words(_ACTION_AT_ONCE[advice.about])
    return words(_ACTION[advice.act], count=advice.within.count, unit=advice.within.unit)


def _time_frame(advice: Advice, words: Words) -> str:
    if advice.within is None:
        return words(_AT_THE_NEXT_CHANCE[advice.act])
    return words(_AT_A_TIME[advice.act], count=advice.within.count, unit=advice.within.unit)


def because(request: CautionRequest | AnswerRequest, words: Words) -> str:
    """Say in one sentence why a doubt or an answer asks for its priority."""
    if not isinstance(request, AnswerRequest):
        return words(_CAUTION[request.rule])
    statements = _statements(request, words)
    if request.rule is AnswerRule.SEVEN_POINTS:
        return words(
            "because.answers.seven-points",
            statements=statements,
            points=request.points or 0,
            refer_from=URGENT_FROM_POINTS,
        )
    return words(_ANSWERS[request.rule], statements=statements)


def _statements(request: AnswerRequest, words: Words) -> str:
    """Put clauses together: "a", "a and that b", "a, that b and that c"."""
    first, *more = (words(_STATEMENT[question]) for question in request.answers)
    for following in more[:-1]:
        first = words("because.statements.next", statements=first, next=following)
    return words("because.statements.and", statements=first, last=more[-1]) if more else first


def reason(request: Request, top: Diagnosis, words: Words) -> str:
    """Say in one sentence why a rule about the picture asked for its priority, without a score.

    ``top`` is what the picture is most like.
    """
    likest = words(_LIKE[top])
    if request.rule is Rule.CONFIDENCE:
        return words("because.model.confidence")
    if request.rule is Rule.TOP_CLASS or request.diagnosis is top:
        return words("because.model.top-class", top=likest)
    if request.diagnosis is None:
        return words("because.model.malignancy", top=likest)
    return words("because.model.also-like", top=likest, other=words(_LIKE[request.diagnosis]))
