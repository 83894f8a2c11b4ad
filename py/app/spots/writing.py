"""What is to be written to the store; it counts once the store has said so. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.spots.effects import WriteStore
from app.spots.events import StoredRecord, StoreFault
from app.spots.state import Spots, Write
from lentigo.spots.archive import write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lentigo.spots.records import Record

Written = tuple[Spots, tuple[WriteStore, ...]]


def put(spots: Spots, record: Record) -> Written:
    """Have one record written."""
    return put_all(spots, Write({record.id: record}))


def put_all(
    spots: Spots,
    done: Write,
    pictures: Mapping[str, bytes] | None = None,
    deleted: tuple[str, ...] = (),
) -> Written:
    """Have records and new pictures written, and others taken away: all of it or nothing.

    The request is the last one of the state that is returned.
    """
    if not spots.collection.is_open:
        return replace(spots, fault=StoreFault.LOCKED), ()
    number = spots.requests + 1
    records = tuple(stored(spots, record) for record in done.records.values() if record)
    spots = replace(spots, requests=number, writes={**spots.writes, number: done})
    return spots, (WriteStore(number, records, pictures or {}, deleted),)


def stored(spots: Spots, record: Record) -> StoredRecord:
    """Return a record as it is written, by the revision that was read."""
    return StoredRecord(record.id, write(record), spots.collection.revisions.get(record.id, 0))
