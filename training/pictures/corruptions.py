"""Corruptions of the model's square, each at three severities: what a phone in a hand does.

Every function takes the model's square, RGB of 224x224, and returns such a square. Numpy and Pillow
only. After Hendrycks and Dietterich, "Benchmarking Neural Network Robustness to Common Corruptions
and Perturbations", ICLR 2019, with severities in physical units.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

# Takes a picture, a severity, and a generator for what is drawn at random.
Apply = Callable[[Image.Image, float, np.random.Generator], Image.Image]


def _exposed(gain: float) -> list[int]:
    """Return what each sRGB level becomes when the light is multiplied (IEC 61966-2-1).

    More than white is clipped, as a sensor does.
    """
    levels = np.arange(256) / 255.0
    light = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    light = np.clip(light * gain, 0.0, 1.0)
    exposed = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1.0 / 2.4) - 0.055)
    return [int(level) for level in np.round(exposed * 255.0)]


def gaussian_blur(picture: Image.Image, sigma_px: float, _: np.random.Generator) -> Image.Image:
    """Blur: out of focus."""
    return picture.filter(ImageFilter.GaussianBlur(sigma_px))


def motion_blur(picture: Image.Image, length_px: float, rng: np.random.Generator) -> Image.Image:
    """Average along a line, level, upright or slanting: the hand moved."""
    count = round(length_px)
    steps = np.arange(count) - count // 2
    down, across = ((0, 1), (1, 0), (1, 1), (1, -1))[int(rng.integers(4))]
    padded = np.pad(
        np.asarray(picture, dtype=np.uint16), ((count, count), (count, count), (0, 0)), "edge"
    )
    height, width = picture.height, picture.width
    total = sum(
        padded[
            count + down * step : count + down * step + height,
            count + across * step : count + across * step + width,
        ]
        for step in steps
    )
    return Image.fromarray(np.round(np.asarray(total) / count).astype(np.uint8))


def exposure(picture: Image.Image, stops: float, _: np.random.Generator) -> Image.Image:
    """Take 2^stops of the light: below 0 too dark, above 0 too bright, and clipped."""
    return picture.point(_exposed(2.0**stops) * 3)


def gamma(picture: Image.Image, exponent: float, _: np.random.Generator) -> Image.Image:
    """Raise levels 0..1 to an exponent; above 1 the middle tones sink and the white stays."""
    curve = [round(255.0 * (level / 255.0) ** exponent) for level in range(256)]
    return picture.point(curve * 3)


def noise(picture: Image.Image, spread_levels: float, rng: np.random.Generator) -> Image.Image:
    """Add Gaussian noise of so many of 255 levels: too little light for the sensor."""
    levels = np.asarray(picture, dtype=np.float64)
    noisy = levels + rng.normal(0.0, spread_levels, levels.shape)
    return Image.fromarray(np.clip(np.round(noisy), 0.0, 255.0).astype(np.uint8))


def recompress(picture: Image.Image, quality: float, _: np.random.Generator) -> Image.Image:
    """Store as JPEG of a quality 1..95 and read back: sent by a messenger."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=round(quality))
    return Image.open(buffer).convert("RGB")


def _mirrored(picture: Image.Image) -> tuple[Image.Image, int]:
    """Continue the picture beyond its edges by mirroring; return it with the margin in pixels."""
    margin_px = picture.width // 2
    pixels = np.pad(np.asarray(picture), ((margin_px,) * 2, (margin_px,) * 2, (0, 0)), "reflect")
    return Image.fromarray(pixels), margin_px


def rotate(picture: Image.Image, angle_deg: float, _: np.random.Generator) -> Image.Image:
    """Turn about the centre; what comes into the corners is mirrored skin."""
    wide, margin_px = _mirrored(picture)
    turned = wide.rotate(angle_deg, Image.Resampling.BILINEAR)
    return turned.crop(
        (margin_px, margin_px, margin_px + picture.width, margin_px + picture.height)
    )


def zoom(picture: Image.Image, factor: float, _: np.random.Generator) -> Image.Image:
    """Keep the middle 1/factor of the side, enlarged: too close, the border cut off."""
    half_px = picture.width / factor / 2.0
    centre_px = picture.width / 2.0
    box = (centre_px - half_px, centre_px - half_px, centre_px + half_px, centre_px + half_px)
    return picture.resize(picture.size, Image.Resampling.BILINEAR, box=box)


def shift(picture: Image.Image, share: float, rng: np.random.Generator) -> Image.Image:
    """Move by a share of the side, up, down, left or right: not centred, perhaps cut off."""
    wide, margin_px = _mirrored(picture)
    offset_px = round(share * picture.width)
    down, across = ((0, 1), (0, -1), (1, 0), (-1, 0))[int(rng.integers(4))]
    left_px, top_px = margin_px + across * offset_px, margin_px + down * offset_px
    return wide.crop((left_px, top_px, left_px + picture.width, top_px + picture.height))


def white_balance(picture: Image.Image, gain: float, _: np.random.Generator) -> Image.Image:
    """Give red 1 + gain and blue 1 - gain of their light: above 0 too warm, below too cold."""
    return picture.point(_exposed(1.0 + gain) + _exposed(1.0) + _exposed(1.0 - gain))


@dataclass(frozen=True)
class Corruption:
    """One way a picture can be bad, at severities from mild to severe (ours), in ``unit``."""

    name: str
    unit: str
    severities: tuple[float, ...]
    apply: Apply


CORRUPTIONS = (
    Corruption("gaussian_blur", "px of standard deviation", (1.0, 2.0, 4.0), gaussian_blur),
    Corruption("motion_blur", "px of movement", (5.0, 9.0, 17.0), motion_blur),
    Corruption("darkness", "stops of exposure", (-1.0, -2.0, -3.0), exposure),
    Corruption("dark_tones", "gamma", (1.5, 2.0, 3.0), gamma),
    Corruption("overexposure", "stops of exposure", (0.5, 1.0, 1.5), exposure),
    Corruption("noise", "levels of 255", (8.0, 16.0, 32.0), noise),
    Corruption("recompression", "JPEG quality", (50.0, 25.0, 10.0), recompress),
    Corruption("rotation", "degrees", (15.0, 45.0, 90.0), rotate),
    Corruption("zoom", "times", (1.25, 1.5, 2.0), zoom),
    Corruption("shift", "of the side", (0.1, 0.2, 0.3), shift),
    Corruption("warm_light", "of red and blue light", (0.1, 0.2, 0.4), white_balance),
    Corruption("cold_light", "of red and blue light", (-0.1, -0.2, -0.4), white_balance),
)
