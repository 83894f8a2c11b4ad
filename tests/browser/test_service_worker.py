"""What the service worker keeps, serves and replaces, on a site that starts at once.

``test_service_worker_repair.py`` has what was lost or comes wrong; ``test_offline.py`` has the
whole page.
"""

from __future__ import annotations

import gzip
import re
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Worker

from tests.browser.kept_builds import (
    ISOLATED,
    KEPT,
    PAST_UPDATE_CHECK_MS,
    PREFIX,
    REGISTRATIONS,
    asked,
    caches,
    fetch_text,
    heading,
    new_version_shown,
    ours,
    outcome,
    until,
    visit,
)
from tests.browser.lentigo_page import PATIENCE_MS, LentigoPage
from tests.browser.quiet_site import MODEL, QuietSite
from tests.browser.sites import running, served
from tooling.server import Hosting, SiteServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def quiet(tmp_path: Path) -> QuietSite:
    return QuietSite(tmp_path / "dist")


@pytest.fixture
def url(quiet: QuietSite) -> Iterator[str]:
    with served(Hosting(quiet.folder, prefix=PREFIX)) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, url: str) -> Iterator[LentigoPage]:
    with LentigoPage(chromium, url) as opened:
        yield opened


# --- the first visits ---


def test_the_first_visit_is_untouched_and_the_second_comes_from_the_cache_isolated(
    page: LentigoPage, quiet: QuietSite
) -> None:
    build = quiet.deploy()
    visit(page)
    assert page.page.evaluate(ISOLATED) is False
    assert page.page.evaluate("navigator.serviceWorker.controller") is None
    # Never a reload for the isolation: the page was asked for once, beside the worker's copy.
    assert page.page.evaluate("performance.getEntriesByType('navigation')[0].type") == "navigate"
    assert caches(page) == [ours(build)]
    assert page.page.is_hidden("[data-testid=update]")

    before = len(page.proxy.seen)
    visit(page)
    assert page.page.evaluate(ISOLATED) is True
    # The browser looks for a new worker; nothing else is asked for.
    assert set(asked(page, before)) <= {"sw.js"}


def test_offline_the_page_comes_with_any_query(page: LentigoPage, quiet: QuietSite) -> None:
    quiet.deploy("Kept")
    visit(page)
    page.page.context.set_offline(True)
    before = len(page.proxy.seen)
    for query in ("", "?backend=wasm", "index.html?x=1"):
        page.open(query)
        assert heading(page.page) == "Kept"
    page.page.reload()
    assert heading(page.page) == "Kept"
    # The browser itself still looks for a new worker.
    assert set(asked(page, before)) <= {"sw.js"}


def test_a_page_that_is_not_lentigos_is_not_answered_with_lentigo(
    page: LentigoPage, quiet: QuietSite
) -> None:
    quiet.deploy()
    visit(page)
    before = len(page.proxy.seen)
    page.guard.expected = ("status 404: .*/another", "404")
    response = page.page.goto(page.url + "another/page.html")
    assert response is not None
    assert response.status == 404
    assert "another/page.html" in asked(page, before)


# --- what is answered ---


def answered(worker: Worker, url: str, **options: Any) -> bool:
    """Whether the worker takes a request for itself."""
    return bool(
        worker.evaluate(
            """([url, options]) => {
              const event = new FetchEvent('fetch', {request: new Request(url, options)});
              let taken = false;
              event.respondWith = () => { taken = true; };
              self.dispatchEvent(event);
              return taken;
            }""",
            [url, options],
        )
    )


def test_only_gets_of_the_builds_own_files_are_answered(
    page: LentigoPage, quiet: QuietSite
) -> None:
    quiet.deploy()
    visit(page)
    (worker,) = page.page.context.service_workers
    assert answered(worker, page.url)
    assert answered(worker, page.url + "style.css")
    for method in ("POST", "HEAD", "PUT"):
        assert not answered(worker, page.url + "style.css", method=method)
    for foreign in (
        "http://lentigo.invalid/",
        "http://lentigo.invalid" + PREFIX + "/style.css",
        page.url.replace("http:", "https:") + "style.css",
        # The same origin, but not this build's.
        page.url.replace(PREFIX, "") + "style.css",
        page.url + "private.json",
        page.url + "sw.js",
        page.url + "style.css?fresh",
    ):
        assert not answered(worker, foreign), foreign


def test_a_kept_file_has_the_hosts_headers_and_the_isolation(
    page: LentigoPage, quiet: QuietSite
) -> None:
    quiet.deploy()
    visit(page)
    visit(page)
    headers = page.page.evaluate(
        "fetch('js/page/page.js').then((response) => Object.fromEntries(response.headers))"
    )
    assert (
        headers.items()
        >= {
            "content-type": "text/javascript; charset=utf-8",
            "x-content-type-options": "nosniff",
            "cross-origin-embedder-policy": "require-corp",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
        }.items()
    )
    assert "content-length" not in headers


