"""What is chosen and reported, on hand-made answers."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from lentigo.model.ood import OutOfDistribution, Weights
from lentigo.model.outlier_figures import OutlierScore
from lentigo.model.selection import OutlierSelection
from lentigo.model.strict import read
from tests.unit.heads import weighted_sum
from tests.unit.shown import LESION, NO_LESION, OTHER_LESION, shown
from training.measure.out_of_distribution import (
    choose_method,
    choose_on,
    figures,
    measure,
    method_of,
)
from training.measure.outlier_areas import compare
from training.measure.outlier_pictures import Pictures
from training.measure.probes import Probes
from training.measure.risk_heads import LinearHead
from training.pictures.data import Modality

# The lesion logit is the first feature.
SILENT = LinearHead(np.zeros(2, np.float32), np.zeros((), np.float32))
HEADS = Probes(weighted_sum(0.0, 0.0), weighted_sum(1.0, 0.0), SILENT, SILENT, SILENT)
LESION_LOGIT = OutOfDistribution(Weights(1.0, 0.0, 0.0, 0.0), 0.5)


def test_the_score_that_orders_most_pairs_is_chosen() -> None:
    known = np.array([1.0])
    candidates = {
        OutlierScore.ENERGY: (known, np.array([0.0, 0.0, 2.0])),
        OutlierScore.COMBINED: (known, np.array([0.0, 0.0, 0.0])),
        OutlierScore.MAX_SOFTMAX: (known, np.array([0.0, 2.0, 2.0])),
    }
    assert choose_method(candidates) is OutlierScore.COMBINED


def test_of_equal_scores_the_simpler_is_taken() -> None:
    same = np.array([1.0]), np.array([0.0])
    assert (
        choose_method({OutlierScore.LESION_HEAD: same, OutlierScore.COMBINED: same})
        is OutlierScore.LESION_HEAD
    )


def test_weights_tell_which_score_they_make() -> None:
    assert method_of(Weights(1.0, 0.0, 0.0, 0.0)) is OutlierScore.LESION_HEAD
    assert method_of(Weights(0.0, 0.0, 1.0, 0.0)) is OutlierScore.MAX_SOFTMAX
    assert method_of(Weights(1.0, 0.1, 0.0, 0.0)) is OutlierScore.COMBINED


def test_the_chosen_block_is_what_the_manifest_takes_and_json_carries() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    camera = replace(LESION, modality=Modality.CLINICAL)
    parts = Pictures(
        shown(*[(LESION, 2.0)] * 10, *[(camera, 3.0)] * 10),
        shown(),
        shown(*[(NO_LESION, -2.0)] * 10),
    )
    block = choose_on(parts, HEADS, 1.0)
    assert json.loads(json.dumps(block)) == block
    assert block["weights"] == {"lesion": 1.0, "energy": 0.0, "confidence": 0.0, "bias": 0.0}
    assert block["threshold"] == 0.0
    # All nail logits are 0; a hair more is asked for.
    assert block["nail_from"] == 0.0001
    chosen = read(OutlierSelection, block["selection"])
    assert chosen.score is OutlierScore.LESION_HEAD
    assert (chosen.rejected, chosen.pictures_of_no_lesion) == (1.0, 10)
    assert (chosen.refused, chosen.pictures_of_lesions) == (0.0, 20)


def test_lesions_on_darker_skin_pay_for_nobody() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    dark = replace(LESION, skin_tone=1)
    # All far fall below 0.5, but so does the one lesion on dark skin; 1 in 101 of all.
    known = shown(*[(LESION, 2.0)] * 100, (dark, -1.0))
    parts = Pictures(known, shown(), shown(*[(NO_LESION, -3.0)] * 5, *[(NO_LESION, 0.0)] * 5))
    assert choose_on(parts, HEADS, 1.0)["threshold"] == -2.0


def test_a_rule_is_measured_on_far_near_and_known() -> None:
    dog = replace(NO_LESION, detail="dogs_cats")
    parts = Pictures(
        shown((LESION, 1.0), (LESION, 2.0), (LESION, 0.0)),
        shown((OTHER_LESION, 0.25)),
        shown((NO_LESION, 0.25), (NO_LESION, 0.75), (dog, -1.0)),
    )
    found = measure(LESION_LOGIT, HEADS, 1.0, parts)
    assert found["chosen"] == "lesion_head"
    # Of the wounds one of two is below the threshold; 4 of 6 pairs are in order.
    assert found["far"]["by_kind"]["wounds"]["rejected"]["value"] == 0.5
    assert found["far"]["by_kind"]["wounds"]["auroc"]["value"] == pytest.approx(4 / 6, abs=1e-4)
    assert found["far"]["all"]["rejected"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["far"]["by_kind"]["dogs_cats"]["rejected"]["n"] == 1
    assert found["far"]["by_kind"]["normal_skin_abdomen"]["auroc"]["value"] is None
    assert found["false_refusal"]["overall"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["false_refusal"]["outside_the_classes"]["value"] == 1.0
    assert found["near"]["outside_lesions"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["near"]["outside_lesions"]["too_few_to_say"] is True
    json.dumps(found, allow_nan=False)


def test_a_gap_is_between_darker_and_other_skin_of_one_set() -> None:
    pytest.importorskip("scipy", reason="SciPy is in the training environment only")
    dark = replace(LESION, skin_tone=2)
    light, elsewhere = replace(LESION, skin_tone=3), replace(LESION, source="isic2017")
    parts = Pictures(
        shown((dark, 0.0), (dark, 1.0), (light, 1.0), (elsewhere, 0.0)),
        shown(),
        shown((NO_LESION, -1.0)),
    )
    found = measure(LESION_LOGIT, HEADS, 1.0, parts)["skin_tone_gap_milk10k"]
    assert (found["darker"]["value"], found["darker"]["n"]) == (0.5, 2)
    assert (found["lighter"]["value"], found["lighter"]["n"]) == (0.0, 1)


def test_the_two_views_of_a_lesion_are_drawn_together() -> None:
    pair = [(replace(LESION, group="pair"), 1.0), (replace(LESION, group="pair"), 0.0)]
    parts = Pictures(shown(*pair), shown(), shown((NO_LESION, -1.0)))
    overall = measure(LESION_LOGIT, HEADS, 1.0, parts)["false_refusal"]["overall"]
    # One lesion, half refused in every round.
    assert (overall["low"], overall["value"], overall["high"]) == (0.5, 0.5, 0.5)
    # And half of its pictures score above the one that shows no lesion.
    halves = np.array([1.0, 0.0]), np.array([]), np.array([0.5])
    area = compare({OutlierScore.ENERGY: halves}, parts)["energy"]["far"]
    assert (area["low"], area["value"], area["high"]) == (0.5, 0.5, 0.5)


def test_a_model_without_a_rule_is_not_measured() -> None:
    measurement: Any = SimpleNamespace(calibration=lambda: {"out_of_distribution": None})
    assert figures(measurement) is None
