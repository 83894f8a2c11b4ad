"""Millimetres by a coin: from a photo with a coin to the size that is kept. Pure.

It is another photo than the one that is kept and judged, and is not kept: beside a coin the check
takes the coin for the spot. What was found in it counts once the visitor has said so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.spots.apart import Apart
from app.spots.effects import SeekCoin
from app.spots.events import CoinChosen, CoinConfirmed, CoinRefused, SizeRemoved
from app.spots.state import Sizing
from app.spots.writing import put
from lentigo.spots.records import Capture

if TYPE_CHECKING:
    from app.effects import Effect
    from app.spots.apart import PhotoEvent
    from app.spots.events import CoinSought, Proposal, SizeAct
    from app.spots.state import Spots

    Next = tuple[Spots, tuple[Effect, ...]]


def proposal(sizing: Sizing) -> Proposal | None:
    """Return what the visitor is asked about; ``None`` where there is nothing, or no more."""
    found = sizing.found.found if sizing.found else ()
    if not isinstance(found, tuple) or sizing.refused >= len(found):
        return None
    return found[sizing.refused]


def acted(spots: Spots, event: SizeAct) -> Next:
    """Follow the visitor."""
    sizing = spots.sizing
    if isinstance(event, CoinRefused):
        return replace(spots, sizing=sizing and replace(sizing, refused=sizing.refused + 1)), ()
    capture = spots.collection.records.get(event.capture)
    if not isinstance(capture, Capture):
        return replace(spots, sizing=None), ()
    match event:
        case CoinChosen(coin=coin, photo=photo):
            apart = Apart(photo)
            return replace(spots, sizing=Sizing(capture.id, coin, apart)), apart.asks()
        case CoinConfirmed(is_new=is_new):
            asked = proposal(sizing) if sizing and sizing.capture == capture.id else None
            if asked is None or asked.size is None:
                return spots, ()
            size = replace(asked.size, is_new=is_new, on=event.at.local.date())
            return put(replace(spots, sizing=None), replace(capture, size=size))
        case SizeRemoved():
            return put(replace(spots, sizing=None), replace(capture, size=None))


def is_of(spots: Spots, event: PhotoEvent) -> bool:
    """Tell whether an event is about the photo with a coin."""
    return spots.sizing is not None and spots.sizing.apart.is_of(event)


def read(spots: Spots, event: PhotoEvent) -> Next:
    """Read the photo, and have the coin looked for."""
    sizing = spots.sizing
    if sizing is None:
        return spots, ()
    apart, effects = sizing.apart.read(event)
    if apart.picture is not None:
        # The picture goes where it is looked at; the page shows a smaller one.
        return spots, (SeekCoin(apart.photo.id, sizing.coin, apart.picture),)
    return replace(spots, sizing=replace(sizing, apart=apart)), effects


def sought(spots: Spots, event: CoinSought) -> Spots:
    """Show what was found, unless something else is shown by now."""
    sizing = spots.sizing
    if sizing is None or sizing.apart.photo.id != event.photo_id:
        return spots
    return replace(spots, sizing=replace(sizing, found=event))
