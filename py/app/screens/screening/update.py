"""From one state and one event to the next state and its effects. Pure; reads no clock.

Every picture has its place in one sequence: photos are looked at one after the other, and what
belongs to a photo that is no longer there, or to an act before the last one, changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, assert_never

from app.events import (
    ActivationToggled,
    AnswersGiven,
    CameraFailed,
    CameraStalled,
    CameraStarted,
    CameraStopped,
    Crashed,
    DecodeFile,
    DecodeOnHost,
    EngineFailed,
    EngineLoaded,
    EngineReplaced,
    FileRead,
    ModalityChosen,
    Navigated,
    NothingChosen,
    PhotoOpened,
    PhotosChosen,
    PhotoUnreadable,
    PictureArrived,
    PictureRefused,
    Predict,
    Predicted,
    PredictionFailed,
    Prepare,
    Prepared,
    PressShutter,
    ReadPhoto,
    Reset,
    ResetRefused,
    RestartEngine,
    Resumed,
    ShowActivation,
    ShowPicture,
    Source,
)
from app.screens.screening.state import (
    Answer,
    Coach,
    Live,
    Mode,
    Spot,
    State,
    Timings,
    triage_of,
    urgency,
)
from lentigo.errors import HostDecodableError, PictureTooLargeError, PictureTooSmallError
from lentigo.model.ood import Recognition
from lentigo.model.reading import Outputs, Reading
from lentigo.model.recent_frames import FrameHistory, LiveFrame, assess_smoothed
from lentigo.picture import filename
from lentigo.picture.decode import MINIMUM_SIDE_PX
from lentigo.picture.quality import Finding, QualityIssue, Remedy, Severity, is_refused
from lentigo.triage.checklist import NO_ANSWERS
from lentigo.triage.rules import Outcome

if TYPE_CHECKING:
    from app.events import Act, Effect, Event, Subject
    from lentigo.errors import LentigoError
    from lentigo.model.manifest import Manifest
    from lentigo.model.modality import Modality

    Next = tuple[State, tuple[Effect, ...]]

RATE_WINDOW_FRAMES = 10
# What a visitor can do little about does not hold up the shutter that presses itself.
TOLERATED = frozenset({QualityIssue.HAIR, QualityIssue.MARKER, QualityIssue.COLOUR_CAST})
# A sharp frame has a few times this much detail (`Gauges.detail_best`); weights must be positive.
LEAST_WEIGHT = 0.05


def update(state: State, event: Event) -> Next:
    """Return the next state and the effects to perform, in order."""
    match event:
        case EngineLoaded():
            return _predict_waiting(replace(state, engine=event, engine_error=None, started=True))
        case EngineFailed():
            return _engine_failed(state, event.error)
        case PredictionFailed():
            return _prediction_failed(state, event.request_id, event.error)
        case EngineReplaced():
            return replace(state, engine=None, in_flight=None, waiting=_asked_again(state)), ()
        case FileRead():
            return _file_read(state, event)
        case PhotoUnreadable():
            return _photo_unreadable(state, event)
        case PictureArrived():
            return _picture_arrived(state, event)
        case PictureRefused():
            return _picture_refused(state, event)
        case Prepared():
            return _prepared(state, event)
        case Predicted():
            return _predicted(state, event)
        case Crashed():
            return _crashed(replace(state, intent=max(state.intent, event.intent)), event.error)
        case _:
            return _acted(state, event)


def _acted(state: State, event: Act) -> Next:  # noqa: PLR0912 (one line per event)
    """Follow the visitor; an act that comes after a later one is void."""
    if event.intent < state.intent:
        return state, ()
    state = replace(state, intent=event.intent)
    match event:
        case PhotosChosen():
            return _photos_chosen(state, event)
        case NothingChosen():
            return _go_on(replace(_quiet(state), live=None, notice=event.error))
        case PhotoOpened():
            return _photo_opened(state, event.photo_id)
        case Navigated():
            # The page has every region at once still, so nothing changes here.
            return state, ()
        case CameraStarted():
            return _camera_started(state, event)
        case CameraStopped():
            return _go_on(replace(_quiet(state), live=None))
        case CameraStalled():
            return _camera_stalled(state), ()
        case CameraFailed():
            return _camera_failed(state, event.error)
        case Reset():
            if state.is_row and not event.confirmed:
                return _go_on(replace(_quiet(state), live=None, asks_to_reset=True))
            return _without_spots(state), ()
        case ResetRefused():
            return _go_on(replace(state, asks_to_reset=False))
        case ModalityChosen():
            return _modality_chosen(state, event), ()
        case ActivationToggled():
            return _activation_toggled(state, event.photo_id)
        case AnswersGiven():
            return _answers_given(state, event)
        case Resumed():
            return _resumed(state, event)
        case _:
            assert_never(event)


# --- photos, one after the other ------------------------------------------------------------------


def _quiet(state: State) -> State:
    """What was told or asked before the visitor's present act is over."""
    return replace(state, notice=None, error=None, asks_to_reset=False)


