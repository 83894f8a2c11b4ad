"""The application: takes events in order, performs effects, sends the page what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.coach import cue
from app.events import (
    DecodeFile,
    DecodeOnHost,
    PictureArrived,
    PictureRefused,
    Predict,
    PredictionLate,
    Prepare,
    Prepared,
    PressShutter,
    RestartEngine,
    ShowActivation,
    ShowPicture,
    Source,
)
from app.ports import Patch
from app.state import State
from app.update import update
from app.view import announce, view
from lentigo.class_activation import activation_map, overlay
from lentigo.decode import decode
from lentigo.errors import PictureError
from lentigo.examination import examine, examine_frame
from lentigo.framing import outline_in_square
from lentigo.preprocess import normalise
from lentigo.quality import QualityIssue

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

    from app.events import Effect, Event, Subject
    from app.ports import Clock, Engine, Host
    from lentigo.examination import Examination
    from lentigo.gauges import Spectrum

# TF.js's CPU backend takes two seconds a picture, WebGPU on a software adapter six.
PREDICT_LIMIT_MS = 30_000.0
# The side of the square that the page shows; twice the size of most viewfinders' CSS pixels.
SHOWN_SIDE_PX = 640


class Application:
    """Owns the state. ``handle`` is called with one event after the other, never within itself."""

    def __init__(self, host: Host, engine: Engine, clock: Clock) -> None:
        self._host = host
        self._engine = engine
        self._clock = clock
        self._shown: dict[str, str] = {}
        self._frame_before: Spectrum | None = None
        self._examined: tuple[Image.Image, Examination] | None = None
        self._cancel_deadline: Callable[[], None] = lambda: None
        self.state = State()

    def greet(self) -> None:
        """Send the first patch: only then does the page know that the application runs."""
        self._shown = view(self.state)
        self._host.patch(Patch(self.state.mode, self.state.intent, None, self._shown))

    def handle(self, event: Event, frame: int | None = None) -> None:
        """Update, perform the effects (each may lead to one more event), and patch the page.

        ``frame`` is the camera frame that the patch answers, so that the host sends the next.
        """
        before = self.state
        waiting: list[Event] = [event]
        while waiting:
            self.state, effects = update(self.state, waiting.pop(0))
            for effect in effects:
                following = self._perform(effect)
                if following is not None:
                    waiting.append(following)
        if self.state is before and frame is None:
            return
        regions = view(self.state)
        changed = {name: html for name, html in regions.items() if self._shown.get(name) != html}
        self._shown = regions
        words, felt = announce(before, self.state), cue(before, self.state)
        self._host.patch(Patch(self.state.mode, self.state.intent, frame, changed, words, felt))

    def _perform(self, effect: Effect) -> Event | None:
        match effect:
            case DecodeFile(chosen):
                try:
                    decoded = decode(chosen.data, chosen.subject.name)
                except PictureError as error:
                    return PictureRefused(chosen.subject, error)
                return PictureArrived(chosen.subject, decoded.picture)
            case Prepare(subject, picture):
                return self._prepare(subject, picture)
            case ShowPicture(picture):
                self._host.show_picture(self._examine(picture).square(SHOWN_SIDE_PX))
            case ShowActivation(picture, maps, diagnosis):
                square = self._examine(picture).square(SHOWN_SIDE_PX)
                self._host.show_picture(overlay(square, activation_map(maps, diagnosis)))
            case Predict(prepared):
                self._engine.predict(prepared.subject.id, prepared.pixels)
                # One request is in flight, so one deadline stands.
                self._cancel_deadline()
                late = PredictionLate(prepared.subject.id)
                self._cancel_deadline = self._clock.later(PREDICT_LIMIT_MS, late)
            case DecodeOnHost(subject_id):
                self._host.decode_file(subject_id)
            case PressShutter():
                self._host.press_shutter()
            case RestartEngine(excluded):
                self._host.restart_engine(excluded)
        return None

    def _prepare(self, subject: Subject, picture: Image.Image) -> Prepared:
        started_ms = self._clock.now_ms()
        if subject.source is Source.LIVE:
            # Movement is told between the frames of the camera; a still stands alone.
            seen = examine_frame(picture, self._frame_before)
            self._frame_before = seen.observation.spectrum
        else:
            seen = self._examine(picture)
            self._frame_before = None
        lesion = seen.observation.lesion
        unclear = {QualityIssue.NO_LESION, QualityIssue.TOO_CLOSE}
        drawn = lesion if unclear.isdisjoint(f.issue for f in seen.findings) else None
        return Prepared(
            subject,
            seen.findings,
            normalise(seen.square()),
            self._clock.now_ms() - started_ms,
            outline_in_square(drawn, seen.box, *seen.picture.size) if drawn else (),
            seen.observation.gauges.detail_best,
        )

    def _examine(self, picture: Image.Image) -> Examination:
        """Examine a still, the last one only once: it is shown, judged and shown again."""
        if self._examined is None or self._examined[0] is not picture:
            self._examined = (picture, examine(picture))
        return self._examined[1]
