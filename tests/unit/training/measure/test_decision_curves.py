"""Decision curves of hand-made answers."""

import pytest

from lentigo.model.slice_figures import DecisionCurve
from lentigo.model.strict import read
from lentigo.prevalence import MALIGNANCY, MELANOMA
from tests.unit.training.measure.test_decisions import CALIBRATION, answers
from training.measure.decision_curves import THRESHOLDS, decision_curve
from training.measure.decisions import (
    BCC,
    MEL,
    NV,
    Condition,
    Decisions,
    HeadLogits,
    decide,
    reader_of,
)
from training.measure.slices import draws_of


def decided(probabilities: list[dict[int, float]], labels: list[int]) -> Decisions:
    return decide(answers(probabilities, labels), HeadLogits(), reader_of(CALIBRATION))


def test_the_rule_and_the_score_are_counted_on_the_sick_and_on_the_benign() -> None:
    decisions = decided(
        [{MEL: 0.9}, {MEL: 0.02}, {NV: 0.99, MEL: 0.001}, {MEL: 0.12}, {BCC: 0.9}],
        [MEL, MEL, NV, NV, BCC],
    )
    curve = decision_curve(decisions, Condition.MELANOMA, draws_of(decisions))
    found = read(DecisionCurve, curve)
    assert (found.alarm, found.prevalence) == ("urgent", round(MELANOMA.value, 4))
    # The carcinoma counts on neither side.
    assert (found.sensitivity.value, found.sensitivity.n) == (0.5, 2)
    assert (found.specificity.value, found.specificity.n) == (0.5, 2)
    # By the scale of a camera, the more cautious one, 0.12 is a risk of 3.7 %.
    by_threshold = {at.threshold: (at.caught, at.alarmed) for at in found.by_score}
    assert by_threshold[0.035] == (0.5, 0.5)
    assert by_threshold[0.04] == (0.5, 0.0)
    assert tuple(by_threshold) == THRESHOLDS[Condition.MELANOMA]


def test_malignancy_takes_every_malignant_class_and_its_own_prevalence() -> None:
    decisions = decided([{MEL: 0.9}, {BCC: 0.9}, {NV: 0.9}], [MEL, BCC, NV])
    found = read(
        DecisionCurve, decision_curve(decisions, Condition.MALIGNANCY, draws_of(decisions))
    )
    assert (found.alarm, found.prevalence) == ("medium", round(MALIGNANCY.value, 4))
    assert (found.sensitivity.n, found.sensitivity.value) == (2, 1.0)


def test_pictures_of_one_side_alone_have_no_curve() -> None:
    decisions = decided([{NV: 0.9}, {NV: 0.8}], [NV, NV])
    found = read(DecisionCurve, decision_curve(decisions, Condition.MELANOMA, draws_of(decisions)))
    assert found.by_score == ()
    assert found.sensitivity.value is None


@pytest.mark.parametrize("condition", Condition)
def test_a_curve_is_small_and_reaches_the_threshold_of_nice(condition: Condition) -> None:
    thresholds = THRESHOLDS[condition]
    assert len(thresholds) <= 25
    assert thresholds[0] < 0.03 < thresholds[-1]
