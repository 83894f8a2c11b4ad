"""What the coach knows of an earlier photo: measured by what measures the camera's frames."""

import io
from dataclasses import replace

import pytest

from app.spots.effects import Recall
from app.spots.recalling import recalled
from lentigo.model.modality import Modality
from lentigo.picture.examination import examine, examine_frame
from lentigo.picture.framing import outline_in_square
from lentigo.spots.lining_up import adjustment, sight_of
from tests.unit.kept import CAPTURE
from training.pictures.synthetic import Look, draw_lesion


def test_the_same_view_as_in_the_earlier_photo_wants_nothing() -> None:
    drawn = draw_lesion(7, 480, Look.EVEN_BROWN)
    # The photo is higher than wide, the camera's frame square.
    picture = drawn.resize((480, 640))
    picture.paste(drawn, (0, 80))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    lesion = examine(picture).observation.lesion
    assert lesion is not None
    capture = replace(CAPTURE, outline=lesion.outline)
    event = recalled(Recall(capture, buffer.getvalue()))
    assert event.capture == capture.id
    assert event.earlier.sight is not None
    seen = examine_frame(drawn, None)
    assert seen.observation.lesion is not None
    outline = outline_in_square(seen.observation.lesion, seen.box, *drawn.size)
    now = sight_of(outline, seen.observation.gauges.brightness)
    assert now is not None
    assert now.size == pytest.approx(event.earlier.sight.size, rel=0.1)
    assert adjustment(event.earlier, now, Modality.CAMERA) is None
