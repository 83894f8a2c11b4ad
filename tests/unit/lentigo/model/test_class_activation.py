"""Maps whose answer can be worked out by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from lentigo.diagnosis import Diagnosis
from lentigo.model.class_activation import (
    MAPS_SHAPE,
    STRONGEST_ALPHA,
    activation_map,
    colour_of,
    overlay,
)

MEL = list(Diagnosis).index(Diagnosis.MEL)


def maps_with(row: int, column: int, value: float) -> NDArray[np.float32]:
    maps = np.zeros(MAPS_SHAPE, dtype=np.float32)
    maps[row, column, MEL] = value
    return maps


def test_the_mean_of_a_map_and_the_bias_are_the_logit() -> None:
    # Two channels of a 7x7 feature map, read by one class with weights 2 and -1, bias 0.5.
    features = np.arange(7 * 7 * 2, dtype=np.float64).reshape(7, 7, 2)
    weights, bias = np.array([2.0, -1.0]), 0.5
    logit = features.mean(axis=(0, 1)) @ weights + bias
    assert (features @ weights).mean() + bias == pytest.approx(logit)
    assert logit == pytest.approx(2 * 48 - 49 + 0.5)


def test_the_strongest_place_is_1_and_lies_where_the_evidence_is() -> None:
    strength = activation_map(maps_with(1, 5, 3.0), Diagnosis.MEL)
    assert strength.shape == (224, 224)
    assert strength.dtype == np.float32
    assert strength.max() == 1.0
    assert strength.min() == 0.0
    # The middle of the place in row 1 and column 5, each 32 pixels wide.
    row, column = np.unravel_index(strength.argmax(), strength.shape)
    assert abs(row - 47.5) <= 1
    assert abs(column - 175.5) <= 1
    assert strength[200, 20] == 0.0


def test_evidence_against_a_diagnosis_counts_as_none() -> None:
    assert not activation_map(maps_with(3, 3, -2.0), Diagnosis.MEL).any()
    maps = maps_with(3, 3, -9.0)
    maps[1, 1, MEL] = 1.0
    strength = activation_map(maps, Diagnosis.MEL)
    assert strength[112, 112] == 0.0
    assert strength[47, 47] > 0.9


def test_another_diagnosis_has_another_map() -> None:
    assert not activation_map(maps_with(3, 3, 1.0), Diagnosis.NV).any()


def test_the_same_evidence_twice_as_strong_is_the_same_map() -> None:
    once, twice = (activation_map(maps_with(2, 4, value), Diagnosis.MEL) for value in (1.0, 2.0))
    np.testing.assert_allclose(once, twice, atol=1e-6)


def test_even_evidence_is_an_even_map() -> None:
    maps = np.full(MAPS_SHAPE, 0.25, dtype=np.float32)
    np.testing.assert_allclose(activation_map(maps, Diagnosis.MEL), 1.0, atol=1e-5)


@pytest.mark.parametrize("shape", [(7, 7, 9), (9, 7, 7), (343,)])
def test_maps_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="maps have the shape"):
        activation_map(np.zeros(shape, dtype=np.float32), Diagnosis.MEL)


def test_maps_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        activation_map(maps_with(0, 0, np.nan), Diagnosis.MEL)


def test_colours_grow_lighter_all_the_way() -> None:
    colours = colour_of(np.linspace(0, 1, 101, dtype=np.float32)[np.newaxis]).astype(float)[0]
    luma = colours @ np.array([0.299, 0.587, 0.114])
    assert (np.diff(luma) > 0).all()


def test_an_overlay_hides_nothing_where_the_map_is_0_and_most_where_it_is_1() -> None:
    grey = Image.new("RGB", (448, 448), (100, 100, 100))
    assert np.array_equal(
        np.asarray(overlay(grey, np.zeros((224, 224), np.float32))), np.asarray(grey)
    )
    covered = np.asarray(overlay(grey, np.ones((224, 224), dtype=np.float32)))
    expected = 100 * (1 - STRONGEST_ALPHA) + np.array([252, 255, 164]) * STRONGEST_ALPHA
    assert covered.shape == (448, 448, 3)
    assert np.abs(covered[224, 224] - expected).max() <= 1
