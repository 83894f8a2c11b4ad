"""The committed weights for other runtimes, so that speeds are compared on the same network.

    python -m training.release.peers --out .cache/peers

makes ``model.tflite`` (float32), ``model.float16.tflite`` and ``model.onnx`` from
``models/<id>/float16/`` alone, and checks each against the golden logits. Input: ``pixels``,
float32 1x224x224x3 in [-1, 1]. Output: ``logits``, float32 1x7.
"""

from __future__ import annotations

import argparse
import base64
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from lentigo.diagnosis import Diagnosis
from lentigo.picture.preprocess import INPUT_SHAPE, normalise
from training.network.graph_model import GraphModel, Node, only, read_graph_model
from training.network.model_folder import DEFAULT_MODEL, REPOSITORY, ModelFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

INPUT, OUTPUT = "pixels", "logits"
OUTPUTS = {OUTPUT: len(Diagnosis)}
# In ONNX a convolution takes channels first; the picture is turned once, at the entry.
_TURNED_INPUT = "pixels:nchw"
# ONNX 1.17's operators; onnxruntime-web and onnxruntime both know them.
ONNX_OPSET, ONNX_IR = 17, 9


def golden(folder: ModelFolder) -> list[tuple[NDArray[np.float32], NDArray[np.float64]]]:
    """Return the golden inputs, float32 1x224x224x3, with the logits expected of them."""
    cases = []
    for case in json.loads(folder.golden.read_text(encoding="utf-8"))["cases"]:
        raw = np.frombuffer(base64.b64decode(case["rgb"]), np.uint8)
        pixels = raw.reshape(case["height"], case["width"], 3)
        pixels = pixels.repeat(case["repeat"], axis=0).repeat(case["repeat"], axis=1)
        cases.append((normalise(Image.fromarray(pixels)), np.array(case["logits"])))
    return cases


def _tensorflow_node(node: Node, values: dict[str, Any]) -> Any:
    import tensorflow as tf  # noqa: PLC0415

    given = [values[name] for name in node.inputs]
    strides = [1, *node.strides, 1]
    match node.op:
        case "_FusedConv2D":
            return tf.nn.bias_add(tf.nn.conv2d(given[0], given[1], strides, "SAME"), given[2])
        case "FusedDepthwiseConv2dNative":
            convolved = tf.nn.depthwise_conv2d(given[0], given[1], strides, "SAME")
            return tf.nn.bias_add(convolved, given[2])
        case "_FusedMatMul":
            return tf.nn.bias_add(tf.matmul(given[0], given[1]), given[2])
        case "Sigmoid":
            return tf.sigmoid(given[0])
        case "Mul":
            return given[0] * given[1]
        case "AddV2":
            return given[0] + given[1]
        case "Mean":
            return tf.reduce_mean(given[0], given[1], keepdims=node.keep_dims)
    raise ValueError(f"{node.name}: operation {node.op} is not known")


def _check_fused(node: Node, known: tuple[tuple[str, ...], ...] = (("BiasAdd",),)) -> None:
    if node.op.startswith(("_Fused", "Fused")) and node.fused not in known:
        raise ValueError(f"{node.name}: fused {node.fused} is not BiasAdd alone")


def write_tflite(graph: GraphModel, path: Path, half: bool) -> None:
    """Write a TensorFlow Lite model; ``half`` stores the weights in float16."""
    import tensorflow as tf  # noqa: PLC0415

    def serve(pixels: Any) -> dict[str, Any]:
        values: dict[str, Any] = {n: tf.constant(v) for n, v in graph.constants.items()}
        for node in graph.nodes:
            _check_fused(node)
            if node.op == "Placeholder":
                values[node.name] = pixels
            else:
                values[node.name] = _tensorflow_node(node, values)
        return {OUTPUT: values[OUTPUT]}

    pixels = tf.TensorSpec(INPUT_SHAPE, tf.float32, name=INPUT)
    module = tf.Module()
    module.serve = tf.function(serve, input_signature=[pixels], autograph=False)
    with tempfile.TemporaryDirectory() as scratch:
        tf.saved_model.save(module, scratch, signatures=module.serve)
        converter = tf.lite.TFLiteConverter.from_saved_model(scratch)
        if half:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.target_spec.supported_types = [tf.float16]
        path.write_bytes(converter.convert())


