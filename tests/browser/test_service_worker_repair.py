"""What the service worker does when files were lost, or come wrong, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Error

from tests.browser.kept_builds import (
    KEPT,
    asked,
    caches,
    fetch_text,
    heading,
    new_version_shown,
    outcome,
    until,
    visit,
)
from tests.browser.lentigo_page import LentigoPage
from tests.browser.odd_host import OddHost
from tests.browser.quiet_site import MODEL, QuietSite
from tests.browser.sites import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANIFEST, SHARD = f"{MODEL}/manifest.json", f"{MODEL}/large/weights.bin"
# A lost file that a page asks for fails there, and the browser says so.
FAILS = ("failed: .* net::ERR_FAILED", "console error: Failed to load resource")
_EVICT = """async ([path]) => {
  for (const name of await caches.keys()) await (await caches.open(name)).delete(path);
}"""
_HELD = """async () => {
  const cache = await caches.open((await caches.keys())[0]);
  return (await cache.keys()).map(({url}) => url.replace(location.origin + '/', '')).sort();
}"""
# Looks for a new build and waits for the end of its installation.
_UPDATE = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update().catch(() => {});
  const worker = registration.installing ?? registration.waiting;
  while (worker?.state === 'installing') {
    await new Promise((resolve) => worker.addEventListener('statechange', resolve, {once: true}));
  }
  return worker?.state;
}"""


@pytest.fixture
def quiet(tmp_path: Path) -> QuietSite:
    return QuietSite(tmp_path / "dist")


@pytest.fixture
def host(quiet: QuietSite) -> Iterator[OddHost]:
    server = OddHost(quiet.folder)
    with running(server):
        yield server


@pytest.fixture
def page(chromium: Browser, host: OddHost) -> Iterator[LentigoPage]:
    # The browser itself looks for a new worker whenever it likes.
    with LentigoPage(chromium, host.url, allowed=("status [0-9]+: .*/sw.js$",)) as opened:
        yield opened


def evict(page: LentigoPage, path: str) -> list[str]:
    """Lose a file as a browser or a visitor may; returns what is left.

    The repair of the visit before may still be under way and bring it back: then it is lost again.
    """
    lost_for = 0
    while lost_for < 3:
        page.page.evaluate(_EVICT, [path])
        page.page.wait_for_timeout(100)
        left = held(page)
        lost_for = 0 if path in left else lost_for + 1
    return left


def held(page: LentigoPage) -> list[str]:
    paths: list[str] = page.page.evaluate(_HELD)
    return paths


def came(page: LentigoPage, since: int) -> set[str]:
    """What went over the network, but for the browser's own look for a new worker."""
    return set(asked(page, since)) - {"sw.js"}


# --- a lost file ---


@pytest.mark.parametrize("lost", ["style.css", SHARD])
def test_a_lost_file_without_a_network_costs_nothing_else_and_comes_back_alone(
    page: LentigoPage, quiet: QuietSite, lost: str
) -> None:
    quiet.deploy("Kept")
    visit(page)
    whole = held(page)
    left = evict(page, lost)
    assert left == [path for path in whole if path != lost]
    page.guard.allowed += FAILS
    page.proxy.away = True
    for _ in range(2):  # what a repair does is seen at the next visit
        page.open()
        assert heading(page.page) == "Kept"
        assert fetch_text(page, "js/page/page.js") == (quiet.folder / "js/page/page.js").read_text()
    assert held(page) == left

    page.proxy.away = False
    before = len(page.proxy.seen)
    page.open()
    until(page, KEPT, lost)
    # The page itself is asked for to see which build the host has.
    assert came(page, before) <= {"index.html", lost}
    assert asked(page, before).count(lost) == 1
    assert held(page) == whole
    page.proxy.away = True
    page.open()
    assert heading(page.page) == "Kept"
    assert fetch_text(page, lost) == (quiet.folder / lost).read_bytes().decode(errors="replace")


def test_a_lost_page_without_a_network_comes_back_alone(
    page: LentigoPage, quiet: QuietSite
) -> None:
    quiet.deploy("Kept")
    visit(page)
    left = evict(page, "index.html")
    page.guard.allowed += FAILS
    page.proxy.away = True
    with pytest.raises(Error, match="ERR_FAILED"):
        page.page.goto(page.url)
    page.page.wait_for_url("chrome-error://**")
    page.proxy.away = False
    before = len(page.proxy.seen)
    page.open()
    assert heading(page.page) == "Kept"
    assert came(page, before) == {"index.html"}
    until(page, KEPT, "index.html")
    assert held(page) == sorted([*left, "index.html"])


