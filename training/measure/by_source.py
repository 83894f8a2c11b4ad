"""How checkpoints rank lesions of `val`, set by set: what a training run is chosen by.

    python -m training.measure.by_source training/checkpoints/lentigo-v1.safetensors MINE

Prints a table for `LOG.md`. The mean over the sets counts each alike, however many pictures it has,
so that a network is not chosen for the set that has the most.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lentigo.diagnosis import MALIGNANT, Diagnosis
from training.measure.metrics import area_under_curve, balanced_accuracy
from training.measure.predictions import (
    SIDES,
    Predictions,
    predict,
    predict_records,
    view_of,
)
from training.network.model_folder import DEFAULT_DATA
from training.pictures.data import Split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ORDER = list(Diagnosis)
MEL, NV = ORDER.index(Diagnosis.MEL), ORDER.index(Diagnosis.NV)
_MALIGNANT = np.array([diagnosis in MALIGNANT for diagnosis in ORDER])
MEAN = "mean of the sets"
# Every so manieth picture is shown mirrored too.
_MIRRORED_EVERY = 5


@dataclass(frozen=True)
class Ranking:
    """Four figures of some pictures, 0..1: areas under the ROC curve and the balanced accuracy.

    ``None`` where the pictures are all on one side. Malignancy is the sum of its classes'
    probabilities.
    """

    melanoma: float | None
    malignancy: float | None
    balanced: float | None
    melanoma_or_naevus: float | None

    def __sub__(self, other: Ranking) -> Ranking:
        """Return how much more every figure is than another's."""
        pairs = zip(self.figures(), other.figures(), strict=True)
        return Ranking(*(None if a is None or b is None else a - b for a, b in pairs))

    def figures(self) -> tuple[float | None, ...]:
        """Return the figures in order."""
        return self.melanoma, self.malignancy, self.balanced, self.melanoma_or_naevus


def rank(logits: NDArray[np.float32], labels: NDArray[np.intp]) -> Ranking:
    """Return the figures of pictures, logits (n, 7) and labels (n,)."""
    odds = np.exp(logits.astype(np.float64))
    shares = np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float64)
    malignancy = np.asarray(shares[:, _MALIGNANT].sum(axis=1), dtype=np.float64)
    pair = np.isin(labels, (MEL, NV))
    margin = np.asarray(logits[:, MEL] - logits[:, NV], dtype=np.float64)
    return Ranking(
        area_under_curve(labels == MEL, shares[:, MEL]).value,
        area_under_curve(_MALIGNANT[labels], malignancy).value,
        balanced_accuracy(labels, logits.argmax(axis=1)).value,
        area_under_curve(labels[pair] == MEL, margin[pair]).value,
    )


def by_source(found: Predictions) -> dict[str, Ranking]:
    """Return the figures of every set and modality, and their mean (``MEAN``)."""
    names = np.array([f"{r.source}, {r.modality}" for r in found.records])
    of_set = {
        str(name): rank(found.logits[names == name], found.labels[names == name])
        for name in np.unique(names)
    }
    columns = zip(*(ranking.figures() for ranking in of_set.values()), strict=True)
    means = []
    for column in columns:
        defined = [figure for figure in column if figure is not None]
        means.append(float(np.mean(defined)) if defined else None)
    return of_set | {MEAN: Ranking(*means)}


def unrest(logits: NDArray[np.float32], of_mirrored: NDArray[np.float32]) -> float:
    """Return the mean distance of melanoma's log odds in pictures and in their mirror images."""

    def log_odds(of: NDArray[np.float32]) -> NDArray[np.float64]:
        rest = np.delete(of.astype(np.float64), MEL, axis=1)
        return np.asarray(of[:, MEL] - np.log(np.exp(rest).sum(axis=1)))

    return float(np.abs(log_odds(logits) - log_odds(of_mirrored)).mean())


def table(rankings: Sequence[tuple[str, dict[str, Ranking]]]) -> str:
    """Return a Markdown table; the checkpoints after the first with their difference from it."""
    titles = ("melanoma AUC", "malignancy AUC", "balanced accuracy", "melanoma or naevus")
    lines = [f"| `val` | checkpoint | {' | '.join(titles)} |", f"|{' --- |' * 6}"]
    first = rankings[0][1]
    for name in first:
        for checkpoint, figures in rankings:
            apart = (figures[name] - first[name]).figures()
            cells = [
                ""
                if value is None or change is None
                else f"{value:.3f}"
                if figures is first
                else f"{value:.3f} ({change:+.3f})"
                for value, change in zip(figures[name].figures(), apart, strict=True)
            ]
            lines.append(f"| {name} | {checkpoint} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Compare checkpoints on `val`, set by set; the first is what the others are held to."""
    parser = argparse.ArgumentParser(
        prog="python -m training.measure.by_source", description=main.__doc__
    )
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument(
        "--mirrored", action="store_true", help="show every fifth picture mirrored too"
    )
    given = parser.parse_args()
    rankings = []
    for path in given.checkpoints:
        found = predict(given.data, path, Split.VAL)
        rankings.append(
            (path.stem if path.stem != "weights" else path.parent.name, by_source(found))
        )
        if given.mirrored:
            some = list(found.records[::_MIRRORED_EVERY])
            mirrored = predict_records(
                given.data, path, some, view_of("mirrored", SIDES["mirrored"])
            )
            apart = unrest(found.logits[::_MIRRORED_EVERY], mirrored.logits)
            print(f"{rankings[-1][0]}: melanoma's log odds move by {apart:.3f} when mirrored")
    print(table(rankings))


if __name__ == "__main__":
    main()
