"""The folded network as a TensorFlow graph, and that graph as TF.js files.

Importing this module imports TensorFlow; ``write_graph_model`` also tensorflowjs.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import tensorflow as tf

from lentigo.diagnosis import Diagnosis
from lentigo.model.manifest import OUTPUTS
from lentigo.picture.preprocess import INPUT_SHAPE
from training.network.import_stubs import FOR_TENSORFLOWJS, stand_in_for
from training.release.folded import Activation, Block, Convolution, FoldedNetwork, Head

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARD_BYTES = 4 * 1024 * 1024
_CALL_PREFIX = "PartitionedCall/"


def _activate(x: Any, activation: Activation) -> Any:
    if activation is Activation.SWISH:
        return x * tf.sigmoid(x)
    return tf.sigmoid(x) if activation is Activation.SIGMOID else x


def _convolve(x: Any, layer: Convolution) -> Any:
    with tf.name_scope(layer.name):
        kernel = tf.constant(layer.kernel, name="kernel")
        bias = tf.constant(layer.bias, name="bias")
        strides = [1, layer.stride, layer.stride, 1]
        convolve = tf.nn.depthwise_conv2d if layer.depthwise else tf.nn.conv2d
        return _activate(
            tf.nn.bias_add(convolve(x, kernel, strides, "SAME"), bias), layer.activation
        )


def _apply(x: Any, block: Block) -> Any:
    entry = x
    for layer in block.convolutions[:-1]:
        x = _convolve(x, layer)
    if block.gate is not None:
        # keepdims and 1x1 convolutions: no reshape, so no shape arithmetic in the graph.
        pooled = tf.reduce_mean(x, [1, 2], keepdims=True, name=f"{block.name}/se_mean")
        x = x * _convolve(_convolve(pooled, block.gate.reduce), block.gate.expand)
    x = _convolve(x, block.convolutions[-1])
    return x + entry if block.residual else x


def _read(embedding: Any, head: Head) -> Any:
    with tf.name_scope(head.name):
        kernel = tf.constant(head.kernel, name="kernel")
        bias = tf.constant(head.bias, name="bias")
        return tf.nn.bias_add(tf.matmul(embedding, kernel), bias)


def _read_twice(embedding: Any, heads: tuple[Head, Head]) -> Any:
    hidden, out = heads
    return _read(tf.nn.relu(_read(embedding, hidden)), out)


def run(network: FoldedNetwork, pictures: Any) -> dict[str, Any]:
    """Run float32 (n, 224, 224, 3) in [-1, 1]; return every output of the graph by name.

    ``logits`` (n, 7), ``embedding`` (n, 1280), a logit (n, 1) of each other head, and ``maps``
    (n, 7, 7, 7): the last feature map read by the classifier at each place, without the biases, so
    that the mean of a map plus its bias is that class's logit (Zhou et al., CVPR 2016).
    """
    x = pictures
    for block in network.blocks:
        x = _apply(x, block)
    embedding = tf.reduce_mean(x, [1, 2], name="embedding_mean")
    with tf.name_scope("maps"):
        kernel = tf.constant(network.classifier.kernel[np.newaxis, np.newaxis], name="kernel")
        maps = tf.nn.conv2d(x, kernel, 1, "SAME")
    return {
        "logits": _read(embedding, network.classifier),
        "embedding": embedding,
        "modality": _read_twice(embedding, network.modality),
        "lesion": _read_twice(embedding, network.lesion),
        "melanoma": _read(embedding, network.melanoma),
        "malignancy": _read(embedding, network.malignancy),
        "nail": _read(embedding, network.nail),
        "maps": maps,
    }


def save_saved_model(network: FoldedNetwork, folder: Path) -> None:
    """Write a SavedModel: ``pixels`` float32 1x224x224x3 in, the outputs of ``run`` out."""

    def serve(pixels: Any) -> dict[str, Any]:
        return {
            name: tf.identity(output, name=name) for name, output in run(network, pixels).items()
        }

    pixels = tf.TensorSpec(INPUT_SHAPE, tf.float32, name="pixels")
    module = tf.Module()
    module.serve = tf.function(serve, input_signature=[pixels], autograph=False)
    tf.saved_model.save(module, str(folder), signatures=module.serve)


def write_graph_model(
    network: FoldedNetwork, folder: Path, in_float16: Sequence[str] | Literal[True]
) -> None:
    """Write ``model.json`` and weight shards of a TF.js graph model into ``folder``.

    ``in_float16`` names the weights that are stored so, or is True for all; the others stay in
    float32. The labels travel in the model's own metadata.
    """
    stand_in_for(FOR_TENSORFLOWJS)
    from tensorflowjs.converters import tf_saved_model_conversion_v2 as conversion  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as scratch:
        save_saved_model(network, Path(scratch) / "saved")
        conversion.convert_tf_saved_model(
            str(Path(scratch) / "saved"),
            str(folder),
            quantization_dtype_map={
                "float16": True if in_float16 is True else [f"*{name}" for name in in_float16]
            },
            weight_shard_size_bytes=SHARD_BYTES,
            strip_debug_ops=True,
            metadata={"labels": [str(label) for label in Diagnosis]},
        )
    model_path = folder / "model.json"
    document = _tidy(json.loads(model_path.read_text()))
    model_path.write_text(json.dumps(document, separators=(",", ":"), sort_keys=True) + "\n")


def _tidy(document: dict[str, Any]) -> dict[str, Any]:
    """Drop the Identity nodes and the call's prefix, so that outputs are named for what they are.

    A node is named as in ``training/release/folded.py``, the outputs as ``run`` names them.
    """
    topology = document["modelTopology"]
    # TensorFlow flattens a dict in the order of its sorted keys, into Identity, Identity_1, …; the
    # converter knows outputs by their shape alone, and two have the same.
    identity = {
        f"Identity_{place}" if place else "Identity": name
        for place, name in enumerate(sorted(OUTPUTS))
    }
    names = {
        node["input"][0]: identity[node["name"]]
        for node in topology["node"]
        if node["op"] == "Identity" and node["name"] in identity
    }
    if sorted(names.values()) != sorted(OUTPUTS):
        raise ValueError(f"the converted graph has the outputs {sorted(names.values())}")

    def renamed(name: str) -> str:
        return names.get(name, name.removeprefix(_CALL_PREFIX))

    topology["node"] = [node for node in topology["node"] if node["name"] not in identity]
    for node in topology["node"]:
        node["name"] = renamed(node["name"])
        if "input" in node:
            node["input"] = [renamed(source) for source in node["input"]]
    for group in document["weightsManifest"]:
        for weight in group["weights"]:
            weight["name"] = renamed(weight["name"])
    by_node = {
        entry["name"].split(":")[0]: entry for entry in document["signature"]["outputs"].values()
    }
    document["signature"]["outputs"] = {
        name: {**by_node[node], "name": f"{name}:0"} for node, name in identity.items()
    }
    return document
