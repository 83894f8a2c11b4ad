import numpy as np
import pytest
from PIL import Image

from lentigo.picture.preprocess import (
    INPUT_SHAPE,
    VIEWS,
    centre_square,
    normalise,
    picture_from_rgba,
    square_picture,
    to_model_input,
    views,
)


def test_the_centred_square_of_a_landscape_frame_drops_its_sides() -> None:
    assert centre_square(640, 480).as_tuple() == (80, 0, 560, 480)


def test_the_centred_square_of_a_portrait_frame_drops_top_and_bottom() -> None:
    assert centre_square(480, 640).as_tuple() == (0, 80, 480, 560)


def test_a_squashed_picture_is_cropped_to_the_true_square() -> None:
    box = centre_square(224, 224, aspect=4 / 3)
    assert box.as_tuple() == pytest.approx((28, 0, 196, 224))


def test_a_squashed_portrait_is_cropped_in_height() -> None:
    assert centre_square(200, 200, aspect=0.5).as_tuple() == pytest.approx((0, 50, 200, 150))


def test_squashing_and_undoing_it_shows_the_same_scene() -> None:
    ramp = np.tile(np.linspace(0, 255, 640).astype(np.uint8), (480, 1))
    frame = Image.fromarray(np.stack([ramp] * 3, axis=-1))
    direct = np.asarray(square_picture(frame), dtype=int)
    stored = frame.resize((224, 224), Image.Resampling.LANCZOS)
    undone = np.asarray(square_picture(stored, aspect=640 / 480), dtype=int)
    assert np.abs(direct - undone).max() <= 2


@pytest.mark.parametrize("size", [(0, 10), (10, 0)])
def test_a_picture_without_pixels_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="at least one pixel"):
        centre_square(*size)


def test_an_aspect_that_is_not_positive_is_refused() -> None:
    with pytest.raises(ValueError, match="aspect"):
        centre_square(10, 10, aspect=0)


def test_bytes_are_mapped_to_minus_one_and_one() -> None:
    picture = Image.new("RGB", (224, 224), (0, 255, 51))
    pixels = normalise(picture)
    assert pixels.shape == INPUT_SHAPE
    assert pixels.dtype == np.float32
    assert pixels[0, 0, 0] == pytest.approx([-1.0, 1.0, -0.6])


def test_channels_stay_red_green_blue_and_rows_stay_rows() -> None:
    pixels = np.zeros((224, 224, 3), dtype=np.uint8)
    pixels[10, 20] = (255, 0, 0)
    result = normalise(Image.fromarray(pixels))
    assert result[0, 10, 20].tolist() == [1.0, -1.0, -1.0]
    assert result[0, 20, 10].tolist() == [-1.0, -1.0, -1.0]


def test_a_picture_of_the_models_size_is_not_resampled() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (224, 224, 3), dtype=np.uint8)
    expected = pixels.astype(np.float32) / 127.5 - 1
    assert np.abs(to_model_input(Image.fromarray(pixels))[0] - expected).max() < 1e-6


def test_a_picture_that_is_not_rgb_is_refused() -> None:
    with pytest.raises(ValueError, match="RGB"):
        square_picture(Image.new("L", (300, 300)))


def test_canvas_bytes_become_a_picture_without_alpha() -> None:
    picture = picture_from_rgba(bytes([1, 2, 3, 9, 4, 5, 6, 9]), 2, 1)
    assert [picture.getpixel((x, 0)) for x in range(2)] == [(1, 2, 3), (4, 5, 6)]


def test_canvas_bytes_of_the_wrong_number_are_refused() -> None:
    with pytest.raises(ValueError, match="4 bytes a pixel"):
        picture_from_rgba(b"123", 1, 1)


def test_the_views_are_the_same_whichever_of_them_a_photo_is() -> None:
    levels = np.random.default_rng(2).integers(0, 256, (224, 224, 3), dtype=np.uint8)
    shown = views(normalise(Image.fromarray(levels)))
    assert shown.shape == (VIEWS, *INPUT_SHAPE[1:])
    assert shown.dtype == np.float32
    of_each = [sorted(view.tobytes() for view in views(one[np.newaxis])) for one in shown]
    assert all(found == of_each[0] for found in of_each)
    assert len(set(of_each[0])) == VIEWS
    # The picture as it is comes first: the map is of that one.
    assert np.array_equal(shown[:1], normalise(Image.fromarray(levels)))
