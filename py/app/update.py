"""From one state and one event to the next state and its effects. Pure; reads no clock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from app.events import (
    ActivationToggled,
    AnswersGiven,
    CameraFailed,
    CameraStarted,
    Crashed,
    DecodeFile,
    DecodeOnHost,
    EngineFailed,
    EngineLoaded,
    EngineReplaced,
    FileChosen,
    FileUndecodable,
    ModalityChosen,
    PictureArrived,
    PictureRefused,
    Predict,
    Predicted,
    PredictionFailed,
    Prepare,
    Prepared,
    PressShutter,
    Reset,
    RestartEngine,
    ShowActivation,
    ShowPicture,
    Source,
)
from app.state import Answer, Coach, Mode, State, Timings
from lentigo.calibration import softmax
from lentigo.errors import HostDecodableError, PictureTooLargeError
from lentigo.modality import Modality, modality_of
from lentigo.quality import Finding, QualityIssue, Remedy, Severity, is_refused
from lentigo.smoothing import FrameHistory, assess_smoothed
from lentigo.triage import Outcome

if TYPE_CHECKING:
    from app.events import Effect, Event, Subject
    from lentigo.errors import LentigoError
    from lentigo.manifest import Manifest

    Next = tuple[State, tuple[Effect, ...]]

RATE_WINDOW_FRAMES = 10
# What a visitor can do little about does not hold up the shutter that presses itself.
TOLERATED = frozenset({QualityIssue.HAIR, QualityIssue.MARKER, QualityIssue.COLOUR_CAST})
# A sharp frame has a few times this much detail (`Gauges.detail_best`); weights must be positive.
LEAST_WEIGHT = 0.05


def update(state: State, event: Event) -> Next:  # noqa: PLR0912 (one line per event)
    """Return the next state and the effects to perform, in order."""
    match event:
        case EngineLoaded():
            return _engine_loaded(state, event)
        case EngineFailed():
            return _engine_failed(state, event.error)
        case EngineReplaced():
            return replace(state, engine=None, in_flight=None, waiting=_asked_again(state)), ()
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
        case AnswersGiven():
            return _answers_given(state, event)
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
        answers=state.answers,
        refusals=state.refusals,
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
        return _live_prepared(state, prepared) if state.mode is Mode.LIVE else (state, ())
    if state.subject is None or state.subject.id != subject.id:
        return state, ()
    state = replace(state, findings=prepared.findings, outline=prepared.outline)
    if is_refused(prepared.findings):
        return replace(state, mode=Mode.REJECTED, refusals=state.refusals + 1), ()
    if state.engine_error:
        return replace(state, mode=Mode.ERROR, error=state.engine_error), ()
    return _predict_waiting(replace(state, waiting=prepared))


def _live_prepared(state: State, prepared: Prepared) -> Next:
    # The model's own verdict, unlike the gauges', stands until the model has seen another frame.
    unknown = tuple(f for f in state.findings if f.issue is QualityIssue.UNKNOWN_LESION)
    refused = is_refused(prepared.findings)
    # What the visitor can mend is told before what the model thinks of it.
    findings = prepared.findings if refused else (*prepared.findings, *unknown)
    good = state.answer is not None and TOLERATED.issuperset(f.issue for f in findings)
    coach = state.coach.see(findings, good, prepared.subject.started_ms)
    shutter: tuple[Effect, ...] = ()
    if coach.good_share == 1.0:
        coach, shutter = replace(coach, good_ms=None), (PressShutter(),)
    state = replace(state, findings=findings, outline=prepared.outline, coach=coach)
    if refused:
        # What cannot be judged has no answer, and is no part of the next one.
        cleared = replace(state, answer=None, waiting=None, answered_ms=())
        return replace(cleared, history=FrameHistory()), ()
    if state.engine is None:
        return state, shutter
    # While a frame is in flight the newest waits in its place, so that the engine never idles
    # until the camera's next one (docs/decisions/0006-the-newest-frame-waits.md).
    state, sent = _predict_waiting(replace(state, waiting=prepared))
    return state, (*shutter, *sent)


def _predicted(state: State, event: Predicted) -> Next:
    sent = state.in_flight
    if sent is None or sent.subject.id != event.request_id or state.engine is None:
        return state, ()
    manifest = state.engine.manifest
    state = replace(state, in_flight=None)
    subject = sent.subject
    known = tuple(f for f in state.findings if f.issue is not QualityIssue.UNKNOWN_LESION)
    if subject.source is Source.LIVE:
        wanted = (
            state.mode is Mode.LIVE and subject.intent == state.intent and not is_refused(known)
        )
    else:
        wanted = state.subject is not None and state.subject.id == subject.id
    if not wanted:
        return _predict_waiting(state)

    probabilities = tuple(float(p) for p in softmax(event.logits, manifest.calibration.temperature))
    unknown = _unknown(event, probabilities, manifest)
    if unknown is not None:
        state = replace(state, answer=None, history=FrameHistory(), answered_ms=())
        state = replace(state, findings=(unknown, *known))
        if subject.source is Source.LIVE:
            return _predict_waiting(state)
        return replace(state, mode=Mode.REJECTED, refusals=state.refusals + 1), ()
    # A photo stands alone; of a lesion before the camera the last frames count too.
    before = FrameHistory() if subject.source is Source.PHOTO else state.history
    history = before.add(probabilities, max(sent.sharpness, LEAST_WEIGHT))
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
    state = replace(state, answer=answer, history=history, findings=known)
    if subject.source is Source.LIVE:
        answered_ms = (*state.answered_ms, event.at_ms)[-RATE_WINDOW_FRAMES:]
        return _predict_waiting(replace(state, answered_ms=answered_ms))
    return _with_outcome(replace(state, history=FrameHistory(), refusals=0)), ()


def _with_outcome(state: State) -> State:
    """A judged picture has a label, or the answers have put the spot outside what can be judged."""
    labelled = state.triage.outcome is Outcome.LABELLED
    return replace(state, mode=Mode.RESULT if labelled else Mode.REJECTED)


def _answers_given(state: State, event: AnswersGiven) -> Next:
    state = replace(state, intent=event.intent, answers=event.answers)
    if state.mode not in {Mode.RESULT, Mode.REJECTED} or state.answer is None:
        return state, ()
    state = _with_outcome(state)
    if state.mode is Mode.REJECTED and state.activation_shown and state.picture is not None:
        return replace(state, activation_shown=False), (ShowPicture(state.picture),)
    return state, ()


def _unknown(
    event: Predicted, probabilities: tuple[float, ...], manifest: Manifest
) -> Finding | None:
    """Tell whether the model must not name what it sees; a model without the score always may."""
    known = manifest.out_of_distribution
    if known is None or event.lesion is None:
        return None
    confidence = max(probabilities)
    if known.is_known(event.logits, event.lesion, confidence):
        return None
    score = float(known.score(event.logits, event.lesion, confidence))
    return Finding(
        QualityIssue.UNKNOWN_LESION, score, known.threshold, Severity.REFUSE, Remedy.KNOWN_SPOT
    )


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
    waiting = _asked_again(state)
    state = replace(state, in_flight=None, engine=None)
    if backend in {"", "cpu"} or backend in state.excluded:
        return replace(state, mode=Mode.ERROR, error=error, engine_error=error, answer=None), ()
    excluded = (*state.excluded, backend)
    return replace(state, excluded=excluded, waiting=waiting), (RestartEngine(excluded),)


def _asked_again(state: State) -> Prepared | None:
    """What the next engine is asked: the newest picture; a live frame is gone by then."""
    lost = state.in_flight
    if state.waiting is None and lost is not None and lost.subject.source is not Source.LIVE:
        return lost
    return state.waiting


def _camera_started(state: State, intent: int) -> Next:
    state = replace(_cleared(state, intent), camera_on=True, coach=Coach())
    if state.engine_error:
        return _idle(state), ()
    return replace(state, mode=Mode.LIVE if state.engine else Mode.BOOTING), ()
