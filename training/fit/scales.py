"""Lines from scores to likelihood ratios, fitted on ``val``: ``lentigo.model.risk`` reads by them.

A logistic regression of the condition on the parts of one score (Platt, "Probabilistic outputs for
support vector machines", 1999). Its intercept is that of the pictures it was fitted on; less the
log odds of the condition among them it is one of the likelihood ratio.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from training.measure.metrics import area_under_curve
from training.measure.temperatures import FOLD_SEED, FOLDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Scores = NDArray[np.floating]
    Mask = NDArray[np.bool_]

_ROUNDS = 50
_ENOUGH = 1e-9


def log_odds(positive: Mask) -> float:
    """Return the log odds of the condition among some pictures; ``ValueError`` if all are alike."""
    if positive.all() or not positive.any():
        raise ValueError("a scale needs pictures with the condition and without it")
    return float(np.log(positive.sum() / (~positive).sum()))


def fit_line(scores: Scores, positive: Mask) -> NDArray[np.float64]:
    """Return the weights of the parts of a score and the intercept, by maximum likelihood.

    ``scores`` (n, k), ``positive`` (n,); returns (k + 1,), of the log likelihood ratio.
    """
    prior = log_odds(positive)
    design = _with_ones(scores)
    line = np.append(np.zeros(scores.shape[1]), prior)
    for _ in range(_ROUNDS):  # Newton's method
        chance = 1.0 / (1.0 + np.exp(-design @ line))
        gradient = design.T @ (positive - chance)
        curvature = (design * (chance * (1.0 - chance))[:, np.newaxis]).T @ design
        step = np.linalg.solve(curvature, gradient)
        line = line + step
        if np.abs(step).max() < _ENOUGH:
            break
    line[-1] -= prior
    return line


def _with_ones(scores: Scores) -> NDArray[np.float64]:
    return np.column_stack([scores, np.ones(len(scores))]).astype(np.float64)


def log_loss(ratios: NDArray[np.float64], positive: Mask, prior: float) -> float:
    """Return the mean negative log-likelihood in nats of log likelihood ratios, (n,)."""
    told = ratios + prior
    return float(np.logaddexp(0.0, np.where(positive, -told, told)).mean())


def cross_fitted(scores: Scores, positive: Mask, groups: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return each picture's log likelihood ratio by a line that its lesion had no part in, (n,)."""
    lesions = np.unique(groups)
    fold_of_lesion = np.random.default_rng(FOLD_SEED).permutation(len(lesions)) % FOLDS
    fold = fold_of_lesion[np.searchsorted(lesions, groups)]
    ratios = np.zeros(len(scores))
    for index in np.unique(fold):
        line = fit_line(scores[fold != index], positive[fold != index])
        ratios[fold == index] = _with_ones(scores[fold == index]) @ line
    return ratios


def choose_line(
    scores: Scores, positive: Mask, groups: NDArray[np.intp]
) -> tuple[dict[str, float], dict[str, Any]]:
    """Return the line as the manifest has it, and what it was fitted on.

    ``scores`` (n, 2), ``positive`` and ``groups`` (n,). A part that says little beside the other
    may get a weight below nothing: then the other is fitted alone. Area and log loss are
    cross-fitted;
    ``log_loss_of_the_prior`` is that of saying the same of every picture.
    """
    used = np.flatnonzero(fit_line(scores, positive)[:-1] > 0)
    scores = scores[:, used]
    *weights, intercept = fit_line(scores, positive)
    line = dict.fromkeys(("classes", "head"), 0.0)
    names = list(line)
    line |= {
        names[part]: round(float(weight), 4) for part, weight in zip(used, weights, strict=True)
    }
    prior = log_odds(positive)
    ratios = cross_fitted(scores, positive, groups)
    return line | {"intercept": round(float(intercept), 4)}, {
        "pictures": len(scores),
        "positive": int(positive.sum()),
        "auc": area_under_curve(positive, ratios).as_dict(),
        "log_loss": round(log_loss(ratios, positive, prior), 4),
        "log_loss_of_the_prior": round(log_loss(np.zeros(len(scores)), positive, prior), 4),
    }
