"""What is drawn how often, and what each task is told."""

import numpy as np
import pytest

from lentigo.diagnosis import Diagnosis
from training.fit.tasks import NO_LABEL, ORDER, labels_of, sampling_of
from training.pictures.data import Modality, Record, Split


def record(
    source: str,
    diagnosis: Diagnosis | None,
    modality: Modality = Modality.CLINICAL,
    detail: str = "",
) -> Record:
    return Record(source, "a", "a", diagnosis, modality, 1.0, Split.TRAIN, "ours", detail)


def test_the_prior_of_each_set_is_taken_by_itself() -> None:
    records = [record("one", Diagnosis.NV)] * 9 + [record("one", Diagnosis.MEL)]
    records += [record("two", Diagnosis.BCC)] * 4
    sampling = sampling_of(records)
    assert sampling.weight.sum() == pytest.approx(1.0)
    # By 1/sqrt(count), nine naevi are drawn three times as often as one melanoma.
    assert sampling.weight[:9].sum() == pytest.approx(3 * sampling.weight[9])
    assert np.exp(sampling.log_prior[0, ORDER.index(Diagnosis.NV)]) == pytest.approx(3 / 4)
    assert np.exp(sampling.log_prior[9, ORDER.index(Diagnosis.MEL)]) == pytest.approx(1 / 4)
    assert np.exp(sampling.log_prior[10, ORDER.index(Diagnosis.BCC)]) == pytest.approx(1.0)


def test_all_sets_count_alike_and_each_has_its_own_odds() -> None:
    records = [record("one", Diagnosis.NV)] * 9 + [record("one", Diagnosis.MEL)]
    records += [record("two", Diagnosis.BCC), record("ood", None, Modality.OTHER)]
    sampling = sampling_of(records, unlabelled_share=0.5)
    drawn = sampling.weight * sampling.set_weight
    assert drawn[:10].sum() == pytest.approx(drawn[10])
    assert sampling.set_weight[11] == 0.0
    # Of the draws from "one" three in four are naevi; "two" has nothing but carcinomas.
    assert np.exp(sampling.log_odds[0]) == pytest.approx([1 / 3, 1 / 3], rel=0.01)
    assert sampling.log_odds[10, 1] > 4.0 > -4.0 > sampling.log_odds[10, 0]


def test_pictures_outside_the_classes_get_their_share_and_no_prior() -> None:
    records = [record("one", Diagnosis.NV)] * 6 + [record("ood", None, Modality.OTHER)] * 2
    sampling = sampling_of(records, unlabelled_share=0.1)
    assert sampling.weight[6:].sum() == pytest.approx(0.1)
    assert (sampling.log_prior[6:] == 0.0).all()


def test_camera_pictures_get_their_share_of_those_with_a_class() -> None:
    records = [record("one", Diagnosis.NV, Modality.DERMOSCOPIC)] * 8
    records += [record("two", Diagnosis.NV), record("three", Diagnosis.MEL, Modality.SMARTPHONE)]
    records += [record("ood", None, Modality.OTHER)] * 2
    sampling = sampling_of(records, unlabelled_share=0.1, camera_share=0.5)
    assert sampling.weight[:8].sum() == pytest.approx(0.45)
    assert sampling.weight[8:10].sum() == pytest.approx(0.45)
    assert sampling.weight[10:].sum() == pytest.approx(0.1)


def test_every_task_has_its_label_or_none() -> None:
    kind = "Nevus, Blue"
    records = [record("milk10k", Diagnosis.NV, Modality.DERMOSCOPIC, kind)] * 12
    records += [record("milk10k", Diagnosis.NV, Modality.CLINICAL, "Rare")]
    records += [record("ham10000", Diagnosis.MEL, Modality.DERMOSCOPIC, "histo")]
    records += [record("milk10k", None), record("ood", None, Modality.OTHER, "wounds")]
    labels = labels_of(records)
    assert labels.details == (kind,)
    nv, mel = ORDER.index(Diagnosis.NV), ORDER.index(Diagnosis.MEL)
    assert labels.diagnosis.tolist() == [nv] * 13 + [mel, NO_LABEL, NO_LABEL]
    assert labels.modality.tolist() == [0] * 12 + [1, 0, 1, NO_LABEL]
    assert labels.lesion.tolist() == [1] * 15 + [0]
    assert labels.detail.tolist() == [0] * 12 + [NO_LABEL] * 4
