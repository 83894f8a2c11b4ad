"""What the camera cannot see: a few questions whose answers can only raise the priority.

Every answer is optional, and "no" asks for nothing, exactly like silence: no answer lowers a
priority. The questions that stop the label (a nail, a tattoo, an age under 18) and the skin type
are read by ``lentigo.triage.rules``; everything else that an answer asks for stands here.

Sources: NICE NG12, "Suspected cancer: recognition and referral", skin cancers, with its weighted
seven-point checklist; NICE CKS, "Skin cancers: recognition and referral"; "Scottish referral
guidelines for suspected cancer" (2019), skin cancers; Fitzpatrick, Archives of Dermatology
124:869 (1988). Where a source names no priority for people without a doctor beside them, the tier
is ours and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar, cast

from lentigo.priority import Priority

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Choice = TypeVar("_Choice", bound=StrEnum)


class Question(StrEnum):
    """One question that is answered by yes or no."""

    CHANGE_IN_SIZE = "change-in-size"
    IRREGULAR_SHAPE = "irregular-shape"
    IRREGULAR_COLOUR = "irregular-colour"
    LARGE_DIAMETER = "large-diameter"
    INFLAMMATION = "inflammation"
    OOZING = "oozing"
    CHANGE_IN_SENSATION = "change-in-sensation"
    BLEEDING = "bleeding"
    NOT_HEALING = "not-healing"
    GROWING_NODULE = "growing-nodule"
    NEW_NAIL_LINE = "new-nail-line"
    STRONG_CONCERN = "strong-concern"
    HAD_MELANOMA = "had-melanoma"
    WEAKENED_IMMUNITY = "weakened-immunity"
    MELANOMA_IN_FAMILY = "melanoma-in-family"
    UNDER_18 = "under-18"
    TATTOO = "tattoo"
    SCAR = "scar"
    OPEN_WOUND = "open-wound"
    SEVERAL_SPOTS = "several-spots"


class SkinType(StrEnum):
    """How skin answers the sun, after Fitzpatrick (1988), from the lightest to the darkest."""

    I = "I"  # noqa: E741 (the field's own name)
    II = "II"
    III = "III"
    IV = "IV"
    V = "V"
    VI = "VI"


class BodySite(StrEnum):
    """Where the spot is, as far as it matters here."""

    NAIL = "nail"
    MUCOSA = "mucosa"
    PALM_OR_SOLE = "palm-or-sole"
    FACE_OR_SCALP = "face-or-scalp"
    ELSEWHERE = "elsewhere"


_NG12_MAJOR = "NICE NG12, weighted seven-point checklist: 2 points"
_NG12_MINOR = "NICE NG12, weighted seven-point checklist: 1 point"
_DOMAIN = "ours: the model has not learnt from such pictures, or from too few"

# Who asks it. Skin types are after Fitzpatrick, Archives of Dermatology 124:869 (1988).
QUESTION_SOURCE: dict[Question, str] = {
    Question.CHANGE_IN_SIZE: _NG12_MAJOR,
    Question.IRREGULAR_SHAPE: _NG12_MAJOR,
    Question.IRREGULAR_COLOUR: _NG12_MAJOR,
    Question.LARGE_DIAMETER: _NG12_MINOR,
    Question.INFLAMMATION: _NG12_MINOR,
    Question.OOZING: _NG12_MINOR,
    Question.CHANGE_IN_SENSATION: _NG12_MINOR,
    Question.BLEEDING: "ours, after the Scottish referral guidelines (2019): persistent bleeding",
    Question.NOT_HEALING: (
        "Scottish referral guidelines (2019): ulceration, bleeding or oozing for more than 4 weeks"
    ),
    Question.GROWING_NODULE: (
        "NICE NG12: suspected nodular melanoma; Scottish referral guidelines (2019): new growing "
        "nodule with or without pigment"
    ),
    Question.NEW_NAIL_LINE: (
        "Scottish referral guidelines (2019): new or changing pigmented line in a nail; NICE CKS"
    ),
    Question.STRONG_CONCERN: (
        "NICE CKS: with strong concern any one feature is enough to refer urgently"
    ),
    Question.HAD_MELANOMA: "NICE CKS: risk factors",
    Question.WEAKENED_IMMUNITY: (
        "Scottish referral guidelines (2019): unexplained lesion in a person with immune "
        "suppression"
    ),
    Question.MELANOMA_IN_FAMILY: "NICE CKS: risk factors",
    Question.UNDER_18: _DOMAIN,
    Question.TATTOO: _DOMAIN,
    Question.SCAR: _DOMAIN,
    Question.OPEN_WOUND: _DOMAIN,
    Question.SEVERAL_SPOTS: _DOMAIN,
}

# NICE NG12, weighted seven-point checklist, in points.
POINTS: dict[Question, int] = {
    Question.CHANGE_IN_SIZE: 2,
    Question.IRREGULAR_SHAPE: 2,
    Question.IRREGULAR_COLOUR: 2,
    Question.LARGE_DIAMETER: 1,
    Question.INFLAMMATION: 1,
    Question.OOZING: 1,
    Question.CHANGE_IN_SENSATION: 1,
}
URGENT_FROM_POINTS = 3  # NICE NG12: a suspected cancer pathway referral
MAJOR_POINTS = 2  # NICE NG12: what a major feature counts

# One answer alone is enough. Bleeding once is ours; the guideline speaks of persistent bleeding.
RED_FLAGS: dict[Question, Priority] = {
    Question.NOT_HEALING: Priority.URGENT,
    Question.GROWING_NODULE: Priority.URGENT,
    Question.NEW_NAIL_LINE: Priority.URGENT,
    Question.BLEEDING: Priority.HIGH,
}

# What makes a spot more suspicious when something else comes with it.
WARNING_SIGNS: tuple[Question, ...] = (*POINTS, *RED_FLAGS)


@dataclass(frozen=True)
class Tiers:
    """What an answer asks for alone, and together with at least one of ``WARNING_SIGNS``."""

    alone: Priority
    with_sign: Priority


RISKS: dict[Question, Tiers] = {
    Question.HAD_MELANOMA: Tiers(Priority.HIGH, Priority.URGENT),
    Question.WEAKENED_IMMUNITY: Tiers(Priority.HIGH, Priority.URGENT),
    Question.MELANOMA_IN_FAMILY: Tiers(Priority.MEDIUM, Priority.HIGH),
}
STRONG_CONCERN = Tiers(Priority.HIGH, Priority.URGENT)


# What stays true of the person when the next spot is looked at; everything else is about one spot.
_ABOUT_PERSON = frozenset(
    {"skin_type", *(q.value.replace("-", "_") for q in (*RISKS, Question.UNDER_18))}
)


class AnswerRule(StrEnum):
    """Which rule about answers asked for a priority."""

    SEVEN_POINTS = "seven-points"
    MAJOR_FEATURE = "major-feature"
    MINOR_FEATURE = "minor-feature"
    RED_FLAG = "red-flag"
    STRONG_CONCERN = "strong-concern"
    STRONG_CONCERN_WITH_SIGN = "strong-concern-with-sign"
    RISK = "risk"
    RISK_WITH_SIGN = "risk-with-sign"


ANSWER_RULE_SOURCE: dict[AnswerRule, str] = {
    AnswerRule.SEVEN_POINTS: "NICE NG12: 3 points or more, an appointment within 2 weeks",
    AnswerRule.MAJOR_FEATURE: "ours, after NICE CKS: any major feature is a reason to refer",
    AnswerRule.MINOR_FEATURE: "ours, after NICE CKS: a minor feature makes it more suspicious",
    AnswerRule.RED_FLAG: "that of the question",
    AnswerRule.STRONG_CONCERN: "ours",
    AnswerRule.STRONG_CONCERN_WITH_SIGN: "NICE CKS: with strong concern any one feature is enough "
    "to refer urgently",
    AnswerRule.RISK: "ours",
    AnswerRule.RISK_WITH_SIGN: "ours; for weakened immunity after the Scottish referral "
    "guidelines (2019): unexplained lesion in a person with immune suppression",
}


@dataclass(frozen=True)
class Answers:
    """What the visitor said; ``None`` is "not answered", which asks for nothing.

    There is one field for each ``Question``, named like it.
    """

    change_in_size: bool | None = None
    irregular_shape: bool | None = None
    irregular_colour: bool | None = None
    large_diameter: bool | None = None
    inflammation: bool | None = None
    oozing: bool | None = None
    change_in_sensation: bool | None = None
    bleeding: bool | None = None
    not_healing: bool | None = None
    growing_nodule: bool | None = None
    new_nail_line: bool | None = None
    strong_concern: bool | None = None
    had_melanoma: bool | None = None
    weakened_immunity: bool | None = None
    melanoma_in_family: bool | None = None
    under_18: bool | None = None
    tattoo: bool | None = None
    scar: bool | None = None
    open_wound: bool | None = None
    several_spots: bool | None = None
    skin_type: SkinType | None = None
    body_site: BodySite | None = None

    def of(self, question: Question) -> bool | None:
        """Return the answer to one question; ``None`` if there is none."""
        return cast("bool | None", getattr(self, field_name(question)))

    def saying(self, question: Question, answer: bool | None) -> Answers:
        """Return these answers with one of them changed; ``None`` takes it back."""
        return replace(self, **{field_name(question): answer})  # type: ignore[arg-type]

    @property
    def yes(self) -> tuple[Question, ...]:
        """Every question answered by yes, in the order of ``Question``."""
        return tuple(question for question in Question if self.of(question))

    @property
    def points(self) -> int:
        """The weighted seven-point score, 0..10."""
        return sum(POINTS.get(question, 0) for question in self.yes)

    @property
    def about_person(self) -> Answers:
        """What is known of the person: the risks, the age and the skin type."""
        return self._only(lambda name: name in _ABOUT_PERSON)

    @property
    def about_spot(self) -> Answers:
        """What was said of the spot itself, and of its place."""
        return self._only(lambda name: name not in _ABOUT_PERSON)

    def _only(self, wanted: Callable[[str], bool]) -> Answers:
        given = {f.name: getattr(self, f.name) for f in fields(self) if wanted(f.name)}
        return Answers(**given)

    def with_person(self, person: Answers) -> Answers:
        """Return these answers about a spot, with what is known of the person from elsewhere."""
        known = {name: getattr(person, name) for name in _ABOUT_PERSON}
        return replace(self, **known)


NO_ANSWERS = Answers()


def field_name(question: Question) -> str:
    """Return the field of ``Answers`` that holds the answer to a question."""
    return question.value.replace("-", "_")


_QUESTIONS = {question.value: question for question in Question}
_SKIN_TYPE_KEY = "skin-type"
_BODY_SITE_KEY = "body-site"


def parse_answers(document: Mapping[str, object]) -> Answers:
    """Read answers from ``{"bleeding": True, "skin-type": "IV", …}``; ``None`` is "not answered".

    Raises ``ValueError`` that names the key of an unknown question or an answer of a wrong kind.
    """
    given: dict[str, bool | SkinType | BodySite | None] = {}
    for key, value in document.items():
        if key in _QUESTIONS:
            if value is not None and not isinstance(value, bool):
                raise ValueError(f"the answer to {key!r} is {value!r}, not true, false or null")
            given[field_name(_QUESTIONS[key])] = value
        elif key == _SKIN_TYPE_KEY:
            given["skin_type"] = _choice(key, value, SkinType)
        elif key == _BODY_SITE_KEY:
            given["body_site"] = _choice(key, value, BodySite)
        else:
            raise ValueError(f"{key!r} is no question of the checklist")
    return Answers(**given)  # type: ignore[arg-type]  # each kind was checked above


def _choice(key: str, value: object, kind: type[_Choice]) -> _Choice | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in list(kind):
        raise ValueError(f"the answer to {key!r} is {value!r}, not one of {', '.join(kind)}")
    return kind(value)


def as_document(answers: Answers) -> dict[str, bool | str]:
    """Write the answers that were given, so that ``parse_answers`` reads them back."""
    given = {field.name: getattr(answers, field.name) for field in fields(answers)}
    return {
        name.replace("_", "-"): str(value) if isinstance(value, StrEnum) else value
        for name, value in given.items()
        if value is not None
    }


@dataclass(frozen=True)
class AnswerRequest:
    """One rule asking for one priority, with the answers that made it ask.

    ``points`` is the seven-point score behind ``SEVEN_POINTS``, otherwise ``None``.
    """

    priority: Priority
    rule: AnswerRule
    answers: tuple[Question, ...]
    points: int | None = None


def requests_of(answers: Answers) -> tuple[AnswerRequest, ...]:
    """Return everything that the answers ask for, in the order of the rules; empty if nothing."""
    yes = answers.yes
    signs = tuple(question for question in WARNING_SIGNS if question in yes)
    asked: list[AnswerRequest] = []
    if answers.points >= URGENT_FROM_POINTS:
        features = tuple(question for question in POINTS if question in yes)
        asked.append(
            AnswerRequest(Priority.URGENT, AnswerRule.SEVEN_POINTS, features, answers.points)
        )
    for question in yes:
        if question in RED_FLAGS:
            asked.append(AnswerRequest(RED_FLAGS[question], AnswerRule.RED_FLAG, (question,)))
        elif question in POINTS:
            asked.append(_feature(question))
    if answers.strong_concern:
        asked += _with_sign(
            Question.STRONG_CONCERN,
            STRONG_CONCERN,
            signs,
            AnswerRule.STRONG_CONCERN,
            AnswerRule.STRONG_CONCERN_WITH_SIGN,
        )
    for question, tiers in RISKS.items():
        if question in yes:
            asked += _with_sign(question, tiers, signs, AnswerRule.RISK, AnswerRule.RISK_WITH_SIGN)
    return tuple(asked)


def _feature(question: Question) -> AnswerRequest:
    if POINTS[question] >= MAJOR_POINTS:
        return AnswerRequest(Priority.HIGH, AnswerRule.MAJOR_FEATURE, (question,))
    return AnswerRequest(Priority.MEDIUM, AnswerRule.MINOR_FEATURE, (question,))


def _with_sign(
    question: Question,
    tiers: Tiers,
    signs: tuple[Question, ...],
    alone: AnswerRule,
    together: AnswerRule,
) -> list[AnswerRequest]:
    asked = [AnswerRequest(tiers.alone, alone, (question,))]
    if signs:
        asked.append(AnswerRequest(tiers.with_sign, together, (question, *signs)))
    return asked
