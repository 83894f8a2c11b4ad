"""Two photos of one spot: beside each other, over each other, and what was measured."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.spots.shown import barrier, fault, name_of, size_text, standing
from app.spots.update import CHANGES, FEWEST
from app.words.catalogue import keys
from app.words.dates import day_text
from app.words.triage import QUESTION_LABEL
from lentigo.spots.comparison.alignment import Reason
from lentigo.spots.comparison.change import ChangeCode
from lentigo.spots.comparison.twin import Twin
from lentigo.spots.records import ChangeSeen

if TYPE_CHECKING:
    from app.spots.collection import Watched
    from app.spots.events import Compared
    from app.spots.state import Comparing, Spots
    from app.words import Words
    from lentigo.spots.records import Capture

_CHANGE = keys(ChangeCode, "spots.measured.{}")
_REASON = keys(Reason, "spots.not-aligned.{}")
_TWIN = keys(Twin, "spots.twin.{}")
_SEEN = keys(ChangeSeen, "spots.change.{}")


def view(spots: Spots, words: Words) -> dict[str, Html]:
    """Render the one region of the screen."""
    barred = barrier(spots, words)
    return {"compare": _compare(spots, words) if barred is None else barred}


def _compare(spots: Spots, words: Words) -> Html:
    watched = spots.collection.watched(spots.opened or "")
    if watched is None:
        return markup('<p data-testid="no-spot">{text}</p>', text=words("spots.gone"))
    back = markup(
        '<p class="back" data-of="{newest}"><a href="#/spots/{id}">{text}</a></p>',
        newest=watched.newest.id,
        id=watched.id,
        text=words("spots.compare.back", name=name_of(watched.spot, words)),
    )
    comparing = spots.comparing
    if comparing is None or len(watched.captures) < FEWEST:
        return join((back, markup("<p>{text}</p>", text=words("spots.compare.one"))))
    return join((back, standing(watched, words), _pair(watched, comparing, words)))


def _pair(watched: Watched, comparing: Comparing, words: Words) -> Html:
    by_id = {capture.id: capture for capture in watched.captures}
    earlier, later = by_id.get(comparing.earlier), by_id.get(comparing.later)
    if earlier is None or later is None:
        return NOTHING
    if comparing.fault is not None:
        return fault(comparing.fault, words)
    parts = [_earlier_ones(watched, comparing, words)]
    if comparing.found is None:
        parts.append(
            markup('<p class="note" role="status">{text}</p>', text=words("spots.compare.working"))
        )
    else:
        parts.append(_found(comparing.found, earlier, later, words))
    parts.append(_sizes(earlier, later, words))
    parts.append(_question(later, earlier, words))
    return join(parts)


def _earlier_ones(watched: Watched, comparing: Comparing, words: Words) -> Html:
    """Offer every earlier photo."""
    if len(watched.captures) <= FEWEST:
        return NOTHING
    return markup(
        '<div class="earlier-ones" role="group" aria-labelledby="earlier-ones"><p class="note" '
        'id="earlier-ones">{label}</p><div class="actions">{buttons}</div></div>',
        label=words("spots.compare.with"),
        buttons=join(
            markup(
                '<button type="button" class="small" id="with-{id}" data-action="compare-with" '
                'data-capture="{id}" aria-pressed="{pressed}">{day}</button>',
                id=capture.id,
                pressed="true" if capture.id == comparing.earlier else "false",
                day=day_text(capture.taken, words),
            )
            for capture in watched.captures[:-1]
        ),
    )


def _found(found: Compared, earlier: Capture, later: Capture, words: Words) -> Html:
    days = day_text(earlier.taken, words), day_text(later.taken, words)
    first, second = (_jpeg(picture) for picture in found.pictures)
    width_px, height_px = found.size
    over = markup(
        '<figure class="over" data-over="slider"><div class="over-pictures">'
        '<img src="{first}" alt="{first_label}" width="{width}" height="{height}">'
        '<img class="upper" src="{second}" alt="{second_label}" width="{width}" '
        'height="{height}">{outlines}</div>'
        '<p class="field"><label for="over-share">{slide}</label>'
        '<input type="range" id="over-share" data-over-share min="0" max="100" value="50"></p>'
        '<p class="actions"><button type="button" class="small" data-action="toggle-blink" '
        'data-blink aria-pressed="false">{blink}</button></p></figure>',
        first=first,
        second=second,
        first_label=words("spots.photo.label", day=days[0]),
        second_label=words("spots.photo.label", day=days[1]),
        width=width_px,
        height=height_px,
        outlines=_outlines(found),
        slide=words("spots.compare.slide"),
        blink=words("spots.compare.blink"),
    )
    beside = markup(
        '<div class="beside"><figure><img src="{first}" alt="{first_label}"><figcaption>{one}'
        '</figcaption></figure><figure><img src="{second}" alt="{second_label}"><figcaption>'
        "{other}</figcaption></figure></div>",
        first=first,
        second=second,
        first_label=words("spots.photo.label", day=days[0]),
        second_label=words("spots.photo.label", day=days[1]),
        one=days[0],
        other=days[1],
    )
    return markup(
        '<section class="comparison" data-testid="comparison" data-aligned="{aligned}" '
        'data-area-change="{area}" data-changes="{codes}">{beside}{over}{said}</section>',
        aligned="true" if found.aligned else "false",
        area="" if found.area_share is None else f"{found.area_share:.4f}",
        codes=",".join(found.codes),
        beside=beside,
        over=over if found.aligned else NOTHING,
        said=_said(found, words),
    )


def _sizes(earlier: Capture, later: Capture, words: Words) -> Html:
    """Say the size in each photo that has a coin."""
    known = [
        words(
            "spots.size.on",
            day=day_text(size.on or capture.taken, words),
            size=size_text(size, words),
        )
        for capture in (earlier, later)
        if (size := capture.size) is not None
    ]
    if not known:
        return NOTHING
    lines = join(markup("<li>{text}</li>", text=text) for text in known)
    return markup(
        '<div class="sizes" data-testid="sizes"><ul>{lines}</ul><p class="note">{meaning}</p>'
        "</div>",
        lines=lines,
        meaning=words("spots.size.meaning"),
    )


def _outlines(found: Compared) -> Html:
    """Draw both outlines over each other: the earlier one dashed."""
    if len(found.outlines) < FEWEST:
        return NOTHING
    return markup(
        '<svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">'
        '<polygon class="earlier" points="{first}"/><polygon class="later" points="{second}"/>'
        "</svg>",
        first=_points(found.outlines[0]),
        second=_points(found.outlines[1]),
    )


def _points(outline: tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{x:.4f},{y:.4f}" for x, y in outline)


def _said(found: Compared, words: Words) -> Html:
    """Say what was measured beyond the method's own error, and what could not be."""
    if found.twin is not None:
        return markup('<p class="notice">{text}</p>', text=words(_TWIN[found.twin]))
    if found.reason is not None:
        return markup(
            '<p class="note">{reason} {instead}</p>',
            reason=words(_REASON[found.reason]),
            instead=words("spots.not-aligned"),
        )
    changes = join(markup("<li>{text}</li>", text=words(_CHANGE[code])) for code in found.codes)
    area = NOTHING
    if found.area_share is not None:
        direction = "larger" if found.area_share > 0 else "smaller"
        share = round(abs(found.area_share) * 100)
        said = words("spots.measured.area", share=share, direction=direction)
        area = markup("<p>{text}</p>", text=said)
    if not found.codes:
        nothing = words("spots.measured.nothing")
        return markup('<p class="note" data-testid="measured">{text}</p>', text=nothing)
    return markup(
        '<div class="notice" data-testid="measured"><ul>{changes}</ul>{area}<p>{doctor}</p></div>',
        changes=changes,
        area=area,
        doctor=words("spots.measured.doctor") if found.concerns else words("spots.measured.look"),
    )


