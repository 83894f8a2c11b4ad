"""One picture read: probabilities, modality, recognition and assessment from made-up logits."""

from dataclasses import replace

import pytest

from lentigo.model.modality import Modality
from lentigo.model.ood import OutOfDistribution, Recognition, Weights
from lentigo.model.reading import Outputs, Reader
from lentigo.priority import OperatingPoints, Priority
from tests.unit.builders import logits

READER = Reader(
    temperature=1.0,
    dermoscopic=OperatingPoints(mel=0.3, bcc=0.4, akiec=0.5, malignancy=0.6, confidence=0.2),
    camera=OperatingPoints(mel=0.1, bcc=0.5, akiec=0.5, malignancy=0.6, confidence=0.4),
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
def test_the_points_follow_how_the_picture_seems_to_have_been_taken(
    logit: float | None, modality: Modality, priority: Priority
) -> None:
    reading = READER.read(Outputs(MOLE, logit))
    assert (reading.modality, reading.assessment.priority) == (modality, priority)


def test_what_somebody_says_of_the_modality_holds() -> None:
    reading = READER.read(Outputs(MOLE, -5.0), Modality.DERMOSCOPIC)
    assert (reading.modality, reading.assessment.priority) == (Modality.DERMOSCOPIC, Priority.LOW)


def test_a_model_that_cannot_tell_the_modality_is_read_with_caution() -> None:
    assert replace(READER, certain_from=None).read(Outputs(MOLE, 9.0)).modality is Modality.UNSURE


def test_doubt_takes_the_lowest_points_and_the_highest_confidence() -> None:
    points = READER.points_for(Modality.UNSURE)
    assert points == OperatingPoints(mel=0.1, bcc=0.4, akiec=0.5, malignancy=0.6, confidence=0.4)


@pytest.mark.parametrize(
    ("lesion", "recognition"),
    [(2.0, Recognition.LESION), (1.9, Recognition.NOT_A_LESION), (None, None)],
)
def test_a_picture_is_recognised_by_its_score(
    lesion: float | None, recognition: Recognition | None
) -> None:
    reading = READER.read(Outputs(MOLE, lesion=lesion))
    assert (reading.recognition, reading.known_score) == (recognition, lesion)


def test_a_model_that_cannot_tell_what_it_knows_recognises_nothing() -> None:
    reading = replace(READER, known=None).read(Outputs(MOLE, lesion=9.0))
    assert (reading.recognition, reading.known_score) == (None, None)


def test_the_temperature_flattens() -> None:
    assert max(replace(READER, temperature=4.0).read(Outputs(MOLE)).probabilities) < 0.8
    assert sum(READER.read(Outputs(MOLE)).probabilities) == pytest.approx(1.0)


def test_logits_that_are_no_numbers_are_never_read() -> None:
    with pytest.raises(ValueError, match="finite"):
        READER.read(Outputs((float("nan"),) * 7))
