"""Train the network: one command, resumable after an interruption at any point.

    python -m training.fit.train --config training/recipes/teacher.toml --run .cache/training/mine

The same command goes on where the last checkpoint stands, and ends with ``weights.safetensors``
(float16, averaged weights, labels inside) in the run's folder and the course of the run in
``curve.jsonl``. On several GPUs or machines the same under ``torchrun``: every process draws
batches of its own.

The recipe: random square regions, progressive resolution with early blocks that freeze on the
way, sampling by 1/sqrt(count) **by set and class** with logit adjustment by the sampled prior of
each set (Menon et al., ICLR 2021), joint tasks (``training.fit.tasks``), mixup (Zhang et al., ICLR
2018), an average of the weights over steps, and, where the recipe has them, a teacher's answers and
features (``training.fit.teacher``), binary losses for melanoma and malignancy, answers to all
pictures of a lesion together (``training.fit.lesion_answers``), and one answer to a picture and its
mirror image. The adjustment by set is what keeps the model from learning which class a set is full
of; its logits are for a uniform prior over classes.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import signal
import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from lentigo.diagnosis import Diagnosis
from training.fit.batches import Batches, Pictures, to_input
from training.fit.joint_network import Targets
from training.fit.lesion_answers import lesion_answers
from training.fit.recipe import Recipe, Stage, read_recipe
from training.fit.run import Run, start, train_step
from training.fit.tasks import ORDER, labels_of, sampling_of
from training.fit.teacher import Teacher
from training.measure.metrics import accuracy, area_under_curve, balanced_accuracy
from training.network import model
from training.network.model_folder import DEFAULT_DATA
from training.network.place import Place
from training.pictures.data import Split, read_files
from training.pictures.sets import train_records

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from training.fit.run import Forward

MEL = ORDER.index(Diagnosis.MEL)


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
        targets = Targets.of(labels, sampling, chosen, pictures.answers).to(place.device)
        seen = to_input(drawn, place.device)
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
    records = train_records(given.data, recipe.sets)
    print(f"{len(records)} pictures of the train split")
    given.run.mkdir(parents=True, exist_ok=True)
    weights = given.run / "weights.safetensors"

    def evaluate(run: Run) -> dict[str, object]:
        return figures_on_val(given.data, weights, run, recipe.network)

    asked = recipe.lesion_answers
    answers = (
        place.after_the_first(lambda: lesion_answers(given.data, records, asked.teachers))
        if asked
        else None
    )
    pictures = Pictures(records, read_files(given.data, records), answers)
    run = train(recipe, pictures, given.run, place, evaluate)
    if place.rank == 0:
        print(f"{weights}: {evaluate(run)}")
        if given.out:
            shutil.copyfile(weights, given.out)


if __name__ == "__main__":
    main()
