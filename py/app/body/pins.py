"""The pins of a map: a number for each spot, kept apart where spots are close together."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, dist, hypot, sin
from typing import TYPE_CHECKING

from lentigo.spots.body_outlines import DRAWINGS, middle_of
from lentigo.spots.body_shapes import WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lentigo.spots.body_shapes import Point
    from lentigo.spots.place import Place, View

# In units of the drawings: 24 px and more across on a phone.
RADIUS = 9.0
RING = 12.5
_APART = RADIUS + RING + 2
_ROUNDS = 12
_GOLDEN_ANGLE = 2.4  # in radians; successive turns by it never meet


@dataclass(frozen=True)
class Pin:
    """A spot on the map: its number and name, its id in the address, and whether a photo is due."""

    number: int
    spot: str
    place: Place
    due: bool
    label: str


@dataclass(frozen=True)
class Pinned:
    """A pin in the units of its drawing: the place it means, and where its number stands."""

    pin: Pin
    at: Point
    shown: Point

    @property
    def is_aside(self) -> bool:
        """Whether the number stands beside its place rather than on it."""
        return dist(self.at, self.shown) > RADIUS / 3


def point_of(place: Place) -> tuple[View, Point]:
    """Return the drawing that a place is on, and where, in units of the drawing."""
    known = place if place.view is not None else middle_of(place.site)
    if known.view is None or known.x is None or known.y is None:
        raise AssertionError(known)
    return known.view, (known.x * WIDTH, known.y * DRAWINGS[known.view].height)


def pinned(pins: Sequence[Pin], view: View) -> tuple[Pinned, ...]:
    """Return the pins of one drawing, in their order, none over another as far as there is room."""
    here = [(pin, at) for pin in pins for on, at in (point_of(pin.place),) if on is view]
    shown = _apart([at for _, at in here], DRAWINGS[view].height)
    return tuple(Pinned(pin, at, there) for (pin, at), there in zip(here, shown, strict=True))


def _apart(points: Sequence[Point], height: float) -> list[Point]:
    """Push points from each other until none is nearer than two pins are wide."""
    # Two in the very same place must know in which direction to part.
    xs = [x + 0.01 * cos(_GOLDEN_ANGLE * i) for i, (x, _) in enumerate(points)]
    ys = [y + 0.01 * sin(_GOLDEN_ANGLE * i) for i, (_, y) in enumerate(points)]
    for _ in range(_ROUNDS):
        for i in range(len(xs)):
            for j in range(i):
                to_x, to_y = xs[i] - xs[j], ys[i] - ys[j]
                gap = hypot(to_x, to_y)
                if gap >= _APART:
                    continue
                push = (_APART - gap) / 2 / max(gap, 1e-9)
                xs[i], ys[i] = xs[i] + push * to_x, ys[i] + push * to_y
                xs[j], ys[j] = xs[j] - push * to_x, ys[j] - push * to_y
        xs = [min(WIDTH - RADIUS - 4, max(RADIUS + 4, x)) for x in xs]
        ys = [min(height - RADIUS - 4, max(RADIUS + 4, y)) for y in ys]
    return [(round(x, 1), round(y, 1)) for x, y in zip(xs, ys, strict=True)]
