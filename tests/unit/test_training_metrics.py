"""Metrics of the evaluation, on arrays whose answer is a fraction one can work out."""

import numpy as np
import pytest

from training.metrics import (
    accuracy,
    area_under_curve,
    balanced_accuracy,
    bootstrap,
    class_balanced_nll,
    expected_calibration_error,
    sensitivity,
    threshold_at_sensitivity,
)

LABELS = np.array([0, 0, 0, 1], dtype=np.intp)
PREDICTED = np.array([0, 0, 1, 1], dtype=np.intp)
NONE = np.array([], dtype=np.intp)


def test_accuracy_counts_the_right_answers() -> None:
    assert accuracy(LABELS, PREDICTED).value == 3 / 4


def test_balanced_accuracy_weighs_every_class_the_same() -> None:
    figure = balanced_accuracy(LABELS, PREDICTED)
    assert figure.value == pytest.approx((2 / 3 + 1) / 2)
    assert figure.reason == "over the 2 classes that occur"


def test_sensitivity_looks_at_one_class_only() -> None:
    figure = sensitivity(LABELS, PREDICTED, 0)
    assert (figure.value, figure.n) == (2 / 3, 3)


def test_an_undefined_figure_is_none_with_a_reason() -> None:
    for figure in (
        accuracy(NONE, NONE),
        balanced_accuracy(NONE, NONE),
        sensitivity(LABELS, PREDICTED, 5),
        area_under_curve(np.array([True, True]), np.array([0.1, 0.2])),
        expected_calibration_error(NONE, np.empty((0, 7))),
        threshold_at_sensitivity(np.array([False]), np.array([0.5]), 0.9),
    ):
        assert figure.value is None
        assert figure.reason
        assert figure.as_dict()["reason"] == figure.reason


def test_area_under_curve_is_the_share_of_ordered_pairs() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    positive = np.array([True, False, True, False])
    assert area_under_curve(positive, np.array([0.9, 0.1, 0.4, 0.6])).value == 3 / 4


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.9, 0.1], [0.9, 0.1]])
    labels = np.array([0, 0, 1, 1], dtype=np.intp)
    assert expected_calibration_error(labels, probabilities).value == pytest.approx(0.9 - 0.5)


def test_calibration_error_is_weighted_by_how_full_a_bin_is() -> None:
    probabilities = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.6, 0.4]])
    labels = np.array([0, 0, 0, 1], dtype=np.intp)
    assert expected_calibration_error(labels, probabilities).value == pytest.approx(0.6 / 4)


def test_balanced_likelihood_does_not_let_the_frequent_class_decide() -> None:
    probabilities = np.array([[0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [0.75, 0.25]])
    expected = (-np.log(0.5) - np.log(0.25)) / 2
    assert class_balanced_nll(LABELS, probabilities) == pytest.approx(expected)


def test_threshold_is_the_highest_that_still_catches_enough() -> None:
    positive = np.array([True, True, True, True, True, False])
    scores = np.array([0.9, 0.8, 0.7, 0.2, 0.1, 0.95])
    assert threshold_at_sensitivity(positive, scores, 0.6).value == 0.7
    assert threshold_at_sensitivity(positive, scores, 0.61).value == 0.2
    assert threshold_at_sensitivity(positive, scores, 1.0).value == 0.1


def test_threshold_refuses_a_percentage() -> None:
    with pytest.raises(ValueError, match=r"0\.\.1"):
        threshold_at_sensitivity(np.array([True]), np.array([0.5]), 90)


def test_bootstrap_draws_whole_lesions_and_repeats() -> None:
    # Two lesions of two pictures each, one all right and one all wrong: whole lesions drawn
    # together give 0, 1/2 or 1 and nothing between.
    right = np.array([1.0, 1.0, 0.0, 0.0])
    groups = np.array([0, 0, 1, 1], dtype=np.intp)
    seen = set()

    def statistic(drawn: np.ndarray) -> float:
        seen.add(float(right[drawn].mean()))
        return float(right[drawn].mean())

    assert bootstrap(statistic, groups, 200, 1) == (0.0, 1.0)
    assert seen == {0.0, 0.5, 1.0}
    assert bootstrap(statistic, groups, 200, 1) == bootstrap(statistic, groups, 200, 1)


def test_bootstrap_gives_no_interval_when_the_figure_is_mostly_undefined() -> None:
    assert bootstrap(lambda _: None, np.array([0, 1], dtype=np.intp), 10, 1) is None
