"""``python -m tests.browser.screenshots OUT``: a picture of every state, to be looked at.

On a phone and a desktop, light and dark, at the first view and whole; ``--modes`` adds pictures in
the modes of ``tests.browser.modes``: large text, zoom, right to left, forced colours …
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import sync_playwright

from tests.browser.lentigo_page import launch
from tests.browser.modes import MODES, Mode, in_mode
from tests.browser.sites import ROOT, AlteredHosting, served
from tests.browser.tour import DESKTOP, PHONE, tour

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def whole(page: Page, path: Path) -> None:
    """Write a picture of all of the page.

    On a screen of its height: where Playwright puts one together, the reader's text size is lost,
    and what sticks to the screen's edge lies over what it would scroll to.
    """
    viewport = page.viewport_size
    assert viewport
    seen_from = page.evaluate("scrollY")
    for _ in range(2):  # what is as high as a share of the screen grows with it
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": viewport["width"], "height": height})
    page.screenshot(path=path)
    page.set_viewport_size(viewport)
    page.evaluate("(top) => scrollTo(0, top)", seen_from)


def take(page: Page, out: Path, state: str, modes: list[Mode]) -> None:
    """Write pictures of the page as it stands; it is then on a phone again, as the tour begins.

    So that an answer that comes next is scrolled to as on a phone, and its first view is shown.
    """
    for name, viewport in (("phone", PHONE), ("desktop", DESKTOP)):
        page.set_viewport_size(viewport)
        if viewport is DESKTOP:
            page.evaluate("scrollTo(0, 0)")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.screenshot(path=out / f"{state}-{name}-{scheme}.png")
            whole(page, out / f"{state}-{name}-{scheme}-full.png")
    for mode in modes:
        with in_mode(page, mode):
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=out / f"{state}-{mode.name}.png")
            whole(page, out / f"{state}-{mode.name}-full.png")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(PHONE)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.browser.screenshots", description="A picture of every state."
    )
    parser.add_argument("out", type=Path, help="the folder to write into")
    named = {mode.name: mode for mode in MODES}
    parser.add_argument("--modes", nargs="*", choices=named, default=[], metavar="MODE",
                        help=f"also in these: {', '.join(named)}")  # fmt: skip
    parser.add_argument("--states", default="", help="only states whose name begins so")
    given = parser.parse_args()
    out: Path = given.out
    out.mkdir(parents=True, exist_ok=True)
    with (
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as folder,
        served(AlteredHosting(ROOT)) as site,
    ):
        chromium = launch(playwright)
        for state, page in tour(chromium, site, Path(folder)):
            if state.startswith(given.states):
                take(page.page, out, state, [named[name] for name in given.modes])
                print(state)
        chromium.close()


if __name__ == "__main__":
    main()
