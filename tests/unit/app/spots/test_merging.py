"""What of a backup is new here."""

from dataclasses import replace

from app.spots.effects import RestoreStore
from app.spots.events import BackupOpened, RestoreConfirmed, StoredRecord
from app.spots.merging import merged
from app.spots.update import acted
from lentigo.spots.archive import write
from tests.unit.app.spots.test_update import known, stored
from tests.unit.kept import CAPTURE, PERSON, SPOT


def test_only_what_is_not_here_is_taken() -> None:
    spots = known(PERSON, SPOT)
    changed = replace(SPOT, name="another name")
    found = merged(spots.collection, stored(PERSON, changed, CAPTURE))
    assert [record.key for record in found.records] == [CAPTURE.id]
    assert found.pictures == (CAPTURE.picture, CAPTURE.thumbnail)
    assert (found.known, found.unread) == (2, 0)
    assert {record.revision for record in found.records} == {0}


def test_what_cannot_be_read_is_counted_and_not_taken() -> None:
    strange = StoredRecord("x", write(SPOT).replace('"version":1', '"version":9'), 1)
    found = merged(known().collection, (*stored(CAPTURE), strange))
    assert [record.key for record in found.records] == [CAPTURE.id]
    assert found.unread == 1


def test_a_backup_is_taken_once_that_is_confirmed() -> None:
    spots, effects = acted(known(), None, BackupOpened(1, stored(PERSON, SPOT, CAPTURE), 2))
    assert effects == ()
    spots, (effect,) = acted(spots, None, RestoreConfirmed(2))
    assert isinstance(effect, RestoreStore)
    assert len(effect.records) == 3
    assert acted(spots, None, RestoreConfirmed(3))[1] == ()
