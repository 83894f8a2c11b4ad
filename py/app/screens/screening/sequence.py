"""One photo after the other: what is in hand, what comes next, what the page shows. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.effects import Predict, ReadPhoto, ShowActivation, ShowPicture
from app.screens.screening.spot import Judged, Refused, urgency
from app.screens.screening.state import AtPhotos
from app.screens.screening.together import answered_anew

if TYPE_CHECKING:
    from app.effects import Effect
    from app.screens.screening.spot import Failed, LeftOut, Shot, SpotInPhoto
    from app.screens.screening.state import State

    Next = tuple[State, tuple[Effect, ...]]


def go_on(state: State) -> Next:
    """Begin with the next photo, unless one is in hand; after the last, open the most severe."""
    if state.live or state.working is not None or not state.spots:
        return state, ()
    pending = [shot for shot in state.shots if shot.is_pending]
    if pending:
        opened = state.spot(state.opened)
        of_opened = [shot for shot in pending if opened and shot in opened.shots]
        following = (of_opened or pending)[0]
        return replace(state, working=following.id), (ReadPhoto(following.id),)
    if state.opened is None:
        severest = max(state.spots, key=lambda spot: urgency(spot, state.session.person))
        state = replace(state, opened=severest.id)
    return show(state)


def at_photos(state: State) -> Next:
    """Close the camera, take back what was said or asked before, and go on with the photos."""
    return go_on(replace(state, stage=AtPhotos()))


def show(state: State) -> Next:
    """Have the page show the picture of the spot that it is about, unless it does."""
    spot = state.photographed
    if spot is None or not spot.pictured.square or state.pictured == spot.pictured.id:
        return state, ()
    state = replace(state, pictured=spot.pictured.id)
    answer, square = spot.answer, spot.pictured.square
    if spot.activation_shown and answer is not None and answer.maps is not None:
        return state, (ShowActivation(square, answer.maps, answer.assessment.diagnosis),)
    return state, (ShowPicture(square),)


def with_spot(state: State, photo_id: int | None, **changes: Any) -> State:
    """Change what is known of the spot whose first photo this is."""
    spots = tuple(replace(s, **changes) if s.id == photo_id else s for s in state.spots)
    return replace(state, spots=spots)


def with_shot(state: State, photo_id: int | None, **changes: Any) -> State:
    """Change what is known of one photo."""
    spot = state.spot_of(photo_id)
    if spot is None or spot.id == photo_id:
        return with_spot(state, photo_id, **changes)
    added = tuple(replace(s, **changes) if s.id == photo_id else s for s in spot.added)
    return with_spot(state, spot.id, added=added)


def with_answer_anew(state: State, photo_id: int | None) -> State:
    """Answer for the spot of a photo that was judged, or is read otherwise."""
    spot = state.spot_of(photo_id)
    return state if spot is None else in_place_of(state, spot, answered_anew(spot))


def in_place_of(state: State, former: SpotInPhoto, *spots: SpotInPhoto) -> State:
    """Put these spots where another one was."""
    at = state.spots.index(former)
    return replace(state, spots=(*state.spots[:at], *spots, *state.spots[at + 1 :]))


def in_hand(state: State, photo_id: int) -> Shot | None:
    """Return the photo that is being worked on, if it is this one."""
    if photo_id != state.working:
        return None
    return next((shot for shot in state.shots if shot.id == photo_id), None)


def settled(state: State, stage: Judged | Refused | Failed | LeftOut, **changes: Any) -> Next:
    """End the work on the photo in hand, in an answer or in words, and go on to the next."""
    state = with_shot(state, state.working, stage=stage, **changes)
    state = with_answer_anew(state, state.working)
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
