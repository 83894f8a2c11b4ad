"""Decision curves of hand-made answers."""

import numpy as np
import pytest

from lentigo.diagnosis import Diagnosis
from lentigo.model.slice_figures import DecisionCurve
from lentigo.model.strict import read
from lentigo.prevalence import MALIGNANCY, MELANOMA
from tests.unit.training.measure.test_decisions import CALIBRATION, answers
from training.measure.decision_curves import THRESHOLDS, decision_curve, reweighted
from training.measure.decisions import MEL, NV, ORDER, Condition, Decisions, decide, reader_of
from training.measure.slices import draws_of

BCC = ORDER.index(Diagnosis.BCC)


def decided(probabilities: list[dict[int, float]], labels: list[int]) -> Decisions:
    return decide(answers(probabilities, labels), None, reader_of(CALIBRATION))


def test_a_probability_keeps_its_likelihood_ratio_at_another_prevalence() -> None:
    # Even odds where half are sick: as likely as anybody, so one in five where that many are.
    assert reweighted(np.array([0.5, 0.8]), 0.5, 0.2) == pytest.approx([0.2, 0.5])
    assert reweighted(np.array([0.0, 1.0]), 0.3, 0.1).tolist() == [0.0, 1.0]
    with pytest.raises(ValueError, match="prevalence"):
        reweighted(np.array([0.5]), 0.0, 0.1)


def test_the_rule_and_the_score_are_counted_on_the_sick_and_on_the_benign() -> None:
    decisions = decided(
        [{MEL: 0.9}, {MEL: 0.02}, {NV: 0.99, MEL: 0.001}, {MEL: 0.5}, {BCC: 0.9}],
        [MEL, MEL, NV, NV, BCC],
    )
    curve = decision_curve(decisions, Condition.MELANOMA, draws_of(decisions))
    found = read(DecisionCurve, curve)
    assert (found.alarm, found.prevalence) == ("urgent", round(MELANOMA.value, 4))
    # The carcinoma counts on neither side.
    assert (found.sensitivity.value, found.sensitivity.n) == (0.5, 2)
    assert (found.specificity.value, found.specificity.n) == (0.5, 2)
    # Half of the four are melanomas: 0.9 and 0.5 become 18.8 % and 2.5 % at the declared one.
    by_threshold = {at.threshold: (at.caught, at.alarmed) for at in found.by_score}
    assert by_threshold[0.02] == (0.5, 0.5)
    assert by_threshold[0.03] == (0.5, 0.0)
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
