"""The optional questions as HTML, and what their answers changed. Pure; every datum is escaped.

Native checkboxes and radio buttons in fieldsets, so that keyboard and screen reader work as
everywhere. A ticked box is a yes; an empty one is no answer, as is the first radio button of a
group. The form is read as a whole: ``{name: true}`` for each ticked box, ``{name: value}`` for each
radio button with a value, which ``lentigo.checklist.parse_answers`` takes as it is.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from lentigo.advice import OUTSIDE_ADVICE, because
from lentigo.checklist import (
    BODY_SITE_TEXT,
    QUESTION_TEXT,
    RISKS,
    SKIN_TYPE_TEXT,
    WARNING_SIGNS,
    AnswerRequest,
    Question,
)
from lentigo.triage import CautionRequest, words_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lentigo.checklist import Answers
    from lentigo.triage import Triage

# What each box is ticked for, in the order of the page: what weighs most comes first.
GROUPS: dict[str, tuple[Question, ...]] = {
    "Tick what is true of the spot": (*WARNING_SIGNS, Question.STRONG_CONCERN),
    "Tick what is true of you": (*RISKS, Question.UNDER_18),
    "Tick what else is there": (
        Question.TATTOO,
        Question.SCAR,
        Question.OPEN_WOUND,
        Question.SEVERAL_SPOTS,
    ),
}
SITE_LEGEND = "Where is the spot?"
SKIN_TYPE_LEGEND = "How does your skin take the sun?"


def questionnaire(answers: Answers, *, is_open: bool) -> str:
    """Render the questions with the answers given so far, folded away unless ``is_open``."""
    boxes = [
        _fieldset(legend, "".join(_box(question, answers) for question in questions))
        for legend, questions in GROUPS.items()
    ]
    where = _choice(SITE_LEGEND, "body-site", BODY_SITE_TEXT.items(), answers.body_site)
    skin = _choice(SKIN_TYPE_LEGEND, "skin-type", SKIN_TYPE_TEXT.items(), answers.skin_type)
    return (
        f'<details class="questions" data-testid="questionnaire"{" open" if is_open else ""}>'
        "<summary>What the camera cannot see: a few questions</summary>"
        '<form data-form="answers" autocomplete="off">'
        '<p class="note">All of them are optional. Your answers stay on this device, and can only '
        "raise the priority.</p>"
        f"{boxes[0]}{where}{boxes[1]}{boxes[2]}{skin}"
        '<p class="actions"><button type="reset" class="quiet" data-action="forget-answers">'
        "Forget my answers</button></p></form></details>"
    )


def _fieldset(legend: str, inner: str) -> str:
    return f"<fieldset><legend>{escape(legend)}</legend>{inner}</fieldset>"


def _box(question: Question, answers: Answers) -> str:
    text = QUESTION_TEXT[question]
    label = text.statement[:1].upper() + text.statement[1:]
    checked = " checked" if answers.of(question) else ""
    return (
        f'<p class="choice"><input type="checkbox" id="answer-{question}" name="{question}"'
        f' aria-describedby="help-{question}"{checked}>'
        f'<label for="answer-{question}">{escape(label)}</label>'
        f'<small id="help-{question}">{escape(text.help)}</small></p>'
    )


def _choice(legend: str, name: str, texts: Iterable[tuple[str, str]], chosen: str | None) -> str:
    radios = [_radio(name, "", "No answer", chosen is None)]
    radios += [_radio(name, value, text, value == chosen) for value, text in texts]
    return _fieldset(legend, "".join(radios))


def _radio(name: str, value: str, text: str, is_chosen: bool) -> str:
    identity = f"answer-{name}-{value or 'none'}"
    checked = " checked" if is_chosen else ""
    return (
        f'<p class="choice"><input type="radio" id="{identity}" name="{name}" value="{value}"'
        f'{checked}><label for="{identity}">{escape(text)}</label></p>'
    )


def raised(triage: Triage) -> str:
    """Say which answers raised the priority; empty if none did."""
    sentences = [
        because(request)
        for request in triage.raised_by
        if isinstance(request, AnswerRequest | CautionRequest)
    ]
    if not sentences:
        return ""
    rules = ",".join(words_key(request) for request in triage.raised_by)
    return (
        f'<p class="why" data-testid="raised" data-rules="{escape(rules)}">'
        f"<strong>Raised by your answers:</strong> {escape(' '.join(sentences))}</p>"
    )


def instead(triage: Triage) -> str:
    """Say what to do where there is no label, one item for each reason; empty if inside."""
    if not triage.outside:
        return ""
    items = "".join(
        f"<li><strong>{escape(OUTSIDE_ADVICE[outside].title)}:</strong> "
        f"{escape(OUTSIDE_ADVICE[outside].next_step)}</li>"
        for outside in triage.outside
    )
    return (
        f'<div class="notice" data-testid="outside" data-outside="{",".join(triage.outside)}">'
        f"<h2>Lentigo does not judge this one</h2><ul>{items}</ul></div>"
    )
