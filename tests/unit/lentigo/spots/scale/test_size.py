"""Millimetres by a coin, with their error."""

from dataclasses import replace

import numpy as np
import pytest

from lentigo.spots.scale.coin import DISCS, Coin
from lentigo.spots.scale.ellipse import Ellipse
from lentigo.spots.scale.size import OUTLINE_SHARE, Measured, Size, edge_of, measure, without
from tests.unit.lentigo.spots.scale.drawings import COIN, SKIN, SPOT, photo, tilted

TRUE_MM = SPOT.major / COIN.major * DISCS[Coin.EURO_1].diameter_mm


def measured(coin: Ellipse = COIN, named: Coin = Coin.EURO_1) -> Measured:
    found = measure(photo(coin), named, coin)
    assert found is not None
    return found


def test_the_longest_diameter_is_known_within_its_error() -> None:
    size = measured().size
    assert abs(size.diameter_mm - TRUE_MM) < size.error_mm
    assert size.diameter_mm == pytest.approx(TRUE_MM, rel=0.1)
    assert (size.is_new, size.on) == (False, None)


def test_the_outline_is_the_spot_s() -> None:
    points = np.array(measured().outline)
    assert points.mean(axis=0) == pytest.approx((SPOT.x, SPOT.y), abs=3.0)
    assert np.hypot(*SPOT.flattened(points).T) == pytest.approx(np.ones(len(points)), abs=0.25)


def test_another_coin_is_another_scale() -> None:
    ratio = measured(named=Coin.UK_POUND_2).size.diameter_mm / measured().size.diameter_mm
    assert ratio == pytest.approx(28.4 / 23.25)


def test_what_the_tilt_shortened_is_made_good_at_the_price_of_a_larger_error() -> None:
    upright = measured().size
    slanted = measured(tilted(25.0, towards_deg=SPOT.angle_deg + 90.0)).size
    # The spot lies along the shortened axis, so it is longer by 1 / cos(25°).
    assert slanted.diameter_mm / upright.diameter_mm == pytest.approx(1 / 0.906, rel=0.03)
    assert slanted.scale_share > upright.scale_share


def test_the_error_is_never_less_than_that_of_the_outline() -> None:
    size = measured().size
    assert size.error_mm > OUTLINE_SHARE * size.diameter_mm


def test_a_coin_in_the_middle_is_not_taken_for_the_spot() -> None:
    middle = replace(COIN, x=320.0, y=240.0)
    found = measure(photo(middle, None), Coin.EURO_1, middle)
    assert found is None or not (np.hypot(*middle.flattened(np.array(found.outline)).T) < 1.0).any()


def test_the_coin_is_covered_by_skin() -> None:
    bare = np.asarray(without(photo(), COIN))
    x, y = round(COIN.x), round(COIN.y)
    assert np.abs(bare[y, x].astype(int) - SKIN).max() < 6
    assert bare[round(SPOT.y), round(SPOT.x), 0] < 120  # the spot is still there


def test_an_edge_is_drawn_around_its_middle() -> None:
    points = np.array(edge_of(COIN))
    assert np.hypot(*(points - (COIN.x, COIN.y)).T) == pytest.approx(np.full(len(points), 110.0))


@pytest.mark.parametrize(("mm", "share"), [(0.0, 0.1), (-1.0, 0.1), (5.0, 1.0), (5.0, -0.1)])
def test_what_is_no_size_is_refused(mm: float, share: float) -> None:
    with pytest.raises(ValueError, match="is no size"):
        Size(Coin.EURO_1, mm, share)


def test_every_coin_has_a_diameter() -> None:
    assert set(DISCS) == set(Coin)
    assert all(15.0 < disc.diameter_mm < 30.0 for disc in DISCS.values())
