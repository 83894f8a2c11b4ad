"""Refusing and naming sets, on probabilities whose answer can be worked out by hand."""

import numpy as np
import pytest

from training.measure.selective import (
    REFUSED,
    conformal_figures,
    conformal_threshold,
    refuse_least_confident,
    selective_curve,
)


def confident(values: list[float]) -> np.ndarray:
    """Probabilities (n, 7) with so much for class 0, the rest even."""
    probabilities = np.repeat(((1.0 - np.array(values)) / 6)[:, np.newaxis], 7, axis=1)
    probabilities[:, 0] = values
    return probabilities


def test_the_least_confident_are_refused_first() -> None:
    probabilities = confident([0.9, 0.3, 0.8, 0.5])
    assert refuse_least_confident(probabilities, 0.5).tolist() == [True, False, True, False]
    assert refuse_least_confident(probabilities, 0.0).all()


def test_a_refused_malignant_lesion_is_not_missed_but_not_caught_either() -> None:
    probabilities = confident([0.9, 0.3, 0.8, 0.6])
    labels = np.zeros(4, dtype=np.intp)
    malignant = np.array([True, True, True, False])
    alarmed = np.array([True, False, False, False])
    curve = selective_curve(labels, probabilities, malignant, alarmed)
    assert [step["refused"] for step in curve] == list(REFUSED)
    whole, half = curve[0], curve[-1]
    assert whole["malignancy_sensitivity"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert whole["malignant_missed"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert whole["malignant_refused"]["value"] == 0.0
    # The second is refused now: of the two answered one is caught, and one of three is missed.
    assert half["malignancy_sensitivity"]["value"] == 1 / 2
    assert half["malignant_missed"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert half["malignant_refused"]["value"] == pytest.approx(1 / 3, abs=1e-4)


def test_the_threshold_leaves_out_as_many_as_the_coverage_allows() -> None:
    # Of 19 pictures and a new one, 10 % are two: the second smallest own probability.
    own = [index / 20 for index in range(1, 20)]
    labels = np.zeros(19, dtype=np.intp)
    assert conformal_threshold(labels, confident(own), 0.9) == pytest.approx(own[1])


def test_too_few_pictures_promise_nothing_but_the_set_of_all() -> None:
    assert conformal_threshold(np.zeros(5, dtype=np.intp), confident([0.5] * 5), 0.9) == 0.0


def test_a_threshold_covers_new_pictures_of_the_same_kind_as_often_as_promised() -> None:
    rng = np.random.default_rng(6)
    probabilities = rng.dirichlet(np.ones(7), 4000)
    labels = np.array([rng.choice(7, p=row) for row in probabilities], dtype=np.intp)
    threshold = conformal_threshold(labels[:2000], probabilities[:2000], 0.9)
    none = np.zeros(2000, dtype=bool)
    coverage, _, size = conformal_figures(
        labels[2000:], probabilities[2000:], np.full(2000, threshold), none
    )
    assert coverage.value == pytest.approx(0.9, abs=0.02)
    assert size is not None
    assert 1.0 < size < 7.0


def test_a_set_names_the_most_probable_class_even_below_the_threshold() -> None:
    coverage, of_rare, size = conformal_figures(
        np.array([0, 1]), confident([0.3, 0.3]), np.full(2, 0.9), np.array([False, True])
    )
    assert (coverage.value, of_rare.value, size) == (0.5, 0.0, 1.0)
