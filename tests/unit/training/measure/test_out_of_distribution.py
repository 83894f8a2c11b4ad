"""What is refused, chosen and reported, on hand-made answers."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from lentigo.diagnosis import Diagnosis
from lentigo.model.ood import OutOfDistribution, Weights
from lentigo.model.outlier_figures import OutlierScore
from lentigo.model.selection import OutlierSelection
from lentigo.model.strict import read
from tests.unit.heads import weighted_sum
from training.measure import out_of_distribution
from training.measure.metrics import draw_lesions
from training.measure.out_of_distribution import (
    Pictures,
    auroc,
    choose_method,
    choose_on,
    choose_threshold,
    compare,
    false_refusal,
    figures,
    gap,
    gather,
    head_without,
    leave_one_class_out,
    measure,
    method_of,
    smallest_detectable,
    threshold_refusing,
    threshold_rejecting,
    unseen_kinds,
)
from training.measure.predictions import Predictions, joined, labels_of
from training.measure.probes import Probes
from training.pictures.data import Modality, Record, Split

LESION = Record("milk10k", "a.jpg", "L0", Diagnosis.NV, Modality.DERMOSCOPIC, 1.0, Split.VAL, "")
OTHER_LESION = replace(LESION, diagnosis=None)
NO_LESION = replace(LESION, source="ood", diagnosis=None, modality=Modality.OTHER, detail="wounds")
# The lesion logit is the first feature.
HEADS = Probes(weighted_sum(0.0, 0.0), weighted_sum(1.0, 0.0))
LESION_LOGIT = OutOfDistribution(Weights(1.0, 0.0, 0.0, 0.0), 0.5)


def shown(*pictures: tuple[Record, float]) -> Predictions:
    """Pictures with a lesion logit, each of a lesion of its own unless the record names one."""
    records = tuple(
        replace(record, member=f"{i}.jpg", group=f"L{i}" if record.group == "L0" else record.group)
        for i, (record, _) in enumerate(pictures)
    )
    embedding = np.array([[logit, 0.0] for _, logit in pictures], np.float32).reshape(-1, 2)
    logits = np.zeros((len(pictures), 7), np.float32)
    return Predictions(records, logits, labels_of(records), embedding)


def test_the_area_counts_pairs_in_the_right_order() -> None:
    # Of the pairs (3, 2), (3, 0), (1, 2), (1, 0) one is wrong.
    found = auroc(np.array([3.0, 1.0]), np.array([2.0, 0.0]))
    assert found.value == 0.75
    assert auroc(np.array([3.0, 1.0]), np.array([2.0])).n == 1


def test_without_unknown_pictures_there_is_no_area() -> None:
    found = auroc(np.array([1.0]), np.array([]))
    assert (found.value, found.n, found.reason) == (None, 0, "no-pictures")


def test_a_threshold_refuses_no_more_than_it_may() -> None:
    # Three of a hundred lie below 3.
    assert threshold_refusing(np.arange(100.0), 0.03) == 3.0
    assert threshold_refusing(np.arange(99.0), 0.03) == 2.0


def test_a_threshold_rejects_no_less_than_it_must() -> None:
    threshold = threshold_rejecting(np.arange(20.0), 0.95)
    assert 18.0 < threshold < 18.001
    assert 19.0 < threshold_rejecting(np.arange(20.0), 0.96) < 19.001


EVERYBODY = np.ones(200, dtype=bool)
DERMOSCOPIC = np.arange(200) < 100


def test_the_threshold_leaves_the_same_room_to_both_limits() -> None:
    # Below 12, 96 % are rejected: a fifth of the 5 % of room. Between 15 and 22, 98 % for 1 % of
    # the known: three fifths and two thirds. Above 25 all, for 2.5 % of the known: a sixth.
    far = np.concatenate([np.zeros(96), [15.0] * 2, [25.0] * 2])
    known = np.concatenate([[12.0] * 2, [22.0] * 3, np.full(195, 40.0)])
    assert choose_threshold(known, far, [EVERYBODY]) == 18.5


def test_where_no_threshold_keeps_both_limits_the_lesions_are_spared() -> None:
    # Nine in ten far can be had for 3 % of the known; the tenth would cost every second one.
    far = np.concatenate([np.zeros(8), [5.0, 50.0]])
    known = np.concatenate([np.full(6, 1.0), np.full(94, 10.0), np.full(100, 60.0)])
    assert choose_threshold(known, far, [EVERYBODY]) == 7.5
    # 7 of 200 are too many.
    known[6] = 1.0
    assert choose_threshold(known, far, [EVERYBODY]) == 0.5


FAR = np.array([0.0, 1.5, 4.0])


def test_no_group_pays_for_another() -> None:
    known = np.full(200, 5.0)
    known[196:] = [1.0, 1.0, 2.0, 2.0]
    # 4 of 200 are within 3 %, but all four are camera pictures, of which they are 4 %.
    assert choose_threshold(known, FAR, [DERMOSCOPIC, ~DERMOSCOPIC]) == 1.75
    assert choose_threshold(known, FAR, [EVERYBODY]) == 4.5


def test_the_room_is_that_of_the_group_refused_most() -> None:
    far = np.concatenate([np.zeros(96), [15.0] * 2, [25.0] * 2])
    known = np.full(200, 40.0)
    known[198:] = [12.0, 22.0]
    # All far for 2 % of the camera pictures leave a third; 98 % for 1 % leave three fifths.
    assert choose_threshold(known, far, [DERMOSCOPIC, ~DERMOSCOPIC]) == 18.5
    # Of all pictures they are 1 %, which leaves two thirds.
    assert choose_threshold(known, far, [EVERYBODY]) == 32.5


def test_a_group_without_pictures_limits_nothing() -> None:
    assert choose_threshold(np.full(200, 5.0), FAR, [EVERYBODY, ~EVERYBODY]) == 4.5


def test_the_threshold_is_rounded_towards_refusing_less() -> None:
    known, far = np.array([1.0, 1.0]), np.array([0.33333])
    assert choose_threshold(known, far, [np.array([True, True])]) == 0.6666


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


def test_scores_are_compared_by_both_trade_offs() -> None:
    parts = Pictures(
        shown(*[(LESION, 0.0)] * 100),
        shown((OTHER_LESION, 0.0)),
        shown(*[(NO_LESION, 0.0)] * 20),
    )
    known, far = np.arange(100.0), np.arange(20.0) - 15.0
    found = compare({OutlierScore.ENERGY: (known, np.array([-1.0]), far)}, parts)["energy"]
    # Of -15 .. 4 all but 3 and 4 lie below 3.
    assert found["rejected_at_3_percent_refused"]["value"] == 0.9
    # 19 of 20 lie below anything above 3; of the known 0, 1, 2 and 3.
    assert found["refused_at_95_percent_rejected"]["value"] == 0.04
    assert found["near"]["value"] == 1.0
    assert found["far_by_kind"]["wounds"]["value"] == found["far"]["value"]
    assert found["far_by_kind"]["dogs_cats"]["value"] is None
    assert found["far_mean_of_kinds"] == found["far"]["value"]
    assert found["far"]["low"] <= found["far"]["value"] <= found["far"]["high"]


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


def one_of_each_class(times: int) -> Predictions:
    records = tuple(
        replace(LESION, member=f"{dx}{i}.jpg", group=f"{dx}{i}", diagnosis=dx)
        for dx in Diagnosis
        for i in range(times)
    )
    labels = labels_of(records)
    return Predictions(
        records,
        np.zeros((len(records), 7), np.float32),
        labels,
        np.eye(7, dtype=np.float32)[labels],
    )


def test_a_class_that_is_left_out_is_unknown_to_every_score() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    outside = replace(LESION, diagnosis=None)
    train = one_of_each_class(12)
    # A picture outside the classes must teach nothing: it lies where the melanomas are.
    melanoma = np.eye(7, dtype=np.float32)[[list(Diagnosis).index(Diagnosis.MEL)]]
    stray = Predictions(
        (outside,) * 20, np.zeros((20, 7), np.float32), np.full(20, -1), melanoma.repeat(20, axis=0)
    )
    found = leave_one_class_out(joined(train, stray), one_of_each_class(2))
    assert set(found) == {str(dx) for dx in Diagnosis}
    for scores in found.values():
        for method in (
            OutlierScore.MAX_SOFTMAX,
            OutlierScore.ENERGY,
            OutlierScore.NEAREST_NEIGHBOUR,
        ):
            assert scores[method]["value"] == 1.0
        assert scores[OutlierScore.ENERGY]["n"] == 2
        assert scores[OutlierScore.ENERGY]["too_few_to_say"] is True


def test_a_head_without_a_class_answers_for_the_other_six() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    pictures = one_of_each_class(2)
    outside = replace(LESION, diagnosis=None)
    stray = Predictions(
        (outside,), np.zeros((1, 7), np.float32), np.array([-1]), np.zeros((1, 7), np.float32)
    )
    assert head_without(joined(pictures, stray), 3)(pictures.embedding).shape == (14, 6)


def test_a_kind_that_is_left_out_teaches_the_head_nothing() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    dogs = replace(NO_LESION, detail="dogs_cats")
    # Lesions lie between wounds and dogs: a head that has seen neither wound misses them.
    many = 1000
    train = shown(*[(LESION, 0.0), (NO_LESION, 2.0), (dogs, -1.0)] * many)
    found = unseen_kinds(train, train, train, shown(*[(LESION, 0.0)] * 5))
    assert {kind for kind, figures in found.items() if figures} == {"wounds", "dogs_cats"}
    assert found["wounds"]["auroc"]["value"] == 0.0
    assert found["wounds"]["rejected_at_3_percent_refused"]["value"] == 0.0


def test_a_split_is_parted_into_known_outside_and_far(monkeypatch: pytest.MonkeyPatch) -> None:
    train = replace(LESION, split=Split.TRAIN)
    records = [NO_LESION, LESION, train, OTHER_LESION, replace(LESION, diagnosis=Diagnosis.MEL)]
    monkeypatch.setattr(out_of_distribution, "read_records", lambda _: records)
    monkeypatch.setattr(
        out_of_distribution, "predict_records", lambda _, __, some: shown(*[(r, 0.0) for r in some])
    )
    parts = gather(Path("data"), Path("weights"), Split.VAL)
    assert [r.diagnosis for r in parts.known.records] == [Diagnosis.NV, Diagnosis.MEL]
    assert [r.modality for r in parts.outside.records] == [Modality.DERMOSCOPIC]
    assert [r.detail for r in parts.far.records] == ["wounds"]
    assert parts.kinds == ["milk10k dermoscopic"] * 2 + ["wounds"]
    assert len(gather(Path("data"), Path("weights"), Split.VAL, 2).known.records) == 1


def test_a_model_without_a_rule_is_not_measured() -> None:
    measurement: Any = SimpleNamespace(calibration=lambda: {"out_of_distribution": None})
    assert figures(measurement) is None
