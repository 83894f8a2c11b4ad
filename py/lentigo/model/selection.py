"""How the numbers that a model is held to were chosen, on pictures of the ``val`` split.

For the reader of the model card. ``None`` stands for a model whose numbers were chosen otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lentigo.model.figures import Count, Share
from lentigo.model.outlier_figures import OutlierScore


class Criterion(StrEnum):
    """What one temperature is fitted to make small (Guo et al., ICML 2017, take ``NLL``)."""

    NLL = "nll"
    CLASS_BALANCED_NLL = "class_balanced_nll"
    ECE = "ece"


@dataclass(frozen=True)
class ScalesSelection:
    """Scales: lines fitted by maximum likelihood, by kind of picture.

    The point of ``bcc`` is the highest with the wanted sensitivity; ``least_confident`` is the
    share of the pictures that lie below the confidence point.
    """

    bcc_sensitivity: Share
    least_confident: Share


@dataclass(frozen=True)
class ModalitySelection:
    """The least certainty from ``least`` on at which at most ``most_wrong`` are wrong."""

    least: Share
    most_wrong: Share


@dataclass(frozen=True)
class OutlierSelection:
    """The score with the largest area, and the threshold with the most room to both limits.

    At least ``wanted_rejected`` of the pictures of no lesion and at most ``most_refused`` of the
    lesions were asked for; ``rejected`` of so many and ``refused`` of so many were found.
    """

    score: OutlierScore
    wanted_rejected: Share
    most_refused: Share
    rejected: Share
    pictures_of_no_lesion: Count
    refused: Share
    pictures_of_lesions: Count


@dataclass(frozen=True)
class Selection:
    """How temperature, scales, certainty and threshold were chosen."""

    temperature: Criterion | None
    scales: ScalesSelection | None
    modality: ModalitySelection | None
    out_of_distribution: OutlierSelection | None
