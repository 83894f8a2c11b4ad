import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from lentigo.picture import gauges


def textured(size: tuple[int, int] = (640, 480), seed: int = 1) -> Image.Image:
    """Draw a mole on skin with texture of every size."""
    rng = np.random.default_rng(seed)
    width, height = size
    texture = np.zeros((height, width), dtype=np.float32)
    for step in (2, 4, 8, 16):
        coarse = rng.normal(0.0, 90.0, (height // step, width // step)).clip(-127, 127) + 128
        enlarged = Image.fromarray(coarse.astype(np.uint8)).resize(size, Image.Resampling.BILINEAR)
        texture += (np.asarray(enlarged, dtype=np.float32) - 128) * 0.08
    picture = Image.new("RGB", size, (205, 165, 148))
    ImageDraw.Draw(picture).ellipse(
        (0.38 * width, 0.34 * height, 0.62 * width, 0.66 * height), (110, 70, 60)
    )
    pixels = np.asarray(picture, dtype=np.float32) + texture[..., None]
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def measured(picture: Image.Image) -> gauges.Gauges:
    return gauges.measure(picture)


def test_defocus_lowers_detail_in_every_direction() -> None:
    sharp = measured(textured())
    soft = measured(textured().filter(ImageFilter.GaussianBlur(8)))
    assert soft.detail_best < 0.5 * sharp.detail_best


def test_movement_lowers_the_worst_direction_more_than_the_best() -> None:
    sharp = textured()
    pixels = np.asarray(sharp, dtype=np.float32)
    moved = np.mean([np.roll(pixels, step, axis=1) for step in range(-12, 13)], axis=0)
    before, after = measured(sharp), measured(Image.fromarray(moved.astype(np.uint8)))
    assert after.detail_worst < 0.5 * before.detail_worst
    assert after.detail_worst / after.detail_best < 0.8 * before.detail_worst / before.detail_best


def test_an_even_picture_has_no_detail_contrast_or_lesion() -> None:
    even = measured(Image.new("RGB", (320, 240), (120, 120, 120)))
    assert even.detail_best == even.detail_worst == even.contrast == 0.0
    assert even.lesion_px is even.size_share is even.lesion_contrast is None
    assert even.brightness == pytest.approx(120.0)
    assert even.burnt_share == 0.0


def test_a_white_picture_is_burnt_out() -> None:
    assert measured(Image.new("RGB", (320, 240), (255, 255, 255))).burnt_share == 1.0


def test_a_reflection_is_glare_and_a_white_ground_is_not() -> None:
    picture = textured()
    assert measured(picture).glare_share == 0.0
    ImageDraw.Draw(picture).ellipse((310, 230, 330, 250), (255, 255, 255))
    assert measured(picture).glare_share > 0.0
    assert measured(Image.new("RGB", (320, 240), (240, 240, 240))).glare_share == 0.0


def test_blue_light_is_a_cast() -> None:
    blue = Image.fromarray((np.asarray(textured()) * (0.5, 0.8, 1.2)).clip(0, 255).astype(np.uint8))
    assert measured(blue).cast_sd > 2.0 * measured(textured()).cast_sd


def test_size_and_place_are_told_in_pixels_and_half_sides() -> None:
    picture = Image.new("RGB", (640, 480), (215, 170, 150))
    ImageDraw.Draw(picture).rectangle((360, 160, 519, 319), (90, 50, 40))
    told = measured(picture)
    assert told.lesion_px == pytest.approx(160, rel=0.1)
    assert told.size_share == pytest.approx(160 / 480, rel=0.1)
    assert told.offset == pytest.approx(120 / 240, abs=0.03)


def test_hairs_over_the_lesion_are_counted() -> None:
    picture = textured()
    bare = measured(picture).hair_share
    for x in range(220, 440, 20):
        ImageDraw.Draw(picture).line((x, 0, x + 20, 480), (20, 15, 10), 3)
    assert measured(picture).hair_share > bare + 0.05


def test_a_purple_ring_is_ink_and_a_brown_mole_is_not() -> None:
    picture = textured()
    assert measured(picture).ink_share == 0.0
    ImageDraw.Draw(picture).ellipse((140, 60, 500, 420), outline=(70, 45, 140), width=12)
    assert measured(picture).ink_share > 0.01


def test_even_ticks_are_more_regular_than_skin() -> None:
    picture = textured()
    bare = measured(picture).tick_strength
    for x in range(0, 640, 30):
        ImageDraw.Draw(picture).line((x, 440, x, 480), (15, 15, 15), 3)
    assert measured(picture).tick_strength > max(0.6, bare)


def compressed(picture: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def block_edges(picture: Image.Image) -> float:
    return gauges.observe(picture, still=True).gauges.block_edges


def test_what_heavy_compression_leaves_is_seen_also_when_it_was_cut() -> None:
    picture = textured()
    assert block_edges(picture) < 1.0
    assert block_edges(compressed(picture, 50)) < 1.75
    heavy = compressed(picture, 5)
    assert block_edges(heavy) > 1.75
    assert block_edges(heavy.crop((3, 5, 600, 470))) > 1.75


def test_blocks_are_not_looked_for_where_the_model_cannot_see_them() -> None:
    heavy = compressed(textured((1280, 960)), 5)
    assert block_edges(heavy) == 0.0
    assert gauges.measure(compressed(textured(), 5)).block_edges == 0.0


def test_the_shift_between_frames_is_a_share_of_the_longest_side() -> None:
    wide = textured((800, 480))
    before = gauges.observe(wide.crop((0, 0, 640, 480)))
    after = gauges.measure(wide.crop((40, 0, 680, 480)), before.spectrum)
    assert after.shift_share == pytest.approx(40 / 640, abs=0.011)
    back = gauges.observe(wide.crop((40, 0, 680, 480)))
    returned = gauges.measure(wide.crop((0, 0, 640, 480)), back.spectrum)
    assert returned.shift_share == pytest.approx(40 / 640, abs=0.011)
    still = gauges.measure(wide.crop((0, 0, 640, 480)), before.spectrum)
    assert still.shift_share == 0.0


def test_an_earlier_frame_of_another_shape_counts_as_none() -> None:
    before = gauges.observe(textured((480, 480)))
    assert gauges.measure(textured(), before.spectrum).shift_share is None


@pytest.mark.parametrize("mode", ["L", "RGBA"])
def test_only_rgb_is_measured(mode: str) -> None:
    with pytest.raises(ValueError, match="RGB"):
        gauges.measure(Image.new(mode, (8, 8)))


@pytest.mark.parametrize("size", [(8, 8), (64, 9), (9, 200), (1024, 64)])
def test_odd_sizes_are_measured(size: tuple[int, int]) -> None:
    assert measured(Image.new("RGB", size, (90, 60, 50))).brightness > 0.0


@pytest.mark.parametrize("level", [0, 255])
def test_black_and_white_are_measured_without_a_warning(level: int) -> None:
    assert measured(Image.new("RGB", (640, 480), (level,) * 3)).shift_share is None
