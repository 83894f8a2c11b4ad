"""axe-core finds nothing serious in any state, on phone and desktop, light and dark.

The Lab is looked at in ``test_lab.py``, kept spots in ``test_spots.py``: they are there anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from playwright.sync_api import Browser, Page

from tests.browser.sites import ROOT
from tests.browser.tour import DESKTOP, PHONE, around_a_check

if TYPE_CHECKING:
    from pathlib import Path

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
STATES = {
    "booting",
    "analysing",
    "ready",
    "facts",
    "tables",
    "share",
    "rejected",
    "rejected-unknown",
    "rejected-outside",
    "questions",
    "result-raised",
    "error",
    "live",
    "live-dark",
    "camera-refused",
    "boot-failed",
    "new-version",
    "row",
    "row-confirm",
    "notice",
}
# Of axe's rules the only one that looks at colours.
CONTRAST = "color-contrast"
_RUN = """async (rules) => {
  const {violations, passes} = await axe.run(rules ? {runOnly: rules} : {});
  const bad = violations.filter(({impact}) => impact === 'serious' || impact === 'critical');
  return [passes.length, bad.map(({id, impact, nodes}) => {
    const where = ({target, failureSummary}) => `${target}: ${failureSummary}`;
    return `${impact} ${id}: ${nodes.slice(0, 3).map(where).join(' | ')}`;
  })];
}"""


def findings(page: Page, rules: list[str] | None = None) -> list[str]:
    """Serious and critical findings of axe, by all rules or these, on the page as it stands."""
    if not page.evaluate("'axe' in globalThis"):
        # By the debugger, which the page's policy does not bind.
        page.evaluate(AXE.read_text(encoding="utf-8") + "; 0")
    passes, bad = page.evaluate(_RUN, rules)
    assert passes > (0 if rules else 10)
    return [str(finding) for finding in bad]


def faults(page: Page) -> list[str]:
    """What axe finds, and whether the page scrolls sideways, in every size and scheme.

    Another scheme has other colours, and nothing else.
    """
    found = []
    for viewport in (PHONE, DESKTOP):
        page.set_viewport_size(viewport)
        for scheme in SCHEMES:
            rules = None if scheme == SCHEMES[0] else [CONTRAST]
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{viewport['width']} {scheme}: {text}" for text in findings(page, rules)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{viewport['width']} {scheme}: scrolls sideways")
    return found


def test_axe_finds_nothing_serious_in_any_state(
    chromium: Browser, site: str, tmp_path: Path
) -> None:
    found: list[str] = []
    seen = set()
    for state, lentigo in around_a_check(chromium, site, tmp_path):
        seen.add(state)
        found += [f"{state} {fault}" for fault in faults(lentigo.page)]
    assert seen >= STATES
    assert len({state for state in seen if state.startswith("result-")}) >= 3
    assert not found, "\n".join(found)


def test_axe_does_find_a_serious_fault(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<html lang=en><title>x</title><main>" + "<img src=x>" * 12 + "</main>")
    page.evaluate(AXE.read_text(encoding="utf-8") + "; 0")
    _, bad = page.evaluate(_RUN)
    assert any("image-alt" in finding for finding in bad)
    page.close()
