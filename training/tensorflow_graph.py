"""The folded network as a TensorFlow graph, and that graph as TF.js files.

Importing this module imports TensorFlow; ``write_graph_model`` also tensorflowjs.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from lentigo.diagnosis import Diagnosis
from lentigo.preprocess import INPUT_SHAPE
from training.folded import Activation, Block, Convolution, FoldedNetwork
from training.import_stubs import FOR_TENSORFLOWJS, stand_in_for

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def run(network: FoldedNetwork, pictures: Any) -> tuple[Any, Any]:
    """Run float32 (n, 224, 224, 3) in [-1, 1]; return logits (n, 7) and embedding (n, 1280)."""
    x = pictures
    for block in network.blocks:
        x = _apply(x, block)
    embedding = tf.reduce_mean(x, [1, 2], name="embedding_mean")
    kernel = tf.constant(network.kernel, name="classifier/kernel")
    bias = tf.constant(network.bias, name="classifier/bias")
    return tf.nn.bias_add(tf.matmul(embedding, kernel), bias), embedding


def save_saved_model(network: FoldedNetwork, folder: Path) -> None:
    """Write a SavedModel: ``pixels`` float32 1x224x224x3 in, ``logits`` and ``embedding`` out."""
    module = tf.Module()

    @tf.function(
        input_signature=[tf.TensorSpec(INPUT_SHAPE, tf.float32, name="pixels")], autograph=False
    )
    def serve(pixels: Any) -> dict[str, Any]:
        logits, embedding = run(network, pixels)
        return {
            "logits": tf.identity(logits, name="logits"),
            "embedding": tf.identity(embedding, name="embedding"),
        }

    module.serve = serve
    tf.saved_model.save(module, str(folder), signatures=serve)


def write_graph_model(
    network: FoldedNetwork, folder: Path, quantization: Mapping[str, bool | str | list[str]]
) -> None:
    """Write ``model.json`` and weight shards of a TF.js graph model into ``folder``.

    ``quantization`` maps "float16" or "uint8" to the names of the weights (with wildcards) or to
    True for all others. The labels travel in the model's own metadata.
    """
    stand_in_for(FOR_TENSORFLOWJS)
    from tensorflowjs.converters import tf_saved_model_conversion_v2 as conversion  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as scratch:
        save_saved_model(network, Path(scratch) / "saved")
        conversion.convert_tf_saved_model(
            str(Path(scratch) / "saved"),
            str(folder),
            quantization_dtype_map=dict(quantization),
            weight_shard_size_bytes=SHARD_BYTES,
            strip_debug_ops=True,
            metadata={"labels": [str(label) for label in Diagnosis]},
        )
    model_path = folder / "model.json"
    document = _tidy(json.loads(model_path.read_text()))
    model_path.write_text(json.dumps(document, separators=(",", ":"), sort_keys=True) + "\n")


def _tidy(document: dict[str, Any]) -> dict[str, Any]:
    """Drop the Identity nodes and the call's prefix, so that outputs are named for what they are.

    A node is named as in ``training/folded.py``; the outputs are ``logits`` and ``embedding``.
    """
    topology = document["modelTopology"]
    outputs = document["signature"]["outputs"]
    identity = {entry["name"].split(":")[0]: name for name, entry in outputs.items()}
    names = {
        node["input"][0]: identity[node["name"]]
        for node in topology["node"]
        if node["op"] == "Identity" and node["name"] in identity
    }

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
    for name, entry in outputs.items():
        entry["name"] = f"{name}:0"
    return document
