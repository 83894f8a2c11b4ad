"""What the page knows of the spots that are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from app.spots.events import StoreState
from lentigo.spots.archive import ArchiveError, read
from lentigo.spots.history import in_order, standing
from lentigo.spots.records import Backup, Capture, KeptSpot, Person
from lentigo.spots.schedule import DueFor, due
from lentigo.triage.checklist import NO_ANSWERS

if TYPE_CHECKING:
    from datetime import date

    from app.spots.events import StoredRecord, StoreFault
    from lentigo.spots.history import HistoryRequest
    from lentigo.spots.records import Record
    from lentigo.spots.schedule import Due
    from lentigo.triage.checklist import Answers


# Of ``Collection.person``: somebody else has the device now, and nobody has said who.
NOBODY = ""

# After how many photos that are in no backup one is asked for, quietly. Ours.
BACKUP_AFTER = 3


class Asked(StrEnum):
    """What the page has asked of the store."""

    NOTHING = "nothing"
    OPENING = "opening"
    KNOWN = "known"


@dataclass(frozen=True)
class Watched:
    """A spot with its photos, the earliest first, and what follows from them.

    ``deleted`` are those of which only what they asked for is left.
    """

    spot: KeptSpot
    captures: tuple[Capture, ...]
    deleted: tuple[Capture, ...] = ()

    @property
    def id(self) -> str:
        """The name of the spot's record."""
        return self.spot.id

    @property
    def newest(self) -> Capture:
        """The photo of the latest day."""
        return self.captures[-1]

    @cached_property
    def history(self) -> tuple[Capture, ...]:
        """The photos, and what is left of others, the earliest first."""
        return in_order((*self.captures, *self.deleted))

    @cached_property
    def standing(self) -> HistoryRequest | None:
        """What no doctor has answered yet."""
        return standing(self.history, self.spot.state)

    @cached_property
    def due(self) -> Due | None:
        """What is due."""
        return due(self.history, self.spot.state)


@dataclass(frozen=True)
class Collection:
    """Everything kept that could be read, and what is said of the store.

    ``revisions`` is how often each record was written. ``unread`` counts records that a newer
    Lentigo has written, or that are damaged: they are left as they are. ``person`` is whose spots
    are shown, if somebody has been chosen, or ``NOBODY``. ``today`` is the visitor's day when the
    store was read.
    """

    asked: Asked = Asked.NOTHING
    state: StoreState = StoreState.EMPTY
    passcode: bool = False
    persisted: bool | None = None
    fault: StoreFault | None = None
    records: Mapping[str, Record] = field(default_factory=dict)
    revisions: Mapping[str, int] = field(default_factory=dict)
    unread: int = 0
    person: str | None = None
    today: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether something can be kept: in an open store, or in one that is yet to be made."""
        return self.asked is Asked.KNOWN and not self.is_locked

    @property
    def is_locked(self) -> bool:
        """Whether a passcode stands before it."""
        return self.state is StoreState.LOCKED

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Whose spots are kept, the first one first."""
        found = [record for record in self.records.values() if isinstance(record, Person)]
        return tuple(sorted(found, key=lambda person: (person.created, person.id)))

    @property
    def shown_person(self) -> Person | None:
        """Whose spots are shown: the one that was chosen, or the only one there is."""
        people = self.people
        if self.person is None and len(people) == 1:
            return people[0]
        return next((person for person in people if person.id == self.person), None)

    @property
    def asks_who(self) -> bool:
        """Whether somebody has to be chosen: a spot must not end up with another person's."""
        return bool(self.people) and self.shown_person is None

    @property
    def about(self) -> Answers:
        """What is known of the person shown."""
        person = self.shown_person
        return person.about if person else NO_ANSWERS

    def watched(self, spot_id: str) -> Watched | None:
        """Return a spot with its photos; ``None`` if there is none of this name, or no photo."""
        return self._watched.get(spot_id)

    def of_person(self) -> tuple[Watched, ...]:
        """Return the spots of the person shown: those due first, then the newest."""
        person = self.shown_person
        found = self.spots_of(person.id) if person is not None else ()
        newest = sorted(found, key=lambda watched: watched.newest.order, reverse=True)
        return tuple(sorted(newest, key=self._urgency))

    def spots_of(self, person: str) -> tuple[Watched, ...]:
        """Return the spots of somebody, by the name of their record."""
        return tuple(each for each in self._watched.values() if each.spot.person == person)

    def number_of(self, spot_id: str) -> int | None:
        """Return the number of a spot among those of the person shown, as on the map."""
        ids = [watched.id for watched in self.of_person()]
        return ids.index(spot_id) + 1 if spot_id in ids else None

    def is_due(self, watched: Watched) -> bool:
        """Tell whether something should be done by now."""
        asked = watched.due
        return asked is not None and self.today is not None and asked.is_due(self.today)

    @property
    def backup(self) -> Backup:
        """What is known of backups."""
        return next((r for r in self.records.values() if isinstance(r, Backup)), Backup())

    @cached_property
    def without_backup(self) -> int:
        """How many photos are in no backup."""
        backup = self.backup
        captures = (each for watched in self._watched.values() for each in watched.captures)
        return sum(not backup.holds(capture) for capture in captures)

    @property
    def wants_backup(self) -> bool:
        """Whether it is time for one."""
        return self.without_backup >= BACKUP_AFTER

    def _urgency(self, watched: Watched) -> int:
        asked = watched.due
        if asked is None or not self.is_due(watched):
            return 2
        return 0 if asked.what is DueFor.DOCTOR else 1

    @cached_property
    def _watched(self) -> Mapping[str, Watched]:
        """Each spot that has a photo, by its name."""
        found: dict[str, list[Capture]] = {}
        deleted: dict[str, list[Capture]] = {}
        for record in self.records.values():
            if isinstance(record, Capture):
                of = deleted if record.is_deleted else found
                of.setdefault(record.spot, []).append(record)
        return {
            record.id: Watched(
                record, in_order(found[record.id]), in_order(deleted.get(record.id, ()))
            )
            for record in self.records.values()
            if isinstance(record, KeptSpot) and record.id in found
        }


def parsed(stored: tuple[StoredRecord, ...]) -> tuple[dict[str, Record], int]:
    """Read records by their keys; also returns how many could not be read."""
    found: dict[str, Record] = {}
    for record in stored:
        try:
            found[record.key] = read(record.json)
        except ArchiveError:
            continue
    return found, len(stored) - len(found)
