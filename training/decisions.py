"""From a checkpoint's answers to what the page would say: the same rules, picture by picture.

The page does not know how a picture was taken: the model estimates it, and the thresholds follow
the estimate; where it is unsure the cautious ones hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.calibration import softmax
from lentigo.diagnosis import MALIGNANT, Diagnosis
from lentigo.modality import Modality, modality_of
from lentigo.priority import OperatingPoints, Priority, assess, cautious

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from training.predictions import Predictions

ORDER = list(Diagnosis)
MALIGNANT_INDICES = [ORDER.index(diagnosis) for diagnosis in sorted(MALIGNANT, key=ORDER.index)]
MEL, NV = ORDER.index(Diagnosis.MEL), ORDER.index(Diagnosis.NV)
# The operating points that ask when a probability reaches them, by name.
ASKING = ("mel", "bcc", "akiec", "malignancy")


def scores_of(probabilities: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return what each operating point looks at, (n,) each."""
    scores = {str(name): probabilities[:, ORDER.index(name)] for name in MALIGNANT}
    return scores | {"malignancy": probabilities[:, MALIGNANT_INDICES].sum(axis=1)}


def positives_of(labels: NDArray[np.intp]) -> dict[str, NDArray[np.bool_]]:
    """Return what each operating point should catch, (n,) each."""
    return {str(name): labels == ORDER.index(name) for name in MALIGNANT} | {
        "malignancy": np.isin(labels, MALIGNANT_INDICES)
    }


@dataclass(frozen=True)
class Rules:
    """What turns answers into priorities. ``certain_from`` is None for a model that cannot tell
    how a picture was taken: then the cautious points always hold.
    """

    temperature: float
    points: Mapping[Modality, OperatingPoints]
    certain_from: float | None

    @classmethod
    def of(cls, calibration: Mapping[str, Any]) -> Rules:
        """Read ``calibration.json``."""
        given = calibration["operating_points"]
        points = {
            way: OperatingPoints(**given[str(way)])
            for way in (Modality.DERMOSCOPIC, Modality.CAMERA)
        }
        modality = calibration["modality"]
        return cls(
            temperature=float(calibration["calibration"]["temperature"]),
            points=points | {Modality.UNSURE: cautious(*points.values())},
            certain_from=None if modality is None else float(modality["certain_from"]),
        )

    def modalities(
        self, logits: NDArray[np.floating] | None, pictures: int
    ) -> tuple[Modality, ...]:
        """Return how each picture seems to have been taken; ``logits`` (n,) or None."""
        if self.certain_from is None or logits is None:
            return (Modality.UNSURE,) * pictures
        return tuple(modality_of(float(logit), self.certain_from) for logit in logits)


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
        return self.probabilities.argmax(axis=1)

    @property
    def severity(self) -> NDArray[np.intp]:
        """The severity of each priority, (n,)."""
        return np.array([priority.severity for priority in self.priorities], dtype=np.intp)

    @property
    def malignant(self) -> NDArray[np.bool_]:
        """Which pictures show a malignant class, (n,)."""
        return np.isin(self.labels, MALIGNANT_INDICES)

    def asks(self, name: str) -> NDArray[np.bool_]:
        """Tell whose score reaches the operating point ``name`` that holds for it, (n,)."""
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
    predictions: Predictions, modality_logits: NDArray[np.floating] | None, rules: Rules
) -> Decisions:
    """Apply the page's rules; ``modality_logits`` (n,), None for a model without that output."""
    probabilities = softmax(predictions.logits, rules.temperature)
    modalities = rules.modalities(modality_logits, len(predictions.records))
    points = tuple(rules.points[way] for way in modalities)
    given = tuple(
        assess([float(p) for p in row], each).priority
        for row, each in zip(probabilities, points, strict=True)
    )
    return Decisions(predictions, probabilities, modalities, points, given)
