"""One photo after the other: what is in hand, what comes next, what the page shows. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.effects import Predict, ReadPhoto, ShowActivation, ShowPicture
from app.screens.screening.spot import Judged, Refused, urgency
from app.screens.screening.state import AtPhotos

if TYPE_CHECKING:
    from app.effects import Effect
    from app.screens.screening.spot import Failed, SpotInPhoto
    from app.screens.screening.state import State

    Next = tuple[State, tuple[Effect, ...]]


def go_on(state: State) -> Next:
    """Begin with the next photo, unless one is in hand; after the last, open the most severe."""
    if state.live or state.working is not None or not state.spots:
        return state, ()
    pending = [spot for spot in state.spots if spot.is_pending]
    if pending:
        opened = state.spot(state.opened)
        following = opened if opened in pending else pending[0]
        assert following is not None
        return replace(state, working=following.id), (ReadPhoto(following.id),)
    if state.opened is None:
        severest = max(state.spots, key=lambda spot: urgency(spot, state.session.person))
        state = replace(state, opened=severest.id)
    return show(state)


def at_photos(state: State) -> Next:
    """Close the camera, take back what was said or asked before, and go on with the photos."""
    return go_on(replace(state, stage=AtPhotos()))


def show(state: State) -> Next:
    """Have the page show the picture of the photo that it is about, unless it does."""
    spot = state.photographed
    if spot is None or not spot.square or state.pictured == spot.id:
        return state, ()
    state = replace(state, pictured=spot.id)
    answer = spot.answer
    if spot.activation_shown and answer is not None and answer.maps is not None:
        return state, (ShowActivation(spot.square, answer.maps, answer.assessment.diagnosis),)
    return state, (ShowPicture(spot.square),)


def with_spot(state: State, photo_id: int | None, **changes: Any) -> State:
    """Change what is known of one photo's spot."""
    spots = tuple(replace(s, **changes) if s.id == photo_id else s for s in state.spots)
    return replace(state, spots=spots)


def in_hand(state: State, photo_id: int) -> SpotInPhoto | None:
    """Return the spot that is being worked on, if that is the one of this photo."""
    return state.spot(photo_id) if photo_id == state.working else None


def settled(state: State, stage: Judged | Refused | Failed, **changes: Any) -> Next:
    """End the work on the photo in hand, in an answer or in words, and go on to the next."""
    state = with_spot(state, state.working, stage=stage, **changes)
    match stage:
        case Judged():
            state = replace(state, refusals=0)
        case Refused():
            state = replace(state, refusals=state.refusals + 1)
    return go_on(replace(state, working=None))


def ask_engine(state: State) -> Next:
    """Send what waits, once an engine is there and idle: at most one request is in flight."""
    if state.waiting is None or state.session.running is None or state.in_flight is not None:
        return state, ()
    sent = state.waiting
    return replace(state, waiting=None, in_flight=sent), (Predict(sent),)
