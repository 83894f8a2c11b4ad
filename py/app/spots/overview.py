"""The wide photo of the skin around a spot: chosen, read, marked, kept, deleted. Pure.

It is judged by nobody (``app.spots.apart``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from app.spots.apart import Apart
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
from lentigo.spots.records import KeptSpot, Overview

if TYPE_CHECKING:
    from app.effects import Effect
    from app.spots.apart import PhotoEvent
    from app.spots.events import OverviewAct, OverviewEncoded
    from lentigo.errors import LentigoError

Next = tuple[Spots, tuple["Effect", ...]]


def is_of(spots: Spots, event: PhotoEvent) -> bool:
    """Tell whether an event is about the wide photo that was chosen."""
    apart = spots.marking.apart if spots.marking else None
    return apart is not None and apart.is_of(event)


def read(spots: Spots, event: PhotoEvent) -> Next:
    """Read and decode the wide photo, or say why it cannot be used."""
    marking = spots.marking
    if marking is None or marking.apart is None:
        return spots, ()
    apart, effects = marking.apart.read(event)
    if apart.error is not None:
        return _failed(spots, apart.error)
    if apart.picture is not None:
        return spots, (EncodeOverview(apart.photo.id, apart.picture),)
    return replace(spots, marking=replace(marking, apart=apart)), effects


def _failed(spots: Spots, error: LentigoError) -> Next:
    assert spots.marking is not None
    return replace(spots, marking=Marking(spots.marking.spot, error=error)), ()


def encoded(spots: Spots, event: OverviewEncoded) -> Spots:
    """Show the wide photo, so that the spot can be marked on it."""
    marking = spots.marking
    if marking is None or marking.apart is None or marking.apart.photo.id != event.photo_id:
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
            apart = Apart(photo)
            return replace(spots, marking=Marking(spot.id, apart)), apart.asks()
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
    if marking.apart is None:
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
