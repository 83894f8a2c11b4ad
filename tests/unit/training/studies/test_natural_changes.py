"""Falls are counted only where the page says low; the page of figures is made of its JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from lentigo.diagnosis import Diagnosis
from lentigo.model.modality import Modality as Seen
from lentigo.picture.examination import examine
from lentigo.picture.quality import Finding, QualityIssue, Remedy, Severity
from lentigo.priority import Priority
from lentigo.triage.rules import Evidence, Triage, triage
from tests.unit.builders import scale_document
from tests.unit.scales import assess_classes
from training.measure.decisions import reader_of
from training.pictures.data import Modality, Record, Split
from training.pictures.phone import cut_away, from_afar, lesion_at, stacked
from training.pictures.phone_changes import NATURAL_CHANGES, NaturalChange
from training.pictures.synthetic import Look, draw_lesion
from training.studies import natural_changes, natural_document

if TYPE_CHECKING:
    from pathlib import Path

DRAWN, OTHER = draw_lesion(7, 224, Look.ASYMMETRIC_DARK), draw_lesion(8, 224, Look.EVEN_BROWN)


def record(diagnosis: Diagnosis, modality: Modality, tone: int | None = None) -> Record:
    return Record(
        source="milk10k",
        member="milk10k/a.jpg",
        group="lesion",
        diagnosis=diagnosis,
        modality=modality,
        aspect=1.0,
        split=Split.VAL,
        licence="",
        skin_tone=tone,
    )


def said(top: Diagnosis, *findings: Finding) -> Triage:
    values = [0.9 if diagnosis is top else 0.1 / 6 for diagnosis in Diagnosis]
    return triage(
        Evidence(
            assess_classes(values),
            natural_changes.issues(findings, Severity.REFUSE),
            natural_changes.issues(findings, Severity.WARN),
        )
    )


def finding(severity: Severity, issue: QualityIssue = QualityIssue.COLOUR) -> Finding:
    return Finding(issue, 0.0, 1.0, severity, Remedy.IN_COLOUR)


def test_wilsons_interval_of_one_half_and_of_nothing() -> None:
    """5 of 10, z = 2: the middle stays 1/2, the half width is 2 sqrt(1/40 + 4/400) / 1.4."""
    low, high = natural_changes.wilson(5, 10, z=2.0)
    half = 2.0 * (0.025 + 0.01) ** 0.5 / 1.4
    assert (low, high) == pytest.approx((0.5 - half, 0.5 + half))
    assert natural_changes.wilson(0, 0) == (0.0, 1.0)
    assert natural_changes.wilson(0, 10)[0] == 0.0


def test_only_low_without_a_warning_is_low_in_silence() -> None:
    warned, refused = finding(Severity.WARN), finding(Severity.REFUSE)
    assert natural_changes.is_low(said(Diagnosis.NV))
    assert not natural_changes.is_low(said(Diagnosis.NV, warned))
    assert not natural_changes.is_low(said(Diagnosis.NV, refused))
    assert not natural_changes.is_low(said(Diagnosis.MEL))


def test_a_change_is_counted_by_modality() -> None:
    records = [
        record(Diagnosis.MEL, Modality.DERMOSCOPIC),
        record(Diagnosis.MEL, Modality.CLINICAL),
    ]
    found: list[tuple[Finding, ...]] = [(finding(Severity.WARN),), ()]
    answers = [said(Diagnosis.NV, *each) for each in found]
    change = NaturalChange("greyscale", "", lambda frame, rng, other: frame)
    figures = natural_changes.change_figures(change, records, found, answers)
    assert (figures["low"], figures["n"]) == (1, 2)
    assert figures["low_by_way"] == {"dermoscopic": 0, "camera": 1}
    assert (figures["refused"], figures["warned"]) == (0, 1)


def test_clean_pictures_are_counted_by_group() -> None:
    records = [
        record(Diagnosis.NV, Modality.DERMOSCOPIC, 1),
        record(Diagnosis.NV, Modality.DERMOSCOPIC, 5),
        record(Diagnosis.BCC, Modality.DERMOSCOPIC, 5),
    ]
    found: list[tuple[Finding, ...]] = [(), (finding(Severity.WARN),), (finding(Severity.REFUSE),)]
    answers = [said(Diagnosis.NV, *each) for each in found]
    figures = natural_changes.clean_figures(records, found, answers)
    groups = figures["groups"]
    assert groups["dermoscopic"] == {"n": 3, "refused": 1, "warned": 1, "moles": 2, "moles_low": 1}
    assert groups["dermoscopic, skin tone 1"]["warned"] == 0
    assert groups["dermoscopic, skin tone 5"]["warned"] == 1
    assert "camera" not in groups
    assert figures["for_colour"] == {"bcc, refused": 1, "nv, warned": 1}


def test_the_page_marks_what_is_over_the_aim_and_keeps_the_other_split(tmp_path: Path) -> None:
    row: dict[str, Any] = {
        "kind": "greyscale", "amount": "", "n": 100, "low": 3, "interval": [0.01, 0.08],
        "low_by_way": {"dermoscopic": 1, "camera": 2}, "refused": 0, "warned": 4,
    }  # fmt: skip
    group = {"n": 10, "refused": 0, "warned": 1, "moles": 0, "moles_low": 0}
    figures = {
        "model": "m, uint8", "melanomas": 110, "urgent": {"dermoscopic": 60, "camera": 40},
        "clean": {"groups": {"camera": group}, "for_colour": {}}, "changes": [row],
    }  # fmt: skip
    out = tmp_path / "changes.json"
    natural_document.keep({"val": figures}, out)
    natural_document.keep({"test": figures | {"changes": [row | {"low": 2}]}}, out)
    page = out.with_suffix(".md").read_text(encoding="utf-8")
    assert "| greyscale | **3 of 100, 3.0% (1.0–8.0)** | 1 | 2 | 0 | 4 |" in page
    assert "| greyscale | 2 of 100, 2.0% (1.0–8.0) | 1 | 2 | 0 | 4 |" in page


@pytest.mark.parametrize("change", NATURAL_CHANGES, ids=lambda change: change.name)
def test_every_change_draws_an_rgb_picture_and_the_same_one_again(change: NaturalChange) -> None:
    one, again = (change.apply(DRAWN, np.random.default_rng(5), OTHER) for _ in range(2))
    assert one.mode == "RGB"
    assert min(one.size) >= 32
    assert max(one.size) <= 1024
    assert one.tobytes() == again.tobytes()


def test_the_changes_have_names_of_their_own() -> None:
    names = [change.name for change in NATURAL_CHANGES]
    assert len(set(names)) == len(names)


def test_a_far_scene_is_so_much_smaller_in_a_larger_photo() -> None:
    far = from_afar(DRAWN, 1 / 2, np.random.default_rng(1))
    assert far.size == (448, 448)
    middle = far.crop((168, 168, 280, 280))
    same = DRAWN.crop((56, 56, 168, 168))
    assert np.abs(np.asarray(middle, float) - np.asarray(same, float)).mean() < 6.0


def test_a_lesion_that_is_small_enough_stays_where_it_is() -> None:
    small = draw_lesion(7, 224, Look.ASYMMETRIC_DARK, diameter=0.25)
    assert lesion_at(small, 1 / 2, np.random.default_rng(1)) is small


def test_two_pictures_are_stacked_whole() -> None:
    both = stacked(DRAWN, OTHER)
    assert both.crop((0, 0, 224, 224)).tobytes() == DRAWN.tobytes()
    assert both.crop((0, 224, 224, 448)).tobytes() == OTHER.tobytes()


def test_half_of_the_lesion_is_cut_away_at_one_side() -> None:
    cut = cut_away(DRAWN, 0.5, np.random.default_rng(2))
    assert sorted(cut.size)[1] == 224
    assert 90 <= min(cut.size) <= 134


def test_the_pages_rules_hold_for_a_look() -> None:
    calibration = {
        "calibration": {"temperature": 1.0},
        "scales": {way: scale_document(0.0, 0.4) for way in (Seen.DERMOSCOPIC, Seen.CAMERA)},
        "modality": {"certain_from": 0.9},
        "out_of_distribution": {
            "weights": {"lesion": 1.0, "energy": 0.0, "confidence": 0.0, "bias": 0.0},
            "threshold": 0.0,
        },
    }
    reader = reader_of(calibration)
    logits = [9.0 if diagnosis is Diagnosis.MEL else 0.0 for diagnosis in Diagnosis]
    gauges = examine(Image.new("RGB", (64, 64), (200, 160, 140)))
    seen = natural_changes.Seen(gauges.observation.gauges, (*logits, 5.0, 1.0, 2.0, 2.0))
    assert natural_changes.page_says(reader, seen, ()).priority is Priority.URGENT
    unknown = natural_changes.Seen(seen.gauges, (*logits, 5.0, -1.0, 2.0, 2.0))
    assert natural_changes.page_says(reader, unknown, ()).label is None


def test_the_committed_page_is_made_of_the_committed_figures() -> None:
    figures = json.loads(natural_document.DATA.read_text(encoding="utf-8"))
    page = natural_document.PAGE.read_text(encoding="utf-8")
    assert page == natural_document.generate(figures)
