"""A spot changed by a known amount, and a photo of it taken again: pictures whose truth is known.

Growth stretches the spot within its own border and squeezes the skin just beyond it; the skin
farther out stays where it is, as it does on a body. The photos are of one stored picture, so their
skin has the same grain: a second photo of real skin agrees less.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from lentigo.spots.comparison.similarity import Similarity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]


class Kind(StrEnum):
    """What was done to the spot before it was photographed again."""

    UNCHANGED = "unchanged"
    MIRRORED = "mirrored"
    GROWN = "grown"
    GROWN_ON_ONE_SIDE = "grown-on-one-side"
    DARKER_AREA = "darker-area"
    PALER_AREA = "paler-area"
    RECOLOURED = "recoloured"


# How much larger the grown ones are.
GROWTH = 0.2
# The skin within this many radii of the border gives way to what grew.
GIVES_WAY = 0.6
# A new area: its share of the spot, and what it leaves of the light, or takes of the skin's colour.
NEW_SHARE, NEW_DARKER, NEW_PALER = 0.1, 0.45, 0.7
# What another colour leaves of the light in red, green and blue.
OTHER_COLOUR = (0.6, 0.75, 1.15)
DIRECTIONS = 72
# A photo taken again: scale either way, shift in shares of the shorter side, brightness, colour.
SCALE, SHIFT, LIGHT, CAST = 1.25, 0.06, 0.15, 0.05
BLUR_PX, NOISE, QUALITY = 0.8, 2.0, (70, 91)


@dataclass(frozen=True)
class Again:
    """A photo taken again: ``place`` maps the first's pixels to its own, mirrored if it is."""

    picture: Image.Image
    place: Similarity


def profile(mask: Bools) -> tuple[complex, Floats]:
    """Return a mask's middle and how far it reaches in each direction, smoothed, px."""
    rows, columns = np.nonzero(mask)
    middle = complex(columns.mean() + 0.5, rows.mean() + 0.5)
    z = columns + 0.5 + 1j * (rows + 0.5) - middle
    index = (np.angle(z) / (2 * math.pi) % 1.0 * DIRECTIONS).astype(np.intp) % DIRECTIONS
    reach = np.zeros(DIRECTIONS)
    np.maximum.at(reach, index, np.abs(z) + 0.5)
    known = np.flatnonzero(reach)
    reach = np.interp(np.arange(DIRECTIONS), known, reach[known], period=DIRECTIONS)
    return middle, np.mean([np.roll(reach, shift) for shift in (-1, 0, 1)], axis=0)


def factors(reach: Floats, towards: float | None) -> Floats:
    """Return by how much each direction is stretched so that the area grows by ``GROWTH``.

    ``towards`` is the direction in radians to which it all grows; ``None`` is all round.
    """
    if towards is None:
        return np.full(DIRECTIONS, math.sqrt(1.0 + GROWTH))
    angle = (np.arange(DIRECTIONS) + 0.5) * (2 * math.pi / DIRECTIONS)
    lobe = np.maximum(np.cos(angle - towards), 0.0) ** 2
    least, most = 0.0, 3.0
    for _ in range(40):
        half = (least + most) / 2
        area = (reach**2 * (1.0 + half * lobe) ** 2).sum() / (reach**2).sum()
        least, most = (half, most) if area < 1.0 + GROWTH else (least, half)
    return np.asarray(1.0 + least * lobe)


def grow(pixels: NDArray[np.uint8], mask: Bools, towards: float | None) -> NDArray[np.uint8]:
    """Return the picture (h, w, 3) with its spot larger by ``GROWTH`` of its area."""
    middle, reach = profile(mask)
    factor = factors(reach, towards)
    height, width = mask.shape
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    z = x + 1j * y - middle
    direction = np.angle(z) / (2 * math.pi) * DIRECTIONS - 0.5
    places = np.arange(DIRECTIONS)
    border = np.interp(direction, places, reach, period=DIRECTIONS)
    larger = border * np.interp(direction, places, factor, period=DIRECTIONS)
    distance = np.abs(z)
    end = larger + GIVES_WAY * border
    beyond = border + (distance - larger) * (end - border) / (end - larger)
    source = np.where(distance <= larger, distance * border / larger, beyond)
    source = np.where(distance < end, source, distance)
    moved = middle + z * source / np.maximum(distance, 1e-6)
    return _sampled(pixels, moved.real - 0.5, moved.imag - 0.5)


