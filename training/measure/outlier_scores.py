"""Scores of how well a model knows what it sees; every one is higher for what it knows.

Pure functions of arrays. ``training/measure/out_of_distribution.py`` compares them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lentigo.model.calibration import softmax
from lentigo.model.ood import Weights, negative_energy
from training.measure.nail_head import logistic_line
from training.measure.probes import balance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.measure.predictions import Predictions
    from training.measure.probes import Probes

    Scores = NDArray[np.float64]

# What suits depends on the embedding and on how many pictures are kept: ours.
REDUCED_DIMENSIONS = 128
NEIGHBOUR = 10
FOLDS = 5
# Three weights on hundreds of pictures are hardly held back.
_STRENGTH = 1.0


@dataclass(frozen=True)
class Gaussians:
    """One Gaussian a class with one covariance for all, in whitened coordinates.

    ``whitening`` (d, k) takes an embedding to where that covariance is the identity; ``means``
    (classes, k) lie there.
    """

    whitening: Scores
    means: Scores

    def score(self, embedding: NDArray[np.floating]) -> Scores:
        """Return minus the squared Mahalanobis distance to the nearest class, (n,)."""
        white = embedding.astype(np.float64) @ self.whitening
        return np.asarray(-np.min([((white - mean) ** 2).sum(axis=1) for mean in self.means], 0))


def fit_gaussians(
    embedding: NDArray[np.floating], labels: NDArray[np.intp], dimensions: int | None = None
) -> Gaussians:
    """Fit to pictures of the classes: Lee et al., NeurIPS 2018.

    The covariance is shrunk as Ledoit and Wolf propose, "A well-conditioned estimator for
    large-dimensional covariance matrices", Journal of Multivariate Analysis 88 (2004).
    ``dimensions``: reduce the embedding to so many principal components first.
    """
    from sklearn.covariance import LedoitWolf  # noqa: PLC0415

    values = embedding.astype(np.float64)
    basis = np.eye(values.shape[1])
    if dimensions is not None:
        centred = values - values.mean(axis=0)
        basis = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :dimensions]
    reduced = values @ basis
    classes = np.unique(labels)
    means = np.stack([reduced[labels == label].mean(axis=0) for label in classes])
    residual = reduced - means[np.searchsorted(classes, labels)]
    precision = LedoitWolf(assume_centered=True).fit(residual).precision_
    whitening = np.linalg.cholesky(precision)
    return Gaussians(basis @ whitening, means @ whitening)


def neighbour_score(
    bank: NDArray[np.floating], embedding: NDArray[np.floating], neighbour: int = NEIGHBOUR
) -> Scores:
    """Return minus the distance to the k-th nearest of the bank, (n,), all scaled to length 1.

    Sun et al., ICML 2022. ``bank`` (m, d), ``embedding`` (n, d), ``neighbour`` from 1 to m.
    """
    kept, asked = (
        each / np.maximum(np.linalg.norm(each, axis=1, keepdims=True), 1e-12)
        for each in (bank.astype(np.float64), embedding.astype(np.float64))
    )
    place = len(kept) - neighbour
    similarity = np.partition(asked @ kept.T, place, axis=1)[:, place]
    return np.asarray(-np.sqrt(np.maximum(2.0 - 2.0 * similarity, 0.0)))


def answers_of(predictions: Predictions, heads: Probes, temperature: float) -> Scores:
    """Return lesion logit, negative energy and largest calibrated probability, (n, 3)."""
    return np.stack(
        [
            heads.lesion.logit(predictions.embedding),
            negative_energy(predictions.logits),
            softmax(predictions.logits, temperature).max(axis=1),
        ],
        axis=1,
    ).astype(np.float64)


def weighted(answers: Scores, weights: Weights) -> Scores:
    """Return the score that ``lentigo.model.ood`` computes of these answers, (n, 3) to (n,)."""
    columns = np.array([weights.lesion, weights.energy, weights.confidence])
    return np.asarray(answers @ columns + weights.bias)


def fit_combination(known: Scores, far: Scores, kinds: Sequence[str]) -> Weights:
    """Fit a logistic regression of known (n, 3) against far (m, 3); ``kinds`` of all, n + m."""
    positive = np.arange(len(known) + len(far)) < len(known)
    (lesion, energy, confidence), bias = logistic_line(
        np.concatenate([known, far]), positive, balance(positive, kinds), _STRENGTH
    )
    return Weights(float(lesion), float(energy), float(confidence), bias)


def out_of_fold(
    known: Scores, far: Scores, kinds: Sequence[str], groups: NDArray[np.intp]
) -> tuple[Scores, Scores]:
    """Score known and far by combinations that were fitted without them, in five folds.

    ``groups`` (n,) keep the pictures of a lesion in one fold.
    """
    folds = np.concatenate([groups % FOLDS, np.arange(len(far)) % FOLDS])
    is_known = np.arange(len(folds)) < len(known)
    answers, names = np.concatenate([known, far]), np.array(kinds)
    scores = np.zeros(len(folds))
    for fold in np.unique(folds):
        inside = folds != fold
        fitted = fit_combination(
            answers[inside & is_known], answers[inside & ~is_known], names[inside].tolist()
        )
        scores[~inside] = weighted(answers[~inside], fitted)
    return scores[is_known], scores[~is_known]
