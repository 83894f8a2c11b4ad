"""Two linear probes on a finished embedding: the way the picture was taken, and whether it shows
a skin lesion at all.

They are fitted after the training, on the ``train`` split, for any checkpoint (Alain and Bengio,
"Understanding intermediate layers using linear classifier probes", 2016), and go into the released
graph as two more heads. How strongly they are held back is chosen on ``val``.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from training.data import Modality, Record, Split, of_split, read_records
from training.metrics import area_under_curve, share
from training.model_folder import DEFAULT_CHECKPOINT, DEFAULT_DATA, SCRATCH
from training.predictions import Predictions, joined, predict, predict_records

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Embedding = NDArray[np.float32]
    Line = tuple[NDArray[np.float32], float]

SEED = 3
# At most this many lesion pictures of a kind (``kind_of``); inference is what costs.
PICTURES_PER_KIND = 650
# Of MILK10k's grades, 0 very dark to 5 very light; most pictures there have 3.
DARKER = (0, 1, 2)
# scikit-learn's C: small holds the weights back.
STRENGTHS = (1e-3, 1e-2, 1e-1, 1.0, 10.0)
_MOST_STEPS = 2000


@dataclass(frozen=True)
class Probes:
    """The two heads: weights float32 (1280,), biases float32 ()."""

    modality_weight: NDArray[np.float32]
    modality_bias: NDArray[np.float32]
    lesion_weight: NDArray[np.float32]
    lesion_bias: NDArray[np.float32]

    def modality(self, embedding: Embedding) -> NDArray[np.float32]:
        """Return the logit that a dermoscope was used, (n,), of an embedding (n, 1280)."""
        return embedding @ self.modality_weight + self.modality_bias

    def lesion(self, embedding: Embedding) -> NDArray[np.float32]:
        """Return the logit that a skin lesion is shown, (n,), of an embedding (n, 1280)."""
        return embedding @ self.lesion_weight + self.lesion_bias


def is_lesion(record: Record) -> bool:
    """Tell whether a skin lesion is shown, one of the seven classes or another."""
    return record.modality is not Modality.OTHER


def is_dermoscopic(record: Record) -> bool:
    """Tell whether the picture was taken through a dermoscope."""
    return record.modality is Modality.DERMOSCOPIC


def is_on_darker_skin(record: Record) -> bool:
    """Tell whether the set that grades skin tones well, MILK10k, calls the skin rather dark."""
    return record.source == "milk10k" and record.skin_tone in DARKER


def kind_of(record: Record) -> str:
    """Return what the probes weigh alike: set and way of taking, or the kind of no lesion.

    Lesions on darker skin are a kind of their own: among the rest they would hardly count, and the
    lesion head then refuses them more often (training/LOG.md).
    """
    if record.modality is Modality.OTHER:
        return record.detail
    skin = ", darker skin" if is_on_darker_skin(record) else ""
    return f"{record.source} {record.modality}{skin}"


def sample(records: Sequence[Record], per_kind: int = PICTURES_PER_KIND) -> list[Record]:
    """Draw at most ``per_kind`` lesion pictures of each kind, and take all that show no lesion.

    Within a kind a class is drawn by 1/sqrt(its count), as in the training. The same every time;
    in the order of the file.
    """
    by_kind: defaultdict[str, list[int]] = defaultdict(list)
    for index, record in enumerate(records):
        by_kind[kind_of(record)].append(index)
    chosen: list[int] = []
    for kind, indices in sorted(by_kind.items()):
        if not is_lesion(records[indices[0]]) or len(indices) <= per_kind:
            chosen += indices
            continue
        counts = Counter(records[index].diagnosis for index in indices)
        rarity = np.array([1.0 / np.sqrt(counts[records[index].diagnosis]) for index in indices])
        drawn = np.random.default_rng([SEED, *kind.encode()]).choice(
            len(indices), per_kind, replace=False, p=rarity / rarity.sum()
        )
        chosen += [indices[place] for place in drawn]
    return [records[index] for index in sorted(chosen)]


def balance(positive: NDArray[np.bool_], kinds: Sequence[str]) -> NDArray[np.float64]:
    """Weigh the two sides alike, and on each side every kind alike; (n,), 1 on average.

    ``ValueError`` if a side is empty.
    """
    if positive.all() or not positive.any():
        raise ValueError("a probe needs pictures of both sides")
    names = np.array(kinds)
    weight = np.zeros(len(names))
    for side in (positive, ~positive):
        present = np.unique(names[side])
        for kind in present:
            chosen = side & (names == kind)
            weight[chosen] = len(names) / (2 * len(present) * chosen.sum())
    return weight


def fit_line(
    embedding: Embedding,
    positive: NDArray[np.bool_],
    weight: NDArray[np.float64],
    strength: float,
) -> Line:
    """Fit a logistic regression on (n, d); return weights float32 (d,) and the bias.

    The features are standardised for the fit; their scaling is folded into what is returned.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    mean, spread = embedding.mean(axis=0), embedding.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    model = LogisticRegression(C=strength, max_iter=_MOST_STEPS)
    model.fit((embedding - mean) / spread, positive, sample_weight=weight)
    folded = model.coef_[0] / spread
    return folded.astype(np.float32), float(model.intercept_[0] - folded @ mean)


