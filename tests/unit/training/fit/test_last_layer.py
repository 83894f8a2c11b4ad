"""A last layer that is learnt again, on features whose best layer is known."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="SciPy is in the training environment only")
from training.fit.last_layer import Layer, Lessons, loss_of, relearn

NOTHING = Layer(np.zeros((2, 7)), np.zeros(7))


def lessons(labels: list[int], answers: np.ndarray | None = None) -> Lessons:
    n = len(labels)
    flat = np.full((n, 7), 1 / 7)
    return Lessons(
        np.ones(n), np.array(labels), np.zeros((n, 7)), flat if answers is None else answers
    )


def test_no_opinion_costs_log_7_for_the_label_and_for_the_answer() -> None:
    loss, slope = loss_of(np.zeros((2, 7)), lessons([0, 1]), answers_weight=2.0)
    assert loss == pytest.approx(3 * np.log(7))
    # The answers are met already; each label pulls with half the weight.
    assert slope[0, 0] == pytest.approx(0.5 * (1 / 7 - 1))
    assert slope[0, 1] == pytest.approx(0.5 / 7)


def test_the_slope_is_that_of_the_loss() -> None:
    rng = np.random.default_rng(1)
    logits, answers = rng.normal(size=(3, 7)), rng.dirichlet(np.ones(7), 3)
    told = Lessons(np.array([1.0, 2.0, 3.0]), np.array([0, 4, 6]), rng.normal(size=(3, 7)), answers)
    loss, slope = loss_of(logits, told, 1.5)
    moved = logits.copy()
    moved[1, 2] += 1e-6
    assert (loss_of(moved, told, 1.5)[0] - loss) / 1e-6 == pytest.approx(slope[1, 2], abs=1e-5)


def test_what_a_set_is_full_of_is_no_lesson() -> None:
    # Three in four are of class 0, as the prior says: without an opinion nothing is lost by it.
    prior = np.log(np.array([0.75, 0.25, *[1e-12] * 5]))
    told = Lessons(
        np.ones(4), np.array([0, 0, 0, 1]), np.tile(prior, (4, 1)), np.full((4, 7), 1 / 7)
    )
    _, slope = loss_of(np.zeros((4, 7)), told, answers_weight=0.0)
    assert slope.sum(axis=0) == pytest.approx(np.zeros(7), abs=1e-9)


def test_a_layer_learns_to_tell_two_kinds_apart_unless_it_is_held() -> None:
    rng = np.random.default_rng(2)
    labels = [0, 1] * 20
    features = rng.normal(size=(40, 2)).astype(np.float32)
    features[:, 0] += np.array(labels) * 8.0 + 100.0
    free = relearn(NOTHING, features, lessons(labels), answers_weight=0.0, hold=1e-4)
    assert (free.logits(features).argmax(axis=1) == labels).all()
    held = relearn(NOTHING, features, lessons(labels), answers_weight=0.0, hold=1e6)
    assert np.abs(held.weight).max() < 1e-3


def test_the_answers_of_a_lesion_are_followed_where_they_count_for_all() -> None:
    features = np.array([[-1.0, 0.0], [1.0, 0.0]] * 10, dtype=np.float32)
    wanted = np.tile(np.array([[0.1, 0.4, *[0.1] * 5], [0.4, 0.1, *[0.1] * 5]]), (10, 1))
    told = lessons([0, 1] * 10, wanted)
    layer = relearn(NOTHING, features, told, answers_weight=1e6, hold=0.0)
    found = np.exp(layer.logits(features))
    assert found / found.sum(axis=1, keepdims=True) == pytest.approx(wanted, abs=0.01)
