"""Train the network: one command, resumable after an interruption at any point.

    python -m training.fit.train --config training/recipes/teacher.toml --run .cache/training/mine

The same command goes on where the last checkpoint stands, and ends with ``weights.safetensors``
(float16, averaged weights, labels inside) in the run's folder and the course of the run in
``curve.jsonl``. On several GPUs or machines the same under ``torchrun``: every process draws
batches of its own.

The recipe: random square regions, progressive resolution with early blocks that freeze on the
way, sampling by 1/sqrt(count) **by set and class** with logit adjustment by the sampled prior of
each set (Menon et al., ICLR 2021), joint tasks (``training.fit.tasks``), mixup (Zhang et al., ICLR
2018), an average of the weights over steps, and, where there is one, a teacher's answers and
features (``training.fit.teacher``). The adjustment by set is what keeps the model from
learning which class a set is full of; its logits are for a uniform prior over classes.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import signal
import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from lentigo.diagnosis import Diagnosis
from training.fit.recipe import Recipe, Stage, read_recipe
from training.fit.tasks import MODALITIES, NO_LABEL, ORDER, Labels, Sampling, labels_of, sampling_of
from training.fit.teacher import MAP_CHANNELS, Teacher, at_size, two_maps
from training.measure.metrics import accuracy, area_under_curve, balanced_accuracy
from training.network import imagenet, model
from training.network.model_folder import DEFAULT_DATA
from training.pictures.augment import Augmentation, augment
from training.pictures.data import Record, Split, of_split, open_picture, read_files, read_records

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    # The network's logits by task, on a batch.
    Forward = Callable[[torch.Tensor], dict[str, Any]]

MEL = ORDER.index(Diagnosis.MEL)


@dataclass(frozen=True)
class Pictures:
    """What is trained on: the records and their files, by member name."""

    records: list[Record]
    files: dict[str, bytes]


@dataclass(frozen=True)
class Place:
    """Where this process stands among those that train together (torchrun's environment)."""

    rank: int
    count: int
    device: torch.device

    @staticmethod
    def find() -> Place:
        """Join the others if torchrun started this process; else be the only one."""
        gpu = torch.cuda.is_available()
        local = int(os.environ.get("LOCAL_RANK", "0"))
        device = torch.device("cuda", local) if gpu else torch.device("cpu")
        if "RANK" not in os.environ:
            return Place(0, 1, device)
        if gpu:
            torch.cuda.set_device(device)
        torch.distributed.init_process_group("nccl" if gpu else "gloo")
        return Place(torch.distributed.get_rank(), torch.distributed.get_world_size(), device)

    def agree_on(self, value: float) -> float:
        """Return the value of the first process, so that all take the same decisions."""
        if self.count == 1:
            return value
        shared = torch.tensor(value, dtype=torch.float64, device=self.device)
        torch.distributed.broadcast(shared, 0)
        return float(shared)


class Batches:
    """The pictures of one step, drawn and augmented.

    What is drawn at a step follows from the seed, the process and the step alone, so that a
    resumed run sees what an uninterrupted one would have seen.
    """

    def __init__(
        self, recipe: Recipe, pictures: Pictures, sampling: Sampling, rank: int = 0
    ) -> None:
        self.recipe, self.pictures, self.rank = recipe, pictures, rank
        self.cumulative = np.cumsum(sampling.weight)
        self.how = Augmentation()

    def draw(self, step: int, size_px: int) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
        """Return the pictures, uint8 (batch, size_px, size_px, 3), and their indices."""
        rng = np.random.default_rng((self.recipe.seed, self.rank, step))
        uniform = rng.random(self.recipe.batch) * self.cumulative[-1]
        chosen = np.searchsorted(self.cumulative, uniform)
        drawn = []
        for index in chosen:
            record = self.pictures.records[index]
            picture = open_picture(self.pictures.files[record.member])
            drawn.append(augment(picture, record.aspect, size_px, self.how, rng))
        return np.stack(drawn), chosen


def to_input(pictures: NDArray[np.uint8]) -> torch.Tensor:
    """Map uint8 (n, h, w, 3) to float32 (n, 3, h, w) in [-1, 1], channels last in memory."""
    batch = torch.from_numpy(pictures).permute(0, 3, 1, 2)
    return batch.float().div_(127.5).sub_(1.0).contiguous(memory_format=torch.channels_last)


class JointNetwork(nn.Module):
    """The released network with its classifier and the heads of the joint tasks."""

    def __init__(self, trunk: Any, details: int, *, taught: bool = False) -> None:
        super().__init__()
        self.trunk = trunk
        self.modality = nn.Linear(model.EMBEDDING_CHANNELS, len(MODALITIES))
        self.lesion = nn.Linear(model.EMBEDDING_CHANNELS, 2)
        self.detail = nn.Linear(model.EMBEDDING_CHANNELS, max(1, details))
        imitated = MAP_CHANNELS if taught else ()
        self.imitation = nn.ModuleList(nn.Conv2d(count, count, 1) for count in imitated)

    def forward(self, pictures: torch.Tensor) -> dict[str, Any]:
        """Return the logits of every task, (n, classes of the task).

        Where a teacher's features are imitated, also ``features``: the two maps as it would have
        them.
        """
        maps = two_maps(self.trunk, pictures)
        embedding = self.trunk.forward_head(maps[1], pre_logits=True)
        return {
            "features": tuple(
                layer(each) for layer, each in zip(self.imitation, maps, strict=False)
            ),
            "diagnosis": self.trunk.classifier(embedding),
            "modality": self.modality(embedding),
            "lesion": self.lesion(embedding),
            "detail": self.detail(embedding),
        }

    def freeze(self, blocks: int) -> None:
        """Let the stem and the first blocks learn nothing; their batch norms stand still too."""
        self.train()
        early = [self.trunk.conv_stem, self.trunk.bn1, *self.trunk.blocks] if blocks else []
        for index, part in enumerate(early):
            frozen = index < blocks + 2
            part.train(not frozen)
            part.requires_grad_(not frozen)


@dataclass
class Run:
    """What a checkpoint holds: the network, its average, the optimiser, and how far it is."""

    network: JointNetwork
    average: dict[str, torch.Tensor]
    optimiser: torch.optim.Optimizer
    step: int = 0
    trained_s: float = 0.0

    def save(self, path: Path) -> None:
        """Write everything atomically: an interruption leaves the old checkpoint whole."""
        partial = path.with_suffix(".partial")
        torch.save(
            {
                "network": self.network.state_dict(),
                "average": self.average,
                "optimiser": self.optimiser.state_dict(),
                "step": self.step,
                "trained_s": self.trained_s,
                "torch_rng": torch.get_rng_state(),
            },
            partial,
        )
        partial.replace(path)

    def restore(self, path: Path, device: torch.device) -> None:
        """Go on from a checkpoint."""
        state = torch.load(path, weights_only=True, map_location="cpu")
        self.network.load_state_dict(state["network"])
        self.average = {name: t.to(device) for name, t in state["average"].items()}
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.trained_s = int(state["step"]), float(state["trained_s"])
        torch.set_rng_state(state["torch_rng"])

    def take_average(self, keep: float) -> None:
        """Move the average towards the network; early steps count for more."""
        keep = min(keep, (1.0 + self.step) / (10.0 + self.step))
        for name, tensor in self.network.state_dict().items():
            if tensor.is_floating_point():
                self.average[name].lerp_(tensor.detach(), 1.0 - keep)
            else:
                self.average[name].copy_(tensor)

    def trunk_average(self) -> dict[str, torch.Tensor]:
        """Return the averaged weights of the released network, without the joint heads."""
        prefix = "trunk."
        return {
            name.removeprefix(prefix): tensor
            for name, tensor in self.average.items()
            if name.startswith(prefix)
        }


@dataclass(frozen=True)
class Targets:
    """The labels of a step by task, int64 (n,), and the log prior of each set, (n, 7)."""

    of_task: dict[str, torch.Tensor]
    log_prior: torch.Tensor

    @staticmethod
    def of(labels: Labels, log_prior: NDArray[np.float32], chosen: NDArray[np.intp]) -> Targets:
        """Look up what the chosen pictures show."""
        names = ("diagnosis", "modality", "lesion", "detail")
        tensors = {name: torch.from_numpy(getattr(labels, name)[chosen]) for name in names}
        return Targets(tensors, torch.from_numpy(log_prior[chosen]))

    def to(self, device: torch.device) -> Targets:
        """Return them on a device."""
        moved = {name: tensor.to(device) for name, tensor in self.of_task.items()}
        return Targets(moved, self.log_prior.to(device))

    def at(self, order: torch.Tensor) -> Targets:
        """Return them in another order."""
        moved = {name: tensor[order] for name, tensor in self.of_task.items()}
        return Targets(moved, self.log_prior[order])


def loss_of(recipe: Recipe, logits: dict[str, Any], targets: Targets) -> torch.Tensor:
    """Return the weighted sum of the tasks' losses; a task without labels in the batch has none."""
    weights = recipe.task_weights
    adjusted = {**logits, "diagnosis": logits["diagnosis"] + targets.log_prior}
    total = torch.zeros((), device=targets.log_prior.device)
    for name, weight in (
        ("diagnosis", 1.0),
        ("modality", weights.modality),
        ("lesion", weights.lesion),
        ("detail", weights.detail),
    ):
        wanted = targets.of_task[name]
        if weight and bool((wanted != NO_LABEL).any()):
            smoothing = recipe.label_smoothing if name == "diagnosis" else 0.0
            total = total + weight * nn.functional.cross_entropy(
                adjusted[name].float(), wanted, ignore_index=NO_LABEL, label_smoothing=smoothing
            )
    return total


def train_step(
    run: Run,
    recipe: Recipe,
    pictures: torch.Tensor,
    targets: Targets,
    forward: Forward | None = None,
    *,
    teacher: Teacher | None = None,
    size_px: int | None = None,
) -> float:
    """Take one step and return the loss. ``forward`` is the network, or what wraps it.

    The teacher sees the pictures as they are, the network at ``size_px`` if that is given.
    """
    share, order = 1.0, None
    if torch.rand(()) < recipe.mixup_share:
        share = float(torch.distributions.Beta(0.4, 0.4).sample())
        order = torch.randperm(len(pictures)).to(pictures.device)
        pictures = share * pictures + (1.0 - share) * pictures[order]
    run.optimiser.zero_grad(set_to_none=True)
    with torch.autocast(pictures.device.type, dtype=torch.bfloat16, enabled=fast_bfloat16()):
        lesson = teacher.show(pictures) if teacher else None
        logits = (forward or run.network)(at_size(pictures, size_px or pictures.shape[-1]))
    loss = loss_of(recipe, logits, targets)
    if order is not None:
        loss = share * loss + (1.0 - share) * loss_of(recipe, logits, targets.at(order))
    if teacher and lesson:
        loss = loss + teacher.loss(lesson, logits["diagnosis"], logits["features"])
    torch.autograd.backward(loss)
    nn.utils.clip_grad_norm_(run.network.parameters(), 5.0)
    run.optimiser.step()
    run.step += 1
    run.take_average(recipe.weight_average)
    return float(loss.detach())


def fast_bfloat16() -> bool:
    """Tell whether this machine computes in bfloat16; without it autocast is ten times slower."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def start(recipe: Recipe, details: int, device: torch.device) -> Run:
    """Make a run at step 0, with random weights or those that the recipe starts from."""
    torch.manual_seed(recipe.seed)
    trunk = model.build(recipe.drop_rate, recipe.drop_path_rate, recipe.network)
    if recipe.start_from == "imagenet":
        imagenet.start(trunk)
    elif recipe.start_from:
        trunk.load_state_dict(model.load(Path(recipe.start_from)).state_dict())
    teaching = recipe.distillation
    network = JointNetwork(trunk, details, taught=bool(teaching and teaching.features))
    placed: Any = network  # PyTorch's types know no memory format of a module.
    placed.to(device, memory_format=torch.channels_last)
    decayed = [p for p in network.parameters() if p.ndim > 1]
    plain = [p for p in network.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": recipe.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ],
        lr=recipe.learning_rate,
    )
    average = {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}
    return Run(network, average, optimiser)


def _forward_at(run: Run, stage: Stage, place: Place) -> Forward:
    """Freeze what the stage freezes, and return the network as all processes train it."""
    run.network.freeze(stage.frozen_blocks)
    if place.count == 1:
        return run.network
    together: Forward = nn.parallel.DistributedDataParallel(
        run.network, find_unused_parameters=True
    )
    return together


def train(
    recipe: Recipe,
    pictures: Pictures,
    folder: Path,
    place: Place,
    evaluate: Callable[[Run], dict[str, object]] | None = None,
) -> Run:
    """Train until the recipe's minutes are used up, going on from the folder's checkpoint.

    A process that is asked to end (SIGTERM) finishes its step, saves and leaves.

    ``evaluate`` is asked for figures on the way; they go to ``curve.jsonl``, a line each.
    """
    torch.set_num_threads(recipe.threads)
    labels = labels_of(pictures.records)
    sampling = sampling_of(pictures.records, recipe.unlabelled_share, recipe.camera_share)
    run = start(recipe, len(labels.details), place.device)
    checkpoint = folder / "last.pt"
    if checkpoint.is_file():
        run.restore(checkpoint, place.device)
        print(f"going on from step {run.step}, {run.trained_s:.0f} s trained", flush=True)
    batches = Batches(recipe, pictures, sampling, place.rank)
    teacher = Teacher(recipe.distillation, place.device) if recipe.distillation else None
    limit_s, saved_s = recipe.minutes * 60.0, run.trained_s
    readers = ThreadPoolExecutor(max_workers=recipe.readers)
    ahead: deque[Future[tuple[NDArray[np.uint8], NDArray[np.intp]]]] = deque()
    stage: Stage | None = None
    forward: Forward = run.network
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    while (trained_s := place.agree_on(math.inf if stop.is_set() else run.trained_s)) < limit_s:
        started_s = time.monotonic()
        progress = trained_s / limit_s
        if recipe.stage_at(progress) != stage:
            stage = recipe.stage_at(progress)
            forward = _forward_at(run, stage, place)
            ahead.clear()
        while len(ahead) <= recipe.readers:
            drawn_px = max(stage.size_px, teacher.how.size_px if teacher else 0)
            ahead.append(readers.submit(batches.draw, run.step + len(ahead), drawn_px))
        for group in run.optimiser.param_groups:
            group["lr"] = recipe.learning_rate_at(progress)
        drawn, chosen = ahead.popleft().result()
        targets = Targets.of(labels, sampling.log_prior, chosen).to(place.device)
        seen = to_input(drawn).to(place.device)
        loss = train_step(
            run, recipe, seen, targets, forward, teacher=teacher, size_px=stage.size_px
        )
        if not math.isfinite(loss):
            raise SystemExit(f"the loss is {loss} at step {run.step}: lower the learning rate")
        run.trained_s += time.monotonic() - started_s
        if run.step % 20 == 0 and place.rank == 0:
            print(
                f"step {run.step}, {run.trained_s:.0f} s, {stage.size_px} px, loss {loss:.3f}",
                flush=True,
            )
        if place.rank:
            continue
        if run.trained_s - saved_s >= recipe.checkpoint_every_s:
            run.save(checkpoint)
            saved_s = run.trained_s
        count = recipe.evaluations
        if evaluate and int(run.trained_s / limit_s * count) > int(progress * count):
            _note(folder / "curve.jsonl", run, stage, loss, evaluate(run))
            run.network.freeze(stage.frozen_blocks)
    readers.shutdown(cancel_futures=True)
    if place.rank == 0:
        run.save(checkpoint)
    if stop.is_set():
        raise SystemExit(f"stopped at step {run.step}; the same command goes on from there")
    return run


def _note(path: Path, run: Run, stage: Stage, loss: float, figures: dict[str, object]) -> None:
    line = {
        "step": run.step,
        "trained_s": round(run.trained_s),
        "size_px": stage.size_px,
        "frozen_blocks": stage.frozen_blocks,
        "loss": round(loss, 4),
        **figures,
    }
    print(json.dumps(line), flush=True)
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")


def figures_on_val(data: Path, weights: Path, run: Run, architecture: str) -> dict[str, object]:
    """Write the averaged weights and return their figures on `val`, by set."""
    from training.measure.predictions import predict  # noqa: PLC0415

    model.save(run.trunk_average(), weights, architecture)
    found = predict(data, weights, Split.VAL)
    figures: dict[str, object] = {}
    for source in ("ham10000", "milk10k", "isic2017", "pad_ufes_20"):
        part = found.where(found.of_source(source))
        predicted = part.logits.argmax(axis=1)
        scores = torch.from_numpy(part.logits).softmax(dim=1).numpy()
        melanoma = area_under_curve(part.labels == MEL, scores[:, MEL])
        figures[source] = {
            "accuracy": accuracy(part.labels, predicted).as_dict(),
            "balanced_accuracy": balanced_accuracy(part.labels, predicted).as_dict(),
            "melanoma_auc": melanoma.as_dict(),
        }
    return figures


def main() -> None:
    """Train from the train split, or go on with an interrupted run."""
    parser = argparse.ArgumentParser(
        prog="python -m training.fit.train",
        description=main.__doc__,
        epilog="Needs training/requirements.txt and the pictures (--data).",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument(
        "--config", type=Path, required=True, help="TOML; see training/recipes/schooled.toml"
    )
    parser.add_argument("--run", type=Path, required=True, help="folder of this run's checkpoints")
    parser.add_argument("--out", type=Path, help="where the weights are copied to at the end")
    given = parser.parse_args()
    recipe = read_recipe(given.config)
    place = Place.find()
    records = of_split(read_records(given.data), Split.TRAIN)
    print(f"{len(records)} pictures of the train split")
    given.run.mkdir(parents=True, exist_ok=True)
    weights = given.run / "weights.safetensors"

    def evaluate(run: Run) -> dict[str, object]:
        return figures_on_val(given.data, weights, run, recipe.network)

    pictures = Pictures(records, read_files(given.data, records))
    run = train(recipe, pictures, given.run, place, evaluate)
    if place.rank == 0:
        print(f"{weights}: {evaluate(run)}")
        if given.out:
            shutil.copyfile(weights, given.out)


if __name__ == "__main__":
    main()
