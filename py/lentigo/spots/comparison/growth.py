"""How far the border moved in each direction, by least squares over the band around it.

A threshold finds a border a little farther out or in with each photo, and where skin is freckled
it leaks. Here the older photo's border is stretched until it lies on the newer one's, where there
is an edge to go by; contrast may differ. This repeats twice as well as thresholds do, and finds
20 % of growth where those find two thirds (``training.studies.repeat_photos``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lentigo.picture.framing import box_blur
from lentigo.spots.comparison.detail import grown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Bools = NDArray[np.bool_]

# Directions in which the stretch is fitted, linear between them.
SECTORS = 8
# The band reaches so far (px) to either side of the older border; ours, chosen on `val`.
BAND_PX = 10
BLUR_PX = 1
STEPS = 6
# Beyond these a stretch is a mistake, and so is a contrast.
STRETCH, CONTRAST = (0.5, 2.0), (0.5, 2.0)
# Keeps a direction without an edge where it is (share of the mean strength of all).
STIFFNESS = 1e-3


@dataclass(frozen=True)
class Growth:
    """``stretch`` of each of ``SECTORS`` directions around ``middle`` (x + iy, px), from the right.

    ``residual`` is the mean square that the fit leaves.
    """

    middle: complex
    stretch: tuple[float, ...]
    residual: float

    def at(self, angle: float) -> float:
        """Return the stretch towards an angle in radians, clockwise from the right."""
        place = angle / (2.0 * math.pi) % 1.0 * SECTORS
        below = int(place) % SECTORS
        share = place - int(place)
        return (1.0 - share) * self.stretch[below] + share * self.stretch[(below + 1) % SECTORS]


def sectors_of(growth: Growth, mask: Bools) -> tuple[float, ...]:
    """Return what each sector of the older spot's mask gained, in shares of its whole area."""
    rows, columns = np.nonzero(mask)
    z = columns + 0.5 + 1j * (rows + 0.5) - growth.middle
    sector = _directions(z)[0]
    share = np.bincount(sector, minlength=SECTORS) / max(len(rows), 1)
    stretch = np.array(growth.stretch)
    between = (stretch + np.roll(stretch, -1)) / 2.0
    return tuple((share * (between**2 - 1.0)).tolist())


def fit_growth(older: Floats, newer: Floats, mask: Bools, both: Bools, start: float) -> Growth:
    """Stretch the older spot (``mask``) until its border lies on the newer one's.

    ``older`` and ``newer`` are distances from skin (h, w) that lie over each other, ``both`` is
    where both are known, ``start`` the stretch to begin with.
    """
    was, now = _smooth(older), _smooth(newer)
    rows, columns = np.nonzero(mask)
    middle = complex(columns.mean() + 0.5, rows.mean() + 0.5)
    band = np.flatnonzero(grown(mask, BAND_PX) & grown(~mask, BAND_PX) & both)
    width = mask.shape[1]
    z = band % width + 0.5 + 1j * (band // width + 0.5) - middle
    below, above, share = _directions(z)
    down, across = np.gradient(was)
    slope = across.ravel()[band] * z.real + down.ravel()[band] * z.imag
    there = was.ravel()[band]
    stretch, contrast, residual = np.full(SECTORS, start), 1.0, math.inf
    order = np.arange(len(band))
    for _ in range(STEPS):
        factor = stretch[below] * (1.0 - share) + stretch[above] * share
        seen, known = _sampled(now, both, z * factor + middle)
        off = (seen - contrast * there)[known]
        residual = float((off**2).mean()) if len(off) else math.inf
        system = np.zeros((len(band), SECTORS + 2))
        system[order, below] += contrast * slope * (1.0 - share)
        system[order, above] += contrast * slope * share
        system[:, SECTORS], system[:, SECTORS + 1] = -there, 1.0
        system = system[known]
        normal = system.T @ system
        directions = np.arange(SECTORS)
        normal[directions, directions] += STIFFNESS * normal[directions, directions].mean()
        normal[np.diag_indices(SECTORS + 2)] += 1e-3
        step = np.linalg.solve(normal, -system.T @ off)
        stretch = np.clip(stretch + step[:SECTORS], *STRETCH)
        contrast = float(np.clip(contrast + step[SECTORS], *CONTRAST))
    return Growth(middle, tuple(stretch.tolist()), residual)


def _smooth(values: Floats) -> Floats:
    return box_blur(box_blur(values, BLUR_PX), BLUR_PX)


def _directions(
    z: NDArray[np.complex128],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Return the directions below and above each place, and how near it is to the one above."""
    place = np.angle(z) / (2.0 * math.pi) % 1.0 * SECTORS
    below = np.floor(place).astype(np.intp)
    return below % SECTORS, (below + 1) % SECTORS, place - below


def _sampled(
    values: Floats, known: Bools, z: NDArray[np.complex128]
) -> tuple[NDArray[np.float64], Bools]:
    """Read values between pixels, and tell where there are any."""
    height, width = values.shape
    x, y = z.real - 0.5, z.imag - 0.5
    inside = (x >= 0) & (y >= 0) & (x < width - 1) & (y < height - 1)
    x, y = x.clip(0, width - 1.001), y.clip(0, height - 1.001)
    left, above = x.astype(np.intp), y.astype(np.intp)
    right, down = x - left, y - above
    top = values[above, left] * (1 - right) + values[above, left + 1] * right
    bottom = values[above + 1, left] * (1 - right) + values[above + 1, left + 1] * right
    return top * (1 - down) + bottom * down, inside & known[above, left]
