"""Areas, overlaps, and that every corruption is paired with a gauge."""

import numpy as np
import pytest

from lentigo.picture.gauges import Gauges
from training.pictures.frame_corruptions import FRAME_CORRUPTIONS
from training.studies import gauge_study


def test_the_area_under_the_curve_follows_the_sign() -> None:
    assert gauge_study.auc([0.9, 0.8], [0.1, 0.2], -1) == 1.0
    assert gauge_study.auc([0.9, 0.8], [0.1, 0.2], 1) == 0.0
    assert gauge_study.auc([0.5], [0.5], 1) == 0.5


def test_every_corruption_has_a_gauge_that_should_tell_it() -> None:
    assert list(gauge_study.TELLING) == [each.name for each in FRAME_CORRUPTIONS]
    for gauge, sign, _ in gauge_study.TELLING.values():
        assert gauge in Gauges.__dataclass_fields__
        assert sign in (-1, 1)


def test_overlap_is_intersection_over_union() -> None:
    one = np.array([[True, True, False]])
    other = np.array([[False, True, True]])
    assert gauge_study.overlap(one, other) == pytest.approx(1 / 3)
    assert gauge_study.overlap(one & other & False, one & False) == 0.0
