"""Pins: on the drawing of their place, and apart."""

from itertools import combinations
from math import dist

import pytest

from app.body.pins import RADIUS, RING, Pin, pinned, point_of
from lentigo.spots.body_outlines import DRAWINGS
from lentigo.spots.body_shapes import WIDTH
from lentigo.spots.place import Place, Site, View


def pin(number: int, place: Place) -> Pin:
    return Pin(number, f"spot-{number}", place, due=False, label="Mole")


def test_a_pin_stands_where_was_pointed_at() -> None:
    place = Place(Site.LEFT_CHEST, View.FRONT, 0.6, 0.25)
    assert point_of(place) == (View.FRONT, (0.6 * WIDTH, 0.25 * DRAWINGS[View.FRONT].height))


def test_a_place_from_the_list_has_its_pin_in_the_middle_of_it() -> None:
    assert point_of(Place(Site.NOSE)) == (View.HEAD, (120, 100))


def test_only_the_pins_of_a_drawing_are_on_it() -> None:
    pins = [pin(1, Place(Site.NOSE)), pin(2, Place(Site.BELLY)), pin(3, Place(Site.LEFT_CHEEK))]
    assert [shown.pin.number for shown in pinned(pins, View.HEAD)] == [1, 3]
    assert pinned(pins, View.FEET) == ()


def test_a_lonely_pin_is_not_moved() -> None:
    (only,) = pinned([pin(1, Place(Site.BELLY))], View.FRONT)
    assert dist(only.shown, only.at) < 0.1
    assert not only.is_aside


@pytest.mark.parametrize("count", [2, 5, 9])
def test_pins_in_one_place_stand_apart_and_on_the_sheet(count: int) -> None:
    shown = pinned([pin(i, Place(Site.LOWER_BACK)) for i in range(count)], View.BACK)
    for one, other in combinations(shown, 2):
        assert dist(one.shown, other.shown) > RADIUS + RING
    assert sum(one.is_aside for one in shown) >= count - 1
    assert {one.at for one in shown} == {point_of(Place(Site.LOWER_BACK))[1]}


def test_a_pin_at_the_edge_is_shown_whole() -> None:
    (only,) = pinned([pin(1, Place(Site.SCALP, View.HEAD, 0.0, 1.0))], View.HEAD)
    assert RADIUS <= only.shown[0] <= WIDTH - RADIUS
    assert RADIUS <= only.shown[1] <= DRAWINGS[View.HEAD].height - RADIUS
