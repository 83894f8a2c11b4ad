"""From an answer and a form to the records that are kept. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from lentigo.spots.place import Place, Site
from lentigo.spots.records import NAME_LENGTH, NOTE_LENGTH, Capture, KeptSpot, Person
from lentigo.triage.checklist import NO_ANSWERS

if TYPE_CHECKING:
    from app.events import Whole
    from app.spots.collection import Collection
    from app.spots.events import SaveConfirmed
    from lentigo.model.modality import Modality
    from lentigo.picture.quality import QualityIssue
    from lentigo.spots.records import Judged, Record
    from lentigo.triage.checklist import Answers

# The value of the field that asks for a spot of its own.
NEW_SPOT = "new"


class FormFault(StrEnum):
    """What is wrong with what was filled in."""

    NO_DAY = "no-day"
    FUTURE_DAY = "future-day"


class FormError(ValueError):
    """A form that cannot be followed; nothing has been changed."""

    def __init__(self, fault: FormFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class Answered:
    """An answer that can be kept: the photo that the page shows, and what was made of it.

    ``taken`` is the day of the photo, if it is known. ``answers`` are about the spot, ``person``
    is what is known of the person.
    """

    photo_id: int
    whole: Whole
    thumbnail: bytes
    taken: date | None
    taken_here: bool
    issues: tuple[QualityIssue, ...]
    modality: Modality
    judged: Judged
    answers: Answers
    person: Answers


@dataclass(frozen=True)
class Kept:
    """What is to be written at once: records, and pictures (JPEG) by key."""

    records: tuple[Record, ...]
    pictures: dict[str, bytes]
    spot: str


def kept(
    answered: Answered, collection: Collection, event: SaveConfirmed, placed: Place | None = None
) -> Kept:
    """Return the records of an answer; ``FormError`` if the day is missing or has yet to come.

    ``ids`` of the event name what is new; ``placed`` is where the visitor pointed at. Of several
    photos the one that the page shows is kept, with the answer that all of them had.
    """
    ids, fields = iter(event.ids), event.fields
    today = event.at.local.date()
    taken = day_of(fields.get("taken", ""), today)
    former = collection.watched(fields.get("spot", NEW_SPOT))
    new: list[Record] = []
    if former is None:
        person = collection.shown_person
        if person is None:
            person = Person(next(ids), "", event.at.utc, answered.person)
            new.append(person)
        spot = KeptSpot(
            next(ids),
            person.id,
            shortened(fields.get("name", ""), NAME_LENGTH),
            event.at.utc,
            shortened(fields.get("note", ""), NOTE_LENGTH),
            _place(fields.get("site", ""), placed),
        )
        new.append(spot)
    else:
        spot = former.spot
    owner = collection.records.get(spot.person)
    if isinstance(owner, Person) and owner.about == NO_ANSWERS != answered.person:
        new.append(replace(owner, about=answered.person))
    capture = Capture(
        id=next(ids),
        spot=spot.id,
        taken=taken,
        answered=today,
        saved=event.at.utc,
        picture=next(ids),
        thumbnail=next(ids),
        judged=answered.judged,
        modality=answered.modality,
        issues=answered.issues,
        outline=answered.whole.outline,
        answers=answered.answers,
    )
    pictures = {capture.picture: answered.whole.picture, capture.thumbnail: answered.thumbnail}
    return Kept((*new, capture), pictures, spot.id)


def day_of(text: str, today: date) -> date:
    """Read the day of a photo; ``FormError`` if there is none, or it has yet to come."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise FormError(FormFault.NO_DAY) from None
    if day > today:
        raise FormError(FormFault.FUTURE_DAY)
    return day


def _place(site: str, placed: Place | None) -> Place | None:
    return placed if placed is not None and placed.site == site else place_of(site)


def place_of(site: str) -> Place | None:
    """Return the place that was chosen from the list, if one was."""
    return Place(Site(site)) if site in list(Site) else None


def shortened(text: str, most: int) -> str:
    """Return what a visitor wrote, less the space around it, at most so long."""
    return text.strip()[:most]
