"""Train the network: one command, resumable after an interruption at any point.

    python -m training.train --config training/first.toml --run .cache/training/first

The same command goes on where the last checkpoint stands, and ends with ``weights.safetensors``
(float16, averaged weights, labels inside) in the run's folder. The recipe: random square regions,
progressive resolution, sampling by 1/sqrt(count) **by set and class** with logit adjustment by the
sampled prior of each set (Menon et al., ICLR 2021), label smoothing, mixup (Zhang et al., ICLR
2018), and an average of the weights over steps. The adjustment by set is what keeps the model from
learning which class a set is full of; its logits are for a uniform prior over classes.
"""

from __future__ import annotations

import argparse
import math
import time
import tomllib
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from lentigo.diagnosis import Diagnosis
from training import model
from training.augment import Augmentation, augment
from training.data import Record, Split, lesions, open_picture, read_files, read_records
from training.metrics import accuracy, balanced_accuracy
from training.model_folder import DEFAULT_DATA

if TYPE_CHECKING:
    from numpy.typing import NDArray

ORDER = list(Diagnosis)
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
# An absent class of a set would make the adjustment infinite.
_SMALLEST_PRIOR = 1e-3


@dataclass(frozen=True)
class Recipe:
    """One training run, as in its TOML file: every key must be there, none may be unknown."""

    minutes: float
    batch: int
    learning_rate: float
    weight_decay: float
    label_smoothing: float
    mixup_share: float
    weight_average: float
    seed: int
    threads: int
    checkpoint_every_s: float
    resolutions: list[tuple[float, int]]

    def size_px_at(self, progress: float) -> int:
        """Return the side of the pictures at a share 0..1 of the run."""
        return next(
            (int(px) for until, px in self.resolutions if progress < until),
            int(self.resolutions[-1][1]),
        )

    def learning_rate_at(self, progress: float) -> float:
        """Return the learning rate: 2 % warm-up, then a cosine to nothing."""
        warm = min(1.0, progress / 0.02)
        return self.learning_rate * warm * 0.5 * (1.0 + math.cos(math.pi * min(1.0, progress)))


