"""What a large photo takes of a phone's memory, by its format, and what of it stays.

In Chromium the page's process with all its workers is counted, by the most that Linux ever saw it
hold in RAM (VmHWM), the browser's own program included. In WebKit that program and its libraries
are half of it, and no phone counts them; there only what is the process's own (RssAnon) is counted,
as iOS does, and JavaScriptCore is told that the machine has the memory of a phone, by which it
decides how often to collect garbage.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PIL import Image

from tests.bench.machine import children_named, own_resident_mb, peak_resident_mb, resident_mb
from tests.bench.report import Measure
from tests.bench.visit import PageError, browser, open_page, upload, watch_live
from tests.browser.engines.engine_page import EnginePage
from tests.browser.engines.launching import open_webkit
from tests.browser.lentigo_page import SETTLED
from tests.browser.recording_proxy import RecordingProxy
from tooling.engines import find_webkit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Playwright

    from tests.bench.visit import Scene
    from tooling.engines import WebKit

_SETTLE_MS = 2000
# Time to collect garbage, and for a Python whose memory is large to be made anew.
_REST_S = 12.0
_SAMPLE_S = 0.05
# The memory of an iPhone X, which runs iOS 16.
_PHONE_BYTES = 3_000_000_000
# Nobody has a photo ready before the service worker has what it keeps.
_SETTLE_S = 10.0
# The process of a page; Linux keeps so much of its name.
_WEBKIT_PROCESS = "WebKitWebProces"
_FORMATS: dict[str, dict[str, Any]] = {
    "JPEG": {"format": "JPEG", "quality": 90},
    "progressive JPEG": {"format": "JPEG", "quality": 90, "progressive": True},
    "WebP": {"format": "WEBP", "quality": 80, "method": 0},
    "PNG": {"format": "PNG", "compress_level": 1},
}


def write_photos(scene: Scene, folder: Path) -> dict[str, Path]:
    """The scene's photo of 12 megapixels, grained as a camera's is, in each format."""
    with Image.open(scene.photo) as opened:
        smooth = opened.convert("RGB")
    grain = Image.effect_noise(smooth.size, 24).convert("RGB")
    photo = Image.blend(smooth, grain, 0.15)
    paths = {}
    for name, options in _FORMATS.items():
        paths[name] = folder / f"12-megapixels-{name.replace(' ', '-')}"
        photo.save(paths[name], **options)
    return paths


def _renderer(chromium: Browser) -> int:
    """The process of the page: of all renderers the largest."""
    session = chromium.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    found = [each["id"] for each in processes if each["type"] == "renderer"]
    return int(max(found, key=lambda process: resident_mb(process) or 0.0))


def measure_memory(
    playwright: Playwright, url: str, scene: Scene, runs: int, live_s: float
) -> list[Measure]:
    """Boot, photos, live mode, each in a browser of its own; empty where Linux is not."""
    photos = write_photos(scene, scene.photo.parent)
    seen: dict[str, list[float]] = {}

    def note(name: str, megabytes: float | None) -> None:
        if megabytes is not None:
            seen.setdefault(name, []).append(megabytes)

    for _ in range(runs):
        for name, path in photos.items():
            with browser(playwright) as chromium:
                chromium.new_page()
                note("empty", peak_resident_mb(_renderer(chromium)))
                page = open_page(chromium.new_context(), f"{url}?backend=wasm")
                page.wait_for_timeout(_SETTLE_S * 1000)
                note("boot", peak_resident_mb(_renderer(chromium)))
                upload(page, path)
                note(name, peak_resident_mb(_renderer(chromium)))
                page.click("[data-action=reset]")
                page.wait_for_timeout(_REST_S * 1000)
                note(f"after {name}", resident_mb(_renderer(chromium)))
        with browser(playwright, scene.film) as chromium:
            page = open_page(chromium.new_context(), f"{url}?backend=wasm")
            watch_live(page, _SETTLE_MS, live_s * 1000)
            note("live", peak_resident_mb(_renderer(chromium)))
    if not seen:
        return []
    how = "peak, resident, the page's process, WASM"
    return [
        Measure("memory of an empty page", "MB", tuple(seen["empty"]), "mostly the browser"),
        Measure("memory, boot", "MB", tuple(seen["boot"]), how),
        *_by_format("memory", seen, how),
        Measure("memory, live mode", "MB", tuple(seen["live"]), how),
    ]


def _by_format(what: str, seen: dict[str, list[float]], how: str) -> list[Measure]:
    rest = f"{_REST_S:g} s after the photo was put away"
    return [
        measure
        for name in _FORMATS
        for measure in (
            Measure(f"{what}, {name} of 12 MP", "MB", tuple(seen[name]), how),
            Measure(f"{what}, after {name}", "MB", tuple(seen[f"after {name}"]), rest),
        )
    ]


@contextmanager
def _webkit_page(webkit: WebKit, url: str, folder: Path) -> Iterator[tuple[EnginePage, int]]:
    """A ready page in a WebKit of its own, and its process."""
    proxy = RecordingProxy()
    proxy.start()
    folder.mkdir()
    phone = {"JSC_forceRAMSize": str(_PHONE_BYTES)}
    try:
        with open_webkit(webkit, proxy, folder, **phone) as opened:
            page = EnginePage(opened, url, proxy, folder)
            page.open(f"{url}LICENSE")
            (process,) = children_named(_WEBKIT_PROCESS)
            yield page, process
    finally:
        proxy.stop()


def measure_webkit_memory(url: str, scene: Scene, folder: Path, runs: int) -> list[Measure]:
    """The same in WebKit, as a phone counts it; raises PageError where WebKit is not."""
    webkit = find_webkit()
    if webkit is None:
        raise PageError("WebKit is not on this machine")
    photos = write_photos(scene, scene.photo.parent)
    seen: dict[str, list[float]] = {}
    for run in range(runs):
        for name, path in photos.items():
            place = folder / f"webkit-{run}-{path.name}"
            with _webkit_page(webkit, url, place) as (page, process):
                seen.setdefault("empty", []).append(own_resident_mb(process))
                page.boot()
                time.sleep(_SETTLE_S)
                seen.setdefault("boot", []).append(own_resident_mb(process))
                seen.setdefault(name, []).append(_peak_mb(process, _judging(page, path)))
                page.start_again()
                time.sleep(_REST_S)
                seen.setdefault(f"after {name}", []).append(own_resident_mb(process))
    how = "its own, resident, WASM, garbage collected as on a phone"
    return [
        Measure("WebKit: memory of an empty page", "MB", tuple(seen["empty"]), "its own, resident"),
        Measure("WebKit: memory, ready", "MB", tuple(seen["boot"]), how),
        *_by_format("WebKit: memory", seen, how),
    ]


def _judging(page: EnginePage, path: Path) -> Callable[[], bool]:
    """Choose a photo; what tells whether it has been answered."""
    page.choose(path)

    def answered() -> bool:
        return page.state in SETTLED

    return answered


def _peak_mb(process: int, done: Callable[[], bool]) -> float:
    """The most that a process has of its own, by samples, until something is done."""
    peak = 0.0
    while True:
        samples = [own_resident_mb(process)]
        for _ in range(5):
            time.sleep(_SAMPLE_S)
            samples.append(own_resident_mb(process))
        peak = max(peak, *samples)
        if done():
            return peak
