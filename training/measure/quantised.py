"""What float16 and uint8 change: the committed weights against the checkpoint, on a split.

The shards are read and widened as the page does, and run by PyTorch
(``training/network/graph_network.py``
says what that means); answers are cached by the shards' content.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from lentigo.picture.preprocess import INPUT_SIZE_PX, VIEWS, normalise, views
from training.measure.decisions import decide, reader_of
from training.measure.measurement import Measurement, read_arguments
from training.measure.metrics import accuracy, balanced_accuracy
from training.measure.predictions import BATCH, Predictions, labels_of
from training.measure.slices import slices_of
from training.network.graph_model import read_graph_model
from training.network.model_folder import SCRATCH, VARIANTS
from training.pictures.data import squares

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.measure.decisions import Decisions
    from training.pictures.data import Record

HEADS = ("modality", "melanoma", "malignancy")
OUTPUTS = ("logits", "embedding", *HEADS)


def exported(measurement: Measurement, variant: str) -> bool:
    """Tell whether the model folder has the weights in this precision."""
    return (measurement.folder.path / variant / "model.json").is_file()


def weight_bytes(measurement: Measurement, variant: str) -> int:
    """Return what a visitor downloads for one precision."""
    folder = measurement.folder.path / variant
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def answer(
    measurement: Measurement, variant: str, records: list[Record]
) -> dict[str, NDArray[np.float32]]:
    """Return the graph's outputs on some photos, float32 (n, k) each, from the cache if kept.

    Each is the mean over the four views.
    """
    folder = measurement.folder.path / variant
    key = hashlib.sha256(f"{VIEWS} views".encode())
    for path in sorted(folder.iterdir()):
        key.update(path.read_bytes())
    key.update("\n".join(f"{record.member} {record.aspect}" for record in records).encode())
    cached = SCRATCH / f"quantised-{key.hexdigest()[:20]}.npz"
    if not cached.is_file():
        answers = _run(measurement, variant, records)
        cached.parent.mkdir(parents=True, exist_ok=True)
        with cached.with_suffix(".partial").open("wb") as out:
            np.savez(out, **answers)
        cached.with_suffix(".partial").replace(cached)
    with np.load(cached) as kept:
        return {name: kept[name] for name in kept.files}


def _run(measurement: Measurement, variant: str, records: list[Record]) -> dict[str, Any]:
    from training.network.graph_network import GraphNetwork  # noqa: PLC0415

    graph = read_graph_model(measurement.folder.path / variant / "model.json")
    present = {node.name for node in graph.nodes}
    network = GraphNetwork(graph, [name for name in OUTPUTS if name in present])
    pictures = squares(measurement.data, records, INPUT_SIZE_PX)
    batches = []
    while batch := list(itertools.islice(pictures, BATCH // VIEWS)):
        squared = [views(normalise(Image.fromarray(square))) for _, square in batch]
        answered = network(np.concatenate(squared))
        batches.append(
            {
                name: each.reshape(len(batch), VIEWS, *each.shape[1:]).mean(axis=1)
                for name, each in answered.items()
            }
        )
        done = min(len(batches) * (BATCH // VIEWS), len(records))
        print(f"\r{done}/{len(records)} pictures, {variant}", end="", flush=True)
    print()
    return {name: np.concatenate([each[name] for each in batches]) for name in batches[0]}


def decisions_of(measurement: Measurement, variant: str, records: list[Record]) -> Decisions:
    """Return what the page would say with these weights."""
    answers = answer(measurement, variant, records)
    whole = Predictions(tuple(records), answers["logits"], labels_of(records), answers["embedding"])
    heads = measurement.probes().logits(whole.embedding)
    stored = {name: answers[name][:, 0] for name in HEADS if name in answers}
    return decide(whole, replace(heads, **stored), reader_of(measurement.calibration()))


def differences(exact: Decisions, stored: Decisions) -> dict[str, Any]:
    """Compare what two precisions say of the same pictures."""
    labels = exact.labels
    by_slice = {}
    for name, mask in slices_of(exact.predictions).items():
        true, said, meant = labels[mask], stored.predicted[mask], exact.predicted[mask]
        by_slice[name] = {
            "accuracy": accuracy(true, said).as_dict(),
            "balanced_accuracy": balanced_accuracy(true, said).as_dict(),
            "balanced_accuracy_exact": balanced_accuracy(true, meant).as_dict(),
        }
    changed = np.array(
        [a is not b for a, b in zip(exact.priorities, stored.priorities, strict=True)]
    )
    gap = np.abs(exact.probabilities - stored.probabilities)
    lowered = stored.severity < exact.severity
    return {
        "pictures": len(labels),
        "largest_probability_difference": round(float(gap.max()), 6),
        "mean_probability_difference": round(float(gap.mean()), 6),
        "changed_decisions": round(float(changed.mean()), 4),
        "lowered_decisions": round(float(lowered.mean()), 4),
        "changed_top_class": round(float((exact.predicted != stored.predicted).mean()), 4),
        "accuracy": accuracy(labels, stored.predicted).as_dict()["value"],
        "balanced_accuracy": balanced_accuracy(labels, stored.predicted).as_dict()["value"],
        "accuracy_exact": accuracy(labels, exact.predicted).as_dict()["value"],
        "balanced_accuracy_exact": balanced_accuracy(labels, exact.predicted).as_dict()["value"],
        "slices": by_slice,
    }


def measure(measurement: Measurement) -> dict[str, Any] | None:
    """Return the differences by precision; None if the weights were not exported yet."""
    if not all(exported(measurement, variant) for variant in VARIANTS):
        return None
    records = measurement.records()
    exact = measurement.decisions(records)
    return {
        variant: differences(exact, decisions_of(measurement, variant, records))
        | {"bytes": weight_bytes(measurement, variant)}
        for variant in VARIANTS
    }


def main() -> None:
    """Compare the exported weights of models/<id>/ with the checkpoint."""
    needs = "training/requirements.txt, the pictures (--data), and an exported model."
    measurement = read_arguments("measure.quantised", main.__doc__, needs)
    found = measure(measurement)
    if found is None:
        raise SystemExit(
            f"{measurement.folder.path} has no weights: python -m training.release.export"
        )
    for variant, figures in found.items():
        print(variant, {name: value for name, value in figures.items() if name != "slices"})


if __name__ == "__main__":
    main()
