"""Ellipses in a picture: what a coin's edge becomes, seen from anywhere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Ellipse:
    """An ellipse, in any unit of length.

    ``major`` and ``minor`` are half its axes, ``angle_deg`` the direction of the longer one,
    clockwise from the right, -90..90.
    """

    x: float
    y: float
    major: float
    minor: float
    angle_deg: float

    @property
    def tilt_deg(self) -> float:
        """How far a circle is tilted that looks like this from far away, 0..90."""
        return math.degrees(math.acos(min(1.0, self.minor / self.major)))

    def scaled(self, factor: float) -> Ellipse:
        """Return it in another unit."""
        return Ellipse(
            self.x * factor,
            self.y * factor,
            self.major * factor,
            self.minor * factor,
            self.angle_deg,
        )

    def radius_at(self, angle: Doubles) -> Doubles:
        """Return the distance of the edge from the middle in directions (n,), in radians."""
        turned = angle - math.radians(self.angle_deg)
        wide, high = np.cos(turned) / self.major, np.sin(turned) / self.minor
        return np.asarray(1.0 / np.hypot(wide, high))

    def flattened(self, points: Doubles) -> Doubles:
        """Return points (n, 2) of its plane as seen from straight above, from its middle.

        Lengths are in shares of the circle's radius.
        """
        turn = math.radians(self.angle_deg)
        x, y = points[:, 0] - self.x, points[:, 1] - self.y
        along = (x * math.cos(turn) + y * math.sin(turn)) / self.major
        across = (y * math.cos(turn) - x * math.sin(turn)) / self.minor
        return np.stack([along, across], axis=1)


def fit_ellipse(points: Doubles, weights: Doubles) -> Ellipse | None:
    """Fit an ellipse to points (n, 2) by weights (n,); ``None`` if they lie on none.

    The direct least squares of Fitzgibbon, Pilu and Fisher (IEEE PAMI 21:476, 1999), in the stable
    form of Halir and Flusser (WSCG 1998).
    """
    middle = points.mean(axis=0)
    unit = float(np.abs(points - middle).max())
    if len(points) < 6 or unit <= 0.0:
        return None
    x, y = ((points - middle) / unit).T
    root = np.sqrt(weights)[:, None]
    curved = np.stack([x * x, x * y, y * y], axis=1) * root
    straight = np.stack([x, y, np.ones_like(x)], axis=1) * root
    scatter, mixed, level = curved.T @ curved, curved.T @ straight, straight.T @ straight
    try:
        lower = -np.linalg.solve(level, mixed.T)
    except np.linalg.LinAlgError:
        return None
    reduced = scatter + mixed @ lower
    reduced = np.array([reduced[2] / 2.0, -reduced[1], reduced[0] / 2.0])
    _, vectors = np.linalg.eig(reduced)
    vectors = np.real(vectors)
    ellipses = 4.0 * vectors[0] * vectors[2] - vectors[1] ** 2 > 0.0
    if not ellipses.any():
        return None
    upper = vectors[:, int(ellipses.argmax())]
    return _of_conic(upper, lower @ upper, middle, unit)


def _of_conic(curved: Doubles, straight: Doubles, middle: Doubles, unit: float) -> Ellipse | None:
    """Return the ellipse of a conic's coefficients, of points about ``middle`` in ``unit``."""
    (xx, xy, yy), (x, y, one) = curved, straight
    form = np.array([[xx, xy / 2.0], [xy / 2.0, yy]])
    centre = np.linalg.solve(form, [-x / 2.0, -y / 2.0])
    level = float(centre @ form @ centre) - one
    values, vectors = np.linalg.eigh(form / level) if level else (np.zeros(2), np.eye(2))
    if values.min() <= 0.0:
        return None
    major, minor = 1.0 / math.sqrt(values[0]), 1.0 / math.sqrt(values[1])
    angle = math.degrees(math.atan2(vectors[1, 0], vectors[0, 0]))
    angle = (angle + 90.0) % 180.0 - 90.0
    return Ellipse(
        float(middle[0] + centre[0] * unit),
        float(middle[1] + centre[1] * unit),
        major * unit,
        minor * unit,
        angle,
    )
