"""Weights with a scale for each channel: rounding, storage, and JavaScript's reading of it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tooling.layout import REPOSITORY
from training.network.channel_quantisation import (
    MARK,
    quantise,
    read_quantised,
    rewrite_weights,
    stored_bytes,
)
from training.network.graph_model import read_graph_model

# A channel from 0 to 255, one that is a thousandth as wide, and one that is constant.
KERNEL = np.array([[0.0, -0.1, 7.0], [255.0, 0.155, 7.0], [100.0, 0.0, 7.0]], dtype=np.float32)


def test_each_channel_is_rounded_by_its_own_range() -> None:
    quantised = quantise(KERNEL)
    assert quantised.levels.tolist() == [[0, 0, 0], [255, 255, 0], [100, 100, 0]]
    np.testing.assert_allclose(quantised.scales, [1.0, 0.001, 0.0], rtol=1e-5)
    np.testing.assert_allclose(quantised.values(), KERNEL, atol=1e-6)


def test_no_value_is_off_by_more_than_half_a_step_of_its_channel() -> None:
    kernel = np.random.default_rng(1).normal(size=(3, 3, 8, 5)).astype(np.float32)
    kernel *= np.array([1, 0.1, 0.01, 10, 100], dtype=np.float32)
    quantised = quantise(kernel)
    error = np.abs(quantised.values() - kernel).max(axis=(0, 1, 2))
    assert (error <= quantised.scales * 0.501).all()


def test_what_is_stored_is_read_back_also_from_the_middle_of_a_file() -> None:
    quantised = quantise(KERNEL)
    content = b"abc" + quantised.to_bytes() + b"def"
    assert len(content) - 6 == stored_bytes(KERNEL.shape) == 9 + 2 * 4 * 3
    back = read_quantised(content, 3, KERNEL.shape)
    assert np.array_equal(back.values(), quantised.values())


def graph_model(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Write a model of three weights as the converter does: one in float16, two in float32."""
    weights = {
        "bias": np.array([1.5, -2.0, 0.25], dtype=np.float32),
        "kernel": KERNEL,
        "other": np.array([[1.0, 2.0]], dtype=np.float32),
    }
    halves = weights["bias"].astype(np.float16).tobytes()
    content = halves + weights["kernel"].tobytes() + weights["other"].tobytes()
    (folder / "group1-shard1of1.bin").write_bytes(content)
    specs: list[dict[str, Any]] = [
        {"name": n, "shape": list(w.shape), "dtype": "float32"} for n, w in weights.items()
    ]
    specs[0]["quantization"] = {"dtype": "float16", "original_dtype": "float32"}
    manifest = [{"paths": ["group1-shard1of1.bin"], "weights": specs}]
    document = {"modelTopology": {"node": []}, "weightsManifest": manifest}
    (folder / "model.json").write_text(json.dumps(document))
    return weights


def test_only_the_named_weights_are_rewritten(tmp_path: Path) -> None:
    weights = graph_model(tmp_path)
    rewrite_weights(tmp_path, ["kernel"], shard_bytes=30)
    specs = json.loads((tmp_path / "model.json").read_text())["weightsManifest"][0]["weights"]
    assert [spec.get("quantization") == MARK for spec in specs] == [False, True, False]
    assert max(path.stat().st_size for path in tmp_path.glob("*.bin")) == 30
    constants = read_graph_model(tmp_path / "model.json").constants
    assert np.array_equal(constants["bias"], weights["bias"])
    assert np.array_equal(constants["other"], weights["other"])
    assert np.array_equal(constants["kernel"], quantise(KERNEL).values())


@pytest.mark.parametrize(("name", "fault"), [("none", "no weight"), ("bias", "stored as float16")])
def test_a_weight_that_cannot_be_rewritten_is_named(tmp_path: Path, name: str, fault: str) -> None:
    graph_model(tmp_path)
    with pytest.raises(ValueError, match=fault):
        rewrite_weights(tmp_path, [name], shard_bytes=1000)


_UNPACK = """
import { readFileSync } from 'node:fs';
import { unpackWeights } from '%(module)s';

const group = JSON.parse(readFileSync('%(folder)s/model.json', 'utf8')).weightsManifest[0];
const data = Buffer.concat(group.paths.map((path) => readFileSync('%(folder)s/' + path)));
const buffer = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
const {weightSpecs, weightData} = unpackWeights(group.weights, buffer);
const bytes = Buffer.concat(weightData.map((weight) => Buffer.from(weight)));
console.log(JSON.stringify({specs: weightSpecs, data: Array.from(bytes)}));
"""


def test_javascript_widens_the_same_values_and_leaves_the_rest_to_tfjs(tmp_path: Path) -> None:
    weights = graph_model(tmp_path)
    rewrite_weights(tmp_path, ["kernel"], shard_bytes=30)
    module = (REPOSITORY.root / "js" / "engine" / "weights.js").as_uri()
    script = tmp_path / "unpack.mjs"
    script.write_text(_UNPACK % {"module": module, "folder": tmp_path.as_posix()})
    done = subprocess.run(["node", script], check=True, capture_output=True, text=True)
    unpacked = json.loads(done.stdout)
    content = bytes(unpacked["data"])
    assert [spec.get("quantization", {}).get("dtype") for spec in unpacked["specs"]] == [
        "float16",
        None,
        None,
    ]
    assert content[:6] == weights["bias"].astype(np.float16).tobytes()
    given = np.frombuffer(content, np.float32, 9, 6).reshape(3, 3)
    # JavaScript multiplies in double precision and rounds once.
    np.testing.assert_allclose(given, quantise(KERNEL).values(), rtol=1e-6, atol=1e-9)
    assert content[6 + 36 :] == weights["other"].tobytes()
