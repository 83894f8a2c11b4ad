"""From a checkpoint's answers to what the page would say: the same rules, picture by picture.

The page does not know how a picture was taken: the model estimates it, and the scale of the risks
follows the estimate; where it is unsure the more cautious one holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.diagnosis import MALIGNANT, Diagnosis
from lentigo.model.ood import OutOfDistribution, Weights
from lentigo.model.reading import Outputs, Reader
from lentigo.model.risk import Scales
from lentigo.model.strict import read
from lentigo.priority import (
    MALIGNANCY_RISK_POINT,
    MELANOMA_RISK_POINTS,
    Points,
    Risks,
    Rule,
    assess,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lentigo.model.modality import Modality
    from lentigo.model.reading import Reading
    from lentigo.priority import Priority
    from training.measure.predictions import Predictions

ORDER = list(Diagnosis)
MALIGNANT_INDICES = [ORDER.index(diagnosis) for diagnosis in sorted(MALIGNANT, key=ORDER.index)]
BCC, MEL, NV = (ORDER.index(each) for each in (Diagnosis.BCC, Diagnosis.MEL, Diagnosis.NV))


class Condition(StrEnum):
    """What is looked for."""

    MELANOMA = "melanoma"
    MALIGNANCY = "malignancy"


# Each point of a risk by name: which risk it is one of, and from where on it asks.
POINTS = {
    **{
        f"melanoma_{priority}": (Condition.MELANOMA, point)
        for priority, point in MELANOMA_RISK_POINTS.items()
    },
    "malignancy": (Condition.MALIGNANCY, MALIGNANCY_RISK_POINT),
}


def positives_of(labels: NDArray[np.intp]) -> dict[Condition, NDArray[np.bool_]]:
    """Return who has each condition, (n,) each."""
    return {
        Condition.MELANOMA: labels == MEL,
        Condition.MALIGNANCY: np.isin(labels, MALIGNANT_INDICES),
    }


def reader_of(calibration: Mapping[str, Any]) -> Reader:
    """Return the page's own reader of a model's answers, from ``calibration.json``."""
    modality, known = calibration["modality"], calibration["out_of_distribution"]
    return Reader(
        temperature=float(calibration["calibration"]["temperature"]),
        scales=read(Scales, calibration["scales"], "scales"),
        certain_from=None if modality is None else float(modality["certain_from"]),
        known=known
        and OutOfDistribution(
            Weights(**known["weights"]), float(known["threshold"]), known.get("nail_from")
        ),
    )


@dataclass(frozen=True)
class HeadLogits:
    """What the heads say of n pictures, (n,) each; ``None`` for a head that a model lacks."""

    modality: NDArray[np.floating] | None = None
    lesion: NDArray[np.floating] | None = None
    melanoma: NDArray[np.floating] | None = None
    malignancy: NDArray[np.floating] | None = None
    nail: NDArray[np.floating] | None = None

    def at(self, index: int) -> dict[str, float | None]:
        """Return what they say of one picture."""
        return {
            name: None if values is None else float(values[index])
            for name, values in vars(self).items()
        }


def readings(reader: Reader, logits: NDArray[np.floating], heads: HeadLogits) -> list[Reading]:
    """Read n pictures of these class logits, (n, 7)."""
    return [
        reader.read(Outputs(tuple(float(v) for v in row), **heads.at(index)))
        for index, row in enumerate(logits)
    ]


@dataclass(frozen=True)
class Decisions:
    """What the page would say of n pictures: a reading each."""

    predictions: Predictions
    readings: tuple[Reading, ...]

    @property
    def labels(self) -> NDArray[np.intp]:
        """The true class of each picture, (n,)."""
        return self.predictions.labels

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """Calibrated probabilities, float64 (n, 7)."""
        return np.array([each.probabilities for each in self.readings]).reshape(-1, len(ORDER))

    @property
    def predicted(self) -> NDArray[np.intp]:
        """The top class of each picture, (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """How each picture was taken for, (n,)."""
        return tuple(each.modality for each in self.readings)

    @property
    def priorities(self) -> tuple[Priority, ...]:
        """The model's own priority of each picture."""
        return tuple(each.assessment.priority for each in self.readings)

    @property
    def severity(self) -> NDArray[np.intp]:
        """The severity of each priority, (n,)."""
        return np.array([priority.severity for priority in self.priorities], dtype=np.intp)

    @property
    def malignant(self) -> NDArray[np.bool_]:
        """Which pictures show a malignant class, (n,)."""
        return np.isin(self.labels, MALIGNANT_INDICES)

    def risk(self, condition: Condition) -> NDArray[np.float64]:
        """Return each picture's risk, (n,): what a condition is ranked by, in areas and curves."""
        return np.array([getattr(each.assessment.risks, condition) for each in self.readings])

    def asks(self, name: str) -> NDArray[np.bool_]:
        """Return whose risk reaches the point ``name`` of ``POINTS``, (n,)."""
        condition, point = POINTS[name]
        return np.asarray(self.risk(condition) >= point)

    def where(self, chosen: NDArray[np.bool_]) -> Decisions:
        """Return the chosen pictures only."""
        kept = np.flatnonzero(chosen)
        return Decisions(self.predictions.where(chosen), tuple(self.readings[i] for i in kept))


def scores_of(predictions: Predictions, heads: HeadLogits) -> dict[Condition, NDArray[np.float64]]:
    """Return what the risks rest on, (n, 2) each by condition: by the classes, and by the head."""
    found = [
        Outputs(tuple(float(v) for v in row), **heads.at(index)).scores
        for index, row in enumerate(predictions.logits)
    ]
    return {
        condition: np.array([(s.classes, s.head) for s in map(attrgetter(condition), found)])
        for condition in Condition
    }


def decide(predictions: Predictions, heads: HeadLogits, reader: Reader) -> Decisions:
    """Read what was predicted."""
    return Decisions(predictions, tuple(readings(reader, predictions.logits, heads)))


def at_prevalence(decisions: Decisions, factor: float) -> Decisions:
    """Return what the page would say if the declared prevalences had ``factor`` times the odds."""

    def moved(risk: float) -> float:
        return factor * risk / (1.0 - risk + factor * risk)

    found = []
    for reading in decisions.readings:
        known = reading.assessment
        risks = Risks(moved(known.risks.melanoma), moved(known.risks.malignancy))
        # What rests on probabilities alone stays: at or above any point, or below it.
        asked = {request.rule for request in known.requests}
        bcc = 0.0 if Rule.OPERATING_POINT in asked else 2.0
        doubted = Rule.CONFIDENCE in asked
        assessment = assess(reading.probabilities, risks, Points(bcc, 1.0 if doubted else 0.0))
        found.append(replace(reading, assessment=assessment))
    return Decisions(decisions.predictions, tuple(found))
