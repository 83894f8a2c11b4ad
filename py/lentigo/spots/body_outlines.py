"""Which place on the body a point of a drawing means, and where a place is in the drawings.

A drawing is 240 units wide. On the front a person's left is at the right, as when facing somebody,
and on the back at the left. Hands and feet are one's own: the left one is at the left. A point
within an outline, or near it, belongs to the first area that contains it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

import numpy as np

from lentigo.spots.body_shapes import (
    BIG_TOE,
    BODY,
    COLUMN_X,
    EAR_IN_FACE,
    EAR_IN_PROFILE,
    FACE,
    FINGERS,
    FOOT,
    FOOT_X,
    HAND,
    HAND_X,
    PROFILE,
    ROWS_Y,
    THUMB,
    TOES,
    WIDTH,
    Digit,
    Point,
    Polygon,
    mirrored,
    moved,
)
from lentigo.spots.place import Place, Site, View

# How far beside an outline a point still means it, in units (ours: about 10 px on a phone).
REACH = 7.0


@dataclass(frozen=True)
class Area:
    """Part of a drawing that means a place; one of these has its ``middle``, where its pin goes."""

    site: Site
    shape: Polygon
    middle: Point | None = None


@dataclass(frozen=True)
class Drawing:
    """One view of the body: its height, its outlines, and its areas, of which the first counts."""

    height: float
    outlines: tuple[Polygon, ...]
    areas: tuple[Area, ...]


def _box(left: float, top: float, right: float, bottom: float) -> Polygon:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _pair(
    name: str, shape: Polygon, middle: Point | None = None, *, at_right: str = "left"
) -> tuple[Area, Area]:
    """Return a place on both sides; ``shape`` is in the right half of the drawing."""
    at_left = "right" if at_right == "left" else "left"
    other = None if middle is None else (WIDTH - middle[0], middle[1])
    return (
        Area(Site(f"{at_right}-{name}"), shape, middle),
        Area(Site(f"{at_left}-{name}"), mirrored(shape), other),
    )


def _twice(site: Site, shape: Polygon) -> tuple[Area, Area]:
    """Return what both sides of the head show of one place."""
    return Area(site, shape), Area(site, mirrored(shape))


def _behind(name: str, shape: Polygon, middle: Point | None = None) -> tuple[Area, Area]:
    """Return a place on both sides of a drawing whose right half is the person's right."""
    return _pair(name, shape, middle, at_right="right")


# Where the arm ends towards the trunk: along the middle of the gap between them.
_GAP = ((163, 136), (163, 186), (165, 200), (172, 220), (177, 240))


def _arm(top: float, bottom: float) -> Polygon:
    """Return the arm between two heights."""
    inside = [(x, y) for x, y in _GAP if top < y < bottom]
    return ((_gap_x(top), top), (225, top), (225, bottom), (_gap_x(bottom), bottom), *inside[::-1])


def _gap_x(y: float) -> float:
    xs, ys = zip(*_GAP, strict=True)
    return float(np.interp(y, ys, xs))


_SHOULDER: Polygon = ((147, 90), (225, 90), (225, 136), (163, 136), (154, 116))
_SIDE: Polygon = ((152, 150), (163, 150), (163, 186), (180, 250), (146, 250), (146, 172))
_HAND_ON_BODY: Polygon = _box(177, 250, 240, 330)

