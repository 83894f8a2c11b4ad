import math

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lentigo.picture import framing
from lentigo.picture.preprocess import Box

SKIN, MOLE = (215, 170, 150), (95, 55, 45)


def scene(*spots: tuple[int, int, int], size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Draw round moles (x, y, radius) on skin."""
    picture = Image.new("RGB", size, SKIN)
    for x, y, radius in spots:
        ImageDraw.Draw(picture).ellipse((x - radius, y - radius, x + radius, y + radius), MOLE)
    return picture


def located(picture: Image.Image) -> framing.Lesion:
    lesion = framing.locate(framing.shrink(picture))
    assert lesion is not None
    return lesion


def test_regions_are_joined_around_a_bend_and_parted_by_a_diagonal() -> None:
    mask = np.array([[1, 0, 1, 0], [1, 0, 1, 0], [1, 1, 1, 0], [0, 0, 0, 1]], dtype=bool)
    labels, count = framing.label_regions(mask)
    assert count == 2
    assert labels.tolist() == [[1, 0, 1, 0], [1, 0, 1, 0], [1, 1, 1, 0], [0, 0, 0, 2]]


def test_pixels_that_touch_at_a_corner_only_are_two_regions() -> None:
    falling = np.eye(2, dtype=bool)
    assert framing.label_regions(falling)[1] == framing.label_regions(falling[::-1])[1] == 2


def test_a_region_that_ends_its_row_is_not_joined_to_the_start_of_the_next() -> None:
    mask = np.array([[0, 1, 1], [0, 0, 0], [1, 0, 0]], dtype=bool)
    labels, count = framing.label_regions(mask)
    assert count == 2
    assert labels.tolist() == [[0, 1, 1], [0, 0, 0], [2, 0, 0]]


@pytest.mark.parametrize("mask", [np.zeros((3, 4), bool), np.ones((3, 4), bool)])
def test_an_empty_and_a_full_mask_are_labelled(mask: np.ndarray) -> None:
    labels, count = framing.label_regions(mask)
    assert (labels == int(mask.any())).all()
    assert count == int(mask.any())


def test_otsu_parts_two_groups() -> None:
    values = np.array([1.0] * 50 + [9.0] * 10, dtype=np.float32)
    assert 1.0 < framing.otsu_threshold(values) < 9.0


def test_box_blur_is_the_mean_of_the_neighbours() -> None:
    values = np.zeros((5, 5), dtype=np.float32)
    values[2, 2] = 9.0
    assert framing.box_blur(values, 1)[1:4, 1:4].tolist() == [[1.0] * 3] * 3
    assert framing.box_blur(values, 1)[0].tolist() == [0.0] * 5


def test_white_grey_and_black_have_no_chroma() -> None:
    lab = framing.to_lab(np.array([[[255] * 3, [119] * 3, [0] * 3]], dtype=np.uint8))[0]
    assert lab[:, 0] == pytest.approx([100.0, 50.0, 0.0], abs=0.2)
    assert lab[:, 1:] == pytest.approx(np.zeros((3, 2)), abs=0.05)


def test_a_mole_is_found_where_it_is() -> None:
    lesion = located(scene((200, 300, 60)))
    assert lesion.centre == pytest.approx((200 / 640, 300 / 480), abs=0.01)
    # A clinician's mask takes in the pale rim, so a hard edge is drawn a little outside.
    assert 1.0 < lesion.area_share / (math.pi * 60**2 / (640 * 480)) < 1.25
    assert lesion.others == 0
    assert lesion.cut_share == 0.0


def test_the_outline_goes_round_the_mole() -> None:
    outline = np.array(located(scene((320, 240, 90))).outline) * (640, 480)
    radius_px = np.hypot(outline[:, 0] - 320, outline[:, 1] - 240)
    assert radius_px == pytest.approx(np.full(len(radius_px), 90.0), abs=12.0)


def test_two_moles_of_a_size_are_told() -> None:
    assert located(scene((220, 240, 50), (440, 240, 50))).others == 1


def test_a_mole_on_the_edge_is_cut() -> None:
    assert located(scene((0, 240, 110))).cut_share > 0.2


def test_the_dark_rim_of_a_dermoscope_is_not_the_lesion() -> None:
    picture = Image.new("RGB", (640, 480), (0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((20, -60, 620, 540), SKIN)
    draw.ellipse((270, 190, 370, 290), MOLE)
    lesion = located(picture)
    assert lesion.centre == pytest.approx((0.5, 0.5), abs=0.02)
    assert lesion.area_share < 0.05


def test_the_slope_of_the_light_is_not_the_lesion() -> None:
    pixels = np.asarray(scene((320, 240, 60)), dtype=np.float32)
    light = np.linspace(0.5, 1.15, 640, dtype=np.float32)[None, :, None]
    lesion = located(Image.fromarray(np.clip(pixels * light, 0, 255).astype(np.uint8)))
    assert lesion.centre == pytest.approx((0.5, 0.5), abs=0.02)


def test_nothing_is_found_on_even_skin() -> None:
    assert framing.locate(framing.shrink(scene())) is None


def test_without_a_lesion_the_crop_is_the_centred_square() -> None:
    assert framing.crop_around(None, 640, 480) == Box(80.0, 0.0, 560.0, 480.0)


def test_the_crop_brings_a_small_mole_to_the_size_of_the_training_pictures() -> None:
    lesion = located(scene((320, 240, 40)))
    box = framing.crop_around(lesion, 640, 480)
    side_px = box.right_px - box.left_px
    assert side_px == pytest.approx(box.bottom_px - box.top_px)
    lesion_px = framing.size_share(lesion, 640, 480) * 480
    assert lesion_px / side_px == pytest.approx(framing.TRAINING_SIZE_SHARE, abs=0.001)
    assert (box.left_px + box.right_px) / 2 == pytest.approx(320, abs=5)


def test_the_crop_never_leaves_the_frame() -> None:
    box = framing.crop_around(located(scene((260, 340, 110))), 640, 480)
    assert box.bottom_px == pytest.approx(480.0)
    assert box.left_px > 0.0


def test_the_crop_does_not_follow_what_lies_far_from_the_middle() -> None:
    assert framing.crop_around(located(scene((60, 420, 40))), 640, 480) == Box(80, 0, 560, 480)


@pytest.mark.parametrize("colour", [(70, 45, 150), (250, 250, 250)])
def test_ink_and_paper_beside_a_mole_are_not_the_lesion(colour: tuple[int, int, int]) -> None:
    picture = scene((320, 260, 30))
    ImageDraw.Draw(picture).rectangle((200, 60, 290, 130), colour)
    assert located(picture).centre == pytest.approx((0.5, 260 / 480), abs=0.02)


def test_a_blue_lesion_that_stands_alone_is_the_lesion() -> None:
    picture = scene()
    ImageDraw.Draw(picture).ellipse((260, 180, 380, 300), (70, 60, 140))
    lesion = located(picture)
    assert lesion.centre == pytest.approx((0.5, 0.5), abs=0.01)
    assert lesion.foreign


def test_the_crop_does_not_follow_the_colour_of_ink() -> None:
    picture = scene()
    ImageDraw.Draw(picture).ellipse((290, 210, 350, 270), (70, 60, 140))
    assert framing.crop_around(located(picture), 640, 480) == Box(80, 0, 560, 480)


def test_a_lesion_that_fills_the_frame_gets_the_largest_square() -> None:
    box = framing.crop_around(located(scene((320, 240, 200))), 640, 480)
    assert box.bottom_px - box.top_px == 480.0
