"""The application: takes events in order, performs effects, sends the page what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.events import (
    DecodeFile,
    DecodeOnHost,
    PictureArrived,
    PictureRefused,
    Predict,
    PredictionLate,
    Prepare,
    Prepared,
    RestartEngine,
    ShowActivation,
    ShowPicture,
)
from app.ports import Patch
from app.state import State
from app.update import update
from app.view import announce, view
from lentigo.class_activation import activation_map, overlay
from lentigo.decode import decode
from lentigo.errors import PictureError
from lentigo.preprocess import normalise, square_picture
from lentigo.quality import find_issues

if TYPE_CHECKING:
    from app.events import Effect, Event
    from app.ports import Clock, Engine, Host

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
        regions = view(self.state)
        changed = {name: html for name, html in regions.items() if self._shown.get(name) != html}
        self._shown = regions
        if self.state is not before or frame is not None:
            words = announce(before, self.state)
            self._host.patch(Patch(self.state.mode, self.state.intent, frame, changed, words))

    def _perform(self, effect: Effect) -> Event | None:
        match effect:
            case DecodeFile(chosen):
                try:
                    decoded = decode(chosen.data, chosen.subject.name)
                except PictureError as error:
                    return PictureRefused(chosen.subject, error)
                return PictureArrived(chosen.subject, decoded.picture)
            case Prepare(subject, picture):
                started_ms = self._clock.now_ms()
                square = square_picture(picture)
                issues = find_issues(square)
                pixels = normalise(square)
                return Prepared(subject, issues, pixels, self._clock.now_ms() - started_ms)
            case ShowPicture(picture):
                self._host.show_picture(square_picture(picture, SHOWN_SIDE_PX))
            case ShowActivation(picture, maps, diagnosis):
                square = square_picture(picture, SHOWN_SIDE_PX)
                self._host.show_picture(overlay(square, activation_map(maps, diagnosis)))
            case Predict(prepared):
                self._engine.predict(prepared.subject.id, prepared.pixels)
                self._clock.later(PREDICT_LIMIT_MS, PredictionLate(prepared.subject.id))
            case DecodeOnHost(subject_id):
                self._host.decode_file(subject_id)
            case RestartEngine(excluded):
                self._host.restart_engine(excluded)
        return None
