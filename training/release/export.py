"""From a checkpoint to the files that the page loads.

PyTorch and the probes -> batch norm folded -> TensorFlow graph -> TF.js graph model in float16 and
uint8, with golden vectors from PyTorch before conversion, and the port's error of every output
measured in TF.js under Node.
"""

from __future__ import annotations

import argparse
import base64
import json
import math
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from lentigo.picture.preprocess import INPUT_SHAPE, VIEWS, normalise, views
from training.measure import probes
from training.network import model
from training.network.channel_quantisation import rewrite_weights
from training.network.model_folder import (
    DEFAULT_CHECKPOINT,
    DEFAULT_DATA,
    DEFAULT_MODEL,
    VARIANTS,
    ModelFolder,
    write_json,
    write_manifest,
)
from training.pictures.synthetic import Look, draw_lesion
from training.release.folded import Convolution, FoldedNetwork, fold, parameter_count

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.measure.probes import Probes

# What the page and the card call a checkpoint's network.
ARCHITECTURE_NAMES = {
    model.ARCHITECTURE: "EfficientNetV2-B0",
    model.GRAFTED: "EfficientNetV2 of EfficientNet-Lite0's widths",
}
# Kernels of fewer parameters stay in 16 bits: they are 3 % of the grafted network's, and some
# (the stem, the first blocks) read channels of very different ranges, too many for one scale.
FEWEST_IN_8_BITS = 16_384

GOLDEN_SIZE_PX = 56
GOLDEN_REPEAT = 4
# Drawings for which the model names as many different classes, so that a port with classes swapped
# cannot pass.
GOLDEN_CASES, FEWEST_GOLDEN_CASES = 4, 3
GOLDEN_SEEDS = range(1, 7)

PORT_SCRIPT = Path(__file__).with_name("measure_port.mjs")

# The measured error is that of the weights' rounding, on the CPU and in WASM. GPUs add their own,
# smaller; a wrong port is off by whole logits. Ours.
SAFETY_FACTOR = 4.0
SMALLEST_TOLERANCE_LOGIT = 0.02


@dataclass(frozen=True)
class Drawing:
    """One golden picture: a drawn lesion of 56x56, each pixel repeated 4x4 for the model."""

    look: Look
    seed: int

    @property
    def name(self) -> str:
        """The look and the seed, such as "even-brown 1"."""
        return f"{self.look} {self.seed}"

    def pixels(self) -> NDArray[np.uint8]:
        """Draw it, uint8 (56, 56, 3)."""
        drawn = draw_lesion(self.seed, GOLDEN_SIZE_PX, self.look)
        return np.asarray(drawn, dtype=np.uint8)

    def model_input(self) -> NDArray[np.float32]:
        """Return the model's input, float32 (1, 224, 224, 3)."""
        repeated = self.pixels().repeat(GOLDEN_REPEAT, axis=0).repeat(GOLDEN_REPEAT, axis=1)
        return normalise(Image.fromarray(repeated))


def choose_drawings(network: Any) -> list[Drawing]:
    """Take the first drawing for each class that the network names, at most four.

    Raises ``ValueError`` when it names fewer than three classes: then swapped classes could pass.
    """
    chosen: dict[int, Drawing] = {}
    for seed in GOLDEN_SEEDS:
        for look in Look:
            drawing = Drawing(look, seed)
            logits, _ = model.infer(network, drawing.model_input())
            chosen.setdefault(int(logits[0].argmax()), drawing)
            if len(chosen) == GOLDEN_CASES:
                return list(chosen.values())
    if len(chosen) < FEWEST_GOLDEN_CASES:
        raise ValueError(f"the network names {len(chosen)} classes on all drawings: too few")
    return list(chosen.values())


def expected_outputs(
    network: Any, fitted: Probes, pictures: NDArray[np.float32]
) -> dict[str, NDArray[np.float32]]:
    """Return what the graph must give for pictures (n, 224, 224, 3), by PyTorch and the heads."""
    logits, embedding = model.infer(network, pictures)
    features = model.infer_features(network, pictures)
    return {
        "logits": logits,
        "embedding": embedding,
        **{name: each[:, np.newaxis] for name, each in vars(fitted.logits(embedding)).items()},
        "maps": features @ network.classifier.weight.detach().numpy().T,
    }


