"""Which pictures a run learns from, and which it may be measured on."""

from dataclasses import replace
from pathlib import Path

import pytest

from lentigo.diagnosis import Diagnosis
from training.pictures import sets
from training.pictures.data import Modality, Record, Split
from training.pictures.sets import Sets, left_out_records, of_sets, train_records

LESION = Record("milk10k", "a", "L0", Diagnosis.NV, Modality.CLINICAL, 1.0, Split.TRAIN, "")
DERMOSCOPIC = replace(LESION, member="b", modality=Modality.DERMOSCOPIC)
ISIC = replace(DERMOSCOPIC, member="c", source="isic2017")
OTHER = replace(DERMOSCOPIC, member="d", diagnosis=None)
RECORDS = [
    LESION,
    DERMOSCOPIC,
    ISIC,
    OTHER,
    replace(DERMOSCOPIC, member="e", split=Split.VAL),
    replace(DERMOSCOPIC, member="f", split=Split.TEST),
]


@pytest.fixture(autouse=True)
def tables(monkeypatch: pytest.MonkeyPatch) -> None:
    more = [
        replace(LESION, member=f"more{split}", source="nci_moles", split=split) for split in Split
    ]
    monkeypatch.setattr(sets, "read_records", lambda _: RECORDS)
    monkeypatch.setattr(sets, "read_more", lambda _, *names: more if names else [])


def members(records: list[Record]) -> str:
    return " ".join(record.member for record in records)


def test_a_run_learns_from_train_alone() -> None:
    assert members(train_records(Path(), Sets())) == "a b c d"


def test_more_sets_are_learnt_from_where_they_are_asked_for() -> None:
    assert members(train_records(Path(), Sets(more=("nci_moles",)))) == "a b c d moretrain"


def test_a_set_is_left_out_whole_or_by_how_it_was_taken() -> None:
    assert members(train_records(Path(), Sets(left_out=("milk10k",)))) == "c"
    assert members(train_records(Path(), Sets(left_out=("milk10k dermoscopic",)))) == "a c"
    assert members(train_records(Path(), Sets(left_out=("isic2017",)))) == "a b d"


def test_a_set_without_a_picture_is_a_mistake() -> None:
    with pytest.raises(SystemExit, match="isic2018"):
        of_sets(RECORDS, ["isic2018"])


def test_what_is_left_out_is_measured_on_lesions_of_train_and_val_never_of_test() -> None:
    assert members(left_out_records(Path(), ["milk10k dermoscopic"])) == "b e"
