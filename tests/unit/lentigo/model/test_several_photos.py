"""Several photos of one spot, read as one. hypothesis is not part of the site: see the properties
in ``tests/unit/lentigo/triage/test_several_photos_properties.py``."""

from dataclasses import replace

import pytest

from lentigo.model.calibration import softmax
from lentigo.model.modality import Modality
from lentigo.model.ood import OutOfDistribution, Recognition, Weights
from lentigo.model.reading import Outputs, Reader
from lentigo.model.risk import Scales
from lentigo.model.several_photos import mean_outputs, read_together, shared_modality
from lentigo.priority import Priority
from tests.unit.scales import scale

DERMOSCOPIC = scale(0.2, 0.5, bcc=0.3, confident=0.15)
CAMERA = scale(0.6, 0.9, bcc=0.3, confident=0.15)
READER = Reader(1.0, Scales(DERMOSCOPIC, CAMERA), certain_from=0.9)


def outputs(mel: float, nv: float, modality: float | None = 3.0) -> Outputs:
    return Outputs((0.0, 0.0, 0.0, 0.0, mel, nv, 0.0), modality, 1.0)


def test_each_logit_is_averaged() -> None:
    mean = mean_outputs([outputs(2.0, 0.0, 1.0), outputs(4.0, 6.0, -3.0)])
    assert mean == Outputs((0.0, 0.0, 0.0, 0.0, 3.0, 3.0, 0.0), -1.0, 1.0)


def test_what_one_photo_was_not_told_is_not_told_of_all() -> None:
    mean = mean_outputs([outputs(2.0, 0.0, None), outputs(4.0, 6.0, -3.0)])
    assert mean.modality is None


def test_without_a_photo_there_is_no_mean() -> None:
    with pytest.raises(ValueError, match="no photo"):
        mean_outputs([])


def test_the_mean_is_one_of_logits_not_of_probabilities() -> None:
    first, second = outputs(9.0, 0.0), outputs(-1.0, 0.0)
    reading = read_together(READER, [first, second], [Modality.DERMOSCOPIC] * 2)
    assert reading.probabilities == pytest.approx(softmax(outputs(4.0, 0.0).logits, 1.0))


def test_a_mean_that_would_not_pass_for_a_lesion_is_doubted() -> None:
    # The energy of each photo is over the threshold, that of their mean under it.
    known = OutOfDistribution(Weights(lesion=0.0, energy=1.0, confidence=0.0, bias=0.0), 3.0)
    reader = Reader(1.0, Scales(DERMOSCOPIC, CAMERA), known=known)
    photos = [outputs(4.0, -4.0), outputs(-4.0, 4.0)]
    assert {reader.read(photo).recognition for photo in photos} == {Recognition.LESION}
    reading = read_together(reader, photos, [Modality.UNSURE] * 2)
    assert reading.recognition is Recognition.UNFAMILIAR


@pytest.mark.parametrize(
    ("nails", "recognition"),
    [((2.0, 2.0), Recognition.NAIL), ((5.0, 0.0), Recognition.UNFAMILIAR)],
)
def test_a_nail_is_what_all_photos_show(
    nails: tuple[float, float], recognition: Recognition
) -> None:
    known = OutOfDistribution(
        Weights(lesion=1.0, energy=0.0, confidence=0.0, bias=0.0), 3.0, nail_from=1.0
    )
    reader = Reader(1.0, Scales(DERMOSCOPIC, CAMERA), known=known)
    photos = [replace(outputs(0.0, 4.0), nail=nail) for nail in nails]
    assert read_together(reader, photos, [Modality.UNSURE] * 2).recognition is recognition


@pytest.mark.parametrize(
    ("ways", "shared"),
    [
        ([Modality.CAMERA, Modality.CAMERA], Modality.CAMERA),
        ([Modality.DERMOSCOPIC], Modality.DERMOSCOPIC),
        ([Modality.CAMERA, Modality.DERMOSCOPIC], Modality.UNSURE),
        ([Modality.CAMERA, Modality.UNSURE], Modality.UNSURE),
    ],
)
def test_photos_that_were_taken_differently_are_neither(
    ways: list[Modality], shared: Modality
) -> None:
    assert shared_modality(ways) is shared


def test_the_cautious_scale_holds_for_photos_that_were_taken_differently() -> None:
    # p(mel) is 0.31: over the dermoscopic point, under the camera's.
    photos = [outputs(1.0, 1.0), outputs(1.0, 1.0)]
    of_camera = read_together(READER, photos, [Modality.CAMERA, Modality.CAMERA])
    of_both = read_together(READER, photos, [Modality.CAMERA, Modality.DERMOSCOPIC])
    assert (of_both.modality, of_both.assessment.priority) == (Modality.UNSURE, Priority.URGENT)
    assert of_camera.assessment.risks.melanoma < of_both.assessment.risks.melanoma
