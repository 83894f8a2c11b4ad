"""Live mode, and a large photo."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.bench.report import Measure
from tests.bench.visit import browser, open_page, upload, watch_live

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import Playwright

    from tests.bench.visit import Scene

_SETTLE_MS = 2000
# The rate is counted in windows of this length.
_WINDOW_S = 5


def measure_live(
    playwright: Playwright, url: str, scene: Scene, duration_s: float
) -> list[Measure]:
    """Let the fake camera run on WASM; every answer is one value."""
    with browser(playwright, scene.film) as chromium:
        page = open_page(chromium.new_context(), f"{url}?backend=wasm")
        watched = watch_live(page, _SETTLE_MS, duration_s * 1000)
    answers = watched.answers

    def rates(times_ms: Iterable[float]) -> tuple[float, ...]:
        windows = Counter(int(at_ms // (_WINDOW_S * 1000)) for at_ms in times_ms)
        return tuple(windows[index] / _WINDOW_S for index in range(int(duration_s // _WINDOW_S)))

    def of(key: str) -> tuple[float, ...]:
        return tuple(each[key] for each in answers)

    return [
        Measure(
            "Python for a frame in live mode", "ms", of("preprocess_ms"), "beside model and camera"
        ),
        Measure("gauges in live mode", "1/s", rates(watched.frames_ms), f"by {_WINDOW_S} s"),
        Measure("inference in live mode", "ms", of("inference_ms"), "WASM, beside Python"),
        Measure("camera frame to answer", "ms", of("total_ms"), "WASM"),
        Measure(
            "live answers",
            "1/s",
            rates(of("at_ms")),
            f"WASM; {len(answers)} in {duration_s:g} s, by {_WINDOW_S} s",
        ),
    ]


def measure_large_photo(playwright: Playwright, url: str, scene: Scene, runs: int) -> list[Measure]:
    """A photo of 12 megapixels, from the choice to the answer."""
    totals: list[float] = []
    for _ in range(runs):
        with browser(playwright) as chromium:
            page = open_page(chromium.new_context(), f"{url}?backend=wasm")
            totals.append(upload(page, scene.photo)["total_ms"])
    return [Measure("12 MP photo to answer", "ms", tuple(totals), "WASM, file chosen to answer")]
