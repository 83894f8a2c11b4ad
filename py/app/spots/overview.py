"""The wide photo of the skin around a spot: chosen, read, marked, kept, deleted. Pure.

It takes the way of every photo until it is decoded, and is judged by nobody.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from app.effects import DecodeFile, DecodeOnHost, ReadPhoto
from app.events import FileRead, Frame, PhotoUnreadable, PictureArrived, PictureRefused
from app.spots.effects import EncodeOverview
from app.spots.events import (
    OverviewChosen,
    OverviewDeleted,
    OverviewDropped,
    OverviewMarked,
    OverviewOpened,
)
from app.spots.state import Marking, Spots, Write
from app.spots.writing import put_all
from lentigo.errors import Fault, HostDecodableError, PictureTooLargeError, PictureTooSmallError
from lentigo.picture.decode import MINIMUM_SIDE_PX
from lentigo.spots.records import KeptSpot, Overview

if TYPE_CHECKING:
    from app.effects import Effect
    from app.spots.events import OverviewAct, OverviewEncoded
    from lentigo.errors import LentigoError

Next = tuple[Spots, tuple["Effect", ...]]
PhotoEvent = FileRead | PictureArrived | PictureRefused | PhotoUnreadable


def is_of(spots: Spots, event: PhotoEvent) -> bool:
    """Tell whether an event is about the wide photo that was chosen."""
    marking = spots.marking
    return marking is not None and marking.photo is not None and marking.photo.id == _photo(event)


def _photo(event: PhotoEvent) -> int | None:
    match event:
        case FileRead() | PhotoUnreadable():
            return event.photo_id
        case PictureRefused():
            return event.photo.id
        case PictureArrived():
            return None if isinstance(event.of, Frame) else event.of.id


def read(spots: Spots, event: PhotoEvent) -> Next:
    """Read and decode the wide photo, or say why it cannot be used."""
    marking = spots.marking
    if marking is None or marking.photo is None:
        return spots, ()
    photo = marking.photo
    match event:
        case FileRead(_, size, data):
            if size <= len(data):
                return spots, (DecodeFile(photo, data),)
            megabytes = size / 1e6
            return _failed(
                spots,
                PictureTooLargeError(Fault.MANY_MEGABYTES, name=photo.name, megabytes=megabytes),
            )
        case PictureRefused(_, HostDecodableError() as error):
            asked = replace(marking, unread=error)
            return replace(spots, marking=asked), (DecodeOnHost(photo.id),)
        case PictureRefused(_, error):
            return _failed(spots, error)
        case PhotoUnreadable(_, error):
            # Pillow's verdict names the format, so it says more than the browser's.
            return _failed(spots, marking.unread or error)
        case PictureArrived(_, picture):
            width_px, height_px = picture.size
            if min(width_px, height_px) >= MINIMUM_SIDE_PX:
                return spots, (EncodeOverview(photo.id, picture),)
            few = PictureTooSmallError(
                Fault.FEW_PIXELS_DECODED, width_px=width_px, height_px=height_px
            )
            return _failed(spots, few)


def _failed(spots: Spots, error: LentigoError) -> Next:
    assert spots.marking is not None
    return replace(spots, marking=Marking(spots.marking.spot, error=error)), ()


def encoded(spots: Spots, event: OverviewEncoded) -> Spots:
    """Show the wide photo, so that the spot can be marked on it."""
    marking = spots.marking
    if marking is None or marking.photo is None or marking.photo.id != event.photo_id:
        return spots
    return replace(spots, marking=replace(marking, picture=event.picture))


def acted(spots: Spots, event: OverviewAct) -> Next:
    """Follow the visitor; while the store writes nothing else happens to the photo."""
    marking = spots.marking
    if marking is not None and marking.request is not None:
        return spots, ()
    if isinstance(event, OverviewDropped):
        return replace(spots, marking=None), ()
    spot = spots.collection.records.get(event.spot)
    if not isinstance(spot, KeptSpot):
        return spots, ()
    match event:
        case OverviewChosen(photo=photo):
            return replace(spots, marking=Marking(spot.id, photo)), (ReadPhoto(photo.id),)
        case OverviewOpened():
            return replace(spots, marking=Marking(spot.id) if spot.overview else None), ()
        case OverviewMarked():
            return _marked(spots, spot, event)
        case OverviewDeleted():
            return _deleted(spots, spot, event)
        case _:
            assert_never(event)


def _marked(spots: Spots, spot: KeptSpot, event: OverviewMarked) -> Next:
    marking, former = spots.marking, spot.overview
    if marking is None or marking.spot != spot.id:
        return spots, ()
    x, y = (min(1.0, max(0.0, place)) for place in (event.x, event.y))
    if marking.photo is None:
        if former is None:
            return spots, ()
        return _put(spots, replace(spot, overview=Overview(former.picture, x, y)))
    if not marking.picture:
        return spots, ()
    key = event.ids[0]
    kept = replace(spot, overview=Overview(key, x, y))
    return _put(spots, kept, {key: marking.picture}, (former.picture,) if former else ())


def _deleted(spots: Spots, spot: KeptSpot, event: OverviewDeleted) -> Next:
    if spot.overview is None:
        return spots, ()
    spots = replace(spots, marking=Marking(spot.id, deleting=True))
    if not event.confirmed:
        return spots, ()
    return _put(spots, replace(spot, overview=None), deleted=(spot.overview.picture,))


def _put(
    spots: Spots,
    spot: KeptSpot,
    pictures: dict[str, bytes] | None = None,
    deleted: tuple[str, ...] = (),
) -> Next:
    spots, effects = put_all(spots, Write({spot.id: spot}), pictures, deleted)
    if effects and spots.marking is not None:
        spots = replace(spots, marking=replace(spots.marking, request=spots.requests))
    return spots, effects


def settled(spots: Spots, request: int, written: bool) -> Spots:
    """Learn what the store made of it; what it could not keep stays on the page."""
    marking = spots.marking
    if marking is None or marking.request != request:
        return spots
    return replace(spots, marking=None if written else replace(marking, request=None))
