"""Ellipses through points."""

import math

import numpy as np
import pytest

from lentigo.spots.scale.ellipse import Ellipse, fit_ellipse
from lentigo.spots.scale.size import edge_of

ELLIPSE = Ellipse(12.0, -5.0, 8.0, 5.0, 30.0)


@pytest.mark.parametrize("angle_deg", [-80.0, 0.0, 30.0, 90.0])
def test_an_ellipse_is_found_again_from_points_on_it(angle_deg: float) -> None:
    points = np.array(edge_of(Ellipse(12.0, -5.0, 8.0, 5.0, angle_deg)))[::7]
    found = fit_ellipse(points, np.ones(len(points)))
    assert found is not None
    assert (found.x, found.y, found.major, found.minor) == pytest.approx((12.0, -5.0, 8.0, 5.0))
    # An axis has no direction: 90 is -90.
    assert (found.angle_deg - angle_deg + 90.0) % 180.0 - 90.0 == pytest.approx(0.0, abs=1e-6)


def test_points_without_weight_count_for_nothing() -> None:
    points = np.array([*edge_of(ELLIPSE)[::9], (40.0, 40.0)])
    weights = np.ones(len(points))
    weights[-1] = 0.0
    found = fit_ellipse(points, weights)
    assert found is not None
    assert found.major == pytest.approx(8.0)


@pytest.mark.parametrize("points", [[(0, 0)] * 9, [(0, 0), (1, 0), (0, 1)]])
def test_what_is_no_ellipse_gives_none(points: list[tuple[float, float]]) -> None:
    assert fit_ellipse(np.array(points, dtype=float), np.ones(len(points))) is None


def test_seen_from_above_every_point_of_it_is_one_radius_away() -> None:
    flat = ELLIPSE.flattened(np.array(edge_of(ELLIPSE)))
    assert np.hypot(*flat.T) == pytest.approx(np.ones(len(flat)))
    assert ELLIPSE.tilt_deg == pytest.approx(math.degrees(math.acos(5.0 / 8.0)))
    assert ELLIPSE.scaled(2.0) == Ellipse(24.0, -10.0, 16.0, 10.0, 30.0)
