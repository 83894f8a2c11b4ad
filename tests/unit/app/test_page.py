"""Screens by route: what is rendered, what goes on unseen."""

from dataclasses import replace

from app.effects import Predict
from app.events import CameraStarted, Event, FileRead, Navigated, Predicted
from app.page import Page, announce, update, view
from app.route import Route
from app.screens.screening.state import Mode
from app.spots.events import StoreState
from tests.unit.app.spots.test_update import known
from tests.unit.builders import chosen, logits, photo, prepared, ready
from tests.unit.kept import CAPTURE, PERSON, SPOT

READY = Page(screening=ready())


def after(page: Page, *events: Event) -> Page:
    for event in events:
        page, _ = update(page, event)
    return page


def test_only_the_regions_of_the_screen_that_is_shown_are_rendered() -> None:
    facts = view(after(READY, Navigated(1, Route.FACTS)))
    assert set(facts) == {"facts", "backend"}
    assert facts["facts"]
    tables = view(after(READY, Navigated(1, Route.TABLES)))
    assert set(tables) == {"tables", "backend"}
    assert tables["tables"]
    back = view(after(READY, Navigated(1, Route.FACTS), Navigated(2, Route.SCREENING)))
    assert set(back) == set(view(READY)) and "facts" not in back


def test_a_late_change_of_screen_is_void() -> None:
    page = after(READY, Navigated(2, Route.FACTS), Navigated(1, Route.SCREENING))
    assert page.route is Route.FACTS


def test_leaving_the_screening_closes_the_camera() -> None:
    page = after(READY, CameraStarted(1))
    assert page.screening.mode is Mode.LIVE
    page = after(page, Navigated(2, Route.FACTS))
    assert (page.screening.mode, page.screening.live) == (Mode.READY, None)


def test_a_photo_is_judged_while_another_screen_is_shown_and_stands_there_on_return() -> None:
    first = photo()
    page = after(READY, chosen(first), FileRead(1, 3, b"abc"), Navigated(2, Route.FACTS))
    page, effects = update(page, prepared(first))
    assert any(isinstance(effect, Predict) for effect in effects)
    before, page = page, after(page, Predicted(1, logits(mel=0.9), 60.0, "wasm", 1.0))
    assert page.screening.mode is Mode.RESULT
    assert announce(before, page) == "", "it would be read out over another screen"
    away, page = page, after(page, Navigated(3, Route.SCREENING))
    assert 'data-priority="urgent"' in view(page)["answer"].text
    assert announce(away, page).startswith("Urgent. See a doctor within 2 weeks.")
    assert page.left is None, "it would keep photos that are forgotten later"
    unchanged = after(page, Navigated(4, Route.FACTS))
    assert announce(unchanged, after(unchanged, Navigated(5, Route.SCREENING))) == ""


def test_nothing_new_is_the_same_page() -> None:
    page, effects = update(READY, FileRead(7, 3, b"abc"))
    assert (page is READY, effects) == (True, ())


def test_what_is_locked_or_deleted_stays_on_no_screen() -> None:
    seen = view(replace(READY, route=Route.SPOTS, spots=known(PERSON, SPOT, CAPTURE)))
    assert "Mole" in seen["spots"].text
    locked = view(replace(READY, route=Route.SETTINGS, spots=known(state=StoreState.LOCKED)))
    kept = {"spots", "spot", "compare", "map", "history", "ghost", "save"}
    assert {name for name, html in locked.items() if not html} == kept
    deleted = view(replace(READY, route=Route.SETTINGS, spots=known()))
    assert {name for name, html in deleted.items() if not html} == kept
    # One form alone: two would have a field of the same name.
    assert sum('data-form="unlock"' in html.text for html in locked.values()) == 1
