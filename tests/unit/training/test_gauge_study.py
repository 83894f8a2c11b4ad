import numpy as np
import pytest
from PIL import Image

from lentigo.diagnosis import Diagnosis
from lentigo.picture.gauges import Gauges
from training.pictures.data import Modality, Record, Split
from training.studies import gauge_study

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
