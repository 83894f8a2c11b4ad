"""A coin found in a photo, and what is not taken for one."""

import pytest
from PIL import Image

from lentigo.spots.scale.ellipse import Ellipse
from lentigo.spots.scale.find import MOST_FINDS, NoCoin, find_coins
from tests.unit.lentigo.spots.scale.drawings import COIN, photo, tilted


@pytest.mark.parametrize("degrees", [0.0, 20.0])
def test_a_coin_is_found_to_a_pixel(degrees: float) -> None:
    coin = tilted(degrees, towards_deg=40.0)
    found = find_coins(photo(coin))
    assert not isinstance(found, NoCoin)
    first = found[0].ellipse
    assert (first.x, first.y) == pytest.approx((coin.x, coin.y), abs=1.0)
    assert (first.major, first.minor) == pytest.approx((coin.major, coin.minor), abs=1.5)
    assert len(found) <= MOST_FINDS


def test_a_tilted_coin_is_refused_by_name() -> None:
    assert find_coins(photo(tilted(35.0))) is NoCoin.TILTED


def test_a_coin_that_the_photo_cuts_is_not_found() -> None:
    cut = Ellipse(590.0, 250.0, 110.0, 110.0, 0.0)
    assert find_coins(photo(cut, None)) is NoCoin.NOT_FOUND


def test_skin_and_an_oval_spot_are_no_coin() -> None:
    assert find_coins(photo(None)) is NoCoin.NOT_FOUND or find_coins(photo(None)) is NoCoin.TILTED
    assert find_coins(photo(None, None)) is NoCoin.NOT_FOUND


@pytest.mark.parametrize("size", [(1, 1), (8, 300), (40, 40)])
def test_photos_without_room_have_none(size: tuple[int, int]) -> None:
    assert find_coins(Image.new("RGB", size, (200, 160, 140))) is NoCoin.NOT_FOUND


def test_a_large_photo_gives_its_own_pixels() -> None:
    large = photo().resize((1600, 1200))
    found = find_coins(large)
    assert not isinstance(found, NoCoin)
    assert found[0].ellipse.major == pytest.approx(COIN.major * 2.5, rel=0.01)
