"""What the evaluation measured of a model on pictures that it had not seen.

``training/measure/evaluate.py`` writes it, as ``evaluation.json`` and into the manifest. Parsed
strictly: a renamed key is an error, so that no figure can drop out of the page in silence. What a
section may honestly lack is ``| None``, and nothing else. No English is in it: codes, of which the
page and the model card have the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from lentigo.model.figures import Count, Figure, Share
from lentigo.model.outlier_figures import ByModality, OutlierFigures, SkinTone
from lentigo.model.risk import Scales
from lentigo.model.slice_figures import Slice, SliceFigures
from lentigo.model.strict import Between, read
from lentigo.prevalence import Population
from lentigo.priority import Priority


class Corruption(StrEnum):
    """The ways in which pictures were made worse on purpose."""

    GAUSSIAN_BLUR = "gaussian_blur"
    MOTION_BLUR = "motion_blur"
    DARKNESS = "darkness"
    DARK_TONES = "dark_tones"
    OVEREXPOSURE = "overexposure"
    NOISE = "noise"
    RECOMPRESSION = "recompression"
    ROTATION = "rotation"
    ZOOM = "zoom"
    SHIFT = "shift"
    WARM_LIGHT = "warm_light"
    COLD_LIGHT = "cold_light"


class Precision(StrEnum):
    """The precisions that the weights are released in."""

    FLOAT16 = "float16"
    UINT8 = "uint8"


class IntervalMethod(StrEnum):
    """How the intervals were made."""

    BOOTSTRAP_OVER_LESIONS = "bootstrap-over-lesions"


class Split(StrEnum):
    """The part of the pictures that was measured."""

    TEST = "test"
    VAL = "val"


@dataclass(frozen=True)
class Intervals:
    """The intervals of all figures."""

    level: Share
    method: IntervalMethod
    rounds: Count


@dataclass(frozen=True)
class PeopleCounts:
    """Of so many people, who have the condition, and what becomes of them."""

    sick: Count
    caught: Count
    missed: Count
    false_alarms: Count


@dataclass(frozen=True)
class ConditionInPeople:
    """What an alarm does to people of a population; ``None`` where a share is undefined."""

    population: Population
    prevalence: Share
    alarm: Priority
    camera: PeopleCounts | None
    dermoscopic: PeopleCounts | None


@dataclass(frozen=True)
class NaturalFrequencyFigures:
    """Natural frequencies among ``people``, at the declared prevalences."""

    people: Count
    malignancy: ConditionInPeople
    melanoma: ConditionInPeople


@dataclass(frozen=True)
class SkinToneFigures:
    """Figures of the pictures of MILK10k whose skin was graded alike."""

    pictures: Count
    lesions: Count
    malignant_lesions: Count
    too_few_to_say: bool
    accuracy: Figure
    malignancy_auc: Figure
    malignant_at_least_medium: Figure
    not_malignant_below_medium: Figure


@dataclass(frozen=True)
class ModalityAccuracy:
    """How often it is right among the pictures that it is certain of."""

    overall: Figure
    dermoscopic: Figure
    camera: Figure


@dataclass(frozen=True)
class ModalityFigures:
    """How well it recognises how a picture was taken; ``unsure`` is the share where it cannot."""

    accuracy: ModalityAccuracy
    unsure: Figure
    unsure_by_modality: ByModality


@dataclass(frozen=True)
class HeadlineFigures:
    """The four figures that every comparison is made by."""

    balanced_accuracy: Figure
    melanoma_auc: Figure
    malignancy_auc: Figure
    malignant_at_least_medium: Figure


@dataclass(frozen=True)
class MeasuredSlices:
    """The two kinds of pictures that corruptions are measured on."""

    dermoscopic_ham10000: HeadlineFigures
    camera: HeadlineFigures


@dataclass(frozen=True)
class AtSeverity:
    """Pictures corrupted at one severity, in the corruption's own unit."""

    severity: float
    slices: MeasuredSlices


@dataclass(frozen=True)
class Robustness:
    """Figures of unchanged pictures, and of each corruption at rising severity."""

    unchanged: MeasuredSlices
    corruptions: Mapping[Corruption, tuple[AtSeverity, ...]]


@dataclass(frozen=True)
class QuantisedSlice:
    """Figures with these weights, and with those of the training."""

    accuracy: Figure
    balanced_accuracy: Figure
    balanced_accuracy_exact: Figure


@dataclass(frozen=True)
class QuantisedFigures:
    """What smaller weights change."""

    pictures: Count
    largest_probability_difference: Share
    mean_probability_difference: Share
    changed_decisions: Share
    lowered_decisions: Share
    changed_top_class: Share
    accuracy: Share
    balanced_accuracy: Share
    accuracy_exact: Share
    balanced_accuracy_exact: Share
    slices: Mapping[Slice, QuantisedSlice]
    bytes: Count


@dataclass(frozen=True)
class Evaluation:
    """Every figure of a model.

    ``every`` is 1: with each n-th picture only it would be a trial. ``modality`` is ``None`` for a
    model that does not tell how a picture was taken, ``out_of_distribution`` for one that labels
    whatever it is shown; ``robustness`` and ``quantised`` where they were not measured.
    """

    split: Split
    every: Annotated[int, Between(1, 1)]
    temperature: float
    scales: Scales
    intervals: Intervals
    too_few_lesions_below: Count
    slices: Mapping[Slice, SliceFigures]
    natural_frequencies: NaturalFrequencyFigures
    skin_tones_milk10k: Mapping[SkinTone, SkinToneFigures]
    modality: ModalityFigures | None
    out_of_distribution: OutlierFigures | None
    robustness: Robustness | None
    quantised: Mapping[Precision, QuantisedFigures] | None


def parse_evaluation(document: object) -> Evaluation:
    """Read an evaluation; ``ManifestError`` names what is missing, unknown or impossible."""
    return read(Evaluation, document, "evaluation")
