"""The application: takes events in order, performs effects, sends the page what changed."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from PIL import Image

from app.effects import (
    DecodeFile,
    DecodeOnHost,
    GiveReminder,
    GiveReport,
    Predict,
    Prepare,
    PressShutter,
    ReadPhoto,
    RestartEngine,
    ShowActivation,
    ShowPicture,
)
from app.events import Frame, PictureArrived, PictureRefused, Prepared, Whole
from app.keep.reminder import reminder_of_spot
from app.keep.spot_report import spot_report
from app.memento import memento
from app.page import WORDS, Page, announce, update, view
from app.ports import Cue, Patch, Wanted
from app.route import Route
from app.screens.screening.coach import cue
from app.screens.screening.keep import reminder_of, report_of
from app.spots.coin_seeking import coin_sought
from app.spots.comparing import compared
from app.spots.effects import (
    Compare,
    DrawShape,
    EncodeOverview,
    OpenStore,
    ReadPictures,
    Recall,
    RemindOfSpot,
    ReportOfSpot,
    RestoreStore,
    SeekCoin,
    WriteStore,
)
from app.spots.events import OverviewEncoded
from app.spots.recalling import recalled
from app.spots.shape_drawing import drawn
from lentigo.errors import PictureError
from lentigo.model.class_activation import activation_map, overlay
from lentigo.picture.decode import decode
from lentigo.picture.examination import examine, examine_frame
from lentigo.picture.framing import outline_in_square
from lentigo.picture.preprocess import normalise, views
from lentigo.picture.quality import QualityIssue

if TYPE_CHECKING:
    from app.effects import Effect
    from app.events import PageEvent, Photo
    from app.html import Html
    from app.ports import Clock, Engine, Host
    from app.screens.screening import State
    from app.spots.effects import SpotsEffect
    from lentigo.picture.examination import Examination
    from lentigo.picture.framing import Lesion
    from lentigo.picture.gauges import Spectrum

# The side of the square that the page shows; twice the size of most viewfinders' CSS pixels.
SHOWN_SIDE_PX = 640
# Twice the CSS pixels of a tile in the row of photos.
THUMBNAIL_SIDE_PX = 128
# JPEG's quality of these and of the photo: a hundred photos are kept in 40 MB.
SHOWN_QUALITY = 90


class Application:
    """Owns the state. ``handle`` is called with one event after the other, never within itself."""

    def __init__(self, host: Host, engine: Engine, clock: Clock) -> None:
        self._host = host
        self._engine = engine
        self._clock = clock
        self._shown: dict[str, Html] = {}
        self._memento = ""
        self._frame_before: Spectrum | None = None
        self.page = Page()

    def greet(self) -> None:
        """Send the first patch: only then does the page know that the application runs."""
        self._shown = view(self.page)
        self._host.patch(self._patch(None, self._shown))

    def handle(self, event: PageEvent, frame: int | None = None) -> None:
        """Update, perform the effects (each may lead to one more event), and patch the page.

        ``frame`` is the camera frame that the patch answers, so that the host sends the next.
        """
        before = self.page
        waiting: list[PageEvent] = [event]
        while waiting:
            self.page, effects = update(self.page, waiting.pop(0))
            for effect in effects:
                following = self._perform(effect)
                if following is not None:
                    waiting.append(following)
        if self.page is before and frame is None:
            return
        regions = view(self.page)
        changed = {name: html for name, html in regions.items() if self._shown.get(name) != html}
        # The regions of a screen that is not shown stay on the page as they are.
        self._shown = {**self._shown, **changed}
        patch = self._patch(frame, changed)
        said = announce(before, self.page)
        shown = self.page.route is Route.SCREENING
        felt = cue(before.screening, self.page.screening) if shown else Cue.NONE
        written = self._new_memento(before.screening)
        self._host.patch(replace(patch, announce=said, cue=felt, memento=written))

    def _patch(self, frame: int | None, regions: dict[str, Html]) -> Patch:
        state = self.page.screening
        has_picture = bool(state.photographed and state.photographed.pictured.square)
        return Patch(state.mode, state.session.intent, frame, regions, has_picture=has_picture)

    def _new_memento(self, before: State) -> str | None:
        """Write it again only where something in it may have changed: not for each live frame."""
        state = self.page.screening
        same = all(
            getattr(before, part) is getattr(state, part) for part in ("spots", "opened", "draft")
        )
        if self._memento and same and before.session.person is state.session.person:
            return None
        written = memento(state)
        if written == self._memento:
            return None
        self._memento = written
        return written

    def _perform(self, effect: Effect) -> PageEvent | None:  # noqa: PLR0912 (one a line)
        match effect:
            case ReadPhoto(photo_id):
                self._host.read_photo(photo_id)
            case DecodeFile(photo, data):
                try:
                    decoded = decode(data, photo.name)
                except PictureError as error:
                    # The state keeps the error, and must not keep the file with its traceback.
                    return PictureRefused(photo, error.with_traceback(None))
                return PictureArrived(photo, decoded.picture, decoded.taken)
            case Prepare(of, picture):
                return self._prepare(of, picture)
            case ShowPicture(square):
                self._host.show_picture(_from_jpeg(square))
            case ShowActivation(square, maps, diagnosis):
                self._host.show_picture(
                    overlay(_from_jpeg(square), activation_map(maps, diagnosis))
                )
            case Predict(prepared):
                # A map is shown of photos only.
                wanted = () if isinstance(prepared.of, Frame) else (Wanted.MAPS,)
                self._engine.predict(prepared.of.id, prepared.pixels, wanted)
            case DecodeOnHost(photo_id):
                self._host.decode_photo(photo_id)
            case PressShutter():
                self._host.press_shutter()
            case GiveReport(at):
                self._host.give_report(report_of(self.page.screening, at, WORDS))
            case GiveReminder(at):
                self._host.give_reminder(reminder_of(self.page.screening, at, WORDS))
            case RestartEngine(excluded):
                self._host.restart_engine(excluded)
            case _:
                return self._perform_on_spots(effect)
        return None

    def _perform_on_spots(self, effect: SpotsEffect) -> PageEvent | None:
        match effect:
            case OpenStore():
                self._host.open_store()
            case WriteStore():
                self._host.write_store(effect)
            case RestoreStore():
                self._host.restore_store(effect)
            case ReadPictures():
                self._host.read_pictures(effect)
            case RemindOfSpot(watched, at):
                self._host.give_reminder(reminder_of_spot(watched, at, WORDS))
            case ReportOfSpot(watched, collection, at):
                self._host.give_report(spot_report(watched, collection, at, WORDS))
            case Compare():
                return compared(effect)
            case Recall():
                return recalled(effect)
            case DrawShape():
                return drawn(effect)
            case SeekCoin():
                return coin_sought(effect)
            case EncodeOverview(photo_id, picture):
                return OverviewEncoded(photo_id, _jpeg(picture))
        return None

    def _prepare(self, of: Photo | Frame, picture: Image.Image) -> Prepared:
        started_ms = self._clock.now_ms()
        live = isinstance(of, Frame)
        # Movement is told between the frames of the camera; a still stands alone.
        seen = examine_frame(picture, self._frame_before) if live else examine(picture)
        self._frame_before = seen.observation.spectrum if live else None
        lesion = seen.observation.lesion
        unclear = {QualityIssue.NO_LESION, QualityIssue.TOO_CLOSE}
        drawn = lesion if unclear.isdisjoint(f.issue for f in seen.findings) else None
        # A live frame is one of many: their mean is taken anyway.
        pixels = normalise(seen.square()) if live else views(normalise(seen.square()))
        preprocess_ms = self._clock.now_ms() - started_ms
        return Prepared(
            of,
            seen.findings,
            pixels,
            preprocess_ms,
            outline_in_square(drawn, seen.box, *seen.picture.size) if drawn else (),
            seen.observation.gauges.detail_best,
            seen.observation.spectrum,
            seen.observation.gauges.brightness,
            *(() if live else _as_shown(seen, drawn)),
        )


def _as_shown(seen: Examination, lesion: Lesion | None) -> tuple[bytes, bytes, Whole]:
    """Return the square that is judged, as the page shows it, a thumbnail, and the whole photo."""
    square = seen.square(SHOWN_SIDE_PX)
    thumbnail = square.resize((THUMBNAIL_SIDE_PX, THUMBNAIL_SIDE_PX))
    whole = Whole(_jpeg(seen.picture), tuple(lesion.outline) if lesion else ())
    return _jpeg(square), _jpeg(thumbnail), whole


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=SHOWN_QUALITY)
    return buffer.getvalue()


def _from_jpeg(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=("JPEG",)).convert("RGB")
