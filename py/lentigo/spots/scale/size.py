"""The longest diameter of a spot in millimetres, by a coin beside it, with its error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from lentigo.spots.comparison.photo import photo_of
from lentigo.spots.comparison.shape import trace
from lentigo.spots.scale.coin import DISCS, Coin

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from lentigo.spots.scale.ellipse import Ellipse

    Doubles = NDArray[np.float64]

# How far a scale may be off, in shares of it, by the edge that was found: 95 % of coins drawn into
# photos of `val` are nearer (training.studies.coins).
EDGE_SHARE = 0.03
# The skin under the spot may lie so much more tilted than the coin; and the coin's upper side is
# nearer to the camera than the spot by at most this much, the camera at least so far away (ours).
UNEVEN_DEG, NEARER_MM, LEAST_DISTANCE_MM = 10.0, 4.0, 120.0
# A spot's end is found to within so many pixels of the photo (ours).
END_PX = 1.5
# How far a longest diameter is off by the outline, in shares of it: against outlines drawn by
# people (of those that a visitor would not see to be wrong), and against a second photo of the
# same spot. 95 % are nearer (training.studies.coins).
OUTLINE_SHARE, REPEAT_SHARE = 0.28, 0.29
# The coin is covered up to so many of its radii, its shadow too, before the spot is traced; the
# skin's colour is that of the ring around it up to the second.
COVERED, AROUND = 1.1, 1.35
# The spot is looked for so far from the photo's middle, in radii of the coin; farther if it is not
# found: in a small window it is as large as the check sees spots. Ours, chosen on `val`.
REACHES = (0.8, 1.3)
_EDGE_POINTS = 90


@dataclass(frozen=True)
class Size:
    """How large a spot is.

    ``scale_share`` is how far the scale may be off, in shares. ``is_new`` says that the visitor has
    had the spot for less than a year, and ``on`` is the visitor's day of the measurement.
    """

    coin: Coin
    diameter_mm: float
    scale_share: float
    is_new: bool = False
    on: date | None = None

    def __post_init__(self) -> None:
        if not (self.diameter_mm > 0.0 and 0.0 <= self.scale_share < 1.0):
            raise ValueError(f"{self.diameter_mm} mm to within {self.scale_share} is no size")

    @property
    def error_mm(self) -> float:
        """How far the diameter may be off, by the scale and by the outline."""
        return self.diameter_mm * math.hypot(self.scale_share, OUTLINE_SHARE)


def growth_error(earlier: Size, later: Size) -> float:
    """Return how far the logarithm of two diameters' ratio may be off."""
    return math.hypot(earlier.scale_share, later.scale_share, REPEAT_SHARE)


@dataclass(frozen=True)
class Measured:
    """A size, and the outline of the spot that was measured, in the photo's pixels."""

    size: Size
    outline: tuple[tuple[float, float], ...]


def measure(picture: Image.Image, coin: Coin, ellipse: Ellipse) -> Measured | None:
    """Measure the spot in the middle of an RGB photo by a coin beside it.

    ``ellipse`` is the coin's edge in the photo's pixels. ``None`` if no spot can be traced.
    """
    bare = without(picture, ellipse)
    outlines = (_outline(bare, reach * ellipse.major) for reach in REACHES)
    outline = next((found for found in outlines if found), ())
    if not outline:
        return None
    flat = ellipse.flattened(np.array(outline))
    if (np.hypot(*flat.T) < 1.0).any():
        return None
    radii = longest(flat)
    disc = DISCS[coin]
    ends = END_PX / (radii * math.sqrt(ellipse.major * ellipse.minor))
    tilt = math.radians(ellipse.tilt_deg)
    uneven = 1.0 - math.cos(tilt + math.radians(UNEVEN_DEG)) / math.cos(tilt)
    share = math.hypot(
        EDGE_SHARE,
        disc.error_mm / disc.diameter_mm,
        uneven,
        NEARER_MM / LEAST_DISTANCE_MM,
        ends,
    )
    size = Size(coin, radii * disc.diameter_mm / 2.0, min(share, 0.99))
    return Measured(size, outline)


def _outline(picture: Image.Image, reach_px: float) -> tuple[tuple[float, float], ...]:
    """Return the outline of the spot within so many pixels of the middle; empty without one."""
    x, y = picture.width / 2, picture.height / 2
    left, upper = max(0, round(x - reach_px)), max(0, round(y - reach_px))
    right, lower = min(picture.width, round(x + reach_px)), min(picture.height, round(y + reach_px))
    traced = trace(photo_of(picture.crop((left, upper, right, lower))))
    return tuple((px + left, py + upper) for px, py in traced.outline) if traced else ()


def without(picture: Image.Image, ellipse: Ellipse) -> Image.Image:
    """Return an RGB photo whose coin is covered by the colour of the skin around it."""
    inner, outer = (_filled(picture.size, ellipse, reach) for reach in (COVERED, AROUND))
    pixels = np.asarray(picture)
    ring = pixels[np.asarray(outer) & ~np.asarray(inner)]
    skin = tuple(int(level) for level in np.median(ring, axis=0)) if len(ring) else (0, 0, 0)
    bare = picture.copy()
    bare.paste(skin, mask=inner)
    return bare


def edge_of(ellipse: Ellipse, reach: float = 1.0) -> tuple[tuple[float, float], ...]:
    """Return points of an ellipse so many times as large, in its unit."""
    angle = np.linspace(0.0, 2.0 * math.pi, _EDGE_POINTS, endpoint=False, dtype=np.float64)
    radius = ellipse.radius_at(angle) * reach
    x, y = ellipse.x + radius * np.cos(angle), ellipse.y + radius * np.sin(angle)
    return tuple(zip(x.tolist(), y.tolist(), strict=True))


def _filled(size: tuple[int, int], ellipse: Ellipse, reach: float) -> Image.Image:
    drawn = Image.new("1", size)
    ImageDraw.Draw(drawn).polygon([(x - 0.5, y - 0.5) for x, y in edge_of(ellipse, reach)], fill=1)
    return drawn


def longest(points: Doubles) -> float:
    """Return the largest distance between any two of the points (n, 2)."""
    apart = points[:, None, :] - points[None, :, :]
    return float(np.hypot(apart[..., 0], apart[..., 1]).max())
