"""The optional questions as HTML, and what their answers changed. Pure.

A few come first, in one column; the others, and what each label means, are folded away below. The
meaning is read out with its box. Native controls in fieldsets, so that keyboard and screen reader
work as everywhere. A ticked box is a yes; an empty one is no answer, as is "No answer" in a list.
The form is read as a whole: ``{name: true}`` for each ticked box, ``{name: value}`` for each list
with a value, which ``lentigo.triage.checklist.parse_answers`` takes as it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.words import Words
from app.words.triage import (
    BODY_SITE,
    QUESTION_HELP,
    QUESTION_LABEL,
    QUESTION_TEXT,
    SKIN_TYPE,
    advice_text,
    because,
)
from lentigo.triage.advice import OUTSIDE_ADVICE
from lentigo.triage.checklist import (
    WARNING_SIGNS,
    AnswerRequest,
    BodySite,
    Question,
    SkinType,
    as_document,
)
from lentigo.triage.rules import CautionRequest, CautionRule, code_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lentigo.triage.checklist import Answers
    from lentigo.triage.rules import Outside, Triage, TriageRequest

# What each box is ticked for: what weighs most, and what most people can say, comes first.
FIRST = (
    Question.CHANGE_IN_SIZE,
    Question.BLEEDING,
    Question.NOT_HEALING,
    Question.GROWING_NODULE,
    Question.STRONG_CONCERN,
)
OF_THE_PERSON = (Question.HAD_MELANOMA, Question.WEAKENED_IMMUNITY)
# And what is folded away below.
MORE_OF_THE_SPOT = tuple(question for question in WARNING_SIGNS if question not in FIRST)
MORE_OF_THE_PERSON = (Question.MELANOMA_IN_FAMILY, Question.UNDER_18)
MORE_OF_THE_PLACE = (
    Question.TATTOO,
    Question.SCAR,
    Question.OPEN_WOUND,
    Question.SEVERAL_SPOTS,
)


def questionnaire(answers: Answers, photo_id: int | None, is_answered: bool, words: Words) -> Html:
    """Render the questions with the answers given so far, folded away; the page keeps it open.

    ``photo_id`` names the photo whose spot they are about, ``None`` before there is one;
    ``is_answered`` says whether there is something to go back to when they end.
    """
    of_photo = NOTHING if photo_id is None else markup(' data-photo="{id}"', id=photo_id)
    sites = [(str(site), words(BODY_SITE[site])) for site in BodySite]
    show = markup(
        '<button type="button" class="primary" data-action="show-answer">{text}</button>',
        text=words("questions.show"),
    )
    return markup(
        '<details class="questions" data-testid="questionnaire"><summary>{summary}</summary>'
        '<form data-form="answers"{of_photo} autocomplete="off">'
        "{first}{where}{person}{more}"
        '<p class="note">{note}</p><p class="actions">{show}'
        '<button type="button" class="quiet" data-action="forget-answers"{of_photo}>{forget}'
        "</button></p></form>{meanings}</details>",
        summary=words("questions.summary", count=len(as_document(answers))),
        of_photo=of_photo,
        first=_boxes(words("questions.first"), FIRST, answers, words),
        where=_list(words("questions.body-site"), "body-site", sites, answers.body_site, words),
        person=_boxes(words("questions.person"), OF_THE_PERSON, answers, words),
        more=_more(answers, words),
        note=words("questions.note"),
        show=show if is_answered else NOTHING,
        forget=words("questions.forget"),
        meanings=_meanings(words),
    )


def _more(answers: Answers, words: Words) -> Html:
    skins = [(str(skin), words(SKIN_TYPE[skin])) for skin in SkinType]
    return markup(
        '<details class="more" id="more-questions"><summary>{summary}</summary>'
        "{spot}{place}{person}{skin}</details>",
        summary=words("questions.more"),
        spot=_boxes(words("questions.spot"), MORE_OF_THE_SPOT, answers, words),
        place=_boxes(words("questions.place"), MORE_OF_THE_PLACE, answers, words),
        person=_boxes(words("questions.more-person"), MORE_OF_THE_PERSON, answers, words),
        skin=_list(words("questions.skin-type"), "skin-type", skins, answers.skin_type, words),
    )


def _boxes(legend: str, questions: Iterable[Question], answers: Answers, words: Words) -> Html:
    return markup(
        "<fieldset><legend>{legend}</legend>{boxes}</fieldset>",
        legend=legend,
        boxes=join(_box(question, answers, words) for question in questions),
    )


def _box(question: Question, answers: Answers, words: Words) -> Html:
    return markup(
        '<p class="choice"><input type="checkbox" id="answer-{question}" name="{question}"'
        ' aria-describedby="meaning-{question}"{checked}>'
        '<label for="answer-{question}">{label}</label></p>',
        question=question,
        checked=markup(" checked") if answers.of(question) else NOTHING,
        label=words(QUESTION_LABEL[question]),
    )


def _list(
    label: str, name: str, choices: list[tuple[str, str]], chosen: str | None, words: Words
) -> Html:
    options = join(
        markup(
            '<option value="{value}"{selected}>{text}</option>',
            value=value,
            selected=markup(" selected") if value == (chosen or "") else NOTHING,
            text=text,
        )
        for value, text in (("", words("questions.no-answer")), *choices)
    )
    return markup(
        '<p class="choice-list"><label for="answer-{name}">{label}</label>'
        '<select id="answer-{name}" name="{name}">{options}</select></p>',
        name=name,
        label=label,
        options=options,
    )


def _meanings(words: Words) -> Html:
    items = join(
        markup(
            '<dt>{label}</dt><dd id="meaning-{question}">{text} {help}</dd>',
            question=question,
            label=words(QUESTION_LABEL[question]),
            text=words(QUESTION_TEXT[question]),
            help=words(QUESTION_HELP[question]),
        )
        for question in Question
    )
    return markup(
        '<details class="meanings"><summary>{summary}</summary><dl>{items}</dl></details>',
        summary=words("questions.meanings"),
        items=items,
    )


def raised(triage: Triage, words: Words) -> Html:
    """Say which answers raised the priority; empty if none did.

    What ``instead`` says is not said twice.
    """
    requests = [request for request in triage.raised_by if request.rule is not CautionRule.OUTSIDE]
    sentences = [because(request, words) for request in _each_answer_once(requests)]
    if not sentences:
        return NOTHING
    return markup(
        '<p class="why" data-testid="raised" data-rules="{rules}">{said}</p>',
        rules=",".join(code_of(request) for request in requests),
        said=words.html("answer.raised", reasons=" ".join(sentences)),
    )


def _each_answer_once(
    requests: Iterable[TriageRequest],
) -> Iterator[AnswerRequest | CautionRequest]:
    """Leave out of what weighs more together the answers that were said before."""
    said: set[Question] = set()
    for request in requests:
        if isinstance(request, AnswerRequest):
            new = tuple(answer for answer in request.answers if answer not in said)
            said.update(new)
            counts = request.points is not None
            yield replace(request, answers=new) if new and not counts else request
        elif isinstance(request, CautionRequest):
            yield request


def instead(triage: Triage, words: Words) -> Html:
    """Say why there is no label and what to do, one item for each reason; empty if inside."""
    if not triage.outside:
        return NOTHING
    return markup(
        '<section class="outside" data-testid="outside" data-outside="{outside}">'
        "<h3>{title}</h3><ul>{items}</ul></section>",
        outside=",".join(triage.outside),
        title=words("answer.outside"),
        items=join(_outside(outside, words) for outside in triage.outside),
    )


def _outside(outside: Outside, words: Words) -> Html:
    advice = advice_text(OUTSIDE_ADVICE[outside], words)
    said = words.html("answer.outside.item", title=advice.title, next_step=advice.next_step)
    return markup("<li>{said}</li>", said=said)
