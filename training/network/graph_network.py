"""A committed graph model run by PyTorch, for its speed: what the weights answer as they ship.

Not TF.js: the arithmetic is float32 as there, but in another order, which moves logits by far less
than the weights' rounding does (``training/release/export.py`` measures TF.js itself on the golden
cases).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from training.network.graph_model import GraphModel, Node

# TensorFlow keeps (batch, height, width, channels), PyTorch (batch, channels, height, width).
_CHANNELS_FIRST = (0, 3, 1, 2)


def needed(nodes: Sequence[Node], outputs: Sequence[str]) -> list[Node]:
    """Return the nodes that the outputs need, in order; ``ValueError`` names one not there."""
    by_name = {node.name: node for node in nodes}
    missing = [name for name in outputs if name not in by_name]
    if missing:
        raise ValueError(f"the graph has no {', '.join(missing)}")
    wanted, waiting = set(), list(outputs)
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in wanted:
            wanted.add(name)
            waiting += by_name[name].inputs
    return [node for node in nodes if node.name in wanted]


def _pad_same(picture: torch.Tensor, kernel_px: int, stride: int) -> torch.Tensor:
    """Pad as TensorFlow's SAME does: the odd pixel goes to the right and the bottom."""
    pads: list[int] = []
    for size_px in (picture.shape[3], picture.shape[2]):
        total_px = max((-(-size_px // stride) - 1) * stride + kernel_px - size_px, 0)
        pads += [total_px // 2, total_px - total_px // 2]
    return functional.pad(picture, pads) if any(pads) else picture


class GraphNetwork:
    """Some outputs of a graph model, with its weights laid out for PyTorch once."""

    def __init__(self, graph: GraphModel, outputs: Sequence[str]) -> None:
        self._outputs = tuple(outputs)
        self._nodes = needed(graph.nodes, outputs)
        self._weights = {
            node.name: self._layout(node, graph)
            for node in self._nodes
            if node.op in {"_FusedConv2D", "Conv2D", "FusedDepthwiseConv2dNative", "_FusedMatMul"}
        }

    @staticmethod
    def _layout(node: Node, graph: GraphModel) -> tuple[torch.Tensor, torch.Tensor | None]:
        kernel = graph.constants[node.inputs[1]]
        if node.op == "FusedDepthwiseConv2dNative":
            kernel = kernel.transpose(2, 3, 0, 1)
        elif kernel.ndim == 4:
            kernel = kernel.transpose(3, 2, 0, 1)
        else:
            kernel = kernel.T
        bias = graph.constants[node.inputs[2]] if len(node.inputs) > 2 else None
        return (
            torch.from_numpy(np.ascontiguousarray(kernel, dtype=np.float32)),
            None if bias is None else torch.from_numpy(np.array(bias, dtype=np.float32)),
        )

    def _run(self, node: Node, values: dict[str, torch.Tensor]) -> torch.Tensor:
        given = [values[name] for name in node.inputs if name in values]
        if node.fused not in {(), ("BiasAdd",), ("BiasAdd", "Relu")}:
            raise ValueError(
                f"{node.name}: fused {node.fused} is neither BiasAdd nor Relu after it"
            )
        match node.op:
            case "_FusedConv2D" | "Conv2D" | "FusedDepthwiseConv2dNative":
                kernel, bias = self._weights[node.name]
                groups = len(kernel) if node.op == "FusedDepthwiseConv2dNative" else 1
                padded = _pad_same(given[0], kernel.shape[2], node.strides[0])
                return functional.conv2d(padded, kernel, bias, node.strides, groups=groups)
            case "_FusedMatMul":
                answer = functional.linear(given[0], *self._weights[node.name])
                return functional.relu(answer) if "Relu" in node.fused else answer
            case "Sigmoid":
                return torch.sigmoid(given[0])
            case "Mul":
                return given[0] * given[1]
            case "AddV2":
                return given[0] + given[1]
            case "Mean":
                return given[0].mean(dim=(2, 3), keepdim=node.keep_dims)
        raise ValueError(f"{node.name}: operation {node.op} is not known")

    def __call__(self, pictures: NDArray[np.float32]) -> dict[str, Any]:
        """Run pictures, float32 (n, 224, 224, 3) in [-1, 1]; return each output, float32 (n, k)."""
        with torch.inference_mode():
            entry = torch.from_numpy(np.ascontiguousarray(pictures.transpose(_CHANNELS_FIRST)))
            entry = entry.to(memory_format=torch.channels_last)
            values: dict[str, torch.Tensor] = {}
            for node in self._nodes:
                values[node.name] = entry if node.op == "Placeholder" else self._run(node, values)
            return {name: values[name].numpy() for name in self._outputs}
