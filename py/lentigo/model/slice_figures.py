"""What the evaluation measured of one kind of picture, from its answers to its refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from lentigo.diagnosis import Diagnosis
from lentigo.model.figures import Count, Figure, Share
from lentigo.model.strict import Between
from lentigo.priority import Priority


class Slice(StrEnum):
    """The kinds of pictures that figures are given for; the later ones overlap the earlier."""

    DERMOSCOPIC_HAM10000 = "dermoscopic_ham10000"
    DERMOSCOPIC = "dermoscopic"
    CAMERA = "camera"
    CLINICAL = "clinical"
    SMARTPHONE = "smartphone"


@dataclass(frozen=True)
class Bin:
    """Answers of one confidence: the mean that they said, how often right, and how many."""

    confidence: Share
    accuracy: Share
    n: Count


@dataclass(frozen=True)
class Reliability:
    """The bins that are not empty, before and after calibration."""

    before: tuple[Bin, ...]
    after: tuple[Bin, ...]


@dataclass(frozen=True)
class Roc:
    """Curves as (false positive rate, sensitivity); empty where all pictures are on one side."""

    melanoma: tuple[tuple[Share, Share], ...]
    malignancy: tuple[tuple[Share, Share], ...]


@dataclass(frozen=True)
class AtThreshold:
    """Whom a score would send: of those with the condition (``caught``), and of the benign ones."""

    threshold: Share
    caught: Share
    alarmed: Share


@dataclass(frozen=True)
class DecisionCurve:
    """What an alarm is worth against sending everybody or nobody (``lentigo.net_benefit``).

    The rule's ``sensitivity`` is that of ``alarm`` or more for the condition, its ``specificity``
    that of less among the benign ones. ``by_score`` sends whoever's risk at the declared
    ``prevalence`` reaches a threshold; empty where all pictures are on one side.
    """

    alarm: Priority
    prevalence: Share
    sensitivity: Figure
    specificity: Figure
    by_score: tuple[AtThreshold, ...]


@dataclass(frozen=True)
class DecisionCurves:
    """One for each condition."""

    melanoma: DecisionCurve
    malignancy: DecisionCurve


@dataclass(frozen=True)
class Operating:
    """What a point of a risk catches and spares by itself."""

    sensitivity: Figure
    specificity: Figure


@dataclass(frozen=True)
class OperatingFigures:
    """The points of melanoma's risk, by the tier that they ask for, and that of malignancy's."""

    melanoma_urgent: Operating
    melanoma_high: Operating
    melanoma_medium: Operating
    malignancy: Operating


@dataclass(frozen=True)
class PriorityFigures:
    """What the priorities catch and what they spare."""

    melanoma_urgent: Figure
    melanoma_at_least_high: Figure
    melanoma_below_medium: Figure
    malignant_at_least_medium: Figure
    not_malignant_below_medium: Figure
    not_melanoma_below_urgent: Figure
    naevus_urgent: Figure
    naevus_low: Figure
    naevus_low_or_uncertain: Figure
    pictures_by_class_and_tier: Mapping[Diagnosis, Mapping[Priority, Count]]


@dataclass(frozen=True)
class OtherPrevalence:
    """What the priorities would catch and spare if the declared prevalences were ``factor`` times
    as high: risks are odds times those of the prevalence.
    """

    factor: Annotated[float, Between(0.1, 10.0)]
    melanoma_urgent: Figure
    melanoma_at_least_high: Figure
    melanoma_below_medium: Figure
    malignant_at_least_medium: Figure
    naevus_urgent: Figure
    naevus_low: Figure


@dataclass(frozen=True)
class SelectiveStep:
    """What is right when this share of the pictures, the least confident, is not answered."""

    refused: Share
    accuracy: Figure
    malignancy_sensitivity: Figure
    malignant_refused: Figure
    malignant_missed: Figure


@dataclass(frozen=True)
class ConformalFigures:
    """Sets of classes that hold the right one with a wanted coverage."""

    wanted_coverage: Share
    coverage: Figure
    melanoma_coverage: Figure
    mean_set_size: Annotated[float, Between(0.0, 7.0)] | None


@dataclass(frozen=True)
class SliceFigures:
    """Every figure of one kind of picture; ``confusion`` has the truth in rows.

    ``decision`` is ``None`` for a model that was evaluated before there were decision curves.
    """

    pictures: Count
    lesions: Count
    accuracy: Figure
    balanced_accuracy: Figure
    top3_accuracy: Figure
    sensitivity: Mapping[Diagnosis, Figure]
    melanoma_auc: Figure
    malignancy_auc: Figure
    ece_before: Figure
    ece_after: Figure
    reliability: Reliability
    confusion: tuple[tuple[Count, ...], ...]
    roc: Roc
    operating: OperatingFigures
    priority: PriorityFigures
    other_prevalences: tuple[OtherPrevalence, ...]
    selective: tuple[SelectiveStep, ...]
    conformal: ConformalFigures
    decision: DecisionCurves | None = None
