"""The out-of-distribution score on hand-made answers."""

import math

import numpy as np
import pytest

from lentigo.model.ood import OutOfDistribution, Recognition, Weights, negative_energy

# Seven equal logits: the energy term is log(7) above them.
FLAT = [2.0] * 7
SCORE = OutOfDistribution(Weights(lesion=0.5, energy=2.0, confidence=10.0, bias=-3.0), 4.0)


def test_the_energy_of_equal_logits_is_their_value_and_log_seven() -> None:
    assert negative_energy(FLAT) == pytest.approx(2.0 + math.log(7))


def test_one_dominant_logit_is_its_own_energy_even_where_exp_overflows() -> None:
    assert negative_energy([1000.0, 0, 0, 0, 0, 0, 0]) == pytest.approx(1000.0)


def test_the_energy_of_a_batch_is_that_of_each_row() -> None:
    assert negative_energy([FLAT, [0.0] * 7]) == pytest.approx([2 + math.log(7), math.log(7)])


def test_the_score_is_the_weighted_sum_of_the_three_answers() -> None:
    # 0.5 * 4 + 2 * (2 + log 7) + 10 * 0.25 - 3 = 5.5 + 2 log 7
    assert SCORE.score(FLAT, 4.0, 0.25) == pytest.approx(5.5 + 2 * math.log(7))


def test_many_pictures_score_as_each_alone() -> None:
    logits = np.array([FLAT, [0.0] * 7])
    lesion, confidence = np.array([4.0, -8.0]), np.array([0.25, 1 / 7])
    together = SCORE.score(logits, lesion, confidence)
    assert together.shape == (2,)
    alone = [float(SCORE.score(logits[i], lesion[i], confidence[i])) for i in range(2)]
    assert together == pytest.approx(alone)


def test_a_score_at_the_threshold_is_known_and_one_below_it_is_not() -> None:
    only_lesion = OutOfDistribution(Weights(1.0, 0.0, 0.0, 0.0), 1.5)
    assert only_lesion.recognise(1.5) is Recognition.LESION
    assert only_lesion.recognise(1.4999) is Recognition.NOT_A_LESION


@pytest.mark.parametrize(
    ("score", "nail", "recognition"),
    [
        (1.0, 2.0, Recognition.NAIL),
        (1.0, 1.9, Recognition.NOT_A_LESION),
        (1.0, math.nan, Recognition.NOT_A_LESION),
        (1.0, None, Recognition.NOT_A_LESION),
        # What may be a lesion is never called a nail.
        (1.5, 99.0, Recognition.LESION),
    ],
)
def test_of_what_is_no_lesion_a_nail_is_named(
    score: float, nail: float | None, recognition: Recognition
) -> None:
    known = OutOfDistribution(Weights(1.0, 0.0, 0.0, 0.0), 1.5, nail_from=2.0)
    assert known.recognise(score, nail) is recognition
    without = OutOfDistribution(known.weights, 1.5)
    assert without.recognise(score, nail) is not Recognition.NAIL


@pytest.mark.parametrize("which", ["logits", "an infinite logit", "lesion", "confidence"])
def test_an_answer_that_is_not_a_finite_number_is_never_known(which: str) -> None:
    broken = {"logits": [math.nan] * 7, "an infinite logit": [math.inf] + [0.0] * 6}
    logits = broken.get(which, FLAT)
    lesion = math.nan if which == "lesion" else 100.0
    confidence = math.nan if which == "confidence" else 1.0
    assert SCORE.recognise(float(SCORE.score(FLAT, 100.0, 1.0))) is Recognition.LESION
    score = float(SCORE.score(logits, lesion, confidence))
    assert SCORE.recognise(score) is Recognition.NOT_A_LESION
