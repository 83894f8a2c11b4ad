"""How the picture was taken, as far as the model can tell: it decides which thresholds hold."""

from __future__ import annotations

import math
from enum import StrEnum


class Modality(StrEnum):
    """Through a dermoscope, with a bare camera, or too close to call."""

    DERMOSCOPIC = "dermoscopic"
    CAMERA = "camera"
    UNSURE = "unsure"


def modality_of(logit: float, certain_from: float) -> Modality:
    """Read the model's logit that a dermoscope was used.

    ``certain_from`` 0.5..1 is the probability from which either answer is believed; between, and
    for a logit that is not a number, the answer is ``UNSURE`` (the more cautious thresholds hold).
    """
    if not 0.5 <= certain_from <= 1.0:
        raise ValueError(f"certain_from is a probability in 0.5..1, not {certain_from}")
    if math.isnan(logit):
        return Modality.UNSURE
    # Of the absolute value, so that no exponential overflows.
    certainty = 1.0 / (1.0 + math.exp(-abs(logit)))
    if certainty < certain_from:
        return Modality.UNSURE
    return Modality.DERMOSCOPIC if logit >= 0 else Modality.CAMERA