def _question(later: Capture, earlier: Capture, words: Words) -> Html:
    """Ask what the visitor sees: that counts more than what is measured."""
    told = later if later.change_since == earlier.id else replace(later, change_seen=None)
    choices = join(
        markup(
            '<label class="choice"><input type="radio" name="seen" value="{value}"{checked} '
            "required><span>{text}</span></label>",
            value=seen,
            checked=markup(" checked") if told.change_seen is seen else NOTHING,
            text=words(_SEEN[seen]),
        )
        for seen in ChangeSeen
    )
    kinds = join(
        markup(
            '<label class="choice"><input type="checkbox" name="{value}"{checked}>'
            "<span>{text}</span></label>",
            value=question,
            checked=markup(" checked")
            if told.change_seen and question in told.changes
            else NOTHING,
            text=words(QUESTION_LABEL[question]),
        )
        for question in CHANGES
    )
    return markup(
        '<form class="change" data-form="change" data-testid="change"><fieldset><legend>{question}'
        '</legend>{choices}</fieldset><fieldset class="which-change"><legend>{which}</legend>'
        '{kinds}</fieldset><p class="actions"><button type="submit" class="primary" '
        'data-action="change-answered" data-capture="{capture}">{save}</button></p></form>',
        question=words("spots.change.question", day=day_text(earlier.taken, words)),
        choices=choices,
        which=words("spots.change.which"),
        kinds=kinds,
        capture=later.id,
        save=words("spots.change.save"),
    )


def _jpeg(data: bytes) -> str:
    return f"data:image/jpeg;base64,{b64encode(data).decode('ascii')}"
