"""Metrics of the evaluation, on arrays whose answer is a fraction one can work out."""

import numpy as np
import pytest

from lentigo.model.figures import Undefined
from training.measure.metrics import (
    FEW_LESIONS,
    Draws,
    Figure,
    accuracy,
    area_under_curve,
    balanced_accuracy,
    class_balanced_nll,
    confusion,
    difference,
    draw_lesions,
    expected_calibration_error,
    mean,
    reliability,
    roc_points,
    sensitivity,
    share,
    threshold_at_sensitivity,
    top_k_accuracy,
)

LABELS = np.array([0, 0, 0, 1], dtype=np.intp)
PREDICTED = np.array([0, 0, 1, 1], dtype=np.intp)
NONE = np.array([], dtype=np.intp)


def test_accuracy_counts_the_right_answers() -> None:
    assert accuracy(LABELS, PREDICTED).value == 3 / 4


def test_balanced_accuracy_weighs_every_class_the_same() -> None:
    figure = balanced_accuracy(LABELS, PREDICTED)
    assert figure.value == pytest.approx((2 / 3 + 1) / 2)
    assert figure.classes == 2


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
        top_k_accuracy(NONE, np.empty((0, 7)), 3),
    ):
        assert figure.value is None
        assert figure.reason
        assert figure.as_dict()["reason"] == figure.reason
        assert figure.as_dict()["too_few_to_say"] is True


def test_the_true_class_may_stand_in_any_of_the_first_k_places() -> None:
    probabilities = np.array([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2], [0.5, 0.3, 0.2]])
    labels = np.array([0, 1, 2], dtype=np.intp)
    found = [top_k_accuracy(labels, probabilities, k).value for k in (1, 2, 3)]
    assert found == pytest.approx([1 / 3, 2 / 3, 1])


def test_confusion_has_the_truth_in_rows() -> None:
    counts = confusion(LABELS, PREDICTED)
    assert (counts[0][0], counts[0][1], counts[1][0], counts[1][1]) == (2, 1, 0, 1)
    assert sum(map(sum, counts)) == 4
    assert [len(row) for row in counts] == [7] * 7


def test_area_under_curve_is_the_share_of_ordered_pairs() -> None:
    positive = np.array([True, False, True, False])
    assert area_under_curve(positive, np.array([0.9, 0.1, 0.4, 0.6])).value == 3 / 4


def test_a_tie_between_a_positive_and_a_negative_is_half_a_pair() -> None:
    positive = np.array([True, False, False])
    assert area_under_curve(positive, np.array([0.5, 0.5, 0.1])).value == 3 / 4


def test_area_under_curve_agrees_with_scikit_learn() -> None:
    sklearn = pytest.importorskip("sklearn.metrics", reason="in the training environment only")
    rng = np.random.default_rng(3)
    positive, scores = rng.random(200) < 0.3, rng.integers(0, 40, 200) / 40
    weights = rng.integers(0, 4, (1, 200)).astype(float)
    found = area_under_curve(positive, scores, Draws(np.arange(200), weights))
    assert found.value == pytest.approx(sklearn.roc_auc_score(positive, scores))
    assert found.low == pytest.approx(
        sklearn.roc_auc_score(positive, scores, sample_weight=weights[0])
    )


def test_a_thinned_roc_keeps_both_ends_and_rises() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    rng = np.random.default_rng(4)
    positive = rng.random(500) < 0.3
    points = roc_points(positive, rng.random(500) + positive, most=20)
    assert len(points) <= 20
    assert (points[0], points[-1]) == ((0.0, 0.0), (1.0, 1.0))
    assert points == sorted(points)


def test_a_roc_of_one_side_has_no_points() -> None:
    assert roc_points(np.array([True, True]), np.array([0.1, 0.2])) == []


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.9, 0.1], [0.9, 0.1]])
    labels = np.array([0, 0, 1, 1], dtype=np.intp)
    assert expected_calibration_error(labels, probabilities).value == pytest.approx(0.9 - 0.5)
    assert reliability(labels, probabilities) == [{"confidence": 0.9, "accuracy": 0.5, "n": 4}]


def test_calibration_error_is_weighted_by_how_full_a_bin_is() -> None:
    probabilities = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.6, 0.4]])
    labels = np.array([0, 0, 0, 1], dtype=np.intp)
    assert expected_calibration_error(labels, probabilities).value == pytest.approx(0.6 / 4)
    assert [entry["n"] for entry in reliability(labels, probabilities)] == [1, 3]


def test_too_sure_in_one_bin_does_not_make_up_for_too_timid_in_another() -> None:
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4]])
    labels = np.array([1, 0], dtype=np.intp)
    expected = (0.9 + 0.4) / 2
    assert expected_calibration_error(labels, probabilities).value == pytest.approx(expected)


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


def test_a_bootstrap_draws_whole_lesions_and_repeats() -> None:
    groups = np.array([0, 0, 1, 1], dtype=np.intp)
    draws = draw_lesions(groups, 200, 1)
    # Two draws of two lesions: a lesion comes 0, 1 or 2 times, both its pictures alike.
    assert {tuple(row) for row in draws.weights} == {(0, 0, 2, 2), (1, 1, 1, 1), (2, 2, 0, 0)}
    assert np.array_equal(draws.weights, draw_lesions(groups, 200, 1).weights)


