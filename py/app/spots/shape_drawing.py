"""The spot of one photo, measured and cut out for the page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.spots.comparing import as_jpeg, opened, photo_of_capture
from app.spots.events import ShapeDrawn
from lentigo.spots.comparison.shape import trace

if TYPE_CHECKING:
    from app.spots.effects import DrawShape

# How far the cut-out reaches beyond the spot's farthest point, and its longest side.
BEYOND, MOST_PX = 1.35, 640


def drawn(effect: DrawShape) -> ShapeDrawn:
    """Measure; a photo in which that cannot be done is no error."""
    picture = opened(effect.picture)
    found = trace(photo_of_capture(picture, effect.capture))
    if found is None:
        return ShapeDrawn(effect.capture.id)
    x, y = found.middle
    reach = BEYOND * max(math.dist(found.middle, point) for point in found.outline)
    left, upper = max(0, math.floor(x - reach)), max(0, math.floor(y - reach))
    right = min(picture.width, math.ceil(x + reach))
    lower = min(picture.height, math.ceil(y + reach))
    width, height = right - left, lower - upper
    cut = picture.crop((left, upper, right, lower))
    cut.thumbnail((MOST_PX, MOST_PX))
    points = [
        ((px - left) / width, (py - upper) / height) for px, py in (found.middle, *found.outline)
    ]
    return ShapeDrawn(
        effect.capture.id, found.shape, as_jpeg(cut), cut.size, points[0], tuple(points[1:])
    )