def test_a_file_lost_under_an_open_page_is_brought_when_the_page_wants_it(
    page: LentigoPage, quiet: QuietSite
) -> None:
    quiet.deploy("Kept")
    visit(page)
    visit(page)
    left = evict(page, SHARD)
    page.guard.allowed += FAILS
    page.proxy.away = True
    with pytest.raises(Error, match="Failed to fetch"):
        fetch_text(page, SHARD)
    assert fetch_text(page, MANIFEST)
    assert held(page) == left
    page.proxy.away = False
    assert fetch_text(page, SHARD) == "large"
    until(page, KEPT, SHARD)


def test_a_page_is_of_one_build_when_a_file_was_lost_and_the_host_has_another(
    page: LentigoPage, quiet: QuietSite
) -> None:
    quiet.write(SHARD, b"weights of the first")
    quiet.deploy("First")
    visit(page)
    visit(page)
    evict(page, "icons/192.png")
    quiet.write(SHARD, b"weights of the second")
    quiet.damage("icons/192.png")
    # Its worker is not there yet, so that the first one goes on.
    worker = (quiet.folder / "sw.js").read_bytes()
    quiet.deploy("Second")
    quiet.write("sw.js", worker)

    other = page.page.context.new_page()
    page.guard.watch(other)
    other.goto(page.url)
    assert heading(other) == "Second"
    text = "(path) => fetch(path).then((response) => response.text())"
    assert other.evaluate(text, SHARD) == "weights of the second"
    # The tab that was open goes on with the first, and gets nothing of the second.
    assert heading(page.page) == "First"
    assert fetch_text(page, SHARD) == "weights of the first"
    page.guard.allowed += FAILS
    with pytest.raises(Error, match="Failed to fetch"):
        fetch_text(page, "icons/192.png")
    assert other.evaluate(text, SHARD) == "weights of the second"


# --- what comes wrong ---


def test_what_comes_wrong_is_not_kept_and_what_is_there_stays(
    page: LentigoPage, quiet: QuietSite, host: OddHost
) -> None:
    quiet.deploy("Kept")
    visit(page)
    left = evict(page, "style.css")
    page.guard.allowed += (*FAILS, "status 503: .*/style.css$", "style.css")
    for fault in ("portal", "elsewhere", "half", "part", "trouble", "text/plain"):
        host.odd["style.css"] = fault
        with page.page.expect_event("requestfailed"):
            page.open()
        assert heading(page.page) == "Kept"
        assert held(page) == left, fault
    host.odd.clear()
    page.open()
    until(page, KEPT, "style.css")


def test_a_network_that_wants_a_login_first_gives_the_copy(
    page: LentigoPage, quiet: QuietSite, host: OddHost
) -> None:
    quiet.deploy("Kept")
    visit(page)
    left = evict(page, SHARD)
    for fault in ("portal", "elsewhere", "trouble"):
        host.odd["*"] = fault
        page.guard.allowed += (*FAILS, "status 503")
        before = len(page.proxy.seen)
        page.open()
        assert heading(page.page) == "Kept"
        # What is lost is looked for once the start is over.
        while SHARD not in asked(page, before):
            page.page.wait_for_timeout(20)
    assert held(page) == left
    assert not [seen.url for seen in page.proxy.seen if "login.invalid" in seen.url]


def test_a_first_visit_keeps_no_file_of_a_wrong_type(
    page: LentigoPage, quiet: QuietSite, host: OddHost
) -> None:
    quiet.deploy("Online")
    host.odd["favicon.svg"] = "text/plain"
    page.open()
    assert outcome(page) == "redundant"
    assert caches(page) == []
    host.odd.clear()
    visit(page)


# --- texts ---


def test_texts_are_kept_with_the_first_visit(page: LentigoPage, quiet: QuietSite) -> None:
    quiet.write("LICENSE", b"You may.")
    quiet.deploy()
    visit(page)
    until(page, KEPT, "LICENSE")


