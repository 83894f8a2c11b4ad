"""The spots on a drawing of the body, and as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.body.drawing import body_map
from app.body.pins import Pin
from app.html import Html, join, markup
from app.spots.people import unless_known
from app.spots.shown import name_of

if TYPE_CHECKING:
    from app.spots.collection import Collection
    from app.spots.state import Spots
    from app.words import Words


def view(spots: Spots, words: Words) -> dict[str, Html]:
    """Render the one region of the screen."""
    barred = unless_known(spots, "whose-map", words)
    return {"map": _map(spots.collection, words) if barred is None else barred}


def _map(collection: Collection, words: Words) -> Html:
    pins = _pins(collection, words)
    unplaced = sum(watched.spot.place is None for watched in collection.of_person())
    notes = []
    if not pins:
        notes.append(words("spots.map.empty"))
    if unplaced:
        notes.append(words("spots.map.unplaced", count=unplaced))
    said = join(markup('<p class="note">{text}</p>', text=text) for text in notes)
    return join((said, body_map(pins, words)))


def _pins(collection: Collection, words: Words) -> tuple[Pin, ...]:
    return tuple(
        Pin(
            number,
            watched.id,
            watched.spot.place,
            collection.is_due(watched),
            name_of(watched.spot, words),
        )
        for number, watched in enumerate(collection.of_person(), start=1)
        if watched.spot.place is not None
    )
