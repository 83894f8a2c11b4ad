"""The two heads on hand-made embeddings."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from lentigo.diagnosis import Diagnosis
from training.measure import probes
from training.measure.predictions import OUTSIDE, Predictions, joined, labels_of
from training.measure.probes import (
    Probe,
    balance,
    choose_probe,
    fit_probe,
    kind_of,
    log_loss,
    sample,
)
from training.pictures.data import Modality, Record, Split

LESION = Record(
    "ham10000", "ham/0.jpg", "L0", Diagnosis.NV, Modality.DERMOSCOPIC, 1.0, Split.TRAIN, ""
)
NO_LESION = replace(LESION, source="ood", diagnosis=None, modality=Modality.OTHER, detail="wounds")


def many(record: Record, count: int) -> list[Record]:
    return [
        replace(record, member=f"{record.detail}{record.diagnosis}/{i}.jpg", group=f"L{i}")
        for i in range(count)
    ]


def predictions(records: list[Record], embedding: list[list[float]]) -> Predictions:
    logits = np.zeros((len(records), 7), np.float32)
    return Predictions(tuple(records), logits, labels_of(records), np.array(embedding, np.float32))


def test_a_head_rectifies_its_units_and_adds_them() -> None:
    hidden = np.array([[1.0, -1.0], [2.0, 0.0]], np.float32)
    head = Probe(hidden, np.array([0.5, 0.0]), np.array([1.0, 10.0]), np.array(-3.0))
    # Units of 3.5 and -1, then of -0.5 and 1: the negative ones count nothing.
    found = head.logit(np.array([[1.0, 1.0], [-1.0, 0.0]], np.float32))
    assert found.tolist() == [0.5, 7.0]


def test_no_lesion_is_weighed_by_what_it_shows_and_a_lesion_by_set_and_modality() -> None:
    assert kind_of(NO_LESION) == "wounds"
    assert kind_of(LESION) == "ham10000 dermoscopic"


def test_darker_skin_is_a_kind_of_its_own_in_the_set_that_grades_it_well() -> None:
    milk = replace(LESION, source="milk10k", modality=Modality.CLINICAL)
    kinds = [kind_of(replace(milk, skin_tone=tone)) for tone in (None, 0, 2, 3)]
    plain, darker = "milk10k clinical", "milk10k clinical, darker skin"
    assert kinds == [plain, darker, darker, plain]
    # PAD-UFES-20 counts the other way round: 2 is light.
    pad = replace(milk, source="pad_ufes_20", skin_tone=2)
    assert kind_of(pad) == "pad_ufes_20 clinical"


def test_both_sides_weigh_the_same_and_on_each_side_every_kind() -> None:
    positive = np.array([True, True, True, False, False])
    weight = balance(positive, ["a", "a", "b", "c", "c"])
    # Each side 5/2 in all; "a" and "b" half of it each, "c" all of it.
    assert weight == pytest.approx([0.625, 0.625, 1.25, 1.25, 1.25])


def test_a_kind_that_stands_on_both_sides_is_weighed_on_each() -> None:
    assert balance(np.array([True, False]), ["a", "a"]) == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize("side", [True, False])
def test_a_head_needs_both_sides(side: bool) -> None:
    with pytest.raises(ValueError, match="both sides"):
        balance(np.array([side, side]), ["a", "a"])


def test_the_sample_takes_all_that_show_no_lesion_and_so_many_of_each_set() -> None:
    records = [*many(LESION, 9), *many(NO_LESION, 7)]
    drawn = sample(records, per_kind=4)
    assert Counter(map(kind_of, drawn)) == {"ham10000 dermoscopic": 4, "wounds": 7}
    assert len({record.member for record in drawn}) == 11
    assert drawn == sample(records, per_kind=4)
    assert drawn == [record for record in records if record in drawn]


def test_a_rare_class_is_drawn_more_often_than_its_share() -> None:
    melanomas = many(replace(LESION, diagnosis=Diagnosis.MEL), 16)
    drawn = sample([*many(LESION, 1600), *melanomas], per_kind=400)
    # By 1/sqrt(count) a melanoma is ten times as likely as a naevus; evenly, 4 would come.
    assert sum(record.diagnosis is Diagnosis.MEL for record in drawn) > 8


def test_the_log_loss_is_the_weighted_mean_and_huge_logits_are_no_overflow() -> None:
    positive = np.array([True, False, False])
    # log 2 for an undecided picture; 0 and 1000 for a huge logit on the right and the wrong side.
    weight = np.array([1.0, 1.0, 2.0])
    found = log_loss(np.array([0.0, -1000.0, 1000.0]), positive, weight)
    assert found == pytest.approx((np.log(2) + 2 * 1000) / 4)


def test_the_parts_of_joined_predictions_keep_their_order() -> None:
    first = predictions([LESION], [[1.0]])
    second = predictions([NO_LESION, LESION], [[2.0], [3.0]])
    both = joined(first, second)
    assert both.records == (LESION, NO_LESION, LESION)
    assert both.embedding[:, 0].tolist() == [1.0, 2.0, 3.0]
    assert both.labels.tolist() == [5, OUTSIDE, 5]
    assert both.logits.shape == (3, 7)


def test_a_head_learns_what_no_line_tells_apart_in_the_units_of_the_embedding() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    # Two values by the thousand, alike on one side and unlike on the other; a third never changes.
    corners = [[4000.0, -1.0], [6000.0, 1.0], [4000.0, 1.0], [6000.0, -1.0]]
    embedding = np.array([[*corner, 7.0] for corner in corners] * 500, np.float32)
    positive = np.array([True, True, False, False] * 500)
    head = fit_probe(embedding, positive, np.ones(2000), 0.1)
    logits = head.logit(embedding)
    assert logits[positive].min() > 0.0 > logits[~positive].max()
    assert not head.hidden[2].any()
    assert head.hidden.dtype == head.out_bias.dtype == np.float32


def test_a_head_is_the_same_every_time() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    embedding = np.random.default_rng(1).normal(size=(40, 5)).astype(np.float32)
    positive = embedding[:, 0] > 0
    first, second = (fit_probe(embedding, positive, np.ones(40), 1.0) for _ in range(2))
    assert (first.logit(embedding) == second.logit(embedding)).all()


def test_a_part_keeps_the_size_and_each_number_draws_another() -> None:
    whole = Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8))
    once, again, other = (
        probes.part(whole, np.random.default_rng(5), number) for number in (0, 0, 1)
    )
    assert once.size == whole.size
    assert once.tobytes() == again.tobytes() != other.tobytes()
    assert set(once.tobytes()) <= set(range(64))


def test_the_strength_with_the_least_loss_on_val_is_taken() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    # In train the feature tells all; in val it says nothing, so the weaker head loses less.
    train = predictions([LESION, NO_LESION] * 1000, [[1.0], [-1.0]] * 1000)
    val = predictions([LESION, LESION, NO_LESION, NO_LESION], [[1.0], [-1.0], [1.0], [-1.0]])
    found = choose_probe(train, val, probes.is_lesion, (0.1, 100.0))
    assert found.strength == 100.0
    assert found.losses[100.0] < found.losses[0.1]
    assert choose_probe(train, train, probes.is_lesion, (0.1, 100.0)).strength == 0.1


def test_the_modality_head_never_sees_a_picture_without_a_lesion() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    camera = replace(LESION, source="pad", modality=Modality.SMARTPHONE)
    # The lesions differ in the first feature, no lesion in the second.
    shown = [[1.0, 0.0], [-1.0, 0.0], [-1.0, 5.0]]
    part = predictions([LESION, camera, NO_LESION] * 1000, shown * 1000)
    modality, lesion = probes.fit_both(part, part)
    by_dermoscope, by_camera, _ = modality.probe.logit(part.embedding[:3])
    assert by_dermoscope > 0.0 > by_camera
    assert not modality.probe.hidden[1].any()
    # To the lesion head a camera's picture is a lesion as good as any.
    _, on_camera, on_nothing = lesion.probe.logit(part.embedding[:3])
    assert on_camera > 0.0 > on_nothing
