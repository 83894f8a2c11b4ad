"""Drawn skin with a mole: lines and freckles that can be recognised, and a truth that is known."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from lentigo.spots.comparison.similarity import Similarity

SIDE_PX = 320
MIDDLE = complex(SIDE_PX / 2, SIDE_PX / 2)
# The skin is drawn larger than a photo, so that a turned photo shows skin everywhere.
PLANE_PX = 560
SKIN, MOLE = (214, 168, 148), (104, 62, 50)


def skin(seed: int = 1) -> Image.Image:
    """Draw skin with faint freckles and fine lines, ``PLANE_PX`` a side."""
    random = np.random.default_rng(seed)
    picture = Image.new("RGB", (PLANE_PX, PLANE_PX), SKIN)
    draw = ImageDraw.Draw(picture)
    for x, y in random.uniform(0, PLANE_PX, (260, 2)):
        radius, tone = random.uniform(1.5, 4.0), int(random.integers(8, 26))
        colour = tuple(channel - tone for channel in SKIN)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), colour)
    for x, y, angle in random.uniform(0, 1, (70, 3)) * (PLANE_PX, PLANE_PX, 6.28):
        end = 40 * np.exp(1j * angle)
        draw.line((x, y, x + end.real, y + end.imag), tuple(c - 18 for c in SKIN), 2)
    return picture.filter(ImageFilter.GaussianBlur(1.0))


def with_mole(
    plane: Image.Image,
    radii: tuple[float, float] = (44.0, 34.0),
    colour: tuple[int, int, int] = MOLE,
    shift: float = 0.0,
) -> Image.Image:
    """Draw an elliptic mole in the middle, ``shift`` to the right of it."""
    picture, middle = plane.copy(), PLANE_PX / 2
    draw = ImageDraw.Draw(picture)
    across, down = radii
    x = middle + shift
    draw.ellipse((x - across, middle - down, x + across, middle + down), colour)
    return picture.filter(ImageFilter.GaussianBlur(1.2))


def photo(plane: Image.Image, place: Similarity | None = None, seed: int = 5) -> Image.Image:
    """Photograph the plane, with noise; ``place`` maps the photo's pixels to the plane's."""
    if place is None:
        place = Similarity(1.0, complex((PLANE_PX - SIDE_PX) / 2, (PLANE_PX - SIDE_PX) / 2))
    taken = plane.transform(
        (SIDE_PX, SIDE_PX), Image.Transform.AFFINE, place.coefficients(), Image.Resampling.BICUBIC
    )
    noise = np.random.default_rng(seed).normal(0.0, 1.5, (SIDE_PX, SIDE_PX, 3))
    return Image.fromarray((np.asarray(taken) + noise).clip(0, 255).astype(np.uint8))


def turned(rotation_deg: float, scale: float, shift: complex = 0.0j) -> Similarity:
    """Return the place of a photo that was turned, farther away by ``scale`` and moved (px)."""
    turn = scale * np.exp(1j * np.radians(rotation_deg)).item()
    middle = complex(PLANE_PX / 2, PLANE_PX / 2)
    return Similarity(turn, middle - turn * (MIDDLE - shift))
