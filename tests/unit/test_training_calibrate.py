"""Choice of the operating points, and the priorities they lead to, on hand-made answers."""

import numpy as np
import pytest

from lentigo.diagnosis import Diagnosis
from lentigo.priority import OperatingPoints, Priority
from training.calibrate import ORDER, choose_point, fit_temperature, positives_of, scores_of
from training.data import Modality, Record, Split
from training.evaluate import priorities, slices_of
from training.predictions import Predictions

MEL, NV = ORDER.index(Diagnosis.MEL), ORDER.index(Diagnosis.NV)


def predictions(ways: list[Modality], labels: list[int]) -> Predictions:
    records = tuple(
        Record("toy", f"toy/{i}.jpg", f"L{i}", ORDER[label], way, 1.0, Split.VAL, "CC0")
        for i, (way, label) in enumerate(zip(ways, labels, strict=True))
    )
    logits, embedding = np.zeros((len(labels), 7), np.float32), np.zeros((len(labels), 1280))
    return Predictions(records, logits, np.array(labels), embedding.astype(np.float32))


def test_the_lower_threshold_of_the_two_groups_is_taken() -> None:
    ways = [Modality.DERMOSCOPIC, Modality.DERMOSCOPIC, Modality.CLINICAL, Modality.SMARTPHONE]
    found = choose_point(
        "mel", predictions(ways, [MEL, NV, MEL, MEL]), np.array([0.8, 0.4, 0.35, 0.3])
    )
    assert found["point"] == 0.3
    assert found["groups"]["dermoscopic"]["own_threshold"] == 0.8
    assert found["groups"]["camera"]["own_threshold"] == 0.3
    assert found["groups"]["dermoscopic"]["sensitivity"] == {"value": 1.0, "n": 1}
    assert found["groups"]["dermoscopic"]["specificity"] == {"value": 0.0, "n": 1}


def test_a_point_is_rounded_towards_caution() -> None:
    found = choose_point("mel", predictions([Modality.CLINICAL], [MEL]), np.array([0.123456]))
    assert found["point"] == 0.1234


def test_a_split_without_a_case_gives_no_point() -> None:
    with pytest.raises(ValueError, match="no mel picture"):
        choose_point("mel", predictions([Modality.CLINICAL], [NV]), np.array([0.5]))


def test_malignancy_is_the_sum_of_the_three_malignant_classes() -> None:
    probabilities = np.array([[0.1, 0.2, 0.05, 0.05, 0.3, 0.2, 0.1]])
    assert scores_of(probabilities)["malignancy"] == pytest.approx([0.6])
    assert positives_of(np.arange(7))["malignancy"].tolist() == [
        diagnosis in {"akiec", "bcc", "mel"} for diagnosis in ORDER
    ]


def test_the_evaluation_asks_the_rule_that_the_browser_asks() -> None:
    points = OperatingPoints(mel=0.1, bcc=0.5, akiec=0.5, malignancy=0.3, confidence=0.4)
    probabilities = np.full((2, 7), 0.02)
    probabilities[:, NV] = 0.88
    probabilities[1, [MEL, NV]] = 0.12, 0.78
    assert priorities(probabilities, points) == [Priority.LOW, Priority.URGENT]


def test_camera_pictures_are_close_ups_and_phone_pictures() -> None:
    ways = [Modality.DERMOSCOPIC, Modality.CLINICAL, Modality.SMARTPHONE]
    masks = slices_of(predictions(ways, [NV, NV, NV]))
    assert masks["camera"].tolist() == [False, True, True]
    assert masks["dermoscopic"].tolist() == [True, False, False]
    assert not masks["dermoscopic_ham10000"].any()


def test_too_timid_logits_get_a_temperature_below_one() -> None:
    pytest.importorskip("scipy", reason="SciPy is in the training environment only")
    # Right in 9 of 10, at a confidence of about 0.27: the fit must sharpen.
    logits = np.zeros((20, 7))
    labels = np.repeat([MEL, NV], 10)
    logits[np.arange(20), labels] = 0.8
    logits[[0, 10]] = logits[[10, 0]]
    assert fit_temperature(logits, labels) < 1.0
