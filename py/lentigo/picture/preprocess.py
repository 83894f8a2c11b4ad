"""From an RGB picture to the model's input: the one definition for training, evaluation, browser.

The model sees a **square at true aspect**: the largest centred square of the scene. Pictures
that are stored squashed (the training sets are, to 224x224) are un-squashed by the same crop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

INPUT_SIZE_PX = 224
INPUT_SHAPE = (1, INPUT_SIZE_PX, INPUT_SIZE_PX, 3)
INPUT_MINIMUM, INPUT_MAXIMUM = -1.0, 1.0
# A photo's answer is the mean over so many views (docs/decisions/0043).
VIEWS = 4

# Bilinear with antialiasing (Pillow widens the kernel when it shrinks): half of
# Lanczos's time on a camera frame, and as good on `val` (training/LOG.md).
RESAMPLE = Image.Resampling.BILINEAR

_STEP = np.float32((INPUT_MAXIMUM - INPUT_MINIMUM) / 255)


@dataclass(frozen=True)
class Box:
    """A region of a stored picture, in stored pixels; the fractions are meant."""

    left_px: float
    top_px: float
    right_px: float
    bottom_px: float

    def as_tuple(self) -> tuple[float, float, float, float]:
        """(left, upper, right, lower), as Pillow takes it."""
        return (self.left_px, self.top_px, self.right_px, self.bottom_px)


def centre_square(width_px: int, height_px: int, aspect: float | None = None) -> Box:
    """Find the largest centred square of the scene.

    ``aspect`` is the width of the *true* frame over its height; ``None`` means that the pixels
    are square. With ``aspect`` 4/3 the square of a picture stored at 224x224 is 168 px wide.
    """
    if width_px < 1 or height_px < 1:
        raise ValueError(f"a picture has at least one pixel, not {width_px}x{height_px}")
    true_aspect = width_px / height_px if aspect is None else aspect
    if not true_aspect > 0:
        raise ValueError(f"aspect is a positive number, not {aspect}")
    square_width_px = width_px * min(1.0, 1.0 / true_aspect)
    square_height_px = height_px * min(1.0, true_aspect)
    left_px = (width_px - square_width_px) / 2
    top_px = (height_px - square_height_px) / 2
    return Box(left_px, top_px, left_px + square_width_px, top_px + square_height_px)


def square_picture(
    picture: Image.Image,
    size_px: int = INPUT_SIZE_PX,
    aspect: float | None = None,
    box: Box | None = None,
) -> Image.Image:
    """Crop a square of an RGB picture and resample it to ``size_px`` a side.

    The centred one, unless ``box`` is another (``lentigo.picture.framing.judged_square``).
    """
    if picture.mode != "RGB":
        raise ValueError(f"the picture is RGB after decoding, not {picture.mode}")
    if box is None:
        box = centre_square(picture.width, picture.height, aspect)
    return picture.resize((size_px, size_px), RESAMPLE, box=box.as_tuple(), reducing_gap=3.0)


def normalise(square: Image.Image) -> NDArray[np.float32]:
    """Map an RGB picture of 224x224 to float32 1x224x224x3 in [-1, 1], channels last."""
    pixels = np.asarray(square, dtype=np.uint8)
    if pixels.shape != INPUT_SHAPE[1:]:
        raise ValueError(f"the model takes {INPUT_SHAPE[1:]}, not {pixels.shape}")
    values: NDArray[np.float32] = np.multiply(pixels, _STEP, dtype=np.float32)
    values += np.float32(INPUT_MINIMUM)
    return values[np.newaxis]


def views(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lay a square on its sides: as it is, mirrored, upside down, turned by half.

    From float32 1x224x224x3 to 4x224x224x3 in this order. A lesion has no up or down; the mean of
    a model's answers to all four is the same whichever of them the photo happens to be.
    """
    square = pixels[0]
    return np.stack([square, square[:, ::-1], square[::-1], square[::-1, ::-1]])


def to_model_input(picture: Image.Image, aspect: float | None = None) -> NDArray[np.float32]:
    """Turn an RGB picture of any size into the model's input: float32 1x224x224x3 in [-1, 1]."""
    return normalise(square_picture(picture, INPUT_SIZE_PX, aspect))


def picture_from_rgba(rgba: bytes, width_px: int, height_px: int) -> Image.Image:
    """Make an RGB picture from a canvas's RGBA bytes (row-major, 4 bytes a pixel); drops alpha."""
    if len(rgba) != width_px * height_px * 4:
        raise ValueError(
            f"{width_px}x{height_px} RGBA takes 4 bytes a pixel, not {len(rgba)} bytes"
        )
    return Image.frombytes("RGB", (width_px, height_px), rgba, "raw", "RGBX")
