"""Scales with round points for a model without heads, and how probabilities are assessed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lentigo.model.modality import Modality
from lentigo.model.risk import Line, Scale, Scales, scores_of
from lentigo.prevalence import MALIGNANCY, MELANOMA
from lentigo.priority import MALIGNANCY_RISK_POINT, MELANOMA_RISK_POINTS, Priority

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lentigo.prevalence import Prevalence
    from lentigo.priority import Assessment

# Stands for a probability of 0, whose logarithm is none.
_LEAST = 1e-9


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def _asking(at: float, risk: float, prevalence: Prevalence) -> Line:
    """A line by the classes alone that reaches a risk at a probability, a hair before it."""
    needed = _log_odds(risk) - _log_odds(prevalence.value)
    return Line(1.0, 0.0, needed - _log_odds(at) + 1e-6)


def scale(mel: float, malignancy: float, bcc: float = 0.3, confident: float = 0.4) -> Scale:
    """A scale by which p(mel) asks for urgent, and malignancy for medium, from there on.

    With 0.2, p(mel) asks for high from 0.0755 and for medium from 0.039.
    """
    urgent = MELANOMA_RISK_POINTS[Priority.URGENT]
    return Scale(
        _asking(mel, urgent, MELANOMA),
        _asking(malignancy, MALIGNANCY_RISK_POINT, MALIGNANCY),
        bcc,
        confident,
    )


SCALES = Scales(scale(0.2, 0.35), scale(0.2, 0.35))


def assess_classes(values: Sequence[float], scales: Scales = SCALES) -> Assessment:
    """Assess seven probabilities as a model without heads for the risks would."""
    logits = np.log(np.maximum(values, _LEAST))
    risks = scales.risks(scores_of(logits.tolist()), Modality.CAMERA)
    return scales.assess(values, risks, Modality.CAMERA)
