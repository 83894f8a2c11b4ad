from itertools import product

import numpy as np
import pytest

from lentigo.diagnosis import MALIGNANT, Diagnosis
from lentigo.model.calibration import softmax
from lentigo.priority import (
    CLASS_PRIORITY,
    Points,
    Priority,
    Request,
    Risks,
    Rule,
    assess,
    most_severe,
)
from lentigo.triage.advice import ADVICE

NO_RISK = Risks(melanoma=0.0, malignancy=0.0)
POINTS = Points(bcc=0.3, confident=0.4)


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
    assessment = assess(values, NO_RISK, POINTS)
    assert (assessment.diagnosis, assessment.priority) == (diagnosis, priority)
    assert assessment.confidence == 1.0


@pytest.mark.parametrize(
    ("risk", "priority"),
    [
        (0.03, Priority.URGENT),
        (0.0299, Priority.HIGH),
        (0.01, Priority.HIGH),
        (0.0099, Priority.MEDIUM),
        (0.005, Priority.MEDIUM),
        (0.0049, Priority.LOW),
    ],
)
def test_a_risk_of_melanoma_below_the_top_asks_by_how_large_it_is(
    risk: float, priority: Priority
) -> None:
    assessment = assess(probabilities(mel=0.2), Risks(risk, 0.0), POINTS)
    assert assessment.diagnosis is Diagnosis.NV
    assert assessment.priority is priority
    if priority is not Priority.LOW:
        asked = Request(priority, Rule.MELANOMA_RISK, Diagnosis.MEL, risk)
        assert assessment.decisive == asked


@pytest.mark.parametrize(("risk", "priority"), [(0.03, Priority.MEDIUM), (0.0299, Priority.LOW)])
def test_a_risk_of_malignancy_asks_for_medium(risk: float, priority: Priority) -> None:
    assessment = assess(probabilities(mel=0.15, bcc=0.1, akiec=0.1), Risks(0.0, risk), POINTS)
    assert assessment.priority is priority
    assert assessment.malignancy == pytest.approx(0.35)
    assert (Rule.MALIGNANCY_RISK in {r.rule for r in assessment.requests}) == (risk >= 0.03)


@pytest.mark.parametrize(("bcc", "priority"), [(0.3, Priority.HIGH), (0.299, Priority.LOW)])
def test_a_carcinoma_below_the_top_still_asks_for_high(bcc: float, priority: Priority) -> None:
    assert assess(probabilities(bcc=bcc), NO_RISK, POINTS).priority is priority


def test_the_alarm_that_is_nearest_is_told() -> None:
    assert assess(probabilities(), Risks(0.0025, 0.003), POINTS).alarm_reached == pytest.approx(0.5)
    assert assess(probabilities(), Risks(0.001, 0.024), POINTS).alarm_reached == pytest.approx(0.8)


def test_doubt_replaces_low() -> None:
    assessment = assess(probabilities(bkl=0.35, df=0.3), NO_RISK, POINTS)
    assert assessment.priority is Priority.UNCERTAIN


def test_doubt_never_lowers_a_melanoma() -> None:
    assessment = assess(probabilities(mel=0.3, bkl=0.35, df=0.3), Risks(0.03, 0.0), POINTS)
    assert assessment.confidence < POINTS.confident
    assert assessment.priority is Priority.URGENT


def test_no_rule_is_ever_overruled_downwards() -> None:
    steps, risks = [0.0, 0.2, 0.4], [0.0, 0.006, 0.02, 0.5]
    for mel, bcc, bkl, melanoma, malignancy in product(steps, steps, steps, risks, risks):
        if mel + bcc + bkl > 1:
            continue
        values = probabilities(mel=mel, bcc=bcc, bkl=bkl)
        assessment = assess(values, Risks(melanoma, malignancy), POINTS)
        floor = max(request.priority.severity for request in assessment.requests)
        assert assessment.priority.severity == floor
        if melanoma >= 0.03:
            assert assessment.priority is Priority.URGENT


@pytest.mark.parametrize("risks", [Risks(1.1, 0.0), Risks(0.0, -0.1), Risks(float("nan"), 0.0)])
def test_what_is_no_risk_is_refused(risks: Risks) -> None:
    with pytest.raises(ValueError, match="risks"):
        assess(probabilities(), risks, POINTS)


@pytest.mark.parametrize(
    "values",
    [(0.5, 0.5), (float("nan"),) * 7, (0.5,) * 7, (-0.5, 1.5, 0, 0, 0, 0, 0)],
)
def test_what_is_not_a_distribution_is_refused(values: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="probabilities"):
        assess(values, NO_RISK, POINTS)


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