def read_recipe(path: Path) -> Recipe:
    """Parse a recipe strictly; ``SystemExit`` names what is missing or unknown."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    names = {field.name for field in fields(Recipe)}
    wrong = sorted(names ^ document.keys())
    if wrong:
        raise SystemExit(f"{path}: missing or unknown: {', '.join(wrong)}")
    return Recipe(**document)


@dataclass(frozen=True)
class Sampling:
    """How often each picture is drawn, (n,), and per picture the log prior of its set, (n, 7)."""

    weight: NDArray[np.float64]
    log_prior: NDArray[np.float32]


def sampling_of(records: list[Record]) -> Sampling:
    """Draw each class of each set by 1/sqrt(its count), and note the prior that this makes."""
    keys = [(r.source, r.modality, r.diagnosis) for r in records]
    counts = Counter(keys)
    weight = np.array([1.0 / math.sqrt(counts[key]) for key in keys])
    weight /= weight.sum()
    mass: defaultdict[tuple[str, str, Any], float] = defaultdict(float)
    for key, value in zip(keys, weight, strict=True):
        mass[key] += float(value)
    log_prior = np.empty((len(records), len(ORDER)), dtype=np.float32)
    priors: dict[tuple[str, str], NDArray[np.float32]] = {}
    for source, modality, _ in keys:
        if (source, modality) not in priors:
            of_set = np.array([mass[source, modality, diagnosis] for diagnosis in ORDER])
            share = np.maximum(of_set / of_set.sum(), _SMALLEST_PRIOR)
            priors[source, modality] = np.log(share).astype(np.float32)
    for index, (source, modality, _) in enumerate(keys):
        log_prior[index] = priors[source, modality]
    return Sampling(weight, log_prior)


class Batches:
    """The pictures of one step, drawn and augmented.

    What is drawn at a step follows from the seed and the step alone, so that a resumed run sees
    what an uninterrupted one would have seen.
    """

    def __init__(
        self, recipe: Recipe, records: list[Record], files: dict[str, bytes], sampling: Sampling
    ) -> None:
        self.recipe, self.records, self.files = recipe, records, files
        self.cumulative = np.cumsum(sampling.weight)
        self.how = Augmentation()

    def draw(self, step: int, size_px: int) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
        """Return the pictures, uint8 (batch, size_px, size_px, 3), and their indices."""
        rng = np.random.default_rng((self.recipe.seed, step))
        uniform = rng.random(self.recipe.batch) * self.cumulative[-1]
        chosen = np.searchsorted(self.cumulative, uniform)
        pictures = [
            augment(
                open_picture(self.files[self.records[index].member]),
                self.records[index].aspect,
                size_px,
                self.how,
                rng,
            )
            for index in chosen
        ]
        return np.stack(pictures), chosen


def to_input(pictures: NDArray[np.uint8]) -> torch.Tensor:
    """Map uint8 (n, h, w, 3) to float32 (n, 3, h, w) in [-1, 1], channels last in memory."""
    batch = torch.from_numpy(pictures).permute(0, 3, 1, 2)
    return batch.float().div_(127.5).sub_(1.0).contiguous(memory_format=torch.channels_last)


@dataclass
class Run:
    """What a checkpoint holds: the network, its average, the optimiser, and how far it is."""

    network: Any
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

    def restore(self, path: Path) -> None:
        """Go on from a checkpoint."""
        state = torch.load(path, weights_only=True, map_location="cpu")
        self.network.load_state_dict(state["network"])
        self.average = {name: t.to(DEVICE) for name, t in state["average"].items()}
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


def train_step(
    run: Run,
    recipe: Recipe,
    pictures: torch.Tensor,
    labels: torch.Tensor,
    log_prior: torch.Tensor,
) -> float:
    """Take one step and return the loss. ``log_prior`` is (n, 7), added to the logits."""
    target = nn.functional.one_hot(labels, len(ORDER)).float()
    if torch.rand(()) < recipe.mixup_share:
        share = float(torch.distributions.Beta(0.4, 0.4).sample())
        order = torch.randperm(len(labels))
        pictures = share * pictures + (1.0 - share) * pictures[order]
        target = share * target + (1.0 - share) * target[order]
        log_prior = share * log_prior + (1.0 - share) * log_prior[order]
    run.optimiser.zero_grad(set_to_none=True)
    with torch.autocast(pictures.device.type, dtype=torch.bfloat16):
        logits = run.network(pictures)
    loss = nn.functional.cross_entropy(
        logits.float() + log_prior, target, label_smoothing=recipe.label_smoothing
    )
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(run.network.parameters(), 5.0)
    run.optimiser.step()
    run.step += 1
    run.take_average(recipe.weight_average)
    return float(loss.detach())


def start(recipe: Recipe) -> Run:
    """Make a run at step 0, with random weights."""
    torch.manual_seed(recipe.seed)
    network = model.build(drop_rate=0.2, drop_path_rate=0.1)
    network = network.to(DEVICE, memory_format=torch.channels_last)
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


def train(recipe: Recipe, records: list[Record], files: dict[str, bytes], folder: Path) -> Run:
    """Train until the recipe's minutes are used up, going on from the folder's checkpoint."""
    torch.set_num_threads(recipe.threads)
    run = start(recipe)
    checkpoint = folder / "last.pt"
    if checkpoint.is_file():
        run.restore(checkpoint)
        print(f"going on from step {run.step}, {run.trained_s:.0f} s trained")
    sampling = sampling_of(records)
    batches = Batches(recipe, records, files, sampling)
    labels = torch.tensor([ORDER.index(r.diagnosis) for r in records if r.diagnosis])
    log_prior = torch.from_numpy(sampling.log_prior)
    limit_s, saved_s = recipe.minutes * 60.0, run.trained_s
    run.network.train()
    reader = ThreadPoolExecutor(max_workers=1)
    upcoming = reader.submit(batches.draw, run.step, recipe.size_px_at(run.trained_s / limit_s))
    while run.trained_s < limit_s:
        started_s = time.monotonic()
        progress = run.trained_s / limit_s
        for group in run.optimiser.param_groups:
            group["lr"] = recipe.learning_rate_at(progress)
        size_px = recipe.size_px_at(progress)
        pictures, chosen = upcoming.result()
        upcoming = reader.submit(batches.draw, run.step + 1, size_px)
        loss = train_step(
            run,
            recipe,
            to_input(pictures).to(DEVICE),
            labels[chosen].to(DEVICE),
            log_prior[chosen].to(DEVICE),
        )
        if not math.isfinite(loss):
            raise SystemExit(f"the loss is {loss} at step {run.step}: lower the learning rate")
        run.trained_s += time.monotonic() - started_s
        if run.step % 20 == 0:
            print(
                f"step {run.step}, {run.trained_s:.0f} s, {size_px} px, loss {loss:.3f}", flush=True
            )
        if run.trained_s - saved_s >= recipe.checkpoint_every_s:
            run.save(checkpoint)
            saved_s = run.trained_s
    reader.shutdown(cancel_futures=True)
    run.save(checkpoint)
    return run


def main() -> None:
    """Train from the train split, or go on with an interrupted run."""
    parser = argparse.ArgumentParser(
        prog="python -m training.train",
        description=main.__doc__,
        epilog="Needs training/requirements.txt and the pictures (--data).",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--config", type=Path, required=True, help="TOML; see training/first.toml")
    parser.add_argument("--run", type=Path, required=True, help="folder of this run's checkpoints")
    given = parser.parse_args()
    recipe = read_recipe(given.config)
    records = lesions(read_records(given.data), Split.TRAIN)
    print(f"{len(records)} pictures of the train split")
    given.run.mkdir(parents=True, exist_ok=True)
    run = train(recipe, records, read_files(given.data, records), given.run)
    weights = given.run / "weights.safetensors"
    model.save(run.average, weights)
    from training.predictions import predict  # noqa: PLC0415

    found = predict(given.data, weights, Split.VAL)
    predicted = found.logits.argmax(axis=1)
    print(f"{weights}: val accuracy {accuracy(found.labels, predicted)}")
    print(f"val balanced accuracy {balanced_accuracy(found.labels, predicted)}")


if __name__ == "__main__":
    main()
