"""Scores of what a model knows, on hand-made embeddings and answers."""

import numpy as np
import pytest

from lentigo.diagnosis import Diagnosis
from lentigo.model.calibration import softmax
from lentigo.model.ood import OutOfDistribution, Weights
from tests.unit.heads import weighted_sum
from training.measure import outlier_scores
from training.measure.nail_head import logistic_line
from training.measure.outlier_scores import (
    answers_of,
    fit_combination,
    fit_gaussians,
    neighbour_score,
    out_of_fold,
    weighted,
)
from training.measure.predictions import Predictions
from training.measure.probes import Probes
from training.measure.risk_heads import LinearHead
from training.pictures.data import Modality, Record, Split

# The corners of a square with variance 1 each way, around two centres 10 apart.
CORNERS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
TWO_CLASSES = np.concatenate([CORNERS, CORNERS + np.array([10.0, 0.0])])
LABELS = np.array([0] * 4 + [3] * 4)


SILENT = LinearHead(np.zeros(2, np.float32), np.zeros((), np.float32))


def test_the_score_of_many_pictures_is_the_one_that_the_page_computes() -> None:
    record = Record("toy", "toy/0.jpg", "L", Diagnosis.NV, Modality.CLINICAL, 1.0, Split.VAL, "")
    logits = np.array([[2.0, -1.0, 0.5, 0, 0, 3.0, 1.0], [0.0] * 7], np.float32)
    embedding = np.array([[1.0, 2.0], [-1.0, 0.0]], np.float32)
    part = Predictions((record, record), logits, np.array([5, 5]), embedding)
    heads = Probes(
        weighted_sum(0.0, 0.0), weighted_sum(3.0, -1.0, bias=0.5), SILENT, SILENT, SILENT
    )
    weights = Weights(lesion=0.7, energy=-0.3, confidence=5.0, bias=-1.25)
    page = OutOfDistribution(weights, 0.0).score(
        logits, [1.5, -2.5], softmax(logits, 1.7).max(axis=1)
    )
    assert weighted(answers_of(part, heads, 1.7), weights) == pytest.approx(page)


def test_the_nearest_neighbour_is_found_on_the_sphere() -> None:
    bank = np.array([[1.0, 0.0], [0.0, 5.0], [-3.0, 0.0]])
    asked = np.array([[7.0, 0.0], [1.0, 1.0]])
    # From (1, 0): 0, then a right angle, sqrt(2), then the opposite, 2.
    assert neighbour_score(bank, asked, 1)[0] == pytest.approx(0.0, abs=1e-7)
    assert neighbour_score(bank, asked, 2)[0] == pytest.approx(-np.sqrt(2))
    assert neighbour_score(bank, asked, 3)[0] == pytest.approx(-2.0)
    # At 45 degrees from two of them the chord is 2 sin(22.5 degrees).
    assert neighbour_score(bank, asked, 2)[1] == pytest.approx(-2 * np.sin(np.pi / 8))


def test_the_distance_is_to_the_nearest_class_in_units_of_the_common_spread() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    found = fit_gaussians(TWO_CLASSES, LABELS)
    asked = np.array([[0.0, 0.0], [10.0, 3.0], [5.0, 0.0]])
    assert found.score(asked) == pytest.approx([0.0, -9.0, -25.0])


def test_a_direction_in_which_the_classes_spread_counts_less() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    found = fit_gaussians(TWO_CLASSES * [1.0, 4.0], LABELS)
    beside, above = found.score(np.array([[-3.0, 0.0], [0.0, 3.0]]))
    assert above > beside


def test_few_dimensions_keep_the_direction_in_which_pictures_differ_most() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    found = fit_gaussians(TWO_CLASSES, LABELS, dimensions=1)
    # The first direction is the line through both centres; what leaves it is not seen.
    assert found.score(np.array([[4.0, 0.0], [4.0, 100.0]])) == pytest.approx([-16.0, -16.0])


def test_the_combination_weighs_the_answer_that_tells_the_two_apart() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    known = np.array([[2.0, 1.0, 0.5], [2.0, -1.0, 0.5]])
    far = np.array([[-2.0, 1.0, 0.5], [-2.0, -1.0, 0.5]])
    weights = fit_combination(known, far, ["a", "a", "b", "b"])
    assert weights.lesion > 0.1
    assert weights.energy == pytest.approx(0.0, abs=1e-6)
    assert weights.confidence == 0.0
    assert weights.bias == pytest.approx(0.0, abs=1e-4)


def test_no_picture_is_scored_by_a_fit_that_saw_it_or_its_lesion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Each picture is known by its first answer; pictures 0 and 1 show one lesion.
    known = np.array([[float(i), 0.0, 0.0] for i in range(7)])
    far = np.array([[100.0 + i, 0.0, 0.0] for i in range(6)])
    groups = np.array([0, 0, 1, 2, 3, 4, 5])
    kinds = [f"k{i}" for i in range(13)]
    seen: list[set[float]] = []

    def spy(some: np.ndarray, others: np.ndarray, names: list[str]) -> Weights:
        given = [*some[:, 0], *others[:, 0]]
        ids = [int(x) if x < 50 else int(x) - 100 + 7 for x in given]
        assert names == [f"k{i}" for i in ids]
        seen.append(set(given))
        # The score tells which fit gave it.
        return Weights(0.0, 0.0, 0.0, float(len(seen) - 1))

    monkeypatch.setattr(outlier_scores, "fit_combination", spy)
    of_known, of_far = out_of_fold(known, far, kinds, groups)
    assert len(seen) == 5
    for answers, scores in ((known, of_known), (far, of_far)):
        for answer, fit in zip(answers[:, 0], scores, strict=True):
            assert answer not in seen[int(fit)]
    assert of_known[0] == of_known[1]


def test_a_fitted_line_is_in_the_units_of_the_embedding() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    # Two values by the thousand around 5000, and a feature that never changes.
    embedding = np.array([[4000.0, 7.0], [6000.0, 7.0]] * 4, np.float32)
    positive = np.array([False, True] * 4)
    slope, offset = logistic_line(embedding, positive, np.ones(8), 1.0)
    logits = embedding @ slope + offset
    # By symmetry the two logits are each other's opposite.
    assert logits[1] == pytest.approx(-logits[0], rel=1e-3)
    assert 0.5 < logits[1] < 5.0
    assert slope[1] == 0.0
    assert slope.dtype == np.float32


def test_weights_move_the_border_towards_what_weighs_less() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    embedding = np.array([[-1.0], [1.0], [0.0], [0.0]], np.float32)
    positive = np.array([False, True, False, True])
    offset = logistic_line(embedding, positive, np.array([1.0, 1.0, 1.0, 3.0]), 1.0)[1]
    # At the undecided place three of four votes are for "yes".
    assert offset > 0.1
    assert logistic_line(embedding, positive, np.ones(4), 1.0)[1] == pytest.approx(0.0, abs=1e-4)
