"""From the seven probabilities to a medical priority: every rule asks, the most severe wins.

The rules, in one order:

1. The top class asks for its tier (``CLASS_PRIORITY``).
2. p(mel), p(bcc) and p(akiec) each have an operating point; at or above it they ask for the tier
   of that class, whichever class is on top. The top class alone misses melanomas.
3. The malignancy, p(mel) + p(bcc) + p(akiec), at or above its operating point asks for medium.
4. A top class below the confidence point asks for ``uncertain``, which can only replace ``low``:
   doubt never lowers a melanoma.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from lentigo.diagnosis import MALIGNANT, Diagnosis

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Priority(StrEnum):
    """How soon somebody should look at the lesion; from the least to the most severe."""

    LOW = "low"
    UNCERTAIN = "uncertain"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def severity(self) -> int:
        """0 (low) to 4 (urgent)."""
        return _SEVERITY[self]


_SEVERITY = {priority: severity for severity, priority in enumerate(Priority)}

CLASS_PRIORITY: dict[Diagnosis, Priority] = {
    Diagnosis.AKIEC: Priority.MEDIUM,
    Diagnosis.BCC: Priority.HIGH,
    Diagnosis.BKL: Priority.LOW,
    Diagnosis.DF: Priority.LOW,
    Diagnosis.MEL: Priority.URGENT,
    Diagnosis.NV: Priority.LOW,
    Diagnosis.VASC: Priority.MEDIUM,
}


class Rule(StrEnum):
    """Which rule asked for a priority."""

    TOP_CLASS = "top-class"
    OPERATING_POINT = "operating-point"
    MALIGNANCY = "malignancy"
    CONFIDENCE = "confidence"


@dataclass(frozen=True)
class OperatingPoints:
    """Probabilities 0..1, from the manifest; at or above ``mel`` … ``malignancy`` a rule asks.

    ``confidence`` works the other way round: a top class *below* it is uncertain.
    """

    mel: float
    bcc: float
    akiec: float
    malignancy: float
    confidence: float

    def of(self, diagnosis: Diagnosis) -> float | None:
        """Return the operating point of a malignant class; ``None`` for the other classes."""
        points = {
            Diagnosis.MEL: self.mel,
            Diagnosis.BCC: self.bcc,
            Diagnosis.AKIEC: self.akiec,
        }
        return points.get(diagnosis)

    def nearest(self, by_diagnosis: Mapping[Diagnosis, float], malignancy: float) -> float:
        """Return the largest score over its operating point; from 1 on, it asks."""
        scores = [(by_diagnosis[diagnosis], self.of(diagnosis)) for diagnosis in MALIGNANT]
        scores.append((malignancy, self.malignancy))
        return max(score / point if point else math.inf for score, point in scores)


def cautious(*points: OperatingPoints) -> OperatingPoints:
    """Return the points at which every rule asks that asks at any of these.

    The lowest of each threshold and the highest confidence: for when it is not sure which of them
    hold. ``ValueError`` when none is given.
    """
    return OperatingPoints(
        mel=min(point.mel for point in points),
        bcc=min(point.bcc for point in points),
        akiec=min(point.akiec for point in points),
        malignancy=min(point.malignancy for point in points),
        confidence=max(point.confidence for point in points),
    )


@dataclass(frozen=True)
class Request:
    """One rule asking for one priority, with the probability that made it ask."""

    priority: Priority
    rule: Rule
    diagnosis: Diagnosis | None
    probability: float


@dataclass(frozen=True)
class Assessment:
    """The answer: a priority, and everything that led to it.

    ``probabilities`` has one value 0..1 per ``Diagnosis``, in that order. ``confidence`` is the
    probability of ``diagnosis``, the top class; ``malignancy`` is p(mel) + p(bcc) + p(akiec).
    ``alarm_reached`` is the largest score over its operating point, of those that alarm.
    """

    priority: Priority
    diagnosis: Diagnosis
    confidence: float
    malignancy: float
    alarm_reached: float
    probabilities: tuple[float, ...]
    requests: tuple[Request, ...]

    @property
    def decisive(self) -> Request:
        """The first request that asks for the priority given."""
        return next(request for request in self.requests if request.priority is self.priority)


def most_severe(requests: Iterable[Request]) -> Priority:
    """Return the most severe priority that any rule asks for; ``ValueError`` if none asks."""
    return max((request.priority for request in requests), key=lambda p: p.severity)


def assess(probabilities: Sequence[float], points: OperatingPoints) -> Assessment:
    """Apply every rule to seven probabilities 0..1 in the order of ``Diagnosis``.

    Raises ``ValueError`` unless they are seven finite numbers that add up to 1.
    """
    values = tuple(float(p) for p in probabilities)
    if len(values) != len(Diagnosis) or not np.isfinite(values).all() or min(values) < 0:
        raise ValueError(f"seven probabilities in 0..1 are needed, not {values}")
    if abs(sum(values) - 1.0) > 1e-3:
        raise ValueError(f"the probabilities add up to {sum(values):.4f}, not 1")
    by_diagnosis = dict(zip(Diagnosis, values, strict=True))
    top = max(Diagnosis, key=by_diagnosis.__getitem__)
    confidence = by_diagnosis[top]
    malignancy = sum(by_diagnosis[diagnosis] for diagnosis in MALIGNANT)

    requests = [Request(CLASS_PRIORITY[top], Rule.TOP_CLASS, top, confidence)]
    for diagnosis, probability in by_diagnosis.items():
        point = points.of(diagnosis)
        if point is not None and probability >= point:
            requests.append(
                Request(CLASS_PRIORITY[diagnosis], Rule.OPERATING_POINT, diagnosis, probability)
            )
    if malignancy >= points.malignancy:
        requests.append(Request(Priority.MEDIUM, Rule.MALIGNANCY, None, malignancy))
    if confidence < points.confidence:
        requests.append(Request(Priority.UNCERTAIN, Rule.CONFIDENCE, top, confidence))
    return Assessment(
        priority=most_severe(requests),
        diagnosis=top,
        confidence=confidence,
        malignancy=malignancy,
        alarm_reached=points.nearest(by_diagnosis, malignancy),
        probabilities=values,
        requests=tuple(requests),
    )
