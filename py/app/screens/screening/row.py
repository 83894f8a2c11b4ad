"""Several photos as a row: one tile each, the most severe first. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.screens.icons import priority_icon
from app.screens.screening.spot import has_verdict, triage_of
from app.screens.screening.thumbnail import thumbnail
from app.words.errors import shown_name
from app.words.triage import advice_text
from lentigo.triage.advice import ADVICE

if TYPE_CHECKING:
    from app.screens.screening.spot import SpotInPhoto
    from app.screens.screening.state import State
    from app.words import Words
    from lentigo.triage.checklist import Answers

# A tile of a row of hundreds is rendered only when something about it has changed.
_TILES_KEPT = 1024


def row(state: State, words: Words) -> Html:
    """Render the row; empty for a single photo."""
    if not state.is_row:
        # The tiles would keep the photos that are forgotten.
        _tile.cache_clear()
        return NOTHING
    shown = state.shown
    tiles = join(
        _tile(spot, state.session.person, spot is shown, spot.id == state.working, words)
        for spot in state.row
    )
    return markup(
        '<nav class="row" data-testid="photos" aria-label="{label}"><p>{progress}</p>'
        "<ol>{tiles}</ol>{actions}</nav>",
        label=words("row.label"),
        progress=_progress(state, words),
        tiles=tiles,
        actions=_asked_before_reset(state, words) if state.asks_to_reset else _actions(words),
    )


def _actions(words: Words) -> Html:
    return markup('<p class="actions">{again}</p>', again=start_again(words))


def start_again(words: Words) -> Html:
    """Render the button that forgets what is there."""
    return markup(
        '<button type="button" class="quiet" id="reset" data-action="reset">{text}</button>',
        text=words("next.start-again"),
    )


def question_before_reset(state: State, words: Words) -> str:
    """Ask whether several photos shall be forgotten."""
    return words("row.forget.question", count=len(state.spots))


def _asked_before_reset(state: State, words: Words) -> Html:
    return markup(
        '<div class="notice" data-testid="confirm-reset" role="group" aria-label="{label}">'
        "<h2>{question}</h2>"
        '<p class="actions"><button type="button" id="reset-refused" data-focus '
        'data-action="reset-refused">{no}</button>{forget}</p></div>',
        label=words("spots.next-person" if state.asks_for_next_person else "next.start-again"),
        question=question_before_reset(state, words),
        no=words("row.forget.no"),
        forget=_forget(state, words),
    )


def _forget(state: State, words: Words) -> Html:
    yes = words("row.forget.yes")
    if state.asks_for_next_person:
        return markup(
            '<button type="button" class="quiet" data-action="next-person" '
            'data-confirmed="true">{yes}</button>',
            yes=yes,
        )
    return markup(
        '<button type="button" class="quiet" data-action="reset" data-confirmed="true">{yes}'
        "</button>",
        yes=yes,
    )


def _progress(state: State, words: Words) -> Html:
    count = len(state.spots)
    pending = sum(spot.is_pending for spot in state.spots)
    if not pending:
        return words.html("row.judged", count=count)
    return words.html("row.working", count=count, done=count - pending)


@lru_cache(maxsize=_TILES_KEPT)
def _tile(
    spot: SpotInPhoto, person: Answers, is_shown: bool, is_in_hand: bool, words: Words
) -> Html:
    tier, stands, icon = _standing(spot, person, words)
    standing = words("row.tile.in-hand") if is_in_hand else stands
    name = shown_name(spot.photo.name, words)
    return markup(
        '<li><button type="button" class="tile {colours}" '
        'id="photo-{id}" data-testid="photo" data-action="open-photo" '
        'data-photo="{id}" data-priority="{tier}"{current}{busy} title="{name}">'
        '{thumbnail}{icon}<span aria-hidden="true">{standing}</span>'
        '<span class="sr-only">{aloud}</span></button></li>',
        colours=tier and f"priority-{tier}",
        id=spot.id,
        tier=tier,
        current=markup(' aria-current="true"') if is_shown else NOTHING,
        busy=markup(' aria-busy="true"') if spot.is_pending else NOTHING,
        name=name,
        thumbnail=thumbnail(spot),
        icon=icon,
        standing=standing,
        aloud=words("row.tile.aloud", standing=standing, name=name),
    )


def _standing(spot: SpotInPhoto, person: Answers, words: Words) -> tuple[str, str, Html]:
    """Return a photo's tier (empty if it has none), its words, and its icon."""
    if spot.is_pending:
        return "", words("row.tile.waiting"), NOTHING
    triage = triage_of(spot, person)
    if spot.answer is None and not has_verdict(triage):
        return "", words("row.tile.no-answer"), NOTHING
    title = advice_text(ADVICE[triage.priority], words).title
    return str(triage.priority), title, priority_icon(triage.priority)
