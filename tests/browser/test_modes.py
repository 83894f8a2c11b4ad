"""Every state in every mode: large text, small screens, right to left, forced colours …

Python renders the states here, into a page whose scripts do not run: one page for all of them, and
no model. The walk of ``test_accessibility.py`` has the same states as they come about.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.events import (
    AnswersGiven,
    AutomaticSet,
    CameraStalled,
    PhotoOpened,
    Predicted,
    Reset,
    Whole,
)
from app.page import Page as Lentigo
from app.route import Route
from app.screens.screening.state import AtPhotos, State
from app.screens.screening.update import update
from app.spots.state import Spots
from lentigo.errors import Fault, NotAPictureError
from lentigo.model.modality import Modality
from lentigo.picture.quality import QualityIssue, Remedy, Severity
from lentigo.spots.lining_up import Adjustment, earlier_of
from lentigo.triage.checklist import Answers, BodySite
from tests.browser.kept_states import EDGE, KEPT_STATES
from tests.browser.modes import FORCED_COLOURS, MODES, faults_in, in_mode
from tests.unit.app.in_english import whole_page
from tests.unit.app.screens.screening.test_coach import film, frame
from tests.unit.app.screens.screening.test_view import answered, broken, explained, refused
from tests.unit.builders import chosen, finding, live_of, logits, photo, prepared, ready

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

_STANDS = """([regions, state, route, camera, scores]) => {
  for (const [name, html] of Object.entries(regions)) {
    document.querySelector(`[data-region=${name}]`).innerHTML = html;
  }
  const {body} = document;
  Object.assign(body.dataset, {state, route, boot: state === 'booting' ? 'pending' : 'done'});
  body.toggleAttribute('data-camera-on', camera);
  body.toggleAttribute('data-has-picture', state === 'result');
  document.querySelector('[data-region=scores]').inert = !scores;
  for (const details of document.querySelectorAll('details')) details.open = true;
}"""


def aimed(*issues: QualityIssue, remedy: Remedy = Remedy.MORE_LIGHT) -> State:
    """The camera, after these have been seen for a moment; all is well if there are none."""
    seen = [replace(finding(issue), remedy=remedy) for issue in issues]
    return film(*(frame(1000 + 100 * n, *seen) for n in range(10)))[0]


def told(state: State, **answers: object) -> State:
    return update(state, AnswersGiven(9, Answers(**answers), state.shown.id))[0]  # type: ignore[arg-type]


def warned() -> State:
    state = answered(mel=0.9)
    glare = finding(QualityIssue.GLARE, Severity.WARN)
    return replace(state, spots=tuple(replace(spot, findings=(glare,)) for spot in state.spots))


def savable() -> State:
    state = answered(nv=0.95)
    whole = Whole(b"", ())
    return replace(state, spots=tuple(replace(spot, whole=whole) for spot in state.spots))


def several(*, asks: bool = False) -> State:
    """Three photos in a row, the last of which could not be judged."""
    photos = [photo(number=n) for n in (1, 2, 3)]
    state, _ = update(ready(), chosen(*photos))
    for one in photos[:2]:
        state, _ = update(state, prepared(one))
        state, _ = update(state, Predicted(one.id, logits(mel=0.9), 60.0, "wasm", 1.0))
    state, _ = update(state, prepared(photos[2], QualityIssue.BLUR))
    state, _ = update(state, PhotoOpened(2, 1))
    return update(state, Reset(3))[0] if asks else state


LIVE = aimed()
REPEAT = replace(
    LIVE,
    earlier=earlier_of(EDGE, (600, 600), Modality.DERMOSCOPIC, 120.0),
    stage=replace(
        live_of(LIVE), coach=replace(live_of(LIVE).coach, told=Adjustment.WITHOUT_DERMOSCOPE)
    ),
)
TEXT_FILE = NotAPictureError(Fault.TEXT_FILE, name="holiday-2026-11-30-at-the-lake.jpg")
STATES = {
    "booting": State(),
    "ready": ready(),
    "aiming": LIVE,
    "scores": LIVE,
    "by-hand": update(LIVE, AutomaticSet(2, automatic=False))[0],
    "dark": aimed(QualityIssue.DARK),
    "blurred": aimed(QualityIssue.BLUR, remedy=Remedy.FOCUS_AT_20_CM),
    "stalled": update(LIVE, CameraStalled(2))[0],
    "urgent": answered(mel=0.9),
    "high": answered(bcc=0.9),
    "medium": answered(akiec=0.9),
    "low": answered(nv=0.95),
    "with-map": explained(),
    "warned": warned(),
    "raised": told(answered(nv=0.95), bleeding=True, growing_nodule=True),
    "outside": told(answered(nv=0.95), body_site=BodySite.NAIL),
    "rejected": replace(refused(), refusals=3),
    "error": broken(),
    "notice": replace(
        answered(mel=0.9), stage=AtPhotos(NotAPictureError(Fault.TEXT_FILE, name="a"))
    ),
    "row": several(),
    "row-confirm": several(asks=True),
}


@pytest.fixture(scope="module")
def still(chromium: Browser, site: str) -> Iterator[Page]:
    """The page without its scripts, for all tests of this file."""
    page = chromium.new_page()
    page.set_default_timeout(60_000)
    page.route("**/*.js", lambda route: route.abort())
    page.goto(site)
    yield page
    page.close()


def stand(
    page: Page,
    state: State,
    name: str = "",
    route: Route = Route.SCREENING,
    spots: Spots | None = None,
) -> None:
    regions = whole_page(Lentigo(screening=state, route=route, spots=spots or Spots()))
    page.evaluate(_STANDS, [regions, state.mode, route, state.live is not None, name == "scores"])


@pytest.mark.parametrize("name", STATES)
def test_nothing_breaks_in_any_mode(still: Page, name: str) -> None:
    stand(still, STATES[name], name)
    found = [fault for mode in MODES for fault in faults_in(still, mode)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", KEPT_STATES)
def test_nothing_breaks_in_any_mode_on_a_screen_of_kept_spots(still: Page, name: str) -> None:
    route, spots = KEPT_STATES[name]
    of_answer = savable() if route is Route.SCREENING else ready()
    stand(still, REPEAT if spots.repeating else of_answer, route=route, spots=spots)
    found = [fault for mode in MODES for fault in faults_in(still, mode)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("route", [Route.FACTS, Route.TABLES])
def test_nothing_breaks_in_any_mode_on_a_page_to_read(still: Page, route: Route) -> None:
    stand(still, ready(), route=route)
    found = [fault for mode in MODES for fault in faults_in(still, mode)]
    assert not found, "\n".join(found)


def test_nothing_breaks_in_any_mode_when_a_new_version_waits(still: Page) -> None:
    notice = still.locator("[data-testid=update]")
    stand(still, answered(mel=0.9))
    assert not still.is_visible(".update-loss")
    notice.evaluate("(e) => { e.hidden = false; }")
    assert "clears" in still.inner_text(".update-loss")
    found = [fault for mode in MODES for fault in faults_in(still, mode)]
    stand(still, ready())
    assert not still.is_visible(".update-loss"), "there is nothing to lose"
    notice.evaluate("(e) => { e.hidden = true; }")
    assert not found, "\n".join(found)


_BROKEN = """<body style="margin: 0"><a href="#x">top</a>
<p style="width: 99px; white-space: nowrap">a line that is far longer than its box is wide</p>
<button style="position: fixed; bottom: 0; left: 0">low</button>
<div style="position: fixed; bottom: 0; left: 0; width: 100%; height: 90px; background: red"></div>
<div style="width: 2000px">wide</div>"""


def test_what_breaks_in_a_mode_is_found(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(_BROKEN)
    found = " | ".join(faults_in(page, next(mode for mode in MODES if mode.notch_px)))
    for fault in ("scrolls sideways", "spills over", "covered when it has the focus: button “low”",
                  "beyond the safe area: a “top”"):  # fmt: skip
        assert fault in found
    page.close()


def test_forced_colours_tell_what_is_pressed(still: Page) -> None:
    stand(still, LIVE)
    with in_mode(still, FORCED_COLOURS):
        pressed, free = (
            still.locator(f"[data-camera={name}]").evaluate(
                "(e) => ['', '::before'].map((part) => getComputedStyle(e, part))"
                ".map((style) => [style.backgroundColor, style.content])"
            )
            for name in ("auto", "scores")
        )
    assert pressed[0][0] != free[0][0]
    assert "✓" in pressed[1][1]
    assert free[1][1] == "none"
