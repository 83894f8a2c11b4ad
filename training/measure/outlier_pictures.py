"""The pictures that recognition is chosen and measured on: lesions of the classes, others, none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lentigo.model.outlier_figures import OutlierKind
from training.measure import probes
from training.measure.predictions import Predictions, joined, predict_views
from training.pictures.data import CAMERA, Modality, Split, lesions, of_split, read_records

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

FAR_KINDS = tuple(str(kind) for kind in OutlierKind)

MODALITIES: Mapping[str, tuple[Modality, ...]] = {
    "dermoscopic": (Modality.DERMOSCOPIC,),
    "camera": CAMERA,
}


@dataclass(frozen=True)
class Pictures:
    """One split: lesions of the seven classes, lesions outside them, and no lesions."""

    known: Predictions
    outside: Predictions
    far: Predictions

    @property
    def kinds(self) -> list[str]:
        """What is weighed alike, of the known and then of the far."""
        return [probes.kind_of(r) for r in (*self.known.records, *self.far.records)]


def gather(data: Path, checkpoint: Path, split: Split, every: int = 1) -> Pictures:
    """Return a checkpoint's answers on all pictures of a split, or on each n-th."""
    records = read_records(data)
    rest = [r for r in of_split(records, split) if r.diagnosis is None][::every]
    others = predict_views(data, checkpoint, rest)
    is_lesion = np.array([probes.is_lesion(r) for r in rest], dtype=bool)
    known = predict_views(data, checkpoint, lesions(records, split)[::every])
    return Pictures(known, others.where(is_lesion), others.where(~is_lesion))


def groups_of(*parts: Predictions) -> NDArray[np.intp]:
    """Return an index per lesion over all parts; a picture of no lesion is its own."""
    return joined(*parts).groups
