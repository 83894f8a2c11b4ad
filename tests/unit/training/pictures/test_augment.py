"""Augmentation keeps what a picture shows, and draws the same for the same seed."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from training.pictures.augment import Augmentation, augment, colour_matrix, light_of
from training.pictures.synthetic import Look, draw_lesion

SHARES = [name for name in Augmentation.__dataclass_fields__ if name.endswith("_share")]
NOTHING: dict[str, Any] = dict.fromkeys(SHARES, 0.0)
PLAIN = replace(Augmentation(), lights=((90.0, 140.0, 200.0),), **NOTHING)


def lesion() -> Image.Image:
    return draw_lesion(3, 96, Look.ASYMMETRIC_DARK)


def test_the_same_seed_draws_the_same_picture_and_another_seed_another() -> None:
    first, again, other = (
        augment(lesion(), 1.3333, 64, Augmentation(), np.random.default_rng(seed))
        for seed in (5, 5, 6)
    )
    assert first.shape == (64, 64, 3)
    assert first.dtype == np.uint8
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize("name", SHARES)
def test_each_change_does_something_and_leaves_a_picture(name: str) -> None:
    this: dict[str, Any] = {name: 1.0}
    always = replace(PLAIN, **this)
    # A seed that draws no exposure near 0 stops, which would change nothing.
    plain = augment(lesion(), 1.0, 64, PLAIN, np.random.default_rng(2)).astype(float)
    changed = augment(lesion(), 1.0, 64, always, np.random.default_rng(2)).astype(float)
    assert plain.shape == changed.shape
    assert np.abs(plain - changed).mean() > 0.2, name
    assert changed.std() > 5.0, name


def test_the_light_of_a_picture_is_that_of_its_skin() -> None:
    picture = Image.new("RGB", (64, 64), (200, 150, 120))
    picture.paste((40, 20, 10), (16, 16, 48, 48))
    assert light_of(picture) == pytest.approx((200.0, 150.0, 120.0))


def test_a_relit_picture_comes_nearer_to_the_other_light() -> None:
    how = replace(PLAIN, relit_share=1.0, brightness=0.0, contrast=0.0, saturation=0.0)
    how = replace(how, white_balance=0.0, gamma=0.0)
    wanted = np.array(how.lights[0])
    before = augment(lesion(), 1.0, 64, replace(how, relit_share=0.0), np.random.default_rng(2))
    after = augment(lesion(), 1.0, 64, how, np.random.default_rng(2))
    was, now = (np.array(light_of(Image.fromarray(p))) - wanted for p in (before, after))
    assert (np.abs(now) < np.abs(was)).all()


def test_a_colour_matrix_of_ones_changes_nothing_and_no_saturation_gives_grey() -> None:
    one = np.ones(3)
    assert colour_matrix(1.0, 1.0, 1.0, one) == pytest.approx(
        np.hstack([np.eye(3), np.zeros((3, 1))])
    )
    colour = np.array([200.0, 100.0, 50.0, 1.0])
    # Rec. 601: 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2
    assert colour_matrix(1.0, 1.0, 0.0, one) @ colour == pytest.approx([124.2] * 3)
    # Contrast turns around mid-grey.
    assert colour_matrix(1.0, 0.5, 1.0, one) @ np.array([127.5, 0.0, 255.0, 1.0]) == pytest.approx(
        [127.5, 63.75, 191.25]
    )