def _without_spots(state: State) -> State:
    """Forget every photo and what was said of its spot; the person stays known."""
    return State(
        intent=state.intent,
        started=state.started,
        engine=state.engine,
        engine_error=state.engine_error,
        excluded=state.excluded,
        in_flight=state.in_flight,
        person=state.person,
        refusals=state.refusals,
    )


def _photos_chosen(state: State, chosen: PhotosChosen) -> Next:
    of_camera = any(photo.source is Source.CAPTURE for photo in chosen.photos)
    live = state.live if of_camera else None
    former = state.spot(chosen.replaces)
    again = former is not None and len(chosen.photos) == 1
    answers = former.answers if former and again else state.draft
    # What was said before there were several photos may be about any of them.
    kept = answers != NO_ANSWERS and (again or len(chosen.photos) > 1)
    before = live.history if live else FrameHistory()
    new = tuple(Spot(photo, answers=answers, kept=kept, before=before) for photo in chosen.photos)
    state = replace(_quiet(state), live=None, draft=NO_ANSWERS)
    if former is not None:
        at = state.spots.index(former)
        spots = (*state.spots[:at], *new, *state.spots[at + 1 :])
    else:
        spots = (*state.spots, *new) if state.is_row else new
    state = replace(state, spots=spots, opened=new[0].id if again else None)
    if state.spot(state.working) is None:
        state = replace(state, working=None, waiting=None)
    return _go_on(state)


def _photo_opened(state: State, photo_id: int) -> Next:
    spot = state.spot(photo_id)
    if spot is None:
        return state, ()
    state = replace(_quiet(state), live=None, opened=photo_id)
    state, shown = _show(state, spot)
    state, effects = _go_on(state)
    return state, (*shown, *effects)


def _go_on(state: State) -> Next:
    """Begin with the next photo, unless one is in hand; after the last, open the most severe."""
    if state.live or state.working is not None or not state.spots:
        return state, ()
    pending = [spot for spot in state.spots if spot.mode is Mode.ANALYSING]
    if pending:
        opened = state.spot(state.opened)
        following = opened if opened in pending else pending[0]
        assert following is not None and following.photo is not None
        return replace(state, working=following.id), (ReadPhoto(following.photo.id),)
    if state.opened is None:
        severest = max(state.spots, key=lambda spot: urgency(spot, state.person))
        state = replace(state, opened=severest.id)
    return _show(state, state.shown)


def _show(state: State, spot: Spot) -> Next:
    """Have the page show the picture of a spot, unless it does."""
    if not spot.square or state.pictured == spot.id:
        return state, ()
    state = replace(state, pictured=spot.id)
    answer = spot.answer
    if spot.activation_shown and answer is not None and answer.maps is not None:
        return state, (ShowActivation(spot.square, answer.maps, answer.assessment.diagnosis),)
    return state, (ShowPicture(spot.square),)


def _with_spot(state: State, photo_id: int | None, **changes: Any) -> State:
    spots = tuple(replace(s, **changes) if s.id == photo_id else s for s in state.spots)
    return replace(state, spots=spots)


def _settled(state: State, mode: Mode, **changes: Any) -> Next:
    """End the work on the photo in hand, in an answer or in words, and go on to the next."""
    state = _with_spot(state, state.working, mode=mode, **changes)
    return _go_on(replace(state, working=None))


def _in_hand(state: State, photo_id: int) -> Spot | None:
    """Return the spot that is being worked on, if that is the one of this photo."""
    return state.spot(photo_id) if photo_id == state.working else None


def _file_read(state: State, read: FileRead) -> Next:
    spot = _in_hand(state, read.photo_id)
    if spot is None or spot.photo is None:
        return state, ()
    if read.size > len(read.data):
        megabytes = read.size / 1e6
        error = PictureTooLargeError(
            f"“{filename.shown(spot.photo.name)}” is {megabytes:.0f} MB large."
        )
        return _settled(state, Mode.ERROR, error=error)
    return state, (DecodeFile(spot.photo, read.data),)


