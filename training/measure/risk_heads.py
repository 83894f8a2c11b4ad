"""Two linear heads on a finished embedding: melanoma, and a malignant lesion.

The classifier learns seven classes that compete with each other; these learn one question each,
from every picture of ``train``. Each set of pictures, by way of taking, has its own share of the
condition as a constant prior, so that "from a clinic" does not come to mean "melanoma", and counts
by the root of its size. How strongly the heads are held back is chosen on ``val``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.measure.decisions import Condition, positives_of
from training.measure.metrics import area_under_curve
from training.pictures.data import CAMERA

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.measure.predictions import Predictions

    Embedding = NDArray[np.float32]
    Mask = NDArray[np.bool_]

# One over the squared weights' share in the loss, for each picture: small holds them back.
STRENGTHS = (3e-4, 1e-3, 3e-3, 1e-2)
# A set without any picture of the condition would have an infinite prior.
_LEAST_SHARE = 1e-3
_ROUNDS = 300


@dataclass(frozen=True)
class LinearHead:
    """One logit: ``kernel`` float32 (1280,), ``bias`` float32 ()."""

    kernel: NDArray[np.float32]
    bias: NDArray[np.float32]

    def logit(self, embedding: Embedding) -> NDArray[np.float32]:
        """Return the logit, (n,), of an embedding (n, 1280)."""
        return np.asarray(embedding @ self.kernel + self.bias)


@dataclass(frozen=True)
class RiskHeads:
    """The logit of melanoma, and that of a malignant lesion, for a prior of one half."""

    melanoma: LinearHead
    malignancy: LinearHead


def sets_of(predictions: Predictions) -> NDArray[np.str_]:
    """Return the set of each picture, (n,): its source and its way of taking."""
    return np.array([f"{r.source}, {r.modality in CAMERA}" for r in predictions.records])


def priors_and_weights(
    positive: Mask, sets: NDArray[np.str_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the log odds of the condition in each picture's set, and its weight, (n,) each."""
    log_odds, weight = np.zeros(len(sets)), np.zeros(len(sets))
    for name in np.unique(sets):
        inside = sets == name
        share = np.clip(positive[inside].mean(), _LEAST_SHARE, 1.0 - _LEAST_SHARE)
        log_odds[inside] = np.log(share / (1.0 - share))
        weight[inside] = 1.0 / np.sqrt(inside.sum())
    return log_odds, weight * len(sets) / weight.sum()


def fit_head(
    embedding: Embedding, positive: Mask, sets: NDArray[np.str_], strength: float
) -> LinearHead:
    """Fit a logistic regression with the sets' priors as given, the same every time.

    The features are standardised for the fit; their scaling is folded into what is returned.
    """
    from scipy.optimize import minimize  # noqa: PLC0415

    mean, spread = embedding.mean(axis=0), embedding.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    standard = ((embedding - mean) / spread).astype(np.float32)
    prior, weight = priors_and_weights(positive, sets)
    held_back = 1.0 / (strength * len(positive))

    def loss(line: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        kernel, bias = line[:-1], line[-1]
        told = standard @ kernel.astype(np.float32) + bias + prior
        signed = np.where(positive, -told, told)
        value = (weight * np.logaddexp(0.0, signed)).mean() + 0.5 * held_back * kernel @ kernel
        wrong = weight * (1.0 / (1.0 + np.exp(-told)) - positive) / len(positive)
        slope = standard.T @ wrong.astype(np.float32) + held_back * kernel
        return float(value), np.append(slope, wrong.sum())

    start = np.zeros(standard.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS}).x
    kernel = found[:-1] / spread
    return LinearHead(kernel.astype(np.float32), np.array(found[-1] - mean @ kernel, np.float32))


def mean_area(logits: NDArray[np.floating], positive: Mask, sets: NDArray[np.str_]) -> float:
    """Return the mean over the sets of the area under the ROC: sets count alike, not pictures."""
    areas = [
        area_under_curve(positive[sets == name], logits[sets == name].astype(np.float64)).value
        for name in np.unique(sets)
    ]
    return float(np.mean([area for area in areas if area is not None]))


def choose_head(
    train: Predictions, val: Predictions, condition: Condition
) -> tuple[LinearHead, dict[float, float]]:
    """Fit with each strength on ``train``; take the one with the largest mean area on ``val``.

    Returns it and the area of each strength.
    """
    positive, sets = positives_of(train.labels)[condition], sets_of(train)
    of_val, val_sets = positives_of(val.labels)[condition], sets_of(val)
    heads = {
        strength: fit_head(train.embedding, positive, sets, strength) for strength in STRENGTHS
    }
    areas = {
        strength: mean_area(head.logit(val.embedding), of_val, val_sets)
        for strength, head in heads.items()
    }
    return heads[max(areas, key=areas.__getitem__)], areas
