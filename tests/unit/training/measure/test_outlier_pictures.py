"""A split is parted by what its pictures show."""

from dataclasses import replace
from pathlib import Path

import pytest

from lentigo.diagnosis import Diagnosis
from tests.unit.shown import LESION, NO_LESION, OTHER_LESION, shown
from training.measure import outlier_pictures
from training.measure.outlier_pictures import gather
from training.pictures.data import Modality, Split


def test_a_split_is_parted_into_known_outside_and_far(monkeypatch: pytest.MonkeyPatch) -> None:
    train = replace(LESION, split=Split.TRAIN)
    records = [NO_LESION, LESION, train, OTHER_LESION, replace(LESION, diagnosis=Diagnosis.MEL)]
    monkeypatch.setattr(outlier_pictures, "read_records", lambda _: records)
    monkeypatch.setattr(
        outlier_pictures, "predict_views", lambda _, __, some: shown(*[(r, 0.0) for r in some])
    )
    parts = gather(Path("data"), Path("weights"), Split.VAL)
    assert [r.diagnosis for r in parts.known.records] == [Diagnosis.NV, Diagnosis.MEL]
    assert [r.modality for r in parts.outside.records] == [Modality.DERMOSCOPIC]
    assert [r.detail for r in parts.far.records] == ["wounds"]
    assert parts.kinds == ["milk10k dermoscopic"] * 2 + ["wounds"]
    assert len(gather(Path("data"), Path("weights"), Split.VAL, 2).known.records) == 1
