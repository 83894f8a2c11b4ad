"""The mean over augmented copies, and what their disagreement tells, on hand-made probabilities."""

import numpy as np
import pytest
from PIL import Image

from lentigo.priority import Priority
from tests.unit.training.measure.test_decisions import CALIBRATION, answers, decided
from training.measure.decisions import MEL, NV, Decisions, reader_of
from training.studies import test_time_augmentation as tta

RNG = np.random.default_rng(0)


def rows(*melanoma: float) -> np.ndarray:
    """Probabilities that lie on MEL and NV alone."""
    out = np.zeros((len(melanoma), 7))
    out[:, MEL] = melanoma
    out[:, NV] = 1.0 - out[:, MEL]
    return out


def one(labels: list[int]) -> Decisions:
    return decided(answers([{NV: 0.94}] * len(labels), labels), [5.0] * len(labels))


def copy(*melanoma: float) -> Decisions:
    """A copy of some camera pictures, of which so much looks like melanoma."""
    given = [{MEL: p, NV: 1.0 - p - 0.001} for p in melanoma]
    return decided(answers(given, [MEL] * len(given)), [-5.0] * len(given))


def test_the_mean_of_the_copies_meets_the_rules() -> None:
    scales = reader_of(CALIBRATION).scales
    answer = tta.averaged([copy(0.01, 0.001), copy(0.6, 0.002)], scales)
    assert answer.probabilities[:, MEL].tolist() == pytest.approx([0.305, 0.0015], abs=1e-3)
    # Alone the first copy asks for nothing; the mean of its log odds is 0.11.
    assert copy(0.01).priorities == (Priority.LOW,)
    assert answer.priorities == (Priority.URGENT, Priority.LOW)


def test_disagreement_is_the_share_of_copies_that_see_another_class_than_the_mean() -> None:
    stack = np.stack([rows(0.9, 0.1), rows(0.8, 0.1), rows(0.45, 0.1), rows(0.3, 0.2)])
    assert tta.disagreement(stack).tolist() == [0.5, 0.0]


def test_copies_that_agree_have_no_mutual_information() -> None:
    agree, differ = np.stack([rows(0.3), rows(0.3)]), np.stack([rows(0.0), rows(1.0)])
    assert tta.spread(agree)[0] == pytest.approx(0.0)
    assert tta.spread(differ)[0] == pytest.approx(np.log(2))


def test_the_rule_on_disagreement_can_only_change_what_is_low() -> None:
    stack = np.stack([rows(0.9, 0.55, 0.1), rows(0.4, 0.0, 0.1)])
    answer = decided(
        answers([{MEL: p, NV: 0.99 - p} for p in (0.65, 0.275, 0.1)], [MEL, MEL, NV]), [5.0] * 3
    )
    found = tta.doubt(one([MEL, MEL, NV]), answer, stack)
    # The first asks for more already, the second low though one of two copies shows a melanoma.
    assert found["touched"]["n"] == 3
    assert found["touched"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert (found["touched_low"]["pictures"], found["touched_low"]["malignant"]) == (1, 1)
    assert found["wrong_where_touched"]["value"] == 0.5
    assert found["auroc_for_errors"]["disagreement"]["value"] == 0.75


def test_a_part_is_enlarged_from_its_corner_and_a_flip_keeps_every_pixel() -> None:
    pixels = np.zeros((224, 224, 3), np.uint8)
    pixels[:112, :112] = 200
    picture = Image.fromarray(pixels)
    upper_left = tta.part(picture, RNG, 0.5, 0.0, 0.0)
    assert (np.asarray(upper_left)[:200, :200] == 200).all()
    assert (np.asarray(tta.part(picture, RNG, 0.5, 1.0, 1.0))[20:, 20:] == 0).all()
    mirrored = tta.flip(picture, RNG, Image.Transpose.FLIP_LEFT_RIGHT)
    assert np.array_equal(np.asarray(mirrored), pixels[:, ::-1])


def test_every_set_starts_with_the_whole_square_and_names_known_augmentations() -> None:
    for chosen in tta.SETS.values():
        assert chosen[0] == "whole"
        assert set(chosen) <= tta.AUGMENTATIONS.keys()
    names = [change.name for change in tta.AUGMENTATIONS.values() if change is not None]
    assert len(set(names)) == len(names)
