"""What live mode tells the visitor, as HTML: the remedy, the checks, the outline, the ring. Pure.

The content security policy allows no inline style, so shapes are SVG with plain attributes. The
ring and the outline use percent of the square that the preview shows.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.ports import Cue
from app.screens.screening.state import Mode
from app.words import Words, keys
from app.words.picture import FAULT, HINT
from lentigo.picture.quality import QualityIssue, Severity

if TYPE_CHECKING:
    from app.screens.screening.live import Live
    from app.screens.screening.state import State

# After so many pictures in a row that could not be judged, a photo from elsewhere is offered.
OFFER_UPLOAD_FROM = 3
# From this share of the ring on it is worth saying that all is well: before, it may not last.
STEADILY_GOOD = 0.25


class Check(StrEnum):
    """What live mode ticks off, in the order in which it is set right."""

    LIGHT = "light"
    SHARP = "sharp"
    STILL = "still"
    SPOT = "spot"
    DISTANCE = "distance"
    CLEAR = "clear"


CHECKS: dict[Check, frozenset[QualityIssue]] = {
    Check.LIGHT: frozenset(
        {
            QualityIssue.DARK,
            QualityIssue.BRIGHT,
            QualityIssue.GLARE,
            QualityIssue.CONTRAST,
            QualityIssue.COLOUR_CAST,
            QualityIssue.COLOUR,
        }
    ),
    Check.SHARP: frozenset({QualityIssue.BLUR}),
    Check.STILL: frozenset({QualityIssue.MOTION}),
    Check.SPOT: frozenset(
        {
            QualityIssue.NO_LESION,
            QualityIssue.NOT_SKIN,
            QualityIssue.UNKNOWN_LESION,
            QualityIssue.SEVERAL_LESIONS,
            QualityIssue.OFF_CENTRE,
        }
    ),
    Check.DISTANCE: frozenset(
        {QualityIssue.TOO_FAR, QualityIssue.TOO_CLOSE, QualityIssue.TOO_SMALL}
    ),
    Check.CLEAR: frozenset({QualityIssue.HAIR, QualityIssue.MARKER}),
}
_NAME = keys(Check, "coach.check.{}")


def hint(live: Live, words: Words) -> Html:
    """Render the one thing to do now, over the preview; the rate once all is well."""
    told = live.coach.told
    if told is not None:
        return markup('<p class="gauge gauge-bad">{hint}</p>', hint=words(HINT[told.remedy]))
    rate, answer = live.rate_hz, live.spot.answer
    if answer is None or rate is None:
        return NOTHING
    said = words("coach.rate", rate=rate, inference_ms=answer.timings.inference_ms)
    return markup('<p class="gauge">{said}</p>', said=said)


def outline(live: Live) -> Html:
    """Render the outline of the lesion and the ring that fills before the photo is taken."""
    points = " ".join(f"{100 * x:.1f},{100 * y:.1f}" for x, y in live.spot.outline)
    around = markup('<polygon id="outline" points="{points}"/>', points=points)
    ring = markup(
        '<circle class="ring" id="ring" cx="50" cy="50" r="46" pathLength="100" '
        'stroke-dasharray="{filled:.0f} 100"/>',
        filled=100 * live.coach.good_share,
    )
    return markup(
        '<svg viewBox="0 0 100 100" aria-hidden="true">{around}{ring}</svg>',
        around=around if points else NOTHING,
        ring=ring if live.coach.good_ms is not None else NOTHING,
    )


def checks(live: Live, words: Words) -> Html:
    """Render what is right and what is not yet, as a row of ticks.

    In light by which nothing can be judged the other checks stay open.
    """
    found = frozenset(live.spot.issues)
    judged = CHECKS[Check.LIGHT].isdisjoint(
        finding.issue for finding in live.spot.findings if finding.severity is Severity.REFUSE
    )
    items = join(
        _failed(check, words)
        if found & issues
        else _passed(check, words)
        if judged
        else _open(check, words)
        for check, issues in CHECKS.items()
    )
    return markup(
        '<ul class="checks" aria-label="{label}">{items}</ul>',
        label=words("coach.checks"),
        items=items,
    )


def _passed(check: Check, words: Words) -> Html:
    return _check(check, "check-good", "icon-check", "", words)


def _failed(check: Check, words: Words) -> Html:
    return _check(check, "check-bad", "icon-cross", words("coach.check.failed"), words)


def _open(check: Check, words: Words) -> Html:
    return _check(check, "check-open", "icon-cross", words("coach.check.open"), words)


def _check(check: Check, kind: str, icon: str, aloud: str, words: Words) -> Html:
    return markup(
        '<li class="{kind}">'
        '<svg viewBox="0 0 24 24" aria-hidden="true"><use href="#{icon}"/></svg>'
        '{name}<span class="sr-only">{aloud}</span></li>',
        kind=kind,
        icon=icon,
        name=words(_NAME[check]),
        aloud=aloud,
    )


def spoken(before: State, after: State, words: Words) -> str:
    """Say what has changed while aiming, in a few words; empty when there is nothing new."""
    if before.mode is not Mode.LIVE or before.live is None or after.live is None:
        return words("coach.said.opened")
    if after.live.stalled:
        return "" if before.live.stalled else words("coach.said.stalled")
    told, known = after.live.coach.told, before.live.coach.told
    if told is not None and (known is None or known.issue is not told.issue):
        fault, hint = words(FAULT[told.issue]), words(HINT[told.remedy])
        return words("coach.said.hint", fault=fault, hint=hint)
    return words("coach.said.good") if _turned_good(before.live, after.live) else ""


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