class _CompressingHost(SimpleHTTPRequestHandler):
    """A static host that compresses what it sends, as most do."""

    def send_head(self) -> BytesIO | None:
        path = Path(self.translate_path(self.path))
        file = path / "index.html" if path.is_dir() else path
        data = gzip.compress(file.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Vary", "*")
        self.end_headers()
        return BytesIO(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def test_what_a_host_compresses_is_kept_as_it_was(chromium: Browser, quiet: QuietSite) -> None:
    quiet.deploy("Kept")
    handler = partial(_CompressingHost, directory=str(quiet.folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    with running(server), LentigoPage(chromium, url) as page:
        visit(page)
        page.page.context.set_offline(True)
        visit(page)
        assert heading(page.page) == "Kept"
        assert fetch_text(page, f"{MODEL}/large/weights.bin") == "large"


def test_another_model_variant_is_kept_once_it_is_asked_for(
    page: LentigoPage, quiet: QuietSite
) -> None:
    quiet.deploy()
    visit(page)
    assert f"{MODEL}/small/weights.bin" not in asked(page)
    visit(page)
    assert fetch_text(page, f"{MODEL}/small/weights.bin") == "small"
    until(page, KEPT, f"{MODEL}/small/weights.bin")
    page.page.context.set_offline(True)
    page.page.reload()
    assert fetch_text(page, f"{MODEL}/small/weights.bin") == "small"
    assert fetch_text(page, f"{MODEL}/large/weights.bin") == "large"


def test_a_variant_in_the_address_is_kept_with_the_first_visit(
    page: LentigoPage, quiet: QuietSite
) -> None:
    quiet.deploy()
    visit(page, "?model=small")
    page.page.context.set_offline(True)
    page.open("?model=small")
    assert fetch_text(page, f"{MODEL}/small/weights.bin") == "small"
    assert fetch_text(page, f"{MODEL}/large/weights.bin") == "large"


# --- a new build ---


def test_a_new_build_waits_for_the_visitor_and_then_replaces_the_old_one(
    page: LentigoPage, quiet: QuietSite
) -> None:
    first = quiet.deploy("First")
    visit(page)
    # Not ours: another page's cache on this origin, and another Lentigo's.
    strangers = ["album", "lentigo-/elsewhere/#0"]
    page.page.evaluate("(names) => Promise.all(names.map((name) => caches.open(name)))", strangers)

    second = quiet.deploy("Second")
    before = len(page.proxy.seen)
    page.open()
    assert heading(page.page) == "First"
    new_version_shown(page.page)
    # What did not change is copied, not downloaded again.
    assert set(asked(page, before)) == {"sw.js", "index.html"}
    assert caches(page) == sorted([ours(first), ours(second), *strangers])

    page.page.reload()
    assert heading(page.page) == "First"
    new_version_shown(page.page)
    page.press("update-later")
    assert page.page.is_hidden("[data-testid=update]")
    page.page.reload()
    new_version_shown(page.page)
    with page.page.expect_navigation():
        page.press("update-now")
    assert heading(page.page) == "Second"
    assert caches(page) == sorted([ours(second), *strangers])
    assert outcome(page) == "activated"
    assert page.page.is_hidden("[data-testid=update]")


def test_another_tab_is_told_and_not_reloaded(page: LentigoPage, quiet: QuietSite) -> None:
    quiet.deploy("First")
    visit(page)
    visit(page)
    quiet.deploy("Second")
    other = page.page.context.new_page()
    page.guard.watch(other)
    other.goto(page.url)
    new_version_shown(other)
    new_version_shown(page.page)
    page.page.click("[data-testid=update-later]")
    with other.expect_navigation():
        other.click("[data-testid=update-now]")
    assert heading(other) == "Second"
    new_version_shown(page.page)
    assert heading(page.page) == "First"
    with page.page.expect_navigation():
        page.press("update-now")
    assert heading(page.page) == "Second"


COME_BACK = "document.dispatchEvent(new Event('visibilitychange'))"


def test_a_page_that_stays_open_looks_for_a_new_build_when_it_is_looked_at_again(
    page: LentigoPage, quiet: QuietSite
) -> None:
    quiet.deploy("First")
    visit(page)
    visit(page)
    page.page.wait_for_timeout(PAST_UPDATE_CHECK_MS)
    quiet.deploy("Second")
    page.page.evaluate(COME_BACK)
    new_version_shown(page.page)
    assert heading(page.page) == "First"


def test_looking_for_a_new_build_without_a_network_is_no_fault(
    chromium: Browser, quiet: QuietSite
) -> None:
    quiet.deploy("Kept")
    server = SiteServer(Hosting(quiet.folder))
    with LentigoPage(chromium, server.url, allowed=("status 502: .*/sw.js$",)) as page:
        with running(server):
            visit(page)
            visit(page)
            page.page.wait_for_timeout(PAST_UPDATE_CHECK_MS)
        before = len(page.proxy.seen)
        page.page.evaluate(COME_BACK)
        page.page.wait_for_timeout(PAST_UPDATE_CHECK_MS)
        assert asked(page, before) == ["sw.js"]
        assert page.page.is_hidden("[data-testid=update]")


def test_when_all_tabs_were_closed_the_new_build_comes_by_itself(
    page: LentigoPage, quiet: QuietSite
) -> None:
    quiet.deploy("First")
    visit(page)
    second = quiet.deploy("Second")
    page.open()
    new_version_shown(page.page)
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while heading(page.page) != "Second":
        assert time.monotonic() < deadline
        # The browser lets go of a page some time after it was left.
        page.page.goto("about:blank")
        page.page.wait_for_timeout(500)
        page.open()
    assert caches(page) == [ours(second)]


def test_a_checkouts_worker_removes_what_a_build_has_left(
    page: LentigoPage, quiet: QuietSite
) -> None:
    quiet.deploy("Old")
    visit(page)
    quiet.become_checkout()
    page.open()
    until(page, "caches.keys().then((names) => names.length === 0)")
    # The page's programs, which this site lacks; of a classic script Chromium says so twice.
    page.guard.allowed = ("404", "js/page/first.js")
    page.open()
    assert heading(page.page) != "Old"
    assert page.page.evaluate(REGISTRATIONS) == 0


# --- half-filled caches ---


@pytest.mark.parametrize("fault", ["missing", "damaged"])
def test_a_build_that_cannot_be_had_whole_is_not_kept(
    page: LentigoPage, quiet: QuietSite, fault: str
) -> None:
    build = quiet.deploy("Online")
    before = quiet.damage("icons/192.png")
    if fault == "missing":
        (quiet.folder / "icons" / "192.png").unlink()
        page.guard.expected = ("status 404: .*icons/192.png",)
    page.open()
    assert outcome(page) == "redundant"
    assert caches(page) == []
    page.open()
    assert heading(page.page) == "Online"
    assert page.page.evaluate("navigator.serviceWorker.controller") is None
    page.guard.verify()
    page.guard.expected = ()

    quiet.write("icons/192.png", before)
    visit(page)
    assert caches(page) == [ours(build)]


def test_the_old_build_stays_whole_when_the_new_one_cannot_be_had(
    page: LentigoPage, quiet: QuietSite
) -> None:
    first = quiet.deploy("First")
    visit(page)
    quiet.damage("style.css")
    quiet.deploy("Second")
    quiet.damage("style.css")
    before = len(page.proxy.seen)
    page.open()
    page.page.wait_for_timeout(PAST_UPDATE_CHECK_MS)
    # Twice: the second time past the browser's own cache.
    assert asked(page, before).count("style.css") == 2
    assert caches(page) == [ours(first)]
    assert page.page.is_hidden("[data-testid=update]")
    page.page.context.set_offline(True)
    page.open()
    assert heading(page.page) == "First"


def test_what_an_interrupted_visit_has_left_is_completed_before_it_is_used(
    page: LentigoPage, quiet: QuietSite
) -> None:
    build = quiet.deploy("Kept")
    page.open()
    # As if the browser had been closed in mid-install, before the page's own attempt.
    page.page.evaluate(
        """async (name) => {
          const cache = await caches.open(name);
          await cache.put('style.css', await fetch('style.css'));
        }""",
        ours(build),
    )
    visit(page)
    held = page.page.evaluate(
        "(name) => caches.open(name).then((c) => c.keys()).then((keys) => keys.length)",
        ours(build),
    )
    files = [path for path in quiet.folder.rglob("*") if path.is_file()]
    assert held == len(files) - len(["sw.js", "small/weights.bin"])


# --- without a worker ---


NO_WORKER = {
    "absent": "delete Navigator.prototype.serviceWorker",
    "refused": """ServiceWorkerContainer.prototype.register =
      () => Promise.reject(new DOMException('The operation is insecure.', 'SecurityError'))""",
    "throws": """Object.defineProperty(Navigator.prototype, 'serviceWorker',
      {get() { throw new DOMException('Service worker is disabled.', 'SecurityError'); }})""",
}


@pytest.mark.parametrize("way", NO_WORKER)
def test_without_a_service_worker_the_page_works_online(
    page: LentigoPage, quiet: QuietSite, way: str
) -> None:
    quiet.deploy("Online")
    page.page.add_init_script(NO_WORKER[way])
    for _ in range(2):
        with page.page.expect_console_message(lambda said: "Not kept for offline" in said.text):
            page.open()
        assert heading(page.page) == "Online"
        assert page.page.is_hidden("[data-testid=update]")
        assert page.page.evaluate(ISOLATED) is False
    assert "sw.js" not in asked(page)


def test_a_checkout_registers_no_worker(page: LentigoPage, quiet: QuietSite) -> None:
    quiet.deploy()
    sealed = (quiet.folder / "index.html").read_text(encoding="utf-8")
    unsealed, count = re.subn(r'(name="build" content=")[^"]+', r"\1", sealed)
    assert count == 1
    quiet.write("index.html", unsealed.encode())
    page.open()
    page.page.wait_for_load_state("networkidle")
    assert "js/page/offline.js" in asked(page)
    assert "sw.js" not in asked(page)
    assert page.page.evaluate(REGISTRATIONS) == 0
