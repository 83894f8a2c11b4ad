"""Drawn lesions: the same everywhere, different from look to look."""

import numpy as np
import pytest

from training.pictures.synthetic import Look, draw_lesion

# Of the golden picture "asymmetric-dark", RGB 0..255.
MEAN_RGB = (173.74, 133.69, 116.00)
MIDDLE_RGB = (33, 26, 33)


def test_the_same_seed_draws_the_same_picture() -> None:
    assert draw_lesion(7, 64).tobytes() == draw_lesion(7, 64).tobytes()
    assert draw_lesion(7, 64).tobytes() != draw_lesion(8, 64).tobytes()


def test_a_drawing_is_the_one_that_other_machines_draw() -> None:
    # Means and one pixel rather than a hash: another libm may turn a value by one.
    picture = np.asarray(draw_lesion(1, 56, Look.ASYMMETRIC_DARK), dtype=np.float64)
    assert picture.mean(axis=(0, 1)) == pytest.approx(MEAN_RGB, abs=0.05)
    assert picture[28, 28] == pytest.approx(MIDDLE_RGB, abs=1)


def test_a_seed_is_the_same_scene_at_every_size() -> None:
    large = draw_lesion(3, 224, Look.EVEN_BROWN).resize((56, 56))
    small = draw_lesion(3, 56, Look.EVEN_BROWN)
    difference = np.asarray(large, dtype=float) - np.asarray(small, dtype=float)
    assert np.abs(difference).mean() < 4.0


@pytest.mark.parametrize("look", Look)
def test_the_lesion_stands_out_from_the_skin_in_the_middle(look: Look) -> None:
    picture = np.asarray(draw_lesion(2, 112, look), dtype=float)
    lesion, skin = picture[32:80, 32:80].mean(axis=(0, 1)), picture[:12].mean(axis=(0, 1))
    assert np.abs(lesion - skin).max() > 10.0


def test_looks_differ_from_each_other() -> None:
    middles = {
        look: np.asarray(draw_lesion(2, 112, look), dtype=float)[40:72, 40:72].mean(axis=(0, 1))
        for look in Look
    }
    for look, middle in middles.items():
        others = [other for name, other in middles.items() if name is not look]
        assert min(np.abs(middle - other).max() for other in others) > 3.0


def test_a_darker_tone_draws_darker_skin() -> None:
    light, dark = (np.asarray(draw_lesion(2, 64, tone=tone))[:8].mean() for tone in (0, 4))
    assert dark < light / 2


def test_sizes_and_fractions_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="size_px"):
        draw_lesion(1, 8)
    with pytest.raises(ValueError, match="diameter"):
        draw_lesion(1, 64, diameter=1.2)
