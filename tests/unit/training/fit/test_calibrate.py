"""Choice of temperature and thresholds, on hand-made answers."""

import numpy as np
import pytest

from lentigo.model.selection import Criterion
from tests.unit.training.measure.test_decisions import answers
from training.fit.calibrate import choose_certain_from, choose_point
from training.measure.decisions import (
    BCC,
    MEL,
    NV,
    ORDER,
    Condition,
    HeadLogits,
    positives_of,
    scores_of,
)
from training.measure.temperatures import best_criterion, compare, fit_temperature


def one_sided(labels: list[int], probability: list[float], of: int) -> np.ndarray:
    """Probabilities (n, 7): so much for one class, the rest for the naevus."""
    probabilities = np.zeros((len(labels), 7))
    probabilities[:, of] = probability
    probabilities[:, NV] += 1.0 - np.array(probability)
    return probabilities


def test_a_point_is_the_highest_that_catches_enough_and_tells_what_it_spares() -> None:
    positive = np.array([True, True, False, False, False])
    point, found = choose_point(positive, np.array([0.8, 0.3, 0.4, 0.2, 0.1]))
    assert point == 0.3
    assert found["sensitivity"] == {"value": 1.0, "n": 2}
    assert found["specificity"] == {"value": round(2 / 3, 4), "n": 3}


def test_a_point_is_rounded_towards_caution() -> None:
    assert choose_point(np.array([True]), np.array([0.123456]))[0] == 0.1234


def test_a_split_without_a_case_gives_no_point() -> None:
    with pytest.raises(ValueError, match="no positive picture"):
        choose_point(np.array([False]), np.array([0.5]))


def test_malignancy_is_every_malignant_class_and_its_score_weighs_them_together() -> None:
    predictions = answers([{BCC: 0.2, MEL: 0.3, NV: 0.4999}], [MEL])
    scores = scores_of(predictions, HeadLogits(malignancy=np.array([1.5])))
    (of_classes, of_head) = scores[Condition.MALIGNANCY][0]
    assert of_classes == pytest.approx(0.0, abs=1e-3)
    assert (of_head, scores[Condition.MELANOMA][0, 1]) == (1.5, 0.0)
    assert positives_of(np.arange(7))[Condition.MALIGNANCY].tolist() == [
        diagnosis in {"akiec", "bcc", "mel"} for diagnosis in ORDER
    ]


def test_a_modality_that_is_never_wrong_is_certain_from_the_declared_least() -> None:
    found = choose_certain_from(np.array([5.0, 5.0, -5.0]), np.array([True, True, False]))
    assert found["certain_from"] == 0.9
    assert found["unsure"]["camera"]["value"] == 0.0


def test_certainty_starts_above_the_picture_that_it_was_wrong_about() -> None:
    # One camera picture of two is taken for a dermoscope's, at sigmoid(3) = 0.95257.
    found = choose_certain_from(
        np.array([5.0, 4.0, -5.0, 3.0]), np.array([True, True, False, False])
    )
    assert found["certain_from"] == 0.9526
    assert found["certain_and_wrong"] == {"value": 0.0, "n": 3}
    assert found["unsure"]["camera"] == {"value": 0.5, "n": 2}


def test_one_wrong_picture_in_a_hundred_certain_ones_is_allowed() -> None:
    logits = np.append(np.full(100, 5.0), np.full(100, -5.0))
    logits[150] = 5.0
    found = choose_certain_from(logits, np.arange(200) < 100)
    assert found["certain_from"] == 0.9
    logits[151] = 5.0
    assert choose_certain_from(logits, np.arange(200) < 100)["certain_from"] > 0.99


def timid(pictures: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are right in 9 of 10, at a confidence of about 0.27."""
    logits = np.zeros((pictures, 7))
    labels = np.tile([MEL, NV], pictures // 2)
    logits[np.arange(pictures), labels] = 0.8
    wrong = np.arange(0, pictures, 10)
    logits[wrong] = logits[wrong + 1]
    return logits, labels


@pytest.mark.parametrize("criterion", Criterion)
def test_too_timid_logits_get_a_temperature_below_one(criterion: Criterion) -> None:
    logits, labels = timid(40)
    kinds = np.zeros(40, dtype=np.intp)
    assert fit_temperature(logits, labels, criterion, kinds) < 0.5


def test_ways_of_calibrating_are_judged_on_lesions_they_were_not_fitted_on() -> None:
    pytest.importorskip("scipy", reason="SciPy is in the training environment only")
    logits, labels = timid(100)
    camera = np.arange(100) < 50
    compared = compare(logits, labels, np.arange(100), {"camera": camera, "rest": ~camera})
    assert compared["none"]["mean_ece"] > 0.5
    assert compared["one_temperature_ece"]["mean_ece"] < 0.1
    assert set(compared["vector"]["ece"]) == {"camera", "rest"}


def test_the_criterion_with_the_least_error_is_taken() -> None:
    errors = dict(zip(Criterion, (0.05, 0.03, 0.04), strict=True))
    compared = {f"one_temperature_{name}": {"mean_ece": e} for name, e in errors.items()}
    assert best_criterion(compared) is min(errors, key=errors.__getitem__)
