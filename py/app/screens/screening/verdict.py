"""What to do and how soon: the head of an answer. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, markup
from app.screens.icons import priority_icon
from app.screens.screening.questionnaire import instead, raised
from app.screens.screening.spot import has_verdict
from app.screens.screening.thumbnail import thumbnail
from app.words.triage import TIER, advice_text, because
from lentigo.priority import Request
from lentigo.triage.rules import CautionRule, Outcome, comes_from_answers

if TYPE_CHECKING:
    from app.screens.screening.state import State
    from app.words import Words
    from app.words.triage import AdviceText


def head(state: State, words: Words) -> Html:
    """Render the tier, what to do and how soon, and the photo that it is about."""
    priority, spot = state.triage.priority, state.photographed
    provisional = markup('<p class="eyebrow">{text}</p>', text=words("answer.eyebrow.live"))
    return markup(
        '<header class="verdict"><div><p class="tier">{icon}{tier}</p>{eyebrow}'
        '<h2 tabindex="-1">{action}</h2></div>{thumbnail}</header>',
        icon=priority_icon(priority),
        tier=words(TIER[priority]),
        eyebrow=provisional if state.live else NOTHING,
        action=_advice(state, words).action,
        thumbnail=thumbnail(spot.pictured) if spot and spot.pictured.thumbnail else NOTHING,
    )


def next_step(state: State, words: Words) -> Html:
    """Render the one thing to do."""
    return markup('<p class="next-step">{text}</p>', text=_advice(state, words).next_step)


def _advice(state: State, words: Words) -> AdviceText:
    return advice_text(state.advice, words)


def verdict_without_label(state: State, words: Words) -> Html:
    """Render the priority of a spot that has no label; the answers may ask for one all the same."""
    triage = state.triage
    if not has_verdict(triage):
        return NOTHING
    decisive = triage.decisive
    said = NOTHING
    if not isinstance(decisive, Request) and not comes_from_answers(decisive):
        said = why(because(decisive, words), words)
    # What is said of the place, the person or the nail is the next step then.
    outside = {CautionRule.OUTSIDE, CautionRule.LOOKS_OUTSIDE}
    is_outside = triage.outcome is Outcome.OUTSIDE and decisive.rule in outside
    return markup(
        '<article class="answer priority-{priority}" data-testid="verdict" '
        'data-priority="{priority}">{head}{next_step}{why}{raised}{instead}</article>',
        priority=triage.priority,
        head=head(state, words),
        next_step=NOTHING if is_outside else next_step(state, words),
        why=said,
        raised=raised(triage, words),
        instead=instead(triage, words),
    )


def why(sentences: str, words: Words) -> Html:
    """Render the reason for a priority."""
    return markup('<p class="why">{why}</p>', why=words.html("answer.why", reason=sentences))