_FRONT = Drawing(
    486,
    (BODY,),
    (
        Area(Site.SCALP, _box(90, 0, 150, 37)),
        Area(Site.FOREHEAD, _box(90, 37, 150, 49)),
        *_pair("ear", _box(138, 49, 155, 70)),
        *_pair("cheek", _box(120, 49, 138, 69)),
        Area(Site.CHIN, _box(90, 69, 150, 84)),
        Area(Site.NECK_FRONT, _box(98, 84, 142, 104), (120, 94)),
        *_pair("armpit", ((154, 138), (163, 132), (168, 138), (168, 156), (156, 158)), (157, 146)),
        *_pair("shoulder", _SHOULDER, (168, 123)),
        *_pair("side", _SIDE, (151, 194)),
        *_pair("chest", _box(120, 95, 170, 172), (138, 138)),
        Area(Site.GENITALS, ((106, 252), (134, 252), (130, 280), (110, 280)), (120, 262)),
        Area(Site.BELLY, _box(90, 172, 150, 252), (120, 206)),
        *_pair("upper-arm-front", _arm(136, 182), (174, 160)),
        *_pair("elbow", _arm(182, 204)),
        *_pair("forearm-inside", _arm(204, 250), (189, 226)),
        *_pair("palm", _HAND_ON_BODY),
        *_pair("thigh-front", _box(120, 250, 177, 328), (143, 294)),
        *_pair("knee", _box(120, 328, 190, 356), (142, 342)),
        *_pair("shin", _box(120, 356, 190, 446), (143, 394)),
        *_pair("foot-top", _box(120, 446, 190, 486)),
    ),
)
_BACK = Drawing(
    486,
    (BODY,),
    (
        *_behind("ear", _box(138, 46, 155, 66)),
        Area(Site.SCALP, _box(90, 0, 150, 68)),
        Area(Site.NECK_BACK, _box(98, 68, 142, 102), (120, 86)),
        *_behind("shoulder", _SHOULDER),
        *_behind("side", _SIDE),
        *_behind("upper-back", _box(120, 95, 163, 176), (138, 140)),
        Area(Site.LOWER_BACK, _box(90, 176, 150, 234), (120, 206)),
        Area(Site.ANUS, _box(114, 250, 126, 278), (120, 264)),
        *_behind("buttock", _box(120, 234, 177, 282), (142, 260)),
        *_behind("upper-arm-back", _arm(136, 182), (174, 160)),
        *_behind("elbow", _arm(182, 204), (181, 193)),
        *_behind("forearm-outside", _arm(204, 250), (189, 226)),
        *_behind("hand-back", _HAND_ON_BODY),
        *_behind("thigh-back", _box(120, 282, 177, 330), (142, 306)),
        *_behind("knee-back", _box(120, 330, 190, 356), (142, 342)),
        *_behind("calf", _box(120, 356, 190, 446), (143, 390)),
        *_behind("sole", _box(120, 446, 190, 486)),
    ),
)

# fmt: off
_HAIR_IN_FACE: Polygon = (
    (50, 0), (190, 0), (190, 66), (165, 66), (150, 52), (120, 44), (90, 52), (75, 66), (50, 66),
)
_HAIR_IN_PROFILE: Polygon = (
    (130, 160), (240, 160), (240, 262), (219, 265), (203, 252), (203, 219), (182, 219), (170, 213),
    (163, 198), (146, 191), (130, 191),
)
# fmt: on
_HEAD = Drawing(
    308,
    (
        EAR_IN_FACE,
        mirrored(EAR_IN_FACE),
        FACE,
        PROFILE,
        EAR_IN_PROFILE,
        mirrored(PROFILE),
        mirrored(EAR_IN_PROFILE),
    ),
    (
        *_pair("ear", _box(166, 72, 185, 112)),
        Area(Site.SCALP, _HAIR_IN_FACE, (120, 33)),
        *_pair(
            "eye", ((127, 82), (134, 75), (148, 75), (155, 82), (148, 90), (134, 90)), (141, 82)
        ),
        Area(Site.NOSE, ((115, 74), (125, 74), (133, 113), (107, 113)), (120, 100)),
        Area(Site.LIP, ((101, 123), (120, 115), (139, 123), (130, 133), (110, 133)), (120, 124)),
        Area(Site.FOREHEAD, _box(60, 40, 180, 74), (120, 59)),
        Area(Site.CHIN, ((104, 130), (136, 130), (150, 160), (90, 160)), (120, 140)),
        *_pair("cheek", _box(120, 74, 170, 160), (147, 110)),
        *_pair("ear", _box(181, 219, 203, 256), (191, 237)),
        *_pair("eye", _box(142, 213, 160, 229)),
        *_twice(Site.NOSE, ((120, 222), (142, 222), (147, 247), (120, 247))),
        *_twice(Site.LIP, _box(120, 247, 148, 266)),
        *_twice(Site.CHIN, _box(120, 266, 161, 290)),
        *_twice(Site.SCALP, _HAIR_IN_PROFILE),
        *_twice(Site.FOREHEAD, ((130, 185), (165, 185), (176, 213), (160, 216), (130, 216))),
        *_twice(Site.NECK_BACK, ((196, 250), (240, 250), (240, 310), (196, 310))),
        *_twice(Site.NECK_FRONT, ((161, 283), (184, 256), (196, 256), (196, 310), (161, 310))),
        *_pair("cheek", _box(120, 213, 196, 290)),
    ),
)  # fmt: skip


