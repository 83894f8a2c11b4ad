"""Ways in which a page is read, and what must hold in each of them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.browser.sites import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, ViewportSize

# What a phone held sideways covers at its left and right side, px.
NOTCH_PX = 47
# Words of another language are longer by this much.
LONGER_BY = 0.4

_LONGER = """(share) => {
  globalThis.shorter = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const {currentNode: node} = texts;
    const word = node.data.trim();
    if (!word || node.parentElement.closest('script, style, svg')) continue;
    shorter.push([node, node.data]);
    // Each word grows, so that none can be broken where it could not be before.
    const more = (word) => 'xemplary'.repeat(4).slice(0, Math.ceil(word.length * share));
    node.data = node.data.replace(/\\p{L}{3,}/gu, (word) => word + more(word));
  }
}"""
_SHORTER = "() => { for (const [node, text] of shorter) node.data = text; }"

# WCAG 1.4.12. A sheet that a script makes is not bound by the page's policy.
_SPACED = """(on) => {
  if (!on) { document.adoptedStyleSheets = []; return; }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
_FAULTS = (ROOT / "tests" / "browser" / "faults.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Mode:
    """One way to read the page; ``text_share`` is the reader's text size, 1 as it comes."""

    name: str
    width_px: int
    height_px: int
    text_share: float = 1.0
    right_to_left: bool = False
    longer_words: bool = False
    spaced: bool = False
    forced_colours: bool = False
    notch_px: int = 0

    @property
    def viewport(self) -> ViewportSize:
        return {"width": self.width_px, "height": self.height_px}


TEXT_200 = Mode("text200", 390, 844, text_share=2.0)
RIGHT_TO_LEFT = Mode("rtl", 390, 844, right_to_left=True, longer_words=True)
FORCED_COLOURS = Mode("forced", 1280, 800, right_to_left=True, forced_colours=True)
# Zoom makes a page as much narrower and lower in CSS pixels.
ZOOM_200 = Mode("zoom200", 640, 400)
MODES = (
    Mode("small-phone", 320, 568),
    Mode("spaced", 390, 844, spaced=True),
    Mode("sideways", 844, 390, notch_px=NOTCH_PX),
    Mode("small-sideways", 667, 375, longer_words=True),
    TEXT_200,
    RIGHT_TO_LEFT,
    FORCED_COLOURS,
    ZOOM_200,
    # 1280 x 1024 at 400 % (WCAG 1.4.10), and a phone held sideways at 200 %.
    Mode("zoom400", 320, 256),
    Mode("sideways-zoom200", 422, 195),
)


@contextmanager
def in_mode(page: Page, mode: Mode) -> Iterator[None]:
    """Read the page in a mode; the viewport stays as the mode has set it."""
    page.set_viewport_size(mode.viewport)
    debugger = page.context.new_cdp_session(page)
    insets = {"left": mode.notch_px, "right": mode.notch_px}
    debugger.send("Emulation.setSafeAreaInsetsOverride", {"insets": insets})
    size = round(16 * mode.text_share)
    debugger.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size - 3}})
    page.emulate_media(
        color_scheme="light",
        reduced_motion="reduce",
        forced_colors="active" if mode.forced_colours else "none",
    )
    if mode.right_to_left:
        page.evaluate("document.documentElement.dir = 'rtl'")
    if mode.longer_words:
        page.evaluate(_LONGER, LONGER_BY)
    page.evaluate(_SPACED, mode.spaced)
    try:
        yield
    finally:
        if mode.longer_words:
            page.evaluate(_SHORTER)
        page.evaluate(_SPACED, False)
        page.evaluate("document.documentElement.removeAttribute('dir')")
        page.emulate_media(forced_colors="none")
        debugger.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
        debugger.send("Emulation.setSafeAreaInsetsOverride", {"insets": {}})
        debugger.detach()


def faults_in(page: Page, mode: Mode) -> list[str]:
    """Return what is broken in a mode: overflow, a covered focus, a shutter that is not there.

    Also text beyond its box, a button beneath a phone's notch, and a first screen without one.
    """
    with in_mode(page, mode):
        found = page.evaluate(_FAULTS, mode.notch_px)
    return [f"{mode.name}: {fault}" for fault in found]
