"""Whose spots they are: choosing somebody, and asking who it is where that is not known. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import Html, join, markup
from app.spots.shown import barrier, person_name
from lentigo.spots.records import NAME_LENGTH

if TYPE_CHECKING:
    from app.spots.collection import Collection
    from app.spots.state import Spots
    from app.words import Words


def unless_known(spots: Spots, at: str, words: Words) -> Html | None:
    """Render what stands in place of somebody's spots: what the store says, or who it is.

    ``at`` names the place on the page, where several may ask.
    """
    barred = barrier(spots, words)
    return (
        _who(spots.collection, at, words)
        if barred is None and spots.collection.asks_who
        else barred
    )


def choices(collection: Collection, at: str, words: Words) -> Html:
    """Render a button for each person; the one who is shown is pressed."""
    shown = collection.shown_person
    return join(
        markup(
            '<button type="button" class="small" id="{at}-{id}" data-action="person-chosen" '
            'data-person="{id}" aria-pressed="{pressed}">{name}</button>',
            at=at,
            id=person.id,
            pressed="true" if person is shown else "false",
            name=person_name(person, words),
        )
        for person in collection.people
    )


def next_person(words: Words, size: str = "") -> Html:
    """Render the button that forgets what was not saved, and whose it was."""
    return markup(
        '<button type="button" class="quiet {size}" data-action="next-person" '
        'data-testid="next-person">{text}</button>',
        size=size,
        text=words("spots.next-person"),
    )


def _who(collection: Collection, at: str, words: Words) -> Html:
    return markup(
        '<div class="who" data-testid="who"><h2>{title}</h2>'
        '<div class="actions" role="group" aria-label="{title}">{choices}</div>'
        '<form data-form="person"><p class="field"><label for="{at}-name">{label}</label>'
        '<input id="{at}-name" name="name" maxlength="{most}" required autocomplete="off"></p>'
        '<p class="actions"><button type="submit" data-action="person-added">{add}</button></p>'
        "</form></div>",
        title=words("spots.who"),
        choices=choices(collection, at, words),
        at=at,
        label=words("spots.who.new"),
        most=NAME_LENGTH,
        add=words("settings.people.add"),
    )
