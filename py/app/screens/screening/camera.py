"""The camera: opened, stalled, closed, and what its frames show. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.effects import PressShutter
from app.events import Frame
from app.screens.screening import prediction
from app.screens.screening.live import Coach, Live
from app.screens.screening.photos import forgotten, spot_to_join
from app.screens.screening.sequence import ask_engine, go_on
from app.screens.screening.spot import SpotInView
from app.screens.screening.state import AtPhotos, Broken
from lentigo.model.ood import Recognition
from lentigo.model.recent_frames import RecentFrames
from lentigo.picture.quality import QualityIssue, is_refused
from lentigo.spots.lining_up import adjustment, sight_of
from lentigo.triage.checklist import NO_ANSWERS

if TYPE_CHECKING:
    from app.effects import Effect
    from app.events import CameraStarted, Predicted, Prepared
    from app.screens.screening.sequence import Next
    from app.screens.screening.state import State
    from lentigo.errors import LentigoError
    from lentigo.spots.lining_up import Adjustment

RATE_WINDOW_FRAMES = 10
# What a visitor can do little about does not hold up the shutter that presses itself.
TOLERATED = frozenset({QualityIssue.HAIR, QualityIssue.MARKER, QualityIssue.COLOUR_CAST})


def started(state: State, event: CameraStarted) -> Next:
    """Aim at a new spot, or once more at that of a photo."""
    joined = spot_to_join(state, event.joins, event.replaces)
    former = joined or state.spot(event.replaces)
    if former is None and not state.is_row:
        # A new spot; what was said before there was any is about this one.
        state = replace(forgotten(state), draft=state.draft)
    error = state.session.engine_error
    if error is not None:
        return go_on(replace(state, stage=AtPhotos(notice=error if state.spots else None)))
    answers = former.answers if former else state.draft
    spot = SpotInView(answers=answers, kept=former is not None and answers != NO_ANSWERS)
    live = Live(
        event.intent,
        spot,
        replaces=former.id if former and not joined else None,
        joins=joined.id if joined else None,
        automatic=event.automatic,
    )
    return replace(state, stage=live, pictured=None), ()


def failed(state: State, error: LentigoError) -> Next:
    """Say why there is no camera, beside the photos if there are any."""
    if state.spots:
        return go_on(replace(state, stage=AtPhotos(notice=error)))
    return replace(state, stage=Broken(error)), ()


def stalled(state: State, live: Live) -> State:
    """What stood still for a moment says nothing of what is before the camera now."""
    spot = replace(live.spot, answer=None, findings=(), outline=())
    live = replace(
        live, spot=spot, coach=Coach(), history=RecentFrames(), answered_ms=(), stalled=True
    )
    return replace(state, stage=live, waiting=unless_frame(state.waiting))


def is_of(live: Live | None, frame: Frame) -> bool:
    """Tell whether a frame is one of this camera, and not of one that was closed before."""
    return live is not None and frame.intent >= live.since


def unless_frame(prepared: Prepared | None) -> Prepared | None:
    """Return what was prepared if it is a photo."""
    return None if prepared and isinstance(prepared.of, Frame) else prepared


def prepared(state: State, frame: Frame, event: Prepared) -> Next:
    """Tell the visitor what a frame shows, and have the engine asked about it if it can be."""
    live = state.live
    if live is None or not is_of(live, frame):
        return state, ()
    # The model's own verdict, unlike the gauges', stands until the model has seen another frame.
    unknown = tuple(f for f in live.spot.findings if f.issue is QualityIssue.UNKNOWN_LESION)
    refused = is_refused(event.findings)
    # What the visitor can mend is told before what the model thinks of it.
    findings = event.findings if refused else (*event.findings, *unknown)
    good = live.spot.answer is not None and TOLERATED.issuperset(f.issue for f in findings)
    step = _adjustment(state, live, event) if good else None
    coach = live.coach.see(findings, good, frame.started_ms, step)
    shutter: tuple[Effect, ...] = ()
    if coach.good_share == 1.0 and live.automatic:
        coach, shutter = replace(coach, good_ms=None), (PressShutter(),)
    spot = replace(live.spot, findings=findings, outline=event.outline)
    live = replace(live, spot=spot, coach=coach, stalled=False)
    if refused:
        # What cannot be judged has no answer, and is no part of the next one.
        live = _unanswered(live)
        return replace(state, stage=live, waiting=unless_frame(state.waiting)), ()
    state = replace(state, stage=live)
    if state.session.running is None or (state.waiting and unless_frame(state.waiting)):
        return state, shutter
    # While a frame is in flight the newest waits in its place, so that the engine never idles
    # until the camera's next one (docs/decisions/0006-the-newest-frame-waits.md).
    state, sent = ask_engine(replace(state, waiting=event))
    return state, (*shutter, *sent)


def _adjustment(state: State, live: Live, event: Prepared) -> Adjustment | None:
    """Return how the view should become like the photo that it repeats."""
    if state.earlier is None or live.spot.answer is None:
        return None
    now = sight_of(event.outline, event.brightness)
    return adjustment(state.earlier, now, live.spot.answer.modality)


def predicted(state: State, frame: Frame, sent: Prepared, event: Predicted) -> State:
    """Show what the engine says of a frame, together with the frames before it."""
    live, engine = state.live, state.session.running
    if live is None or engine is None or not is_of(live, frame):
        return state
    known = tuple(f for f in live.spot.findings if f.issue is not QualityIssue.UNKNOWN_LESION)
    if is_refused(known) or live.stalled:
        return state
    reading = prediction.read(event, engine.manifest)
    if reading.recognition is Recognition.NOT_A_LESION:
        findings = (prediction.unknown_lesion(reading, engine.manifest), *known)
        live = _unanswered(replace(live, spot=replace(live.spot, findings=findings)))
        return replace(state, stage=live)
    history = prediction.with_picture(live.history, sent, reading)
    answer = prediction.answer_of(sent, event, engine.manifest, reading, history)
    spot = replace(live.spot, answer=answer, findings=known)
    answered_ms = (*live.answered_ms, event.at_ms)[-RATE_WINDOW_FRAMES:]
    return replace(state, stage=replace(live, spot=spot, history=history, answered_ms=answered_ms))


def _unanswered(live: Live) -> Live:
    spot = replace(live.spot, answer=None)
    return replace(live, spot=spot, history=RecentFrames(), answered_ms=())
