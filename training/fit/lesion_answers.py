"""What finished networks see in all pictures of a lesion together, asked once before a training.

In MILK10k that is one dermoscopic and one clinical picture: the dermoscopic one teaches what the
clinical one shows (generalised distillation; Lopez-Paz et al., ICLR 2016).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from training.measure.predictions import predict_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from training.pictures.data import Record

# Their groups are lesions; those of other sets are patients, or the picture.
_SETS_WITH_LESIONS = ("ham10000", "milk10k")


def lesion_of(record: Record) -> tuple[str, str]:
    """Return what pictures of one lesion have in common, and no others."""
    of_lesion = record.source in _SETS_WITH_LESIONS
    return record.source, record.group if of_lesion else record.member


def shared_by_lesion(logits: NDArray[np.float32], records: Sequence[Record]) -> NDArray[np.float32]:
    """Return the probabilities of each lesion's mean logits, (n, 7), for each of its pictures."""
    numbers: dict[tuple[str, str], int] = {}
    lesion = np.array([numbers.setdefault(lesion_of(r), len(numbers)) for r in records], np.intp)
    total = np.zeros((len(numbers), logits.shape[1]))
    np.add.at(total, lesion, logits)
    mean = (total / np.bincount(lesion)[:, np.newaxis])[lesion]
    shares = np.exp(mean - mean.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float32)


def lesion_answers(
    data: Path, records: list[Record], teachers: Sequence[str]
) -> NDArray[np.float32]:
    """Return the mean over the teachers, (n, 7), zeros where a picture is of no class.

    The teachers see each picture once, as the released network does; their answers are kept.
    """
    of_class = [index for index, record in enumerate(records) if record.diagnosis is not None]
    shown = [records[index] for index in of_class]
    answers = np.zeros((len(records), 7), dtype=np.float32)
    for teacher in teachers:
        found = predict_records(data, Path(teacher), shown)
        answers[of_class] += shared_by_lesion(found.logits, shown) / len(teachers)
    return answers
