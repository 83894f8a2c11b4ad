"""What tests of the service worker ask of a page: its caches, and what went over the network."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.browser.lentigo_page import PATIENCE_MS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.lentigo_page import LentigoPage

PREFIX = "/some/where"
ISOLATED = "crossOriginIsolated"
# Ends when the worker that the page has registered is either there or gone.
_OUTCOME = """async () => {
  const registration = await navigator.serviceWorker.register('sw.js');
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  while (!['redundant', 'activated'].includes(worker.state)) {
    await new Promise((resolve) => worker.addEventListener('statechange', resolve, {once: true}));
  }
  return worker.state;
}"""
# Chromium looks for a new worker about a second after a page has loaded.
PAST_UPDATE_CHECK_MS = 4_000
KEPT = "([path]) => caches.match(path).then(Boolean)"
REGISTRATIONS = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"


def outcome(page: LentigoPage) -> str:
    return str(page.page.evaluate(_OUTCOME))


def visit(page: LentigoPage, query: str = "") -> None:
    """Open the page and wait until its build is kept."""
    page.open(query)
    assert outcome(page) == "activated"


def heading(page: Page) -> str:
    return page.inner_text("h1")


def caches(page: LentigoPage) -> list[str]:
    names: list[str] = page.page.evaluate("caches.keys()")
    return sorted(names)


def ours(build_id: str) -> str:
    return f"lentigo-{PREFIX}/#{build_id}"


def asked(page: LentigoPage, since: int = 0) -> list[str]:
    """The paths that went over the network, relative to the site."""
    paths = [seen.url.removeprefix(page.url).split("?")[0] for seen in page.proxy.seen[since:]]
    return [path or "index.html" for path in paths]


def fetch_text(page: LentigoPage, path: str) -> str:
    return str(page.page.evaluate("(path) => fetch(path).then((r) => r.text())", path))


def until(page: LentigoPage, condition: str, *arguments: str) -> None:
    """Wait for a promise of true; Playwright's own waiting takes any promise for true."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not page.page.evaluate(condition, list(arguments)):
        assert time.monotonic() < deadline, condition
        page.page.wait_for_timeout(50)


def new_version_shown(page: Page) -> None:
    page.wait_for_selector("[data-testid=update]", state="visible")
