"""Screens and their addresses, under a sub-path: bookmark, Back, Forward, and the open camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser

from tests.browser.lentigo_page import LentigoPage
from tests.browser.pictures import lesion, png, wide
from tests.browser.sites import ROOT, served
from tests.browser.slow_world import SlowWorld, data_url
from tests.browser.test_accessibility import faults
from tooling.server import Hosting

if TYPE_CHECKING:
    from collections.abc import Iterator

SUB_PATH = "some/sub/path"
QUESTION = "How soon should a doctor see this spot?"


def wait_for_route(page: LentigoPage, route: str) -> None:
    """Wait for a screen, and check that it is the only one and has the title of its heading."""
    page.page.wait_for_selector(f"[data-testid=app][data-route={route}]", state="attached")
    assert page.page.evaluate(
        "[...document.querySelectorAll('[data-screen]')]"
        ".filter((s) => s.checkVisibility()).map((s) => s.dataset.screen)"
    ) == [route]
    heading = page.text(f"[data-screen={route}] h1")
    assert page.page.title().lower() == f"lentigo: {heading.lower()}"
    assert page.page.is_visible("[data-testid=disclaimer]")


def focused(page: LentigoPage) -> str:
    return str(page.page.evaluate("document.activeElement.textContent"))


def follow(page: LentigoPage, link: str) -> None:
    page.page.click(f"a[href='{link}'] >> visible=true")


def hash_of(page: LentigoPage) -> str:
    return str(page.page.evaluate("location.hash"))


def scrolled_px(page: LentigoPage) -> int:
    return int(page.page.evaluate("scrollY"))


@pytest.fixture(scope="module")
def bookmarked(chromium: Browser) -> Iterator[LentigoPage]:
    """A page that a bookmark of the facts has opened."""
    with (
        served(Hosting(ROOT, prefix=SUB_PATH)) as url,
        LentigoPage(chromium, url) as page,
    ):
        page.open("?backend=wasm#/facts")
        yield page


@pytest.fixture
def page(bookmarked: LentigoPage) -> Iterator[LentigoPage]:
    """The page on its first screen, ready, with nothing before it in the history but itself."""
    if bookmarked.attribute("app", "data-route") != "screening":
        follow(bookmarked, "#/")
    bookmarked.wait_for("ready")
    yield bookmarked
    bookmarked.start_again()
    bookmarked.guard.verify()


def test_a_bookmark_opens_its_screen_before_python_is_there(bookmarked: LentigoPage) -> None:
    wait_for_route(bookmarked, "facts")
    assert bookmarked.state == "booting"
    bookmarked.page.wait_for_selector("[data-region=facts] strong")
    assert bookmarked.wait_for("ready", "error") == "ready"
    assert f"/{SUB_PATH}/?backend=wasm#/facts" in bookmarked.page.url
    assert faults(bookmarked.page) == []
    wait_for_route(bookmarked, "facts")


def test_links_back_and_forward_lead_from_screen_to_screen(page: LentigoPage) -> None:
    page.page.set_viewport_size({"width": 400, "height": 500})
    page.page.locator(".to-facts a[href='#/facts']").scroll_into_view_if_needed()
    left_px = scrolled_px(page)
    assert left_px > 0
    follow(page, "#/facts")
    wait_for_route(page, "facts")
    assert (focused(page), scrolled_px(page)) == ("How well does it work?", 0)
    page.page.go_back()
    wait_for_route(page, "screening")
    assert (focused(page), scrolled_px(page)) == (QUESTION, left_px)
    page.page.go_forward()
    wait_for_route(page, "facts")
    follow(page, "#/")
    wait_for_route(page, "screening")
    assert page.state == "ready"
    page.page.set_viewport_size({"width": 1280, "height": 720})


def test_the_facts_lead_to_their_tables_and_back(page: LentigoPage) -> None:
    follow(page, "#/facts")
    wait_for_route(page, "facts")
    assert page.page.locator("[data-screen=facts] table").count() == 0
    follow(page, "#/facts/tables")
    wait_for_route(page, "tables")
    assert hash_of(page) == "#/facts/tables"
    page.page.wait_for_selector("[data-region=tables] summary")
    assert (focused(page), scrolled_px(page)) == ("All figures", 0)
    assert not page.page.is_visible("[data-screen=facts]")
    page.page.eval_on_selector_all(
        "[data-region=tables] details", "all => all.map((d) => d.open = true)"
    )
    assert faults(page.page) == []
    page.page.reload()
    wait_for_route(page, "tables")
    page.page.wait_for_selector("[data-region=tables] summary")
    page.page.go_back()
    wait_for_route(page, "facts")
    page.page.go_forward()
    wait_for_route(page, "tables")
    follow(page, "#/facts")
    wait_for_route(page, "facts")


@pytest.mark.parametrize("unknown", ["#/xyz", "#/facts/more", "#/screening"])
def test_an_unknown_route_is_the_first_screen(page: LentigoPage, unknown: str) -> None:
    follow(page, "#/facts")
    wait_for_route(page, "facts")
    page.page.evaluate(f"location.hash = '{unknown}'")
    wait_for_route(page, "screening")
    assert hash_of(page) == "#/"


@pytest.mark.parametrize("screen", ["screening", "facts"])
def test_a_place_on_the_page_is_no_route(page: LentigoPage, screen: str) -> None:
    if screen == "facts":
        follow(page, "#/facts")
    wait_for_route(page, screen)
    page.page.focus(".skip")
    page.page.keyboard.press("Enter")
    wait_for_route(page, screen)
    assert focused(page) == page.text(f"[data-screen={screen}] h1")
    assert hash_of(page) in {"", "#/", "#/facts"}
    page.page.evaluate("location.hash = '#main'")
    page.page.wait_for_function("location.hash === '#main'")
    wait_for_route(page, screen)


@pytest.fixture
def world(page: LentigoPage) -> Iterator[SlowWorld]:
    world = SlowWorld(page)
    world.call("show", data_url(wide(lesion())))
    yield world
    assert world.call("live") == 0


def open_camera(page: LentigoPage) -> None:
    page.press("start-camera")
    page.wait_for("live")
    page.take_photos_by_hand()


def wait_until_the_entry_of_the_camera_is_left(page: LentigoPage) -> None:
    page.page.wait_for_function("!history.state?.camera")


def test_back_closes_the_camera_and_forward_does_not_open_it(
    page: LentigoPage, world: SlowWorld
) -> None:
    open_camera(page)
    page.page.go_back()
    page.wait_for("ready")
    wait_for_route(page, "screening")
    assert world.call("live") == 0
    page.page.evaluate(
        "() => new Promise((come) => {"
        "  addEventListener('popstate', come, {once: true}); history.forward(); })"
    )
    wait_until_the_entry_of_the_camera_is_left(page)
    assert page.state == "ready"


def test_a_camera_that_is_closed_leaves_no_entry(page: LentigoPage, world: SlowWorld) -> None:
    follow(page, "#/facts")
    wait_for_route(page, "facts")
    follow(page, "#/")
    wait_for_route(page, "screening")
    for _ in range(2):
        open_camera(page)
        page.page.click("[data-action=stop-camera]")
        page.wait_for("ready")
    open_camera(page)
    page.press("capture")
    page.wait_for("result", "rejected")
    page.page.go_back()
    wait_for_route(page, "facts")
    assert world.call("live") == 0


def test_a_link_closes_the_camera_and_lies_one_step_behind_it(
    page: LentigoPage, world: SlowWorld
) -> None:
    open_camera(page)
    follow(page, "#/facts")
    wait_for_route(page, "facts")
    page.wait_for("ready")
    assert world.call("live") == 0
    page.page.go_back()
    wait_for_route(page, "screening")
    page.page.go_forward()
    wait_for_route(page, "facts")


def test_an_answer_that_comes_while_the_facts_are_read_is_there_on_return(
    page: LentigoPage, world: SlowWorld
) -> None:
    world.hold("slow.png")
    page.choose(png(lesion()), "slow.png")
    follow(page, "#/facts")
    wait_for_route(page, "facts")
    assert page.state == "analysing"
    world.release("slow.png")
    assert page.wait_for("result", "rejected", "error") == "result"
    wait_for_route(page, "facts")
    page.page.go_back()
    wait_for_route(page, "screening")
    page.page.wait_for_selector("[data-testid=result]")
    assert page.state == "result"


def test_a_photo_that_is_dropped_on_the_facts_is_looked_at(
    page: LentigoPage, world: SlowWorld
) -> None:
    follow(page, "#/facts")
    wait_for_route(page, "facts")
    page.choose(png(lesion()), "mine.png")
    assert page.state == "analysing"
    wait_for_route(page, "screening")
    page.wait_for("result")


def test_a_page_that_is_loaded_anew_leaves_the_entry_of_its_camera(
    bookmarked: LentigoPage,
) -> None:
    SlowWorld(bookmarked).call("show", data_url(wide(lesion())))
    open_camera(bookmarked)
    bookmarked.page.reload(wait_until="commit")
    wait_until_the_entry_of_the_camera_is_left(bookmarked)
    wait_for_route(bookmarked, "screening")


def test_the_page_can_be_read_without_a_script(bookmarked: LentigoPage, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(bookmarked.url)
    tab.wait_for_selector(f"text={QUESTION}")
    assert not tab.is_visible("[data-screen=facts]")
    tab.click(".to-facts a[href='#/facts']")
    tab.wait_for_selector("[data-screen=facts] h1")
    assert not tab.is_visible("[data-screen=tables]")
    assert not tab.is_visible("[data-screen=screening]")
    assert tab.is_visible("[data-testid=disclaimer]")
    context.close()
