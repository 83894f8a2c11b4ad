"""Who is refused, on hand-made answers."""

from dataclasses import replace

import numpy as np
import pytest

from lentigo.diagnosis import Diagnosis
from tests.unit.shown import LESION, shown
from training.measure.metrics import draw_lesions
from training.measure.refusals import false_refusal, gap, smallest_detectable
from training.pictures.data import Modality


def test_refusals_are_counted_by_modality_skin_tone_and_class() -> None:
    camera = replace(LESION, modality=Modality.SMARTPHONE, diagnosis=Diagnosis.MEL)
    dark = replace(LESION, skin_tone=1)
    # A grade of another set is another scale.
    elsewhere = replace(dark, source="pad_ufes_20")
    known = shown((LESION, 0), (camera, 0), (dark, 0), (dark, 0), (elsewhere, 0))
    found = false_refusal(known, np.array([False, True, True, False, False]))
    assert found["overall"]["value"] == 0.4
    assert found["by_modality"]["dermoscopic"]["value"] == 0.25
    assert found["by_modality"]["camera"]["value"] == 1.0
    assert found["by_camera"]["smartphone"]["n"] == 1
    assert found["by_camera"]["clinical"]["value"] is None
    assert found["by_skin_tone"]["dark"] | {"low": 0, "high": 0} == {
        "value": 0.5, "n": 2, "low": 0, "high": 0, "too_few_to_say": True
    }  # fmt: skip
    assert found["by_class"]["mel"]["value"] == 1.0
    assert found["by_class"]["nv"]["value"] == 0.25


def test_a_gap_is_the_difference_of_two_shares() -> None:
    pytest.importorskip("scipy", reason="SciPy is in the training environment only")
    groups = np.arange(80)
    darker, lighter = groups < 40, groups >= 40
    refused = (groups < 20) | (groups >= 78)
    found = gap(refused, darker, lighter, draw_lesions(groups, 200, 1))
    assert found["difference"]["value"] == 0.45
    assert found["difference"]["low"] < 0.45 < found["difference"]["high"]
    assert found["detected"] is True
    assert found["darker_lesions"] == 40
    assert "too_few_to_say" not in found["difference"]
    nobody = gap(np.zeros(80, dtype=bool), darker, lighter, draw_lesions(groups, 200, 1))
    assert nobody["detected"] is False
    # One refusal would be too many, and shows 4 times in 5 under 1 - 0.2^(1/40).
    assert nobody["smallest_detectable_share"] == pytest.approx(1 - 0.2 ** (1 / 40), abs=1e-4)


def test_few_darker_lesions_are_too_few_to_say() -> None:
    pytest.importorskip("scipy", reason="SciPy is in the training environment only")
    groups = np.arange(60)
    refused = np.zeros(60, dtype=bool)
    found = gap(refused, groups < 29, groups >= 29, draw_lesions(groups, 200, 1))
    assert found["difference"]["too_few_to_say"] is True
    none = gap(refused, groups < 0, groups >= 0, draw_lesions(groups, 200, 1))
    assert none["difference"]["value"] is None


def test_what_so_few_lesions_would_show() -> None:
    pytest.importorskip("scipy", reason="SciPy is in the training environment only")
    # From a half, two of two come by chance one time in four: nothing would show.
    assert smallest_detectable(0.5, 2) == 1.0
    # More lesions show a smaller gap.
    assert smallest_detectable(0.03, 400) < smallest_detectable(0.03, 40)
