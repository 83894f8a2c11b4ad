"""What of a backup is new here."""

from dataclasses import replace

from app.spots.collection import BACKUP_AFTER, Collection
from app.spots.effects import RestoreStore, WriteStore
from app.spots.events import (
    BackupMade,
    BackupOpened,
    RestoreConfirmed,
    StoredRecord,
    StoreFailed,
    StoreFault,
    StoreRead,
    StoreState,
    StoreWritten,
)
from app.spots.merging import merged
from app.spots.state import Spots
from app.spots.update import acted, told
from lentigo.priority import Priority
from lentigo.spots.archive import VERSION, read, write
from lentigo.spots.records import Backup, Overview, Record
from tests.unit.app.spots.test_update import AT, known, stored
from tests.unit.kept import CAPTURE, NOON, PERSON, SPOT, captured

SAVED = tuple(captured(Priority.LOW, days) for days in range(-3, 0))


def test_only_what_is_not_here_is_taken() -> None:
    spots = known(PERSON, SPOT)
    changed = replace(SPOT, name="another name")
    found = merged(spots.collection, stored(PERSON, changed, CAPTURE))
    assert [record.key for record in found.records] == [CAPTURE.id]
    assert found.pictures == (CAPTURE.picture, CAPTURE.thumbnail)
    assert (found.known, found.unread) == (2, 0)
    assert {record.revision for record in found.records} == {0}


def test_a_change_that_the_backup_knows_of_is_taken_over() -> None:
    here, there = replace(CAPTURE, concerns=(), change_seen=None, changes=()), CAPTURE
    found = merged(known(PERSON, SPOT, here).collection, stored(there))
    (record,) = found.records
    assert (record.key, record.revision) == (CAPTURE.id, 1)
    assert read(record.json) == there
    assert found.pictures == ()
    assert merged(known(PERSON, SPOT, there).collection, stored(here)).records == ()


def test_what_could_not_be_restored_is_not_said_to_be_added() -> None:
    spots, _ = acted(known(), None, BackupOpened(1, stored(PERSON, SPOT, CAPTURE), 2))
    spots, (effect,) = acted(spots, None, RestoreConfirmed(2))
    assert isinstance(effect, RestoreStore)
    spots, _ = told(spots, StoreFailed(effect.request, StoreFault.FULL))
    assert spots.restored is None


def test_a_wide_photo_comes_with_its_spot() -> None:
    spot = replace(SPOT, overview=Overview("wide", 0.5, 0.5))
    assert merged(known().collection, stored(PERSON, spot)).pictures == ("wide",)
    assert merged(known(SPOT).collection, stored(PERSON, spot)).pictures == ()


def test_what_cannot_be_read_is_counted_and_not_taken() -> None:
    strange = StoredRecord("x", write(SPOT).replace(f'"version":{VERSION}', '"version":99'), 1)
    found = merged(known().collection, (*stored(CAPTURE), strange))
    assert [record.key for record in found.records] == [CAPTURE.id]
    assert found.unread == 1


def test_a_backup_is_taken_once_that_is_confirmed() -> None:
    spots, effects = acted(known(), None, BackupOpened(1, stored(PERSON, SPOT, CAPTURE), 2))
    assert effects == ()
    spots, (effect,) = acted(spots, None, RestoreConfirmed(2))
    assert isinstance(effect, RestoreStore)
    *taken, noted = effect.records
    assert len(taken) == 3
    assert noted.key == Backup().id
    assert acted(spots, None, RestoreConfirmed(3))[1] == ()


# --- what is in no backup -------------------------------------------------------------------------


def after(spots: Spots, records: tuple[StoredRecord, ...]) -> Collection:
    """Return what is known once these have been written, and the page has been loaded anew."""
    before = stored(*spots.collection.records.values())
    all_of_it = {record.key: record for record in (*before, *records)}
    read = StoreRead(StoreState.OPEN, False, True, tuple(all_of_it.values()), AT)
    return told(Spots(), read)[0].collection


def test_a_backup_is_asked_for_after_three_photos_without_one() -> None:
    few = known(PERSON, SPOT, *SAVED[1:]).collection
    assert (few.without_backup, few.wants_backup) == (BACKUP_AFTER - 1, False)
    assert known(PERSON, SPOT, *SAVED).collection.wants_backup


def test_a_backup_ends_it_and_only_what_is_saved_later_counts_again() -> None:
    spots, (effect,) = acted(known(PERSON, SPOT, *SAVED), None, BackupMade(2, AT))
    assert isinstance(effect, WriteStore)
    assert after(spots, effect.records).without_backup == 0
    done, _ = told(spots, StoreWritten(effect.request, {"backup": 1}, None))
    assert not done.collection.wants_backup
    later = stored(captured(Priority.LOW, 1))
    assert after(done, (*effect.records, *later)).without_backup == 1
    # The next one takes the place of the first.
    _, (again,) = acted(done, None, BackupMade(3, AT))
    assert isinstance(again, WriteStore)
    assert [(record.key, record.revision) for record in again.records] == [("backup", 1)]


def restored_into(spots: Spots, *records: Record) -> Collection:
    spots, _ = acted(spots, None, BackupOpened(1, stored(*records), 0))
    _, (effect,) = acted(spots, None, RestoreConfirmed(2))
    assert isinstance(effect, RestoreStore)
    return after(spots, effect.records)


def test_what_came_out_of_a_backup_is_in_one_and_nothing_else() -> None:
    assert restored_into(known(), PERSON, SPOT, *SAVED).without_backup == 0
    # What was here and is in it too is in it, but not what was saved here beside it.
    here = replace(SAVED[0], id="only here")
    mixed = restored_into(known(PERSON, SPOT, here, SAVED[1]), PERSON, SPOT, *SAVED)
    assert mixed.without_backup == 1


def test_what_another_device_knew_of_its_backups_is_not_taken() -> None:
    here = replace(SAVED[0], id="only here")
    found = restored_into(known(PERSON, SPOT, here), PERSON, SPOT, Backup(NOON))
    assert found.without_backup == 1
    backup = merged(known(PERSON).collection, stored(PERSON, Backup(NOON)))
    assert (backup.records, backup.known, backup.unread) == ((), 1, 0)
