"""Corruptions of a whole frame, on pictures whose result can be worked out."""

import numpy as np
import pytest
from PIL import Image

from training.pictures.corruptions import Corruption
from training.pictures.frame_corruptions import FRAME_CORRUPTIONS, expose, motion_blur

GREY = Image.new("RGB", (64, 48), (100, 100, 100))


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_one_stop_doubles_linear_light() -> None:
    level = expose(GREY, 1.0, rng()).getpixel((0, 0))[0]  # type: ignore[index]
    assert (level / 100) ** 2.2 == pytest.approx(2.0, rel=0.02)


@pytest.mark.parametrize("corruption", FRAME_CORRUPTIONS, ids=lambda each: str(each.name))
def test_every_corruption_changes_a_frame(corruption: Corruption) -> None:
    pixels = rng().integers(60, 200, (48, 64, 3)).astype(np.uint8)
    picture = Image.fromarray(pixels)
    found = corruption.apply(picture, corruption.severities[-1], rng())
    assert found.size != picture.size or not np.array_equal(np.asarray(found), pixels)


def test_movement_keeps_an_even_picture_but_for_the_edge() -> None:
    moved = np.asarray(motion_blur(GREY, 6.0, rng()))
    assert (moved[8:-8, 8:-8] == 100).all()
