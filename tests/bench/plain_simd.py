"""Our kernels beside TF.js's own where a browser has plain SIMD only, as iPhones of iOS 16 to 25.

There TF.js refuses the worker's canvas, so a phone without WebGPU runs on WebAssembly, with one
thread. WebKit has no relaxed SIMD; in Chromium the file of the relaxed kernels is no WebAssembly,
and for TF.js's own kernels neither file is. What GPUs that do not start cost is measured in WebKit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from tests.bench.engines import PAGES, write_picture
from tests.bench.report import Measure, ratio
from tests.bench.rounds import share_out
from tests.bench.visit import PATIENCE_MS, PageError, browser
from tests.browser.engines.engine_page import EnginePage
from tests.browser.engines.launching import open_webkit
from tests.browser.recording_proxy import RecordingProxy
from tests.browser.sites import MODEL, ROOT, AlteredHosting, served
from tooling.engines import find_webkit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Playwright

    from tests.bench.report import Ratio

_RELAXED, _PLAIN = (f"vendor/kernels/kernels-{name}.wasm" for name in ("relaxed", "simd"))
# What a browser without these instructions says to them.
_NOT_WASM = b"\0asm\1\0\0\0\xff"
_WARMUPS, _ROUNDS = 5, 3
_ORDER = {"runtime": "lentigo", "backend": "wasm", "threads": 1, "model": f"/{MODEL}/manifest.json"}


_THERE = """async () => {
  while (!('run' in globalThis)) await new Promise((resolve) => { setTimeout(resolve, 20); });
}"""


class _Page(Protocol):
    """A tab of any engine."""

    def evaluate(self, source: str, given: Any) -> Any:
        """Call a function of the page."""


def measure_plain_simd(
    playwright: Playwright, scratch: Path, runs: int
) -> tuple[list[Measure], list[Ratio]]:
    """Both engines; raises PageError where WebKit is not, or where other kernels ran."""
    write_picture(scratch)
    (scratch / "not.wasm").write_bytes(_NOT_WASM)
    mounts = {"bench": PAGES, "scratch": scratch}

    def site(*missing: str) -> AlteredHosting:
        replaced = dict.fromkeys(missing, scratch / "not.wasm")
        return AlteredHosting(ROOT, mounts=mounts, replaced=replaced)

    with (
        served(site(_RELAXED)) as ours,
        served(site(_RELAXED, _PLAIN)) as theirs,
        browser(playwright) as chromium,
    ):
        page = chromium.new_page()
        page.set_default_timeout(PATIENCE_MS)
        measures, ratios = _compared("Chromium", page, page.goto, (ours, theirs), runs)
        webkit, webkit_ratios = _in_webkit(scratch, (ours, theirs), runs)
    return [*measures, *webkit], [*ratios, *webkit_ratios]


def _in_webkit(
    scratch: Path, urls: tuple[str, str], runs: int
) -> tuple[list[Measure], list[Ratio]]:
    webkit = find_webkit()
    if webkit is None:
        raise PageError("WebKit is not on this machine")
    folder = scratch / "webkit-kernels"
    folder.mkdir()
    proxy = RecordingProxy()
    proxy.start()
    try:
        with open_webkit(webkit, proxy, folder) as opened:
            page = EnginePage(opened, urls[0], proxy, folder)
            measures, ratios = _compared("WebKit", page, page.open, urls, runs)
            page.open(f"{urls[0]}bench/engines.html")
            page.evaluate(_THERE, None)
            return [*measures, *_starts(page, 1 + runs // 10)], ratios
    finally:
        proxy.stop()


def _compared(
    engine: str, page: _Page, open_url: Callable[[str], object], urls: tuple[str, str], runs: int
) -> tuple[list[Measure], list[Ratio]]:
    """Our kernels and TF.js's in turns, so that a busy moment does not hit one alone."""
    times: dict[str, list[float]] = {"Lentigo's kernels": [], "TF.js's own": []}
    for count in share_out(runs, _ROUNDS):
        for (name, values), url in zip(times.items(), urls, strict=True):
            open_url(f"{url}bench/engines.html")
            page.evaluate(_THERE, None)
            outcome = page.evaluate(
                "(order) => run(order)", {**_ORDER, "warmups": _WARMUPS, "runs": count}
            )
            expected = "simd kernels, 1 thread" if url == urls[0] else ""
            if outcome["adapter"] != expected:
                raise PageError(f"{engine}, {name}: ran with {outcome['adapter']!r}")
            values.extend(outcome["times_ms"])
    ours, theirs = (
        Measure(f"{name}, plain SIMD, {engine}", "ms", tuple(values), "1 thread")
        for name, values in times.items()
    )
    return [ours, theirs], [ratio(ours, theirs)]


def _starts(page: _Page, runs: int) -> list[Measure]:
    """What it costs that WebKit's GPUs are tried before WASM."""
    costs = []
    for _ in range(runs):
        alone, tried = (
            page.evaluate("(order) => start(order)", {"model": _ORDER["model"], "backend": forced})
            for forced in ("wasm", None)
        )
        if tried["backend"] != "wasm":
            raise PageError(f"a GPU started: {tried['backend']}")
        costs.append((tried["start_ms"] - alone["start_ms"]) / 1000)
    return [
        Measure("GPUs that do not start, WebKit", "s", tuple(costs), "; ".join(tried["skipped"]))
    ]
