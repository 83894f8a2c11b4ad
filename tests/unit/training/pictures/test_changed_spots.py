import math

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from training.pictures.changed_spots import (
    GROWTH,
    NEW_SHARE,
    Kind,
    change,
    factors,
    photograph_again,
    profile,
)

SIZE = (160, 120)
MIDDLE, RADII = complex(80, 60), (30.0, 22.0)
SKIN, MOLE = (210, 170, 150), (100, 60, 50)


def drawn() -> tuple[Image.Image, np.ndarray]:
    picture, mask = Image.new("RGB", SIZE, SKIN), Image.new("1", SIZE)
    box = (
        MIDDLE.real - RADII[0],
        MIDDLE.imag - RADII[1],
        MIDDLE.real + RADII[0],
        MIDDLE.imag + RADII[1],
    )
    ImageDraw.Draw(picture).ellipse(box, MOLE)
    ImageDraw.Draw(mask).ellipse(box, 1)
    return picture, np.asarray(mask).copy()


PICTURE, MASK = drawn()


def dark(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture)[..., 1] < 115


def changed(kind: Kind, seed: int = 3) -> Image.Image:
    return change(PICTURE, MASK, kind, np.random.default_rng(seed))


def test_a_profile_reaches_as_far_as_the_mask() -> None:
    middle, reach = profile(MASK)
    assert abs(middle - MIDDLE) < 1.0
    assert reach.max() == pytest.approx(RADII[0], abs=1.5)
    assert reach.min() == pytest.approx(RADII[1], abs=1.5)


@pytest.mark.parametrize("towards", [None, 0.0, 2.5])
def test_the_stretch_makes_the_area_larger_by_what_is_said(towards: float | None) -> None:
    reach = np.full(72, 20.0)
    factor = factors(reach, towards)
    assert (factor**2).mean() == pytest.approx(1.0 + GROWTH, abs=0.01)
    if towards is not None:
        towards_it = round(towards / (2 * math.pi) * 72)
        assert factor.max() == pytest.approx(factor[towards_it], abs=0.01)
        assert factor[(towards_it + 36) % 72] == pytest.approx(1.0)


@pytest.mark.parametrize("kind", [Kind.GROWN, Kind.GROWN_ON_ONE_SIDE])
def test_a_grown_mole_is_a_fifth_larger(kind: Kind) -> None:
    before, after = dark(PICTURE).sum(), dark(changed(kind)).sum()
    assert after / before == pytest.approx(1.0 + GROWTH, abs=0.04)


def test_skin_farther_out_stays_where_it_is() -> None:
    picture = PICTURE.copy()
    ImageDraw.Draw(picture).rectangle((5, 5, 12, 12), (40, 40, 40))
    after = change(picture, MASK, Kind.GROWN, np.random.default_rng(1))
    assert np.array_equal(np.asarray(after)[:16, :16], np.asarray(picture)[:16, :16])


@pytest.mark.parametrize(("kind", "sign"), [(Kind.DARKER_AREA, -1), (Kind.PALER_AREA, 1)])
def test_a_new_area_is_a_tenth_of_the_spot_and_inside_it(kind: Kind, sign: int) -> None:
    step = np.asarray(changed(kind)).astype(int)[..., 1] - np.asarray(PICTURE)[..., 1]
    new = sign * step > 15
    assert new.sum() / MASK.sum() == pytest.approx(NEW_SHARE, abs=0.03)
    assert new[MASK].sum() > 0.9 * new.sum()


def test_another_colour_leaves_the_skin_alone() -> None:
    after = np.asarray(changed(Kind.RECOLOURED)).astype(int)
    assert tuple(after[60, 80]) == pytest.approx((60, 45, 57), abs=2)
    assert tuple(after[5, 5]) == SKIN


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_photo_taken_again_shows_each_place_where_it_says(mirrored: bool) -> None:
    again = photograph_again(PICTURE, np.random.default_rng(5), mirrored)
    picture = ImageOps.mirror(again.picture) if mirrored else again.picture
    seen = again.place(MIDDLE)
    rows, columns = np.nonzero(
        (np.asarray(picture)[..., 0] > 30) & (np.asarray(picture)[..., 1] < 90)
    )
    assert abs(complex(columns.mean() + 0.5, rows.mean() + 0.5) - seen) < 1.5
    assert not np.array_equal(np.asarray(again.picture), np.asarray(PICTURE))


def test_the_same_seed_takes_the_same_photo() -> None:
    one, other = (photograph_again(PICTURE, np.random.default_rng(7)) for _ in range(2))
    assert one.place == other.place
    assert one.picture.tobytes() == other.picture.tobytes()
