"""Where two fields may fit: masked correlation over all rotations, scales and shifts."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from lentigo.spots.comparison.detail import Detail
from lentigo.spots.comparison.similarity import Similarity, about

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

ANGLES, RINGS, PADDED_RINGS = 180, 64, 128
# Radii of the rings, in half sides of the field.
INNER, OUTER = 0.12, 1.4
LARGEST_SCALE = 2.0
# Two places of a log-polar map that are this near (steps) are one candidate.
APART = 6
# A fit over less than this share of the smaller mask is no fit.
LEAST_OVERLAP = 0.35


def correlate(one: Detail, other: Detail, shape: tuple[int, int]) -> Floats:
    """Tell how well two masked images fit, over all cyclic shifts of ``shape``.

    The value at (dy, dx) is the correlation of ``one``, shifted by so much, with ``other``
    (Padfield, IEEE TIP 2012; the means are taken as 0), times the root of the overlap: a little
    skin fits easily by chance. -1 where they overlap too little.
    """
    values, masks = [], []
    for detail in (one, other):
        values.append(np.fft.rfft2(detail.values, shape))
        masks.append(np.fft.rfft2(detail.mask.astype(np.float32), shape))
    squares = [np.fft.rfft2(detail.values**2, shape) for detail in (one, other)]

    def back(a: NDArray[Any], b: NDArray[Any]) -> Floats:
        return np.asarray(np.fft.irfft2(a * np.conj(b), shape), dtype=np.float32)

    overlap = back(masks[0], masks[1])
    power = back(squares[0], masks[1]) * back(masks[0], squares[1])
    least = LEAST_OVERLAP * min(one.mask.sum(), other.mask.sum())
    enough = overlap > max(least, 1.0)
    scores = back(values[0], values[1]) * np.sqrt(
        np.maximum(overlap, 0.0) / np.maximum(power, 1e-3)
    )
    return np.where(enough, scores, np.float32(-1.0)).astype(np.float32)


@lru_cache(maxsize=2)
def _polar(side_px: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the index of the pixel at each (angle, ring), and which lie in the image."""
    radius = np.geomspace(INNER, OUTER, RINGS) * side_px / 2
    angle = np.arange(ANGLES) * (2 * math.pi / ANGLES)
    x = np.floor(side_px / 2 + np.outer(np.cos(angle), radius)).astype(np.intp)
    y = np.floor(side_px / 2 + np.outer(np.sin(angle), radius)).astype(np.intp)
    within = (x >= 0) & (y >= 0) & (x < side_px) & (y < side_px)
    return np.where(within, y * side_px + x, 0), within


def polar(detail: Detail) -> Detail:
    """Resample around the middle: rows are angles, columns the logarithm of the radius."""
    index, within = _polar(len(detail.values))
    mask = detail.mask.ravel()[index] & within
    return Detail(detail.values.ravel()[index] * mask, mask)


def turns(one: Detail, other: Detail, count: int) -> list[complex]:
    """Return the ``count`` likeliest rotations and scales from ``one`` to ``other``."""
    scores = correlate(polar(other), polar(one), (ANGLES, PADDED_RINGS))
    step = math.log(OUTER / INNER) / (RINGS - 1)
    reach = math.floor(math.log(LARGEST_SCALE) / step)
    offsets = np.arange(PADDED_RINGS)
    offsets = np.where(offsets > PADDED_RINGS // 2, offsets - PADDED_RINGS, offsets)
    scores[:, np.abs(offsets) > reach] = -1.0
    found = []
    for _ in range(count):
        row, column = np.unravel_index(int(scores.argmax()), scores.shape)
        if scores[row, column] <= 0.0:
            break
        found.append(math.exp(offsets[column] * step) * np.exp(2j * math.pi * row / ANGLES).item())
        rows = (np.arange(-APART, APART + 1) + row) % ANGLES
        columns = (np.arange(-APART, APART + 1) + column) % PADDED_RINGS
        scores[np.ix_(rows, columns)] = -1.0
    return found


def warped(detail: Detail, fit: Similarity) -> Detail:
    """Return what ``detail`` shows at the places ``fit`` maps to."""
    height, width = detail.values.shape
    values = Image.fromarray(detail.values).transform(
        (width, height), Image.Transform.AFFINE, fit.coefficients(), Image.Resampling.BILINEAR
    )
    mask = Image.fromarray(detail.mask.astype(np.float32)).transform(
        (width, height), Image.Transform.AFFINE, fit.coefficients(), Image.Resampling.BILINEAR
    )
    known = np.asarray(mask) > 0.99
    return Detail(np.asarray(values) * known, known)


def shifted(one: Detail, other: Detail, turn: complex) -> tuple[float, Similarity]:
    """Return the best shift for a turn, with its correlation."""
    side_px = len(one.values)
    centre = complex(side_px / 2, side_px / 2)
    turned = warped(other, about(turn, centre))
    size = 2 * side_px
    scores = correlate(turned, one, (size, size))
    offsets = np.arange(size)
    offsets = np.where(offsets > side_px, offsets - size, offsets)
    reach = side_px // 4
    far = np.abs(offsets) > reach
    scores[far] = -1.0
    scores[:, far] = -1.0
    row, column = np.unravel_index(int(scores.argmax()), scores.shape)
    shift = complex(offsets[column], offsets[row])
    # `other` at turn * z fits `one` at z; moved in `one`'s pixels, so turned too.
    return float(scores[row, column]), about(turn, centre, turn * shift)
