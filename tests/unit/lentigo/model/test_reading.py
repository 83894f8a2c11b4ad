"""One picture read: probabilities, modality, recognition and assessment from made-up logits."""

import math
from dataclasses import replace

import pytest

from lentigo.model.modality import Modality
from lentigo.model.ood import OutOfDistribution, Recognition, Weights
from lentigo.model.reading import Outputs, Reader
from lentigo.model.risk import Line, Scale, Scales
from lentigo.priority import Priority
from tests.unit.builders import logits

NO_ALARM = Line(1.0, 0.5, -3.0)
READER = Reader(
    temperature=1.0,
    scales=Scales(
        dermoscopic=Scale(NO_ALARM, NO_ALARM, bcc=0.4, confident=0.2),
        camera=Scale(Line(1.0, 0.5, 2.5), NO_ALARM, bcc=0.4, confident=0.4),
    ),
    certain_from=0.9,
    known=OutOfDistribution(Weights(1.0, 0.0, 0.0, 0.0), 2.0),
)
MOLE = logits(mel=0.15)


@pytest.mark.parametrize(
    ("logit", "modality", "priority"),
    [
        (5.0, Modality.DERMOSCOPIC, Priority.LOW),
        (-5.0, Modality.CAMERA, Priority.URGENT),
        (0.5, Modality.UNSURE, Priority.URGENT),
        (None, Modality.UNSURE, Priority.URGENT),
    ],
)
def test_the_scale_follows_how_the_picture_seems_to_have_been_taken(
    logit: float | None, modality: Modality, priority: Priority
) -> None:
    reading = READER.read(Outputs(MOLE, logit))
    assert (reading.modality, reading.assessment.priority) == (modality, priority)


def test_what_somebody_says_of_the_modality_holds() -> None:
    reading = READER.read(Outputs(MOLE, -5.0), Modality.DERMOSCOPIC)
    assert (reading.modality, reading.assessment.priority) == (Modality.DERMOSCOPIC, Priority.LOW)


def test_a_model_that_cannot_tell_the_modality_is_read_with_caution() -> None:
    assert replace(READER, certain_from=None).read(Outputs(MOLE, 9.0)).modality is Modality.UNSURE


def test_the_scores_have_what_the_heads_say() -> None:
    scores = READER.read(Outputs(MOLE, 5.0, melanoma=-1.0, malignancy=2.0)).scores
    assert scores.melanoma.classes == pytest.approx(math.log(0.15 / 0.85), abs=1e-4)
    assert (scores.melanoma.head, scores.malignancy.head) == (-1.0, 2.0)
    assert READER.read(Outputs(MOLE, 5.0)).scores.melanoma.head == 0.0


@pytest.mark.parametrize(
    ("lesion", "recognition"),
    [(2.0, Recognition.LESION), (1.9, Recognition.NOT_A_LESION), (None, None)],
)
def test_a_picture_is_recognised_by_its_score(
    lesion: float | None, recognition: Recognition | None
) -> None:
    reading = READER.read(Outputs(MOLE, lesion=lesion))
    assert (reading.recognition, reading.known_score) == (recognition, lesion)


def test_a_nail_is_recognised_by_a_head_of_its_own() -> None:
    knows_nails = OutOfDistribution(Weights(1.0, 0.0, 0.0, 0.0), 2.0, nail_from=1.0)
    reader = replace(READER, known=knows_nails)
    assert reader.read(Outputs(MOLE, lesion=0.0, nail=1.0)).recognition is Recognition.NAIL
    assert reader.read(Outputs(MOLE, lesion=0.0)).recognition is Recognition.NOT_A_LESION


def test_a_model_that_cannot_tell_what_it_knows_recognises_nothing() -> None:
    reading = replace(READER, known=None).read(Outputs(MOLE, lesion=9.0))
    assert (reading.recognition, reading.known_score) == (None, None)


def test_the_temperature_flattens() -> None:
    assert max(replace(READER, temperature=4.0).read(Outputs(MOLE)).probabilities) < 0.8
    assert sum(READER.read(Outputs(MOLE)).probabilities) == pytest.approx(1.0)


def test_logits_that_are_no_numbers_are_never_read() -> None:
    with pytest.raises(ValueError, match="finite"):
        READER.read(Outputs((float("nan"),) * 7))
