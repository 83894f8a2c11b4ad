"""What live mode tells the visitor, as HTML: the remedy, the checks, the outline, the ring. Pure.

The content security policy allows no inline style, so shapes are SVG with plain attributes. The
ring and the outline use percent of the square that the preview shows.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.ports import Cue
from app.screens.screening.live import View
from app.screens.screening.state import Mode
from app.words import Words, keys
from app.words.picture import FAULT, HINT
from lentigo.picture.quality import Finding, QualityIssue, Severity
from lentigo.spots.lining_up import Adjustment

if TYPE_CHECKING:
    from app.screens.screening.live import Live
    from app.screens.screening.state import State
    from lentigo.spots.lining_up import Earlier

# After so many pictures in a row that could not be judged, a photo from elsewhere is offered.
OFFER_UPLOAD_FROM = 3


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


_ADJUSTMENT = keys(Adjustment, "coach.again.{}")


def hint(live: Live, words: Words, earlier: Earlier | None = None) -> Html:
    """Render the one thing to do now, over the preview."""
    if live.stalled:
        return _hint("gauge-bad", words("coach.stalled"))
    match live.coach.told:
        case Finding(remedy=remedy):
            return _hint("gauge-bad", words(HINT[remedy]))
        case Adjustment() as step:
            return _hint("gauge-open", words(_ADJUSTMENT[step]))
        case View.OPEN:
            return _hint(
                "gauge-open", words("coach.again" if _has_example(earlier) else "coach.aim")
            )
        case View.GOOD:
            return _hint("gauge-good", _praise(live, words))


def _hint(kind: str, said: str) -> Html:
    return markup('<p class="gauge {kind}">{said}</p>', kind=kind, said=said)


def _praise(live: Live, words: Words) -> str:
    return words("coach.good" if live.automatic else "coach.good.by-hand")


def _has_example(earlier: Earlier | None) -> bool:
    return earlier is not None and earlier.sight is not None


def outline(live: Live, earlier: Earlier | None = None) -> Html:
    """Render the ring that fills before the photo is taken, and the lesion's outline.

    The outline is drawn only while all is well: around anything else it would mislead. That of an
    earlier photo, which this one repeats, is where to bring it.
    """
    points = _points(live.spot.outline)
    before = _points(earlier.outline) if earlier else ""
    around = markup('<polygon id="outline" points="{points}"/>', points=points)
    ring = markup(
        '<circle class="ring" id="ring" cx="50" cy="50" r="46" pathLength="100" '
        'stroke-dasharray="{filled:.0f} 100"/>',
        filled=100 * live.coach.good_share,
    )
    return markup(
        '<svg viewBox="0 0 100 100" aria-hidden="true">{before}{around}{ring}</svg>',
        before=markup('<polygon class="earlier" points="{points}"/>', points=before)
        if before
        else NOTHING,
        around=around if points and live.coach.is_good else NOTHING,
        ring=ring if live.automatic and live.coach.good_ms is not None else NOTHING,
    )


def _points(outline: tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{100 * x:.1f},{100 * y:.1f}" for x, y in outline)


def checks(live: Live, words: Words) -> Html:
    """Render what is right and what is not yet, as a row of ticks.

    In light by which nothing can be judged the light is the only check.
    """
    found = frozenset(live.spot.issues)
    refusing = {f.issue for f in live.spot.findings if f.severity is Severity.REFUSE}
    judged = (Check.LIGHT,) if refusing & CHECKS[Check.LIGHT] else tuple(Check)
    items = join(_check(check, not found & CHECKS[check], words) for check in judged)
    return markup(
        '<ul class="checks" aria-label="{label}">{items}</ul>',
        label=words("coach.checks"),
        items=items,
    )


def _check(check: Check, passed: bool, words: Words) -> Html:
    name = words(_NAME[check])
    return markup(
        '<li class="{kind}">'
        '<svg viewBox="0 0 24 24" aria-hidden="true"><use href="#{icon}"/></svg>'
        '<span aria-hidden="true">{name}</span><span class="sr-only">{aloud}</span></li>',
        kind="check-good" if passed else "check-bad",
        icon="icon-check" if passed else "icon-cross",
        name=name,
        aloud=words("coach.check.passed" if passed else "coach.check.failed", check=name),
    )


def spoken(before: State, after: State, words: Words) -> str:
    """Say what has changed while aiming, in a few words; empty when there is nothing new."""
    if before.mode is not Mode.LIVE or before.live is None or after.live is None:
        return words("coach.said.opened")
    if after.live.stalled:
        return "" if before.live.stalled else words("coach.stalled")
    told, known = after.live.coach.told, before.live.coach.told
    if isinstance(told, Finding):
        if isinstance(known, Finding) and known.issue is told.issue:
            return ""
        fault, hint = words(FAULT[told.issue]), words(HINT[told.remedy])
        return words("coach.said.hint", fault=fault, hint=hint)
    if isinstance(told, Adjustment):
        return "" if known is told else words(_ADJUSTMENT[told])
    return _praise(after.live, words) if _turned_good(before.live, after.live) else ""


def _turned_good(before: Live, after: Live) -> bool:
    return before.coach.told is not View.GOOD and after.coach.told is View.GOOD


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