class _OnnxGraph:
    """ONNX nodes and initialisers as they come; inside, pictures are NCHW as ONNX has them."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.initialisers: list[Any] = []

    def constant(self, name: str, values: NDArray[Any]) -> str:
        """Add a constant and return its name."""
        from onnx import numpy_helper  # noqa: PLC0415

        self.initialisers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, op: str, inputs: list[str], output: str, **attributes: Any) -> None:
        """Add one operation."""
        from onnx import helper  # noqa: PLC0415

        self.nodes.append(helper.make_node(op, inputs, [output], output, **attributes))

    def convolve(self, node: Node, graph: GraphModel) -> None:
        """Add a convolution: HWIO becomes OIHW; TensorFlow's SAME is ONNX's SAME_UPPER."""
        kernel = graph.constants[node.inputs[1]]
        depthwise = node.op == "FusedDepthwiseConv2dNative"
        order = (2, 3, 0, 1) if depthwise else (3, 2, 0, 1)
        weights = self.constant(f"{node.name}:kernel", kernel.transpose(order))
        bias = self.constant(f"{node.name}:bias", graph.constants[node.inputs[2]])
        self.add(
            "Conv",
            [_TURNED_INPUT if node.inputs[0] == INPUT else node.inputs[0], weights, bias],
            node.name,
            kernel_shape=list(kernel.shape[:2]),
            strides=list(node.strides),
            auto_pad="SAME_UPPER",
            group=int(kernel.shape[2]) if depthwise else 1,
        )

    def convert(self, node: Node, graph: GraphModel) -> None:
        """Add what one node of the TF.js graph is in ONNX."""
        _check_fused(node, (("BiasAdd",), ("BiasAdd", "Relu")))
        match node.op:
            case "Placeholder":
                self.add("Transpose", [INPUT], _TURNED_INPUT, perm=[0, 3, 1, 2])
            case "_FusedConv2D" | "FusedDepthwiseConv2dNative":
                self.convolve(node, graph)
            case "_FusedMatMul":
                kernel = self.constant(f"{node.name}:kernel", graph.constants[node.inputs[1]])
                bias = self.constant(f"{node.name}:bias", graph.constants[node.inputs[2]])
                rectified = "Relu" in node.fused
                sums = f"{node.name}:sums" if rectified else node.name
                self.add("Gemm", [node.inputs[0], kernel, bias], sums)
                if rectified:
                    self.add("Relu", [sums], node.name)
            case "Sigmoid" | "Mul":
                self.add(node.op, list(node.inputs), node.name)
            case "AddV2":
                self.add("Add", list(node.inputs), node.name)
            case "Mean":
                if sorted(graph.constants[node.inputs[1]].tolist()) != [1, 2]:
                    raise ValueError(f"{node.name}: a mean over other axes than the picture's")
                self.add(
                    "ReduceMean",
                    [node.inputs[0]],
                    node.name,
                    axes=[2, 3],
                    keepdims=int(node.keep_dims),
                )
            case _:
                raise ValueError(f"{node.name}: operation {node.op} is not known")


def write_onnx(graph: GraphModel, path: Path, outputs: Mapping[str, int] = OUTPUTS) -> None:
    """Write an ONNX model with the same input (1x224x224x3) and outputs, 1 x so many values."""
    import onnx  # noqa: PLC0415
    from onnx import TensorProto, helper  # noqa: PLC0415

    built = _OnnxGraph()
    for node in graph.nodes:
        built.convert(node, graph)
    document = helper.make_model(
        helper.make_graph(
            built.nodes,
            "lentigo",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, list(INPUT_SHAPE))],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, values])
                for name, values in outputs.items()
            ],
            built.initialisers,
        ),
        opset_imports=[helper.make_opsetid("", ONNX_OPSET)],
        ir_version=ONNX_IR,
    )
    onnx.checker.check_model(document, full_check=True)
    onnx.save(document, str(path))


def run_tflite(path: Path) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """Return a function that runs a TensorFlow Lite model."""
    import tensorflow as tf  # noqa: PLC0415

    interpreter = tf.lite.Interpreter(model_path=str(path), num_threads=2)
    signature = interpreter.get_signature_runner("serving_default")
    return lambda pixels: np.asarray(signature(**{INPUT: pixels})[OUTPUT])


def run_onnx(path: Path) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """Return a function that runs an ONNX model."""
    import onnxruntime  # noqa: PLC0415

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return lambda pixels: np.asarray(session.run([OUTPUT], {INPUT: pixels})[0])


def check(
    name: str,
    run: Callable[[NDArray[np.float32]], NDArray[np.float32]],
    folder: ModelFolder,
    tolerance_logit: float,
) -> None:
    """Print the largest error in logits; ``SystemExit`` if it is beyond the tolerance."""
    errors = [float(np.abs(run(pixels)[0] - logits).max()) for pixels, logits in golden(folder)]
    print(f"{name}: largest logit error {max(errors):.2g} on {len(errors)} golden pictures")
    if not max(errors) <= tolerance_logit:
        raise SystemExit(f"{name} is off by more than {tolerance_logit}: do not compare speeds")


def main() -> None:
    """Make TensorFlow Lite and ONNX models from the committed TF.js weights."""
    parser = argparse.ArgumentParser(
        prog="python -m training.release.peers",
        description=main.__doc__,
        epilog="Needs training/requirements-peers.txt; no pictures and no checkpoint.",
    )
    parser.add_argument("--out", type=Path, default=REPOSITORY / ".cache" / "peers")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the folder under models/")
    given = parser.parse_args()
    folder = ModelFolder.named(given.model)
    tolerance = json.loads(folder.manifest.read_text())["variants"]["float16"]["tolerance_logit"]
    graph = only(read_graph_model(folder.path / "float16" / "model.json"), [OUTPUT])
    given.out.mkdir(parents=True, exist_ok=True)
    for name, half in (("model.tflite", False), ("model.float16.tflite", True)):
        write_tflite(graph, given.out / name, half)
        check(name, run_tflite(given.out / name), folder, tolerance)
    write_onnx(graph, given.out / "model.onnx")
    check("model.onnx", run_onnx(given.out / "model.onnx"), folder, tolerance)


if __name__ == "__main__":
    main()