def log_loss(
    logits: NDArray[np.floating], positive: NDArray[np.bool_], weight: NDArray[np.float64]
) -> float:
    """Return the weighted mean negative log-likelihood, in nats."""
    signed = np.where(positive, -logits, logits).astype(np.float64)
    return float(np.average(np.logaddexp(0.0, signed), weights=weight))


@dataclass(frozen=True)
class Fit:
    """One probe, how strongly it was held back, and the log loss on val of each strength."""

    line: Line
    strength: float
    losses: dict[float, float]


def choose_line(
    train: Predictions,
    val: Predictions,
    is_positive: Callable[[Record], bool],
    strengths: Sequence[float] = STRENGTHS,
) -> Fit:
    """Fit with each strength on ``train``; take the one with the least balanced loss on ``val``."""
    fits: dict[float, Line] = {}
    losses: dict[float, float] = {}
    sides = [np.array([is_positive(r) for r in part.records]) for part in (train, val)]
    weights = [
        balance(side, [kind_of(r) for r in part.records])
        for side, part in zip(sides, (train, val), strict=True)
    ]
    for strength in strengths:
        slope, offset = fit_line(train.embedding, sides[0], weights[0], strength)
        fits[strength] = slope, offset
        losses[strength] = log_loss(val.embedding @ slope + offset, sides[1], weights[1])
    best = min(losses, key=losses.__getitem__)
    return Fit(fits[best], best, losses)


def only_lesions(predictions: Predictions) -> Predictions:
    """Return the pictures of lesions."""
    return predictions.where(np.array([is_lesion(r) for r in predictions.records], dtype=bool))


def train_answers(data: Path, checkpoint: Path) -> Predictions:
    """Return a checkpoint's answers on the pictures that the probes are fitted on."""
    return predict_records(data, checkpoint, sample(of_split(read_records(data), Split.TRAIN)))


def val_answers(data: Path, checkpoint: Path) -> Predictions:
    """Return a checkpoint's answers on all pictures of ``val``, lesions of the classes first."""
    rest = [r for r in of_split(read_records(data), Split.VAL) if r.diagnosis is None]
    return joined(predict(data, checkpoint, Split.VAL), predict_records(data, checkpoint, rest))


def fit_both(train: Predictions, val: Predictions) -> tuple[Fit, Fit]:
    """Return the fit of the modality head and that of the lesion head."""
    return (
        choose_line(only_lesions(train), only_lesions(val), is_dermoscopic),
        choose_line(train, val, is_lesion),
    )


def describe(found: Fit, val: Predictions, is_positive: Callable[[Record], bool]) -> str:
    """Say what one probe does on ``val``, by set: the share that it puts on the right side."""
    logits = val.embedding @ found.line[0] + found.line[1]
    positive = np.array([is_positive(record) for record in val.records])
    kinds = np.array([kind_of(record) for record in val.records])
    area = area_under_curve(positive, logits.astype(np.float64))
    losses = ", ".join(f"{strength:g}: {loss:.4f}" for strength, loss in found.losses.items())
    lines = [f"  log loss by strength {losses}; taken {found.strength:g}; AUC {area.value:.5f}"]
    for kind in np.unique(kinds):
        right = share((logits > 0) == positive, "no pictures", kinds == kind)
        lines.append(f"  {kind}: {right.value:.4f} of {right.n} on the right side")
    return "\n".join(lines)


def fit(data: Path, checkpoint: Path) -> Probes:
    """Fit both heads, or read them back when checkpoint, pictures and this file are the same."""
    # Where only numpy is at hand the rest of this file still serves.
    from safetensors.numpy import load_file, save_file  # noqa: PLC0415

    key = hashlib.sha256(checkpoint.read_bytes())
    key.update((data / "labels.csv").read_bytes())
    key.update(Path(__file__).read_bytes())
    path = SCRATCH / f"probes-{key.hexdigest()[:16]}.safetensors"
    if not path.is_file():
        modality, lesion = fit_both(train_answers(data, checkpoint), val_answers(data, checkpoint))
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        save_file(
            {
                "modality.weight": modality.line[0],
                "modality.bias": np.array(modality.line[1], np.float32),
                "lesion.weight": lesion.line[0],
                "lesion.bias": np.array(lesion.line[1], np.float32),
            },
            str(partial),
        )
        partial.replace(path)
    kept = load_file(str(path))
    return Probes(
        kept["modality.weight"], kept["modality.bias"], kept["lesion.weight"], kept["lesion.bias"]
    )


def main() -> None:
    """Fit the probes of a checkpoint; print what they do on val."""
    parser = argparse.ArgumentParser(
        prog="python -m training.probes",
        description=main.__doc__,
        epilog="Needs training/requirements.txt and the pictures (--data).",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument(
        "--checkpoint", type=Path, help=f"safetensors; default: DATA/{DEFAULT_CHECKPOINT}"
    )
    given = parser.parse_args()
    checkpoint = given.checkpoint or given.data / DEFAULT_CHECKPOINT
    train, val = train_answers(given.data, checkpoint), val_answers(given.data, checkpoint)
    modality, lesion = fit_both(train, val)
    print(f"modality\n{describe(modality, only_lesions(val), is_dermoscopic)}")
    print(f"lesion\n{describe(lesion, val, is_lesion)}")


if __name__ == "__main__":
    main()
