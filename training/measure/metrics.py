"""Figures of a classifier, as pure functions of arrays. An undefined figure is None, with a reason.

Every figure is written as a function of weights: how often each picture counts. With weights of
one it is the figure itself; with the weights of a bootstrap (``draw_lesions``) all rounds are
computed at once, and the figure carries its 95 % interval over lesions.

Labels are indices in the order of ``Diagnosis``; probabilities are float (n, 7).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lentigo.model.figures import Undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Labels = NDArray[np.intp]
    Probabilities = NDArray[np.float64]
    # (rounds, n): how often each picture counts, by round.
    Weights = NDArray[np.float64]
    # Weights to the figure of each round, (rounds,); NaN where it is undefined.
    Statistic = Callable[[Weights], NDArray[np.float64]]

# Below this many lesions a share says little: its 95 % interval spans more than 30 points.
FEW_LESIONS = 30
ECE_BINS = 15
CLASSES = 7
# A curve drawn small needs no more points.
MOST_ROC_POINTS = 60
INTERVAL_LEVEL = 0.95
_PERCENTILES = (2.5, 97.5)


@dataclass(frozen=True)
class Figure:
    """A value 0..1, or None with the reason; ``n`` is what it was counted on.

    ``classes`` is over how many classes a mean was taken, where not all seven occur. ``low`` and
    ``high`` are the 95 % bootstrap interval over lesions, and ``lesions`` how many stand behind the
    figure, when a bootstrap was asked for; ``rounds`` are the values of its rounds, NaN where
    undefined, for paired differences.
    """

    value: float | None
    n: int
    reason: Undefined | None = None
    low: float | None = None
    high: float | None = None
    lesions: int | None = None
    classes: int | None = None
    rounds: NDArray[np.float64] | None = field(default=None, repr=False, compare=False)

    @property
    def too_few_to_say(self) -> bool:
        """Whether fewer than ``FEW_LESIONS`` lesions are known to stand behind it."""
        return self.lesions is not None and self.lesions < FEW_LESIONS

    def as_dict(self) -> dict[str, float | int | str | None]:
        """For JSON: rounded to 4 decimals, without the keys that hold nothing."""
        document: dict[str, float | int | str | None] = {
            "value": None if self.value is None else round(self.value, 4),
            "n": self.n,
        }
        if self.reason is not None:
            document["reason"] = str(self.reason)
        if self.classes is not None:
            document["classes"] = self.classes
        if self.low is not None and self.high is not None:
            document |= {"low": round(self.low, 4), "high": round(self.high, 4)}
        if self.value is None or self.too_few_to_say:
            document["too_few_to_say"] = True
        return document


@dataclass(frozen=True)
class Draws:
    """A bootstrap over lesions: ``groups`` (n,) names each picture's lesion.

    ``weights`` float64 (rounds, n) says how often each picture was drawn with its lesion.
    """

    groups: NDArray[np.intp]
    weights: Weights

    def lesions(self, counted: NDArray[np.bool_]) -> int:
        """Return how many lesions the counted pictures show."""
        return len(np.unique(self.groups[counted]))


def draw_lesions(groups: NDArray[np.intp], rounds: int, seed: int) -> Draws:
    """Draw whole lesions with replacement, as many as there are, ``rounds`` times.

    Efron and Tibshirani, An Introduction to the Bootstrap (1993), percentile intervals.
    """
    names, lesion = np.unique(groups, return_inverse=True)
    if len(names) == 0:
        return Draws(groups, np.zeros((rounds, 0)))
    rng = np.random.default_rng(seed)
    times = rng.multinomial(len(names), np.full(len(names), 1.0 / len(names)), size=rounds)
    return Draws(groups, times[:, lesion].astype(np.float64))


def _over(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide; NaN where there is nothing to divide by."""
    out = np.full(part.shape, np.nan)
    np.divide(part, whole, out=out, where=whole > 0)
    return out


