"""Drawn lesions: pictures made by code, for tests and golden vectors. No photograph is in them.

They look enough like a lesion on skin that quality gates and the model treat them as one, and
differ enough from look to look that the model answers differently. They prove nothing about how
well the model does on people.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Plane: TypeAlias = NDArray[np.float64]

# Smallest picture in which the texture is still more than noise.
SMALLEST_PX = 16


class Look(StrEnum):
    """What the drawing resembles; named by what is seen, since a drawing has no diagnosis."""

    EVEN_BROWN = "even-brown"
    ASYMMETRIC_DARK = "asymmetric-dark"
    RED_LACUNAE = "red-lacunae"
    WAXY_DOTTED = "waxy-dotted"
    PEARLY_PINK = "pearly-pink"
    SCALY_PINK = "scaly-pink"
    PALE_CENTRE = "pale-centre"


@dataclass(frozen=True)
class _Recipe:
    """Colours are RGB 0..255; the rest are fractions of 0..1 unless said otherwise."""

    centre: tuple[int, int, int]
    rim: tuple[int, int, int]
    irregularity: float
    edge_width: float
    mottling: float
    spots: int = 0
    spot: tuple[int, int, int] = (0, 0, 0)
    vessels: int = 0
    elongation: float = 1.0


_RECIPES: dict[Look, _Recipe] = {
    Look.EVEN_BROWN: _Recipe((118, 76, 52), (150, 103, 76), 0.06, 0.10, 0.10),
    Look.ASYMMETRIC_DARK: _Recipe(
        (46, 32, 34), (112, 66, 50), 0.34, 0.05, 0.45, 9, (24, 20, 30), 0, 1.35
    ),
    Look.RED_LACUNAE: _Recipe((150, 28, 44), (172, 58, 66), 0.08, 0.06, 0.25, 22, (92, 12, 40)),
    Look.WAXY_DOTTED: _Recipe((140, 104, 70), (120, 84, 58), 0.12, 0.03, 0.30, 30, (226, 200, 150)),
    Look.PEARLY_PINK: _Recipe(
        (222, 160, 152), (232, 184, 172), 0.10, 0.08, 0.15, 4, (92, 92, 112), 9
    ),
    Look.SCALY_PINK: _Recipe(
        (214, 132, 122), (216, 150, 138), 0.25, 0.20, 0.35, 24, (244, 232, 214)
    ),
    Look.PALE_CENTRE: _Recipe((226, 194, 178), (146, 100, 78), 0.08, 0.16, 0.12),
}

# Pores, furrows and network: without fine detail a drawing looks out of focus. How many cells
# there are along a side, and how much they lighten and darken, as a share. A picture with fewer
# pixels than cells cannot show them.
TEXTURE_CELLS, TEXTURE = (90, 160), 0.12

# From very light to very dark, RGB 0..255; ours, between the Monk skin tone swatches.
_SKIN_TONES = ((238, 205, 188), (226, 182, 158), (202, 152, 124), (150, 104, 78), (92, 62, 48))


def _noise(rng: np.random.Generator, cells: int, size_px: int) -> Plane:
    """Smooth noise in about -1..1, float64 (size_px, size_px); the same scene at every size."""
    grid = rng.uniform(-1.0, 1.0, (cells, cells)).astype(np.float32)
    smooth = Image.fromarray(grid).resize((size_px, size_px), Image.Resampling.BICUBIC)
    return np.asarray(smooth, dtype=np.float64)


def _blend(base: Plane, colour: tuple[int, int, int], share: Plane) -> Plane:
    """Mix one colour into an (h, w, 3) picture by a share 0..1 of shape (h, w)."""
    return base + (np.asarray(colour, dtype=np.float64) - base) * share[..., np.newaxis]


def _soft_step(distance: Plane, width: float) -> Plane:
    """1 where ``distance`` is well below 0, 0 well above, a ramp of ``width`` between."""
    return np.clip(0.5 - distance / width, 0.0, 1.0)


def _skin(rng: np.random.Generator, size_px: int, tone: int) -> Plane:
    """Skin-like ground: tone, slow shading, and a fine net of furrows."""
    skin = np.full((size_px, size_px, 3), _SKIN_TONES[tone], dtype=np.float64)
    shade = 1.0 + 0.05 * _noise(rng, 4, size_px) + 0.03 * _noise(rng, 12, size_px)
    furrows = 1.0 - 0.05 * np.clip(1.0 - 4.0 * np.abs(_noise(rng, 36, size_px)), 0.0, 1.0)
    skin *= (shade * furrows)[..., np.newaxis]
    skin[..., 0] += 4.0 * _noise(rng, 8, size_px)
    return skin


def draw_lesion(
    seed: int,
    size_px: int = 224,
    look: Look | None = None,
    *,
    diameter: float = 0.55,
    tone: int | None = None,
) -> Image.Image:
    """Draw one lesion in the middle of a square RGB picture of ``size_px`` a side.

    The same arguments give the same picture everywhere; the same seed at another size gives the
    same scene. ``look`` and ``tone`` (0 very light to 4 very dark) follow from the seed when they
    are not given. ``diameter`` is that of the lesion over the side of the picture, 0..1.
    Raises ``ValueError`` for a size or a fraction out of range.
    """
    if size_px < SMALLEST_PX:
        raise ValueError(f"size_px is at least {SMALLEST_PX}, not {size_px}")
    if not 0.0 < diameter < 1.0:
        raise ValueError(f"diameter is a fraction of the side between 0 and 1, not {diameter}")
    rng = np.random.default_rng(seed)
    drawn_look, drawn_tone = list(Look)[rng.integers(len(Look))], int(rng.integers(3))
    recipe = _RECIPES[look or drawn_look]
    picture = _skin(rng, size_px, drawn_tone if tone is None else tone)

    # Coordinates in units of the lesion's radius, in a frame turned by a random angle.
    axis = ((np.arange(size_px) + 0.5) / size_px - 0.5) * 2.0 / diameter
    turn_x, turn_y = rng.uniform(-1.0, 1.0), rng.uniform(0.3, 1.0)
    length = np.sqrt(turn_x**2 + turn_y**2)
    turn_x, turn_y = turn_x / length, turn_y / length
    along = axis[np.newaxis, :] * turn_x + axis[:, np.newaxis] * turn_y
    across = axis[:, np.newaxis] * turn_x - axis[np.newaxis, :] * turn_y
    radius = np.sqrt((along / recipe.elongation) ** 2 + across**2)
    outline = radius + recipe.irregularity * (
        _noise(rng, 6, size_px) + 0.5 * _noise(rng, 14, size_px)
    )
    inside = _soft_step(outline - 1.0, 2.0 * recipe.edge_width + 0.04)

    # Redness around, then rim and centre colours, then a mottled pigment.
    picture = _blend(picture, (206, 120, 110), 0.25 * _soft_step(outline - 1.15, 0.5))
    lesion = _blend(
        np.broadcast_to(np.asarray(recipe.rim, dtype=np.float64), picture.shape).copy(),
        recipe.centre,
        _soft_step(outline - 0.6, 0.7),
    )
    mottle = 1.0 + recipe.mottling * (
        0.6 * _noise(rng, 7, size_px)
        + 0.4 * _noise(rng, 22, size_px)
        + 0.3 * _noise(rng, 48, size_px)
    )
    lesion *= mottle[..., np.newaxis]
    picture += (lesion - picture) * inside[..., np.newaxis]

    for _ in range(recipe.spots):
        spot_x, spot_y = rng.uniform(-0.75, 0.75, 2)
        spot_radius = rng.uniform(0.05, 0.16)
        distance = np.sqrt((along - spot_x) ** 2 + (across - spot_y) ** 2) - spot_radius
        picture = _blend(picture, recipe.spot, 0.8 * inside * _soft_step(distance, 0.06))
    for _ in range(recipe.vessels):
        offset, bend, slope = rng.uniform(-0.7, 0.7), rng.uniform(-0.4, 0.4), rng.uniform(-0.6, 0.6)
        distance = np.abs(across - offset - slope * along - bend * along * along) - 0.012
        picture = _blend(picture, (176, 50, 58), 0.6 * inside * _soft_step(distance, 0.03))

    if size_px >= TEXTURE_CELLS[-1]:
        texture = np.mean([_noise(rng, cells, size_px) for cells in TEXTURE_CELLS], axis=0)
        picture *= 1.0 + TEXTURE * texture[..., np.newaxis]
    grain = rng.uniform(-1.0, 1.0, picture.shape[:2])
    picture += 3.0 * grain[..., np.newaxis]
    return Image.fromarray(np.clip(np.round(picture), 0, 255).astype(np.uint8))


def main() -> None:
    """Draw a sheet with one lesion of every look, to be looked at."""
    parser = argparse.ArgumentParser(
        prog="python -m training.pictures.synthetic", description=main.__doc__
    )
    parser.add_argument("out", type=Path, help="the PNG file to write")
    parser.add_argument("--size", type=int, default=224, help="side of one picture in pixels")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sheet = Image.new("RGB", (given.size * len(Look), given.size))
    for column, look in enumerate(Look):
        sheet.paste(draw_lesion(given.seed, given.size, look), (column * given.size, 0))
    sheet.save(given.out)


if __name__ == "__main__":
    main()
