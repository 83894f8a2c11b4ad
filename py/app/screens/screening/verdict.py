"""How soon, and why: the head of an answer. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, markup
from app.screens.icons import priority_icon
from app.screens.screening.questionnaire import raised
from app.screens.screening.spot import has_verdict
from app.words.triage import advice_text, because
from lentigo.priority import Request
from lentigo.triage.advice import advise
from lentigo.triage.rules import comes_from_answers

if TYPE_CHECKING:
    from app.screens.screening.state import State
    from app.words import Words
    from lentigo.triage.rules import Triage


def verdict(triage: Triage, eyebrow: str, words: Words) -> Html:
    """Render how soon, as the head of an answer."""
    advice = advice_text(advise(triage), words)
    return markup(
        '<header class="verdict">{icon}<div><p class="eyebrow">{eyebrow}</p><h2>{title}</h2>'
        '<p class="time-frame">{time_frame}</p></div></header>',
        icon=priority_icon(triage.priority),
        eyebrow=eyebrow,
        title=advice.title,
        time_frame=advice.time_frame,
    )


def next_step(triage: Triage, words: Words) -> Html:
    """Render the one thing to do."""
    advice = advice_text(advise(triage), words)
    return markup('<p class="next-step">{text}</p>', text=advice.next_step)


def verdict_without_label(state: State, words: Words) -> Html:
    """Render the priority of a spot that has no label; the answers may ask for one all the same."""
    triage = state.triage
    if not has_verdict(triage):
        return NOTHING
    decisive = triage.decisive
    said = NOTHING
    if not isinstance(decisive, Request) and not comes_from_answers(decisive):
        said = why(because(decisive, words), words)
    return markup(
        '<article class="answer priority-{priority}" data-testid="verdict" '
        'data-priority="{priority}">{verdict}{next_step}{why}{raised}</article>',
        priority=triage.priority,
        verdict=verdict(triage, words("answer.eyebrow"), words),
        next_step=next_step(triage, words),
        why=said,
        raised=raised(triage, words),
    )


def why(sentences: str, words: Words) -> Html:
    """Render the reason for a priority."""
    return markup('<p class="why">{why}</p>', why=words.html("answer.why", reason=sentences))
