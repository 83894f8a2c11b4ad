"""What the gate saves, on hand-made answers; and that gauges and model see the same frame."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lentigo.picture.quality import QualityIssue
from lentigo.priority import Priority
from tests.unit.training.measure.test_decisions import answers, decided
from training.measure.decisions import MEL, NV, Decisions
from training.pictures.data import Modality, Record, Split
from training.studies import gate

SURE = 0.9


def said(tops: list[int], labels: list[int]) -> Decisions:
    return decided(answers([{top: SURE} for top in tops], labels), [0.0] * len(tops))


def test_the_gate_saves_what_the_refused_pictures_would_have_got_wrong() -> None:
    labels = [MEL, MEL, NV, NV]
    clean = said([MEL, MEL, NV, NV], labels)
    corrupted = said([MEL, NV, NV, MEL], labels)
    found = gate.compare(clean, corrupted, np.array([False, True, False, True]))
    assert found["share_refused"]["value"] == 0.5
    assert [found[part]["accuracy"]["value"] for part in ("all", "through", "refused")] == [
        0.5, 1.0, 0.0
    ]  # fmt: skip
    assert found["all"]["malignancy_sensitivity"]["value"] == 0.5
    assert found["through"]["malignancy_sensitivity"]["value"] == 1.0
    assert found["gain"]["accuracy"]["value"] == 0.5
    assert found["harmed_refused"] == {"value": 1.0, "n": 2, "low": 1.0, "high": 1.0} | {
        "too_few_to_say": True
    }
    assert found["missed_refused"]["n"] == 1
    assert found["still_right_refused"]["value"] == 0.0


def test_a_gate_that_refuses_everything_has_no_accuracy_left() -> None:
    decisions = said([MEL], [MEL])
    found = gate.compare(decisions, decisions, np.array([True]))
    assert found["through"]["accuracy"]["value"] is None
    assert found["gain"]["accuracy"]["value"] is None


def test_a_lesion_corrupted_twice_is_one_lesion() -> None:
    decisions = said([MEL, NV], [MEL, NV])
    twice = gate.join([decisions, decisions])
    assert twice.predictions.groups.tolist() == [0, 1, 0, 1]
    assert twice.priorities == decisions.priorities * 2
    assert twice.priorities[0] is Priority.URGENT


def test_the_sample_holds_either_way_of_taking_in_the_order_of_the_file() -> None:
    def record(index: int, way: Modality) -> Record:
        return Record("toy", f"toy/{index}", str(index), None, way, 1.0, Split.TEST, "")

    ways = [Modality.DERMOSCOPIC, Modality.CLINICAL, Modality.SMARTPHONE] * 10
    records = [record(index, way) for index, way in enumerate(ways)]
    drawn = gate.sample(records, 4)
    assert sum(r.modality is Modality.DERMOSCOPIC for r in drawn) == 4
    assert len(drawn) == 8
    assert drawn == sorted(drawn, key=records.index)
    assert drawn == gate.sample(records, 4)


def test_every_corruption_changes_a_frame_that_is_no_square() -> None:
    pixels = np.random.default_rng(0).integers(60, 200, (168, 224, 3)).astype(np.uint8)
    stored = Image.fromarray(pixels).resize((224, 224))
    clean = np.asarray(gate.cut_of(None).apply(stored, 4 / 3, np.random.default_rng(0)))
    assert clean.shape == (224, 224, 3)
    for corruption in gate.STUDIED:
        for severity in corruption.severities:
            cut = gate.cut_of(corruption, severity)
            corrupted = np.asarray(cut.apply(stored, 4 / 3, np.random.default_rng(0)))
            assert corrupted.shape == clean.shape
            assert not np.array_equal(corrupted, clean), cut.name


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with tarfile.open(tmp_path / "toy.tar", "w") as tar:
        out = io.BytesIO()
        noise = np.random.default_rng(0).integers(100, 220, (224, 224, 3)).astype(np.uint8)
        Image.fromarray(noise).save(out, "PNG")
        entry = tarfile.TarInfo("toy/noise")
        entry.size = out.tell()
        out.seek(0)
        tar.addfile(entry, out)
    monkeypatch.setattr(gate, "SCRATCH", tmp_path / "scratch")
    return tmp_path


def test_the_gauges_see_the_corrupted_frame_and_what_they_refuse_is_kept(folder: Path) -> None:
    records = [Record("toy", "toy/noise", "1", None, Modality.CLINICAL, 4 / 3, Split.TEST, "")]
    darkness = next(corruption for corruption in gate.STUDIED if corruption.name == "darkness")
    issues = {f.issue for f in gate.findings(folder, records, darkness, -6.0)[0]}
    assert QualityIssue.DARK in issues
    assert gate.refusals(folder, records, darkness, -6.0).tolist() == [True]
    assert gate.refusals(folder, records, None).tolist() == [False]
    (folder / "toy.tar").unlink()
    with pytest.raises(SystemExit, match=r"toy\.tar"):
        gate.refusals(folder, records, darkness, -5.0)
    assert gate.refusals(folder, records, darkness, -6.0).tolist() == [True]
