"""Areas and thresholds of one score, on hand-made numbers."""

import numpy as np

from lentigo.model.outlier_figures import OutlierScore
from tests.unit.shown import LESION, NO_LESION, OTHER_LESION, shown
from training.measure.outlier_areas import (
    auroc,
    choose_threshold,
    compare,
    threshold_refusing,
    threshold_rejecting,
)
from training.measure.outlier_pictures import Pictures


def test_the_area_counts_pairs_in_the_right_order() -> None:
    # Of the pairs (3, 2), (3, 0), (1, 2), (1, 0) one is wrong.
    found = auroc(np.array([3.0, 1.0]), np.array([2.0, 0.0]))
    assert found.value == 0.75
    assert auroc(np.array([3.0, 1.0]), np.array([2.0])).n == 1


def test_without_unknown_pictures_there_is_no_area() -> None:
    found = auroc(np.array([1.0]), np.array([]))
    assert (found.value, found.n, found.reason) == (None, 0, "no-pictures")


def test_a_threshold_refuses_no_more_than_it_may() -> None:
    # Three of a hundred lie below 3.
    assert threshold_refusing(np.arange(100.0), 0.03) == 3.0
    assert threshold_refusing(np.arange(99.0), 0.03) == 2.0


def test_a_threshold_rejects_no_less_than_it_must() -> None:
    threshold = threshold_rejecting(np.arange(20.0), 0.95)
    assert 18.0 < threshold < 18.001
    assert 19.0 < threshold_rejecting(np.arange(20.0), 0.96) < 19.001


EVERYBODY = np.ones(200, dtype=bool)
DERMOSCOPIC = np.arange(200) < 100


def test_the_threshold_leaves_the_same_room_to_both_limits() -> None:
    # Below 12, 96 % are rejected: a fifth of the 5 % of room. Between 15 and 22, 98 % for 1 % of
    # the known: three fifths and two thirds. Above 25 all, for 2.5 % of the known: a sixth.
    far = np.concatenate([np.zeros(96), [15.0] * 2, [25.0] * 2])
    known = np.concatenate([[12.0] * 2, [22.0] * 3, np.full(195, 40.0)])
    assert choose_threshold(known, far, [EVERYBODY]) == 18.5


def test_where_no_threshold_keeps_both_limits_the_lesions_are_spared() -> None:
    # Nine in ten far can be had for 3 % of the known; the tenth would cost every second one.
    far = np.concatenate([np.zeros(8), [5.0, 50.0]])
    known = np.concatenate([np.full(6, 1.0), np.full(94, 10.0), np.full(100, 60.0)])
    assert choose_threshold(known, far, [EVERYBODY]) == 7.5
    # 7 of 200 are too many.
    known[6] = 1.0
    assert choose_threshold(known, far, [EVERYBODY]) == 0.5


FAR = np.array([0.0, 1.5, 4.0])


def test_no_group_pays_for_another() -> None:
    known = np.full(200, 5.0)
    known[196:] = [1.0, 1.0, 2.0, 2.0]
    # 4 of 200 are within 3 %, but all four are camera pictures, of which they are 4 %.
    assert choose_threshold(known, FAR, [DERMOSCOPIC, ~DERMOSCOPIC]) == 1.75
    assert choose_threshold(known, FAR, [EVERYBODY]) == 4.5


def test_the_room_is_that_of_the_group_refused_most() -> None:
    far = np.concatenate([np.zeros(96), [15.0] * 2, [25.0] * 2])
    known = np.full(200, 40.0)
    known[198:] = [12.0, 22.0]
    # All far for 2 % of the camera pictures leave a third; 98 % for 1 % leave three fifths.
    assert choose_threshold(known, far, [DERMOSCOPIC, ~DERMOSCOPIC]) == 18.5
    # Of all pictures they are 1 %, which leaves two thirds.
    assert choose_threshold(known, far, [EVERYBODY]) == 32.5


def test_a_group_without_pictures_limits_nothing() -> None:
    assert choose_threshold(np.full(200, 5.0), FAR, [EVERYBODY, ~EVERYBODY]) == 4.5


def test_the_threshold_is_rounded_towards_refusing_less() -> None:
    known, far = np.array([1.0, 1.0]), np.array([0.33333])
    assert choose_threshold(known, far, [np.array([True, True])]) == 0.6666


def test_scores_are_compared_by_both_trade_offs() -> None:
    parts = Pictures(
        shown(*[(LESION, 0.0)] * 100),
        shown((OTHER_LESION, 0.0)),
        shown(*[(NO_LESION, 0.0)] * 20),
    )
    known, far = np.arange(100.0), np.arange(20.0) - 15.0
    found = compare({OutlierScore.ENERGY: (known, np.array([-1.0]), far)}, parts)["energy"]
    # Of -15 .. 4 all but 3 and 4 lie below 3.
    assert found["rejected_at_3_percent_refused"]["value"] == 0.9
    # 19 of 20 lie below anything above 3; of the known 0, 1, 2 and 3.
    assert found["refused_at_95_percent_rejected"]["value"] == 0.04
    assert found["near"]["value"] == 1.0
    assert found["far_by_kind"]["wounds"]["value"] == found["far"]["value"]
    assert found["far_by_kind"]["dogs_cats"]["value"] is None
    assert found["far_mean_of_kinds"] == found["far"]["value"]
    assert found["far"]["low"] <= found["far"]["value"] <= found["far"]["high"]
