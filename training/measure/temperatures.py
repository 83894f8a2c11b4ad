"""Ways to turn logits into probabilities, compared on lesions that they were not fitted on.

Every way is fitted on four fifths of the lesions of ``val`` and judged on the last fifth, five
times, so that a way with more parameters gains nothing by fitting noise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.model.calibration import softmax
from lentigo.model.selection import Criterion
from training.measure.metrics import (
    class_balanced_nll,
    expected_calibration_error,
    negative_log_likelihood,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Logits = NDArray[np.floating]
    Labels = NDArray[np.intp]
    # Logits and the kind of each picture (an index) to probabilities (n, 7).
    Fitted = Callable[[Logits, NDArray[np.intp]], NDArray[np.float64]]

SMALLEST_TEMPERATURE, LARGEST_TEMPERATURE = 0.2, 5.0
# Steps of 2 %.
_TEMPERATURES = np.geomspace(SMALLEST_TEMPERATURE, LARGEST_TEMPERATURE, 163)
FOLDS = 5
FOLD_SEED = 12


def _loss(
    criterion: Criterion,
    labels: Labels,
    probabilities: NDArray[np.float64],
    kinds: NDArray[np.intp],
) -> float:
    match criterion:
        case Criterion.NLL:
            return float(negative_log_likelihood(labels, probabilities).mean())
        case Criterion.CLASS_BALANCED_NLL:
            return class_balanced_nll(labels, probabilities)
        case Criterion.ECE:
            return mean_ece(labels, probabilities, kinds)


def mean_ece(labels: Labels, probabilities: NDArray[np.float64], kinds: NDArray[np.intp]) -> float:
    """Return the mean over the kinds of pictures of each kind's ECE."""
    errors = [
        expected_calibration_error(labels[kinds == kind], probabilities[kinds == kind]).value
        for kind in np.unique(kinds)
    ]
    return float(np.mean([error for error in errors if error is not None]))


def fit_temperature(
    logits: Logits, labels: Labels, criterion: Criterion, kinds: NDArray[np.intp]
) -> float:
    """Return the temperature with the least loss, to 4 decimals; ``kinds`` (n,) for the ECE."""
    losses = [
        _loss(criterion, labels, softmax(logits, float(temperature)), kinds)
        for temperature in _TEMPERATURES
    ]
    return round(float(_TEMPERATURES[int(np.argmin(losses))]), 4)


def fit_vector(logits: Logits, labels: Labels) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a scale and a shift for each class, (7,) each: vector scaling, fitted by NLL."""
    from scipy.optimize import minimize  # noqa: PLC0415

    classes = logits.shape[1]
    truth = np.eye(classes)[labels]

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scale, shift = parameters[:classes], parameters[classes:]
        probabilities = softmax(logits * scale + shift)
        slope = (probabilities - truth) / len(labels)
        gradient = np.concatenate([(slope * logits).sum(axis=0), slope.sum(axis=0)])
        return float(negative_log_likelihood(labels, probabilities).mean()), gradient

    start = np.concatenate([np.ones(classes), np.zeros(classes)])
    found = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return found[:classes], found[classes:]


def _one(criterion: Criterion) -> Callable[[Logits, Labels, NDArray[np.intp]], Fitted]:
    def fit(logits: Logits, labels: Labels, kinds: NDArray[np.intp]) -> Fitted:
        temperature = fit_temperature(logits, labels, criterion, kinds)
        return lambda given, _: softmax(given, temperature)

    return fit


def _vector(logits: Logits, labels: Labels, _: NDArray[np.intp]) -> Fitted:
    scale, shift = fit_vector(logits, labels)
    return lambda given, _: softmax(given * scale + shift)


def _by_kind(
    fit: Callable[[Logits, Labels, NDArray[np.intp]], Fitted],
) -> Callable[[Logits, Labels, NDArray[np.intp]], Fitted]:
    def fit_each(logits: Logits, labels: Labels, kinds: NDArray[np.intp]) -> Fitted:
        fitted = {
            int(kind): fit(logits[kinds == kind], labels[kinds == kind], kinds[kinds == kind])
            for kind in np.unique(kinds)
        }

        def apply(given: Logits, given_kinds: NDArray[np.intp]) -> NDArray[np.float64]:
            probabilities = np.zeros(given.shape)
            for kind in np.unique(given_kinds):
                chosen = given_kinds == kind
                probabilities[chosen] = fitted[int(kind)](given[chosen], given_kinds[chosen])
            return probabilities

        return apply

    return fit_each


WAYS: dict[str, Callable[[Logits, Labels, NDArray[np.intp]], Fitted]] = {
    "none": lambda *_: lambda given, _: softmax(given),
    **{f"one_temperature_{criterion}": _one(criterion) for criterion in Criterion},
    **{f"by_modality_{criterion}": _by_kind(_one(criterion)) for criterion in Criterion},
    "vector": _vector,
    "vector_by_modality": _by_kind(_vector),
}


def compare(
    logits: Logits,
    labels: Labels,
    groups: NDArray[np.intp],
    kinds: dict[str, NDArray[np.bool_]],
) -> dict[str, dict[str, Any]]:
    """Return, by way, the ECE of each kind of picture and their mean, and the NLL, cross-fitted.

    ``groups`` (n,) are the lesions; ``kinds`` are masks (n,) that part the pictures.
    """
    kind = np.zeros(len(labels), dtype=np.intp)
    for index, mask in enumerate(kinds.values()):
        kind[mask] = index
    lesions = np.unique(groups)
    fold_of_lesion = np.random.default_rng(FOLD_SEED).permutation(len(lesions)) % FOLDS
    fold = fold_of_lesion[np.searchsorted(lesions, groups)]
    compared = {}
    for name, fit in WAYS.items():
        probabilities = np.zeros(logits.shape)
        for index in np.unique(fold):
            fitted = fit(logits[fold != index], labels[fold != index], kind[fold != index])
            probabilities[fold == index] = fitted(logits[fold == index], kind[fold == index])
        errors = {
            each: expected_calibration_error(labels[mask], probabilities[mask]).as_dict()
            for each, mask in kinds.items()
        }
        compared[name] = {
            "mean_ece": round(mean_ece(labels, probabilities, kind), 4),
            "ece": errors,
            "nll": round(float(negative_log_likelihood(labels, probabilities).mean()), 4),
        }
    return compared


def best_criterion(compared: dict[str, dict[str, Any]]) -> Criterion:
    """Return the criterion whose one temperature has the least mean ECE."""
    return min(Criterion, key=lambda each: compared[f"one_temperature_{each}"]["mean_ece"])
