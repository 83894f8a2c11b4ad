"""Lines from scores to likelihood ratios, on scores whose ratio is known."""

import numpy as np
import pytest

from training.fit.scales import choose_line, cross_fitted, fit_line

RNG = np.random.default_rng(5)
COUNT = 4000
SICK = RNG.random(COUNT) < 0.25
# Two normal distributions a distance d apart have the log likelihood ratio d * x - d * d / 2.
APART = 1.5
TOLD = RNG.normal(size=COUNT) + APART * SICK
NOISE = RNG.normal(size=COUNT)


def test_the_ratio_of_two_normal_distributions_is_found() -> None:
    slope, intercept = fit_line(TOLD[:, np.newaxis], SICK)
    assert slope == pytest.approx(APART, abs=0.15)
    assert intercept == pytest.approx(-APART * APART / 2, abs=0.15)


def test_the_share_of_the_sick_makes_no_difference() -> None:
    fewer = ~SICK | (np.arange(COUNT) % 5 == 0)
    line = fit_line(TOLD[fewer, np.newaxis], SICK[fewer])
    assert line == pytest.approx(fit_line(TOLD[:, np.newaxis], SICK), abs=0.3)


def test_a_part_that_tells_nothing_gets_next_to_no_weight() -> None:
    line, found = choose_line(np.column_stack([TOLD, NOISE]), SICK, np.arange(COUNT))
    assert line["classes"] == pytest.approx(APART, abs=0.15)
    assert 0.0 <= line["head"] < 0.1
    assert found["log_loss"] < found["log_loss_of_the_prior"]
    assert found["auc"]["value"] > 0.8


def test_a_part_that_would_count_against_is_left_out() -> None:
    scores = np.column_stack([TOLD, -TOLD + 0.1 * NOISE])
    line, _ = choose_line(scores, SICK, np.arange(COUNT))
    assert min(line["classes"], line["head"]) == 0.0
    assert max(line["classes"], line["head"]) > 0.5


def test_no_lesion_has_a_part_in_its_own_line() -> None:
    # One lesion of two pictures that look like the other side: without it they stay as wrong.
    scores, sick = TOLD[:200].copy(), SICK[:200].copy()
    groups = np.arange(200)
    groups[1] = groups[0]
    before = cross_fitted(scores[:, np.newaxis], sick, groups)
    sick[:2] = ~sick[:2]
    after = cross_fitted(scores[:, np.newaxis], sick, groups)
    assert after[:2].tolist() == before[:2].tolist()
    assert after[2:].tolist() != before[2:].tolist()


def test_pictures_of_one_side_alone_are_refused() -> None:
    with pytest.raises(ValueError, match="with the condition and without"):
        fit_line(TOLD[:, np.newaxis], np.ones(COUNT, dtype=bool))
