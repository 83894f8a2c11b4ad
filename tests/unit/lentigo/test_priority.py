from itertools import product

import numpy as np
import pytest

from lentigo.diagnosis import MALIGNANT, Diagnosis
from lentigo.model.calibration import softmax
from lentigo.priority import (
    CLASS_PRIORITY,
    OperatingPoints,
    Priority,
    Request,
    Rule,
    assess,
    cautious,
    most_severe,
)
from lentigo.triage.advice import ADVICE

POINTS = OperatingPoints(mel=0.2, bcc=0.3, akiec=0.3, malignancy=0.35, confidence=0.4)


def probabilities(**given: float) -> tuple[float, ...]:
    """Fill up seven probabilities: what is not given goes to nv."""
    rest = 1 - sum(given.values())
    values: dict[str, float] = {str(diagnosis): 0.0 for diagnosis in Diagnosis} | given
    values["nv"] += rest
    return tuple(values[diagnosis] for diagnosis in Diagnosis)


def test_the_classes_are_in_the_order_of_ham10000() -> None:
    assert list(Diagnosis) == ["akiec", "bcc", "bkl", "df", "mel", "nv", "vasc"]


def test_the_severity_runs_from_low_to_urgent() -> None:
    order = ["low", "uncertain", "medium", "high", "urgent"]
    assert sorted(Priority, key=lambda p: p.severity) == order


@pytest.mark.parametrize(
    ("diagnosis", "priority"),
    [
        ("akiec", "medium"),
        ("bcc", "high"),
        ("bkl", "low"),
        ("df", "low"),
        ("mel", "urgent"),
        ("nv", "low"),
        ("vasc", "medium"),
    ],
)
def test_a_sure_top_class_asks_for_its_tier(diagnosis: str, priority: str) -> None:
    values = tuple(1.0 if name == diagnosis else 0.0 for name in Diagnosis)
    assessment = assess(values, POINTS)
    assert (assessment.diagnosis, assessment.priority) == (diagnosis, priority)
    assert assessment.confidence == 1.0


def test_a_melanoma_below_the_top_still_asks_for_urgent() -> None:
    assessment = assess(probabilities(mel=0.2), POINTS)
    assert assessment.diagnosis is Diagnosis.NV
    assert assessment.priority is Priority.URGENT
    assert assessment.decisive == Request(Priority.URGENT, Rule.OPERATING_POINT, Diagnosis.MEL, 0.2)


def test_a_melanoma_just_below_its_point_does_not_ask() -> None:
    assert assess(probabilities(mel=0.199), POINTS).priority is Priority.LOW


def test_malignancy_spread_over_three_classes_asks_for_medium() -> None:
    assessment = assess(probabilities(mel=0.15, bcc=0.1, akiec=0.1), POINTS)
    assert assessment.priority is Priority.MEDIUM
    assert assessment.decisive.rule is Rule.MALIGNANCY
    assert assessment.malignancy == pytest.approx(0.35)


def test_doubt_replaces_low() -> None:
    assessment = assess(probabilities(bkl=0.35, df=0.3), POINTS)
    assert assessment.priority is Priority.UNCERTAIN


def test_doubt_never_lowers_a_melanoma() -> None:
    assessment = assess(probabilities(mel=0.3, bkl=0.35, df=0.3), POINTS)
    assert assessment.confidence < POINTS.confidence
    assert assessment.priority is Priority.URGENT


def test_no_rule_is_ever_overruled_downwards() -> None:
    steps = [0.0, 0.1, 0.2, 0.3, 0.4]
    for mel, bcc, akiec, bkl in product(steps, repeat=4):
        if mel + bcc + akiec + bkl > 1:
            continue
        assessment = assess(probabilities(mel=mel, bcc=bcc, akiec=akiec, bkl=bkl), POINTS)
        floor = max(request.priority.severity for request in assessment.requests)
        assert assessment.priority.severity == floor
        if mel >= POINTS.mel:
            assert assessment.priority is Priority.URGENT


@pytest.mark.parametrize(
    "values",
    [(0.5, 0.5), (float("nan"),) * 7, (0.5,) * 7, (-0.5, 1.5, 0, 0, 0, 0, 0)],
)
def test_what_is_not_a_distribution_is_refused(values: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="probabilities"):
        assess(values, POINTS)


def test_nobody_asking_is_an_error() -> None:
    with pytest.raises(ValueError):
        most_severe([])


def test_every_priority_has_advice_and_every_diagnosis_a_priority() -> None:
    assert set(ADVICE) == set(Priority)
    assert set(CLASS_PRIORITY) == set(Diagnosis)
    assert {"mel", "bcc", "akiec"} == MALIGNANT


def test_every_time_frame_names_its_source() -> None:
    assert all("NICE" in advice.source or "ours" in advice.source for advice in ADVICE.values())


def test_softmax_of_equal_logits_is_uniform() -> None:
    assert softmax([2.0, 2.0, 2.0, 2.0]) == pytest.approx([0.25] * 4)


def test_softmax_with_a_temperature_divides_the_logits() -> None:
    assert softmax([np.log(9.0), 0.0], temperature=2.0) == pytest.approx([0.75, 0.25])


def test_softmax_survives_large_logits() -> None:
    assert softmax([1000.0, 0.0]) == pytest.approx([1.0, 0.0])


@pytest.mark.parametrize("logits", [[float("nan"), 0.0], [float("inf"), 0.0]])
def test_logits_that_are_not_finite_never_become_probabilities(logits: list[float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        softmax(logits)


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="temperature"):
        softmax([0.0], temperature=0.0)


def test_cautious_points_ask_wherever_any_of_the_given_ones_asks() -> None:
    other = OperatingPoints(mel=0.4, bcc=0.1, akiec=0.3, malignancy=0.5, confidence=0.6)
    both = cautious(POINTS, other)
    assert both == OperatingPoints(mel=0.2, bcc=0.1, akiec=0.3, malignancy=0.35, confidence=0.6)
    for given in (probabilities(mel=0.3), probabilities(bcc=0.15), probabilities(bkl=0.45)):
        alone = [assess(given, points).priority.severity for points in (POINTS, other)]
        assert assess(given, both).priority.severity >= max(alone)
