"""A committed TF.js graph model, read back: nodes, and weights as float32. Numpy only.

Understands what ``training/release/export.py`` writes: float16, uint8 with one scale or one for
each
channel, int32, and the operations of the folded network. Anything else is a ``ValueError`` that
names it.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from training.network.channel_quantisation import MARK, read_quantised, stored_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_STORED = {"float16": np.float16, "uint8": np.uint8, "float32": np.float32, "int32": np.int32}


@dataclass(frozen=True)
class Node:
    """One operation: the names of its inputs, and its attributes in plain Python."""

    name: str
    op: str
    inputs: tuple[str, ...]
    strides: tuple[int, int]
    fused: tuple[str, ...]
    keep_dims: bool


@dataclass(frozen=True)
class GraphModel:
    """Nodes in an order in which every input comes before its use; constants by name."""

    nodes: tuple[Node, ...]
    constants: Mapping[str, NDArray[Any]]


def _attribute(node: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value: Mapping[str, Any] = node.get("attr", {}).get(name, {})
    return value


def _node(entry: Mapping[str, Any]) -> Node:
    strides = [int(v) for v in _attribute(entry, "strides").get("list", {}).get("i", [])]
    padding = _attribute(entry, "padding").get("s")
    if padding is not None and base64.b64decode(padding) != b"SAME":
        raise ValueError(f"{entry['name']}: padding {padding} is not SAME")
    fused = _attribute(entry, "fused_ops").get("list", {}).get("s", [])
    return Node(
        name=entry["name"],
        op=entry["op"],
        inputs=tuple(entry.get("input", ())),
        strides=(strides[1], strides[2]) if strides else (1, 1),
        fused=tuple(base64.b64decode(name).decode("ascii") for name in fused),
        keep_dims=bool(_attribute(entry, "keep_dims").get("b", False)),
    )


def _sorted(nodes: list[Node], known: set[str]) -> tuple[Node, ...]:
    """Order nodes so that inputs come first; ``ValueError`` if one can never be reached."""
    ordered, waiting, seen = [], list(nodes), set(known)
    while waiting:
        ready = [node for node in waiting if seen.issuperset(node.inputs)]
        if not ready:
            raise ValueError(f"the inputs of {waiting[0].name} are not in the graph")
        ordered += ready
        seen |= {node.name for node in ready}
        waiting = [node for node in waiting if node.name not in seen]
    return tuple(ordered)


def _constants(document: Mapping[str, Any], folder: Path) -> dict[str, NDArray[Any]]:
    """Read every weight as the page does: float16 widened, uint8 times scale plus minimum."""
    constants = {}
    for group in document["weightsManifest"]:
        content = b"".join((folder / name).read_bytes() for name in group["paths"])
        at = 0
        for weight in group["weights"]:
            quantized = weight.get("quantization", {})
            if quantized == MARK:
                shape = tuple(weight["shape"])
                constants[weight["name"]] = read_quantised(content, at, shape).values()
                at += stored_bytes(shape)
                continue
            stored = np.dtype(_STORED[quantized.get("dtype", weight["dtype"])])
            count = int(np.prod(weight["shape"], dtype=np.int64))
            values = np.frombuffer(content, stored, count, at).reshape(weight["shape"])
            at += count * stored.itemsize
            if "scale" in quantized:
                values = values * np.float32(quantized["scale"]) + np.float32(quantized["min"])
            constants[weight["name"]] = values.astype(weight["dtype"])
        if at != len(content):
            raise ValueError(f"the shards hold {len(content)} bytes, the weights {at}")
    return constants


def read_graph_model(path: Path) -> GraphModel:
    """Read ``model.json`` and the shards beside it."""
    document = json.loads(path.read_text(encoding="utf-8"))
    entries = document["modelTopology"]["node"]
    constants = _constants(document, path.parent)
    nodes = [_node(entry) for entry in entries if entry["op"] != "Const"]
    return GraphModel(_sorted(nodes, set(constants)), constants)


def only(graph: GraphModel, outputs: Sequence[str]) -> GraphModel:
    """Return the graph with the nodes and constants that these outputs need, in the same order.

    Raises ``ValueError`` that names an output which is not there.
    """
    by_name = {node.name: node for node in graph.nodes}
    missing = [name for name in outputs if name not in by_name]
    if missing:
        raise ValueError(f"the graph has no {', '.join(missing)}")
    wanted: set[str] = set()
    waiting = list(outputs)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += by_name[name].inputs if name in by_name else ()
    return GraphModel(
        tuple(node for node in graph.nodes if node.name in wanted),
        {name: values for name, values in graph.constants.items() if name in wanted},
    )
