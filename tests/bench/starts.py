"""First paint and readiness: the first visit to a build, and the second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.report import Measure
from tests.bench.visit import browser, new_profile, open_page

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Playwright

    from tests.bench.visit import Scene

# The browser's own start is not the page's.
_SETTLE_MS = 1000
_KEPT = "navigator.serviceWorker.ready.then(({active}) => active?.state)"


def _visit(context: BrowserContext, url: str) -> tuple[float, float]:
    """Seconds from the start of the navigation to the first paint and to readiness."""
    page = open_page(context, url)
    paint_ms = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"
    )
    ready_ms = page.evaluate("watched.ready_ms")
    page.evaluate(_KEPT)  # the build is kept for the next visit
    page.close()
    return paint_ms / 1000, ready_ms / 1000


def measure_preview(playwright: Playwright, url: str, scene: Scene, runs: int) -> Measure:
    """Open the camera as soon as its button is there, long before Python is."""
    times = []
    for _ in range(runs):
        with browser(playwright, scene.film) as chromium:
            page = chromium.new_page()
            page.goto(url, wait_until="commit")
            page.click("[data-testid=start-camera]")
            page.wait_for_function("document.querySelector('video').currentTime > 0")
            times.append(page.evaluate("performance.now()") / 1000)
    return Measure("camera preview", "s", tuple(times), "button pressed as soon as it is there")


def measure_starts(playwright: Playwright, url: str, runs: int) -> list[Measure]:
    """Visit a build with a new profile, and again with the same once the build is kept."""
    cold, warm = [], []
    for _ in range(runs):
        with new_profile(playwright) as context:
            context.pages[0].wait_for_timeout(_SETTLE_MS)
            cold.append(_visit(context, url))
            warm.append(_visit(context, url))
    paints, readies = zip(*cold, strict=True)
    warm_paints, warm_readies = zip(*warm, strict=True)
    return [
        Measure("first paint", "s", paints, "first contentful paint, new profile"),
        Measure("first paint, second visit", "s", warm_paints),
        Measure("ready, first visit", "s", readies, "new profile, nothing cached"),
        Measure("ready, second visit", "s", warm_readies, "from the service worker, isolated"),
    ]
