"""Live mode for a long time: does memory stay, does the rate?"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from tests.bench.machine import resident_mb
from tests.bench.report import Measure
from tests.bench.visit import open_page, start_live
from tests.browser.lentigo_page import FAKE_CAMERA, LentigoPage, launch
from tests.browser.sites import ROOT, AlteredHosting, served, with_way_into_python

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Playwright

    from tests.bench.visit import Scene

_SAMPLE_S = 20
# The first part of the run, in which caches fill and compilers warm up, is compared with the last.
_PARTS = 4
# What the bench has noted is dropped with each look, so that its own notes do not fill the heap.
_IN_PAGE = (
    "[performance.memory.usedJSHeapSize, watched.answers.splice(0).length,"
    " watched.frames_ms.splice(0).length]"
)
_IN_ENGINE = "[tf.memory().numTensors, tf.backend().wasm.HEAPU8.length]"
_IN_PYTHON = "[pyodide._module.pyproxy_alloc_map.size, pyodide._module.HEAPU8.length]"
# What is sampled, in this order, and its unit.
_UNITS = {
    "JavaScript heap of the page": "MB",
    "answers": "1/s",
    "frames": "1/s",
    "tensors": "",
    "WebAssembly heap of the engine": "MB",
    "proxies": "",
    "WebAssembly heap of Python": "MB",
    "resident memory of the page's process": "MB",
}
_MB = 1e6


def _renderer_mb(chromium: Browser) -> float:
    session = chromium.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    sizes = [resident_mb(each["id"]) for each in processes if each["type"] == "renderer"]
    return max((size for size in sizes if size is not None), default=float("nan"))


def measure_soak(
    playwright: Playwright, folder: Path, scene: Scene, minutes: float
) -> list[Measure]:
    """Sample a page in live mode; each quantity of the first part against the last.

    A measure's values are the samples of its part. Memory that grows, or a rate that falls, shows
    as another median.
    """
    camera = (*FAKE_CAMERA, f"--use-file-for-fake-video-capture={scene.film}")
    site = AlteredHosting(ROOT, replaced=with_way_into_python(folder))
    chromium = launch(playwright, *camera, "--enable-precise-memory-info", as_visitors_have_it=True)
    samples: list[list[float]] = []
    with served(site) as url, LentigoPage(chromium, url) as lentigo:
        page = open_page(lentigo.page.context, f"{url}?backend=wasm")
        lentigo.page.close()
        lentigo.page = page
        lentigo.python.evaluate("pyodide._module.enable_pyproxy_allocation_tracing()")
        start_live(page)
        page.evaluate(_IN_PAGE)
        for _ in range(round(minutes * 60 / _SAMPLE_S)):
            page.wait_for_timeout(_SAMPLE_S * 1000)
            heap, answers, frames = page.evaluate(_IN_PAGE)
            tensors, engine_heap = lentigo.engine.evaluate(_IN_ENGINE)
            proxies, python_heap = lentigo.python.evaluate(_IN_PYTHON)
            samples.append(
                [
                    heap / _MB,
                    answers / _SAMPLE_S,
                    frames / _SAMPLE_S,
                    tensors,
                    engine_heap / _MB,
                    proxies,
                    python_heap / _MB,
                    _renderer_mb(chromium),
                ]
            )
    chromium.close()
    part = max(1, len(samples) // _PARTS)
    measures = []
    for index, (name, unit) in enumerate(_UNITS.items()):
        first, last = (
            tuple(sample[index] for sample in chosen)
            for chosen in (samples[:part], samples[-part:])
        )
        begin, end = statistics.median(first), statistics.median(last)
        change = (end - begin) / begin if begin else end
        note = f"{minutes:g} minutes of live mode, a sample each {_SAMPLE_S} s"
        measures += [
            Measure(f"soak: {name}, first quarter", unit, first, note),
            Measure(f"soak: {name}, last quarter", unit, last, f"{change:+.1%}"),
        ]
    return measures
