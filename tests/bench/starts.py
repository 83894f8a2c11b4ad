"""First paint and readiness, with an empty cache and when one comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.report import Measure
from tests.bench.visit import new_profile, open_page

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Playwright

# The browser's own start is not the page's.
_SETTLE_MS = 1000


def _visit(context: BrowserContext, url: str) -> tuple[float, float]:
    """Seconds from the start of the navigation to the first paint and to readiness."""
    page = open_page(context, url)
    paint_ms = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"
    )
    ready_ms = page.evaluate("watched.ready_ms")
    page.close()
    return paint_ms / 1000, ready_ms / 1000


def measure_starts(playwright: Playwright, url: str, runs: int) -> list[Measure]:
    """Visit with a new profile, and at once again with the same."""
    cold, warm = [], []
    for _ in range(runs):
        with new_profile(playwright) as context:
            context.pages[0].wait_for_timeout(_SETTLE_MS)
            cold.append(_visit(context, url))
            warm.append(_visit(context, url))
    paints, readies = zip(*cold, strict=True)
    warm_paints, warm_readies = zip(*warm, strict=True)
    return [
        Measure("first paint", "s", paints, "first contentful paint, cold cache"),
        Measure("first paint, warm cache", "s", warm_paints),
        Measure("ready, cold cache", "s", readies, "new profile on disk"),
        Measure("ready, warm cache", "s", warm_readies, "second visit in the same profile"),
    ]
