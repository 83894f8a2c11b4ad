"""Linear heads on made-up embeddings of two sets with different shares of the condition."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="SciPy is in the training environment only")

from training.measure.metrics import area_under_curve
from training.measure.risk_heads import fit_head, mean_area, priors_and_weights

RNG = np.random.default_rng(2)
COUNT = 3000
SETS = np.array(["clinic", "practice"])[(np.arange(COUNT) % 3 == 0).astype(int)]
CLINIC = SETS == "clinic"
SICK = RNG.random(COUNT) < np.where(CLINIC, 0.6, 0.05)
# What tells the condition, what tells the set, and noise.
SEEN = np.column_stack(
    [RNG.normal(size=COUNT) + SICK, CLINIC + 0.01 * RNG.normal(size=COUNT), RNG.normal(size=COUNT)]
).astype(np.float32)


def test_the_set_is_no_sign_of_the_condition() -> None:
    head = fit_head(SEEN, SICK, SETS, 1.0)
    telling, of_set, noise = head.kernel
    assert telling > 0.5
    assert abs(of_set) < 0.3
    assert abs(noise) < 0.15
    area = area_under_curve(SICK[CLINIC], head.logit(SEEN)[CLINIC].astype(float)).value
    assert area is not None
    assert area > 0.7


def test_a_small_strength_holds_back() -> None:
    weak, strong = (fit_head(SEEN, SICK, SETS, strength) for strength in (1e-4, 1.0))
    assert abs(weak.kernel[0]) < abs(strong.kernel[0])


def test_each_set_has_its_own_prior_and_counts_by_the_root_of_its_size() -> None:
    log_odds, weight = priors_and_weights(SICK, SETS)
    assert len(np.unique(log_odds)) == 2
    assert log_odds[CLINIC][0] > 0 > log_odds[~CLINIC][0]
    assert weight[CLINIC].sum() / weight[~CLINIC].sum() == pytest.approx(np.sqrt(2.0))
    assert weight.mean() == pytest.approx(1.0)


def test_sets_count_alike_in_the_mean_area() -> None:
    logits = np.array([1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0], np.float32)
    sick = np.array([True, False, True, False, True, False, True, False])
    sets = np.array(["a", "a", *["b"] * 6])
    assert mean_area(logits, sick, sets) == pytest.approx(0.5)
