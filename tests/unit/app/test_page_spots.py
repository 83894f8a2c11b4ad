"""Kept spots and the first screen, together on one page."""

from app.events import CameraStarted, Navigated, Reset
from app.page import Page, update, view
from app.route import Route
from app.spots.effects import OpenStore
from app.spots.events import RepeatWanted, StoreRead, StoreState
from tests.unit.app.spots.test_update import AT, stored
from tests.unit.builders import engine
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
    page, _ = update(page, Reset(5))
    assert page.spots.repeating is None
    assert page.session.intent == 5
