"""Which nodes of a graph become one of our kernels', and which stay TF.js's own."""

from __future__ import annotations

import base64
import json
import subprocess
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tooling.layout import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

FUSION = (REPOSITORY.root / "js" / "engine" / "kernels" / "fusion.js").as_uri()
Node = dict[str, Any]
SHAPES = {"w": [3, 3, 4, 8], "d": [3, 3, 8, 1], "odd": [3, 3, 4, 12], "deep": [3, 3, 512, 8]}
SHAPES |= {"down": [1, 1, 8, 4], "up": [1, 1, 4, 8], "d5": [5, 5, 8, 1], "oblong": [3, 5, 8, 1]}
SHAPES |= {"stem": [3, 3, 3, 8], "wider": [3, 3, 228, 8]}
SHAPES |= {"project": [1, 1, 8, 4], "widen": [1, 1, 8, 8]}
SHAPES |= {"head": [8, 7], "wide": [8, 65], "out": [7, 1]}


def run(folder: Path, expression: str) -> Any:
    script = folder / "run.mjs"
    script.write_text(
        f"import {{ fuse, pack, toPoints, WASM, WEBGPU }} from '{FUSION}';\n"
        f"const shapes = {json.dumps(SHAPES)};\n"
        f"const values = {{ axes: [1, 2], other: [0, 1] }};\n"
        f"console.log(JSON.stringify({expression}));\n"
    )
    done = subprocess.run(["node", script], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def fused(folder: Path, nodes: list[Node], abilities: str = "WASM") -> list[Node]:
    weights = {name for node in nodes for name in node.get("input", ())} & {*SHAPES, "b", "axes"}
    known = [{"name": name, "op": "Const"} for name in sorted(weights)] + nodes
    after: list[Node] = run(
        folder, f"fuse({json.dumps(known)}, (n) => shapes[n], (n) => values[n], {abilities}).nodes"
    )
    return [node for node in after if node["op"] != "Const"]


def text(value: str) -> dict[str, str]:
    return {"s": base64.b64encode(value.encode()).decode()}


def convolution(name: str, source: str, weights: str, op: str = "_FusedConv2D") -> Node:
    attributes = {
        "strides": {"list": {"i": ["1", "2", "2", "1"]}},
        "padding": text("SAME"),
        "fused_ops": {"list": {"s": [text("BiasAdd")["s"]]}},
    }
    return {"name": name, "op": op, "input": [source, weights, "b"], "attr": attributes}


def node(name: str, op: str, *inputs: str, **attributes: object) -> Node:
    return {"name": name, "op": op, "input": list(inputs), "attr": attributes}


X = {"name": "x", "op": "Placeholder"}


def swish(of: str) -> list[Node]:
    return [node("s", "Sigmoid", of), node("m", "Mul", of, "s")]


def test_a_convolution_takes_its_swish(tmp_path: Path) -> None:
    after = fused(tmp_path, [X, convolution("c", "x", "w"), *swish("c")])
    assert [each["name"] for each in after] == ["x", "m"]
    assert (after[1]["op"], after[1]["input"]) == ("LentigoConvolution", ["x", "w", "b"])
    read = {name: value["i"] for name, value in after[1]["attr"].items()}
    expected = {"stride": "2", "same": "1", "swish": "1", "height": "3", "width": "3"}
    assert read == expected | {"points": "0", "residual": "0", "scale": "0"}


@pytest.mark.parametrize(("weights", "size"), [("d", "3"), ("d5", "5")])
def test_a_depthwise_convolution_takes_its_swish(tmp_path: Path, weights: str, size: str) -> None:
    depthwise = convolution("c", "x", weights, "FusedDepthwiseConv2dNative")
    after = fused(tmp_path, [X, depthwise, *swish("c")])
    assert [each["name"] for each in after] == ["x", "m"]
    assert (after[1]["op"], after[1]["input"]) == ("LentigoDepthwise", ["x", weights, "b"])
    read = {name: value["i"] for name, value in after[1]["attr"].items()}
    assert read == {"size": size, "stride": "2", "same": "1", "swish": "1"}


def test_an_oblong_depthwise_convolution_stays(tmp_path: Path) -> None:
    depthwise = convolution("c", "x", "oblong", "FusedDepthwiseConv2dNative")
    assert fused(tmp_path, [X, depthwise]) == [X, depthwise]


def test_a_convolution_takes_the_residual_that_is_added(tmp_path: Path) -> None:
    after = fused(tmp_path, [X, convolution("c", "x", "w"), node("a", "AddV2", "c", "x")])
    assert [each["name"] for each in after] == ["x", "a"]
    assert after[1]["input"] == ["x", "w", "b", "x"]
    assert after[1]["attr"]["swish"] == {"i": "0"}


def test_of_two_convolutions_that_are_added_one_takes_the_other(tmp_path: Path) -> None:
    nodes = [
        X,
        convolution("c", "x", "w"),
        convolution("e", "x", "up"),
        node("a", "AddV2", "c", "e"),
    ]
    after = {each["name"]: each["op"] for each in fused(tmp_path, nodes)}
    assert after == {"x": "Placeholder", "e": "LentigoConvolution", "a": "LentigoConvolution"}


def plain(name: str, source: str, weights: str) -> Node:
    found = convolution(name, source, weights)
    found["attr"]["strides"] = {"list": {"i": ["1", "1", "1", "1"]}}
    return found


def gate(axes: str) -> list[Node]:
    return [
        X,
        node("mean", "Mean", "x", axes, keep_dims={"b": True}),
        plain("r", "mean", "down"),
        *swish("r"),
        plain("e", "m", "up"),
        node("g", "Sigmoid", "e"),
        node("out", "Mul", "x", "g"),
    ]


EXCITATION = ["down", "b", "up", "b"]


@pytest.mark.parametrize(
    ("abilities", "project", "parts"),
    [
        ("WASM", "widen", {"g": ("LentigoGate", ["x", *EXCITATION])}),
        (
            "WEBGPU",
            "project",
            {"mean": ("LentigoMean", ["x"]), "g": ("LentigoExcite", ["mean", *EXCITATION])},
        ),
    ],
)
def test_a_gate_scales_what_the_next_convolution_reads(
    tmp_path: Path, abilities: str, project: str, parts: dict[str, tuple[str, list[str]]]
) -> None:
    nodes = [*gate("axes"), plain("c", "out", project), node("a", "AddV2", "c", "x")]
    after = fused(tmp_path, nodes, abilities)
    assert {each["name"]: (each["op"], each.get("input")) for each in after[1:]} == {
        **parts,
        "a": ("LentigoConvolution", ["x", project, "b", "x", "g"]),
    }
    attributes = after[-1]["attr"]
    assert (attributes["residual"], attributes["scale"]) == ({"i": "1"}, {"i": "1"})
    assert "LentigoGate" not in {each["op"] for each in fused(tmp_path, gate("other"))}


@pytest.mark.parametrize("abilities", ["WASM", "WEBGPU"])
@pytest.mark.parametrize("reader", ["w", "twice"])
def test_a_gate_that_cannot_be_a_scale_stays_a_product(
    tmp_path: Path, reader: str, abilities: str
) -> None:
    readers = [plain("c", "out", "widen"), node("z", "Relu", "out")]
    if reader == "w":
        readers = [plain("c", "out", "w")]
    after = {each["name"]: each for each in fused(tmp_path, [*gate("axes"), *readers], abilities)}
    assert after["out"] == node("out", "Mul", "x", "g")
    assert after["c"]["input"][0] == "out"
    assert after["c"]["attr"]["scale"] == {"i": "0"}


def test_means_are_ours_and_on_a_gpu_heads(tmp_path: Path) -> None:
    head = node("h", "_FusedMatMul", "mean", "head", "b")
    head["attr"]["fused_ops"] = {"list": {"s": [text("BiasAdd")["s"], text("Relu")["s"]]}}
    nodes = [X, node("mean", "Mean", "x", "axes"), head]
    after = {each["name"]: each for each in fused(tmp_path, nodes, "WEBGPU")}
    assert after["mean"]["op"] == "LentigoMean"
    assert after["mean"]["attr"] == {"keep": {"i": "0"}}
    assert (after["h"]["op"], after["h"]["attr"]) == ("LentigoDense", {"relu": {"i": "1"}})
    assert fused(tmp_path, nodes) == [X, after["mean"], head]
    other = [X, node("mean", "Mean", "x", "other"), node("h", "_FusedMatMul", "mean", "wide", "b")]
    assert fused(tmp_path, other, "WEBGPU") == other


def layer(name: str, source: str, weights: str, *fused_ops: str) -> Node:
    one = node(name, "_FusedMatMul", source, weights, "b")
    one["attr"]["fused_ops"] = {"list": {"s": [text(op)["s"] for op in fused_ops]}}
    return one


def test_on_a_gpu_two_layers_on_a_mean_are_one(tmp_path: Path) -> None:
    mean = node("mean", "Mean", "x", "axes")
    first, second = layer("h", "mean", "head", "BiasAdd", "Relu"), layer("o", "h", "out", "BiasAdd")
    after = fused(tmp_path, [X, mean, first, second], "WEBGPU")
    assert [(each["name"], each["op"]) for each in after[1:]] == [
        ("mean", "LentigoMean"), ("o", "LentigoHead")
    ]  # fmt: skip
    assert after[-1]["input"] == ["mean", "head", "b", "out", "b"]
    # Of several rows, without relu, with relu at the end, and where another node reads the units.
    rows = layer("h", "x", "head", "BiasAdd", "Relu")
    for nodes in (
        [X, mean, rows, second],
        [X, mean, layer("h", "mean", "head", "BiasAdd"), second],
        [X, mean, first, layer("o", "h", "out", "BiasAdd", "Relu")],
        [X, mean, first, second, layer("p", "h", "out", "BiasAdd")],
    ):
        found = fused(tmp_path, nodes, "WEBGPU")
        assert {each["op"] for each in found[2:]} == {"LentigoDense"}
    assert fused(tmp_path, [X, mean, first, second])[2:] == [first, second]


@pytest.mark.parametrize("weights", ["odd", "deep"])
def test_what_the_kernels_cannot_stays(tmp_path: Path, weights: str) -> None:
    nodes = [X, convolution("c", "x", weights), *swish("c")]
    assert fused(tmp_path, nodes) == nodes


@pytest.mark.parametrize(
    "change",
    [
        {"dilations": {"list": {"i": ["1", "2", "2", "1"]}}},
        {"padding": text("EXPLICIT")},
        {"data_format": text("NCHW")},
        {"fused_ops": {"list": {"s": [text("BiasAdd")["s"], text("Relu")["s"]]}}},
        {"strides": {"list": {"i": ["1", "1", "2", "1"]}}},
    ],
)
def test_another_kind_of_convolution_stays(tmp_path: Path, change: Node) -> None:
    for op, weights in (("_FusedConv2D", "w"), ("FusedDepthwiseConv2dNative", "d")):
        other = convolution("c", "x", weights, op)
        other["attr"] |= change
        assert fused(tmp_path, [X, other]) == [X, other]


def test_what_somebody_else_reads_too_is_not_swallowed(tmp_path: Path) -> None:
    nodes = [X, convolution("c", "x", "w"), *swish("c"), node("z", "Relu", "c")]
    after = {each["name"]: each["op"] for each in fused(tmp_path, nodes)}
    assert after == {
        "x": "Placeholder",
        "c": "LentigoConvolution",
        "s": "Sigmoid",
        "m": "Mul",
        "z": "Relu",
    }


@pytest.mark.parametrize(
    ("weights", "stride", "abilities", "layout"),
    [
        ("w", "1", "WASM", "points"),
        ("w", "2", "WASM", "panels"),
        ("up", "1", "WASM", "panels"),
        ("stem", "1", "WASM", "panels"),
        ("wider", "1", "WASM", "panels"),
        ("w", "1", "WEBGPU", None),
    ],
)
def test_a_convolution_3x3_takes_winograds_points(
    tmp_path: Path, weights: str, stride: str, abilities: str, layout: str | None
) -> None:
    one = convolution("c", "x", weights)
    one["attr"]["strides"] = {"list": {"i": ["1", stride, stride, "1"]}}
    nodes = json.dumps([X, {"name": weights, "op": "Const"}, one])
    found = run(
        tmp_path,
        f"(({{ nodes, layouts }}) => [nodes.at(-1).attr.points.i, [...layouts]])"
        f"(fuse({nodes}, (n) => shapes[n], (n) => values[n], {abilities}))",
    )
    expected = [[weights, layout]] if layout else []
    assert found == [str(int(layout == "points")), expected]


def test_points_are_those_of_winograd(tmp_path: Path) -> None:
    # Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", section 4.3.
    seen = np.array(
        [
            [4, 0, -5, 0, 1, 0],
            [0, -4, -4, 1, 1, 0],
            [0, 4, -4, -1, 1, 0],
            [0, -2, -1, 2, 1, 0],
            [0, 2, -1, -2, 1, 0],
            [0, 4, 0, -5, 0, 1],
        ]
    )
    out = np.array(
        [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]]
    )
    rng = np.random.default_rng(1)
    weights, square = rng.normal(size=(3, 3)), rng.normal(size=(6, 6))
    points = run(tmp_path, f"[...toPoints({weights.ravel().tolist()})]")
    found = out @ (np.reshape(points, (6, 6)) * (seen @ square @ seen.T)) @ out.T
    expected = [
        [(square[y : y + 3, x : x + 3] * weights).sum() for x in range(4)] for y in range(4)
    ]
    assert found == pytest.approx(np.array(expected), abs=1e-5)


def test_weights_lie_in_panels_of_eight_channels(tmp_path: Path) -> None:
    packed = run(tmp_path, "[...pack(Array.from({length: 32}, (_, i) => i), 16)]")
    assert packed == [*range(8), *range(16, 24), *range(8, 16), *range(24, 32)]