def _measure(
    statistic: Statistic,
    counted: NDArray[np.bool_],
    draws: Draws | None,
    lesions: int | None = None,
    classes: int | None = None,
) -> Figure:
    """Return the figure over all pictures, with its interval if there are draws.

    Rounds in which it is undefined are left out; no interval if fewer than half are left.
    """
    value = float(statistic(np.ones((1, len(counted))))[0])
    n = int(counted.sum())
    if draws is None:
        return Figure(value, n, classes=classes)
    behind = draws.lesions(counted) if lesions is None else lesions
    values = statistic(draws.weights)
    defined = values[~np.isnan(values)]
    if len(defined) * 2 < len(values):
        return Figure(value, n, lesions=behind, classes=classes)
    low, high = np.percentile(defined, _PERCENTILES)
    return Figure(value, n, None, float(low), float(high), behind, classes, values)


def difference(one: Figure, other: Figure) -> Figure:
    """Return how much more ``one`` is than ``other``, with the interval of their paired rounds.

    Both must come from the same draws; ``ValueError`` if not so many rounds lie behind both.
    None if either is None; without an interval if either has none.
    """
    if one.value is None or other.value is None:
        return Figure(None, one.n, one.reason or other.reason)
    value = one.value - other.value
    if one.rounds is None or other.rounds is None:
        return Figure(value, one.n)
    if len(one.rounds) != len(other.rounds):
        raise ValueError(f"{len(one.rounds)} rounds against {len(other.rounds)}")
    values = one.rounds - other.rounds
    low, high = np.percentile(values[~np.isnan(values)], _PERCENTILES)
    return Figure(value, one.n, None, float(low), float(high), one.lesions, rounds=values)


def share(
    hits: NDArray[np.bool_],
    among: NDArray[np.bool_] | None = None,
    draws: Draws | None = None,
) -> Figure:
    """Return the share of true values (among some); None if there are none to count."""
    counted = np.ones(len(hits), dtype=bool) if among is None else among
    if not counted.any():
        return Figure(None, 0, Undefined.NO_PICTURES)
    both = (hits & counted).astype(np.float64)
    return _measure(lambda w: _over(w @ both, w @ counted.astype(np.float64)), counted, draws)


def mean(values: NDArray[np.float64], draws: Draws | None = None) -> Figure:
    """Return the mean over pictures of any number, such as a loss in nats; ``values`` (n,)."""
    if len(values) == 0:
        return Figure(None, 0, Undefined.NO_PICTURES)
    return _measure(
        lambda w: _over(w @ values, w.sum(axis=1)), np.ones(len(values), dtype=bool), draws
    )


def accuracy(labels: Labels, predicted: Labels, draws: Draws | None = None) -> Figure:
    """Return the share of pictures whose top class is right."""
    return share(labels == predicted, draws=draws)


def top_k_accuracy(
    labels: Labels, probabilities: Probabilities, k: int, draws: Draws | None = None
) -> Figure:
    """Return the share of pictures whose class is among the ``k`` most probable."""
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :k]
    return share((best == labels[:, np.newaxis]).any(axis=1), draws=draws)


def sensitivity(
    labels: Labels, predicted: Labels, label: int, draws: Draws | None = None
) -> Figure:
    """Return the share of the pictures of one class that are given that class."""
    return share(predicted == label, labels == label, draws)


def balanced_accuracy(labels: Labels, predicted: Labels, draws: Draws | None = None) -> Figure:
    """Return the mean sensitivity over the classes that occur; ``classes`` if not all do."""
    present = np.unique(labels)
    if len(present) == 0:
        return Figure(None, 0, Undefined.NO_PICTURES)
    members = (labels[:, np.newaxis] == present).astype(np.float64)
    right = members * (labels == predicted)[:, np.newaxis]
    classes = None if len(present) == CLASSES else len(present)

    def statistic(weights: Weights) -> NDArray[np.float64]:
        by_class = _over(weights @ right, weights @ members)
        drawn = (~np.isnan(by_class)).sum(axis=1).astype(np.float64)
        return _over(np.nansum(by_class, axis=1), drawn)

    return _measure(statistic, np.ones(len(labels), dtype=bool), draws, classes=classes)


