"""White balance on flat colours whose answer can be worked out by hand."""

import numpy as np
import pytest
from PIL import Image

from training.measure.predictions import Change
from training.studies import white_balance


def flat(*colour: int) -> Image.Image:
    return Image.new("RGB", (8, 8), colour)


@pytest.mark.parametrize("norm", [1, 6])
def test_a_flat_colour_becomes_the_grey_of_its_mean(norm: int) -> None:
    balanced = np.asarray(white_balance.balance(flat(150, 120, 90), norm))
    assert (balanced == 120).all()


def test_a_higher_norm_listens_to_what_is_bright() -> None:
    pixels = np.zeros((2, 2, 3), np.uint8)
    pixels[0] = (200, 200, 200)
    pixels[1] = (100, 50, 50)
    picture = Image.fromarray(pixels)
    by_norm = [np.asarray(white_balance.balance(picture, norm))[0, 0] for norm in (1, 6)]
    red_to_blue = [float(colour[0]) / float(colour[2]) for colour in by_norm]
    # Grey world divides by means of 150 and 125; the bright row alone is grey.
    assert red_to_blue[0] == pytest.approx(125 / 150, rel=0.01)
    assert red_to_blue[1] == pytest.approx(1.0, abs=0.01)


def test_a_black_channel_stays_black() -> None:
    assert (np.asarray(white_balance.balance(flat(100, 100, 0), 1))[..., 2] == 0).all()


def test_a_balance_takes_a_tint_away() -> None:
    change = white_balance.change_of(0.2, 6)
    assert isinstance(change, Change)
    out = np.asarray(change.apply(flat(128, 128, 128), np.random.default_rng(0)))
    assert out.max() - out.min() <= 1


def test_nothing_to_change_is_the_answer_that_is_cached_already() -> None:
    assert white_balance.change_of(0.0, None) is None
    plain, balanced = white_balance.change_of(0.2, None), white_balance.change_of(0.2, 1)
    assert plain is not None
    assert balanced is not None
    assert plain.name != balanced.name