def mean_of_views(network: Any, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return PyTorch's mean logits over the views of pictures (n, 224, 224, 3), (n, 7)."""
    shown = np.concatenate([views(picture.reshape(INPUT_SHAPE)) for picture in pictures])
    logits, _ = model.infer(network, shown)
    return np.asarray(logits.reshape(len(pictures), VIEWS, -1).mean(axis=1))


def golden_cases(
    drawings: list[Drawing],
    expected_logits: NDArray[np.float32],
    expected_means: NDArray[np.float32],
) -> list[dict[str, Any]]:
    """Return the golden cases: raw pixels, and PyTorch's logits for each pixel repeated 4x4.

    ``mean_of_views`` are those of a photo, which is shown in four views.
    """
    return [
        {
            "name": drawing.name,
            "height": GOLDEN_SIZE_PX,
            "width": GOLDEN_SIZE_PX,
            "repeat": GOLDEN_REPEAT,
            "rgb": base64.b64encode(drawing.pixels().tobytes()).decode("ascii"),
            "logits": _rounded(logits),
            "mean_of_views": _rounded(means),
        }
        for drawing, logits, means in zip(drawings, expected_logits, expected_means, strict=True)
    ]


def _rounded(logits: NDArray[np.float32]) -> list[float]:
    return [round(float(value), 6) for value in logits]


def _convolutions(network: FoldedNetwork) -> list[Convolution]:
    return [
        layer
        for block in network.blocks
        for layer in (
            *block.convolutions,
            *((block.gate.reduce, block.gate.expand) if block.gate else ()),
        )
    ]


def write_variant(network: FoldedNetwork, folder: Path, variant: str) -> None:
    """Write the graph model in one precision.

    ``float16`` is for all weights. In ``uint8`` the larger kernels of full convolutions, nearly all
    of the bytes, take 8 bits with a scale for each output channel; all else stays in 16.
    """
    from training.release.tensorflow_graph import SHARD_BYTES, write_graph_model  # noqa: PLC0415

    if variant == "float16":
        write_graph_model(network, folder, in_float16=True)
        return
    layers = _convolutions(network)
    kernels = {f"{layer.name}/kernel": layer for layer in layers}
    coarse = [
        name
        for name, layer in kernels.items()
        if not layer.depthwise and layer.kernel.size >= FEWEST_IN_8_BITS
    ]
    narrow = [
        *(f"{layer.name}/bias" for layer in layers),
        *(name for name in kernels if name not in coarse),
        *(f"{head.name}/{part}" for head in network.heads for part in ("kernel", "bias")),
        "maps/kernel",
    ]
    write_graph_model(network, folder, in_float16=narrow)
    rewrite_weights(folder, coarse, SHARD_BYTES)


def check_fold(network: Any, folded: FoldedNetwork, fitted: Probes) -> dict[str, float]:
    """Return the largest difference of each output of the folded TensorFlow graph to PyTorch.

    Raises ``ValueError`` where it is above 1e-4 of what the output ranges over, at least 1e-4: then
    the fold or the port is wrong, not rounded.
    """
    from training.release.tensorflow_graph import run  # noqa: PLC0415

    pictures = np.concatenate(
        [normalise(draw_lesion(seed, look=look)) for look in Look for seed in (2, 3)]
    )
    outputs = run(folded, pictures)
    differences = {}
    for name, expected in expected_outputs(network, fitted, pictures).items():
        differences[name] = float(np.abs(outputs[name].numpy() - expected).max())
        allowed = 1e-4 * max(1.0, float(np.abs(expected).max()))
        if not differences[name] <= allowed:
            raise ValueError(f"the folded graph is off by {differences[name]} in {name}")
    return differences


def measure(
    folder: ModelFolder, variant: str, expected: dict[str, NDArray[np.float32]]
) -> dict[str, Any]:
    """Run a variant in TF.js under Node, on CPU and WASM; return the largest error of each output.

    ``expected`` are PyTorch's outputs for the golden pictures, (n, …) by name.
    """
    done = subprocess.run(
        ["node", str(PORT_SCRIPT), str(folder.path), variant],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"TF.js could not run the model (npm ci done?):\n{done.stderr}")
    largest: dict[str, dict[str, float]] = {}
    for backend, report in json.loads(done.stdout).items():
        if report["leaked"]:
            raise SystemExit(f"TF.js on {backend} leaks {report['leaked']} tensors")
        largest[backend] = {}
        for name, wanted in expected.items():
            given = np.array([case[name] for case in report["cases"]], dtype=np.float64)
            error = np.abs(given.reshape(wanted.shape) - wanted).max()
            largest[backend][name] = round(float(error), 6)
    logits = max(errors["logits"] for errors in largest.values())
    tolerance = max(SMALLEST_TOLERANCE_LOGIT, SAFETY_FACTOR * logits)
    return {"largest_error": largest, "tolerance_logit": math.ceil(tolerance * 1000) / 1000}


def main() -> None:
    """Export a checkpoint to models/<id>/ and write its manifest."""
    parser = argparse.ArgumentParser(
        prog="python -m training.release.export",
        description=main.__doc__,
        epilog="Needs training/requirements.txt, Node.js, and npm ci done. calibration.json "
        "must be in the folder; without evaluation.json there is no manifest yet.",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--checkpoint", type=Path, default=DEFAULT_CHECKPOINT)
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the folder under models/")
    parser.add_argument(
        "--manifest-only", action="store_true", help="put the manifest together, nothing else"
    )
    given = parser.parse_args()
    folder = ModelFolder.named(given.model)
    if given.manifest_only:
        write_manifest(folder)
        return
    checkpoint: Path = given.checkpoint
    if not checkpoint.is_file():
        raise SystemExit(f"{checkpoint} is not there: give --checkpoint")
    network, fitted = model.load(checkpoint), probes.fit(given.data, checkpoint)
    family = ARCHITECTURE_NAMES[model.architecture_of(checkpoint)]
    folded = fold(network, fitted)
    for name, error in check_fold(network, folded, fitted).items():
        print(f"folded graph against PyTorch, {name}: largest error {error:.2g}")
    drawings = choose_drawings(network)
    entry = np.concatenate([drawing.model_input() for drawing in drawings])
    expected = expected_outputs(network, fitted, entry)
    means = mean_of_views(network, entry)
    write_json(folder.golden, {"cases": golden_cases(drawings, expected["logits"], means)})
    variants = {}
    for variant in VARIANTS:
        target = folder.path / variant
        shutil.rmtree(target, ignore_errors=True)
        write_variant(folded, target, variant)
        variants[variant] = measure(folder, variant, expected)
        print(f"{variant}: {variants[variant]}")
    write_json(
        folder.port,
        {
            "architecture": f"{family}, 224 px, batch norm folded",
            "parameters": parameter_count(folded),
            "safety_factor": SAFETY_FACTOR,
            "variants": variants,
        },
    )
    if not folder.evaluation.is_file():
        print(
            "exported; the manifest follows: python -m training.measure.evaluate, "
            "then --manifest-only"
        )
        return
    write_manifest(folder)


if __name__ == "__main__":
    main()
