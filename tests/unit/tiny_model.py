"""A model of one's own that fits on a page: the mean colour, times a matrix. Made by code.

It has the logits and nothing else: no embedding, no modality, no lesion head, no maps. Written as
``models/README.md`` says, in TF.js's graph format, without TensorFlow.
"""

from __future__ import annotations

import json
from base64 import b64decode
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# Rows: mean red, green and blue, -1..1. Columns: the seven classes. Each golden picture of the
# released model has another colour, so that the classes on top differ.
KERNEL = np.array(
    [
        [0.0, 4.0, 0.5, -1.0, -6.0, 3.0, 1.0],
        [0.5, -2.0, 2.0, 0.0, -1.0, -3.0, -4.0],
        [-1.0, 1.0, -3.0, 2.0, -2.0, 0.5, 2.0],
    ],
    dtype=np.float32,
)
BIAS = np.array([0.1, -0.2, 0.3, -0.1, 0.4, 0.2, -0.3], dtype=np.float32)
ABSENT = ("embedding", "modality", "lesion", "melanoma", "malignancy", "maps")


def network(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return logits (n, 7) of pictures (n, 224, 224, 3) in -1..1: what the graph computes."""
    return np.asarray(pixels.mean(axis=(1, 2)) @ KERNEL + BIAS, dtype=np.float32)


def _constant(name: str, kind: str, shape: tuple[int, ...]) -> dict[str, Any]:
    dims = {"dim": [{"size": str(size)} for size in shape]}
    value = {"tensor": {"dtype": kind, "tensorShape": dims}}
    return {"name": name, "op": "Const", "attr": {"dtype": {"type": kind}, "value": value}}


def topology() -> dict[str, Any]:
    """Return ``model.json``: a placeholder, a mean over the places, a matrix, a bias."""
    real = {"T": {"type": "DT_FLOAT"}}
    dims = [{"size": str(size)} for size in (1, 224, 224, 3)]
    nodes: list[dict[str, Any]] = [
        {
            "name": "picture",
            "op": "Placeholder",
            "attr": {"dtype": {"type": "DT_FLOAT"}, "shape": {"shape": {"dim": dims}}},
        },
        _constant("places", "DT_INT32", (2,)),
        _constant("kernel", "DT_FLOAT", KERNEL.shape),
        _constant("bias", "DT_FLOAT", BIAS.shape),
        {
            "name": "colour",
            "op": "Mean",
            "input": ["picture", "places"],
            "attr": {**real, "Tidx": {"type": "DT_INT32"}, "keep_dims": {"b": False}},
        },
        {
            "name": "product",
            "op": "MatMul",
            "input": ["colour", "kernel"],
            "attr": {**real, "transpose_a": {"b": False}, "transpose_b": {"b": False}},
        },
        {"name": "scores", "op": "AddV2", "input": ["product", "bias"], "attr": real},
    ]
    tensor = {"dtype": "DT_FLOAT", "name": "picture:0", "tensorShape": {"dim": dims}}
    answer = {
        "dtype": "DT_FLOAT",
        "name": "scores:0",
        "tensorShape": {"dim": [{"size": "1"}, {"size": "7"}]},
    }
    return {
        "format": "graph-model",
        "modelTopology": {"node": nodes, "library": {}, "versions": {}},
        "signature": {"inputs": {"picture": tensor}, "outputs": {"scores": answer}},
        "weightsManifest": [
            {
                "paths": ["shard.bin"],
                "weights": [
                    {"name": "places", "shape": [2], "dtype": "int32"},
                    {"name": "kernel", "shape": list(KERNEL.shape), "dtype": "float32"},
                    {"name": "bias", "shape": list(BIAS.shape), "dtype": "float32"},
                ],
            }
        ],
    }


def golden(released: dict[str, Any]) -> dict[str, Any]:
    """Return the released model's golden pictures with this network's logits."""
    cases = []
    for case in released["cases"]:
        drawn = np.frombuffer(b64decode(case["rgb"]), dtype=np.uint8)
        square = drawn.reshape(case["height"], case["width"], 3)
        wide = square.repeat(case["repeat"], axis=0).repeat(case["repeat"], axis=1)
        pixels = (wide[np.newaxis] / 127.5 - 1).astype(np.float32)
        cases.append({**case, "logits": [float(value) for value in network(pixels)[0]]})
    return {"cases": cases}


def manifest(released: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest as a person writes it: from the released one, without files."""
    return {
        **released,
        "id": "mean-colour",
        "architecture": "The mean colour times a matrix",
        "parameters": KERNEL.size + BIAS.size,
        "outputs": {"logits": "scores", **dict.fromkeys(ABSENT)},
        "default_variant": "float32",
        "variants": {
            "float32": {"model": "float32/model.json", "files": {}, "tolerance_logit": 0.01}
        },
        "golden": {"path": "golden.json"},
        "modality": None,
        "out_of_distribution": None,
        "selection": dict.fromkeys(("temperature", "scales", "modality", "out_of_distribution")),
        "evaluation": None,
        "data": [],
        "licence": "none: it learned nothing",
    }


def write(folder: Path, released: Path) -> None:
    """Write the model into a folder; ``released`` is the folder of the model to start from."""
    (folder / "float32").mkdir(parents=True)
    parts = [np.array([1, 2], dtype="<i4"), KERNEL.astype("<f4"), BIAS.astype("<f4")]
    (folder / "float32" / "shard.bin").write_bytes(b"".join(part.tobytes() for part in parts))
    documents = {
        "float32/model.json": topology(),
        "golden.json": golden(json.loads((released / "golden.json").read_text(encoding="utf-8"))),
        "manifest.json": manifest(
            json.loads((released / "manifest.json").read_text(encoding="utf-8"))
        ),
    }
    for name, document in documents.items():
        (folder / name).write_text(json.dumps(document), encoding="utf-8")
