"""What the visitor wants to see measured in one photo, from asking to the drawing. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.spots.effects import DrawShape, ReadPictures
from app.spots.state import Shaping
from lentigo.spots.records import Capture

if TYPE_CHECKING:
    from app.spots.effects import SpotsEffect
    from app.spots.events import PicturesRead, ShapeAsked, ShapeDrawn
    from app.spots.state import Spots

    Next = tuple[Spots, tuple[SpotsEffect, ...]]


def shape_asked(spots: Spots, event: ShapeAsked) -> Next:
    """Read the photo; if it is shown already, show it no longer."""
    capture, shaping = spots.collection.records.get(event.capture), spots.shaping
    if not isinstance(capture, Capture) or (shaping and shaping.capture == capture.id):
        return replace(spots, shaping=None), ()
    number = spots.requests + 1
    spots = replace(spots, shaping=Shaping(capture.id, number), requests=number)
    return spots, (ReadPictures(number, (capture.picture,)),)


def draw_shape(spots: Spots, event: PicturesRead) -> Next:
    """Have the photo measured that was read."""
    shaping = spots.shaping
    capture = spots.collection.records.get(shaping.capture) if shaping else None
    if not isinstance(capture, Capture):
        return replace(spots, shaping=None), ()
    return spots, (DrawShape(capture, event.pictures[capture.picture]),)


def shape_drawn(spots: Spots, event: ShapeDrawn) -> Spots:
    """Show what was measured, unless another photo is shown by now."""
    shaping = spots.shaping
    if shaping is None or shaping.capture != event.capture:
        return spots
    return replace(spots, shaping=replace(shaping, found=event))
