"""What is kept of a measurement, and of what; on hand-made answers."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.unit.training.measure.test_decisions import CALIBRATION, answers
from training.measure import measurement, robustness
from training.measure.decisions import MEL, NV, HeadLogits, decide, reader_of
from training.measure.measurement import Measurement
from training.measure.robustness import SLICES, change_of, figures_of, is_measured
from training.network.model_folder import ModelFolder, write_json
from training.pictures.corruptions import CORRUPTIONS
from training.pictures.data import Modality, Split


@pytest.fixture
def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Measurement:
    """A measurement whose checkpoint and calibration are a few bytes, with a scratch of its own."""
    monkeypatch.setattr(measurement, "SCRATCH", tmp_path)
    folder = ModelFolder(tmp_path / "lentigo-toy")
    write_json(folder.calibration, CALIBRATION)
    (tmp_path / "weights").write_bytes(b"weights")
    return Measurement(tmp_path, tmp_path / "weights", folder, Split.TEST, 1)


def keep(about: Measurement) -> None:
    write_json(
        about.file("robustness"),
        {"of": about.fingerprint(), "changes": {"unchanged": {}, "corruptions": {}}},
    )


def test_nothing_is_kept_before_it_is_measured(measured: Measurement) -> None:
    assert robustness.kept(measured) is None


def test_what_was_measured_is_taken_up(measured: Measurement) -> None:
    keep(measured)
    assert robustness.kept(measured) == {"unchanged": {}, "corruptions": {}}


def test_figures_of_another_checkpoint_or_calibration_are_stale(measured: Measurement) -> None:
    keep(measured)
    measured.checkpoint.write_bytes(b"other weights")
    assert robustness.kept(measured) is None
    keep(measured)
    write_json(measured.folder.calibration, CALIBRATION | {"modality": None})
    assert robustness.kept(measured) is None


def test_a_trial_and_another_split_are_kept_apart(measured: Measurement) -> None:
    paths = {
        Measurement(measured.data, measured.checkpoint, measured.folder, split, every).file("x")
        for split in (Split.VAL, Split.TEST)
        for every in (1, 10)
    }
    assert len(paths) == 4


def test_only_the_whole_test_split_is_a_released_figure(measured: Measurement) -> None:
    assert measured.whole_test
    for split, every in ((Split.VAL, 1), (Split.TEST, 2)):
        other = Measurement(measured.data, measured.checkpoint, measured.folder, split, every)
        assert not other.whole_test


def test_a_change_is_named_with_its_severity_and_does_it() -> None:
    darkness = next(each for each in CORRUPTIONS if each.name == "darkness")
    change = change_of(darkness, -1.0)
    assert change.name == "darkness -1 stops of exposure"
    white = Image.new("RGB", (224, 224), (255, 255, 255))
    found = change.apply(white, np.random.default_rng(0))
    assert np.asarray(found)[0, 0].tolist() == [188, 188, 188]


def test_every_severity_of_every_corruption_has_a_name_of_its_own() -> None:
    names = [change_of(each, severity).name for each in CORRUPTIONS for severity in each.severities]
    assert len(set(names)) == len(names)


def test_figures_are_given_for_ham10000_and_for_cameras_alone() -> None:
    ways = [Modality.DERMOSCOPIC, Modality.CLINICAL, Modality.SMARTPHONE]
    predictions = answers([{MEL: 0.9}, {NV: 0.9}, {NV: 0.9}], [MEL, MEL, MEL], ways)
    decided = decide(
        predictions, HeadLogits(modality=np.array([5.0, -5.0, -5.0])), reader_of(CALIBRATION)
    )
    found = figures_of(decided)
    assert set(found) == set(SLICES)
    assert found["camera"]["malignant_at_least_medium"]["n"] == 2
    # The dermoscopic picture is of another set.
    assert found["dermoscopic_ham10000"]["balanced_accuracy"]["value"] is None
    assert [is_measured(record) for record in predictions.records] == [False, True, True]