def _photo_unreadable(state: State, event: PhotoUnreadable) -> Next:
    spot = _in_hand(state, event.photo_id)
    if spot is None:
        return state, ()
    # Pillow's verdict names the format, so it says more than the browser's.
    return _settled(state, Mode.ERROR, error=spot.error or event.error)


def _picture_refused(state: State, event: PictureRefused) -> Next:
    spot = _in_hand(state, event.subject.id)
    if spot is None:
        return state, ()
    if isinstance(event.error, HostDecodableError):
        asked = _with_spot(state, spot.id, error=event.error)
        return asked, (DecodeOnHost(event.subject.id),)
    return _settled(state, Mode.ERROR, error=event.error)


def _picture_arrived(state: State, event: PictureArrived) -> Next:
    if event.subject.source is Source.LIVE:
        return (
            (state, (Prepare(event.subject, event.picture),))
            if _is_live(state, event.subject)
            else (state, ())
        )
    spot = _in_hand(state, event.subject.id)
    if spot is None or spot.photo is None:
        return state, ()
    width_px, height_px = event.picture.size
    if min(width_px, height_px) < MINIMUM_SIDE_PX:
        # `decode` has refused such a file; the browser decodes it all the same.
        what = f"The picture has only {width_px} × {height_px} pixels."
        return _settled(state, Mode.ERROR, error=PictureTooSmallError(what))
    return _with_spot(state, spot.id, error=None), (Prepare(spot.photo, event.picture),)


def _prepared(state: State, prepared: Prepared) -> Next:
    subject = prepared.subject
    if subject.source is Source.LIVE:
        return _live_prepared(state, prepared)
    if _in_hand(state, subject.id) is None:
        return state, ()
    state = _with_spot(
        state,
        subject.id,
        findings=prepared.findings,
        outline=prepared.outline,
        square=prepared.square,
        thumbnail=prepared.thumbnail,
    )
    shown: tuple[Effect, ...] = ()
    if state.shown.id == subject.id:
        state, shown = _show(state, state.shown)
    if is_refused(prepared.findings):
        state = replace(state, refusals=state.refusals + 1)
        state, effects = _settled(state, Mode.REJECTED)
    elif state.engine_error:
        state, effects = _settled(state, Mode.ERROR, error=state.engine_error)
    else:
        state, effects = _predict_waiting(replace(state, waiting=prepared))
    return state, (*shown, *effects)


# --- the model's answers --------------------------------------------------------------------------


def _predict_waiting(state: State) -> Next:
    """Send what waits, once an engine is there and idle: at most one request is in flight."""
    if state.waiting is None or state.engine is None or state.in_flight is not None:
        return state, ()
    sent = state.waiting
    return replace(state, waiting=None, in_flight=sent), (Predict(sent),)


def _predicted(state: State, event: Predicted) -> Next:
    sent = state.in_flight
    if sent is None or sent.subject.id != event.request_id or state.engine is None:
        return state, ()
    state = replace(state, in_flight=None)
    if sent.subject.source is Source.LIVE:
        state = _live_predicted(state, sent, event)
        return _predict_waiting(state)
    if _in_hand(state, event.request_id) is None:
        return _predict_waiting(state)
    state, effects = _photo_predicted(state, sent, event)
    state, following = _predict_waiting(state)
    return state, (*effects, *following)


def _photo_predicted(state: State, sent: Prepared, event: Predicted) -> Next:
    spot = _in_hand(state, event.request_id)
    assert spot is not None and state.engine is not None
    manifest = state.engine.manifest
    reading = _read(event, manifest, spot.modality)
    if reading.recognition is Recognition.NOT_A_LESION:
        state = replace(state, refusals=state.refusals + 1)
        findings = (_unknown(reading, manifest), *sent.findings)
        return _settled(state, Mode.REJECTED, findings=findings)
    # A photo stands alone; of a lesion before the camera the last frames count too.
    history = spot.before.add(_frame(sent, reading))
    answer = _answer(sent, event, manifest, reading, history)
    judged = _with_outcome(replace(spot, answer=answer), state)
    return _settled(replace(state, refusals=0), judged.mode, answer=answer, before=FrameHistory())


def _read(event: Predicted, manifest: Manifest, chosen: Modality | None = None) -> Reading:
    outputs = Outputs(tuple(event.logits), event.modality, event.lesion)
    return manifest.reader.read(outputs, chosen)


def _frame(sent: Prepared, reading: Reading) -> LiveFrame:
    weight = max(sent.sharpness, LEAST_WEIGHT)
    return LiveFrame(reading.probabilities, weight, sent.subject.started_ms, sent.scene)


