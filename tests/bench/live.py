"""Live mode, a large photo, and the memory that both take."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.bench.machine import peak_resident_mb
from tests.bench.report import Measure
from tests.bench.visit import browser, open_page, upload, watch_live

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import Browser, Playwright

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


def _largest_renderer_mb(chromium: Browser) -> float | None:
    session = chromium.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    peaks = [peak_resident_mb(each["id"]) for each in processes if each["type"] == "renderer"]
    return max((peak for peak in peaks if peak is not None), default=None)


def measure_memory(
    playwright: Playwright, url: str, scene: Scene, runs: int, live_s: float
) -> list[Measure]:
    """Boot, a photo of 12 megapixels, then live mode; empty where the system tells nothing.

    Counted is the page's process with all its workers, by the most memory that Linux ever saw
    it hold (VmHWM). The same process with an empty page is given beside it.
    """
    peaks: list[float] = []
    empties: list[float] = []
    totals: list[float] = []
    for _ in range(runs):
        with browser(playwright, scene.film) as chromium:
            chromium.new_page()
            empty_mb = _largest_renderer_mb(chromium)
            page = open_page(chromium.new_context(), f"{url}?backend=wasm")
            totals.append(upload(page, scene.photo)["total_ms"])
            page.click("[data-action=reset]")
            page.wait_for_selector("[data-state=ready]")
            watch_live(page, _SETTLE_MS, live_s * 1000)
            peak_mb = _largest_renderer_mb(chromium)
        if peak_mb is not None and empty_mb is not None:
            peaks.append(peak_mb)
            empties.append(empty_mb)
    answers = [Measure("12 MP photo to answer", "ms", tuple(totals), "WASM, file chosen to answer")]
    if not peaks:
        return answers
    return [
        *answers,
        Measure("peak memory", "MB", tuple(peaks), "resident, the page's process, WASM"),
        Measure("of which an empty page", "MB", tuple(empties), "mostly the browser's program"),
    ]
