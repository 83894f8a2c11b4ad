"""The whole rule set: from everything that is known about a spot to one priority.

Every rule asks for a priority, and the most severe wins (``low < uncertain < medium < high <
urgent``). No rule takes back what another one asks for. Three kinds of rules ask:

1. The model's own (``lentigo.priority``), about its seven probabilities and two risks.
2. Caution: doubts about the picture or the model ask for ``uncertain``, which can replace only
   ``low``; what cannot be judged has no label.
3. Of several photos of one spot, those that asked for more alone
   (``lentigo.triage.several_photos``).
4. The visitor's answers (``lentigo.triage.checklist``).

The label is withheld where the picture is refused and where the spot lies outside what the model
has learnt. There the model may still alarm, but it neither reassures nor names: its ``low`` and
``uncertain`` are dropped, and what it asks for beyond that counts without the name. One thing
silences it altogether: a picture that shows no lesion, which a nail is not. Nothing silences the
answers.

``tooling/documents/priority_rules.py`` makes ``docs/generated/priority-rules.md`` of this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lentigo.model.ood import Recognition
from lentigo.picture.quality import QualityIssue
from lentigo.priority import Assessment, Priority, Request
from lentigo.triage.checklist import (
    NO_ANSWERS,
    AnswerRequest,
    Answers,
    BodySite,
    Question,
    SkinType,
    requests_of,
)
from lentigo.triage.several_photos import floor_of


class Outside(StrEnum):
    """A place, a condition or a person that the model has not learnt."""

    NAIL = "nail"
    MUCOSA = "mucosa"
    PALM_OR_SOLE = "palm-or-sole"
    TATTOO = "tattoo"
    SCAR = "scar"
    OPEN_WOUND = "open-wound"
    UNDER_18 = "under-18"
    SEVERAL_SPOTS = "several-spots"


class Outcome(StrEnum):
    """What the visitor gets."""

    LABELLED = "labelled"
    """A priority and what the picture is most like."""
    OUTSIDE = "outside"
    """No label; what to do instead. It comes before ``REJECTED``: no better photo would help."""
    REJECTED = "rejected"
    """No label; why this picture cannot be judged."""
    NO_PICTURE = "no-picture"
    """Answers alone."""


class CautionRule(StrEnum):
    """Which doubt asked for a priority, or why the label is withheld."""

    OUTSIDE = "outside"
    """The answers say so."""
    LOOKS_OUTSIDE = "looks-outside"
    """The picture looks so."""
    REFUSED_PICTURE = "refused-picture"
    NO_PICTURE = "no-picture"
    ALARM_WITHOUT_LABEL = "alarm-without-label"
    PHOTO_ALONE = "photo-alone"
    POOR_PICTURE = "poor-picture"
    NEAR_ALARM = "near-alarm"
    UNFAMILIAR = "unfamiliar"
    DISAGREEMENT = "disagreement"
    SKIN_TYPE = "skin-type"


# Tiers that are not written here come with the request: the model's, or ``UNCERTAIN``.
OUTSIDE_PRIORITY: dict[Outside, Priority] = {
    Outside.NAIL: Priority.MEDIUM,
    Outside.MUCOSA: Priority.MEDIUM,
    Outside.PALM_OR_SOLE: Priority.MEDIUM,
    Outside.TATTOO: Priority.MEDIUM,
    Outside.SCAR: Priority.MEDIUM,
    Outside.OPEN_WOUND: Priority.MEDIUM,
    Outside.UNDER_18: Priority.MEDIUM,
    Outside.SEVERAL_SPOTS: Priority.UNCERTAIN,  # each of them can be photographed alone
}

# Which answers put a spot outside.
OUTSIDE_SITE: dict[BodySite, Outside] = {
    BodySite.NAIL: Outside.NAIL,
    BodySite.MUCOSA: Outside.MUCOSA,
    BodySite.PALM_OR_SOLE: Outside.PALM_OR_SOLE,
}
OUTSIDE_QUESTION: dict[Question, Outside] = {
    Question.NEW_NAIL_LINE: Outside.NAIL,
    Question.TATTOO: Outside.TATTOO,
    Question.SCAR: Outside.SCAR,
    Question.OPEN_WOUND: Outside.OPEN_WOUND,
    Question.UNDER_18: Outside.UNDER_18,
    Question.SEVERAL_SPOTS: Outside.SEVERAL_SPOTS,
}

# A picture refused for one of these says nothing, not even an alarm: there is no lesion in it.
SHOWS_NO_LESION: frozenset[QualityIssue] = frozenset(
    {QualityIssue.NO_LESION, QualityIssue.NOT_SKIN, QualityIssue.UNKNOWN_LESION}
)

# Share 0..1 of the frames that show another class than the answer; ours: half of them.
DISAGREEMENT_FROM = 0.5

# From this share of the least risk that alarms on, ``low`` would depend on the light of the day;
# ours, set on `val` (training/studies/natural_changes.py).
NEAR_ALARM_FROM = 2 / 3

# Too few pictures of these in training and test; models trained on HAM10000 do worse on them
# (Daneshjou et al., Science Advances 8:eabq6147, 2022).
UNTESTED_SKIN_TYPES: frozenset[SkinType] = frozenset({SkinType.V, SkinType.VI})

CAUTION_SOURCE: dict[CautionRule, str] = {
    CautionRule.OUTSIDE: "ours: the model has learnt from no such pictures, or from too few",
    CautionRule.LOOKS_OUTSIDE: "ours: it has learnt of nails only that they are no lesion",
    CautionRule.REFUSED_PICTURE: "ours",
    CautionRule.NO_PICTURE: "ours",
    CautionRule.ALARM_WITHOUT_LABEL: "ours: an answer can only raise a priority",
    CautionRule.PHOTO_ALONE: "ours",
    CautionRule.POOR_PICTURE: "ours",
    CautionRule.NEAR_ALARM: "ours",
    CautionRule.UNFAMILIAR: "ours",
    CautionRule.DISAGREEMENT: "ours",
    CautionRule.SKIN_TYPE: "Daneshjou et al., Science Advances 8:eabq6147 (2022)",
}


@dataclass(frozen=True)
class CautionRequest:
    """A doubt asking for one priority, with what caused it.

    ``share`` is the disagreement 0..1 behind ``DISAGREEMENT``, the share of the least risk that
    alarms behind ``NEAR_ALARM``, otherwise ``None``.
    """

    priority: Priority
    rule: CautionRule
    cause: Outside | QualityIssue | SkinType | None = None
    share: float | None = None


TriageRequest = Request | CautionRequest | AnswerRequest


@dataclass(frozen=True)
class Evidence:
    """Everything that is known about a spot; each part may be missing.

    ``assessment`` is the model's answer. ``refusing`` are the issues for which the picture is
    refused, ``warning`` those for which it is judged with doubt. ``recognition`` is ``None`` where
    it was not checked. ``disagreement`` is the share 0..1 of the frames of this spot whose own top
    class differs from the answer's; 0 for a single picture.
    """

    assessment: Assessment | None = None
    refusing: frozenset[QualityIssue] = frozenset()
    warning: frozenset[QualityIssue] = frozenset()
    recognition: Recognition | None = None
    disagreement: float = 0.0
    answers: Answers = NO_ANSWERS
    alone: tuple[Priority, ...] = ()


@dataclass(frozen=True)
class Triage:
    """The result: an outcome, a priority, and every request that led to it, in order.

    ``label`` is the model's answer, and ``None`` unless the outcome is ``LABELLED``. ``refusals``
    say why the picture cannot be judged, ``outside`` what the model has not learnt; either can
    occur with the other.
    """

    outcome: Outcome
    priority: Priority
    requests: tuple[TriageRequest, ...]
    label: Assessment | None
    refusals: tuple[QualityIssue, ...]
    outside: tuple[Outside, ...]

    @property
    def decisive(self) -> TriageRequest:
        """The first request that asks for the priority given."""
        return next(request for request in self.requests if request.priority is self.priority)

    @property
    def raised_by(self) -> tuple[TriageRequest, ...]:
        """The requests of the answers that ask for the priority, if nothing else asks for it."""
        deciding = tuple(r for r in self.requests if r.priority is self.priority)
        return deciding if all(map(comes_from_answers, deciding)) else ()


def triage(evidence: Evidence) -> Triage:
    """Apply every rule; ``ValueError`` unless the disagreement is in 0..1."""
    if not 0 <= evidence.disagreement <= 1:
        raise ValueError(f"the disagreement is {evidence.disagreement}, not in 0..1")
    told = _outside(evidence.answers)
    outside = _with_what_shows(told, evidence.recognition)
    refusals = _refusals(evidence)
    outcome = _outcome(evidence, outside, refusals)
    label = evidence.assessment if outcome is Outcome.LABELLED else None
    requests = (
        *_withheld(outcome, outside, told, refusals),
        *_of_model(evidence, label, refusals),
        *_of_photos(evidence.alone, refusals),
        *_doubts(evidence, label),
        *requests_of(evidence.answers),
    )
    priority = max((request.priority for request in requests), key=lambda p: p.severity)
    return Triage(outcome, priority, requests, label, refusals, outside)


def _outside(answers: Answers) -> tuple[Outside, ...]:
    found = {OUTSIDE_QUESTION.get(question) for question in answers.yes}
    if answers.body_site is not None:
        found.add(OUTSIDE_SITE.get(answers.body_site))
    return tuple(outside for outside in Outside if outside in found)


def _with_what_shows(
    told: tuple[Outside, ...], recognition: Recognition | None
) -> tuple[Outside, ...]:
    found = {*told, *([Outside.NAIL] if recognition is Recognition.NAIL else [])}
    return tuple(outside for outside in Outside if outside in found)


def _refusals(evidence: Evidence) -> tuple[QualityIssue, ...]:
    refusing = set(evidence.refusing)
    if evidence.recognition is Recognition.NOT_A_LESION:
        refusing.add(QualityIssue.UNKNOWN_LESION)
    return tuple(issue for issue in QualityIssue if issue in refusing)


def _outcome(
    evidence: Evidence, outside: tuple[Outside, ...], refusals: tuple[QualityIssue, ...]
) -> Outcome:
    if outside:
        return Outcome.OUTSIDE
    if refusals:
        return Outcome.REJECTED
    return Outcome.NO_PICTURE if evidence.assessment is None else Outcome.LABELLED


def _withheld(
    outcome: Outcome,
    outside: tuple[Outside, ...],
    told: tuple[Outside, ...],
    refusals: tuple[QualityIssue, ...],
) -> tuple[CautionRequest, ...]:
    """What cannot be judged is at least uncertain, never low."""
    asked = [
        *(
            CautionRequest(
                OUTSIDE_PRIORITY[each],
                CautionRule.OUTSIDE if each in told else CautionRule.LOOKS_OUTSIDE,
                each,
            )
            for each in outside
        ),
        *(
            CautionRequest(Priority.UNCERTAIN, CautionRule.REFUSED_PICTURE, issue)
            for issue in refusals
        ),
    ]
    if outcome is Outcome.NO_PICTURE:
        asked.append(CautionRequest(Priority.UNCERTAIN, CautionRule.NO_PICTURE))
    return tuple(asked)


def _of_model(
    evidence: Evidence, label: Assessment | None, refusals: tuple[QualityIssue, ...]
) -> tuple[TriageRequest, ...]:
    """Everything with a label; without one an alarm that names no diagnosis."""
    if label is not None:
        return label.requests
    assessment = evidence.assessment
    no_lesion = evidence.recognition is Recognition.NAIL
    if assessment is None or no_lesion or not SHOWS_NO_LESION.isdisjoint(refusals):
        return ()
    if assessment.priority.severity <= Priority.UNCERTAIN.severity:
        return ()
    return (CautionRequest(assessment.priority, CautionRule.ALARM_WITHOUT_LABEL),)


def _of_photos(
    alone: tuple[Priority, ...], refusals: tuple[QualityIssue, ...]
) -> tuple[CautionRequest, ...]:
    """One photo among several that asked for more is not outvoted by more than a tier."""
    floor = floor_of(alone)
    if floor is Priority.LOW or not SHOWS_NO_LESION.isdisjoint(refusals):
        return ()
    return (CautionRequest(floor, CautionRule.PHOTO_ALONE),)


def _doubts(evidence: Evidence, label: Assessment | None) -> tuple[CautionRequest, ...]:
    asked = [
        CautionRequest(Priority.UNCERTAIN, CautionRule.POOR_PICTURE, issue)
        for issue in QualityIssue
        if issue in evidence.warning
    ]
    if label is not None and NEAR_ALARM_FROM <= label.alarm_reached < 1:
        asked.append(
            CautionRequest(Priority.UNCERTAIN, CautionRule.NEAR_ALARM, share=label.alarm_reached)
        )
    if evidence.recognition is Recognition.UNFAMILIAR:
        asked.append(CautionRequest(Priority.UNCERTAIN, CautionRule.UNFAMILIAR))
    if evidence.disagreement >= DISAGREEMENT_FROM:
        asked.append(
            CautionRequest(
                Priority.UNCERTAIN, CautionRule.DISAGREEMENT, share=evidence.disagreement
            )
        )
    skin_type = evidence.answers.skin_type
    if skin_type in UNTESTED_SKIN_TYPES:
        asked.append(CautionRequest(Priority.UNCERTAIN, CautionRule.SKIN_TYPE, skin_type))
    return tuple(asked)


def comes_from_answers(request: TriageRequest) -> bool:
    """Whether the visitor's answers made this request, not the picture."""
    return isinstance(request, AnswerRequest) or request.rule in {
        CautionRule.OUTSIDE,
        CautionRule.SKIN_TYPE,
    }


def code_of(request: TriageRequest) -> str:
    """Return a code for a request: its rule, and its cause where the rule has several.

    ``top-class.mel``, ``malignancy``, ``outside.nail``, ``red-flag.bleeding``, ``seven-points``.
    """
    cause: StrEnum | None = None
    if isinstance(request, Request):
        cause = request.diagnosis
    elif isinstance(request, CautionRequest):
        cause = request.cause
    elif request.points is None:
        cause = request.answers[0]
    return f"{request.rule}.{cause}" if cause else str(request.rule)