def _answer(
    sent: Prepared,
    event: Predicted,
    manifest: Manifest,
    reading: Reading,
    history: FrameHistory,
) -> Answer:
    return Answer(
        assess_smoothed(history, manifest.reader.points_for(reading.modality)),
        Timings(sent.preprocess_ms, event.inference_ms, event.at_ms - sent.subject.started_ms),
        event.backend,
        manifest,
        history,
        reading.modality,
        event.maps,
    )


def _with_outcome(spot: Spot, state: State) -> Spot:
    """A judged picture has a label, or the answers have put the spot outside what can be judged."""
    labelled = triage_of(spot, state.person).outcome is Outcome.LABELLED
    return replace(spot, mode=Mode.RESULT if labelled else Mode.REJECTED)


def _unknown(reading: Reading, manifest: Manifest) -> Finding:
    """Say that the model does not take the picture for a lesion."""
    known = manifest.out_of_distribution
    assert known is not None
    return Finding(
        QualityIssue.UNKNOWN_LESION,
        reading.known_score,
        known.threshold,
        Severity.REFUSE,
        Remedy.KNOWN_SPOT,
    )


# --- what the visitor says of an answer -----------------------------------------------------------


def _answers_given(state: State, event: AnswersGiven) -> Next:
    state = replace(state, person=event.answers.about_person)
    about_spot = event.answers.about_spot
    if not state.spots:
        state = replace(state, draft=about_spot)
    state = _with_spot(state, event.photo_id, answers=about_spot, kept=False)
    # What is known of the person counts for every spot.
    state = replace(
        state, spots=tuple(_with_outcome(s, state) if s.answer else s for s in state.spots)
    )
    shown = state.shown
    if shown.mode is Mode.REJECTED and shown.activation_shown:
        state = replace(_with_spot(state, shown.id, activation_shown=False), pictured=None)
        return _show(state, state.shown)
    return state, ()


def _modality_chosen(state: State, event: ModalityChosen) -> State:
    """Assess the same probabilities once more, with the operating points that the visitor names."""
    state = _with_spot(state, event.photo_id, modality=event.modality)
    spot = state.spot(event.photo_id)
    if spot is None or spot.answer is None:
        return state
    points = spot.answer.manifest.reader.points_for(event.modality)
    assessment = assess_smoothed(spot.answer.history, points)
    answer = replace(spot.answer, assessment=assessment, modality=event.modality)
    return _with_spot(state, event.photo_id, answer=answer)


def _activation_toggled(state: State, photo_id: int) -> Next:
    spot = state.spot(photo_id)
    answer = spot.answer if spot else None
    if spot is None or spot.mode is not Mode.RESULT or answer is None or answer.maps is None:
        return state, ()
    state = _with_spot(state, photo_id, activation_shown=not spot.activation_shown)
    if state.shown.id != photo_id:
        return state, ()
    return _show(replace(state, pictured=None), state.shown)


# --- the camera -----------------------------------------------------------------------------------


def _is_live(state: State, frame: Subject) -> bool:
    return state.live is not None and frame.intent >= state.live.since


def _camera_started(state: State, event: CameraStarted) -> Next:
    state = _quiet(state)
    former = state.spot(event.replaces)
    if former is None and not state.is_row:
        # A new spot; what was said before there was any is about this one.
        state = replace(_without_spots(state), draft=state.draft)
    if state.engine_error:
        return _go_on(replace(state, notice=state.engine_error if state.spots else None))
    answers = former.answers if former else state.draft
    spot = Spot(mode=Mode.LIVE, answers=answers, kept=former is not None and answers != NO_ANSWERS)
    live = Live(event.intent, spot, former.id if former else None)
    return replace(state, live=live, pictured=None), ()


def _camera_failed(state: State, error: LentigoError) -> Next:
    state = replace(_quiet(state), live=None)
    if state.spots:
        return _go_on(replace(state, notice=error))
    return replace(state, error=error), ()


def _camera_stalled(state: State) -> State:
    """What stood still for a moment says nothing of what is before the camera now."""
    if state.live is None:
        return state
    spot = replace(state.live.spot, answer=None, findings=(), outline=())
    live = replace(
        state.live, spot=spot, coach=Coach(), history=FrameHistory(), answered_ms=(), stalled=True
    )
    return replace(state, live=live, waiting=_unless_live(state.waiting))


def _unless_live(prepared: Prepared | None) -> Prepared | None:
    return None if prepared and prepared.subject.source is Source.LIVE else prepared


