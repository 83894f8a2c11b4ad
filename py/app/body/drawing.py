"""The map of the body as HTML: five line drawings with numbered pins. Pure.

A drawing says nothing to a screen reader, which gets its pins as links; a place is chosen there, as
by the keyboard, from the list (``app.body.sites``). One drawing is shown at a time while a spot is
placed, and on a phone always. What is unfolded makes drawings larger, by the style sheet.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from app.body.lines import (
    BOTH_SIDES,
    FOOT_ABOVE,
    FOOT_BELOW,
    HAND_ABOVE,
    HAND_BELOW,
    MIDDLE,
)
from app.body.pins import RADIUS, RING, pinned, point_of
from app.html import NOTHING, Html, join, markup
from app.words.catalogue import keys
from app.words.places import place_name
from lentigo.spots.body_outlines import DRAWINGS
from lentigo.spots.body_shapes import (
    BIG_TOE,
    COLUMN_X,
    FINGERS,
    FOOT_X,
    HAND_X,
    ROWS_Y,
    THUMB,
    TOES,
    WIDTH,
)
from lentigo.spots.place import View

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.body.pins import Pin, Pinned
    from app.words.catalogue import Words
    from lentigo.spots.body_shapes import Digit, Polygon
    from lentigo.spots.place import Place

_VIEW = keys(View, "body.view.{}")


def body_map(
    pins: Sequence[Pin], words: Words, *, chosen: Place | None = None, placing: bool = False
) -> Html:
    """Render the drawings with their pins; ``chosen`` is marked, and its drawing shown first.

    While a spot is placed a drawing takes clicks (``data-action="place-tapped"``), and its
    pins are no links.
    """
    first = View.FRONT if chosen is None else point_of(chosen)[0]
    on = {view: pinned(pins, view) for view in View}
    return markup(
        '<div class="body-map{one}" data-testid="body-map">'
        '<fieldset class="body-views"><legend class="sr-only">{which}</legend>{choices}</fieldset>'
        '<details class="body-larger"><summary>{larger}</summary><p class="note">{scroll}</p>'
        '</details><div class="body-drawings">{drawings}</div></div>',
        one=" body-one" if placing else "",
        which=words("body.which"),
        choices=join(_choice(view, len(on[view]), view is first, words) for view in View),
        larger=words("body.larger"),
        scroll=words("body.larger.scroll"),
        drawings=join(_drawing(view, on[view], chosen, placing, words) for view in View),
    )


def _choice(view: View, count: int, is_first: bool, words: Words) -> Html:
    name = words(_VIEW[view])
    return markup(
        '<label><input type="radio" name="body-view" value="{view}"{checked}>'
        "<span>{name}</span></label>",
        view=view,
        checked=markup(" checked") if is_first else NOTHING,
        name=words("body.view.with-pins", view=name, count=count) if count else name,
    )


def _drawing(
    view: View, pins: Sequence[Pinned], chosen: Place | None, placing: bool, words: Words
) -> Html:
    shown = join(_pin(pin, not placing, words) for pin in pins)
    if chosen is not None and point_of(chosen)[0] is view:
        shown = join((shown, _cross(chosen)))
    svg = markup(
        '<svg viewBox="0 0 {width:g} {height:g}"{hidden}>'
        '<g class="body-lines" aria-hidden="true">{lines}</g>'
        '<g class="body-sides" aria-hidden="true">{sides}</g>{shown}</svg>',
        width=WIDTH,
        height=DRAWINGS[view].height,
        hidden=NOTHING if pins and not placing else markup(' aria-hidden="true"'),
        lines=_lines(view),
        sides=_sides(view, words),
        shown=shown,
    )
    return markup(
        '<div class="body-drawing" data-drawing="{view}"{scrolled}>{sheet}</div>',
        view=view,
        # Made larger it scrolls, and has no link that would have it scroll by the keyboard.
        scrolled=markup(' tabindex="0"') if placing else NOTHING,
        sheet=_sheet(view, svg, placing, bool(pins), words),
    )


def _sheet(view: View, svg: Html, placing: bool, has_pins: bool, words: Words) -> Html:
    """Render what is exactly as large as its drawing, which clicks are measured by."""
    if placing:
        return markup(
            '<div class="body-sheet" data-action="place-tapped" data-view="{view}">{svg}</div>',
            view=view,
            svg=svg,
        )
    if not has_pins:
        return markup('<div class="body-sheet">{svg}</div>', svg=svg)
    return markup(
        '<div class="body-sheet" role="group" aria-label="{name}">{svg}</div>',
        name=words(_VIEW[view]),
        svg=svg,
    )


def _pin(pinned: Pinned, is_link: bool, words: Words) -> Html:
    (x, y), pin = pinned.shown, pinned.pin
    ring = markup('<circle class="pin-ring" cx="{x:g}" cy="{y:g}" r="{r:g}"/>', x=x, y=y, r=RING)
    picture = markup(
        '{leader}{ring}<circle class="pin-disc" cx="{x:g}" cy="{y:g}" r="{r:g}"/>'
        '<text x="{x:g}" y="{y:g}" dy=".35em">{number}</text>',
        leader=_leader(pinned) if pinned.is_aside else NOTHING,
        ring=ring if pin.due else NOTHING,
        x=x,
        y=y,
        r=RADIUS,
        number=pin.number,
    )
    if not is_link:
        return markup('<g class="pin">{picture}</g>', picture=picture)
    return markup(
        '<a class="pin" href="#/spots/{spot}" aria-label="{name}">{picture}</a>',
        spot=pin.spot,
        name=_pin_name(pin, words),
        picture=picture,
    )


def _leader(pinned: Pinned) -> Html:
    """Lead from the number to the place that it is about."""
    (x, y), (at_x, at_y) = pinned.shown, pinned.at
    return markup(
        '<path class="pin-leader" d="M{x:g} {y:g}L{at_x:g} {at_y:g}"/>'
        '<circle class="pin-foot" cx="{at_x:g}" cy="{at_y:g}" r="2"/>',
        x=x,
        y=y,
        at_x=at_x,
        at_y=at_y,
    )


def _pin_name(pin: Pin, words: Words) -> str:
    place = place_name(pin.place.site, words)
    return words(
        "body.pin.due" if pin.due else "body.pin", number=pin.number, label=pin.label, place=place
    )


def _cross(chosen: Place) -> Html:
    """Mark the place that is chosen: a ring whose middle stays free."""
    _, (x, y) = point_of(chosen)
    return markup(
        '<g class="body-chosen"><circle cx="{x:g}" cy="{y:g}" r="7"/>'
        '<path d="M{x:g} {y:g}m-12 0h8m8 0h8m-12 -12v8m0 8v8"/>'
        '<circle class="pin-foot" cx="{x:g}" cy="{y:g}" r="1.6"/></g>',
        x=x,
        y=y,
    )


@lru_cache
def _lines(view: View) -> Html:
    """Draw the body: outlines, what lies within them, and its mirror image."""
    half = "".join(BOTH_SIDES[view])
    return markup(
        '{outlines}<g class="body-inner"><path d="{inner}"/>{mirror}{own}</g>',
        outlines=join(
            markup('<path d="{path}"/>', path=_curve(shape)) for shape in DRAWINGS[view].outlines
        ),
        inner="".join(MIDDLE[view]) + half,
        mirror=_mirrored(markup('<path d="{half}"/>', half=half)) if half else NOTHING,
        own=_own_lines(view),
    )


def _mirrored(half: Html) -> Html:
    return markup('<g transform="matrix(-1 0 0 1 {width:g} 0)">{half}</g>', width=WIDTH, half=half)


def _own_lines(view: View) -> Html:
    """Draw what hands and feet show: from above with nails, from below with creases."""
    if view is View.HANDS:
        return _own(HAND_ABOVE, HAND_BELOW, (*FINGERS, THUMB), HAND_X)
    if view is View.FEET:
        return _own(FOOT_ABOVE, FOOT_BELOW, (*TOES, BIG_TOE), FOOT_X)
    return NOTHING


def _own(above: Iterable[str], below: Iterable[str], digits: Iterable[Digit], x: float) -> Html:
    half = markup(
        '<path transform="translate({x:g} {top_y:g})" d="{above}"/>'
        '<path transform="matrix(-1 0 0 1 {mirror:g} {bottom_y:g})" d="{below}"/>',
        x=x,
        mirror=2 * COLUMN_X - x,
        top_y=ROWS_Y[0],
        bottom_y=ROWS_Y[1],
        above="".join((*above, *(_curve(digit.nail) for digit in digits))),
        below="".join(below),
    )
    return join((half, _mirrored(half)))


def _curve(shape: Polygon) -> str:
    """Return a closed path through the points, smooth but where one stands twice (Catmull-Rom)."""
    path = f"M{shape[0][0]:g} {shape[0][1]:g}"
    count = len(shape)
    for i, (x, y) in enumerate(shape):
        (before_x, before_y), (to_x, to_y), (then_x, then_y) = (
            shape[i - 1],
            shape[(i + 1) % count],
            shape[(i + 2) % count],
        )
        if (x, y) == (to_x, to_y):
            continue
        path += (
            f"C{x + (to_x - before_x) / 6:.1f} {y + (to_y - before_y) / 6:.1f}"
            f" {to_x - (then_x - x) / 6:.1f} {to_y - (then_y - y) / 6:.1f} {to_x:.1f} {to_y:.1f}"
        )
    return path + "Z"


def _sides(view: View, words: Words) -> Html:
    """Name the sides: a word at each of the upper corners, or below each hand, foot and profile."""
    left, right = words("body.your-left"), words("body.your-right")
    if view is View.BACK:
        return join((_said(12, 18, left), _said(228, 18, right, at_end=True)))
    if view in (View.FRONT, View.HEAD):
        return join((_said(12, 18, right), _said(228, 18, left, at_end=True)))
    if view is View.HANDS:
        names = (
            (words("body.left-hand"), words("body.right-hand")),
            (words("body.left-palm"), words("body.right-palm")),
        )
    else:
        names = (
            (words("body.left-foot"), words("body.right-foot")),
            (words("body.left-sole"), words("body.right-sole")),
        )
    return join(
        _said(x, y + 145, name, in_middle=True)
        for y, row in zip(ROWS_Y, names, strict=True)
        for x, name in zip((COLUMN_X, WIDTH - COLUMN_X), row, strict=True)
    )


def _said(x: float, y: float, text: str, *, at_end: bool = False, in_middle: bool = False) -> Html:
    anchor = "end" if at_end else "middle" if in_middle else "start"
    return markup(
        '<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{text}</text>',
        x=x,
        y=y,
        anchor=anchor,
        text=text,
    )
