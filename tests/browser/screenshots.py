"""``python -m tests.browser.screenshots OUT``: a picture of every state, to be looked at.

On a phone and a desktop, light and dark, and on the desktop at 200 % zoom.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import sync_playwright

from tests.browser.lentigo_page import launch
from tests.browser.sites import ROOT, AlteredHosting, served
from tests.browser.tour import DESKTOP, PHONE, tour

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def take(page: Page, out: Path, state: str) -> None:
    """Write five pictures of the page as it stands."""
    for name, viewport in (("phone", PHONE), ("desktop", DESKTOP)):
        page.set_viewport_size(viewport)
        if viewport is DESKTOP:
            page.evaluate("scrollTo(0, 0)")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.screenshot(path=out / f"{state}-{name}-{scheme}.png")
            page.screenshot(path=out / f"{state}-{name}-{scheme}-full.png", full_page=True)
    # Zoom makes the page half as wide in CSS pixels, at twice the size.
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": DESKTOP["width"] // 2, "height": DESKTOP["height"] // 2})
    page.screenshot(path=out / f"{state}-zoom200-light.png")
    # As it was: what comes next is brought into view on a phone.
    page.set_viewport_size(PHONE)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.browser.screenshots", description="A picture of every state."
    )
    parser.add_argument("out", type=Path, help="the folder to write into")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with (
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as folder,
        served(AlteredHosting(ROOT)) as site,
    ):
        chromium = launch(playwright)
        for state, page in tour(chromium, site, Path(folder)):
            take(page.page, out, state)
            print(state)
        chromium.close()


if __name__ == "__main__":
    main()