def _live_prepared(state: State, prepared: Prepared) -> Next:
    live = state.live
    if live is None or not _is_live(state, prepared.subject):
        return state, ()
    # The model's own verdict, unlike the gauges', stands until the model has seen another frame.
    unknown = tuple(f for f in live.spot.findings if f.issue is QualityIssue.UNKNOWN_LESION)
    refused = is_refused(prepared.findings)
    # What the visitor can mend is told before what the model thinks of it.
    findings = prepared.findings if refused else (*prepared.findings, *unknown)
    good = live.spot.answer is not None and TOLERATED.issuperset(f.issue for f in findings)
    coach = live.coach.see(findings, good, prepared.subject.started_ms)
    shutter: tuple[Effect, ...] = ()
    if coach.good_share == 1.0:
        coach, shutter = replace(coach, good_ms=None), (PressShutter(),)
    spot = replace(live.spot, findings=findings, outline=prepared.outline)
    live = replace(live, spot=spot, coach=coach, stalled=False)
    state = replace(state, live=live)
    if refused:
        # What cannot be judged has no answer, and is no part of the next one.
        live = replace(
            live, spot=replace(spot, answer=None), history=FrameHistory(), answered_ms=()
        )
        return replace(state, live=live, waiting=_unless_live(state.waiting)), ()
    if state.engine is None or (state.waiting and _unless_live(state.waiting)):
        return state, shutter
    # While a frame is in flight the newest waits in its place, so that the engine never idles
    # until the camera's next one (docs/decisions/0006-the-newest-frame-waits.md).
    state, sent = _predict_waiting(replace(state, waiting=prepared))
    return state, (*shutter, *sent)


def _live_predicted(state: State, sent: Prepared, event: Predicted) -> State:
    live = state.live
    if live is None or state.engine is None or not _is_live(state, sent.subject):
        return state
    known = tuple(f for f in live.spot.findings if f.issue is not QualityIssue.UNKNOWN_LESION)
    if is_refused(known) or live.stalled:
        return state
    manifest = state.engine.manifest
    reading = _read(event, manifest)
    if reading.recognition is Recognition.NOT_A_LESION:
        findings = (_unknown(reading, manifest), *known)
        spot = replace(live.spot, answer=None, findings=findings)
        live = replace(live, spot=spot, history=FrameHistory(), answered_ms=())
        return replace(state, live=live)
    history = live.history.add(_frame(sent, reading))
    answer = _answer(sent, event, manifest, reading, history)
    spot = replace(live.spot, answer=answer, findings=known)
    answered_ms = (*live.answered_ms, event.at_ms)[-RATE_WINDOW_FRAMES:]
    live = replace(live, spot=spot, history=history, answered_ms=answered_ms)
    return replace(state, live=live)


# --- when something breaks ------------------------------------------------------------------------


def _engine_failed(state: State, error: LentigoError) -> Next:
    """No photo can be judged any more; an answer that stands already is not taken away."""
    sent = {p.subject.id for p in (state.waiting, state.in_flight) if p}
    state = replace(state, engine=None, engine_error=error, waiting=None, in_flight=None)
    state = replace(state, live=None)
    if state.working in sent:
        return _settled(state, Mode.ERROR, error=error)
    return _go_on(state)


def _prediction_failed(state: State, request_id: int, error: LentigoError) -> Next:
    """Try once more on another engine; without the backend that failed."""
    failed = state.in_flight
    if failed is None or failed.subject.id != request_id:
        return state, ()
    backend = state.engine.backend if state.engine else ""
    if backend in {"", "cpu"} or backend in state.excluded:
        return _engine_failed(state, error)
    excluded = (*state.excluded, backend)
    waiting = _asked_again(state)
    state = replace(state, in_flight=None, engine=None, excluded=excluded, waiting=waiting)
    return state, (RestartEngine(excluded),)


def _asked_again(state: State) -> Prepared | None:
    """Return what the next engine is asked: the photo in hand, else what waits."""
    lost = state.in_flight
    return lost if lost and lost.subject.id == state.working else state.waiting


def _crashed(state: State, error: LentigoError) -> Next:
    """Give up what was in hand when the program made a mistake, and nothing else."""
    state = replace(state, in_flight=None, waiting=None)
    if state.live is not None or state.working is None:
        state = replace(state, live=None, error=error)
    if state.working is not None:
        return _settled(state, Mode.ERROR, error=error)
    return state, ()


def _resumed(state: State, event: Resumed) -> Next:
    """Look once more at every photo that the application before this one knew."""
    spots = tuple(
        Spot(known.photo, answers=known.answers, kept=known.kept, modality=known.modality)
        for known in event.spots
    )
    return _go_on(
        replace(state, spots=spots, opened=event.opened, person=event.person, draft=event.draft)
    )
