"""From the model's logit to how the picture was taken."""

import math

import pytest

from lentigo.model.modality import Modality, modality_of


@pytest.mark.parametrize(
    ("probability", "modality"),
    [
        (0.95, Modality.DERMOSCOPIC),
        (0.85, Modality.UNSURE),
        (0.5, Modality.UNSURE),
        (0.15, Modality.UNSURE),
        (0.05, Modality.CAMERA),
    ],
)
def test_an_answer_is_believed_from_the_given_probability_on_either_side(
    probability: float, modality: Modality
) -> None:
    assert modality_of(math.log(probability / (1 - probability)), 0.9) is modality


def test_the_given_probability_itself_is_enough() -> None:
    # The logistic function of 0 is exactly 0.5.
    assert modality_of(0.0, 0.5) is Modality.DERMOSCOPIC


def test_a_huge_logit_is_no_overflow() -> None:
    assert modality_of(1e6, 0.99) is Modality.DERMOSCOPIC
    assert modality_of(-1e6, 0.99) is Modality.CAMERA


def test_what_is_not_a_number_is_unsure() -> None:
    assert modality_of(math.nan, 0.5) is Modality.UNSURE


@pytest.mark.parametrize("certain_from", [0.49, 1.01, math.nan])
def test_a_certainty_outside_its_range_is_refused(certain_from: float) -> None:
    with pytest.raises(ValueError, match="certain_from"):
        modality_of(0.0, certain_from)