def test_the_interval_covers_what_whole_lesions_can_give() -> None:
    # One lesion all right and one all wrong: the rounds give 0, 1/2 or 1, and 0 and 1 are common.
    draws = draw_lesions(np.array([0, 0, 1, 1], dtype=np.intp), 200, 1)
    found = share(np.array([True, True, False, False]), draws=draws)
    assert (found.value, found.low, found.high, found.lesions) == (0.5, 0.0, 1.0, 2)


def test_every_figure_under_a_drawn_weight_is_that_of_the_pictures_drawn() -> None:
    labels = np.array([0, 0, 1, 1, 2, 0], dtype=np.intp)
    rng = np.random.default_rng(5)
    probabilities = rng.dirichlet(np.ones(3), 6)
    times = np.array([2, 1, 0, 3, 0, 1])
    draws = Draws(np.arange(6), times[np.newaxis].astype(float))
    drawn = np.repeat(np.arange(6), times)
    predicted = probabilities.argmax(axis=1)
    pairs = (
        (accuracy(labels, predicted, draws), accuracy(labels[drawn], predicted[drawn])),
        (
            balanced_accuracy(labels, predicted, draws),
            balanced_accuracy(labels[drawn], predicted[drawn]),
        ),
        (
            expected_calibration_error(labels, probabilities, draws),
            expected_calibration_error(labels[drawn], probabilities[drawn]),
        ),
        (
            area_under_curve(labels == 0, probabilities[:, 0], draws),
            area_under_curve(labels[drawn] == 0, probabilities[drawn, 0]),
        ),
    )
    for weighted, repeated in pairs:
        assert weighted.low == pytest.approx(repeated.value)


def test_no_interval_is_given_when_the_figure_is_mostly_undefined() -> None:
    # The one picture of the class is in neither of the two rounds.
    draws = Draws(np.arange(2), np.array([[0.0, 2.0], [0.0, 2.0]]))
    found = share(np.array([True, True]), np.array([True, False]), draws)
    assert (found.value, found.low, found.high) == (1.0, None, None)


def test_a_figure_says_when_too_few_lesions_stand_behind_it() -> None:
    hits = np.ones(FEW_LESIONS * 2, dtype=bool)
    two_pictures_each = draw_lesions(np.repeat(np.arange(FEW_LESIONS), 2), 10, 1)
    enough = share(hits, draws=two_pictures_each)
    assert not enough.too_few_to_say
    assert "too_few_to_say" not in enough.as_dict()
    half = np.arange(len(hits)) < FEW_LESIONS
    few = share(hits, half, two_pictures_each)
    assert few.as_dict()["too_few_to_say"] is True


def test_a_curve_is_only_as_sure_as_its_rarer_side() -> None:
    positive = np.arange(100) < FEW_LESIONS - 1
    draws = draw_lesions(np.arange(100), 10, 1)
    found = area_under_curve(positive, positive.astype(float), draws)
    assert (found.lesions, found.too_few_to_say) == (FEW_LESIONS - 1, True)


def test_a_figure_without_a_bootstrap_claims_nothing_about_lesions() -> None:
    assert Figure(0.5, 3).as_dict() == {"value": 0.5, "n": 3}


def test_a_difference_is_paired_round_by_round() -> None:
    draws = draw_lesions(np.arange(4), 200, 1)
    worse = accuracy(LABELS, PREDICTED, draws)
    better = accuracy(LABELS, LABELS, draws)
    gain = difference(better, worse)
    assert gain.value == 1 / 4
    assert (difference(worse, worse).low, difference(worse, worse).high) == (0.0, 0.0)
    # Each round gains what the one wrong picture counts in it.
    assert gain.rounds is not None
    assert gain.rounds.tolist() == pytest.approx((draws.weights[:, 2] / 4).tolist())


def test_a_difference_to_nothing_is_none_and_one_without_draws_has_no_interval() -> None:
    right, nothing = accuracy(LABELS, PREDICTED), accuracy(NONE, NONE)
    assert difference(right, nothing).value is None
    assert difference(right, nothing).reason is Undefined.NO_PICTURES
    assert difference(right, right).low is None


def test_a_difference_of_unlike_draws_is_refused() -> None:
    few, many = (
        accuracy(LABELS, PREDICTED, draw_lesions(np.arange(4), rounds, 1)) for rounds in (10, 20)
    )
    with pytest.raises(ValueError, match="10 rounds against 20"):
        difference(few, many)


def test_a_mean_of_losses_may_be_above_one() -> None:
    assert mean(np.array([1.0, 2.0, 3.0])).value == 2.0
    assert mean(np.array([])).reason is Undefined.NO_PICTURES


def test_a_round_that_draws_none_of_a_part_leaves_its_balanced_accuracy_undefined() -> None:
    draws = Draws(np.arange(4), np.array([[0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]]))
    figure = balanced_accuracy(LABELS, PREDICTED, draws)
    assert figure.rounds is not None
    assert np.isnan(figure.rounds[0])
    assert figure.low == pytest.approx((2 / 3 + 1) / 2)
