"""What several photos do to the answer, worked out by hand on a few lesions."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lentigo.diagnosis import Diagnosis
from lentigo.model.ood import OutOfDistribution, Weights
from lentigo.model.reading import Outputs, Reader
from lentigo.model.risk import Scales
from lentigo.priority import Priority
from tests.unit.scales import scale
from training.pictures.data import Modality, Record, Split
from training.studies import several_photos_document
from training.studies.several_photos import (
    Answered,
    Lesion,
    figures_of,
    pairs,
    series,
    ways_of,
)

POINTS = scale(0.5, 0.9, bcc=0.5, confident=0.15)
KNOWN = OutOfDistribution(Weights(lesion=1.0, energy=0.0, confidence=0.0, bias=0.0), 0.0)
READER = Reader(1.0, Scales(POINTS, POINTS), known=KNOWN)


def record(group: str, modality: Modality, number: int = 1, source: str = "milk10k") -> Record:
    return Record(
        source, f"{source}/{group}-{number}.jpg", group, Diagnosis.MEL, modality, 1.0, Split.VAL, ""
    )


def outputs(mel: float, lesion: float = 1.0) -> Outputs:
    return Outputs((0.0, 0.0, 0.0, 0.0, mel, 2.0, 0.0), None, lesion)


def test_a_pair_is_one_clinical_and_one_dermoscopic_picture_of_a_lesion() -> None:
    both = [record("a", Modality.DERMOSCOPIC, 1), record("a", Modality.CLINICAL, 2)]
    alone = [record("b", Modality.CLINICAL, 1), record("b", Modality.CLINICAL, 2)]
    (found,) = pairs([*both, *alone])
    assert [picture.modality for picture in found.pictures] == [
        Modality.CLINICAL,
        Modality.DERMOSCOPIC,
    ]


def test_a_series_has_two_pictures_or_more_and_five_count() -> None:
    many = [record("a", Modality.DERMOSCOPIC, n, "ham10000") for n in range(7)]
    one = record("b", Modality.DERMOSCOPIC, 1, "ham10000")
    (found,) = series([*many, one])
    assert len(found.pictures) == 5


def test_the_ways_differ_as_the_rule_says() -> None:
    ways = ways_of(READER, [outputs(9.0), outputs(-9.0)])
    assert ways is not None
    assert ways["first"].priority is ways["severest"].priority is Priority.URGENT
    assert ways["last"].priority is Priority.LOW
    assert ways["mean"].priority is Priority.LOW
    assert ways["rule"].priority is Priority.HIGH
    assert ways["severest"].melanoma > ways["mean"].melanoma > ways["last"].melanoma


def test_a_lesion_with_a_photo_of_no_lesion_is_left_out() -> None:
    assert ways_of(READER, [outputs(9.0), outputs(9.0, lesion=-1.0)]) is None


def test_shares_are_counted_by_way_of_answering(tmp_path: Path) -> None:
    pictures = (record("a", Modality.CLINICAL),)
    melanoma, naevus = (Lesion(d, pictures) for d in (Diagnosis.MEL, Diagnosis.NV))
    urgent, low = Answered(Priority.URGENT, 0.9), Answered(Priority.LOW, 0.1)
    found = [melanoma] * 30 + [naevus] * 40
    answers = [{"mean": one} for one in [urgent] * 24 + [low] * 6 + [urgent] * 10 + [low] * 30]
    figures = figures_of(found, answers)
    way = figures["ways"]["mean"]
    assert (figures["melanomas"], figures["naevi"], figures["pictures"]) == (30, 40, 70)
    assert way["melanomas_urgent"]["value"] == 0.8
    assert way["melanomas_below_medium"]["value"] == 0.2
    assert way["naevi_urgent"]["value"] == 0.25
    assert way["naevi_low"]["value"] == 0.75
    # 24 x 30 pairs are right, and those with the same score count half.
    assert way["melanoma_auc"]["value"] == pytest.approx((24 * 30 + (24 * 10 + 6 * 30) / 2) / 1200)
    names = ("first", "last", "mean", "rule", "severest")
    sets = {"milk10k": figures | {"ways": dict.fromkeys(names, way), "left_out": 2}}
    out = tmp_path / "several-photos.json"
    several_photos_document.keep({"model": "m", "split": "val", "sets": sets}, out)
    assert "80 % (" in out.with_suffix(".md").read_text(encoding="utf-8")


def test_few_melanomas_are_too_few_to_say() -> None:
    lesion = Lesion(Diagnosis.MEL, (record("a", Modality.CLINICAL),))
    other = replace(lesion, diagnosis=Diagnosis.NV)
    answers = [{"mean": Answered(Priority.LOW, 0.1)}] * 4
    figure = figures_of([lesion, other, other, other], answers)["ways"]["mean"]["naevi_low"]
    assert figure["too_few_to_say"]


def test_the_page_is_generated_from_the_results() -> None:
    figures = json.loads(several_photos_document.DATA.read_text(encoding="utf-8"))
    page = several_photos_document.PAGE.read_text(encoding="utf-8")
    assert page == several_photos_document.generate(figures)
