"""From one state and one event to the next state and its effects. Pure; reads no clock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from app.events import (
    ActivationToggled,
    CameraFailed,
    CameraStarted,
    Crashed,
    DecodeFile,
    DecodeOnHost,
    EngineFailed,
    EngineLoaded,
    FileChosen,
    FileUndecodable,
    ModalityChosen,
    PictureArrived,
    PictureRefused,
    Predict,
    Predicted,
    PredictionFailed,
    PredictionLate,
    Prepare,
    Prepared,
    Reset,
    RestartEngine,
    ShowActivation,
    ShowPicture,
    Source,
)
from app.state import Answer, Mode, State, Timings
from lentigo.calibration import softmax
from lentigo.errors import EngineTimeoutError, HostDecodableError, PictureTooLargeError
from lentigo.modality import Modality, modality_of
from lentigo.quality import QualityIssue
from lentigo.smoothing import FrameHistory, assess_smoothed

if TYPE_CHECKING:
    from app.events import Effect, Event, Subject
    from lentigo.errors import LentigoError
    from lentigo.manifest import Manifest

    Next = tuple[State, tuple[Effect, ...]]

RATE_WINDOW_FRAMES = 10
# The model's own verdict, unlike the gauges': it stands until the model has seen another frame.
UNKNOWN = (QualityIssue.UNKNOWN_LESION,)


def update(state: State, event: Event) -> Next:  # noqa: PLR0912 (one line per event)
    """Return the next state and the effects to perform, in order."""
    match event:
        case EngineLoaded():
            return _engine_loaded(state, event)
        case EngineFailed():
            return _engine_failed(state, event.error)
        case FileChosen():
            return _file_chosen(state, event)
        case FileUndecodable():
            return _file_undecodable(state, event)
        case PictureArrived():
            return _picture_arrived(state, event)
        case PictureRefused():
            return _picture_refused(state, event.subject, event.error)
        case Prepared():
            return _prepared(state, event)
        case Predicted():
            return _predicted(state, event)
        case PredictionFailed():
            return _prediction_failed(state, event.request_id, event.error)
        case PredictionLate():
            error = EngineTimeoutError("The model did not answer in time.")
            return _prediction_failed(state, event.request_id, error)
        case CameraStarted():
            return _camera_started(state, event.intent)
        case CameraFailed():
            failed = replace(_cleared(state, event.intent), mode=Mode.ERROR, error=event.error)
            return failed, ()
        case Crashed():
            stopped = replace(state, in_flight=None, waiting=None, answer=None)
            return replace(stopped, mode=Mode.ERROR, error=event.error), ()
        case Reset():
            return _idle(_cleared(state, event.intent)), ()
        case ModalityChosen():
            return _modality_chosen(state, event)
        case ActivationToggled():
            return _activation_toggled(state, event.intent)
        case _:
            assert_never(event)


def _cleared(state: State, intent: int) -> State:
    """Forget the last picture and its answer; keep the engine."""
    return State(
        mode=state.mode,
        intent=intent,
        engine=state.engine,
        engine_error=state.engine_error,
        excluded=state.excluded,
        in_flight=state.in_flight,
    )


def _idle(state: State) -> State:
    if state.engine_error:
        return replace(state, mode=Mode.ERROR, error=state.engine_error)
    return replace(state, mode=Mode.READY if state.engine else Mode.BOOTING)


def _engine_loaded(state: State, engine: EngineLoaded) -> Next:
    state = replace(state, engine=engine, engine_error=None)
    if state.mode is Mode.BOOTING:
        state = replace(state, mode=Mode.LIVE if state.camera_on else Mode.READY)
    return _predict_waiting(state)


def _engine_failed(state: State, error: LentigoError) -> Next:
    state = replace(state, engine=None, engine_error=error, waiting=None, in_flight=None)
    # An answer that stands already is not taken away.
    if state.mode in {Mode.RESULT, Mode.REJECTED, Mode.ERROR}:
        return state, ()
    return replace(state, mode=Mode.ERROR, error=error, answer=None), ()


def _predict_waiting(state: State) -> Next:
    """Send what waits, once an engine is there and idle: at most one request is in flight."""
    if state.waiting is None or state.engine is None or state.in_flight is not None:
        return state, ()
    sent = state.waiting
    return replace(state, waiting=None, in_flight=sent), (Predict(sent),)


def _file_chosen(state: State, chosen: FileChosen) -> Next:
    subject = chosen.subject
    state = replace(_cleared(state, subject.intent), mode=Mode.ANALYSING, subject=subject)
    if chosen.size > len(chosen.data):
        megabytes = chosen.size / 1e6
        error = PictureTooLargeError(f"“{subject.name}” is {megabytes:.0f} MB large.")
        return _picture_refused(state, subject, error)
    return state, (DecodeFile(chosen),)


def _picture_refused(state: State, subject: Subject, error: LentigoError) -> Next:
    if subject != state.subject:
        return state, ()
    if isinstance(error, HostDecodableError):
        return replace(state, error=error), (DecodeOnHost(subject.id),)
    return replace(state, mode=Mode.ERROR, error=error), ()


def _file_undecodable(state: State, event: FileUndecodable) -> Next:
    if state.subject is None or state.subject.id != event.subject_id:
        return state, ()
    # Pillow's verdict names the format, so it says more than the browser's.
    return replace(state, mode=Mode.ERROR, error=state.error or event.error), ()


def _picture_arrived(state: State, event: PictureArrived) -> Next:
    subject = event.subject
    prepare = Prepare(subject, event.picture)
    if subject.source is Source.LIVE:
        return (state, (prepare,)) if state.mode is Mode.LIVE else (state, ())
    if subject.source is Source.CAPTURE:
        # The last live frames show the same lesion, so they stay in the history.
        history = state.history
        state = replace(_cleared(state, subject.intent), subject=subject, history=history)
        state = replace(state, mode=Mode.ANALYSING)
    elif state.subject is None or state.subject.id != subject.id:
        return state, ()
    state = replace(state, error=None, picture=event.picture)
    return state, (ShowPicture(event.picture), prepare)


def _prepared(state: State, prepared: Prepared) -> Next:
    subject = prepared.subject
    if subject.source is Source.LIVE:
        if state.mode is not Mode.LIVE:
            return state, ()
        unknown = UNKNOWN if state.issues == UNKNOWN else ()
        state = replace(state, issues=prepared.issues or unknown)
        if prepared.issues:
            # What cannot be judged has no answer, and is no part of the next one.
            cleared = replace(state, answer=None, waiting=None, answered_ms=())
            return replace(cleared, history=FrameHistory()), ()
        # While a frame is in flight the newest waits in its place, so that the engine never idles
        # until the camera's next one (docs/decisions/0006-the-newest-frame-waits.md).
        return _predict_waiting(replace(state, waiting=prepared)) if state.engine else (state, ())
    if state.subject is None or state.subject.id != subject.id:
        return state, ()
    if prepared.issues:
        return replace(state, mode=Mode.REJECTED, issues=prepared.issues), ()
    if state.engine_error:
        return replace(state, mode=Mode.ERROR, error=state.engine_error), ()
    return _predict_waiting(replace(state, waiting=prepared))


def _predicted(state: State, event: Predicted) -> Next:
    sent = state.in_flight
    if sent is None or sent.subject.id != event.request_id or state.engine is None:
        return state, ()
    manifest = state.engine.manifest
    state = replace(state, in_flight=None)
    subject = sent.subject
    if subject.source is Source.LIVE:
        judged = state.issues in {(), UNKNOWN}
        wanted = state.mode is Mode.LIVE and subject.intent == state.intent and judged
    else:
        wanted = state.subject is not None and state.subject.id == subject.id
    if not wanted:
        return _predict_waiting(state)

    probabilities = tuple(float(p) for p in softmax(event.logits, manifest.calibration.temperature))
    if not _is_known(event, probabilities, manifest):
        state = replace(state, answer=None, issues=UNKNOWN, history=FrameHistory(), answered_ms=())
        if subject.source is Source.LIVE:
            return _predict_waiting(state)
        return replace(state, mode=Mode.REJECTED), ()
    # A photo stands alone; of a lesion before the camera the last frames count too.
    before = FrameHistory() if subject.source is Source.PHOTO else state.history
    history = before.add(probabilities)
    modality = _modality(event, manifest)
    answer = Answer(
        assess_smoothed(history, manifest.points_for(modality)),
        Timings(sent.preprocess_ms, event.inference_ms, event.at_ms - subject.started_ms),
        event.backend,
        manifest,
        history,
        modality,
        event.maps,
    )
    state = replace(state, answer=answer, history=history, issues=())
    if subject.source is Source.LIVE:
        answered_ms = (*state.answered_ms, event.at_ms)[-RATE_WINDOW_FRAMES:]
        return _predict_waiting(replace(state, answered_ms=answered_ms))
    return replace(state, mode=Mode.RESULT, history=FrameHistory()), ()


def _is_known(event: Predicted, probabilities: tuple[float, ...], manifest: Manifest) -> bool:
    """Tell whether the model may name what it sees; a model without the score always may."""
    score = manifest.out_of_distribution
    if score is None or event.lesion is None:
        return True
    return score.is_known(event.logits, event.lesion, max(probabilities))


def _modality(event: Predicted, manifest: Manifest) -> Modality:
    if manifest.modality is None or event.modality is None:
        return Modality.UNSURE
    return modality_of(event.modality, manifest.modality.certain_from)


def _modality_chosen(state: State, event: ModalityChosen) -> Next:
    """Assess the same probabilities once more, with the operating points that the visitor names."""
    state = replace(state, intent=event.intent)
    if state.mode is not Mode.RESULT or state.answer is None:
        return state, ()
    points = state.answer.manifest.points_for(event.modality)
    assessment = assess_smoothed(state.answer.history, points)
    answer = replace(state.answer, assessment=assessment, modality=event.modality)
    return replace(state, answer=answer), ()


def _activation_toggled(state: State, intent: int) -> Next:
    state = replace(state, intent=intent)
    answer, picture = state.answer, state.picture
    if state.mode is not Mode.RESULT or answer is None or answer.maps is None or picture is None:
        return state, ()
    if state.activation_shown:
        return replace(state, activation_shown=False), (ShowPicture(picture),)
    shown = ShowActivation(picture, answer.maps, answer.assessment.diagnosis)
    return replace(state, activation_shown=True), (shown,)


def _prediction_failed(state: State, request_id: int, error: LentigoError) -> Next:
    """Try once more on another engine; without the backend that failed."""
    failed = state.in_flight
    if failed is None or failed.subject.id != request_id:
        return state, ()
    backend = state.engine.backend if state.engine else ""
    state = replace(state, in_flight=None, engine=None)
    if backend in {"", "cpu"} or backend in state.excluded:
        return replace(state, mode=Mode.ERROR, error=error, engine_error=error, answer=None), ()
    excluded = (*state.excluded, backend)
    # A live frame is gone by then; a photo waits.
    waiting = failed if failed.subject.source is not Source.LIVE else None
    return replace(state, excluded=excluded, waiting=state.waiting or waiting), (
        RestartEngine(excluded),
    )


def _camera_started(state: State, intent: int) -> Next:
    state = replace(_cleared(state, intent), camera_on=True)
    if state.engine_error:
        return _idle(state), ()
    return replace(state, mode=Mode.LIVE if state.engine else Mode.BOOTING), ()
