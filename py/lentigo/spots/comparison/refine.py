"""The last fraction of a pixel: Gauss-Newton over the four parameters of a similarity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lentigo.spots.comparison.search import warped
from lentigo.spots.comparison.similarity import Similarity, about

if TYPE_CHECKING:
    from lentigo.spots.comparison.detail import Detail

FEWEST_PX = 200
STEPS = 12
SETTLED_PX = 0.01
FAINTEST = 1e-3


def correlation(one: Detail, other: Detail, fit: Similarity) -> tuple[float, int]:
    """Return the correlation where both are known, and over how many pixels."""
    seen = warped(other, fit)
    both = one.mask & seen.mask
    count = int(both.sum())
    if count < FEWEST_PX:
        return -1.0, count
    a, b = one.values[both], seen.values[both]
    a, b = a - a.mean(), b - b.mean()
    power = float(np.sqrt((a * a).sum() * (b * b).sum()))
    # Detail is about 1 where there is any; what is far fainter is the rounding of a flat picture.
    return (float((a * b).sum()) / power if power > FAINTEST * count else -1.0), count


def shared_px(one: Detail, other: Detail, fit: Similarity) -> int:
    """Return over how many pixels a fit was judged."""
    return correlation(one, other, fit)[1]


def refined(one: Detail, other: Detail, fit: Similarity) -> tuple[float, Similarity]:
    """Improve a fit of ``other`` to ``one`` (inverse compositional; Baker, Matthews, IJCV 2004)."""
    side_px = len(one.values)
    middle = side_px / 2
    centre = complex(middle, middle)
    down, across = np.gradient(one.values)
    place = np.arange(side_px, dtype=np.float32) + np.float32(0.5 - middle)
    x, y = np.broadcast_to(place[None, :], down.shape), np.broadcast_to(place[:, None], down.shape)
    slope = np.stack([across * x + down * y, down * x - across * y, across, down], axis=-1).reshape(
        -1, 4
    )
    best, best_fit = correlation(one, other, fit)[0], fit
    for _ in range(STEPS):
        seen = warped(other, fit)
        both = np.flatnonzero(one.mask & seen.mask)
        if len(both) < FEWEST_PX:
            break
        a, b = one.values.ravel()[both], seen.values.ravel()[both]
        a, b = a - a.mean(), b - b.mean()
        spread_a, spread_b = float(a.std()), float(b.std())
        if spread_a * spread_b < FAINTEST:
            break
        steep = slope[both]
        normal = steep.T @ steep
        normal[np.diag_indices(4)] *= 1.001
        normal[np.diag_indices(4)] += 1e-6
        step = np.linalg.solve(normal, steep.T @ (b * (spread_a / spread_b) - a))
        delta = about(1.0 + complex(step[0], step[1]), centre, complex(step[2], step[3]))
        fit = fit.after(delta.inverse())
        score = correlation(one, other, fit)[0]
        if score > best:
            best, best_fit = score, fit
        moved = abs(complex(step[2], step[3])) + abs(complex(step[0], step[1])) * middle
        if moved < SETTLED_PX:
            break
    return best, best_fit
