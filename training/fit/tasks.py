"""What the network learns at once: the diagnosis, and joint tasks that shape its features.

The joint tasks (how the picture was taken, whether it shows a lesion at all, the finer diagnosis
that some sets give; whether it is a melanoma, and whether malignant) have heads of their own during
training only. The released heads are fitted afterwards on the finished embedding
(``training.measure.probes``), so that any checkpoint can have them.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.diagnosis import MALIGNANT, Diagnosis
from training.pictures.data import CAMERA, Modality

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.pictures.data import Record

ORDER = list(Diagnosis)
# The binary tasks, in order: what counts as a yes.
RISKS: tuple[frozenset[Diagnosis], ...] = (frozenset({Diagnosis.MEL}), MALIGNANT)
MODALITIES = (Modality.DERMOSCOPIC, Modality.CLINICAL, Modality.SMARTPHONE)
# Where a picture has no label for a task; torch's cross entropy skips it.
NO_LABEL = -100
# A finer diagnosis that fewer pictures show teaches nothing.
_FEWEST_PICTURES = 12
# HAM10000 says by what the diagnosis was confirmed, not a finer diagnosis.
_SETS_WITH_DETAIL = ("milk10k", "pad_ufes_20", "pad_ufes_20_more", "pad_ufes_20_cut", "isic2017")
# An absent class of a set would make the adjustment infinite.
_SMALLEST_PRIOR = 1e-3


@dataclass(frozen=True)
class Labels:
    """The answers to each task, int64 (n,), ``NO_LABEL`` where there is none."""

    diagnosis: NDArray[np.int64]
    modality: NDArray[np.int64]
    lesion: NDArray[np.int64]
    detail: NDArray[np.int64]
    details: tuple[str, ...]


def labels_of(records: list[Record]) -> Labels:
    """Return the labels of the records for every task."""
    counts = Counter(r.detail for r in records if r.source in _SETS_WITH_DETAIL)
    details = tuple(sorted(name for name, n in counts.items() if name and n >= _FEWEST_PICTURES))

    def detail(record: Record) -> int:
        known = record.source in _SETS_WITH_DETAIL and record.detail in details
        return details.index(record.detail) if known else NO_LABEL

    return Labels(
        np.array([ORDER.index(r.diagnosis) if r.diagnosis else NO_LABEL for r in records]),
        np.array(
            [
                MODALITIES.index(r.modality) if r.modality in MODALITIES else NO_LABEL
                for r in records
            ]
        ),
        np.array([int(r.modality is not Modality.OTHER) for r in records]),
        np.array([detail(r) for r in records]),
        details,
    )


@dataclass(frozen=True)
class Sampling:
    """How often each picture is drawn, (n,), and per picture the log prior of its set, (n, 7).

    ``set_weight`` (n,) is what a draw must count for all sets to count alike, 0 without a class.
    """

    weight: NDArray[np.float64]
    log_prior: NDArray[np.float32]
    set_weight: NDArray[np.float32]

    @cached_property
    def log_odds(self) -> NDArray[np.float32]:
        """The log odds of each of ``RISKS`` in the picture's set, (n, 2)."""
        prior = np.exp(self.log_prior)
        yes = np.stack([prior[:, members_of(risk)].sum(axis=1) for risk in RISKS], axis=1)
        no = np.stack([prior[:, ~members_of(risk)].sum(axis=1) for risk in RISKS], axis=1)
        return np.asarray(np.log(yes) - np.log(no))


def members_of(risk: frozenset[Diagnosis]) -> NDArray[np.bool_]:
    """Return which classes count as a yes, (7,)."""
    return np.array([diagnosis in risk for diagnosis in ORDER])


def sampling_of(
    records: list[Record], unlabelled_share: float = 0.0, camera_share: float = 0.0
) -> Sampling:
    """Draw each class of each set by 1/sqrt(its count), and note the prior that this makes.

    Pictures outside the seven classes share ``unlabelled_share`` of the draws, by set, and have
    no prior. Camera pictures share ``camera_share`` of the others; 0 leaves it to the counts.
    """
    keys = [(r.source, r.modality, r.diagnosis) for r in records]
    counts = Counter(keys)
    weight = np.array([1.0 / math.sqrt(counts[key]) for key in keys])
    labelled = np.array([r.diagnosis is not None for r in records])
    camera = np.array([r.modality in CAMERA for r in records]) & labelled
    if camera_share and camera.any() and (labelled & ~camera).any():
        weight[camera] *= camera_share / weight[camera].sum()
        weight[labelled & ~camera] *= (1.0 - camera_share) / weight[labelled & ~camera].sum()
    for chosen, share in ((labelled, 1.0 - unlabelled_share), (~labelled, unlabelled_share)):
        if chosen.any():
            weight[chosen] *= share / weight[chosen].sum()
    weight /= weight.sum()
    mass: defaultdict[tuple[str, str, Any], float] = defaultdict(float)
    for key, value in zip(keys, weight, strict=True):
        mass[key] += float(value)
    log_prior = np.zeros((len(records), len(ORDER)), dtype=np.float32)
    set_weight = np.zeros(len(records), dtype=np.float32)
    priors: dict[tuple[str, str], NDArray[np.float32]] = {}
    of_sets = {key: float(sum(mass[(*key, each)] for each in ORDER)) for key in _sets(records)}
    for index, (source, modality, diagnosis) in enumerate(keys):
        if diagnosis is None:
            continue
        if (source, modality) not in priors:
            of_set = np.array([mass[source, modality, each] for each in ORDER])
            share_of_class = np.maximum(of_set / of_set.sum(), _SMALLEST_PRIOR)
            priors[source, modality] = np.log(share_of_class).astype(np.float32)
        log_prior[index] = priors[source, modality]
        set_weight[index] = sum(of_sets.values()) / len(of_sets) / of_sets[source, modality]
    return Sampling(weight, log_prior, set_weight)


def _sets(records: list[Record]) -> set[tuple[str, str]]:
    """Return the sets, by source and modality, that have pictures of the seven classes."""
    return {(r.source, r.modality) for r in records if r.diagnosis is not None}
