"""A repeat photo: what the camera's view lacks to show the spot as the earlier photo does."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from lentigo.model.modality import Modality
from lentigo.spots.lining_up import (
    CENTRE_SHARE,
    LIGHT_FACTOR,
    SIZE_FACTOR,
    TURN_DEG,
    Adjustment,
    Earlier,
    Sight,
    adjustment,
    earlier_of,
    sight_of,
)

SQUARE = ((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6))
SIGHT = Sight((0.5, 0.5), 0.4, 0.0, 120.0)
EARLIER = Earlier(Modality.CAMERA, SQUARE, SIGHT)


def told(now: Sight | None, modality: Modality = Modality.CAMERA) -> Adjustment | None:
    return adjustment(EARLIER, now, modality)


def ellipse(long: float, wide: float, turned_deg: float) -> list[tuple[float, float]]:
    turn = complex(math.cos(math.radians(turned_deg)), math.sin(math.radians(turned_deg)))
    angles = [2 * math.pi * n / 48 for n in range(48)]
    points = [turn * complex(long * math.cos(a), wide * math.sin(a)) for a in angles]
    return [(0.5 + z.real, 0.5 + z.imag) for z in points]


def test_an_outline_is_measured() -> None:
    sight = sight_of(SQUARE, 100.0)
    assert sight is not None
    assert sight.centre == pytest.approx((0.5, 0.5))
    assert sight.size == pytest.approx(0.2)
    assert sight.axis_deg is None, "a square is no longer than wide"
    assert sight_of((), 100.0) is None
    assert sight_of(((0.1, 0.1), (0.2, 0.2), (0.3, 0.3)), 100.0) is None


@pytest.mark.parametrize("turned_deg", [0.0, 40.0, 90.0, 150.0])
def test_a_long_outline_has_an_axis(turned_deg: float) -> None:
    sight = sight_of(ellipse(0.3, 0.15, turned_deg), 100.0)
    assert sight is not None
    assert sight.axis_deg is not None
    apart_deg = abs(sight.axis_deg - turned_deg)
    assert min(apart_deg, 180.0 - apart_deg) < 0.1


def test_a_view_like_the_earlier_one_wants_nothing() -> None:
    assert told(SIGHT) is None
    assert told(None) is None, "a spot that is not found has no place"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (replace(SIGHT, size=SIGHT.size / SIZE_FACTOR * 0.99), Adjustment.CLOSER),
        (replace(SIGHT, size=SIGHT.size * SIZE_FACTOR * 1.01), Adjustment.FARTHER),
        (replace(SIGHT, centre=(0.5 + CENTRE_SHARE * 1.01, 0.5)), Adjustment.LEFT),
        (replace(SIGHT, centre=(0.5 - CENTRE_SHARE * 1.01, 0.5)), Adjustment.RIGHT),
        (replace(SIGHT, centre=(0.5, 0.5 + CENTRE_SHARE * 1.01)), Adjustment.UP),
        (replace(SIGHT, centre=(0.5, 0.5 - CENTRE_SHARE * 1.01)), Adjustment.DOWN),
        (replace(SIGHT, axis_deg=TURN_DEG + 1), Adjustment.TURN),
        (replace(SIGHT, axis_deg=180.0 - TURN_DEG - 1), Adjustment.TURN),
        (replace(SIGHT, brightness=120.0 / LIGHT_FACTOR * 0.99), Adjustment.LIGHTER),
        (replace(SIGHT, brightness=120.0 * LIGHT_FACTOR * 1.01), Adjustment.DARKER),
    ],
)
def test_what_differs_is_told_by_what_the_picture_shall_become(
    now: Sight, expected: Adjustment
) -> None:
    assert told(now) is expected


def test_a_spot_that_has_grown_as_a_doctor_should_see_it_is_not_sent_away() -> None:
    assert told(replace(SIGHT, size=SIGHT.size * 1.2)) is None


def test_an_axis_is_the_same_after_half_a_turn() -> None:
    assert told(replace(SIGHT, axis_deg=179.0)) is None


def test_size_goes_before_place_and_place_before_light() -> None:
    all_differs = Sight((0.9, 0.5), 0.2, 90.0, 20.0)
    assert told(all_differs) is Adjustment.CLOSER
    assert told(replace(all_differs, size=0.4)) is Adjustment.LEFT
    assert told(replace(SIGHT, axis_deg=90.0, brightness=20.0)) is Adjustment.TURN


def test_photos_that_cannot_be_compared_are_told_first() -> None:
    off = replace(SIGHT, size=0.1)
    assert told(off, Modality.DERMOSCOPIC) is Adjustment.WITHOUT_DERMOSCOPE
    through = replace(EARLIER, modality=Modality.DERMOSCOPIC)
    assert adjustment(through, off, Modality.CAMERA) is Adjustment.WITH_DERMOSCOPE
    for modality in (Modality.DERMOSCOPIC, Modality.UNSURE):
        assert adjustment(through, SIGHT, modality) is None


def test_an_earlier_photo_is_seen_as_the_camera_shows_it() -> None:
    # The spot lies in the middle of a photo that is twice as wide as high.
    outline = [(0.45, 0.4), (0.55, 0.4), (0.55, 0.6), (0.45, 0.6)]
    earlier = earlier_of(outline, (800, 400), Modality.CAMERA, 120.0)
    assert earlier.sight is not None
    assert earlier.sight.size == pytest.approx(0.2)
    assert earlier.outline[0] == pytest.approx((0.4, 0.4))


@pytest.mark.parametrize(
    ("outline", "brightness"),
    [
        ((), 120.0),
        ([(0.48, 0.48), (0.52, 0.48), (0.52, 0.52), (0.48, 0.52)], 120.0),  # too small
        ([(0.7, 0.7), (0.9, 0.7), (0.9, 0.9), (0.7, 0.9)], 120.0),  # out of the middle
        ([(0.2, -0.1), (0.8, -0.1), (0.8, 0.9), (0.2, 0.9)], 120.0),  # cut
        (SQUARE, 40.0),  # too dark
    ],
)
def test_a_photo_that_would_not_pass_today_is_no_example(
    outline: list[tuple[float, float]], brightness: float
) -> None:
    earlier = earlier_of(outline, (600, 600), Modality.CAMERA, brightness)
    assert earlier == Earlier(Modality.CAMERA)
    assert adjustment(earlier, SIGHT, Modality.CAMERA) is None
