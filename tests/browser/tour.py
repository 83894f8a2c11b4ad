"""A walk through every state of the page, for whoever looks at it: axe, and the screenshots."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PIL import Image

from tests.browser.lentigo_page import LentigoPage
from tests.browser.pictures import faded, far, jpeg, lesion, png, unknown, wide
from tests.browser.quiet_site import QuietSite
from tests.browser.sharing import DIALOG, NO_SHARING, SHARING
from tests.browser.sites import ROOT, SHARD, AlteredHosting, served
from tests.browser.slow_world import SlowWorld
from tooling.server import Hosting
from training.pictures.synthetic import Look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, FilePayload, ViewportSize

# The page is first laid out so, and scrolls to an answer as it does on a phone.
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}

# Drawn lesions that the released model gives priorities from urgent to low; faded, the last one is
# uncertain.
_LESIONS = (Look.ASYMMETRIC_DARK, Look.SCALY_PINK, Look.RED_LACUNAE, Look.EVEN_BROWN)


def tour(chromium: Browser, site: str, folder: Path) -> Iterator[tuple[str, LentigoPage]]:
    """Yield the page in each state, with the state's name; it stays so until the next turn."""
    yield from around_a_check(chromium, site, folder)
    with LentigoPage(chromium, site, viewport=PHONE) as page:
        yield from keeping(page.boot("?backend=wasm"))
    yield from _measured(chromium, site)


def around_a_check(chromium: Browser, site: str, folder: Path) -> Iterator[tuple[str, LentigoPage]]:
    """What a visitor can come to who keeps nothing and measures nothing."""
    yield from _from_the_start(chromium)
    yield from _with_photos(chromium, site)
    yield from _failed(chromium)
    yield from _replaced(chromium, folder)


def _from_the_start(chromium: Browser) -> Iterator[tuple[str, LentigoPage]]:
    gate = threading.Event()
    with (
        served(AlteredHosting(ROOT, gates={SHARD: gate})) as url,
        LentigoPage(chromium, url, viewport=PHONE) as page,
    ):
        page.open("?backend=wasm")
        page.page.wait_for_selector("[data-stage=python][data-done]", state="attached")
        yield "booting", page
        page.choose(jpeg(wide(lesion())), "lesion.jpg", "image/jpeg")
        page.page.wait_for_selector("[data-has-picture]", state="attached")
        yield "analysing", page
        gate.set()
        page.wait_for("result")


def _with_photos(chromium: Browser, site: str) -> Iterator[tuple[str, LentigoPage]]:
    with LentigoPage(chromium, site, viewport=PHONE) as page:
        page.boot("?backend=wasm")
        yield "ready", page
        yield from _with_figures(page)
        shown = set()
        spots = [wide(lesion(look, 600)) for look in _LESIONS]
        for spot in (*spots, faded(spots[-1])):
            priority = page.judge(png(spot)).priority
            if priority not in shown:
                shown.add(priority)
                yield f"result-{priority}", page
        yield from _with_report(page)
        page.unfold_questions()
        yield "questions", page
        page.page.check("#answer-bleeding")
        page.page.wait_for_selector("[data-testid=raised]")
        yield "result-raised", page
        page.page.uncheck("#answer-bleeding")
        page.page.select_option("#answer-body-site", "nail")
        page.wait_for("rejected")
        yield "rejected-outside", page
        page.page.click("[data-action=forget-answers]")
        page.wait_for("result")
        for _ in range(3):
            page.upload(png(Image.new("RGB", (800, 600), (12, 10, 9))))
        yield "rejected", page
        page.upload(png(wide(unknown(600))))
        yield "rejected-unknown", page
        page.upload(b"Dear diary", "diary.jpg", "image/jpeg")
        yield "error", page
        yield from _with_several(page)


def _with_figures(page: LentigoPage) -> Iterator[tuple[str, LentigoPage]]:
    for name, address in (("facts", "#/facts"), ("tables", "#/facts/tables")):
        page.page.evaluate("(hash) => { location.hash = hash; }", address)
        page.page.wait_for_selector(f"[data-route={name}] [data-region={name}] *")
        yield name, page
    page.page.evaluate("() => { location.hash = '#/'; }")
    page.page.wait_for_selector("[data-route=screening]", state="attached")


def _with_report(page: LentigoPage) -> Iterator[tuple[str, LentigoPage]]:
    page.page.evaluate(SHARING, "shared")
    page.press("report")
    page.page.wait_for_selector(DIALOG, state="visible")
    yield "share", page
    page.press("share-close")
    page.page.evaluate(NO_SHARING)


