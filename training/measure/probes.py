"""The heads on a finished embedding: how the picture was taken, whether it shows a skin lesion at
all, two for the risks (``training.measure.risk_heads``) and one for nails
(``training.measure.nail_head``).

They are fitted after the training, on the ``train`` split, for any checkpoint (probes in the sense
of Alain and Bengio, "Understanding intermediate layers using linear classifier probes", 2016, with
one hidden layer), and go into the released graph. The pictures are seen whole and in parts, so that
the heads do not lean on how pictures are framed. How strongly they are held back is chosen on
``val``.
"""

from __future__ import annotations

import argparse
import hashlib
import warnings
from collections import Counter, defaultdict
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from PIL import Image

from training.measure.decisions import Condition, HeadLogits
from training.measure.metrics import area_under_curve, share
from training.measure.nail_head import NAILS, fit_nail
from training.measure.nail_head import STRENGTHS as NAIL_STRENGTHS
from training.measure.predictions import Change, Predictions, joined, predict, predict_records
from training.measure.risk_heads import LinearHead, choose_head
from training.network.model_folder import DEFAULT_CHECKPOINT, DEFAULT_DATA, SCRATCH
from training.pictures.data import Modality, Record, Split, of_split, read_more, read_records
from training.pictures.metadata import MORE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Embedding = NDArray[np.float32]

SEED = 3
# At most this many lesion pictures of a kind (``kind_of``); inference is what costs.
PICTURES_PER_KIND = 650
# Of MILK10k's grades, 0 very dark to 5 very light; most pictures there have 3.
DARKER = (0, 1, 2)
# How many parts of each picture are shown as well as the whole, and the smallest side of one.
PARTS, SMALLEST_PART = 3, 0.6
# Principal components that the hidden units read, and how many units there are. 32 gain nothing
# over 24 on `val`, and a visitor downloads 2.5 KB for each.
COMPONENTS, HIDDEN_UNITS = 256, 24
# scikit-learn's alpha, the squared weights' share in the loss: large holds them back.
STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0)
_EPOCHS = 30
# A component that varies less, where features vary by 1, is rounding.
_LEAST_VARIANCE = 1e-6


@dataclass(frozen=True)
class Probe:
    """One head: rectified hidden units, and one logit of them.

    ``hidden`` float32 (1280, h), ``hidden_bias`` (h,), ``out`` (h,), ``out_bias`` ().
    """

    hidden: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    out: NDArray[np.float32]
    out_bias: NDArray[np.float32]

    def logit(self, embedding: Embedding) -> NDArray[np.float32]:
        """Return the logit, (n,), of an embedding (n, 1280)."""
        units = np.maximum(embedding @ self.hidden + self.hidden_bias, 0)
        return np.asarray(units @ self.out + self.out_bias)


_Head = TypeVar("_Head", Probe, LinearHead)


@dataclass(frozen=True)
class Probes:
    """The logits that a dermoscope was used, a lesion is shown, of the two risks, and of a nail."""

    modality: Probe
    lesion: Probe
    melanoma: LinearHead
    malignancy: LinearHead
    nail: LinearHead

    def logits(self, embedding: Embedding) -> HeadLogits:
        """Return what every head says of an embedding (n, 1280)."""
        return HeadLogits(**{name: head.logit(embedding) for name, head in vars(self).items()})


def is_lesion(record: Record) -> bool:
    """Tell whether a skin lesion is shown, one of the seven classes or another."""
    return record.modality is not Modality.OTHER


def is_nail(record: Record) -> bool:
    """Tell whether a nail is shown."""
    return record.detail == NAILS


def is_dermoscopic(record: Record) -> bool:
    """Tell whether the picture was taken through a dermoscope."""
    return record.modality is Modality.DERMOSCOPIC


def is_on_darker_skin(record: Record) -> bool:
    """Tell whether the set that grades skin tones well, MILK10k, calls the skin rather dark."""
    return record.source == "milk10k" and record.skin_tone in DARKER


def kind_of(record: Record) -> str:
    """Return what the heads weigh alike: set and way of taking, or the kind of no lesion.

    Lesions on darker skin and those on hands and feet are kinds of their own: among the rest they
    would hardly count, and the lesion head then refuses them more often (training/LOG.md).
    """
    if record.modality is Modality.OTHER:
        return record.detail
    if is_on_darker_skin(record):
        return f"{record.source} {record.modality}, darker skin"
    if record.on_hand_or_foot:
        way = "dermoscopic" if is_dermoscopic(record) else "camera"
        return f"{way}, hand or foot"
    return f"{record.source} {record.modality}"


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
        raise ValueError("a head needs pictures of both sides")
    names = np.array(kinds)
    weight = np.zeros(len(names))
    for side in (positive, ~positive):
        present = np.unique(names[side])
        for kind in present:
            chosen = side & (names == kind)
            weight[chosen] = len(names) / (2 * len(present) * chosen.sum())
    return weight


