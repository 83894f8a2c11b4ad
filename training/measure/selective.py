"""What not answering gains: refusing what the model is least sure of, or naming several classes.

Both are pure functions of calibrated probabilities, float (n, 7).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from training.measure.metrics import Draws, Figure, share

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The shares of pictures refused that the curve is drawn at.
REFUSED = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
WANTED_COVERAGE = 0.9


def refuse_least_confident(probabilities: NDArray[np.float64], refused: float) -> NDArray[np.bool_]:
    """Return which pictures are still answered when the least confident share is refused, (n,)."""
    confidence = probabilities.max(axis=1)
    count = round(refused * len(confidence))
    answered = np.ones(len(confidence), dtype=bool)
    answered[np.argsort(confidence, kind="stable")[:count]] = False
    return answered


def selective_curve(
    labels: NDArray[np.intp],
    probabilities: NDArray[np.float64],
    malignant: NDArray[np.bool_],
    alarmed: NDArray[np.bool_],
    draws: Draws | None = None,
) -> list[dict[str, Any]]:
    """Return, by share refused, what is right among the rest (Geifman and El-Yaniv, NeurIPS 2017).

    ``alarmed`` says who got at least medium. A refused malignant lesion is not missed: the page
    asks for a better photo or sends to a doctor. So beside the sensitivity of those answered stands
    ``malignant_missed``: the share of all malignant pictures that were answered and not alarmed.
    """
    right = probabilities.argmax(axis=1) == labels
    curve = []
    for refused in REFUSED:
        answered = refuse_least_confident(probabilities, refused)
        figures = {
            "accuracy": share(right, answered, draws),
            "malignancy_sensitivity": share(alarmed, answered & malignant, draws),
            "malignant_refused": share(~answered, malignant, draws),
            "malignant_missed": share(answered & ~alarmed, malignant, draws),
        }
        curve.append(
            {"refused": refused, **{name: figure.as_dict() for name, figure in figures.items()}}
        )
    return curve


def conformal_threshold(
    labels: NDArray[np.intp], probabilities: NDArray[np.float64], wanted: float = WANTED_COVERAGE
) -> float:
    """Return the least probability at which a class is in the set, for split conformal sets.

    LAC: Sadinle, Lei and Wasserman, "Least Ambiguous Set-Valued Classifiers With Bounded Error
    Levels", JASA 114 (2019). At least ``wanted`` of new pictures of the same kind have their class
    in the set. 0 (every class) if there are too few pictures to promise that.
    """
    own = np.sort(probabilities[np.arange(len(labels)), labels])
    # The k-th smallest; with n+1 for the new picture, at most k of n+1 fall below it.
    left_out = math.floor((len(own) + 1) * (1.0 - wanted) + 1e-9)
    return 0.0 if left_out == 0 else math.floor(float(own[left_out - 1]) * 1e4) / 1e4


def conformal_figures(
    labels: NDArray[np.intp],
    probabilities: NDArray[np.float64],
    thresholds: NDArray[np.float64],
    rare: NDArray[np.bool_],
    draws: Draws | None = None,
) -> tuple[Figure, Figure, float | None]:
    """Return coverage, coverage of some (``rare``, the melanomas), and mean size of the sets.

    ``thresholds`` (n,), by how each picture was taken. The most probable class is always named.
    """
    inside = probabilities >= thresholds[:, np.newaxis]
    inside[np.arange(len(labels)), probabilities.argmax(axis=1)] = True
    covered = inside[np.arange(len(labels)), labels]
    return (
        share(covered, draws=draws),
        share(covered, rare, draws),
        round(float(inside.sum(axis=1).mean()), 3) if len(labels) else None,
    )
