"""What a checkpoint answers on a split, computed once and kept in ``.cache/training/``.

The released path: ``lentigo.preprocess`` at 224 px, one pass, no flips.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import PIL
from PIL import Image

from lentigo import preprocess
from lentigo.diagnosis import Diagnosis
from training.data import Modality, Record, Split, lesions, read_records, squares
from training.model_folder import SCRATCH

if TYPE_CHECKING:
    from numpy.typing import NDArray

BATCH = 64


@dataclass(frozen=True)
class Predictions:
    """Pictures of the seven classes in one split: ``logits`` float32 (n, 7), ``labels`` (n,)."""

    records: tuple[Record, ...]
    logits: NDArray[np.float32]
    labels: NDArray[np.intp]

    @property
    def groups(self) -> NDArray[np.intp]:
        """An index per lesion (or patient), (n,)."""
        names = [f"{record.source}/{record.group}" for record in self.records]
        return np.unique(names, return_inverse=True)[1]

    def where(self, chosen: NDArray[np.bool_]) -> Predictions:
        """Return the chosen pictures only."""
        records = tuple(r for r, keep in zip(self.records, chosen, strict=True) if keep)
        return Predictions(records, self.logits[chosen], self.labels[chosen])

    def of_modality(self, *modalities: Modality) -> NDArray[np.bool_]:
        """Tell which pictures were taken in one of these ways, (n,)."""
        return np.array([record.modality in modalities for record in self.records])

    def of_source(self, *sources: str) -> NDArray[np.bool_]:
        """Tell which pictures come from one of these sets, (n,)."""
        return np.array([record.source in sources for record in self.records])


def predict(
    data: Path,
    checkpoint: Path,
    split: Split,
    resample: Image.Resampling = preprocess.RESAMPLE,
) -> Predictions:
    """Answer on all lesion pictures of a split, from the cache when nothing has changed.

    ``resample`` other than the released filter serves only to compare filters.
    """
    if not checkpoint.is_file():
        raise SystemExit(f"{checkpoint} is not there: give --checkpoint or --data")
    chosen = lesions(read_records(data), split)
    labels = np.array([list(Diagnosis).index(r.diagnosis) for r in chosen if r.diagnosis])
    key = hashlib.sha256(checkpoint.read_bytes())
    key.update(Path(preprocess.__file__).read_bytes())
    key.update("\n".join(record.member for record in chosen).encode())
    key.update(f"{resample.name}, Pillow {PIL.__version__}".encode())
    cached = SCRATCH / f"logits-{split}-{key.hexdigest()[:16]}.npy"
    if not cached.is_file():
        cached.parent.mkdir(parents=True, exist_ok=True)
        logits = _infer(data, checkpoint, chosen, resample)
        with cached.with_suffix(".partial").open("wb") as out:
            np.save(out, logits)
        cached.with_suffix(".partial").replace(cached)
    return Predictions(tuple(chosen), np.load(cached), labels)


def _infer(
    data: Path, checkpoint: Path, records: list[Record], resample: Image.Resampling
) -> NDArray[np.float32]:
    from training import model  # noqa: PLC0415

    network = model.load(checkpoint)
    released, logits, batch = preprocess.RESAMPLE, [], []
    preprocess.RESAMPLE = resample
    try:
        for count, (_, square) in enumerate(squares(data, records, preprocess.INPUT_SIZE_PX), 1):
            batch.append(preprocess.normalise(Image.fromarray(square)))
            if len(batch) == BATCH or count == len(records):
                logits.append(model.infer(network, np.concatenate(batch))[0])
                batch = []
                print(f"\r{count}/{len(records)} pictures", end="", flush=True)
    finally:
        preprocess.RESAMPLE = released
    print()
    return np.concatenate(logits)
