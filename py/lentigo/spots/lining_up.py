"""What to do with the camera so that a repeat photo shows a spot as the earlier one does. Pure.

Only a help: a comparison lines two photos up by the skin around the spot, whatever their scale and
turn (``lentigo.spots.comparison``). Photos taken alike leave it less to guess, in what is sharp, in
shadows, and in how much skin both show.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from lentigo.model.modality import Modality
from lentigo.picture.preprocess import centre_square
from lentigo.picture.quality import THRESHOLDS
from lentigo.spots.comparison.field import moments

if TYPE_CHECKING:
    from lentigo.spots.comparison.field import Polygon

# All ours; measured in docs/decisions/0034-a-repeat-photo-is-lined-up.md. A fifth more in diameter
# is growth that a doctor should see (Abbott 2015); a spot that has grown so must not be taken
# from farther away, so sizes may differ by more than that.
SIZE_FACTOR = 1.3
# Distance of the centres, in shares of the square's side: half the radius of a spot that fills the
# square as the training pictures do.
CENTRE_SHARE = 0.15
# Angle of the longer axes; and how much longer than wide an outline must be, both times, to have
# one: below, the axis of an unchanged spot's outline turns by itself.
TURN_DEG, ELONGATED = 30.0, 1.5
# Mean levels (luma) of the same part of both pictures: about one stop of light. A camera evens out
# less, and colours are compared with the skin's.
LIGHT_FACTOR = 1.35


class Adjustment(StrEnum):
    """The one thing to do, by what shall become of the picture, whichever camera it is."""

    WITH_DERMOSCOPE = "with-dermoscope"
    WITHOUT_DERMOSCOPE = "without-dermoscope"
    CLOSER = "closer"
    FARTHER = "farther"
    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    TURN = "turn"
    LIGHTER = "lighter"
    DARKER = "darker"


@dataclass(frozen=True)
class Sight:
    """How a square shows a spot.

    ``centre`` is (x, y) in 0..1 of the square, ``size`` the root of the outline's area over the
    square's side, ``axis_deg`` the direction of its longer axis, 0..180, or ``None`` if it has
    none. ``brightness`` is ``Gauges.brightness``.
    """

    centre: tuple[float, float]
    size: float
    axis_deg: float | None
    brightness: float


@dataclass(frozen=True)
class Earlier:
    """The photo that is taken again; ``sight`` is ``None`` if its spot is no example to follow.

    ``outline`` is a polygon in 0..1 of the photo's centred square.
    """

    modality: Modality
    outline: tuple[tuple[float, float], ...] = ()
    sight: Sight | None = None


def sight_of(outline: Polygon, brightness: float) -> Sight | None:
    """Measure an outline in 0..1 of a square; ``None`` without one."""
    if len(outline) < 3:
        return None
    found = moments(outline)
    if found.area_px2 <= 0.0:
        return None
    axis_deg = math.degrees(found.axis) % 180.0 if found.elongation >= ELONGATED else None
    centre = found.centre.real, found.centre.imag
    return Sight(centre, math.sqrt(found.area_px2), axis_deg, brightness)


def earlier_of(
    outline: Polygon, size_px: tuple[int, int], modality: Modality, brightness: float
) -> Earlier:
    """Read an earlier photo of ``size_px`` whose spot has ``outline``, in 0..1 of its sides.

    A spot that the gates would not let pass today is no example: too small, out of the middle, or
    beyond the square that the camera shows.
    """
    width_px, height_px = size_px
    box = centre_square(width_px, height_px)
    side_px = box.right_px - box.left_px
    shown = tuple(
        ((x * width_px - box.left_px) / side_px, (y * height_px - box.top_px) / side_px)
        for x, y in outline
    )
    sight = sight_of(shown, brightness)
    within = all(0.0 <= place <= 1.0 for point in shown for place in point)
    if sight is None or not within or not _passes(sight):
        return Earlier(modality)
    return Earlier(modality, shown, sight)


def adjustment(earlier: Earlier, now: Sight | None, modality: Modality) -> Adjustment | None:
    """Return what to do next, ``None`` if a live view is like the earlier photo."""
    if {earlier.modality, modality} == {Modality.CAMERA, Modality.DERMOSCOPIC}:
        wanted = earlier.modality is Modality.DERMOSCOPIC
        return Adjustment.WITH_DERMOSCOPE if wanted else Adjustment.WITHOUT_DERMOSCOPE
    before = earlier.sight
    if before is None or now is None:
        return None
    return _of_size(before, now) or _of_place(before, now) or _of_turn_and_light(before, now)


def _passes(sight: Sight) -> bool:
    """Tell whether the gates take it, and leave room for the tolerances."""
    off = 2.0 * math.dist(sight.centre, (0.5, 0.5))
    return (
        sight.size >= THRESHOLDS.far_below_share * SIZE_FACTOR
        and off + 2.0 * CENTRE_SHARE <= THRESHOLDS.off_centre_above
        and sight.brightness >= THRESHOLDS.dim_below_luma
    )


def _of_size(before: Sight, now: Sight) -> Adjustment | None:
    if now.size * SIZE_FACTOR < before.size:
        return Adjustment.CLOSER
    return Adjustment.FARTHER if now.size > before.size * SIZE_FACTOR else None


def _of_place(before: Sight, now: Sight) -> Adjustment | None:
    across, down = (then - place for then, place in zip(before.centre, now.centre, strict=True))
    if math.hypot(across, down) <= CENTRE_SHARE:
        return None
    if abs(across) >= abs(down):
        return Adjustment.RIGHT if across > 0 else Adjustment.LEFT
    return Adjustment.DOWN if down > 0 else Adjustment.UP


def _of_turn_and_light(before: Sight, now: Sight) -> Adjustment | None:
    if before.axis_deg is not None and now.axis_deg is not None:
        apart_deg = abs(before.axis_deg - now.axis_deg)
        if min(apart_deg, 180.0 - apart_deg) > TURN_DEG:
            return Adjustment.TURN
    if now.brightness * LIGHT_FACTOR < before.brightness:
        return Adjustment.LIGHTER
    return Adjustment.DARKER if now.brightness > before.brightness * LIGHT_FACTOR else None
