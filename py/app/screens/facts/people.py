"""What a worried reader needs first: of a hundred, who was told what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from lentigo.diagnosis import Diagnosis
from lentigo.model.modality import Modality
from lentigo.priority import Priority
from lentigo.triage.risk import risk_of
from lentigo.triage.tiers import HUNDRED, told_at_least

if TYPE_CHECKING:
    from app.words import Words
    from lentigo.model.evaluation import Evaluation


def sentences(evaluation: Evaluation, words: Words) -> Html:
    """Say who was told what; a sentence that too few pictures stand behind is left out."""
    return join(
        (
            _moles(evaluation, words),
            _melanomas(evaluation, words),
            _alarmed(evaluation, words),
        )
    )


def _moles(evaluation: Evaluation, words: Words) -> Html:
    told = told_at_least(evaluation, Diagnosis.NV, Priority.URGENT, Modality.CAMERA)
    if told is None:
        return NOTHING
    also = told_at_least(evaluation, Diagnosis.NV, Priority.URGENT, Modality.DERMOSCOPIC)
    return _people(
        told,
        words.html("facts.moles", told=told),
        "" if also is None else words("facts.moles.dermoscope", told=also),
        "dots-alarm",
    )


def _melanomas(evaluation: Evaluation, words: Words) -> Html:
    told = told_at_least(evaluation, Diagnosis.MEL, Priority.URGENT, Modality.CAMERA)
    sent = told_at_least(evaluation, Diagnosis.MEL, Priority.MEDIUM, Modality.CAMERA)
    if told is None or sent is None:
        return NOTHING
    also = told_at_least(evaluation, Diagnosis.MEL, Priority.MEDIUM, Modality.DERMOSCOPIC)
    return _people(
        told,
        words.html("facts.melanomas", told=told, missed=HUNDRED - sent),
        "" if also is None else words("facts.melanomas.dermoscope", missed=HUNDRED - also),
        "dots-caught",
    )


def _alarmed(evaluation: Evaluation, words: Words) -> Html:
    risk = risk_of(evaluation, Priority.URGENT, Modality.CAMERA)
    if risk is None:
        return NOTHING
    sick, people = risk.in_people
    return markup(
        '<p class="facts-lead">{alarmed} {so}</p>',
        alarmed=words.html("facts.alarmed", people=people, sick=sick),
        so=words("facts.so"),
    )


def _people(count: int, sentence: Html, also: str, kind: str) -> Html:
    """Draw a hundred dots, so many of them filled, above the sentence that says the same."""
    dots = [f"M{4 * (i % 25) + 2} {4 * (i // 25) + 2}h0" for i in range(HUNDRED)]
    return markup(
        '<div class="hundred {kind}"><svg viewBox="0 0 100 16" aria-hidden="true">'
        '<path class="dots-rest" d="{rest}"/><path class="dots-full" d="{full}"/></svg>'
        "<p>{sentence}{also}</p></div>",
        kind=kind,
        rest="".join(dots[count:]),
        full="".join(dots[:count]),
        sentence=sentence,
        also=markup(" <small>{also}</small>", also=also) if also else NOTHING,
    )
