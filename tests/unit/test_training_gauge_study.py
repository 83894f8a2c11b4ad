import numpy as np
import pytest
from PIL import Image

from lentigo.diagnosis import Diagnosis
from lentigo.gauges import Gauges
from training import gauge_study
from training.data import Modality, Record, Split
from training.predictions import Predictions

GREY = Image.new("RGB", (64, 48), (100, 100, 100))


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def record(index: int) -> Record:
    return Record(
        "ham10000", f"ham10000/{index}.jpg", str(index), Diagnosis.NV, Modality.DERMOSCOPIC,
        1.333, Split.VAL, "CC0",
    )  # fmt: skip


def test_a_squashed_picture_gets_its_true_aspect_back() -> None:
    squashed = Image.new("RGB", (224, 224))
    assert gauge_study.unsquash(squashed, 4 / 3).size == (224, 168)
    assert gauge_study.unsquash(squashed, 0.75).size == (168, 224)


def test_the_area_under_the_curve_follows_the_sign() -> None:
    assert gauge_study.auc([0.9, 0.8], [0.1, 0.2], -1) == 1.0
    assert gauge_study.auc([0.9, 0.8], [0.1, 0.2], 1) == 0.0
    assert gauge_study.auc([0.5], [0.5], 1) == 0.5


def test_one_stop_doubles_linear_light() -> None:
    level = gauge_study.expose(GREY, 1.0, rng()).getpixel((0, 0))[0]  # type: ignore[index]
    assert (level / 100) ** 2.2 == pytest.approx(2.0, rel=0.02)


def test_every_degradation_changes_a_picture_and_names_a_gauge() -> None:
    pixels = rng().integers(60, 200, (48, 64, 3)).astype(np.uint8)
    picture = Image.fromarray(pixels)
    for degradation in gauge_study.DEGRADATIONS:
        assert degradation.gauge in Gauges.__dataclass_fields__
        spoilt = degradation.change(picture, degradation.grades[-1], rng())
        same = spoilt.size == picture.size and np.array_equal(np.asarray(spoilt), pixels)
        assert not same, degradation.name


def test_movement_keeps_an_even_picture_but_for_the_edge() -> None:
    moved = np.asarray(gauge_study.motion_blur(GREY, 6.0, rng()))
    assert (moved[8:-8, 8:-8] == 100).all()


def test_overlap_is_intersection_over_union() -> None:
    one = np.array([[True, True, False]])
    other = np.array([[False, True, True]])
    assert gauge_study.overlap(one, other) == pytest.approx(1 / 3)
    assert gauge_study.overlap(one & other & False, one & False) == 0.0


def test_the_gate_saves_what_the_refused_pictures_would_have_got_wrong() -> None:
    records = tuple(record(index) for index in range(4))
    labels = np.array([0, 0, 1, 1])
    clean = _answers(records, labels, [0, 0, 1, 1])
    spoilt = _answers(records, labels, [0, 1, 1, 0])
    saved = gauge_study.study_gate(clean, spoilt, np.array([False, True, False, True]), {0})
    assert saved["refused"] == 0.5
    assert (saved["clean_accuracy"], saved["spoilt_accuracy"]) == (1.0, 0.5)
    assert saved["spoilt_and_kept_accuracy"] == 1.0
    assert saved["spoilt_malignancy_sensitivity"] == 0.5
    assert saved["spoilt_and_kept_malignancy_sensitivity"] == 1.0


def test_a_gate_that_refuses_everything_has_no_accuracy() -> None:
    answers = _answers((record(0),), np.array([0]), [0])
    saved = gauge_study.study_gate(answers, answers, np.array([True]), {0})
    assert saved["spoilt_and_kept_accuracy"] is None


def _answers(records: tuple[Record, ...], labels: np.ndarray, top: list[int]) -> Predictions:
    logits = np.eye(7, dtype=np.float32)[top]
    fields = Predictions.__dataclass_fields__
    extra = {"embedding": np.zeros((len(top), 1280), np.float32)} if "embedding" in fields else {}
    return Predictions(records=records, logits=logits, labels=labels, **extra)
