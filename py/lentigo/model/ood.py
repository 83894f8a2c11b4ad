"""Is this a skin lesion that the model knows at all? One score of what the model answers.

The score is a weighted sum of three answers, each high for what the model knows:

- the logit of the head that was fitted on lesions against pictures of no lesion (dogs, rooms,
  plain skin, wounds): an outlier class, learned as Hendrycks, Mazeika and Dietterich propose, "Deep
  Anomaly Detection with Outlier Exposure", ICLR 2019;
- the negative energy, the log of the summed exponentials of the seven logits: Liu et al.,
  "Energy-based Out-of-distribution Detection", NeurIPS 2020;
- the largest calibrated probability: Hendrycks and Gimpel, "A Baseline for Detecting Misclassified
  and Out-of-Distribution Examples in Neural Networks", ICLR 2017.

Two scores of the embedding were measured beside them and would need the training embedding in the
browser: Mahalanobis distance (Lee et al., "A Simple Unified Framework for Detecting
Out-of-Distribution Samples and Adversarial Attacks", NeurIPS 2018) and the k-th nearest neighbour
(Sun et al., "Out-of-Distribution Detection with Deep Nearest Neighbors", ICML 2022).
``training/measure/out_of_distribution.py`` compares all, and chooses weights and threshold on
``val``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class Recognition(StrEnum):
    """What a picture was recognised as.

    ``UNFAMILIAR``, a lesion of none of the seven kinds, is not given to any picture yet: no score
    finds three in ten of such lesions without doubting more than one in twenty of the others.
    ``NAIL`` is no lesion either, and more: there is something to say about it.
    """

    LESION = "lesion"
    UNFAMILIAR = "unfamiliar"
    NOT_A_LESION = "not-a-lesion"
    NAIL = "nail"


def negative_energy(logits: ArrayLike) -> NDArray[np.float64]:
    """Return log(sum(exp(logits))) over the last axis: (n, 7) to (n,), or (7,) to ().

    NaN where a logit is not finite.
    """
    values = np.asarray(logits, dtype=np.float64)
    highest = values.max(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.log(np.exp(values - highest).sum(axis=-1)) + highest[..., 0])


@dataclass(frozen=True)
class Weights:
    """What each answer counts, and a constant."""

    lesion: float
    energy: float
    confidence: float
    bias: float


@dataclass(frozen=True)
class OutOfDistribution:
    """A score and the value below which the picture shows nothing that the model knows.

    Of such pictures those are nails whose nail logit is ``nail_from`` or more; ``None`` for a model
    that cannot tell nails.
    """

    weights: Weights
    threshold: float
    nail_from: float | None = None

    def score(
        self, logits: ArrayLike, lesion_logit: ArrayLike, confidence: ArrayLike
    ) -> NDArray[np.float64]:
        """Return how well the model knows what it sees; higher is more like a lesion.

        ``logits`` (7,) or (n, 7) before the softmax, ``lesion_logit`` () or (n,), ``confidence``
        the largest calibrated probability 0..1, () or (n,). The shape of the answer is () or (n,).
        """
        return np.asarray(
            self.weights.lesion * np.asarray(lesion_logit, dtype=np.float64)
            + self.weights.energy * negative_energy(logits)
            + self.weights.confidence * np.asarray(confidence, dtype=np.float64)
            + self.weights.bias
        )

    def recognise(self, score: float, nail: float | None = None) -> Recognition:
        """Tell whether a picture of this score may be given a label; NaN is not known.

        ``nail`` is the nail logit. What may be a lesion is never called a nail.
        """
        if score >= self.threshold:
            return Recognition.LESION
        if nail is not None and self.nail_from is not None and nail >= self.nail_from:
            return Recognition.NAIL
        return Recognition.NOT_A_LESION
