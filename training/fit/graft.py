"""Give an EfficientNetV2 the later blocks of a teacher, and teach its first blocks what fits them.

    python -m training.fit.graft --teacher training/checkpoints/teacher-longer.safetensors \\
        --out .cache/training/grafted.safetensors

EfficientNetV2 (Tan and Le, ICML 2021) differs from EfficientNet-Lite in three ways: its first
stages are *fused* (one full convolution instead of a 1x1 and a depthwise one), its later blocks
have gates (squeeze and excitation), and it activates with SiLU. ``model.GRAFTED`` is an
EfficientNetV2 of Lite0's widths and depths, so every later convolution of the teacher fits. Here
they are copied, the gates begin nearly open, and each fused kernel begins as the product of the two
that it stands for, without the activation between them. What that leaves wrong is learnt in
minutes: the first three stages imitate the map that the teacher has after its own.
``training.fit.train`` goes on from there.
"""

from __future__ import annotations

import argparse
import math
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from training.fit.batches import Batches, Pictures, to_input
from training.fit.recipe import read_recipe
from training.fit.run import fast_bfloat16
from training.fit.tasks import sampling_of
from training.fit.teacher import distance
from training.network import model
from training.network.model_folder import DEFAULT_DATA
from training.pictures.data import Split, of_split, read_files, read_records

if TYPE_CHECKING:
    from collections.abc import Callable

    Weights = dict[str, torch.Tensor]

# These stages are fused in the one and not in the other; the first of them has one block.
_FUSED_BLOCKS = ("blocks.1.0", "blocks.1.1", "blocks.2.0", "blocks.2.1")
_FIRST_STAGES = 3
_BATCH_NORM = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
# A sigmoid of this lets 98 % through.
_OPEN_GATE = 4.0
_SIZE_PX = 160
_LEARNING_RATE = 3e-3
# Batches after which the later batch norms have settled on what they are shown now.
_SETTLING_BATCHES = 25


def _scale(weights: Weights, name: str) -> torch.Tensor:
    """Return what a batch norm multiplies each channel by, (channels,)."""
    return weights[f"{name}.weight"] / torch.sqrt(
        weights[f"{name}.running_var"] + model.BATCH_NORM_EPSILON
    )


def _centre(kernel: torch.Tensor) -> torch.Tensor:
    """Return the middle 3x3 of kernels (channels, k, k)."""
    edge = (kernel.shape[-1] - 3) // 2
    return kernel[:, edge : edge + 3, edge : edge + 3]


def graft(teacher: Weights, ours: Weights) -> Weights:
    """Return weights for ``model.GRAFTED``: an EfficientNet-Lite0's where they fit.

    ``ours`` names what is wanted. ``ValueError`` names a tensor that has no origin.
    """
    made: Weights = {}

    def move_norm(name: str, origin: str) -> None:
        made.update({f"{name}.{part}": teacher[f"{origin}.{part}"] for part in _BATCH_NORM})

    # Depthwise, then to fewer channels: together one full convolution.
    depthwise = teacher["blocks.0.0.conv_dw.weight"][:, 0]
    inner = depthwise * _scale(teacher, "blocks.0.0.bn1")[:, None, None]
    outer = teacher["blocks.0.0.conv_pw.weight"][:, :, 0, 0]
    made["blocks.0.0.conv.weight"] = torch.einsum("oc,cij->ocij", outer, inner)
    move_norm("blocks.0.0.bn1", "blocks.0.0.bn2")
    # To more channels, then depthwise: the same the other way round.
    for block in _FUSED_BLOCKS:
        expand = teacher[f"{block}.conv_pw.weight"][:, :, 0, 0]
        expand = expand * _scale(teacher, f"{block}.bn1")[:, None]
        kernel = _centre(teacher[f"{block}.conv_dw.weight"][:, 0])
        made[f"{block}.conv_exp.weight"] = torch.einsum("oc,oij->ocij", expand, kernel)
        made[f"{block}.conv_pwl.weight"] = teacher[f"{block}.conv_pwl.weight"]
        move_norm(f"{block}.bn1", f"{block}.bn2")
        move_norm(f"{block}.bn2", f"{block}.bn3")
    for name, wanted in ours.items():
        if name in made:
            continue
        if ".se." in name:
            made[name] = wanted.clone()
            if name.endswith("conv_expand.weight"):
                made[name] = torch.zeros_like(wanted)
            elif name.endswith("conv_expand.bias"):
                made[name] = torch.full_like(wanted, _OPEN_GATE)
        elif name in teacher and teacher[name].shape == wanted.shape:
            made[name] = teacher[name]
        else:
            raise ValueError(f"{name} {tuple(wanted.shape)} has no origin in the teacher")
    return made


