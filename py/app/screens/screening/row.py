"""Several photos as a row: one tile each, the most severe first. Pure; every datum is escaped."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from app.screens.screening.spot import has_verdict, triage_of
from app.wording import PRIORITY_ICON
from lentigo.picture import filename
from lentigo.triage.advice import ADVICE

if TYPE_CHECKING:
    from app.screens.screening.spot import SpotInPhoto
    from app.screens.screening.state import State
    from lentigo.triage.checklist import Answers

# A tile of a row of hundreds is rendered only when something about it has changed.
_TILES_KEPT = 1024


def row(state: State) -> str:
    """Render the row; empty for a single photo."""
    if not state.is_row:
        # The tiles would keep the photos that are forgotten.
        _tile.cache_clear()
        return ""
    shown = state.shown
    tiles = "".join(
        _tile(spot, state.session.person, spot is shown, spot.id == state.working)
        for spot in state.row
    )
    return (
        '<nav class="row" data-testid="photos" aria-label="Your photos">'
        f"<p><strong>{len(state.spots)} photos</strong>, {_progress(state)}</p>"
        f"<ol>{tiles}</ol>"
        f"{_asked_before_reset(state) if state.asks_to_reset else _actions()}</nav>"
    )


def _actions() -> str:
    return f'<p class="actions">{start_again()}</p>'


def start_again() -> str:
    """Render the button that forgets what is there."""
    return '<button type="button" class="quiet" id="reset" data-action="reset">Start again</button>'


def question_before_reset(state: State) -> str:
    """Ask whether several photos shall be forgotten."""
    return f"Forget all {len(state.spots)} photos and your answers about them?"


def _asked_before_reset(state: State) -> str:
    return (
        '<div class="notice" data-testid="confirm-reset" role="group" aria-label="Start again">'
        f"<h2>{question_before_reset(state)}</h2>"
        '<p class="actions"><button type="button" id="reset-refused" data-focus '
        'data-action="reset-refused">Keep them</button><button type="button" class="quiet" '
        'data-action="reset" data-confirmed="true">Forget them</button></p></div>'
    )


def _progress(state: State) -> str:
    pending = sum(spot.is_pending for spot in state.spots)
    if not pending:
        return "most severe first. Each is taken as a spot of its own."
    done = len(state.spots) - pending
    return f"{done} looked at so far. The most severe opens when all are done."


@lru_cache(maxsize=_TILES_KEPT)
def _tile(spot: SpotInPhoto, person: Answers, is_shown: bool, is_in_hand: bool) -> str:
    tier, words, icon = _standing(spot, person)
    words = "Looking …" if is_in_hand else words
    name = escape(filename.shown(spot.photo.name))
    current = ' aria-current="true"' if is_shown else ""
    current += ' aria-busy="true"' if spot.is_pending else ""
    return (
        f'<li><button type="button" class="tile {tier and f"priority-{tier}"}" '
        f'id="photo-{spot.id}" data-testid="photo" data-action="open-photo" '
        f'data-photo="{spot.id}" data-priority="{tier}"{current} title="{name}">'
        f"{_thumbnail(spot)}{icon}<span>{escape(words)}</span>"
        f'<span class="sr-only">, {name or "photo"}</span></button></li>'
    )


def _thumbnail(spot: SpotInPhoto) -> str:
    if not spot.thumbnail:
        return '<span class="tile-blank"></span>'
    data = b64encode(spot.thumbnail).decode("ascii")
    return f'<img src="data:image/jpeg;base64,{data}" alt="" width="64" height="64">'


def _standing(spot: SpotInPhoto, person: Answers) -> tuple[str, str, str]:
    """Return a photo's tier (empty if it has none), its words, and its icon."""
    if spot.is_pending:
        return "", "Waiting", ""
    triage = triage_of(spot, person)
    if spot.answer is None and not has_verdict(triage):
        return "", "No answer", ""
    icon = (
        '<svg class="icon" aria-hidden="true" viewBox="0 0 48 48">'
        f'<use href="#{PRIORITY_ICON[triage.priority]}"/></svg>'
    )
    return str(triage.priority), ADVICE[triage.priority].title, icon
