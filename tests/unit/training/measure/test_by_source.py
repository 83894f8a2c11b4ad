"""The figures of a checkpoint set by set, on answers that can be counted by hand."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from lentigo.diagnosis import Diagnosis
from training.measure.by_source import MEAN, MEL, NV, Ranking, by_source, rank, table, unrest
from training.measure.predictions import Predictions, labels_of
from training.pictures.data import Modality, Record, Split

if TYPE_CHECKING:
    from numpy.typing import NDArray

BCC = list(Diagnosis).index(Diagnosis.BCC)


def logits_for(*classes: int) -> "NDArray[np.float32]":
    return np.asarray(5.0 * np.eye(7, dtype=np.float32)[list(classes)], dtype=np.float32)


def found(parts: dict[str, list[tuple[Diagnosis, int]]]) -> Predictions:
    records = [
        Record(source, "a", "a", truth, Modality.CLINICAL, 1.0, Split.VAL, "ours")
        for source, pictures in parts.items()
        for truth, _ in pictures
    ]
    logits = logits_for(*(answer for pictures in parts.values() for _, answer in pictures))
    return Predictions(tuple(records), logits, labels_of(records), logits)


def test_each_figure_is_of_its_own_question() -> None:
    # The second melanoma is called a carcinoma: malignant still.
    labels = np.array([MEL, MEL, BCC, NV])
    ranking = rank(logits_for(MEL, BCC, BCC, NV), labels)
    # Pairs of a melanoma and another: 2 right for the first, 2 ties for the second.
    assert ranking.melanoma == pytest.approx(0.75)
    assert ranking.malignancy == 1.0
    assert ranking.balanced == pytest.approx((0.5 + 1.0 + 1.0) / 3)
    # Against naevi alone it is the odds of the two that count: even ones beat the naevus's.
    assert ranking.melanoma_or_naevus == 1.0


def test_the_mean_counts_small_sets_like_large_ones() -> None:
    good = [(Diagnosis.MEL, MEL), (Diagnosis.NV, NV)]
    bad = [(Diagnosis.MEL, NV), (Diagnosis.NV, MEL)]
    figures = by_source(found({"one": good * 9, "two": bad}))
    assert figures["one, clinical"].melanoma == 1.0
    assert figures["two, clinical"].melanoma == 0.0
    assert figures[MEAN].melanoma == pytest.approx(0.5)


def test_the_table_shows_what_the_others_gain_and_leaves_out_what_is_undefined() -> None:
    one = {"set": Ranking(0.5, None, 0.4, 0.25)}
    other = {"set": Ranking(0.75, None, 0.3, 0.25)}
    lines = table([("v1", one), ("mine", other)]).splitlines()
    assert lines[2] == "| set | v1 | 0.500 |  | 0.400 | 0.250 |"
    assert lines[3] == "| set | mine | 0.750 (+0.250) |  | 0.300 (-0.100) | 0.250 (+0.000) |"


def test_unrest_is_measured_in_melanomas_log_odds() -> None:
    flat = np.zeros((2, 7), np.float32)
    moved = flat.copy()
    moved[0, MEL] = 3.0
    assert unrest(flat, moved) == pytest.approx(1.5)
