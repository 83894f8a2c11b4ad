"""What of a backup is new here. Nothing is ever overwritten in silence. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.spots.collection import parsed
from lentigo.spots.records import Capture

if TYPE_CHECKING:
    from app.spots.collection import Collection
    from app.spots.events import StoredRecord


@dataclass(frozen=True)
class Merge:
    """Records of a backup that are not here, with the keys of their pictures, and counts.

    ``known`` are here already, ``unread`` could not be read and are left out.
    """

    records: tuple[StoredRecord, ...]
    pictures: tuple[str, ...]
    known: int
    unread: int


def merged(collection: Collection, backup: tuple[StoredRecord, ...]) -> Merge:
    """Compare a backup with what is kept, by the names of the records: what is here stays."""
    records, unread = parsed(backup)
    new = tuple(
        replace(stored, revision=0) for stored in backup
        if stored.key in records and stored.key not in collection.revisions
    )  # fmt: skip
    captures = [records[stored.key] for stored in new]
    pictures = tuple(
        key
        for capture in captures
        if isinstance(capture, Capture)
        for key in (capture.picture, capture.thumbnail)
    )
    return Merge(new, pictures, len(records) - len(new), unread)
