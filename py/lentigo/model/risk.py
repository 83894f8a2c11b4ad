"""From a network's scores to risks: how likely a condition is, among whom a visitor is counted.

A score becomes a likelihood ratio by a line that was fitted on ``val``, for each way of taking a
picture apart (``training/fit/scales.py``); with the odds of the declared prevalence that makes a
posterior: LR·π / (1 + LR·π). So the share of melanomas among the pictures that were learnt from,
a sixth to a half, does not stand for a visitor's risk.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from lentigo.diagnosis import MALIGNANT, Diagnosis
from lentigo.model.modality import Modality
from lentigo.model.strict import Between
from lentigo.prevalence import MALIGNANCY, MELANOMA
from lentigo.priority import Assessment, Points, Risks, assess

# What can be meant. Scores are log odds themselves: weights far from 1 read none, and with an
# intercept of ten every picture would be a melanoma, or none.
_WEIGHT = Between(0.0, 3.0)
_LEAST_WEIGHT = 0.1
_INTERCEPT = Between(-6.0, 6.0)
# A class with half of the probability is the top one, and asks by itself. One in a thousand asks
# for nearly every picture.
_CLASS_POINT = Between(0.001, 0.5)
# The top one of seven classes has a seventh; and hardly any has nine tenths.
_CONFIDENT = Between(1 / 7, 0.9)


@dataclass(frozen=True)
class Score:
    """How much a picture looks like one condition: two log odds.

    ``classes`` is by the seven classes, ``head`` by a head of its own; 0 for a model without it.
    """

    classes: float
    head: float = 0.0


@dataclass(frozen=True)
class Scores:
    """How much a picture looks like melanoma, and like a malignant lesion."""

    melanoma: Score
    malignancy: Score


@dataclass(frozen=True)
class Line:
    """The log of the likelihood ratio: a weight for each part of a score, and ``intercept``."""

    classes: Annotated[float, _WEIGHT]
    head: Annotated[float, _WEIGHT]
    intercept: Annotated[float, _INTERCEPT]

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when it hardly looks at the picture."""
        if self.classes + self.head < _LEAST_WEIGHT:
            raise ValueError(f"classes and head together are at least {_LEAST_WEIGHT}")

    def posterior(self, score: Score, prevalence: float) -> float:
        """Return the probability 0..1 of the condition at a prevalence, in 0..1 exclusive."""
        ratio = self.classes * score.classes + self.head * score.head + self.intercept
        log_odds = ratio + math.log(prevalence / (1.0 - prevalence))
        return float(0.5 * (1.0 + np.tanh(0.5 * log_odds)))


@dataclass(frozen=True)
class Scale:
    """How the answers about pictures that were taken in one way are read.

    ``bcc`` and ``confident`` are those of ``lentigo.priority.Points``.
    """

    melanoma: Line
    malignancy: Line
    bcc: Annotated[float, _CLASS_POINT]
    confident: Annotated[float, _CONFIDENT]

    def risks(self, scores: Scores) -> Risks:
        """Return both risks at the declared prevalences."""
        return Risks(
            self.melanoma.posterior(scores.melanoma, MELANOMA.value),
            self.malignancy.posterior(scores.malignancy, MALIGNANCY.value),
        )


@dataclass(frozen=True)
class Scales:
    """The scale of pictures through a dermoscope, and that of pictures of a bare camera."""

    dermoscopic: Scale
    camera: Scale

    def of(self, modality: Modality) -> tuple[Scale, ...]:
        """Return the scales that may hold for a way of taking: both when it is unsure."""
        match modality:
            case Modality.DERMOSCOPIC:
                return (self.dermoscopic,)
            case Modality.CAMERA:
                return (self.camera,)
            case Modality.UNSURE:
                return (self.dermoscopic, self.camera)

    def risks(self, scores: Scores, modality: Modality) -> Risks:
        """Return both risks; the larger ones where two scales may hold."""
        found = [scale.risks(scores) for scale in self.of(modality)]
        return Risks(max(r.melanoma for r in found), max(r.malignancy for r in found))

    def assess(
        self, probabilities: Sequence[float], risks: Risks, modality: Modality
    ) -> Assessment:
        """Apply the rules; where two scales may hold, the more cautious points do.

        ``probabilities`` are seven, calibrated, 0..1, in the order of ``Diagnosis``.
        """
        return assess(probabilities, risks, self.points(modality))

    def points(self, modality: Modality) -> Points:
        """Return the points on probabilities; the more cautious where two scales may hold."""
        scales = self.of(modality)
        return Points(min(s.bcc for s in scales), max(s.confident for s in scales))


def scores_of(
    logits: Sequence[float], melanoma: float | None = None, malignancy: float | None = None
) -> Scores:
    """Return the scores of seven class logits, and of the heads where the model has them."""
    by_diagnosis = dict(zip(Diagnosis, np.asarray(logits, dtype=np.float64), strict=True))

    def against_others(wanted: frozenset[Diagnosis]) -> float:
        inside = [value for diagnosis, value in by_diagnosis.items() if diagnosis in wanted]
        outside = [value for diagnosis, value in by_diagnosis.items() if diagnosis not in wanted]
        return float(np.logaddexp.reduce(inside) - np.logaddexp.reduce(outside))

    return Scores(
        Score(against_others(frozenset({Diagnosis.MEL})), melanoma or 0.0),
        Score(against_others(MALIGNANT), malignancy or 0.0),
    )
