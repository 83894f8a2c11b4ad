"""Augmentation: a random square region of the true scene, turned, recoloured, corrupted.

Recompression, blur and rescaling hit every class alike: some classes of HAM10000 went through
another JPEG encoder, which would otherwise give the class away. The artefacts (hair, ruler ticks,
glare, vignette, a lesion small in a phone's frame) are those that gave classes away in other data
sets or that a visitor's picture brings along. Numpy and Pillow only.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from lentigo.picture.preprocess import centre_square
from training.pictures.corruptions import exposure

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The wider the square that a rotation is cut from, the fewer corners lie outside the picture.
_ROTATION_MARGIN = 1.15
# Rec. 601 luma, as in Pillow's own conversion to grey.
_LUMA = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True)
class Augmentation:
    """How far pictures are changed.

    ``area`` is the share of the centred square that is kept, ``stretch`` the largest change of its
    aspect as a factor; ``brightness``, ``contrast``, ``saturation``, ``white_balance`` and
    ``gamma`` are the largest relative changes. ``exposure_stops`` is how dark and how bright a
    wrongly exposed picture is. Every ``..._share`` is the share of the pictures that get that
    change.

    ``lights`` are the light (``light_of``) of pictures elsewhere, of which ``relit_share`` are
    moved towards one.
    """

    area: tuple[float, float] = (0.45, 1.0)
    stretch: float = 1.12
    brightness: float = 0.2
    contrast: float = 0.2
    saturation: float = 0.2
    white_balance: float = 0.06
    gamma: float = 0.15
    exposure_stops: tuple[float, float] = (-3.0, 1.0)
    exposure_share: float = 0.1
    phone_frame_share: float = 0.05
    hair_share: float = 0.05
    ruler_share: float = 0.02
    glare_share: float = 0.04
    vignette_share: float = 0.06
    border_share: float = 0.0
    relit_share: float = 0.0
    lights: tuple[tuple[float, ...], ...] = ()
    blur_share: float = 0.15
    rescale_share: float = 0.15
    noise_share: float = 0.06
    recompress_share: float = 0.4


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
    out = _region(picture, aspect, round(size_px * _ROTATION_MARGIN), how, rng)
    if rng.random() < how.phone_frame_share:
        out = _shrink_into_frame(out, rng)
    out = _turn(out, size_px, rng)
    for share, change in (
        (how.hair_share, _add_hair),
        (how.ruler_share, _add_ruler),
        (how.vignette_share, _add_vignette),
        (how.border_share, _add_border),
    ):
        if rng.random() < share:
            out = change(out, rng)
    if how.lights and rng.random() < how.relit_share:
        out = _relight(out, how.lights[int(rng.integers(len(how.lights)))], rng)
    out = _recolour(out, how, rng)
    if rng.random() < how.exposure_share:
        out = exposure(out, float(rng.uniform(*how.exposure_stops)), rng)
    if rng.random() < how.glare_share:
        out = _add_glare(out, rng)
    return np.asarray(_corrupt(out, how, rng), dtype=np.uint8)


def _region(
    picture: Image.Image,
    aspect: float,
    size_px: int,
    how: Augmentation,
    rng: np.random.Generator,
) -> Image.Image:
    """Cut a random part; it may wander over the whole frame, not only over the centred square."""
    square = centre_square(picture.width, picture.height, aspect)
    side = math.sqrt(rng.uniform(*how.area))
    stretch = math.sqrt(math.exp(rng.uniform(-1.0, 1.0) * math.log(how.stretch)))
    width_px = min(float(picture.width), (square.right_px - square.left_px) * side * stretch)
    height_px = min(float(picture.height), (square.bottom_px - square.top_px) * side / stretch)
    # The mean of two draws: lesions stand near the middle, and should seldom be cut off.
    across, down = rng.random((2, 2)).mean(axis=0)
    left_px = across * (picture.width - width_px)
    top_px = down * (picture.height - height_px)
    box = (left_px, top_px, left_px + width_px, top_px + height_px)
    return picture.resize((size_px, size_px), Image.Resampling.BILINEAR, box=box)


def _shrink_into_frame(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Set the picture small into a frame of its own smoothed colours, as from too far away."""
    size_px = picture.width
    small_px = round(size_px * float(rng.uniform(0.5, 0.85)))
    surround = picture.resize((3, 3), Image.Resampling.BOX)
    frame = surround.resize(picture.size, Image.Resampling.BICUBIC)
    mask = Image.new("L", (small_px, small_px), 0)
    edge_px = max(2, small_px // 12)
    mask.paste(255, (edge_px, edge_px, small_px - edge_px, small_px - edge_px))
    mask = mask.filter(ImageFilter.BoxBlur(edge_px / 2))
    left_px, top_px = (int(v) for v in rng.integers(0, size_px - small_px + 1, 2))
    small = picture.resize((small_px, small_px), Image.Resampling.BILINEAR)
    frame.paste(small, (left_px, top_px), mask)
    return frame


def _turn(picture: Image.Image, size_px: int, rng: np.random.Generator) -> Image.Image:
    """Flip, turn by any angle, and cut the middle; corners are filled with the mean colour."""
    if rng.random() < 0.5:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    mean = picture.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    angle_deg = float(rng.uniform(0.0, 360.0))
    picture = picture.rotate(angle_deg, Image.Resampling.BILINEAR, fillcolor=mean)
    margin_px = (picture.width - size_px) // 2
    return picture.crop((margin_px, margin_px, margin_px + size_px, margin_px + size_px))


def colour_matrix(
    brightness: float, contrast: float, saturation: float, white_balance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the (3, 4) matrix that changes a colour: gains by channel, then the three factors.

    Contrast turns around mid-grey, 127.5; every factor of 1.0 changes nothing.
    """
    towards_grey = saturation * np.eye(3) + (1.0 - saturation) * np.tile(_LUMA, (3, 1))
    linear = brightness * contrast * towards_grey @ np.diag(white_balance)
    offset = np.full((3, 1), 127.5 * (1.0 - contrast))
    return np.hstack([linear, offset])


def _recolour(picture: Image.Image, how: Augmentation, rng: np.random.Generator) -> Image.Image:
    def factor(reach: float) -> float:
        return float(rng.uniform(1.0 - reach, 1.0 + reach))

    gains = rng.uniform(1.0 - how.white_balance, 1.0 + how.white_balance, 3)
    matrix = colour_matrix(
        factor(how.brightness), factor(how.contrast), factor(how.saturation), gains
    )
    gamma = factor(how.gamma)
    curve = [round(255.0 * (level / 255.0) ** gamma) for level in range(256)]
    return picture.point(curve * 3).convert("RGB", tuple(matrix.ravel()))


def light_of(picture: Image.Image) -> tuple[float, ...]:
    """Return the level, 0..255, of each channel of an RGB picture that a quarter of it exceeds.

    That is its skin, as it is lit: lesion, hair and a vignette are darker.
    """
    levels = np.asarray(picture.resize((32, 32), Image.Resampling.BOX)).reshape(-1, 3)
    return tuple(float(level) for level in np.percentile(levels, 75.0, axis=0))


def _relight(
    picture: Image.Image, light: tuple[float, ...], rng: np.random.Generator
) -> Image.Image:
    """Move the light of a picture by any share of the way towards another's, at most by half."""
    own = np.maximum(light_of(picture), 1.0)
    gains = np.clip(np.maximum(light, 1.0) / own, 0.5, 2.0) ** float(rng.uniform(0.2, 1.0))
    curve = np.clip(np.outer(gains, np.arange(256)), 0.0, 255.0).round().astype(int)
    return picture.point([int(level) for level in curve.ravel()])


def _add_border(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Cover a plain band on one or two sides: black, white or grey."""
    size_px = picture.width
    picture = picture.copy()
    shade = (int(rng.choice([0, 255, int(rng.integers(0, 256))])),) * 3
    for side in rng.permutation(4)[: int(rng.integers(1, 3))]:
        band_px = max(2, round(size_px * float(rng.uniform(0.02, 0.12))))
        box = (0, 0, band_px, size_px) if side % 2 else (0, 0, size_px, band_px)
        away_px = size_px - band_px if side >= 2 else 0
        left_px, top_px = (away_px, 0) if side % 2 else (0, away_px)
        picture.paste(shade, (left_px, top_px, left_px + box[2], top_px + box[3]))
    return picture


def _add_hair(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Draw a few dark, slightly curved hairs."""
    size_px = picture.width
    picture = picture.copy()
    draw = ImageDraw.Draw(picture)
    shade = tuple(int(v) for v in rng.integers(10, 70) * np.array([1.0, 0.8, 0.7]))
    for _ in range(int(rng.integers(2, 9))):
        start = rng.uniform(0.0, size_px, 2)
        angle_rad = rng.uniform(0.0, 2.0 * math.pi)
        bend_rad = rng.uniform(-0.15, 0.15)
        points = [tuple(start)]
        for _ in range(8):
            angle_rad += bend_rad
            step = np.array([math.cos(angle_rad), math.sin(angle_rad)]) * size_px / 10.0
            start = start + step
            points.append(tuple(start))
        draw.line(points, fill=shade, width=1 if size_px < 160 else 2)
    return picture


def _add_ruler(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Draw the ticks of a scale along one side."""
    size_px = picture.width
    picture = picture.copy()
    draw = ImageDraw.Draw(picture)
    shade = (20, 20, 20) if rng.random() < 0.7 else (235, 235, 235)
    gap_px = float(rng.uniform(0.04, 0.1)) * size_px
    for index in range(int(size_px / gap_px)):
        length_px = size_px * (0.09 if index % 5 == 0 else 0.05)
        x_px = index * gap_px
        draw.line([(x_px, 0.0), (x_px, length_px)], fill=shade, width=1)
    turns = (
        None,
        Image.Transpose.ROTATE_90,
        Image.Transpose.ROTATE_180,
        Image.Transpose.ROTATE_270,
    )
    turn = turns[int(rng.integers(0, 4))]
    return picture if turn is None else picture.transpose(turn)


def _radius(size_px: int, centre: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distance of each pixel from a centre in 0..1, in half sides, (size, size)."""
    axis = (np.arange(size_px) + 0.5) / size_px
    return np.asarray(2.0 * np.hypot(axis[None, :] - centre[0], axis[:, None] - centre[1]))


def _add_vignette(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Darken the corners: softly, or black outside a circle as a dermoscope does."""
    radius = _radius(picture.width, rng.uniform(0.45, 0.55, 2))
    edge = float(rng.uniform(0.9, 1.2))
    if rng.random() < 0.5:
        light = np.clip((edge - radius) * 20.0, 0.0, 1.0)
    else:
        light = 1.0 - float(rng.uniform(0.2, 0.6)) * np.clip(radius / edge, 0.0, 1.2) ** 2
    mask = Image.fromarray(np.clip(255.0 * light, 0.0, 255.0).astype(np.uint8))
    return ImageChops.multiply(picture, Image.merge("RGB", (mask, mask, mask)))


def _add_glare(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Add one to three white spots with soft edges."""
    light = np.zeros((picture.width, picture.width))
    for _ in range(int(rng.integers(1, 4))):
        radius = _radius(picture.width, rng.uniform(0.0, 1.0, 2))
        light += rng.uniform(0.5, 1.3) * np.exp(-((radius / rng.uniform(0.05, 0.25)) ** 2))
    spot = Image.fromarray(np.clip(255.0 * light, 0.0, 255.0).astype(np.uint8))
    return ImageChops.add(picture, Image.merge("RGB", (spot, spot, spot)))


def _corrupt(picture: Image.Image, how: Augmentation, rng: np.random.Generator) -> Image.Image:
    """Blur, rescale, add noise and recompress, each at random."""
    size = picture.size
    if rng.random() < how.blur_share:
        picture = picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 1.5))))
    if rng.random() < how.rescale_share:
        small_px = max(8, round(size[0] * float(rng.uniform(0.4, 0.9))))
        picture = picture.resize((small_px, small_px), Image.Resampling.BILINEAR)
        picture = picture.resize(size, Image.Resampling.BILINEAR)
    if rng.random() < how.noise_share:
        levels = np.asarray(picture, dtype=np.float32)
        noise = rng.standard_normal(levels.shape, dtype=np.float32) * rng.uniform(2.0, 12.0)
        picture = Image.fromarray(np.clip(levels + noise, 0.0, 255.0).astype(np.uint8))
    if rng.random() < how.recompress_share:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=int(rng.integers(35, 96)))
        picture = Image.open(buffer).convert("RGB")
    return picture
