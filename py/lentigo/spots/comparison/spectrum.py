"""Rotation and scale by the spectrum of the skin, whose strength no shift changes.

A spot that grew to one side has its middle elsewhere, which a log-polar map around it cannot
bridge; the spectrum does not know where the middle is (Reddy, Chatterji, IEEE TIP 1996).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lentigo.spots.comparison.detail import Detail

    Floats = NDArray[np.float32]

# Half a turn only: of a real image, a frequency and its opposite are equally strong.
ANGLES, RINGS, PADDED_RINGS = 180, 64, 128
# Frequencies that are compared, in shares of twice the highest.
LOWEST, HIGHEST = 0.05, 0.35
LARGEST_SCALE = 1.6


@lru_cache(maxsize=2)
def _places(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats, Floats]:
    """Return the pixel above and left of each (angle, ring) of a centred spectrum, and the rest."""
    radius = np.geomspace(LOWEST, HIGHEST, RINGS) * size
    angle = np.arange(ANGLES) * (math.pi / ANGLES)
    x = size / 2 + np.outer(np.cos(angle), radius)
    y = size / 2 + np.outer(np.sin(angle), radius)
    left, above = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    return left, above, (x - left).astype(np.float32), (y - above).astype(np.float32)


def strength(detail: Detail) -> Floats:
    """Return the spectrum's strength over (angle, logarithm of the frequency), standardised."""
    side_px = len(detail.values)
    size = 2 * side_px
    window = np.hanning(side_px).astype(np.float32)
    values = detail.values * window[:, None] * window[None, :]
    whole = np.log1p(np.abs(np.fft.fftshift(np.fft.fft2(values, (size, size))))).astype(np.float32)
    x, y, right, down = _places(size)
    sampled = (whole[y, x] * (1 - right) + whole[y, x + 1] * right) * (1 - down)
    sampled += (whole[y + 1, x] * (1 - right) + whole[y + 1, x + 1] * right) * down
    sampled -= sampled.mean(axis=0)
    standard: Floats = sampled / (sampled.std() + np.float32(1e-6))
    return standard


def turns(one: Floats, other: Floats) -> list[complex]:
    """Return the likeliest rotation and scale by two strengths, and the same turned half round."""
    shape = (ANGLES, PADDED_RINGS)
    spectra = [np.fft.rfft2(values, shape) for values in (other, one)]
    scores = np.fft.irfft2(spectra[0] * np.conj(spectra[1]), shape)
    offsets = np.arange(PADDED_RINGS)
    offsets = np.where(offsets > PADDED_RINGS // 2, offsets - PADDED_RINGS, offsets)
    step = math.log(HIGHEST / LOWEST) / (RINGS - 1)
    scores /= np.maximum(RINGS - np.abs(offsets), 1)
    scores[:, np.abs(offsets) * step > math.log(LARGEST_SCALE)] = -np.inf
    row, column = np.unravel_index(int(scores.argmax()), scores.shape)
    # What lies farther apart in the picture repeats more slowly: the scale is the inverse.
    turn = math.exp(-offsets[column] * step) * np.exp(1j * math.pi * row / ANGLES).item()
    return [turn, -turn]
