"""A picture on a ground of one colour: a dermoscope's circle cut out, a screenshot between bars.

The ground tells nothing of the skin, and white is not too much light. What lies on it is cut out
and judged; around a circle the ground becomes black, as a dermoscope leaves it, which the model
knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from lentigo.picture.framing import box_blur, label_regions

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A corner is ground where all of its channels are at least, or at most, this level; what is
# connected with it may be a little off, as JPEG leaves it (ours).
_WHITE_FROM, _BLACK_TO, _OFF = 250, 8, 6
# The share of its box that a circle fills is pi / 4, a rectangle all of it; how far off either may
# be, and how far from round a circle's box (ours).
_CIRCLE, _RECTANGLE, _FILLED_OFF, _ROUND_OFF = 0.785, 1.0, 0.035, 0.06
# Light that is burnt out fades to white; what was cut out ends at once. At most this share of it is
# as good as white (from this level on).
_NEARLY_WHITE, _FADING_SHARE = 235, 0.02
# What is cut out fills at least this share of the shorter side, and leaves at least this share of
# the picture to the ground: a dermoscope's own dark corners stay as they are.
_SMALLEST_SIDE, _LEAST_GROUND = 0.3, 0.15
_CORNER_PX = 2
# `gauges.observe` measures nothing smaller.
_LEAST_SIDE_PX = 8


def without_ground(picture: Image.Image, small: Image.Image) -> Image.Image | None:
    """Return what lies on a white or black ground, RGB, cut out; ``None`` where there is none.

    ``small`` is the picture's small copy (``framing.shrink``), where the ground is found.
    """
    pixels = np.asarray(small)
    ground = _ground(pixels)
    if ground is None:
        return None
    rows, columns = (np.flatnonzero((~ground).any(axis=axis)) for axis in (1, 0))
    if rows.size == 0:
        return None
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    down, across = int(bottom - top), int(right - left)
    filled = float((~ground[top:bottom, left:right]).mean())
    is_circle = abs(filled - _CIRCLE) < _FILLED_OFF and abs(down / across - 1) < _ROUND_OFF
    is_rectangle = filled > _RECTANGLE - _FILLED_OFF
    too_small = min(down, across) < _SMALLEST_SIDE * min(ground.shape)
    if too_small or not (is_circle or is_rectangle) or _fades(pixels, ground):
        return None
    # Within the small copy's edge pixels, which mix both.
    across_px, down_px = (across - 2) * picture.width, (down - 2) * picture.height
    size = across_px / small.width, down_px / small.height
    if is_circle:
        size = (min(size),) * 2
    middle = (left + right) / 2 * picture.width, (top + bottom) / 2 * picture.height
    x, y = middle[0] / small.width, middle[1] / small.height
    left_px, top_px = round(x - size[0] / 2), round(y - size[1] / 2)
    if min(size) < _LEAST_SIDE_PX:
        return None
    found = picture.crop((left_px, top_px, left_px + round(size[0]), top_px + round(size[1])))
    return _on_black(found) if is_circle else found


def _ground(pixels: NDArray[np.uint8]) -> NDArray[np.bool_] | None:
    """Return where the ground lies, (h, w); ``None`` unless all corners are of its colour."""
    near, far = slice(_CORNER_PX), slice(-_CORNER_PX, None)
    corners = np.stack([pixels[y, x] for y in (near, far) for x in (near, far)])
    if corners.min() >= _WHITE_FROM:
        alike = pixels.min(axis=-1) >= _WHITE_FROM - _OFF
    elif corners.max() <= _BLACK_TO:
        alike = pixels.max(axis=-1) <= _BLACK_TO + _OFF
    else:
        return None
    labels, _ = label_regions(alike)
    names = np.unique(labels[[0, 0, -1, -1], [0, -1, 0, -1]])
    ground = np.isin(labels, names[names > 0])
    return ground if ground.mean() >= _LEAST_GROUND else None


def _fades(pixels: NDArray[np.uint8], ground: NDArray[np.bool_]) -> bool:
    """Tell whether much of what is not ground is nearly white; its outermost pixels aside."""
    # Two pixels at the edge mix both.
    grown = box_blur(ground.astype(np.float32), 2) > 0.0
    inside = pixels.min(axis=-1)[~grown]
    return inside.size == 0 or float((inside >= _NEARLY_WHITE).mean()) > _FADING_SHARE


def _on_black(square: Image.Image) -> Image.Image:
    """Paint black what lies outside the largest ellipse."""
    mask = Image.new("L", square.size, 0)
    ImageDraw.Draw(mask).ellipse((0, 0, square.width - 1, square.height - 1), fill=255)
    out = Image.new("RGB", square.size)
    out.paste(square, (0, 0), mask)
    return out
