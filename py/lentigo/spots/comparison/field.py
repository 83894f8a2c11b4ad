"""The field of a photo that is compared: the spot in the middle, always equally large.

Whatever a photo's resolution and distance, its field has the same pixels, so the two fields of
a pair differ by a rotation, by what the spot grew, and by little else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from lentigo.picture import framing
from lentigo.spots.comparison.similarity import Similarity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Bools = NDArray[np.bool_]
    Polygon = Sequence[tuple[float, float]]

# Side of a field, and the root of the spot's area in it.
SIDE_PX, SPOT_PX = 240, 60.0
CENTRE = complex(SIDE_PX / 2, SIDE_PX / 2)
# A spot smaller than this has no outline to speak of (root of its area, in the photo's pixels).
SMALLEST_SPOT_PX = 4.0


@dataclass(frozen=True)
class Field:
    """A photo's field.

    ``pixels`` is uint8 (side, side, 3); ``seen`` is where the photo has skin, no dermoscope's rim;
    ``spot`` is inside the outline; both bool (side, side). ``place`` maps the field's pixels to
    the photo's. ``axis`` is the outline's longer axis in radians, modulo pi.
    """

    pixels: NDArray[np.uint8]
    seen: Bools
    spot: Bools
    place: Similarity
    axis: float


@dataclass(frozen=True)
class Moments:
    """A polygon's area in px², centre, and the longer axis in radians.

    ``elongation`` is how many times as long as wide the ellipse of these moments is, 1 or more.
    """

    area_px2: float
    centre: complex
    axis: float
    elongation: float


def moments(polygon: Polygon) -> Moments:
    """Measure a polygon by Green's theorem; the area of one without any is 0."""
    z = np.array([complex(x, y) for x, y in polygon])
    middle = z.mean()
    x, y = (z - middle).real, (z - middle).imag
    x2, y2 = np.roll(x, -1), np.roll(y, -1)
    cross = x * y2 - x2 * y
    area = float(cross.sum() / 2)
    if abs(area) < 1e-6:
        return Moments(0.0, complex(middle), 0.0, 1.0)
    centre_x = float(((x + x2) * cross).sum() / (6 * area))
    centre_y = float(((y + y2) * cross).sum() / (6 * area))
    xx = float(((x * x + x * x2 + x2 * x2) * cross).sum() / (12 * area)) - centre_x**2
    yy = float(((y * y + y * y2 + y2 * y2) * cross).sum() / (12 * area)) - centre_y**2
    xy = (
        float(((x * y2 + 2 * x * y + 2 * x2 * y2 + x2 * y) * cross).sum() / (24 * area))
        - centre_x * centre_y
    )
    axis = 0.5 * math.atan2(2 * xy, xx - yy)
    mean, spread = (xx + yy) / 2, math.hypot((xx - yy) / 2, xy)
    elongation = math.sqrt((mean + spread) / max(mean - spread, 1e-9 * (mean + spread)))
    return Moments(abs(area), complex(middle) + complex(centre_x, centre_y), axis, elongation)


def field_of(picture: Image.Image, outline: Polygon) -> Field | None:
    """Cut the field out of an RGB photo; ``None`` if the outline has hardly any area.

    ``outline`` is a polygon in shares 0..1 of the photo's width and height
    (``lentigo.picture.framing.Lesion``).
    """
    polygon = [(x * picture.width, y * picture.height) for x, y in outline]
    if len(polygon) < 3:
        return None
    found = moments(polygon)
    if math.sqrt(found.area_px2) < SMALLEST_SPOT_PX:
        return None
    scale = math.sqrt(found.area_px2) / SPOT_PX
    place = Similarity(complex(scale), found.centre - scale * CENTRE)
    valid = Image.fromarray(framing.read_scene(framing.shrink(picture)).valid)
    pixels = np.zeros((SIDE_PX, SIDE_PX, 3), dtype=np.uint8)
    seen = np.zeros((SIDE_PX, SIDE_PX), dtype=bool)
    across = _span(place.shift.real, scale, picture.width)
    down = _span(place.shift.imag, scale, picture.height)
    size = (across.stop - across.start, down.stop - down.start)
    if min(size) < 1:
        return None
    box = tuple(
        shift + at * scale
        for at, shift in (
            (across.start, place.shift.real),
            (down.start, place.shift.imag),
            (across.stop, place.shift.real),
            (down.stop, place.shift.imag),
        )
    )
    cut = picture.resize(size, Image.Resampling.BILINEAR, box=box, reducing_gap=2.0)
    pixels[down, across] = np.asarray(cut)
    shares = valid.width / picture.width, valid.height / picture.height
    small_box = tuple(edge * shares[index % 2] for index, edge in enumerate(box))
    seen[down, across] = (
        np.asarray(valid.convert("L").resize(size, Image.Resampling.BILINEAR, box=small_box)) > 254
    )
    back = place.inverse()
    drawn = Image.new("1", (SIDE_PX, SIDE_PX))
    inside = [back(complex(x, y)) for x, y in polygon]
    ImageDraw.Draw(drawn).polygon([(z.real - 0.5, z.imag - 0.5) for z in inside], fill=1)
    return Field(pixels, seen, np.asarray(drawn).copy(), place, found.axis)


def _span(shift: float, scale: float, length: int) -> slice:
    """Return which of the field's pixels along an axis lie wholly in the photo."""
    first = max(0, math.ceil(-shift / scale - 1e-6))
    last = min(SIDE_PX, math.floor((length - shift) / scale + 1e-6))
    return slice(first, max(first, last))
