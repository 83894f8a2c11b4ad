"""What is seen in all pictures of a lesion together is said of each of them."""

from pathlib import Path

import numpy as np
import pytest

from lentigo.diagnosis import Diagnosis
from training.fit import lesion_answers as module
from training.fit.lesion_answers import lesion_answers, shared_by_lesion
from training.measure.predictions import Predictions, labels_of
from training.pictures.data import Modality, Record, Split


def record(source: str, member: str, group: str, dx: Diagnosis | None = Diagnosis.MEL) -> Record:
    return Record(source, member, group, dx, Modality.CLINICAL, 1.0, Split.TRAIN, "ours")


PAIR = [record("milk10k", "a", "1"), record("milk10k", "b", "1")]


def test_a_pair_shares_its_mean_and_a_patient_shares_nothing() -> None:
    records = [*PAIR, record("pad_ufes_20", "c", "1"), record("pad_ufes_20", "d", "1")]
    logits = np.zeros((4, 7), np.float32)
    logits[0, 4] = logits[2, 4] = np.log(36.0)
    found = shared_by_lesion(logits, records)
    # The mean of log 36 and 0 is log 6: six in twelve. Log 36 alone: 36 in 42.
    assert found[:2, 4] == pytest.approx([0.5, 0.5])
    assert found[2:, 4] == pytest.approx([36 / 42, 1 / 7])
    assert found.sum(axis=1) == pytest.approx(np.ones(4))


def test_the_teachers_are_averaged_and_not_asked_outside_the_classes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answer(_: Path, checkpoint: Path, records: list[Record]) -> Predictions:
        logits = np.zeros((len(records), 7), np.float32)
        logits[:, 4] = np.log(6.0) if checkpoint.name == "sure" else 0.0
        return Predictions(tuple(records), logits, labels_of(records), logits)

    monkeypatch.setattr(module, "predict_records", answer)
    records = [record("milk10k", "z", "2", None), *PAIR]
    found = lesion_answers(Path(), records, ("sure", "unsure"))
    assert (found[0] == 0.0).all()
    assert found[1:, 4] == pytest.approx([(0.5 + 1 / 7) / 2] * 2)