def fit_probe(
    embedding: Embedding,
    positive: NDArray[np.bool_],
    weight: NDArray[np.float64],
    strength: float,
) -> Probe:
    """Fit a head on (n, d), the same every time.

    Its hidden units read the standardised features' principal components, all at the same scale;
    both are folded into the weights that are returned.
    """
    from sklearn.decomposition import PCA  # noqa: PLC0415
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415

    mean, spread = embedding.mean(axis=0), embedding.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    standard = (embedding - mean) / spread
    reduce = PCA(min(COMPONENTS, *standard.shape), svd_solver="covariance_eigh").fit(standard)
    telling = reduce.explained_variance_ > _LEAST_VARIANCE
    scale = np.sqrt(reduce.explained_variance_[telling])
    axes = reduce.components_[telling].T / scale
    model = MLPClassifier(
        (HIDDEN_UNITS,),
        alpha=strength,
        max_iter=_EPOCHS,
        n_iter_no_change=_EPOCHS,
        random_state=SEED,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it stops after so many epochs
        model.fit(standard @ axes, positive, sample_weight=weight)
    hidden = axes @ model.coefs_[0] / spread[:, np.newaxis]
    bias = model.intercepts_[0] - mean @ hidden
    return Probe(
        hidden.astype(np.float32),
        bias.astype(np.float32),
        model.coefs_[1][:, 0].astype(np.float32),
        model.intercepts_[1][0].astype(np.float32),
    )


def log_loss(
    logits: NDArray[np.floating], positive: NDArray[np.bool_], weight: NDArray[np.float64]
) -> float:
    """Return the weighted mean negative log-likelihood, in nats."""
    signed = np.where(positive, -logits, logits).astype(np.float64)
    return float(np.average(np.logaddexp(0.0, signed), weights=weight))


@dataclass(frozen=True)
class Fit:
    """One head, how strongly it was held back, and the log loss on val of each strength."""

    probe: Probe
    strength: float
    losses: dict[float, float]


def choose_probe(
    train: Predictions,
    val: Predictions,
    is_positive: Callable[[Record], bool],
    strengths: Sequence[float] = STRENGTHS,
) -> Fit:
    """Fit with each strength on ``train``; take the one with the least balanced loss on ``val``."""
    fits: dict[float, Probe] = {}
    losses: dict[float, float] = {}
    sides = [np.array([is_positive(r) for r in part.records]) for part in (train, val)]
    weights = [
        balance(side, [kind_of(r) for r in part.records])
        for side, part in zip(sides, (train, val), strict=True)
    ]
    for strength in strengths:
        fits[strength] = fit_probe(train.embedding, sides[0], weights[0], strength)
        losses[strength] = log_loss(fits[strength].logit(val.embedding), sides[1], weights[1])
    best = min(losses, key=losses.__getitem__)
    return Fit(fits[best], best, losses)


def choose_nail_head(train: Predictions, val: Predictions) -> tuple[LinearHead, dict[float, float]]:
    """Fit with each strength on ``train``; take the one with the least balanced loss on ``val``.

    Returns it and the loss of each strength.
    """
    sides = [np.array([is_nail(record) for record in part.records]) for part in (train, val)]
    weights = [
        balance(side, [kind_of(record) for record in part.records])
        for side, part in zip(sides, (train, val), strict=True)
    ]
    heads = {
        strength: fit_nail(train.embedding, sides[0], weights[0], strength)
        for strength in NAIL_STRENGTHS
    }
    losses = {
        strength: log_loss(head.logit(val.embedding), sides[1], weights[1])
        for strength, head in heads.items()
    }
    return heads[min(losses, key=losses.__getitem__)], losses


def only_lesions(predictions: Predictions) -> Predictions:
    """Return the pictures of lesions."""
    return predictions.where(np.array([is_lesion(r) for r in predictions.records], dtype=bool))


def no_lesions(data: Path, split: Split) -> list[Record]:
    """Return hands, nails and foot ulcers, which are no lesions either."""
    return of_split(read_more(data, "ood_more"), split)


def train_records(data: Path) -> list[Record]:
    """Return the pictures that the heads are fitted on."""
    of_train = of_split(read_records(data), Split.TRAIN)
    return sample([*of_train, *no_lesions(data, Split.TRAIN)])


def train_answers(data: Path, checkpoint: Path) -> Predictions:
    """Return a checkpoint's answers on the pictures that the heads are fitted on, each whole."""
    return predict_records(data, checkpoint, train_records(data))


def part(picture: Image.Image, rng: np.random.Generator, number: int) -> Image.Image:
    """Return a part of the square, mirrored and turned; each number draws another one."""
    rng.random(10 * number)
    side_px = picture.width * rng.uniform(SMALLEST_PART, 1.0)
    left_px, top_px = (picture.width - side_px) * rng.random(2)
    box = (left_px, top_px, left_px + side_px, top_px + side_px)
    picture = picture.resize(picture.size, Image.Resampling.BILINEAR, box=box)
    turns = Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180
    for turn in turns:
        if rng.random() < 0.5:
            picture = picture.transpose(turn)
    return picture


def parts() -> list[Change]:
    """Return how each picture is shown to the heads, apart from whole."""
    return [
        Change(
            f"probe view {number}, part {SMALLEST_PART} to 1, turned", partial(part, number=number)
        )
        for number in range(PARTS)
    ]


def seen_answers(data: Path, checkpoint: Path) -> Predictions:
    """Return the answers that the heads are fitted on: each picture whole, and ``PARTS`` parts."""
    records = train_records(data)
    return joined(
        train_answers(data, checkpoint),
        *(predict_records(data, checkpoint, records, view) for view in parts()),
    )


def val_answers(data: Path, checkpoint: Path) -> Predictions:
    """Return a checkpoint's answers on all pictures of ``val``, lesions of the classes first."""
    rest = [r for r in of_split(read_records(data), Split.VAL) if r.diagnosis is None]
    return joined(
        predict(data, checkpoint, Split.VAL),
        predict_records(data, checkpoint, [*rest, *no_lesions(data, Split.VAL)]),
    )


def fit_both(train: Predictions, val: Predictions) -> tuple[Fit, Fit]:
    """Return the fit of the modality head and that of the lesion head."""
    return (
        choose_probe(only_lesions(train), only_lesions(val), is_dermoscopic),
        choose_probe(train, val, is_lesion),
    )


def describe(found: Fit, val: Predictions, is_positive: Callable[[Record], bool]) -> str:
    """Say what one head does on ``val``, by set: the share that it puts on the right side."""
    logits = found.probe.logit(val.embedding)
    positive = np.array([is_positive(record) for record in val.records])
    kinds = np.array([kind_of(record) for record in val.records])
    area = area_under_curve(positive, logits.astype(np.float64))
    losses = ", ".join(f"{strength:g}: {loss:.4f}" for strength, loss in found.losses.items())
    lines = [f"  log loss by strength {losses}; taken {found.strength:g}; AUC {area.value:.5f}"]
    for kind in np.unique(kinds):
        right = share((logits > 0) == positive, kinds == kind)
        lines.append(f"  {kind}: {right.value:.4f} of {right.n} on the right side")
    return "\n".join(lines)


def fit(data: Path, checkpoint: Path) -> Probes:
    """Fit all heads, or read them back when checkpoint, pictures and programs are the same."""
    # Where only numpy is at hand the rest of this file still serves.
    from safetensors.numpy import load_file, save_file  # noqa: PLC0415

    key = hashlib.sha256(checkpoint.read_bytes())
    for table in ("labels.csv", f"{MORE}/labels.csv", f"{MORE}/metadata.csv"):
        key.update((data / table).read_bytes())
    for program in ("probes.py", "risk_heads.py", "nail_head.py"):
        key.update(Path(__file__).with_name(program).read_bytes())
    path = SCRATCH / f"probes-{key.hexdigest()[:16]}.safetensors"
    if not path.is_file():
        modality, lesion = fit_both(seen_answers(data, checkpoint), val_answers(data, checkpoint))
        train, val = (predict(data, checkpoint, split) for split in (Split.TRAIN, Split.VAL))
        melanoma, malignancy = (choose_head(train, val, condition)[0] for condition in Condition)
        nail = choose_nail_head(train_answers(data, checkpoint), val_answers(data, checkpoint))[0]
        fitted = Probes(modality.probe, lesion.probe, melanoma, malignancy, nail)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".partial")
        weights = {
            f"{name}.{part}": np.asarray(array)
            for name, head in vars(fitted).items()
            for part, array in vars(head).items()
        }
        save_file(weights, str(unfinished))
        unfinished.replace(path)
    kept = load_file(str(path))

    def of(name: str, kind: type[_Head]) -> _Head:
        return kind(**{part.name: kept[f"{name}.{part.name}"] for part in fields(kind)})

    return Probes(
        of("modality", Probe),
        of("lesion", Probe),
        *(of(name, LinearHead) for name in (*Condition, "nail")),
    )


def main() -> None:
    """Fit the heads of a checkpoint; print what they do on val."""
    parser = argparse.ArgumentParser(
        prog="python -m training.measure.probes",
        description=main.__doc__,
        epilog="Needs training/requirements.txt and the pictures (--data).",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--checkpoint", type=Path, default=DEFAULT_CHECKPOINT)
    given = parser.parse_args()
    checkpoint = given.checkpoint
    train, val = seen_answers(given.data, checkpoint), val_answers(given.data, checkpoint)
    modality, lesion = fit_both(train, val)
    print(f"modality\n{describe(modality, only_lesions(val), is_dermoscopic)}")
    print(f"lesion\n{describe(lesion, val, is_lesion)}")
    of_train, of_val = (predict(given.data, checkpoint, s) for s in (Split.TRAIN, Split.VAL))
    for condition in Condition:
        areas = choose_head(of_train, of_val, condition)[1]
        print(f"{condition}: mean AUC of the sets by strength {areas}")
    losses = choose_nail_head(train_answers(given.data, checkpoint), val)[1]
    print(f"nail: log loss by strength {losses}")


if __name__ == "__main__":
    main()