def area_under_curve(
    positive: NDArray[np.bool_], scores: NDArray[np.float64], draws: Draws | None = None
) -> Figure:
    """Return the area under the ROC curve; None if all pictures are on one side.

    The share of (positive, negative) pairs in the right order, ties for a half. ``lesions``
    counts the smaller side.
    """
    if positive.all() or not positive.any():
        return Figure(None, len(positive), Undefined.ONE_SIDE)
    order = np.argsort(scores, kind="stable")
    ordered, sick = scores[order], positive[order].astype(np.float64)
    first = np.searchsorted(ordered, ordered, side="left")
    behind_last = np.searchsorted(ordered, ordered, side="right")

    def statistic(weights: Weights) -> NDArray[np.float64]:
        drawn = weights[:, order]
        above, below = drawn * sick, drawn * (1.0 - sick)
        passed = np.zeros((len(weights), len(order) + 1))
        np.cumsum(below, axis=1, out=passed[:, 1:])
        beaten = 0.5 * (passed[:, first] + passed[:, behind_last])
        pairs = above.sum(axis=1) * below.sum(axis=1)
        return _over((above * beaten).sum(axis=1), pairs)

    sides = None if draws is None else min(draws.lesions(positive), draws.lesions(~positive))
    return _measure(statistic, np.ones(len(positive), dtype=bool), draws, lesions=sides)


def roc_points(
    positive: NDArray[np.bool_], scores: NDArray[np.float64], most: int = MOST_ROC_POINTS
) -> list[tuple[float, float]]:
    """Return (false positive rate, sensitivity) from (0, 0) to (1, 1), at most ``most`` points.

    Empty if all pictures are on one side. scikit-learn's corners, thinned evenly along the curve.
    """
    if positive.all() or not positive.any():
        return []
    # The tests run where scikit-learn is not installed.
    from sklearn.metrics import roc_curve  # noqa: PLC0415

    false_alarms, caught, _ = roc_curve(positive, scores)
    along = false_alarms + caught
    wanted = np.linspace(0.0, along[-1], min(most, len(along)))
    kept = np.unique(np.clip(np.searchsorted(along, wanted), 0, len(along) - 1))
    return [(round(float(false_alarms[i]), 4), round(float(caught[i]), 4)) for i in kept]


def confusion(labels: Labels, predicted: Labels) -> list[list[int]]:
    """Return counts of pictures, 7x7: rows are the truth, columns the answer."""
    counts = np.zeros((CLASSES, CLASSES), dtype=int)
    np.add.at(counts, (labels, predicted), 1)
    return [[int(count) for count in row] for row in counts]


def _bins(confidence: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return which of the equal bins of 0..1 each confidence lies in."""
    return np.minimum((confidence * ECE_BINS).astype(np.intp), ECE_BINS - 1)


def expected_calibration_error(
    labels: Labels, probabilities: Probabilities, draws: Draws | None = None
) -> Figure:
    """Return the ECE of the top class, 15 equal bins (Guo et al., ICML 2017, equation 3)."""
    if len(labels) == 0:
        return Figure(None, 0, Undefined.NO_PICTURES)
    confidence = probabilities.max(axis=1)
    gap = (probabilities.argmax(axis=1) == labels) - confidence
    members = (_bins(confidence)[:, np.newaxis] == np.arange(ECE_BINS)).astype(np.float64)
    gaps = members * gap[:, np.newaxis]

    def statistic(weights: Weights) -> NDArray[np.float64]:
        return _over(np.abs(weights @ gaps).sum(axis=1), weights.sum(axis=1))

    return _measure(statistic, np.ones(len(labels), dtype=bool), draws)


def reliability(labels: Labels, probabilities: Probabilities) -> list[dict[str, float | int]]:
    """Return mean confidence and accuracy of the top class in each bin that is not empty."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    bins = _bins(confidence)
    return [
        {
            "confidence": round(float(confidence[bins == index].mean()), 4),
            "accuracy": round(float(right[bins == index].mean()), 4),
            "n": int((bins == index).sum()),
        }
        for index in np.unique(bins)
    ]


def negative_log_likelihood(labels: Labels, probabilities: Probabilities) -> NDArray[np.float64]:
    """Return the negative log-likelihood of each picture's class, in nats, (n,)."""
    return -np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-12))


def class_balanced_nll(labels: Labels, probabilities: Probabilities) -> float:
    """Return the mean over the classes that occur of their mean negative log-likelihood, in nats.

    The expected NLL under a uniform prior over classes. ``ValueError`` without pictures.
    """
    if len(labels) == 0:
        raise ValueError("no pictures")
    loss = negative_log_likelihood(labels, probabilities)
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
        return Figure(None, 0, Undefined.NO_PICTURES)
    needed = int(np.ceil(wanted * len(ordered) - 1e-9))
    return Figure(float(ordered[needed - 1]), len(ordered))
