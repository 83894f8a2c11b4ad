"""What live mode tells the visitor, as HTML: the remedy, the checks, the outline, the ring. Pure.

The content security policy allows no inline style, so shapes are SVG with plain attributes. The
ring and the outline use percent of the square that the preview shows.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from app.ports import Cue
from app.screens.screening.state import Mode
from app.wording import CHECKS, FAULT, LIGHT, REMEDY
from lentigo.picture.quality import Severity

if TYPE_CHECKING:
    from app.screens.screening.live import Live
    from app.screens.screening.state import State

# After so many pictures in a row that could not be judged, a photo from elsewhere is offered.
OFFER_UPLOAD_FROM = 3
# From this share of the ring on it is worth saying that all is well: before, it may not last.
STEADILY_GOOD = 0.25
# How a check stands: class, icon, and what is said aloud after its name.
_PASSED = ("check-good", "icon-check", "")
_FAILED = ("check-bad", "icon-cross", ": not yet")
_OPEN = ("check-open", "icon-cross", ": cannot be told yet")


def hint(live: Live) -> str:
    """Render the one thing to do now, over the preview; the rate once all is well."""
    told = live.coach.told
    if told is not None:
        return f'<p class="gauge gauge-bad">{escape(REMEDY[told.remedy].short)}</p>'
    rate, answer = live.rate_hz, live.spot.answer
    if answer is None or rate is None:
        return ""
    inference_ms = answer.timings.inference_ms
    return f'<p class="gauge">{rate:.0f} answers a second, {inference_ms:.0f} ms each</p>'


def outline(live: Live) -> str:
    """Render the outline of the lesion and the ring that fills before the photo takes itself."""
    points = " ".join(f"{100 * x:.1f},{100 * y:.1f}" for x, y in live.spot.outline)
    around = f'<polygon id="outline" points="{points}"/>' if points else ""
    filled = f"{100 * live.coach.good_share:.0f}"
    ring = (
        '<circle class="ring" id="ring" cx="50" cy="50" r="46" pathLength="100" '
        f'stroke-dasharray="{filled} 100"/>'
        if live.coach.good_ms is not None
        else ""
    )
    return f'<svg viewBox="0 0 100 100" aria-hidden="true">{around}{ring}</svg>'


def checks(live: Live) -> str:
    """Render what is right and what is not yet, as a row of ticks.

    In light by which nothing can be judged the other checks stay open.
    """
    found = frozenset(live.spot.issues)
    judged = CHECKS[LIGHT].isdisjoint(
        finding.issue for finding in live.spot.findings if finding.severity is Severity.REFUSE
    )
    items = "".join(
        _check(name, _FAILED if found & issues else _PASSED if judged else _OPEN)
        for name, issues in CHECKS.items()
    )
    return f'<ul class="checks" aria-label="Before the photo">{items}</ul>'


def _check(name: str, how: tuple[str, str, str]) -> str:
    kind, icon, word = how
    return (
        f'<li class="{kind}">'
        f'<svg viewBox="0 0 24 24" aria-hidden="true"><use href="#{icon}"/></svg>'
        f'{name}<span class="sr-only">{word}</span></li>'
    )


def spoken(before: State, after: State) -> str:
    """Say what has changed while aiming, in a few words; empty when there is nothing new."""
    if before.mode is not Mode.LIVE or before.live is None or after.live is None:
        return "The camera is on. Bring the spot into the frame."
    if after.live.stalled:
        return "" if before.live.stalled else "The camera gives no new pictures."
    told, known = after.live.coach.told, before.live.coach.told
    if told is not None and (known is None or known.issue is not told.issue):
        return f"{FAULT[told.issue]} {REMEDY[told.remedy].short}."
    return "Good. Hold still." if _turned_good(before.live, after.live) else ""


def _turned_good(before: Live, after: Live) -> bool:
    return before.coach.good_share < STEADILY_GOOD <= after.coach.good_share


def cue(before: State, after: State) -> Cue:
    """Choose what the hand feels of a change."""
    if before.live and after.live:
        return Cue.GOOD if _turned_good(before.live, after.live) else Cue.NONE
    if before.mode is not Mode.ANALYSING:
        return Cue.NONE
    return {Mode.RESULT: Cue.TAKEN, Mode.REJECTED: Cue.REFUSED}.get(after.mode, Cue.NONE)


def offers_upload(state: State) -> bool:
    """Tell whether so many pictures were refused that another way is worth offering."""
    return state.refusals >= OFFER_UPLOAD_FROM