def _sampled(pixels: NDArray[np.uint8], x: Floats, y: Floats) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    x, y = x.clip(0, width - 1.001), y.clip(0, height - 1.001)
    left, above = x.astype(np.intp), y.astype(np.intp)
    right, down = (x - left)[..., None], (y - above)[..., None]
    top = pixels[above, left] * (1 - right) + pixels[above, left + 1] * right
    bottom = pixels[above + 1, left] * (1 - right) + pixels[above + 1, left + 1] * right
    return np.rint(top * (1 - down) + bottom * down).astype(np.uint8)


def _area(mask: Bools, random: np.random.Generator) -> Floats:
    """Return a soft disc of ``NEW_SHARE`` of the spot within it, 0..1 (h, w)."""
    radius = math.sqrt(NEW_SHARE * mask.sum() / math.pi)
    deep = np.asarray(
        Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.GaussianBlur(radius))
    )
    rows, columns = np.nonzero(mask & (deep >= np.quantile(deep[mask], 0.6)))
    chosen = int(random.integers(len(rows)))
    y, x = np.ogrid[: mask.shape[0], : mask.shape[1]]
    distance = np.hypot(y - rows[chosen], x - columns[chosen])
    return np.asarray(np.clip((radius - distance) / 2.0 + 0.5, 0.0, 1.0))


def change(
    picture: Image.Image, mask: Bools, kind: Kind, random: np.random.Generator
) -> Image.Image:
    """Change the spot inside a mask (h, w) of an RGB picture as ``kind`` says."""
    pixels = np.asarray(picture)
    if kind in (Kind.GROWN, Kind.GROWN_ON_ONE_SIDE):
        towards = float(random.uniform(0, 2 * math.pi)) if kind is not Kind.GROWN else None
        return Image.fromarray(grow(pixels, mask, towards))
    if kind in (Kind.UNCHANGED, Kind.MIRRORED):
        return picture
    if kind is Kind.RECOLOURED:
        soft = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.GaussianBlur(1.5))
        weight, other = np.asarray(soft)[..., None] / 255.0, pixels * np.array(OTHER_COLOUR)
    else:
        weight = _area(mask, random)[..., None]
        skin = np.median(pixels[~mask], axis=0)
        darker = kind is Kind.DARKER_AREA
        other = pixels * NEW_DARKER if darker else pixels + (skin - pixels) * NEW_PALER
    return Image.fromarray((pixels + (other - pixels) * weight).clip(0, 255).astype(np.uint8))


def photograph_again(
    picture: Image.Image, random: np.random.Generator, mirrored: bool = False
) -> Again:
    """Photograph an RGB picture again: turned, nearer, moved, in other light, encoded anew.

    What the picture does not show is black, as beyond the rim of a dermoscope.
    """
    width, height = picture.size
    scale = math.exp(random.uniform(-math.log(SCALE), math.log(SCALE)))
    turn = scale * np.exp(1j * random.uniform(-math.pi, math.pi)).item()
    middle = complex(width / 2, height / 2)
    moved = complex(*random.uniform(-SHIFT, SHIFT, 2)) * min(width, height)
    place = Similarity(turn, middle + moved - turn * middle)
    taken = picture.transform(
        (width, height),
        Image.Transform.AFFINE,
        place.inverse().coefficients(),
        Image.Resampling.BICUBIC,
    ).filter(ImageFilter.GaussianBlur(random.uniform(0.0, BLUR_PX)))
    light = random.uniform(1 - LIGHT, 1 + LIGHT) * random.uniform(1 - CAST, 1 + CAST, 3)
    slope = 1.0 + random.uniform(-LIGHT / 2, LIGHT / 2) * np.linspace(-1.0, 1.0, width)
    values = np.asarray(taken) * light * slope[None, :, None]
    values = np.where(values > 0, values + random.normal(0.0, NOISE, values.shape), 0.0)
    noisy = Image.fromarray(values.clip(0, 255).astype(np.uint8))
    if mirrored:
        noisy = ImageOps.mirror(noisy)
    encoded = io.BytesIO()
    noisy.save(encoded, "JPEG", quality=int(random.integers(*QUALITY)))
    return Again(Image.open(io.BytesIO(encoded.getvalue())).convert("RGB"), place)