def _own_pairs(shape: Polygon, x: float) -> tuple[Polygon, ...]:
    """Return a left hand or foot from above and from below, and the right one beside each."""
    top_y, bottom_y = ROWS_Y
    above = moved(shape, x, top_y)
    below = tuple((2 * COLUMN_X - x, y + bottom_y - top_y) for x, y in reversed(above))
    return above, mirrored(above), below, mirrored(below)


def _nails(name: str, digits: tuple[Digit, ...], reach: float, x: float) -> tuple[Area, ...]:
    """Return the tips of digits on both sides; the pin goes to the last of them."""
    areas: list[Area] = []
    for digit in digits:
        around, middle = (
            moved(digit.around_nail(reach), x, ROWS_Y[0]),
            moved((digit.middle_of_nail,), x, ROWS_Y[0]),
        )
        at = mirrored(middle)[0] if digit is digits[-1] else None
        areas += _behind(name, mirrored(around), at)
    return tuple(areas)


_HANDS = Drawing(
    318,
    _own_pairs(HAND, HAND_X),
    (
        *_nails("thumbnail", (THUMB,), 9, HAND_X),
        *_nails("fingernail", FINGERS, 8, HAND_X),
        *_behind("hand-back", _box(120, 0, 240, 159), (186, 102)),
        *_behind("palm", _box(120, 159, 240, 318), (178, 258)),
    ),
)
_FEET = Drawing(
    318,
    _own_pairs(FOOT, FOOT_X),
    (
        *_nails("big-toe-nail", (BIG_TOE,), 9, FOOT_X),
        *_nails("toenail", TOES, 6, FOOT_X),
        *_behind("foot-top", _box(120, 0, 240, 159), (182, 76)),
        *_behind("sole", _box(120, 159, 240, 318), (180, 232)),
    ),
)
DRAWINGS: dict[View, Drawing] = {
    View.FRONT: _FRONT,
    View.BACK: _BACK,
    View.HEAD: _HEAD,
    View.HANDS: _HANDS,
    View.FEET: _FEET,
}


def site_at(view: View, x: float, y: float) -> Site | None:
    """Return the place that a point of a drawing means; ``None`` beside the body.

    ``x``, ``y`` are in 0..1 of the drawing's box.
    """
    drawing = DRAWINGS[view]
    point = (x * WIDTH, y * drawing.height)
    if not any(_is_near(outline, point) for outline in drawing.outlines):
        return None
    return next((area.site for area in drawing.areas if _contains(area.shape, point)), None)


def middle_of(site: Site) -> Place:
    """Return where the pin of a place goes that was chosen from a list."""
    return _MIDDLES[site]


def _is_near(outline: Polygon, point: Point) -> bool:
    edges = zip(outline, (*outline[1:], outline[0]), strict=True)
    return _contains(outline, point) or any(_distance(*edge, point) <= REACH for edge in edges)


def _contains(shape: Polygon, point: Point) -> bool:
    """Whether a point is inside a polygon, by the crossings of a ray to the right."""
    x, y = point
    inside = False
    for (x0, y0), (x1, y1) in zip(shape, (*shape[1:], shape[0]), strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (x1 - x0) * (y - y0) / (y1 - y0):
            inside = not inside
    return inside


def _distance(start: Point, end: Point, point: Point) -> float:
    """Return how far a point is from a line between two others."""
    along = (end[0] - start[0], end[1] - start[1])
    square = along[0] ** 2 + along[1] ** 2
    to_x, to_y = point[0] - start[0], point[1] - start[1]
    share = 0.0 if square == 0 else min(1.0, max(0.0, (to_x * along[0] + to_y * along[1]) / square))
    return hypot(to_x - share * along[0], to_y - share * along[1])


_MIDDLES = {
    area.site: Place(area.site, view, area.middle[0] / WIDTH, area.middle[1] / drawing.height)
    for view, drawing in DRAWINGS.items()
    for area in drawing.areas
    if area.middle is not None
}
