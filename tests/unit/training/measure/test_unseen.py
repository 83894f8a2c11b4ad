"""What was left out is unknown, on hand-made answers."""

from dataclasses import replace

import numpy as np
import pytest

from lentigo.diagnosis import Diagnosis
from lentigo.model.outlier_figures import OutlierScore
from tests.unit.shown import LESION, NO_LESION, shown
from training.measure.predictions import Predictions, joined, labels_of
from training.measure.unseen import head_without, leave_one_class_out, unseen_kinds


def one_of_each_class(times: int) -> Predictions:
    records = tuple(
        replace(LESION, member=f"{dx}{i}.jpg", group=f"{dx}{i}", diagnosis=dx)
        for dx in Diagnosis
        for i in range(times)
    )
    labels = labels_of(records)
    return Predictions(
        records,
        np.zeros((len(records), 7), np.float32),
        labels,
        np.eye(7, dtype=np.float32)[labels],
    )


def test_a_class_that_is_left_out_is_unknown_to_every_score() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    outside = replace(LESION, diagnosis=None)
    train = one_of_each_class(12)
    # A picture outside the classes must teach nothing: it lies where the melanomas are.
    melanoma = np.eye(7, dtype=np.float32)[[list(Diagnosis).index(Diagnosis.MEL)]]
    stray = Predictions(
        (outside,) * 20, np.zeros((20, 7), np.float32), np.full(20, -1), melanoma.repeat(20, axis=0)
    )
    found = leave_one_class_out(joined(train, stray), one_of_each_class(2))
    assert set(found) == {str(dx) for dx in Diagnosis}
    for scores in found.values():
        for method in (
            OutlierScore.MAX_SOFTMAX,
            OutlierScore.ENERGY,
            OutlierScore.NEAREST_NEIGHBOUR,
        ):
            assert scores[method]["value"] == 1.0
        assert scores[OutlierScore.ENERGY]["n"] == 2
        assert scores[OutlierScore.ENERGY]["too_few_to_say"] is True


def test_a_head_without_a_class_answers_for_the_other_six() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    pictures = one_of_each_class(2)
    outside = replace(LESION, diagnosis=None)
    stray = Predictions(
        (outside,), np.zeros((1, 7), np.float32), np.array([-1]), np.zeros((1, 7), np.float32)
    )
    assert head_without(joined(pictures, stray), 3)(pictures.embedding).shape == (14, 6)


def test_a_kind_that_is_left_out_teaches_the_head_nothing() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    dogs = replace(NO_LESION, detail="dogs_cats")
    # Lesions lie between wounds and dogs: a head that has seen neither wound misses them.
    many = 1000
    train = shown(*[(LESION, 0.0), (NO_LESION, 2.0), (dogs, -1.0)] * many)
    found = unseen_kinds(train, train, train, shown(*[(LESION, 0.0)] * 5))
    assert {kind for kind, figures in found.items() if figures} == {"wounds", "dogs_cats"}
    assert found["wounds"]["auroc"]["value"] == 0.0
    assert found["wounds"]["rejected_at_3_percent_refused"]["value"] == 0.0
