"""Figures of a classifier, as pure functions of arrays. An undefined figure is None, with a reason.

Areas under the curve come from scikit-learn, which is imported when asked for; the rest is
counting. Labels are indices in the order of ``Diagnosis``; probabilities are float (n, 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Labels = NDArray[np.intp]
    Probabilities = NDArray[np.float64]

# Below this many lesions a share says little: its 95 % interval spans more than 30 points.
FEW_LESIONS = 30
ECE_BINS = 15


@dataclass(frozen=True)
class Figure:
    """A value 0..1, or None with the reason; ``n`` is what it was counted on.

    ``low`` and ``high`` are the 95 % bootstrap interval over lesions, when it was asked for.
    """

    value: float | None
    n: int
    reason: str = ""
    low: float | None = None
    high: float | None = None

    def as_dict(self) -> dict[str, float | int | str | None]:
        """For JSON: rounded to 4 decimals, without the keys that hold nothing."""
        document: dict[str, float | int | str | None] = {
            "value": None if self.value is None else round(self.value, 4),
            "n": self.n,
        }
        if self.reason:
            document["reason"] = self.reason
        if self.low is not None and self.high is not None:
            document |= {"low": round(self.low, 4), "high": round(self.high, 4)}
        return document


def share(hits: NDArray[np.bool_], empty_reason: str) -> Figure:
    """Return the share of true values; None with the reason if there are none to count."""
    if len(hits) == 0:
        return Figure(None, 0, empty_reason)
    return Figure(float(np.mean(hits)), len(hits))


def accuracy(labels: Labels, predicted: Labels) -> Figure:
    """Return the share of pictures whose top class is right."""
    return share(labels == predicted, "no pictures")


def sensitivity(labels: Labels, predicted: Labels, label: int) -> Figure:
    """Return the share of the pictures of one class that are given that class."""
    return share(predicted[labels == label] == label, "no pictures of this class")


def balanced_accuracy(labels: Labels, predicted: Labels) -> Figure:
    """Return the mean sensitivity over the classes that occur; the reason names how many."""
    present = np.unique(labels)
    if len(present) == 0:
        return Figure(None, 0, "no pictures")
    values = [float(np.mean(predicted[labels == label] == label)) for label in present]
    reason = "" if len(present) == 7 else f"over the {len(present)} classes that occur"
    return Figure(float(np.mean(values)), len(labels), reason)


def area_under_curve(positive: NDArray[np.bool_], scores: NDArray[np.float64]) -> Figure:
    """Return the area under the ROC curve; None if all pictures are on one side."""
    if positive.all() or not positive.any():
        return Figure(None, len(positive), "all pictures are on one side")
    # The tests run where scikit-learn is not installed.
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415

    return Figure(float(roc_auc_score(positive, scores)), len(positive))


def expected_calibration_error(labels: Labels, probabilities: Probabilities) -> Figure:
    """Return the ECE of the top class, 15 equal bins (Guo et al., ICML 2017, equation 3)."""
    if len(labels) == 0:
        return Figure(None, 0, "no pictures")
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * ECE_BINS).astype(int), ECE_BINS - 1)
    gap = 0.0
    for index in np.unique(bins):
        chosen = bins == index
        gap += abs(float(right[chosen].mean()) - float(confidence[chosen].mean())) * chosen.mean()
    return Figure(float(gap), len(labels))


def class_balanced_nll(labels: Labels, probabilities: Probabilities) -> float:
    """Return the mean over the classes that occur of their mean negative log-likelihood, in nats.

    The expected NLL under a uniform prior over classes. ``ValueError`` without pictures.
    """
    if len(labels) == 0:
        raise ValueError("no pictures")
    loss = -np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-12))
    return float(np.mean([loss[labels == label].mean() for label in np.unique(labels)]))


def threshold_at_sensitivity(
    positive: NDArray[np.bool_], scores: NDArray[np.float64], wanted: float
) -> Figure:
    """Return the highest threshold at or above which at least ``wanted`` of the positives lie.

    ``value`` is the threshold; None if there is no positive.
    """
    if not 0.0 < wanted <= 1.0:
        raise ValueError(f"a sensitivity lies in 0..1, not {wanted}")
    ordered = np.sort(scores[positive])[::-1]
    if len(ordered) == 0:
        return Figure(None, 0, "no positive pictures")
    needed = int(np.ceil(wanted * len(ordered) - 1e-9))
    return Figure(float(ordered[needed - 1]), len(ordered))


def bootstrap(
    statistic: Callable[[NDArray[np.intp]], float | None],
    groups: NDArray[np.intp],
    rounds: int,
    seed: int,
) -> tuple[float, float] | None:
    """Return the 95 % percentile interval of a statistic, drawing whole groups (lesions).

    ``statistic`` takes picture indices. Rounds in which it is undefined are left out; None if
    fewer than half of them are left.
    """
    rng = np.random.default_rng(seed)
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    values = []
    for _ in range(rounds):
        drawn = rng.integers(len(members), size=len(members))
        value = statistic(np.concatenate([members[index] for index in drawn]))
        if value is not None:
            values.append(value)
    if len(values) * 2 < rounds:
        return None
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
