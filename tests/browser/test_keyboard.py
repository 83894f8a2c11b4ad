"""The keyboard alone: from the first screen to the report, by Tab, Enter and Space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lentigo.triage.checklist import Question
from tests.browser.lentigo_page import LentigoPage
from tests.browser.pictures import lesion, png
from tests.browser.sharing import DIALOG, SHARING
from tests.browser.tour import DESKTOP, PHONE
from training.pictures.synthetic import Look

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

# The released model gives it low, so that an answer raises it.
LOW = png(lesion(Look.PALE_CENTRE, seed=5))
# More stops than any screen has.
MOST_STOPS = 80
# What has the focus: whether it is wanted, and what is wrong with it, in words.
_STOP = """(wanted) => {
  const focus = document.activeElement;
  if (focus === document.body) return {found: false, faults: []};
  const {left, top, width, height} = focus.getBoundingClientRect();
  // Of a file input its label is seen.
  const seen = focus.closest('label.button') ?? focus;
  const style = getComputedStyle(seen);
  const name = `${focus.localName} “${(seen.textContent || '').trim().slice(0, 30)}”`;
  const faults = [];
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  if (!outlined) faults.push(`no outline: ${name}`);
  const hits = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]]
    .map(([x, y]) => document.elementFromPoint(left + x * width, top + y * height));
  const isIn = (hit) => seen.contains(hit) || hit?.closest('label')?.contains(focus);
  if (!hits.every(isIn)) faults.push(`covered or off the screen: ${name}`);
  return {found: focus.matches(wanted), faults};
}"""


class Keys:
    """A visitor who has a keyboard only, and looks where the focus is at each stop."""

    def __init__(self, lentigo: LentigoPage) -> None:
        self.page = lentigo.page
        self.faults: list[str] = []

    def to(self, selector: str) -> None:
        """Press Tab until this has the focus."""
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(_STOP, selector)
            self.faults += stop["faults"]
            if stop["found"]:
                return
        raise AssertionError(f"Tab does not lead to {selector}")

    def press(self, selector: str, key: str) -> None:
        """Go there, and press a key."""
        self.to(selector)
        self.page.keyboard.press(key)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_keyboard_alone_leads_from_the_first_screen_to_the_report(
    chromium: Browser, site: str, viewport: ViewportSize
) -> None:
    with LentigoPage(chromium, site, viewport=viewport) as lentigo:
        lentigo.boot("?backend=wasm")
        page, keys = lentigo.page, Keys(lentigo)

        with page.expect_file_chooser() as chooser:
            keys.press("[data-testid=upload]", "Enter")
        chooser.value.set_files({"name": "spot.png", "mimeType": "image/png", "buffer": LOW})
        assert lentigo.wait_for("result", "rejected", "error") == "result"
        page.wait_for_function("document.activeElement.closest('[data-testid=result] h2') !== null")

        keys.press("[data-testid=questionnaire] > summary", "Enter")
        keys.press(f"#answer-{Question.BLEEDING}", "Space")
        page.wait_for_selector("[data-testid=raised]")
        keys.press("[data-action=show-answer]", "Enter")
        page.wait_for_function("document.activeElement.closest('[data-testid=result] h2') !== null")

        with page.expect_download() as download:
            keys.press("[data-testid=report]", "Enter")
        assert download.value.path().read_bytes().startswith(b"%PDF-")
        assert "Saved as report-" in lentigo.text("[data-testid=kept-file]")

        # Where files can be shared a dialog asks first; it gives the focus back.
        page.evaluate(SHARING, "shared")
        page.keyboard.press("Space")
        page.wait_for_selector(DIALOG, state="visible")
        keys.to("[data-testid=share-close]")
        page.keyboard.press("Escape")
        page.wait_for_selector(DIALOG, state="hidden")
        assert page.evaluate("document.activeElement.dataset.testid") == "report"
        page.keyboard.press("Space")
        page.wait_for_selector(DIALOG, state="visible")
        with page.expect_download() as download:
            keys.press("[data-testid=share-save]", "Enter")
        assert download.value.suggested_filename.endswith(".pdf")

        # And on to the end of the page, and to another spot.
        keys.to("[data-testid=start-camera]")
        assert not keys.faults, "\n".join(keys.faults)