def test_nothing_waits_for_texts_that_do_not_come(
    page: LentigoPage, quiet: QuietSite, host: OddHost
) -> None:
    quiet.write("LICENSE", b"You may.")
    quiet.deploy("Kept")
    host.odd["LICENSE"] = "half"
    page.guard.allowed += FAILS
    visit(page)
    assert "LICENSE" not in held(page)
    page.proxy.away = True
    page.open()
    assert heading(page.page) == "Kept"
    page.proxy.away = False
    host.odd.clear()
    before = len(page.proxy.seen)
    page.open()
    until(page, KEPT, "LICENSE")
    assert came(page, before) == {"LICENSE"}
    page.proxy.away = True
    assert fetch_text(page, "LICENSE") == "You may."


# --- updates that do not come through ---


def test_an_update_that_is_cut_off_leaves_the_old_build_whole_and_goes_on_later(
    page: LentigoPage, quiet: QuietSite, host: OddHost
) -> None:
    quiet.write(SHARD, b"weights of the first")
    quiet.deploy("First")
    visit(page)
    visit(page)
    whole = held(page)
    quiet.write(SHARD, b"weights of the second")
    quiet.deploy("Second")
    host.odd[SHARD] = "half"
    page.guard.allowed += FAILS
    assert page.page.evaluate(_UPDATE) == "redundant"
    assert held(page) == whole
    assert page.page.is_hidden("[data-testid=update]")
    page.proxy.away = True
    page.open()
    assert heading(page.page) == "First"
    assert fetch_text(page, SHARD) == "weights of the first"

    page.proxy.away = False
    host.odd.clear()
    before = len(page.proxy.seen)
    assert page.page.evaluate(_UPDATE) == "installed"
    assert came(page, before) == {SHARD}
    new_version_shown(page.page)
    with page.page.expect_navigation():
        page.press("update-now")
    assert heading(page.page) == "Second"
    assert len(caches(page)) == 1


def test_a_newer_build_than_the_one_that_was_accepted_ends_in_a_reload_too(
    page: LentigoPage, quiet: QuietSite
) -> None:
    quiet.deploy("First")
    visit(page)
    visit(page)
    quiet.deploy("Second")
    assert page.page.evaluate(_UPDATE) == "installed"
    new_version_shown(page.page)
    # As if the visitor pressed in the moment before the newest one was there.
    page.page.evaluate("ServiceWorker.prototype.postMessage = () => {}")
    page.press("update-now")
    quiet.deploy("Third")
    with page.page.expect_navigation():
        page.page.evaluate("navigator.serviceWorker.getRegistration().then((r) => { r.update(); })")
    new_version_shown(page.page)


# --- no room, no cache ---


def limit_storage(page: LentigoPage, limit_bytes: int | None) -> None:
    session = page.page.context.new_cdp_session(page.page)
    wanted: dict[str, Any] = {"origin": page.url.rstrip("/")}
    if limit_bytes is not None:
        wanted["quotaSize"] = limit_bytes
    session.send("Storage.overrideQuotaForOrigin", wanted)


def test_on_a_full_disk_the_page_works_with_what_is_kept_and_the_network(
    page: LentigoPage, quiet: QuietSite
) -> None:
    quiet.deploy("First")
    visit(page)
    left = evict(page, SHARD)
    limit_storage(page, 1)
    page.open()
    assert heading(page.page) == "First"
    assert fetch_text(page, SHARD) == "large"
    assert held(page) == left
    # An update that has no room takes none from the old build.
    quiet.deploy("Second")
    assert page.page.evaluate(_UPDATE) == "redundant"
    assert held(page) == left
    limit_storage(page, None)


def test_where_the_cache_throws_the_page_comes_from_the_network(
    page: LentigoPage, quiet: QuietSite
) -> None:
    quiet.deploy("Online")
    visit(page)
    (worker,) = page.page.context.service_workers
    worker.evaluate(
        """() => {
          const refuse = () => Promise.reject(new DOMException('refused', 'SecurityError'));
          for (const name of ['open', 'keys', 'match']) CacheStorage.prototype[name] = refuse;
        }"""
    )
    before = len(page.proxy.seen)
    page.open()
    assert heading(page.page) == "Online"
    # Modules come after what the page shows.
    page.page.wait_for_load_state()
    assert {"index.html", "js/page/page.js", "style.css"} <= came(page, before)
