"""Chromium and the page, for all measurements: no proxy, no tests' guard, a cold cache."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tests.browser.lentigo_page import FAKE_CAMERA, FLAGS, chromium_path
from tests.browser.pictures import film, jpeg, large, lesion, wide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

_WATCH = Path(__file__).parent / "pages" / "watch.js"
# A slow machine under load; a software GPU takes minutes for some runs.
PATIENCE_MS = 300_000
_POLL_MS = 100

UPLOAD_SIZE_PX = (4000, 3000)
SETTLED = "[data-testid=app]:is([data-state=result],[data-state=rejected],[data-state=error])"


class PageError(Exception):
    """The page did not do what was to be measured; the message says what it did."""


@dataclass(frozen=True)
class Scene:
    """What the page gets to see: ``film`` is the fake camera's, ``photo`` has 12 megapixels."""

    film: Path
    photo: Path

    @classmethod
    def write(cls, folder: Path) -> Scene:
        """Draw a lesion, as 640x480 motion JPEG and as a large photo."""
        drawn = wide(lesion())
        photo = folder / "12-megapixels.jpg"
        photo.write_bytes(jpeg(large(drawn, *UPLOAD_SIZE_PX)))
        return cls(film(folder / "camera.mjpeg", [drawn] * 10), photo)


@contextmanager
def browser(playwright: Playwright, camera: Path | None = None) -> Iterator[Browser]:
    """Start a Chromium; with a film it has a camera."""
    fake = [*FAKE_CAMERA, f"--use-file-for-fake-video-capture={camera}"] if camera else []
    launched = playwright.chromium.launch(executable_path=chromium_path(), args=[*FLAGS, *fake])
    try:
        yield launched
    finally:
        launched.close()


@contextmanager
def new_profile(
    playwright: Playwright,
    service_workers: Literal["allow", "block"] = "allow",
    name: str = "profile",
) -> Iterator[BrowserContext]:
    """Start a Chromium with an empty profile on the disk, as a visitor's browser has one.

    ``name`` is the folder's, by which its processes are found.
    """
    with tempfile.TemporaryDirectory(prefix="lentigo-bench-") as folder:
        context = playwright.chromium.launch_persistent_context(
            Path(folder) / name,
            executable_path=chromium_path(),
            args=list(FLAGS),
            service_workers=service_workers,
        )
        try:
            yield context
        finally:
            context.close()


def open_page(context: BrowserContext, url: str) -> Page:
    """Open Lentigo in a new tab and wait until it is ready; raises PageError if it fails."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(path=_WATCH)
    page.goto(url, wait_until="commit")
    page.wait_for_function(
        "watched.ready_ms !== null || document.body?.dataset.state === 'error'", polling=_POLL_MS
    )
    if page.evaluate("watched.ready_ms") is None:
        raise PageError(f"the page did not start: {page.inner_text('body')[:300]}")
    return page


@dataclass(frozen=True)
class Watched:
    """What happened in live mode: the answers, and when a frame was read; in ms from its start."""

    answers: list[dict[str, float]]
    frames_ms: list[float]


def start_live(page: Page) -> None:
    """Open the camera, and wait for the first answer."""
    page.click("[data-testid=start-camera]")
    page.click("[data-camera=auto]")  # or the first good photo would end it
    try:
        page.wait_for_selector("[data-state=live] [data-testid=result]", timeout=30_000)
    except Exception as error:
        quality = page.inner_text("[data-region=gauges]")
        raise PageError(f"live mode gives no answer ({quality!r})") from error


def watch_live(page: Page, settle_ms: float, duration_ms: float) -> Watched:
    """Open the camera and return what happens in ``duration_ms``, after ``settle_ms``."""
    start_live(page)
    page.wait_for_timeout(settle_ms)
    since_ms = page.evaluate("performance.now()")
    page.wait_for_timeout(duration_ms)
    seen = page.evaluate("watched")
    counted = [{**answer, "at_ms": answer["at_ms"] - since_ms} for answer in seen["answers"]]
    frames_ms = [at_ms - since_ms for at_ms in seen["frames_ms"]]
    return Watched(
        [answer for answer in counted if 0 < answer["at_ms"] <= duration_ms],
        [at_ms for at_ms in frames_ms if 0 < at_ms <= duration_ms],
    )


def upload(page: Page, photo: Path) -> dict[str, float]:
    """Choose a photo and return the times of its answer."""
    page.set_input_files("[data-testid=upload]", photo)
    page.wait_for_selector(SETTLED)
    state = page.get_attribute("[data-testid=app]", "data-state")
    if state != "result":
        raise PageError(f"the photo got {state}: {page.inner_text('[data-region=answer]')[:300]}")
    latest: dict[str, Any] = page.evaluate("watched.answers.at(-1)")
    return latest