def _with_several(page: LentigoPage) -> Iterator[tuple[str, LentigoPage]]:
    pictures = [png(wide(lesion(look, 600))) for look in _LESIONS]
    files: list[FilePayload] = [
        {"name": f"{n}.png", "mimeType": "image/png", "buffer": data}
        for n, data in enumerate((*pictures, b"Dear diary"))
    ]
    page.page.set_input_files("[data-testid=upload]", files)
    page.wait_for("analysing")
    page.wait_for("result")
    yield "row", page
    page.page.click("#reset")
    page.page.wait_for_selector("[data-testid=confirm-reset]")
    yield "row-confirm", page
    page.page.click("#reset-refused")
    world = SlowWorld(page)
    world.drop(("text/plain", "a mole"))
    page.page.wait_for_selector("[data-testid=notice]")
    yield "notice", page
    yield from _with_camera(page, world)


def _with_camera(page: LentigoPage, world: SlowWorld) -> Iterator[tuple[str, LentigoPage]]:
    page.start_again()
    world.show(wide(lesion()))
    page.press("start-camera")
    page.take_photos_by_hand()
    page.page.wait_for_selector("[data-state=live] [data-testid=result]")
    yield "live", page
    world.show(Image.new("RGB", (640, 480), (9, 8, 8)))
    page.page.wait_for_selector("[data-state=live] [data-testid=quality][data-issues*=dark]")
    yield "live-dark", page
    page.page.click("[data-action=stop-camera]")
    page.page.wait_for_selector("[data-state=live]", state="detached")
    world.break_()
    page.press("start-camera")
    page.wait_for("error")
    yield "camera-refused", page


def keeping(page: LentigoPage) -> Iterator[tuple[str, LentigoPage]]:
    """The screens of kept spots, of a page that is ready and has kept nothing."""
    for look, day in ((_LESIONS[0], "2026-09-01"), (_LESIONS[3], "2026-11-01")):
        page.judge(png(wide(lesion(look, 600))))
        page.press("save-spot")
        page.page.wait_for_selector("[data-testid=save-form]")
        page.page.fill("#save-taken", day)
        if look is _LESIONS[0]:
            page.page.fill("#save-name", "Mole on the left forearm")
            page.page.select_option("[data-testid=save-form] [name=site]", "left-forearm-inside")
            yield "spots-form", page
        else:
            page.page.select_option("#save-which", index=1)
        page.press("save-now")
        page.page.wait_for_selector("[data-testid=saved]")
    _go(page, "#/spots", "[data-testid=spot] img[src^=blob]")
    yield "spots", page
    spot = page.attribute("spot", "data-spot")
    _go(page, f"#/spots/{spot}", "[data-testid=photo]:nth-child(2) img[src^=blob]")
    area: FilePayload = {
        "name": "arm.png",
        "mimeType": "image/png",
        "buffer": png(wide(far(lesion(_LESIONS[3], 600), 0.2))),
    }
    page.page.set_input_files("[data-testid=overview-file]", area)
    page.page.wait_for_selector("[data-testid=overview-form] img")
    yield "spot-area", page
    page.press("overview-save")
    page.page.wait_for_selector("[data-testid=overview] img[src^=blob]")
    page.page.click("[data-testid=describe] > summary")
    page.page.click("[data-testid=shape] button")
    page.page.wait_for_selector("[data-testid=shape] :is(li, [data-testid=no-shape])")
    yield "spot", page
    _go(page, f"#/spots/{spot}/compare", "[data-testid=comparison]")
    yield "spot-compare", page
    _go(page, "#/map", "[data-region=map] [data-testid=body-map]")
    yield "spots-map", page
    _go(page, "#/settings", "[data-testid=backup]")
    yield "spots-settings", page


def _go(page: LentigoPage, route: str, wanted: str) -> None:
    page.page.evaluate("(hash) => { location.hash = hash; }", route)
    page.page.wait_for_selector(wanted)


def _measured(chromium: Browser, site: str) -> Iterator[tuple[str, LentigoPage]]:
    with LentigoPage(chromium, site, viewport=PHONE) as page:
        page.page.goto(f"{site}lab.html?backend=wasm")
        page.page.wait_for_selector("[data-testid=lab-start]")
        yield "lab", page
        page.press("lab-start")
        page.page.wait_for_selector("[data-testid=lab][data-state=done]")
        yield "lab-measured", page


def _failed(chromium: Browser) -> Iterator[tuple[str, LentigoPage]]:
    with (
        served(AlteredHosting(ROOT, missing=frozenset({"vendor/pyodide/pyodide.mjs"}))) as url,
        LentigoPage(chromium, url, allowed=("status 404", "console"), viewport=PHONE) as page,
    ):
        page.open("?backend=wasm")
        page.wait_for("error")
        yield "boot-failed", page


def _replaced(chromium: Browser, folder: Path) -> Iterator[tuple[str, LentigoPage]]:
    quiet = QuietSite(folder / "quiet")
    quiet.deploy()
    with (
        served(Hosting(quiet.folder)) as url,
        LentigoPage(chromium, url, viewport=PHONE) as page,
    ):
        page.open()
        page.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        quiet.damage("style.css")
        quiet.deploy()
        page.open()
        page.page.wait_for_selector("[data-testid=update]")
        yield "new-version", page
