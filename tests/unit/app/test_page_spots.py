"""Kept spots and the first screen, together on one page."""

from app.events import CameraStarted, Navigated, Reset
from app.page import Page, update, view
from app.route import Route
from app.spots.effects import OpenStore
from app.spots.events import Recalled, RepeatWanted, StoreRead, StoreState
from lentigo.model.modality import Modality
from lentigo.spots.lining_up import Earlier
from tests.unit.app.spots.test_update import AT, stored
from tests.unit.builders import chosen, engine, photo
from tests.unit.kept import CAPTURE, PERSON, SPOT


def with_store() -> Page:
    page, _ = update(Page(), engine())
    page, effects = update(page, Navigated(1, Route.SPOT, SPOT.id))
    assert OpenStore() in effects
    read = StoreRead(StoreState.OPEN, False, True, stored(PERSON, SPOT, CAPTURE), AT)
    return update(page, read)[0]


def test_the_earlier_photo_lies_over_the_camera_until_the_visitor_starts_again() -> None:
    page, _ = update(with_store(), RepeatWanted(2, SPOT.id))
    page, _ = update(page, Navigated(3, Route.SCREENING))
    page, _ = update(page, CameraStarted(4))
    assert CAPTURE.picture in view(page)["ghost"].text
    assert page.screening.earlier is None
    earlier = Earlier(Modality.CAMERA)
    page, _ = update(page, Recalled(CAPTURE.id, earlier))
    assert page.screening.earlier is earlier
    page, _ = update(page, Reset(5))
    assert page.spots.repeating is None
    assert page.screening.earlier is None
    assert page.session.intent == 5


def test_the_next_spot_is_not_taken_for_the_one_that_was_repeated() -> None:
    page, _ = update(with_store(), RepeatWanted(2, SPOT.id))
    for event in (Navigated(3, Route.SCREENING), CameraStarted(4), chosen(photo(intent=5))):
        page, _ = update(page, event)
        assert page.spots.repeating is not None
    page, _ = update(page, CameraStarted(6, joins=1))
    assert page.spots.repeating is not None, "another photo of the same spot"
    page, _ = update(page, CameraStarted(7))
    assert page.spots.repeating is None
