"""From seven probabilities and two risks to a medical priority: the most severe request wins.

The rules, in one order:

1. The top class asks for its tier (``CLASS_PRIORITY``).
2. The risk of melanoma, a posterior at the declared prevalence, has three points: for urgent, high
   and medium. The top class alone misses melanomas.
3. The risk of a malignant lesion has one point, for medium.
4. p(bcc) has an operating point, for high, whichever class is on top.
5. A top class below the confidence point asks for ``uncertain``, which can only replace ``low``:
   doubt never lowers a melanoma.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from lentigo.diagnosis import MALIGNANT, Diagnosis

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


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
    MELANOMA_RISK = "melanoma-risk"
    MALIGNANCY_RISK = "malignancy-risk"
    OPERATING_POINT = "operating-point"
    CONFIDENCE = "confidence"


@dataclass(frozen=True)
class Risks:
    """How likely a person with such a picture has the condition, 0..1 (``lentigo.model.risk``)."""

    melanoma: float
    malignancy: float


@dataclass(frozen=True)
class Points:
    """Calibrated probabilities 0..1 that a model is held to, from its manifest.

    From ``bcc`` on a basal cell carcinoma asks for its tier; below ``confident`` the top class is
    uncertain.
    """

    bcc: float
    confident: float


# From which risk of melanoma on a tier is asked for, the most severe first. NICE NG12 sends people
# on a suspected cancer pathway from a positive predictive value of 3 %; the lower two are ours,
# named before they were tried: a third and a sixth of it.
MELANOMA_RISK_POINTS: dict[Priority, float] = {
    Priority.URGENT: 0.03,
    Priority.HIGH: 0.01,
    Priority.MEDIUM: 0.005,
}
# A malignant lesion is less pressing: most are basal cell carcinomas. Ours.
MALIGNANCY_RISK_POINT = 0.03


@dataclass(frozen=True)
class Request:
    """One rule asking for one priority, with the probability or the risk that made it ask."""

    priority: Priority
    rule: Rule
    diagnosis: Diagnosis | None
    probability: float


@dataclass(frozen=True)
class Assessment:
    """The answer: a priority, and everything that led to it.

    ``probabilities`` has one value 0..1 per ``Diagnosis``, in that order. ``confidence`` is the
    probability of ``diagnosis``, the top class; ``malignancy`` is p(mel) + p(bcc) + p(akiec).
    ``alarm_reached`` is the largest risk over the least risk that alarms; from 1 on, it asks.
    """

    priority: Priority
    diagnosis: Diagnosis
    confidence: float
    malignancy: float
    risks: Risks
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


def assess(probabilities: Sequence[float], risks: Risks, points: Points) -> Assessment:
    """Apply every rule to seven probabilities 0..1 in the order of ``Diagnosis``, and two risks.

    Raises ``ValueError`` unless the probabilities are seven finite numbers that add up to 1, and
    the risks finite, 0..1.
    """
    values = tuple(float(p) for p in probabilities)
    if len(values) != len(Diagnosis) or not np.isfinite(values).all() or min(values) < 0:
        raise ValueError(f"seven probabilities in 0..1 are needed, not {values}")
    if abs(sum(values) - 1.0) > 1e-3:
        raise ValueError(f"the probabilities add up to {sum(values):.4f}, not 1")
    if not (0 <= risks.melanoma <= 1 and 0 <= risks.malignancy <= 1):
        raise ValueError(f"risks lie in 0..1, not {risks}")
    by_diagnosis = dict(zip(Diagnosis, values, strict=True))
    top = max(Diagnosis, key=by_diagnosis.__getitem__)
    confidence = by_diagnosis[top]

    requests = [Request(CLASS_PRIORITY[top], Rule.TOP_CLASS, top, confidence)]
    of_melanoma = next(
        (p for p, risk in MELANOMA_RISK_POINTS.items() if risks.melanoma >= risk), None
    )
    if of_melanoma is not None:
        requests.append(Request(of_melanoma, Rule.MELANOMA_RISK, Diagnosis.MEL, risks.melanoma))
    if risks.malignancy >= MALIGNANCY_RISK_POINT:
        requests.append(Request(Priority.MEDIUM, Rule.MALIGNANCY_RISK, None, risks.malignancy))
    bcc = by_diagnosis[Diagnosis.BCC]
    if bcc >= points.bcc:
        tier = CLASS_PRIORITY[Diagnosis.BCC]
        requests.append(Request(tier, Rule.OPERATING_POINT, Diagnosis.BCC, bcc))
    if confidence < points.confident:
        requests.append(Request(Priority.UNCERTAIN, Rule.CONFIDENCE, top, confidence))
    return Assessment(
        priority=most_severe(requests),
        diagnosis=top,
        confidence=confidence,
        malignancy=sum(by_diagnosis[diagnosis] for diagnosis in MALIGNANT),
        risks=risks,
        alarm_reached=max(
            risks.melanoma / MELANOMA_RISK_POINTS[Priority.MEDIUM],
            risks.malignancy / MALIGNANCY_RISK_POINT,
        ),
        probabilities=values,
        requests=tuple(requests),
    )
