"""``python -m tests.browser.icons``: draws ``icons/`` from ``favicon.svg``, with Chromium."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import sync_playwright

from tests.browser.lentigo_page import launch
from tests.browser.sites import ROOT

PAPER = "#f7f5f1"  # --paper of style.css, and background_color of the web app manifest


@dataclass(frozen=True)
class Icon:
    """A PNG: the drawing of 32 units with a margin (units), on paper where it must be opaque."""

    name: str
    side_px: int
    margin: float = 0.0
    opaque: bool = False


ICONS = (
    Icon("192.png", 192),
    Icon("512.png", 512),
    # Systems cut a maskable icon to any shape around the middle circle of 80 %.
    Icon("maskable-512.png", 512, margin=6.0, opaque=True),
    Icon("apple-touch-180.png", 180, margin=2.0, opaque=True),
)


def page(drawing: str, icon: Icon) -> str:
    """An HTML page that shows the icon and nothing else."""
    side = 32 + 2 * icon.margin
    box = f'viewBox="{-icon.margin} {-icon.margin} {side} {side}" width="{icon.side_px}"'
    svg = re.sub(r'viewBox="[^"]+"', box, drawing, count=1)
    background = PAPER if icon.opaque else "transparent"
    style = f"html {{ background: {background} }} body {{ margin: 0 }} svg {{ display: block }}"
    return f"<!doctype html><style>{style}</style>{svg}"


def main() -> None:
    drawing = (ROOT / "favicon.svg").read_text(encoding="utf-8")
    folder = ROOT / "icons"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for icon in ICONS:
            tab = browser.new_page(viewport={"width": icon.side_px, "height": icon.side_px})
            tab.set_content(page(drawing, icon))
            tab.screenshot(path=folder / icon.name, omit_background=not icon.opaque)
            tab.close()
            print(icon.name)
        browser.close()


if __name__ == "__main__":
    main()
