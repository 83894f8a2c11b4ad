"""What the evaluation measured of pictures that show no lesion, or none that the model knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lentigo.diagnosis import Diagnosis
from lentigo.model.figures import Count, Figure, Gap, Share


class SkinTone(StrEnum):
    """MILK10k's grades in three groups: 0 and 1, 2 and 3, 4 (light) and 5 (very light)."""

    DARK = "dark"
    MEDIUM = "medium"
    LIGHT = "light"


class OutlierKind(StrEnum):
    """The sets of pictures that show no lesion."""

    IMAGENET_SAMPLE_1000 = "imagenet_sample_1000"
    DOGS_CATS = "dogs_cats"
    NORMAL_SKIN_ABDOMEN = "normal_skin_abdomen"
    WOUNDS = "wounds"


class OutlierScore(StrEnum):
    """The ways to score how well a picture is known that were compared."""

    LESION_HEAD = "lesion_head"
    ENERGY = "energy"
    MAX_SOFTMAX = "max_softmax"
    COMBINED = "combined"
    MAHALANOBIS = "mahalanobis"
    MAHALANOBIS_REDUCED = "mahalanobis_reduced"
    NEAREST_NEIGHBOUR = "nearest_neighbour"


@dataclass(frozen=True)
class FarFigures:
    """How well pictures of no lesion are told from lesions, and which share gets no label."""

    auroc: Figure
    rejected: Figure


@dataclass(frozen=True)
class Far:
    """All pictures of no lesion, and each kind of them."""

    all: FarFigures
    by_kind: Mapping[OutlierKind, FarFigures]


@dataclass(frozen=True)
class ByModality:
    """A figure for pictures through a dermoscope, and for those of a bare camera."""

    dermoscopic: Figure
    camera: Figure


@dataclass(frozen=True)
class ByCamera:
    """A figure for clinical close-ups, and for pictures of a smartphone."""

    clinical: Figure
    smartphone: Figure


@dataclass(frozen=True)
class Refusals:
    """Which share of lesions gets no label by mistake; some lie outside the seven classes."""

    overall: Figure
    by_modality: ByModality
    by_camera: ByCamera
    by_skin_tone: Mapping[SkinTone, Figure]
    by_class: Mapping[Diagnosis, Figure]
    outside_the_classes: Figure


@dataclass(frozen=True)
class SkinToneGap:
    """By how much lesions on darker skin (grades 0 to 2) are refused more often than others.

    ``smallest_detectable_share`` of refusals on darker skin would have shown, four times in five.
    It and ``detected`` are ``None`` where one side has no pictures.
    """

    darker: Figure
    lighter: Figure
    difference: Gap
    detected: bool | None
    darker_lesions: Count
    smallest_detectable_share: Share | None


@dataclass(frozen=True)
class LeftOut:
    """How well scores tell a class that the last layer never saw; areas under the curve."""

    max_softmax: Figure
    energy: Figure
    mahalanobis_reduced: Figure
    nearest_neighbour: Figure


@dataclass(frozen=True)
class Near:
    """Lesions outside the seven classes, and each class left out in turn."""

    outside_lesions: Figure
    leave_one_class_out: Mapping[Diagnosis, LeftOut]


@dataclass(frozen=True)
class ScoreFigures:
    """What one score is worth."""

    far: Figure
    far_by_kind: Mapping[OutlierKind, Figure]
    far_mean_of_kinds: Share
    rejected_at_3_percent_refused: Figure
    refused_at_95_percent_rejected: Figure
    near: Figure


@dataclass(frozen=True)
class Unseen:
    """What the lesion head does with a kind of picture that it was not fitted on."""

    auroc: Figure
    rejected_at_3_percent_refused: Figure


@dataclass(frozen=True)
class OutlierFigures:
    """All of it; ``unseen_kinds`` is ``None`` for a kind without pictures to train on."""

    chosen: OutlierScore
    threshold: float
    far: Far
    false_refusal: Refusals
    skin_tone_gap_milk10k: SkinToneGap
    near: Near
    scores: Mapping[OutlierScore, ScoreFigures]
    unseen_kinds: Mapping[OutlierKind, Unseen | None]
