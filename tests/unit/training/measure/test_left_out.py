"""The figures of a set that was left out, on hand-made answers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lentigo.diagnosis import Diagnosis
from training.measure import left_out
from training.measure.left_out import figures_of, measure
from training.measure.predictions import Predictions, labels_of
from training.pictures.data import Modality, Record, Split

PICTURE = Record("isic2017", "a", "", Diagnosis.NV, Modality.DERMOSCOPIC, 1.0, Split.TRAIN, "CC0")
MEL = list(Diagnosis).index(Diagnosis.MEL)


def answered(*pictures: tuple[Diagnosis, float]) -> Predictions:
    """Pictures of a lesion each, with the melanoma logit given and all others 0."""
    records = tuple(
        replace(PICTURE, member=f"{i}", group=f"L{i}", diagnosis=diagnosis)
        for i, (diagnosis, _) in enumerate(pictures)
    )
    logits = np.zeros((len(pictures), 7), np.float32)
    logits[:, MEL] = [logit for _, logit in pictures]
    return Predictions(
        records, logits, labels_of(records), np.zeros((len(pictures), 2), np.float32)
    )


ANSWERS = answered(
    (Diagnosis.MEL, 2.0), (Diagnosis.MEL, 0.0), (Diagnosis.NV, 1.0), (Diagnosis.BKL, -1.0)
)


def test_melanoma_is_ranked_against_all_and_against_naevi_alone() -> None:
    found = figures_of(ANSWERS)
    assert found["melanomas"] == 2
    # Of four pairs, 0 against 1 is wrong; against the naevus alone it is one of two.
    assert found["melanoma_auc"]["value"] == 0.75
    assert found["melanoma_against_naevus_auc"]["value"] == 0.5


def test_sets_count_alike_whatever_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    perfect = answered(*[(Diagnosis.MEL, 1.0), (Diagnosis.NV, 0.0)] * 9)
    parts = {"a": ANSWERS, "b": perfect}
    monkeypatch.setattr(left_out, "left_out_records", lambda _, names: names[0])
    monkeypatch.setattr(left_out, "predict_records", lambda _, __, name: parts[name])
    found = measure(Path("data"), Path("weights"), ["a", "b"])
    assert found["mean_of_sets"]["melanoma_auc"] == 0.875
    assert found["sets"]["b"]["melanoma_auc"]["value"] == 1.0


def test_a_mean_over_a_set_without_melanomas_is_undefined(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = {"a": ANSWERS, "b": answered((Diagnosis.NV, 0.0), (Diagnosis.BKL, 0.0))}
    monkeypatch.setattr(left_out, "left_out_records", lambda _, names: names[0])
    monkeypatch.setattr(left_out, "predict_records", lambda _, __, name: parts[name])
    found = measure(Path("data"), Path("weights"), ["a", "b"])
    assert found["mean_of_sets"]["melanoma_auc"] is None
