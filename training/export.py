"""From a checkpoint to the files that the page loads.

PyTorch -> batch norm folded -> TensorFlow graph -> TF.js graph model in float16 and uint8, with
golden vectors from PyTorch before conversion, and the port's error measured in TF.js under Node.
"""

from __future__ import annotations

import argparse
import base64
import json
import math
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.preprocess import normalise
from training import model
from training.folded import FoldedNetwork, fold, parameter_count
from training.model_folder import (
    DEFAULT_CHECKPOINT,
    DEFAULT_DATA,
    DEFAULT_MODEL,
    REPOSITORY,
    VARIANTS,
    ModelFolder,
    write_json,
    write_manifest,
)
from training.synthetic import Look, draw_lesion

if TYPE_CHECKING:
    from PIL import Image

ARCHITECTURE_NAME = "EfficientNetV2-B0, 224 px, batch norm folded"

GOLDEN_SIZE_PX = 56
GOLDEN_REPEAT = 4
# One drawing each for which the first model names another class, so that a port with classes
# swapped cannot pass.
GOLDEN_LOOKS = (Look.EVEN_BROWN, Look.ASYMMETRIC_DARK, Look.RED_LACUNAE, Look.PALE_CENTRE)
GOLDEN_SEED = 1

# The measured error is that of the weights' rounding, on the CPU and in WASM. GPUs add their own,
# smaller; a wrong port is off by whole logits. Ours.
SAFETY_FACTOR = 4.0
SMALLEST_TOLERANCE_LOGIT = 0.02


def golden_picture(look: Look) -> Image.Image:
    """Draw one golden picture, RGB of 56x56."""
    return draw_lesion(GOLDEN_SEED, GOLDEN_SIZE_PX, look)


def golden_cases(network: Any) -> list[dict[str, Any]]:
    """Return the golden cases: raw pixels, and PyTorch's logits for each pixel repeated 4x4."""
    cases = []
    for look in GOLDEN_LOOKS:
        pixels = np.asarray(golden_picture(look), dtype=np.uint8)
        repeated = pixels.repeat(GOLDEN_REPEAT, axis=0).repeat(GOLDEN_REPEAT, axis=1)
        logits, _ = model.infer(network, normalise(_picture(repeated)))
        cases.append(
            {
                "name": str(look),
                "height": GOLDEN_SIZE_PX,
                "width": GOLDEN_SIZE_PX,
                "repeat": GOLDEN_REPEAT,
                "rgb": base64.b64encode(pixels.tobytes()).decode("ascii"),
                "logits": [round(float(value), 6) for value in logits[0]],
            }
        )
    return cases


def _picture(pixels: Any) -> Image.Image:
    from PIL import Image  # noqa: PLC0415

    return Image.fromarray(pixels)


def _quantization(variant: str, network: FoldedNetwork) -> dict[str, bool | str | list[str]]:
    """Say which weights take which precision, by name.

    Kernels of full convolutions are nearly all of the bytes and bear 8 bits; biases, depthwise
    kernels and the classifier are 3 % of the bytes and would hold most of the error, so they
    stay in 16.
    """
    if variant == "float16":
        return {"float16": True}
    layers = [
        layer
        for block in network.blocks
        for layer in (
            *block.convolutions,
            *((block.gate.reduce, block.gate.expand) if block.gate else ()),
        )
    ]
    wide = [f"*{layer.name}/kernel" for layer in layers if not layer.depthwise]
    return {"uint8": wide, "float16": True}


def check_fold(network: Any, folded: FoldedNetwork) -> float:
    """Return the largest difference in logits of the folded TensorFlow graph to PyTorch.

    Raises ``ValueError`` above 1e-4: then the fold or the port is wrong, not rounded.
    """
    from training.tensorflow_graph import run  # noqa: PLC0415

    pictures = np.concatenate(
        [normalise(draw_lesion(seed, look=look)) for look in Look for seed in (2, 3)]
    )
    expected, expected_embedding = model.infer(network, pictures)
    logits, embedding = run(folded, pictures)
    difference = float(np.abs(logits.numpy() - expected).max())
    features = float(np.abs(embedding.numpy() - expected_embedding).max())
    if max(difference, features) > 1e-4:
        raise ValueError(f"the folded graph is off: {difference} in logits, {features} in features")
    return difference


def measure(folder: ModelFolder, variant: str) -> dict[str, Any]:
    """Run a variant in TF.js under Node, on CPU and WASM; return the largest logit errors."""
    script = REPOSITORY / "training" / "measure_port.mjs"
    done = subprocess.run(
        ["node", str(script), str(folder.path), variant],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"TF.js could not run the model (npm ci done?):\n{done.stderr}")
    report = json.loads(done.stdout)
    largest = {backend: float(entry["largest"]) for backend, entry in report.items()}
    tolerance = max(SMALLEST_TOLERANCE_LOGIT, SAFETY_FACTOR * max(largest.values()))
    return {
        "largest_logit_error": {name: round(value, 6) for name, value in largest.items()},
        "tolerance_logit": math.ceil(tolerance * 1000) / 1000,
    }


def main() -> None:
    """Export a checkpoint to models/<id>/ and write its manifest."""
    parser = argparse.ArgumentParser(
        prog="python -m training.export",
        description=main.__doc__,
        epilog="Needs training/requirements.txt, Node.js, and npm ci done. calibration.json and "
        "evaluation.json must be in the folder: see training/README.md.",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument(
        "--checkpoint", type=Path, help=f"safetensors; default: DATA/{DEFAULT_CHECKPOINT}"
    )
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the folder under models/")
    parser.add_argument(
        "--manifest-only", action="store_true", help="put the manifest together, nothing else"
    )
    given = parser.parse_args()
    folder = ModelFolder.named(given.model)
    if given.manifest_only:
        write_manifest(folder)
        return
    checkpoint: Path = given.checkpoint or given.data / DEFAULT_CHECKPOINT
    if not checkpoint.is_file():
        raise SystemExit(f"{checkpoint} is not there: give --checkpoint or --data")
    from training.tensorflow_graph import write_graph_model  # noqa: PLC0415

    network = model.load(checkpoint)
    folded = fold(network)
    print(f"folded graph against PyTorch: largest logit error {check_fold(network, folded):.2g}")
    write_json(folder.golden, {"cases": golden_cases(network)})
    variants = {}
    for variant in VARIANTS:
        target = folder.path / variant
        shutil.rmtree(target, ignore_errors=True)
        write_graph_model(folded, target, _quantization(variant, folded))
        variants[variant] = measure(folder, variant)
        print(f"{variant}: {variants[variant]}")
    write_json(
        folder.port,
        {
            "architecture": ARCHITECTURE_NAME,
            "parameters": parameter_count(folded),
            "safety_factor": SAFETY_FACTOR,
            "variants": variants,
        },
    )
    write_manifest(folder)


if __name__ == "__main__":
    main()
