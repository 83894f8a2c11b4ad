"""A circle or a screenshot on a ground of one colour is judged by what lies on the ground."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lentigo.picture import framing
from lentigo.picture.examination import examine
from lentigo.picture.ground import without_ground
from lentigo.picture.quality import QualityIssue, is_refused
from training.pictures.phone import bars, disc
from training.pictures.synthetic import Look, draw_lesion

DRAWN = draw_lesion(7, 448, Look.ASYMMETRIC_DARK)
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def found_in(picture: Image.Image) -> Image.Image | None:
    return without_ground(picture, framing.shrink(picture))


@pytest.mark.parametrize("ground", [WHITE, BLACK])
@pytest.mark.parametrize("share", [0.5, 0.95])
def test_a_circle_is_judged_by_its_circle(ground: tuple[int, int, int], share: float) -> None:
    seen = examine(disc(DRAWN, ground, share))
    assert not is_refused(seen.findings), seen.findings
    assert max(seen.picture.size) <= 448 * 1.02
    assert abs(seen.picture.width - seen.picture.height) <= 8
    corner, middle = seen.picture.getpixel((0, 0)), seen.picture.getpixel((224, 20))
    assert corner == BLACK
    assert isinstance(middle, tuple)
    assert min(middle) > 80, "skin at the top of the circle"


@pytest.mark.parametrize("colour", [WHITE, BLACK])
def test_the_bars_of_a_screenshot_are_left_out(colour: tuple[int, int, int]) -> None:
    seen = examine(bars(DRAWN, colour, 9 / 19))
    assert QualityIssue.BRIGHT not in {finding.issue for finding in seen.findings}
    assert seen.picture.width / seen.picture.height == pytest.approx(1.0, abs=0.05)


def test_a_picture_without_a_ground_stays_as_it_is() -> None:
    assert found_in(DRAWN) is None
    assert examine(DRAWN).picture is DRAWN


def test_too_much_light_is_no_ground() -> None:
    burnt = DRAWN.point([min(255, round(level * 2.2)) for level in range(256)] * 3)
    assert found_in(burnt) is None
    assert QualityIssue.BRIGHT in {finding.issue for finding in examine(burnt).findings}


def test_a_dark_blot_on_white_that_is_no_circle_is_no_cut_out() -> None:
    blot = Image.new("RGB", (400, 300), WHITE)
    ImageDraw.Draw(blot).polygon([(100, 50), (320, 150), (90, 260)], fill=(90, 60, 50))
    assert found_in(blot) is None


def test_the_dark_corners_of_a_dermoscope_stay() -> None:
    pixels = np.asarray(DRAWN).copy()
    down, across = np.mgrid[-1:1:448j, -1:1:448j]
    pixels[down**2 + across**2 > 1.3] = 0
    assert found_in(Image.fromarray(pixels)) is None
