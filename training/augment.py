"""Augmentation: a random square region of the true scene, turned, recoloured, recompressed.

Recompression, blur and rescaling hit every class alike: some classes of HAM10000 went through
another JPEG encoder, which would otherwise give the class away. Numpy and Pillow only.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from lentigo.preprocess import centre_square

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The wider the square that a rotation is cut from, the fewer corners lie outside the picture.
_ROTATION_MARGIN = 1.15


@dataclass(frozen=True)
class Augmentation:
    """How far pictures are changed; ``area`` is the share of the centred square that is kept."""

    area: tuple[float, float] = (0.45, 1.0)
    brightness: float = 0.25
    contrast: float = 0.25
    colour: float = 0.25
    recompress_share: float = 0.5
    blur_share: float = 0.2
    rescale_share: float = 0.2


def augment(
    picture: Image.Image,
    aspect: float,
    size_px: int,
    how: Augmentation,
    rng: np.random.Generator,
) -> NDArray[np.uint8]:
    """Return a random square at true aspect of a stored (squashed) RGB picture.

    ``aspect`` is the true frame's width over its height. uint8 (size_px, size_px, 3).
    """
    square = centre_square(picture.width, picture.height, aspect)
    full_width_px = square.right_px - square.left_px
    full_height_px = square.bottom_px - square.top_px
    side = float(np.sqrt(rng.uniform(*how.area)))
    width_px, height_px = full_width_px * side, full_height_px * side
    # The square may wander over the whole frame, not only over the centred square.
    left_px = rng.uniform(0.0, picture.width - width_px)
    top_px = rng.uniform(0.0, picture.height - height_px)
    box = (left_px, top_px, left_px + width_px, top_px + height_px)

    turned_px = round(size_px * _ROTATION_MARGIN)
    out = picture.resize((turned_px, turned_px), Image.Resampling.BILINEAR, box=box)
    out = _turn(out, size_px, rng)
    out = _recolour(out, how, rng)
    out = _degrade(out, how, rng)
    return np.asarray(out, dtype=np.uint8)


def _turn(picture: Image.Image, size_px: int, rng: np.random.Generator) -> Image.Image:
    """Flip, turn by any angle, and cut the middle; corners are filled with the mean colour."""
    if rng.random() < 0.5:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    mean = tuple(int(v) for v in np.asarray(picture).mean(axis=(0, 1)))
    picture = picture.rotate(
        float(rng.uniform(0.0, 360.0)), Image.Resampling.BILINEAR, fillcolor=mean
    )
    margin_px = (picture.width - size_px) // 2
    return picture.crop((margin_px, margin_px, margin_px + size_px, margin_px + size_px))


def _recolour(picture: Image.Image, how: Augmentation, rng: np.random.Generator) -> Image.Image:
    for enhancer, reach in (
        (ImageEnhance.Brightness, how.brightness),
        (ImageEnhance.Contrast, how.contrast),
        (ImageEnhance.Color, how.colour),
    ):
        picture = enhancer(picture).enhance(float(rng.uniform(1.0 - reach, 1.0 + reach)))
    return picture


def _degrade(picture: Image.Image, how: Augmentation, rng: np.random.Generator) -> Image.Image:
    """Blur, rescale and recompress, each at random."""
    size = picture.size
    if rng.random() < how.blur_share:
        picture = picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 1.2))))
    if rng.random() < how.rescale_share:
        small_px = max(8, round(size[0] * float(rng.uniform(0.5, 0.9))))
        picture = picture.resize((small_px, small_px), Image.Resampling.BILINEAR)
        picture = picture.resize(size, Image.Resampling.BILINEAR)
    if rng.random() < how.recompress_share:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=int(rng.integers(40, 96)))
        picture = Image.open(buffer).convert("RGB")
    return picture
