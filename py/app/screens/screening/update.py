"""From one state and one event to the next state and its effects. Pure; reads no clock.

Every picture has its place in one sequence: photos are looked at one after the other, and what
belongs to a photo that is no longer there, or to an act before the last one, changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from app.effects import Prepare, RestartEngine
from app.events import (
    ActivationToggled,
    AnswersGiven,
    AutomaticSet,
    CameraFailed,
    CameraStalled,
    CameraStarted,
    CameraStopped,
    Crashed,
    EngineFailed,
    EngineLoaded,
    EngineReplaced,
    FileRead,
    Frame,
    ModalityChosen,
    Navigated,
    NothingChosen,
    PhotoOpened,
    PhotosChosen,
    PhotoUnreadable,
    PictureArrived,
    PictureRefused,
    Predicted,
    PredictionFailed,
    Prepared,
    ReminderWanted,
    ReportWanted,
    Reset,
    ResetRefused,
    Resumed,
)
from app.screens.screening import camera, keep, photos
from app.screens.screening.sequence import (
    ask_engine,
    at_photos,
    go_on,
    settled,
    show,
    with_answer_anew,
    with_shot,
    with_spot,
)
from app.screens.screening.spot import Failed, Judged
from app.screens.screening.state import AtPhotos, Broken, Mode
from app.session import Running, Unavailable
from lentigo.model.recent_frames import assess_smoothed

if TYPE_CHECKING:
    from app.events import Act, Event
    from app.screens.screening.sequence import Next
    from app.screens.screening.state import State
    from app.session import Session
    from app.spots.events import OverviewAct, SizeAct, SpotsAct
    from lentigo.errors import LentigoError
    from lentigo.spots.lining_up import Earlier
    from lentigo.triage.checklist import Answers


def update(state: State, event: Event) -> Next:  # noqa: PLR0912 (one line per event)
    """Return the next state and the effects to perform, in order."""
    match event:
        case EngineLoaded():
            return ask_engine(_with_session(state, replace(state.session, engine=Running(event))))
        case EngineFailed():
            return _engine_failed(state, event.error)
        case PredictionFailed():
            return _prediction_failed(state, event)
        case EngineReplaced():
            return _without_engine(state), ()
        case FileRead():
            return photos.file_read(state, event)
        case PhotoUnreadable():
            return photos.unreadable(state, event)
        case PictureArrived():
            return _picture_arrived(state, event)
        case PictureRefused():
            return photos.refused(state, event)
        case Prepared():
            of = event.of
            if isinstance(of, Frame):
                return camera.prepared(state, of, event)
            return photos.prepared(state, of, event)
        case Predicted():
            return _predicted(state, event)
        case Crashed():
            return _crashed(_after_act(state, max(state.session.intent, event.intent)), event.error)
        case _:
            return _acted(state, event)


def aimed(state: State, earlier: Earlier | None) -> State:
    """Aim as a kept photo shows its spot, or at any spot."""
    return state if state.earlier is earlier else replace(state, earlier=earlier)


def noted(state: State, act: SpotsAct | OverviewAct | SizeAct) -> State:
    """Count an act of the visitor that is about what is kept."""
    return _after_act(state, max(state.session.intent, act.intent))


def concerning(state: State, person: Answers) -> State:
    """Take what is known of another person, unless there is a photo, which is about the former."""
    return state if state.spots else _with_session(state, replace(state.session, person=person))


def _acted(state: State, event: Act) -> Next:  # noqa: PLR0912 (one line per event)
    """Follow the visitor; an act that comes after a later one is void."""
    if event.intent < state.session.intent:
        return state, ()
    state = _after_act(state, event.intent)
    match event:
        case PhotosChosen():
            return photos.chosen(state, event)
        case NothingChosen():
            return go_on(replace(state, stage=AtPhotos(notice=event.error)))
        case PhotoOpened():
            return photos.opened(state, event.photo_id)
        case Navigated():
            # A camera that nobody sees is closed; photos are judged all the same.
            return at_photos(state) if state.live else (state, ())
        case CameraStarted():
            return camera.started(state, event)
        case AutomaticSet():
            return _automatic_set(state, event.automatic), ()
        case CameraStopped():
            return at_photos(state)
        case CameraStalled():
            return (camera.stalled(state, state.live) if state.live else state), ()
        case CameraFailed():
            return camera.failed(state, event.error)
        case Reset():
            if state.is_row and not event.confirmed:
                asking = AtPhotos(asks_to_reset=True, for_next_person=event.next_person)
                return go_on(replace(state, stage=asking))
            return photos.forgotten(state, event.next_person), ()
        case ResetRefused():
            return at_photos(state) if state.asks_to_reset else (state, ())
        case ModalityChosen():
            return _modality_chosen(state, event), ()
        case ActivationToggled():
            return _activation_toggled(state, event.photo_id)
        case AnswersGiven():
            return _answers_given(state, event)
        case ReportWanted() | ReminderWanted():
            return state, keep.wanted(state, event)
        case Resumed():
            person = replace(state.session, person=event.person)
            return photos.resumed(_with_session(state, person), event)
        case _:
            assert_never(event)


def _with_session(state: State, session: Session) -> State:
    return replace(state, session=session)


def _after_act(state: State, intent: int) -> State:
    return _with_session(state, replace(state.session, intent=intent))


# --- pictures, of the camera or of a photo --------------------------------------------------------


def _picture_arrived(state: State, event: PictureArrived) -> Next:
    if not isinstance(event.of, Frame):
        return photos.arrived(state, event.of, event.picture, event.taken)
    wanted = camera.is_of(state.live, event.of)
    return state, ((Prepare(event.of, event.picture),) if wanted else ())


def _automatic_set(state: State, automatic: bool) -> State:
    live = state.live
    return replace(state, stage=replace(live, automatic=automatic)) if live else state


def _predicted(state: State, event: Predicted) -> Next:
    sent = state.in_flight
    if sent is None or sent.of.id != event.request_id or state.session.running is None:
        return state, ()
    state = replace(state, in_flight=None)
    if isinstance(sent.of, Frame):
        return ask_engine(camera.predicted(state, sent.of, sent, event))
    state, effects = photos.predicted(state, sent, event)
    state, following = ask_engine(state)
    return state, (*effects, *following)


# --- what the visitor says of an answer -----------------------------------------------------------


def _answers_given(state: State, event: AnswersGiven) -> Next:
    state = _with_session(state, replace(state.session, person=event.answers.about_person))
    about_spot = event.answers.about_spot
    if not state.spots:
        state = replace(state, draft=about_spot)
    state = with_spot(state, event.photo_id, answers=about_spot, kept=False)
    shown = state.photographed
    if shown and state.mode is Mode.REJECTED and shown.activation_shown:
        return show(replace(with_spot(state, shown.id, activation_shown=False), pictured=None))
    return state, ()


def _modality_chosen(state: State, event: ModalityChosen) -> State:
    """Assess the same answers once more, by the scale that the visitor names."""
    state = with_shot(state, event.photo_id, modality=event.modality)
    shot = next((shot for shot in state.shots if shot.id == event.photo_id), None)
    if shot is None or shot.alone is None:
        return state
    assessment = assess_smoothed(shot.alone.history, shot.alone.manifest.scales, event.modality)
    answer = replace(shot.alone, assessment=assessment, modality=event.modality)
    state = with_shot(state, event.photo_id, stage=Judged(answer))
    return with_answer_anew(state, event.photo_id)


def _activation_toggled(state: State, photo_id: int) -> Next:
    spot = state.photographed
    if spot is None or spot.id != photo_id or state.mode is not Mode.RESULT:
        return state, ()
    if spot.answer is None or spot.answer.maps is None:
        return state, ()
    state = with_spot(state, photo_id, activation_shown=not spot.activation_shown)
    return show(replace(state, pictured=None))


# --- when something breaks ------------------------------------------------------------------------


def _engine_failed(state: State, error: LentigoError) -> Next:
    """No photo can be judged any more; an answer that stands already is not taken away."""
    sent = {prepared.of.id for prepared in (state.waiting, state.in_flight) if prepared}
    state = _with_session(state, replace(state.session, engine=Unavailable(error)))
    stage = AtPhotos() if state.live else state.stage
    state = replace(state, waiting=None, in_flight=None, stage=stage)
    if state.working in sent:
        return settled(state, Failed(error))
    return go_on(state)


def _prediction_failed(state: State, event: PredictionFailed) -> Next:
    """Try once more on another engine; without the backend that failed."""
    failed = state.in_flight
    if failed is None or failed.of.id != event.request_id:
        return state, ()
    running = state.session.running
    backend = running.backend if running else ""
    if backend in {"", "cpu"} or backend in state.session.excluded:
        return _engine_failed(state, event.error)
    excluded = (*state.session.excluded, backend)
    state = _without_engine(state)
    state = _with_session(state, replace(state.session, excluded=excluded))
    return state, (RestartEngine(excluded),)


def _without_engine(state: State) -> State:
    """Another engine starts; it is asked about the photo in hand, else about what waits."""
    lost = state.in_flight
    waiting = lost if lost and lost.of.id == state.working else state.waiting
    state = _with_session(state, state.session.without_engine())
    return replace(state, in_flight=None, waiting=waiting)


def _crashed(state: State, error: LentigoError) -> Next:
    """Give up what was in hand when the program made a mistake, and nothing else."""
    state = replace(state, in_flight=None, waiting=None)
    if state.live is not None or state.working is None:
        state = replace(state, stage=Broken(error))
    if state.working is not None:
        return settled(state, Failed(error))
    return state, ()
