"""Photos: chosen, opened, read, decoded, judged, predicted, forgotten. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.effects import DecodeFile, DecodeOnHost, Prepare
from app.events import Source
from app.screens.screening import prediction
from app.screens.screening.sequence import (
    ask_engine,
    at_photos,
    go_on,
    in_hand,
    in_place_of,
    settled,
    show,
    with_shot,
)
from app.screens.screening.spot import (
    Failed,
    Judged,
    LeftOut,
    Pending,
    Refused,
    Shot,
    SpotInPhoto,
    Surplus,
)
from app.screens.screening.state import AtPhotos, State
from app.screens.screening.together import came_before, digest_of, with_more
from lentigo.errors import Fault, HostDecodableError, PictureTooLargeError, PictureTooSmallError
from lentigo.model.ood import Recognition
from lentigo.model.recent_frames import RecentFrames
from lentigo.picture.decode import MINIMUM_SIDE_PX
from lentigo.picture.quality import is_refused
from lentigo.triage.checklist import NO_ANSWERS

if TYPE_CHECKING:
    from datetime import date

    from PIL import Image

    from app.effects import Effect
    from app.events import (
        FileRead,
        Photo,
        PhotosChosen,
        PhotoUnreadable,
        PictureRefused,
        Predicted,
        Prepared,
        Resumed,
    )
    from app.screens.screening.sequence import Next


def chosen(state: State, event: PhotosChosen) -> Next:
    """Add new photos to their spot, put them in the place of another, or at the end of the row."""
    of_camera = any(photo.source is Source.CAPTURE for photo in event.photos)
    before = state.live.history if state.live and of_camera else RecentFrames()
    former = spot_to_join(state, event.joins, event.replaces)
    if former is not None:
        more = tuple(Shot(photo=photo, before=before) for photo in event.photos)
        state = in_place_of(state, former, with_more(former, more))
        return at_photos(replace(state, opened=former.id))
    former = state.spot(event.replaces)
    again = former is not None and len(event.photos) == 1
    answers = former.answers if former and again else state.draft
    # What was said before there were several photos may be about any of them.
    kept = answers != NO_ANSWERS and (again or len(event.photos) > 1)
    new = tuple(
        SpotInPhoto(photo=photo, answers=answers, kept=kept, before=before)
        for photo in event.photos
    )
    if former is not None:
        state = in_place_of(state, former, *new)
    else:
        state = replace(state, spots=(*state.spots, *new) if state.is_row else new)
    opened = new[0].id if again else None
    state = replace(state, draft=NO_ANSWERS, opened=opened)
    if state.spot_of(state.working) is None:
        state = replace(state, working=None, waiting=None)
    return at_photos(state)


def spot_to_join(state: State, joins: int | None, replaces: int | None) -> SpotInPhoto | None:
    """Return the spot that a photo will be added to, if it will be to one.

    The photo of an answered spot is not replaced: nobody is to try until an answer pleases.
    """
    former = state.spot(replaces)
    return state.spot_of(joins) or (former if former and former.answer else None)


def opened(state: State, photo_id: int) -> Next:
    """Show one photo of the row."""
    if state.spot(photo_id) is None:
        return state, ()
    state, shown = show(replace(state, stage=AtPhotos(), opened=photo_id))
    state, effects = go_on(state)
    return state, (*shown, *effects)


def forgotten(state: State, next_person: bool = False) -> State:
    """Forget every photo and what was said of its spot; the same person stays known."""
    if next_person:
        session = replace(state.session, person=NO_ANSWERS)
        return State(session=session, in_flight=state.in_flight)
    return State(session=state.session, in_flight=state.in_flight, refusals=state.refusals)


def resumed(state: State, event: Resumed) -> Next:
    """Look once more at every photo that the application before this one knew."""
    spots = tuple(
        SpotInPhoto(
            photo=known.photo,
            answers=known.answers,
            kept=known.kept,
            modality=known.modality,
            added=tuple(Shot(photo=more.photo, modality=more.modality) for more in known.added),
        )
        for known in event.spots
    )
    return go_on(replace(state, spots=spots, opened=event.opened, draft=event.draft))


def file_read(state: State, read: FileRead) -> Next:
    """Have a file decoded, unless it is too large."""
    spot = in_hand(state, read.photo_id)
    if spot is None:
        return state, ()
    if read.size > len(read.data):
        error = PictureTooLargeError(
            Fault.MANY_MEGABYTES, name=spot.photo.name, megabytes=read.size / 1e6
        )
        return settled(state, Failed(error))
    digest = digest_of(read.data)
    if _is_known(state, spot, digest):
        return settled(state, LeftOut(Surplus.SAME_PHOTO))
    return with_shot(state, spot.id, digest=digest), (DecodeFile(spot.photo, read.data),)


def _is_known(state: State, shot: Shot, digest: str) -> bool:
    """Tell whether this photo came with its spot before."""
    spot = state.spot_of(shot.id)
    return spot is not None and came_before(spot, shot.id, digest)


def unreadable(state: State, event: PhotoUnreadable) -> Next:
    """Say that neither Pillow nor the browser can read a photo."""
    spot = in_hand(state, event.photo_id)
    if spot is None:
        return state, ()
    # Pillow's verdict names the format, so it says more than the browser's.
    said = spot.stage.unread if isinstance(spot.stage, Pending) else None
    return settled(state, Failed(said or event.error))


def refused(state: State, event: PictureRefused) -> Next:
    """Ask the browser for a format that it may know; say what is wrong with any other file."""
    if in_hand(state, event.photo.id) is None:
        return state, ()
    if isinstance(event.error, HostDecodableError):
        asked = with_shot(state, event.photo.id, stage=Pending(unread=event.error))
        return asked, (DecodeOnHost(event.photo.id),)
    return settled(state, Failed(event.error))


def arrived(state: State, photo: Photo, picture: Image.Image, taken: date | None = None) -> Next:
    """Have a decoded photo judged; ``taken`` is the day that its file tells."""
    spot = in_hand(state, photo.id)
    if spot is None:
        return state, ()
    width_px, height_px = picture.size
    if min(width_px, height_px) < MINIMUM_SIDE_PX:
        # `decode` has refused such a file; the browser decodes it all the same.
        error = PictureTooSmallError(
            Fault.FEW_PIXELS_DECODED, width_px=width_px, height_px=height_px
        )
        return settled(state, Failed(error))
    if not spot.digest:
        # What the shutter took was never a file.
        digest = digest_of(picture.tobytes())
        if _is_known(state, spot, digest):
            return settled(state, LeftOut(Surplus.SAME_PHOTO))
        state = with_shot(state, spot.id, digest=digest)
    state = with_shot(state, spot.id, stage=Pending(), taken=taken)
    return state, (Prepare(spot.photo, picture),)


def prepared(state: State, photo: Photo, event: Prepared) -> Next:
    """Refuse a photo, or have the engine asked."""
    if in_hand(state, photo.id) is None:
        return state, ()
    state = with_shot(
        state,
        photo.id,
        findings=event.findings,
        outline=event.outline,
        square=event.square,
        thumbnail=event.thumbnail,
        whole=event.whole,
    )
    shown: tuple[Effect, ...] = ()
    if state.shown.id == photo.id:
        state, shown = show(state)
    error = state.session.engine_error
    if is_refused(event.findings):
        state, effects = settled(state, Refused())
    elif error is not None:
        state, effects = settled(state, Failed(error))
    else:
        state, effects = ask_engine(replace(state, waiting=event))
    return state, (*shown, *effects)


def predicted(state: State, sent: Prepared, event: Predicted) -> Next:
    """Judge a photo by what the engine says of it."""
    spot = in_hand(state, event.request_id)
    engine = state.session.running
    if spot is None or engine is None:
        return state, ()
    reading = prediction.read(event, engine.manifest, spot.modality)
    if reading.recognition is Recognition.NOT_A_LESION:
        unknown = prediction.unknown_lesion(reading, engine.manifest)
        return settled(state, Refused(), findings=(unknown, *sent.findings))
    # A photo stands alone; of a lesion before the camera the last frames count too.
    frames = prediction.with_picture(spot.before, sent, reading)
    answer = prediction.answer_of(sent, event, engine.manifest, reading, frames)
    return settled(state, Judged(answer), before=RecentFrames())
