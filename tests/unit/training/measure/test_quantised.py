"""Stored weights against exact ones, on hand-made answers; and the graph that PyTorch runs."""

import numpy as np
import pytest

from tests.unit.training.measure.test_decisions import CALIBRATION, answers
from training.measure.decisions import MEL, NV, HeadLogits, decide, reader_of
from training.measure.quantised import differences
from training.network.graph_model import GraphModel, Node


def test_a_decision_is_changed_when_the_priority_is_another() -> None:
    same = [{MEL: 0.001, NV: 0.99}] * 2
    exact = answers([{MEL: 0.11, NV: 0.88}, {MEL: 0.001, NV: 0.99}, *same], [MEL, NV, NV, NV])
    stored = answers([{MEL: 0.09, NV: 0.9}, {MEL: 0.002, NV: 0.99}, *same], [MEL, NV, NV, NV])
    reader, camera = reader_of(CALIBRATION), HeadLogits(modality=np.full(4, -5.0))
    found = differences(decide(exact, camera, reader), decide(stored, camera, reader))
    assert found["changed_decisions"] == 0.25
    assert found["lowered_decisions"] == 0.25
    assert found["changed_top_class"] == 0.0
    assert found["largest_probability_difference"] == pytest.approx(0.02, abs=1e-6)
    assert (found["accuracy"], found["balanced_accuracy"]) == (0.75, 0.5)
    assert found["slices"]["camera"]["accuracy"] == {"value": 0.75, "n": 4}


def node(name: str, op: str, *inputs: str, fused: bool = False, keep: bool = False) -> Node:
    return Node(name, op, inputs, (2, 2), ("BiasAdd",) if fused else (), keep)


def small_graph() -> GraphModel:
    """A convolution of 3x3 by two, a mean, and a matrix: three channels to one number."""
    constants = {
        "k": np.ones((3, 3, 3, 2), np.float32),
        "b": np.array([0.0, 1.0], np.float32),
        "axes": np.array([1, 2], np.int32),
        "m": np.array([[1.0], [10.0]], np.float32),
        "c": np.array([0.5], np.float32),
    }
    nodes = (
        node("pixels", "Placeholder"),
        node("conv", "_FusedConv2D", "pixels", "k", "b", fused=True),
        node("unused", "Sigmoid", "conv"),
        node("embedding", "Mean", "conv", "axes"),
        node("logits", "_FusedMatMul", "embedding", "m", "c", fused=True),
    )
    return GraphModel(nodes, constants)


def test_only_what_the_outputs_need_is_run() -> None:
    pytest.importorskip("torch", reason="PyTorch is in the training environment only")
    from training.network.graph_network import needed  # noqa: PLC0415

    names = [each.name for each in needed(small_graph().nodes, ["logits"])]
    assert names == ["pixels", "conv", "embedding", "logits"]
    with pytest.raises(ValueError, match="maps"):
        needed(small_graph().nodes, ["maps"])


def test_padding_is_tensorflows_the_odd_pixel_to_the_right_and_the_bottom() -> None:
    pytest.importorskip("torch", reason="PyTorch is in the training environment only")
    from training.network.graph_network import GraphNetwork  # noqa: PLC0415

    # 4x4 of ones, step 2: SAME pads one pixel at the right and the bottom only, so the four
    # windows hold 9, 6, 6 and 4 pixels of three channels each: 75 over 4 on average.
    found = GraphNetwork(small_graph(), ("logits", "embedding"))(np.ones((1, 4, 4, 3), np.float32))
    assert found["embedding"].tolist() == [[18.75, 19.75]]
    assert found["logits"].tolist() == [[18.75 + 197.5 + 0.5]]


def test_an_unknown_operation_is_named() -> None:
    pytest.importorskip("torch", reason="PyTorch is in the training environment only")
    from training.network.graph_network import GraphNetwork  # noqa: PLC0415

    graph = GraphModel((node("pixels", "Placeholder"), node("odd", "Tanh", "pixels")), {})
    with pytest.raises(ValueError, match="odd: operation Tanh"):
        GraphNetwork(graph, ("odd",))(np.ones((1, 4, 4, 3), np.float32))
