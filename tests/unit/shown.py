"""Records of lesions and of none, and toy predictions on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lentigo.diagnosis import Diagnosis
from training.measure.predictions import Predictions, labels_of
from training.pictures.data import Modality, Record, Split

LESION = Record("milk10k", "a.jpg", "L0", Diagnosis.NV, Modality.DERMOSCOPIC, 1.0, Split.VAL, "")
OTHER_LESION = replace(LESION, diagnosis=None)
NO_LESION = replace(LESION, source="ood", diagnosis=None, modality=Modality.OTHER, detail="wounds")


def shown(*pictures: tuple[Record, float]) -> Predictions:
    """Pictures with a lesion logit, each of a lesion of its own unless the record names one."""
    records = tuple(
        replace(record, member=f"{i}.jpg", group=f"L{i}" if record.group == "L0" else record.group)
        for i, (record, _) in enumerate(pictures)
    )
    embedding = np.array([[logit, 0.0] for _, logit in pictures], np.float32).reshape(-1, 2)
    logits = np.zeros((len(pictures), 7), np.float32)
    return Predictions(records, logits, labels_of(records), embedding)
