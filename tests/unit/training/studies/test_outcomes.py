"""The whole rule set on hand-made answers, and scores whose value can be worked out."""

import numpy as np
import pytest

from lentigo.model.calibration import softmax
from lentigo.model.reading import Outputs
from lentigo.picture.quality import Finding, QualityIssue, Remedy, Severity
from lentigo.priority import Priority
from tests.unit.training.measure.test_decisions import CALIBRATION, answers, decided
from training.measure.decisions import NV, reader_of
from training.studies import outcomes
from training.studies.outcomes import NO_LESION, REFUSED_BY_GAUGES, Part

BLURRED = Finding(QualityIssue.BLUR, 0.1, 0.155, Severity.REFUSE, Remedy.FOCUS_AT_20_CM)
HAIRY = Finding(QualityIssue.HAIR, 0.2, 0.12, Severity.WARN, Remedy.PART_HAIR)
READER = reader_of(
    CALIBRATION
    | {
        "out_of_distribution": {
            "weights": {"lesion": 1.0, "energy": 0.0, "confidence": 0.0, "bias": 0.0},
            "threshold": 0.0,
        }
    }
)
LIKE_A_MOLE = tuple(9.0 * (index == NV) for index in range(7))
MOLE, CHAIR = (READER.read(Outputs(LIKE_A_MOLE, -9.0, lesion)) for lesion in (1.0, -1.0))


def test_refusals_come_before_labels_and_a_warning_makes_low_uncertain() -> None:
    assert outcomes.outcome_of(MOLE, ()) == "low"
    assert outcomes.outcome_of(MOLE, (HAIRY,)) == "uncertain"
    assert outcomes.outcome_of(MOLE, (BLURRED,)) == REFUSED_BY_GAUGES
    assert outcomes.outcome_of(CHAIR, (BLURRED,)) == REFUSED_BY_GAUGES
    assert outcomes.outcome_of(CHAIR, (HAIRY,)) == NO_LESION


def test_margin_and_certainty_are_high_where_one_class_has_all() -> None:
    p = np.array([[1.0, 0, 0, 0, 0, 0, 0], [0.5, 0.3, 0.2, 0, 0, 0, 0], [1 / 7] * 7])
    assert outcomes.margin(p).tolist() == pytest.approx([1.0, 0.2, 0.0])
    assert outcomes.certainty(p)[[0, 2]].tolist() == pytest.approx([0.0, -np.log(7)])


def test_the_temperature_of_sharpened_logits_is_found() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0.0, 2.0, (4000, 6))
    labels = np.array([rng.choice(6, p=p) for p in softmax(logits)])
    assert outcomes.fit_temperature(logits * 2.0, labels) == pytest.approx(2.0, rel=0.1)


def part(sure: list[float], said: list[str]) -> Part:
    predictions = answers([{NV: p} for p in sure], [NV] * len(sure))
    decisions = decided(predictions, [5.0] * len(sure))
    return Part(decisions, np.zeros(len(sure)), np.array(said))


def test_only_a_low_label_can_be_turned() -> None:
    known, outside = (
        part([0.9, 0.8], ["low", "low"]),
        part([0.3, 0.4, 0.95], ["low", "urgent", "low"]),
    )
    val = {name: np.linspace(0.5, 1.0, 20) for name in known.scores()}
    found = outcomes.turned(val, known, outside, most=0.05)["max_probability"]
    assert found["auroc"]["value"] == pytest.approx(4 / 6, abs=1e-4)
    assert (found["outside"]["low"], found["outside"]["low_turned"]) == (2, 1)
    assert (found["known"]["low"], found["known"]["low_turned"]) == (2, 0)
    assert found["outside"]["below"]["value"] == pytest.approx(2 / 3, abs=1e-4)


def test_every_outcome_has_its_share() -> None:
    found = outcomes.shares(part([0.9] * 4, ["low", "low", "urgent", NO_LESION]))
    given = {name: figure["value"] for name, figure in found["outcomes"].items()}
    assert given["low"] == 0.5
    assert given[str(Priority.URGENT)] == given[NO_LESION] == 0.25
    assert sum(given.values()) == 1.0
