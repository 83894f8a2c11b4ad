"""Corruptions, on pictures whose result can be worked out."""

import numpy as np
import pytest
from PIL import Image

from training.pictures.corruptions import (
    CORRUPTIONS,
    Corruption,
    exposure,
    gamma,
    gaussian_blur,
    motion_blur,
    noise,
    rotate,
    shift,
    white_balance,
    zoom,
)

SIZE_PX = 224
RNG = np.random.default_rng(0)


def even(level: int) -> Image.Image:
    return Image.new("RGB", (SIZE_PX, SIZE_PX), (level, level, level))


def spot() -> Image.Image:
    """A white square of 21 px in the middle of black."""
    pixels = np.zeros((SIZE_PX, SIZE_PX, 3), np.uint8)
    pixels[102:123, 102:123] = 255
    return Image.fromarray(pixels)


def centre_of(picture: Image.Image) -> tuple[float, float]:
    """Return where the light lies, down and across in pixels."""
    light = np.asarray(picture, dtype=float)[:, :, 0]
    places = np.arange(SIZE_PX)
    total = light.sum()
    return (light.sum(axis=1) @ places / total, light.sum(axis=0) @ places / total)


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda each: str(each.name))
def test_every_severity_gives_a_square_of_the_same_size_and_changes_it(
    corruption: Corruption,
) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (SIZE_PX, SIZE_PX, 3), dtype=np.uint8)
    picture = Image.fromarray(pixels)
    for severity in corruption.severities:
        found = corruption.apply(picture, severity, np.random.default_rng(2))
        assert (found.mode, found.size) == ("RGB", (SIZE_PX, SIZE_PX))
        assert not np.array_equal(np.asarray(found), pixels)


def test_severities_go_from_mild_to_severe() -> None:
    for corruption in CORRUPTIONS:
        strength = [abs(severity) for severity in corruption.severities]
        assert strength in (sorted(strength), sorted(strength, reverse=True))


def test_one_stop_less_is_half_of_the_light() -> None:
    # Level 188 is half of the light of 255 in sRGB.
    assert np.asarray(exposure(even(255), -1.0, RNG))[0, 0, 0] == 188
    assert np.asarray(exposure(even(188), 1.0, RNG))[0, 0, 0] == 255
    assert np.asarray(exposure(even(250), 1.0, RNG)).max() == 255


def test_gamma_two_squares_the_level() -> None:
    assert np.asarray(gamma(even(128), 2.0, RNG))[0, 0, 0] == round(255 * (128 / 255) ** 2)
    assert np.asarray(gamma(even(255), 2.0, RNG))[0, 0, 0] == 255


def test_warm_light_raises_red_and_lowers_blue() -> None:
    red, green, blue = np.asarray(white_balance(even(100), 0.2, RNG))[0, 0]
    assert red > green == 100 > blue


def test_noise_has_the_spread_it_names() -> None:
    noisy = np.asarray(noise(even(128), 16.0, np.random.default_rng(3)), dtype=float)
    assert noisy.std() == pytest.approx(16.0, rel=0.02)
    assert noisy.mean() == pytest.approx(128.0, abs=0.5)


def test_blur_leaves_an_even_picture_as_it_is() -> None:
    for blur in (gaussian_blur, motion_blur):
        assert np.array_equal(np.asarray(blur(even(90), 5.0, RNG)), np.asarray(even(90)))


def test_movement_spreads_a_line_over_its_length() -> None:
    pixels = np.zeros((SIZE_PX, SIZE_PX, 3), np.uint8)
    pixels[100, 100] = 250
    found = np.asarray(motion_blur(Image.fromarray(pixels), 5.0, np.random.default_rng(4)))
    assert (found[:, :, 0] == 50).sum() == 5


def test_a_turn_and_a_zoom_keep_the_middle_in_the_middle() -> None:
    for found in (rotate(spot(), 90.0, RNG), rotate(spot(), 45.0, RNG), zoom(spot(), 2.0, RNG)):
        assert centre_of(found) == pytest.approx(centre_of(spot()), abs=1.0)


def test_zoom_by_two_makes_the_spot_twice_as_wide() -> None:
    wide = np.asarray(zoom(spot(), 2.0, RNG))[:, :, 0].mean() / np.asarray(spot())[:, :, 0].mean()
    assert wide == pytest.approx(4.0, rel=0.05)


def test_a_shift_moves_the_spot_by_a_share_of_the_side_any_way() -> None:
    before, ways = centre_of(spot()), set()
    for seed in range(12):
        after = centre_of(shift(spot(), 0.1, np.random.default_rng(seed)))
        down, across = np.subtract(after, before)
        assert sorted(np.abs([down, across])) == pytest.approx([0.0, 22.0], abs=0.01)
        ways.add((round(down), round(across)))
    assert len(ways) == 4


def test_corners_of_a_turned_picture_are_skin_not_black() -> None:
    assert np.asarray(rotate(even(120), 45.0, RNG)).min() == 120
