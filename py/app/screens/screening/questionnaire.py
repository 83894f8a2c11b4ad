"""The optional questions as HTML, and what their answers changed. Pure; every datum is escaped.

Short enough for one screen of a phone; what each label means stands folded away below, and is read
out with its box. Native controls in fieldsets, so that keyboard and screen reader work as
everywhere. A ticked box is a yes; an empty one is no answer, as is "No answer" in a list. The form
is read as a whole: ``{name: true}`` for each ticked box, ``{name: value}`` for each list with a
value, which ``lentigo.triage.checklist.parse_answers`` takes as it is.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from lentigo.triage.advice import OUTSIDE_ADVICE, because
from lentigo.triage.checklist import (
    BODY_SITE_TEXT,
    QUESTION_TEXT,
    RISKS,
    SKIN_TYPE_TEXT,
    WARNING_SIGNS,
    AnswerRequest,
    Question,
    as_document,
)
from lentigo.triage.rules import CautionRequest, words_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lentigo.triage.checklist import Answers
    from lentigo.triage.rules import Triage

# What each box is ticked for, in the order of the page: what weighs most comes first.
GROUPS: dict[str, tuple[Question, ...]] = {
    "The spot": (*WARNING_SIGNS, Question.STRONG_CONCERN),
    "The person": (*RISKS, Question.UNDER_18),
    "The place": (
        Question.TATTOO,
        Question.SCAR,
        Question.OPEN_WOUND,
        Question.SEVERAL_SPOTS,
    ),
}
SITE_LABEL = "Where is it?"
SKIN_TYPE_LABEL = "How does the skin take the sun?"


def questionnaire(answers: Answers, photo_id: int | None = None) -> str:
    """Render the questions with the answers given so far, folded away; the page keeps it open.

    ``photo_id`` names the photo whose spot they are about, ``None`` before there is one.
    """
    boxes = "".join(
        f"<fieldset><legend>{escape(legend)}</legend>"
        f"{''.join(_box(question, answers) for question in questions)}</fieldset>"
        for legend, questions in GROUPS.items()
    )
    of_photo = "" if photo_id is None else f' data-photo="{photo_id}"'
    where = _list(SITE_LABEL, "body-site", BODY_SITE_TEXT.items(), answers.body_site)
    skin = _list(SKIN_TYPE_LABEL, "skin-type", SKIN_TYPE_TEXT.items(), answers.skin_type)
    return (
        '<details class="questions" data-testid="questionnaire">'
        f"<summary>What the camera cannot see: {_count(answers)}</summary>"
        f'<form data-form="answers"{of_photo} autocomplete="off">'
        '<p class="note">Tick what is true. Your answers stay on this device, and can only raise '
        f"the priority.</p>{boxes}{where}{skin}"
        f'<p class="actions"><button type="button" class="quiet" data-action="forget-answers"'
        f"{of_photo}>Forget my answers</button></p></form>{_meanings()}</details>"
    )


def _count(answers: Answers) -> str:
    given = len(as_document(answers))
    if not given:
        return "a few questions"
    return "1 answer counts" if given == 1 else f"{given} answers count"


def _box(question: Question, answers: Answers) -> str:
    checked = " checked" if answers.of(question) else ""
    return (
        f'<p class="choice"><input type="checkbox" id="answer-{question}" name="{question}"'
        f' aria-describedby="meaning-{question}"{checked}>'
        f'<label for="answer-{question}">{escape(QUESTION_TEXT[question].label)}</label></p>'
    )


def _list(label: str, name: str, texts: Iterable[tuple[str, str]], chosen: str | None) -> str:
    options = "".join(
        f'<option value="{value}"{" selected" if value == (chosen or "") else ""}>'
        f"{escape(text)}</option>"
        for value, text in (("", "No answer"), *texts)
    )
    return (
        f'<p class="choice-list"><label for="answer-{name}">{escape(label)}</label>'
        f'<select id="answer-{name}" name="{name}">{options}</select></p>'
    )


def _meanings() -> str:
    items = "".join(
        f'<dt>{escape(text.label)}</dt><dd id="meaning-{question}">{escape(text.text)} '
        f"{escape(text.help)}</dd>"
        for question, text in QUESTION_TEXT.items()
    )
    return f'<details class="meanings"><summary>What these mean</summary><dl>{items}</dl></details>'


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