def _first_stages(network: Any, pictures: torch.Tensor) -> torch.Tensor:
    """Return the map after the stages that are learned again, (n, 40, h/8, w/8)."""
    stem = network.bn1(network.conv_stem(pictures))
    found: torch.Tensor = network.blocks[:_FIRST_STAGES](stem)
    return found


def imitate(
    student: Any,
    teacher: Any,
    draw: Callable[[], torch.Tensor],
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
) -> list[float]:
    """Let the first stages come near the teacher's map; return each step's distance from it.

    In variances of the teacher's channels. ``draw`` gives pictures, float (n, 3, h, w). Afterwards
    the batch norms of all stages have seen what they are shown now.
    """
    first = (student.conv_stem, student.bn1, student.blocks[:_FIRST_STAGES])
    learning = [weight for part in first for weight in part.parameters()]
    optimiser = torch.optim.AdamW(learning, weight_decay=0.01)
    distances: list[float] = []
    student.train()
    started_s = clock()
    while (progress := (clock() - started_s) / seconds) < 1.0:
        warm = min(1.0, (len(distances) + 1) / 20)
        for group in optimiser.param_groups:
            group["lr"] = _LEARNING_RATE * warm * 0.5 * (1.0 + math.cos(math.pi * progress))
        pictures = draw()
        optimiser.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast_bfloat16()):
            with torch.no_grad():
                wanted = _first_stages(teacher, pictures).float()
            found = _first_stages(student, pictures).float()
        apart = distance(found, wanted)
        torch.autograd.backward(apart)
        optimiser.step()
        distances.append(float(apart.detach()))
        if len(distances) % 40 == 0:
            print(
                f"step {len(distances)}, {progress:.0%}, distance {distances[-1]:.3f}", flush=True
            )
    with torch.no_grad():
        for _ in range(_SETTLING_BATCHES):
            student(draw())
    return distances


def main() -> None:
    """Write the weights from which ``training.fit.train`` goes on."""
    parser = argparse.ArgumentParser(
        prog="python -m training.fit.graft",
        description=main.__doc__,
        epilog="Needs training/requirements.txt and the pictures (--data).",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--teacher", type=Path, required=True, help="safetensors of a Lite0")
    parser.add_argument("--config", type=Path, default=Path("training/recipes/grafted.toml"))
    parser.add_argument("--minutes", type=float, default=2.5)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    recipe = read_recipe(given.config)
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(recipe.seed)
    teacher = model.load(given.teacher).to(memory_format=torch.channels_last)
    student = model.build(architecture=model.GRAFTED).to(memory_format=torch.channels_last)
    student.load_state_dict(graft(teacher.state_dict(), student.state_dict()))
    records = of_split(read_records(given.data), Split.TRAIN)
    sampling = sampling_of(records, recipe.unlabelled_share, recipe.camera_share)
    batches = Batches(recipe, Pictures(records, read_files(given.data, records)), sampling)
    with ThreadPoolExecutor(1) as reader:
        ahead = [reader.submit(batches.draw, 0, _SIZE_PX)]
        drawn = 0

        def draw() -> torch.Tensor:
            nonlocal drawn
            drawn += 1
            ahead.append(reader.submit(batches.draw, drawn, _SIZE_PX))
            return to_input(ahead.pop(0).result()[0])

        imitate(student, teacher, draw, given.minutes * 60.0)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    model.save(student.state_dict(), given.out, model.GRAFTED)


if __name__ == "__main__":
    main()
