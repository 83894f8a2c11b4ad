"""From a checkpoint's answers to what the page would say: the same rules, picture by picture.

The page does not know how a picture was taken: the model estimates it, and the thresholds follow
the estimate; where it is unsure the cautious ones hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.diagnosis import MALIGNANT, Diagnosis
from lentigo.model.ood import OutOfDistribution, Weights
from lentigo.model.reading import Outputs, Reader
from lentigo.priority import OperatingPoints

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lentigo.model.modality import Modality
    from lentigo.model.reading import Reading
    from lentigo.priority import Priority
    from training.measure.predictions import Predictions

ORDER = list(Diagnosis)
MALIGNANT_INDICES = [ORDER.index(diagnosis) for diagnosis in sorted(MALIGNANT, key=ORDER.index)]
MEL, NV = ORDER.index(Diagnosis.MEL), ORDER.index(Diagnosis.NV)
# The operating points that ask when a probability reaches them, by name.
ASKING = ("mel", "bcc", "akiec", "malignancy")


class Condition(StrEnum):
    """What is looked for."""

    MELANOMA = "melanoma"
    MALIGNANCY = "malignancy"


def ranked_by(probabilities: NDArray[np.float64], condition: Condition) -> NDArray[np.float64]:
    """Return the score 0..1, (n,), that a condition is ranked by: in areas and in every curve."""
    match condition:
        case Condition.MELANOMA:
            return probabilities[:, MEL]
        case Condition.MALIGNANCY:
            return np.asarray(probabilities[:, MALIGNANT_INDICES].sum(axis=1))


def scores_of(probabilities: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return the score that each operating point is compared with, (n,) each."""
    scores = {str(name): probabilities[:, ORDER.index(name)] for name in MALIGNANT}
    return scores | {"malignancy": probabilities[:, MALIGNANT_INDICES].sum(axis=1)}


def positives_of(labels: NDArray[np.intp]) -> dict[str, NDArray[np.bool_]]:
    """Return what each operating point should catch, (n,) each."""
    return {str(name): labels == ORDER.index(name) for name in MALIGNANT} | {
        "malignancy": np.isin(labels, MALIGNANT_INDICES)
    }


def reader_of(calibration: Mapping[str, Any]) -> Reader:
    """Return the page's own reader of a model's answers, from ``calibration.json``."""
    points = calibration["operating_points"]
    modality, known = calibration["modality"], calibration["out_of_distribution"]
    return Reader(
        temperature=float(calibration["calibration"]["temperature"]),
        dermoscopic=OperatingPoints(**points["dermoscopic"]),
        camera=OperatingPoints(**points["camera"]),
        certain_from=None if modality is None else float(modality["certain_from"]),
        known=known and OutOfDistribution(Weights(**known["weights"]), float(known["threshold"])),
    )


def readings(
    reader: Reader,
    logits: NDArray[np.floating],
    modality: NDArray[np.floating] | None,
    lesion: NDArray[np.floating] | None = None,
) -> list[Reading]:
    """Read n pictures: ``logits`` (n, 7), of the modality and of a lesion (n,) each or None."""

    def at(values: NDArray[np.floating] | None, index: int) -> float | None:
        return None if values is None else float(values[index])

    return [
        reader.read(Outputs(tuple(float(v) for v in row), at(modality, index), at(lesion, index)))
        for index, row in enumerate(logits)
    ]


@dataclass(frozen=True)
class Decisions:
    """What the page would say of n pictures.

    ``probabilities`` float64 (n, 7), calibrated; ``severity`` intp (n,), of the priority.
    """

    predictions: Predictions
    probabilities: NDArray[np.float64]
    modalities: tuple[Modality, ...]
    points: tuple[OperatingPoints, ...]
    priorities: tuple[Priority, ...]

    @property
    def labels(self) -> NDArray[np.intp]:
        """The true class of each picture, (n,)."""
        return self.predictions.labels

    @property
    def predicted(self) -> NDArray[np.intp]:
        """The top class of each picture, (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def severity(self) -> NDArray[np.intp]:
        """The severity of each priority, (n,)."""
        return np.array([priority.severity for priority in self.priorities], dtype=np.intp)

    @property
    def malignant(self) -> NDArray[np.bool_]:
        """Which pictures show a malignant class, (n,)."""
        return np.isin(self.labels, MALIGNANT_INDICES)

    def score(self, condition: Condition) -> NDArray[np.float64]:
        """Return what a condition is ranked by, 0..1, (n,)."""
        return ranked_by(self.probabilities, condition)

    def asks(self, name: str) -> NDArray[np.bool_]:
        """Return whose score reaches the operating point ``name`` that holds for it, (n,)."""
        thresholds = np.array([getattr(points, name) for points in self.points])
        return np.asarray(scores_of(self.probabilities)[name] >= thresholds)

    def where(self, chosen: NDArray[np.bool_]) -> Decisions:
        """Return the chosen pictures only."""
        kept = np.flatnonzero(chosen)
        return Decisions(
            self.predictions.where(chosen),
            self.probabilities[chosen],
            tuple(self.modalities[i] for i in kept),
            tuple(self.points[i] for i in kept),
            tuple(self.priorities[i] for i in kept),
        )


def decide(
    predictions: Predictions, modality_logits: NDArray[np.floating] | None, reader: Reader
) -> Decisions:
    """Read what was predicted; ``modality_logits`` (n,), None for a model without that output."""
    found = readings(reader, predictions.logits, modality_logits)
    return Decisions(
        predictions,
        np.array([each.probabilities for each in found]).reshape(-1, len(ORDER)),
        tuple(each.modality for each in found),
        tuple(reader.points_for(each.modality) for each in found),
        tuple(each.assessment.priority for each in found),
    )
