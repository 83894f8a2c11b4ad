"""What of a backup is new here. Nothing is ever overwritten in silence. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.spots.collection import parsed
from app.spots.events import StoredRecord
from lentigo.spots.archive import write
from lentigo.spots.history import with_the_more_severe_change
from lentigo.spots.records import Backup, Capture, pictures_of

if TYPE_CHECKING:
    from app.spots.collection import Collection


def restored(collection: Collection, backup: tuple[StoredRecord, ...]) -> Backup:
    """Return what is known of backups once this one has been taken: its photos are in one."""
    before, (records, _) = collection.backup, parsed(backup)
    captures = [record for record in records.values() if isinstance(record, Capture)]
    more = (capture.id for capture in captures if not before.holds(capture))
    return replace(before, restored=before.restored.union(more))


@dataclass(frozen=True)
class Merge:
    """Records to be written, with the keys of the pictures that are not here, and counts.

    ``known`` are here already; photos among them of which the backup knows of a change are
    written with it. ``unread`` could not be read and are left out.
    """

    records: tuple[StoredRecord, ...]
    pictures: tuple[str, ...]
    known: int
    unread: int


def merged(collection: Collection, backup: tuple[StoredRecord, ...]) -> Merge:
    """Compare a backup with what is kept, by the names of the records: what is here stays.

    What is known of a photo can only become more: a change that was seen or measured elsewhere
    asks for a doctor here too.
    """
    found, unread = parsed(backup)
    # What its device knew of backups is of no use here.
    records = {key: record for key, record in found.items() if not isinstance(record, Backup)}
    new = tuple(
        replace(stored, revision=0) for stored in backup
        if stored.key in records and stored.key not in collection.revisions
    )  # fmt: skip
    pictures = tuple(key for stored in new for key in pictures_of(records[stored.key]))
    raised = tuple(
        StoredRecord(there.id, write(both), collection.revisions[there.id])
        for there in records.values()
        if isinstance(there, Capture)
        and isinstance(here := collection.records.get(there.id), Capture)
        and (both := with_the_more_severe_change(here, there)) != here
    )
    return Merge((*new, *raised), pictures, len(records) - len(new), unread)
