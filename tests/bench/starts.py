"""First paint and readiness: the first visit to a build, and the second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.report import Measure
from tests.bench.visit import new_profile, open_page

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Playwright

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
