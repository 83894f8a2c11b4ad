"""Coins drawn into photos, and the page of what is found of them."""

import json
import math

import numpy as np
import pytest
from PIL import Image

from lentigo.spots.scale.coin import Coin
from lentigo.spots.scale.ellipse import Ellipse
from training.pictures.coins import HEIGHT_PX, WIDTH_PX, Drawn, draw, on_skin, plain_skin
from training.studies import coins

SPOT_PX = 40.0
PLACE = (460.0, 380.0)


def drawn(tilt_deg: float, coin: Coin = Coin.EURO_1) -> Drawn:
    random = np.random.default_rng(3)
    picture = Image.new("RGB", (200, 150), (200, 160, 140))
    return draw(
        np.asarray(picture.resize((WIDTH_PX, HEIGHT_PX)), dtype=np.float64),
        PLACE,
        coin,
        random,
        tilt_deg=tilt_deg,
        diameter_px=220.0,
    )


def radii(of: Drawn) -> tuple[float, float]:
    reach = np.hypot(*(of.edge - of.edge.mean(axis=0)).T)
    return float(reach.max()), float(reach.min())


def test_a_coin_is_as_large_and_as_tilted_as_is_asked_for() -> None:
    assert radii(drawn(0.0)) == pytest.approx((110.0, 110.0), abs=0.5)
    longest, shortest = radii(drawn(20.0))
    assert shortest / longest == pytest.approx(math.cos(math.radians(20.0)), abs=0.01)


def test_a_pound_has_twelve_sides_about_its_mean() -> None:
    longest, shortest = radii(drawn(0.0, Coin.UK_POUND_1))
    assert longest == pytest.approx(110.0 * 23.43 / 23.23, abs=0.6)
    assert shortest == pytest.approx(110.0 * 23.03 / 23.23, abs=0.6)


def test_the_error_of_a_find_is_that_of_its_worst_direction() -> None:
    of = drawn(0.0)
    x, y = of.edge.mean(axis=0)
    assert coins.error_of(of, Ellipse(x, y, 110.0, 110.0, 0.0)) == pytest.approx(0.0, abs=0.005)
    assert coins.error_of(of, Ellipse(x, y, 112.2, 110.0, 0.0)) == pytest.approx(0.02, abs=0.005)
    assert coins.error_of(of, Ellipse(x + 60.0, y, 110.0, 110.0, 0.0)) is None


def test_a_spot_comes_to_its_place_in_its_size_on_other_skin() -> None:
    photo = Image.new("RGB", (200, 150), (200, 160, 140))
    photo.paste((100, 80, 70), (90, 65, 110, 85))
    outline = ((0.45, 65 / 150), (0.55, 65 / 150), (0.55, 85 / 150), (0.45, 85 / 150))
    ground = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), (120, 90, 70))
    scene = on_skin(ground, photo, outline, SPOT_PX / 20, PLACE)
    dark = scene[..., 0] < 90
    rows, columns = np.nonzero(dark)
    assert (columns.mean(), rows.mean()) == pytest.approx(PLACE, abs=1.0)
    assert math.sqrt(dark.sum()) == pytest.approx(SPOT_PX, abs=2.0)
    # Half of the light of its own skin, so half of that of the other.
    assert scene[380, 460] == pytest.approx((60.0, 45.0, 35.0), abs=2.0)


def test_plain_skin_has_the_colour_of_the_photo() -> None:
    skin = plain_skin(Image.new("RGB", (60, 40), (200, 160, 140)), np.random.default_rng(1))
    assert np.asarray(skin).mean(axis=(0, 1)) == pytest.approx((200, 160, 140), abs=4)


def test_the_page_is_what_its_figures_make_it() -> None:
    document = json.loads(coins.DATA.read_text(encoding="utf-8"))
    assert set(document) == {"val", "test"}
    assert coins.PAGE.read_text(encoding="utf-8") == coins.generate(document)
