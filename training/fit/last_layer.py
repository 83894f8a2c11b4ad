"""Learn a network's last layer again on its finished features: minutes on one core.

    python -m training.fit.last_layer --checkpoint training/checkpoints/lentigo-v1.safetensors \\
        --out .cache/training/last-layer.safetensors

From the labels, every set counting alike and with its own class shares as the prior (Menon et al.,
ICLR 2021), and from what the network itself sees in all pictures of a lesion together, so that the
dermoscopic picture teaches what to say of the clinical one. Retraining the last layer on groups
that count alike: Kirichenko et al., ICLR 2023.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from training.fit.lesion_answers import shared_by_lesion
from training.fit.tasks import ORDER, sampling_of
from training.measure.predictions import predict
from training.network.model_folder import DEFAULT_CHECKPOINT, DEFAULT_DATA
from training.pictures.data import Split

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CAMERA_SHARE = 0.46
# What a lesion's pictures together say, against 1 for the label; chosen on `val` (LOG.md).
ANSWERS_WEIGHT = 3.0
# Half the squared distance from the old layer, in logits for one deviation of a feature.
HOLD = 1e-2
_STEPS = 80
# A feature that varies less is rounding.
_LEAST_DEVIATION = 1e-6


@dataclass(frozen=True)
class Layer:
    """A last layer: ``weight`` (features, 7) and ``bias`` (7,)."""

    weight: Floats
    bias: Floats

    def logits(self, features: NDArray[np.floating]) -> Floats:
        """Return the logits, (n, 7), of features (n, features)."""
        return np.asarray(features @ self.weight + self.bias, dtype=np.float64)


@dataclass(frozen=True)
class Lessons:
    """What n pictures teach: how much each counts (n,), and two answers to it, each (n, 7).

    The logits plus ``log_prior`` (n, 7) should give ``labels`` (n,), the logits alone ``answers``.
    """

    weight: Floats
    labels: NDArray[np.intp]
    log_prior: Floats
    answers: Floats


def _log_shares(logits: Floats) -> Floats:
    top = logits.max(axis=1, keepdims=True)
    return np.asarray(logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True)))


def loss_of(logits: Floats, lessons: Lessons, answers_weight: float) -> tuple[float, Floats]:
    """Return the cross entropy with labels and answers, in nats, and its slope by logit (n, 7)."""
    weight = (lessons.weight / lessons.weight.sum())[:, np.newaxis]
    loss, slope = 0.0, np.zeros_like(logits)
    for shift, wanted, counts in (
        (lessons.log_prior, np.eye(len(ORDER))[lessons.labels], 1.0),
        (np.zeros_like(logits), lessons.answers, answers_weight),
    ):
        found = _log_shares(logits + shift)
        loss -= counts * float((weight * wanted * found).sum())
        slope += counts * weight * (np.exp(found) - wanted)
    return loss, slope


def relearn(
    old: Layer,
    features: NDArray[np.float32],
    lessons: Lessons,
    answers_weight: float = ANSWERS_WEIGHT,
    hold: float = HOLD,
) -> Layer:
    """Return the layer with the least loss that ``hold`` keeps near the old one."""
    mean = features.mean(axis=0, dtype=np.float64)
    deviation = np.maximum(features.std(axis=0, dtype=np.float64), _LEAST_DEVIATION)
    scaled = ((features - mean) / deviation).astype(np.float32)
    begin = old.weight * deviation[:, np.newaxis]
    shape = begin.shape

    def at(point: Floats) -> tuple[float, Floats]:
        weight, bias = point[: begin.size].reshape(shape), point[begin.size :]
        logits = np.asarray(scaled @ weight.astype(np.float32) + bias, dtype=np.float64)
        loss, slope = loss_of(logits, lessons, answers_weight)
        moved = weight - begin
        by_weight = scaled.T @ slope.astype(np.float32) + hold * moved
        gradient = np.concatenate([by_weight.ravel(), slope.sum(axis=0)])
        return loss + 0.5 * hold * float((moved**2).sum()), gradient

    first = np.concatenate([begin.ravel(), old.bias + mean @ old.weight])
    found = minimize(at, first, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x
    weight = found[: begin.size].reshape(shape) / deviation[:, np.newaxis]
    return Layer(weight, found[begin.size :] - mean @ weight)


def main() -> None:
    """Write a checkpoint that differs from another in its last layer alone."""
    from training.network import model  # noqa: PLC0415

    parser = argparse.ArgumentParser(
        prog="python -m training.fit.last_layer", description=main.__doc__
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--checkpoint", type=Path, default=DEFAULT_CHECKPOINT)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    found = predict(given.data, given.checkpoint, Split.TRAIN)
    sampling = sampling_of(list(found.records), camera_share=CAMERA_SHARE)
    lessons = Lessons(
        sampling.weight * sampling.set_weight,
        found.labels,
        sampling.log_prior.astype(np.float64),
        shared_by_lesion(found.logits, found.records).astype(np.float64),
    )
    network = model.load(given.checkpoint)
    last = network.classifier
    old = Layer(
        last.weight.detach().numpy().T.astype(np.float64),
        last.bias.detach().numpy().astype(np.float64),
    )
    new = relearn(old, found.embedding, lessons)
    state = network.state_dict()
    for name, values in (("weight", new.weight.T), ("bias", new.bias)):
        state[f"classifier.{name}"] = last.weight.new_tensor(np.ascontiguousarray(values))
    model.save(state, given.out, model.architecture_of(given.checkpoint))
    for name, layer in (("before", old), ("after", new)):
        loss, _ = loss_of(layer.logits(found.embedding), lessons, ANSWERS_WEIGHT)
        print(f"{name}: {loss:.4f} nats on {len(found.records)} pictures of train")


if __name__ == "__main__":
    main()
