"""Which square is cut around a drawn lesion, and which answers a rule takes."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.unit.training.measure.test_decisions import answers, decided
from training.measure.decisions import MEL, NV
from training.studies import crop
from training.studies.crop import Found

SKIN, DARK = (224, 178, 160), (90, 55, 45)


def drawn(centre_px: tuple[int, int], radius_px: int) -> Image.Image:
    """A round lesion in a stored picture of 224x224 whose true aspect is 1."""
    picture = Image.new("RGB", (224, 224), SKIN)
    x, y = centre_px
    ImageDraw.Draw(picture).ellipse(
        [x - radius_px, y - radius_px, x + radius_px, y + radius_px], fill=DARK
    )
    return picture


def test_a_small_lesion_near_the_middle_is_brought_to_the_middle() -> None:
    box, found = crop.square_around(drawn((130, 112), 25), 1.0)
    assert found.moved
    assert (box.left_px + box.right_px) / 2 == pytest.approx(130, abs=5)
    assert box.right_px - box.left_px == pytest.approx(found.side_share * 224)
    assert found.side_share < 0.6


def test_the_crop_of_a_squashed_picture_is_square_in_the_scene() -> None:
    squashed = drawn((112, 112), 25).resize((224, 224), box=(28, 0, 196, 224))
    box, _ = crop.square_around(squashed, 168 / 224)
    across, down = box.right_px - box.left_px, box.bottom_px - box.top_px
    assert across / down == pytest.approx(224 / 168, rel=0.02)


def test_a_crop_is_not_smaller_than_asked_for_and_stays_inside() -> None:
    box, found = crop.square_around(drawn((130, 112), 25), 1.0, least_side=0.9)
    assert found.side_share == pytest.approx(0.9)
    assert 0 <= box.left_px < box.right_px <= 224
    assert 0 <= box.top_px < box.bottom_px <= 224


def test_without_a_lesion_it_is_the_centred_square() -> None:
    box, found = crop.square_around(Image.new("RGB", (224, 224), SKIN), 1.0)
    assert not found.moved
    assert box.as_tuple() == (0, 0, 224, 224)


def test_a_rule_takes_small_lesions_near_the_middle_that_get_another_square() -> None:
    found = [
        Found(0.2, 0.1, 0.5, True),
        Found(0.2, 0.4, 0.5, True),
        Found(0.6, 0.1, 0.9, True),
        Found(0.2, 0.1, 1.0, False),
    ]
    assert crop.chosen_by(found, 0.3, 0.25).tolist() == [True, False, False, False]
    assert crop.chosen_by(found, 2.0, 0.5).tolist() == [True, True, True, False]


def test_the_answer_is_that_of_the_crop_where_the_rule_says_so() -> None:
    whole = decided(answers([{NV: 0.9}] * 3, [MEL] * 3), [5.0] * 3)
    cropped = decided(answers([{MEL: 0.9}, {MEL: 0.8}], [MEL] * 2), [5.0] * 2)
    answer = crop.mixed(whole, cropped, np.array([True, False, True]))
    assert answer.probabilities[:, MEL] == pytest.approx([0.9, 1 / 60, 0.8], abs=1e-6)
    assert answer.priorities == (
        cropped.priorities[0], whole.priorities[1], cropped.priorities[1]
    )  # fmt: skip


def test_a_scene_shown_too_small_gets_its_lesion_back_by_the_crop() -> None:
    stored, rng = drawn((112, 112), 60), np.random.default_rng(0)
    centred, cropped = (
        np.asarray(crop.too_far_cut(0.5, crop=which).apply(stored, 1.0, rng).convert("L"))
        for which in (False, True)
    )
    dark_share = [(picture < 120).mean() for picture in (centred, cropped)]
    assert dark_share[0] == pytest.approx(np.pi * 30**2 / 224**2, rel=0.2)
    assert dark_share[1] > 2 * dark_share[0]
