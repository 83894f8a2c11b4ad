"""What can be measured in a photo: asked for, drawn, and put away again."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from app.route import Route
from app.spots.effects import DrawShape, ReadPictures
from app.spots.events import PicturesRead, ShapeAsked, ShapeDrawn, StoreFailed, StoreFault
from app.spots.shape_drawing import BEYOND, drawn
from app.spots.state import Spots
from app.spots.update import acted, opened, told
from lentigo.spots.comparison.photo import photo_of
from tests.unit.app.spots.test_update import known
from tests.unit.kept import CAPTURE, PERSON, SPOT
from tests.unit.lentigo.spots.comparison.drawings import photo, skin, with_mole

ASKED = ShapeAsked(1, CAPTURE.id)


def asked() -> tuple[Spots, ReadPictures]:
    spots, (effect,) = acted(known(PERSON, SPOT, CAPTURE), None, ASKED)
    assert isinstance(effect, ReadPictures)
    return spots, effect


def test_a_photo_is_read_then_measured_then_shown() -> None:
    spots, read = asked()
    assert read.keys == (CAPTURE.picture,)
    spots, (effect,) = told(spots, PicturesRead(read.request, {CAPTURE.picture: b"jpeg"}))
    assert effect == DrawShape(CAPTURE, b"jpeg")
    found = ShapeDrawn(CAPTURE.id)
    spots, _ = told(spots, found)
    assert spots.shaping is not None
    assert spots.shaping.found == found


def test_what_is_shown_goes_when_it_is_pressed_again_and_with_the_screen() -> None:
    spots, read = asked()
    put_away, effects = acted(spots, None, ASKED)
    assert (put_away.shaping, effects) == (None, ())
    # What was on its way finds nobody who waits for it.
    assert told(put_away, PicturesRead(read.request, {CAPTURE.picture: b"jpeg"}))[1] == ()
    assert told(put_away, ShapeDrawn(CAPTURE.id))[0].shaping is None
    assert opened(spots, Route.SPOT, SPOT.id)[0].shaping is None


def test_a_photo_that_is_gone_is_not_measured() -> None:
    assert acted(known(PERSON, SPOT), None, ASKED)[1] == ()
    spots, read = asked()
    gone = replace(spots, collection=replace(spots.collection, records={}))
    spots, effects = told(gone, PicturesRead(read.request, {CAPTURE.picture: b"jpeg"}))
    assert (spots.shaping, effects) == (None, ())


def test_a_picture_that_cannot_be_had_is_told_where_it_was_asked_for() -> None:
    spots, read = asked()
    spots, _ = told(spots, StoreFailed(read.request, StoreFault.MISSING))
    assert spots.shaping is not None
    assert spots.shaping.fault is StoreFault.MISSING
    assert spots.fault is None


def drawing_of(picture: Image.Image) -> ShapeDrawn:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=95)
    capture = replace(CAPTURE, outline=tuple(photo_of(picture).outline))
    return drawn(DrawShape(capture, buffer.getvalue()))


def test_the_cut_out_has_the_spot_in_its_middle_with_some_skin() -> None:
    found = drawing_of(photo(with_mole(skin(), (40.0, 40.0))))
    assert found.shape is not None
    assert found.middle == pytest.approx((0.5, 0.5), abs=0.02)
    assert found.size == Image.open(io.BytesIO(found.picture)).size
    across = max(x for x, _ in found.outline) - min(x for x, _ in found.outline)
    assert across == pytest.approx(1 / BEYOND, abs=0.05)


def test_a_photo_without_a_spot_is_told_so() -> None:
    assert drawing_of(photo(skin())) == ShapeDrawn(CAPTURE.id)
