"""My spots: everything that is kept of a person, what is due first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.spots.people import choices, next_person, unless_known
from app.spots.shown import (
    backup_due,
    due_text,
    name_of,
    picture,
    told_fault,
    unread,
)
from app.words.places import place_name

if TYPE_CHECKING:
    from app.spots.collection import Collection, Watched
    from app.spots.state import Spots
    from app.words import Words


def view(spots: Spots, words: Words) -> dict[str, Html]:
    """Render the one region of the screen."""
    barred = unless_known(spots, "whose", words)
    return {"spots": _spots(spots, words) if barred is None else barred}


def _spots(spots: Spots, words: Words) -> Html:
    collection = spots.collection
    found = collection.of_person()
    content = join(_spot(watched, collection, words) for watched in found)
    return join(
        (
            told_fault(spots, words),
            unread(collection, words),
            _people(collection, words),
            backup_due(collection, words),
            _tools(words) if found else NOTHING,
            markup('<ul class="kept-spots">{content}</ul>', content=content)
            if found
            else _empty(words),
        )
    )


def _empty(words: Words) -> Html:
    return markup(
        '<div class="empty" data-testid="no-spots"><p>{text}</p><p>{how}</p></div>',
        text=words("spots.empty"),
        how=words.html("spots.empty.how"),
    )


def _tools(words: Words) -> Html:
    return markup(
        '<p class="actions"><button type="button" class="small" data-action="toggle-pictures" '
        'data-pictures aria-pressed="false">{hide}</button></p>',
        hide=words("spots.hide-pictures"),
    )


def _people(collection: Collection, words: Words) -> Html:
    if len(collection.people) < 2:
        return NOTHING
    return markup(
        '<div class="actions" role="group" aria-label="{label}">{choices}{next_person}</div>',
        label=words("spots.person.choose"),
        choices=choices(collection, "person", words),
        next_person=next_person(words, "small"),
    )


def _spot(watched: Watched, collection: Collection, words: Words) -> Html:
    due, spot = watched.due, watched.spot
    name = name_of(spot, words)
    place = place_name(spot.place.site, words) if spot.place and spot.name else ""
    return markup(
        '<li data-testid="spot" data-spot="{id}" data-captures="{count}" data-due="{due}" '
        'class="{state}"><a href="#/spots/{id}">{picture}<span class="kept-spot">'
        "<strong>{name}</strong>{place}<span>{due_text}</span><small>{photos}</small></span></a>"
        "</li>",
        id=watched.id,
        count=len(watched.captures),
        due=due.by.isoformat() if due else "",
        state="is-due" if collection.is_due(watched) else "is-kept",
        picture=picture(watched.newest.thumbnail, ""),
        name=name,
        place=markup("<span>{place}</span>", place=place) if place else NOTHING,
        due_text=due_text(watched, collection, words),
        photos=words("spots.photos", count=len(watched.captures)),
    )
