"""What becomes of kept spots: nothing counts before the store says so, and nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.events import Whole
from app.keep.moment import Moment
from app.route import Route
from app.spots.collection import Asked, Watched
from app.spots.effects import (
    Compare,
    OpenStore,
    ReadPictures,
    Recall,
    RemindOfSpot,
    ReportOfSpot,
    WriteStore,
)
from app.spots.events import (
    CareGiven,
    ChangeAnswered,
    Compared,
    ComparisonChosen,
    DeletionRefused,
    PersonAdded,
    PersonChosen,
    PicturesRead,
    PlaceTapped,
    Recalled,
    RepeatWanted,
    SaveAsked,
    SaveConfirmed,
    SaveDropped,
    SpotDeleted,
    SpotDescribed,
    SpotReminderWanted,
    SpotReportWanted,
    StoredRecord,
    StoreFailed,
    StoreFault,
    StoreRead,
    StoreState,
    StoreWritten,
)
from app.spots.saving import Answered, FormFault
from app.spots.state import Spots
from app.spots.update import acted, opened, photographing, told
from lentigo.model.modality import Modality
from lentigo.priority import Priority
from lentigo.spots.archive import write
from lentigo.spots.comparison.change import ChangeCode
from lentigo.spots.history import heard_by, standing
from lentigo.spots.lining_up import Earlier
from lentigo.spots.place import View
from lentigo.spots.records import Capture, Care, CareState, ChangeSeen, KeptSpot, Person, Record
from lentigo.triage.checklist import Answers, Question
from tests.unit.kept import CAPTURE, DAY, NOON, PERSON, SPOT, captured

AT = Moment(NOON.timestamp() * 1000, 60)
IDS = ("id1", "id2", "id3", "id4", "id5")
ANSWERED = Answered(
    photo_id=7,
    whole=Whole(b"whole", ((0.1, 0.2), (0.3, 0.4))),
    thumbnail=b"small",
    taken=None,
    taken_here=False,
    issues=(),
    modality=Modality.CAMERA,
    judged=CAPTURE.judged,
    answers=Answers(bleeding=True),
    person=Answers(had_melanoma=True),
)


def stored(*records: Record) -> tuple[StoredRecord, ...]:
    return tuple(StoredRecord(record.id, write(record), 1) for record in records)


def known(*records: Record, state: StoreState = StoreState.OPEN) -> Spots:
    """Return what the page knows of a store with these records."""
    return told(Spots(), StoreRead(state, False, True, stored(*records), AT))[0]


def confirmed(fields: Mapping[str, str], photo_id: int = 7) -> SaveConfirmed:
    return SaveConfirmed(2, photo_id, fields, IDS, AT)


def asked_to_save(spots: Spots) -> Spots:
    return acted(spots, ANSWERED, SaveAsked(1, 7))[0]


def records_of(effect: WriteStore) -> dict[str, Record]:
    """Return what is written, as it would be read back."""
    return dict(known(*()).collection.records) | {
        record.key: told(Spots(), StoreRead(StoreState.OPEN, False, None, (record,), AT))[
            0
        ].collection.records[record.key]
        for record in effect.records
    }


def test_the_store_is_read_when_it_is_first_needed_and_not_again() -> None:
    spots, effects = opened(Spots(), Route.SPOTS, None)
    assert effects == (OpenStore(),)
    assert opened(spots, Route.SPOTS, None)[1] == ()
    assert opened(known(), Route.SPOTS, None)[1] == ()


def test_a_store_that_could_not_be_opened_is_tried_again() -> None:
    spots, _ = told(
        opened(Spots(), Route.SPOTS, None)[0], StoreFailed(None, StoreFault.UNAVAILABLE)
    )
    assert opened(spots, Route.SETTINGS, None)[1] == (OpenStore(),)


def test_a_first_save_makes_a_person_a_spot_and_a_photo_at_once() -> None:
    spots = asked_to_save(known(state=StoreState.EMPTY))
    fields = {"taken": "2026-11-29", "name": " Arm ", "site": "left-elbow", "note": "since May"}
    spots, (effect,) = acted(spots, ANSWERED, confirmed(fields))
    assert isinstance(effect, WriteStore)
    person, spot, capture = records_of(effect).values()
    assert isinstance(person, Person)
    assert isinstance(spot, KeptSpot)
    assert isinstance(capture, Capture)
    assert person.about == Answers(had_melanoma=True)
    assert (spot.name, spot.note, spot.person) == ("Arm", "since May", person.id)
    assert capture.taken == date(2026, 11, 29)
    assert capture.answered == DAY
    assert capture.answers == Answers(bleeding=True)
    assert effect.pictures == {capture.picture: b"whole", capture.thumbnail: b"small"}
    assert {record.revision for record in effect.records} == {0}


def test_nothing_counts_as_kept_before_the_store_has_said_so() -> None:
    spots, (effect,) = acted(
        asked_to_save(known()), ANSWERED, confirmed({"taken": "2026-11-29", "spot": "new"})
    )
    assert isinstance(effect, WriteStore)
    assert spots.saved == {}
    assert not spots.collection.records
    # Pressed twice, it is written once.
    assert acted(spots, ANSWERED, confirmed({"taken": "2026-11-29"}))[1] == ()
    spots, _ = told(spots, StoreWritten(effect.request, {"id1": 1, "id2": 1, "id3": 1}, True))
    assert spots.saved == {7: "id2"}
    assert spots.saving is None
    assert spots.collection.watched("id2") is not None
    assert spots.collection.persisted is True


@pytest.mark.parametrize("fault", StoreFault)
def test_what_could_not_be_saved_is_told_and_stays_filled_in(fault: StoreFault) -> None:
    fields = {"taken": "2026-11-29", "name": "Arm"}
    spots, (effect,) = acted(asked_to_save(known()), ANSWERED, confirmed(fields))
    assert isinstance(effect, WriteStore)
    spots, _ = told(spots, StoreFailed(effect.request, fault))
    assert spots.saving is not None
    assert (spots.saving.fault, spots.saving.fields) == (fault, fields)
    assert not spots.collection.records
    assert spots.writes == {}


@pytest.mark.parametrize(
    ("day", "fault"), [("", FormFault.NO_DAY), ("2026-12-01", FormFault.FUTURE_DAY)]
)
def test_a_day_that_cannot_be_is_asked_for_again(day: str, fault: FormFault) -> None:
    fields = {"taken": day, "name": "Arm"}
    spots, effects = acted(asked_to_save(known()), ANSWERED, confirmed(fields))
    assert effects == ()
    assert spots.saving is not None
    assert (spots.saving.fault, spots.saving.fields) == (fault, fields)


def test_a_photo_of_a_spot_that_is_kept_joins_it() -> None:
    fields = {"taken": "2026-11-30", "spot": SPOT.id, "name": "ignored"}
    _, (effect,) = acted(asked_to_save(known(PERSON, SPOT, CAPTURE)), ANSWERED, confirmed(fields))
    assert isinstance(effect, WriteStore)
    (capture,) = records_of(effect).values()
    assert isinstance(capture, Capture)
    assert capture.spot == SPOT.id


def test_another_answer_than_the_one_asked_about_is_not_kept() -> None:
    spots = asked_to_save(known())
    newer = replace(ANSWERED, photo_id=8)
    spots, effects = acted(spots, newer, confirmed({"taken": "2026-11-29"}))
    assert effects == ()
    assert spots.saving is None


def test_a_locked_store_is_not_written_to() -> None:
    spots = asked_to_save(known(state=StoreState.LOCKED))
    assert acted(spots, ANSWERED, confirmed({"taken": "2026-11-29"}))[1] == ()
    assert acted(spots, ANSWERED, SaveDropped(3))[0].saving is None


def test_a_place_that_was_pointed_at_is_kept_with_its_point() -> None:
    spots = asked_to_save(known())
    spots, _ = acted(spots, ANSWERED, PlaceTapped(2, View.FRONT, 0.5, 0.3))
    assert spots.placed is not None
    fields = {"taken": "2026-11-29", "site": str(spots.placed.site)}
    _, (effect,) = acted(spots, ANSWERED, confirmed(fields))
    assert isinstance(effect, WriteStore)
    spot = records_of(effect)["id2"]
    assert isinstance(spot, KeptSpot)
    assert spot.place == spots.placed
    # Beside the body there is nothing to point at.
    assert acted(spots, ANSWERED, PlaceTapped(3, View.FRONT, 0.0, 0.0))[0].placed == spots.placed


def test_what_cannot_be_read_is_counted_and_left_alone() -> None:
    newer = StoredRecord("n", '{"kind": "mood", "version": 99}', 3)
    read = StoreRead(StoreState.OPEN, False, True, (*stored(PERSON, SPOT, CAPTURE), newer), AT)
    spots, _ = told(Spots(), read)
    assert spots.collection.unread == 1
    assert spots.collection.watched(SPOT.id) is not None


def test_a_spot_is_described_anew_with_the_revision_that_was_read() -> None:
    fields = {"name": "Shoulder", "note": "", "site": ""}
    spots = known(PERSON, SPOT, CAPTURE)
    _, (effect,) = acted(spots, None, SpotDescribed(2, SPOT.id, fields))
    assert isinstance(effect, WriteStore)
    assert [record.revision for record in effect.records] == [1]
    spot = records_of(effect)[SPOT.id]
    assert isinstance(spot, KeptSpot)
    assert (spot.name, spot.note) == ("Shoulder", "")


@pytest.mark.parametrize("care", Care)
def test_what_has_become_of_a_spot_is_noted(care: Care) -> None:
    spots = known(PERSON, SPOT, CAPTURE)
    _, (effect,) = acted(spots, None, CareGiven(2, SPOT.id, care, "2026-11-30", AT))
    assert isinstance(effect, WriteStore)
    spot = records_of(effect)[SPOT.id]
    assert isinstance(spot, KeptSpot)
    expected = CareState() if care is Care.WATCHED else CareState(care, DAY, NOON)
    assert replace(spot.state, heard=frozenset()) == expected
    asked_before = standing([CAPTURE], CareState())
    assert asked_before is not None
    assert (asked_before.name in spot.state.heard) is (care is not Care.WATCHED)


@pytest.mark.parametrize(
    ("day", "fault"), [("", FormFault.NO_DAY), ("2026-12-24", FormFault.FUTURE_DAY)]
)
def test_a_visit_on_a_day_that_cannot_be_is_told_until_something_else_is_done(
    day: str, fault: FormFault
) -> None:
    late = CareGiven(2, SPOT.id, Care.SEEN, day, AT)
    spots, effects = acted(known(PERSON, SPOT, CAPTURE), None, late)
    assert (spots.uncared, effects) == (fault, ())
    assert acted(spots, None, DeletionRefused(3))[0].uncared is None
    assert opened(spots, Route.SPOT, SPOT.id)[0].uncared is None


def test_a_spot_goes_with_all_that_belongs_to_it_once_that_is_confirmed() -> None:
    spots = known(PERSON, SPOT, CAPTURE)
    spots, effects = acted(spots, None, SpotDeleted(2, SPOT.id))
    assert effects == ()
    assert spots.deleting == SPOT.id
    spots, (effect,) = acted(spots, None, SpotDeleted(3, SPOT.id, confirmed=True))
    assert isinstance(effect, WriteStore)
    assert set(effect.deleted) == {SPOT.id, CAPTURE.id, CAPTURE.picture, CAPTURE.thumbnail}
    assert spots.collection.watched(SPOT.id) is not None
    spots, _ = told(spots, StoreWritten(effect.request, {}, None))
    assert spots.collection.watched(SPOT.id) is None
    assert spots.collection.persisted is True


def test_the_spots_of_one_person_are_shown_those_for_the_doctor_first() -> None:
    quiet = replace(captured(Priority.LOW, days=40, name="q"), spot="quiet")
    urgent = replace(captured(Priority.URGENT, name="u"), spot="urgent")
    spots = known(
        PERSON,
        replace(SPOT, id="quiet"),
        replace(SPOT, id="urgent"),
        quiet,
        urgent,
        replace(SPOT, id="hers", person="p2"),
        replace(captured(Priority.HIGH, name="h"), spot="hers"),
    )
    assert [watched.id for watched in spots.collection.of_person()] == ["urgent", "quiet"]
    spots, (effect,) = acted(spots, None, PersonAdded(2, {"name": "Ada"}, ("p2",), AT))
    assert isinstance(effect, WriteStore)
    spots, _ = told(spots, StoreWritten(effect.request, {"p2": 1}, None))
    assert [watched.id for watched in spots.collection.of_person()] == ["hers"]
    spots, _ = acted(spots, None, PersonChosen(3, PERSON.id))
    assert [watched.id for watched in spots.collection.of_person()] == ["urgent", "quiet"]


def test_a_reminder_is_given_of_what_is_due() -> None:
    spots = known(PERSON, SPOT, CAPTURE)
    (effect,) = acted(spots, None, SpotReminderWanted(2, SPOT.id, AT))[1]
    assert isinstance(effect, RemindOfSpot)
    heard = heard_by([CAPTURE], DAY)
    removed = replace(SPOT, state=CareState(Care.REMOVED, DAY, NOON, heard))
    assert acted(known(PERSON, removed, CAPTURE), None, SpotReminderWanted(2, "s1", AT))[1] == ()


def test_a_report_is_given_of_a_spot_that_is_there() -> None:
    spots = known(PERSON, SPOT, CAPTURE)
    (effect,) = acted(spots, None, SpotReportWanted(2, SPOT.id, AT))[1]
    assert effect == ReportOfSpot(Watched(SPOT, (CAPTURE,)), spots.collection, AT)
    assert acted(spots, None, SpotReportWanted(2, "gone", AT))[1] == ()


# --- comparing ------------------------------------------------------------------------------------

LATER = replace(captured(Priority.LOW, days=30, name="c2"), picture="b3", spot=SPOT.id)
EARLIER = captured(Priority.LOW)


def compared(*codes: ChangeCode) -> Compared:
    return Compared(EARLIER.id, LATER.id, (b"", b""), (1, 1), codes=codes, concerns=codes)


def comparing() -> tuple[Spots, Compare]:
    spots, (wanted,) = opened(known(PERSON, SPOT, EARLIER, LATER), Route.COMPARE, SPOT.id)
    assert isinstance(wanted, ReadPictures)
    assert wanted.keys == (EARLIER.picture, LATER.picture)
    pictures = {EARLIER.picture: b"one", LATER.picture: b"two"}
    spots, (effect,) = told(spots, PicturesRead(wanted.request, pictures))
    assert isinstance(effect, Compare)
    return spots, effect


def test_the_newest_photo_is_compared_with_the_one_before() -> None:
    _, effect = comparing()
    assert effect == Compare(EARLIER, LATER, (b"one", b"two"))


def test_two_photos_are_compared_as_soon_as_the_store_is_read() -> None:
    spots, _ = opened(Spots(), Route.COMPARE, SPOT.id)
    assert spots.collection.asked is Asked.OPENING
    read = StoreRead(StoreState.OPEN, False, True, stored(PERSON, SPOT, EARLIER, LATER), AT)
    (effect,) = told(spots, read)[1]
    assert isinstance(effect, ReadPictures)


NEWEST = replace(captured(Priority.LOW, days=60, name="c3"), picture="b5", spot=SPOT.id)
THREE = StoreRead(StoreState.OPEN, False, True, stored(PERSON, SPOT, EARLIER, LATER, NEWEST), AT)


def comparing_with_the_first() -> tuple[Spots, int]:
    spots, _ = told(opened(Spots(), Route.COMPARE, SPOT.id)[0], THREE)
    spots, (wanted,) = acted(spots, None, ComparisonChosen(2, EARLIER.id))
    assert isinstance(wanted, ReadPictures)
    return spots, wanted.request


def test_the_photo_that_was_chosen_stays_when_another_tab_writes() -> None:
    spots, request = comparing_with_the_first()
    again, effects = told(spots, THREE)
    assert again.comparing == spots.comparing
    assert effects == (), "what is on its way is not asked for again"
    # Nor after its pictures could not be read, as while the store was locked.
    failed, _ = told(again, StoreFailed(request, StoreFault.LOCKED))
    _, (wanted,) = told(failed, THREE)
    assert isinstance(wanted, ReadPictures)
    assert wanted.keys == (EARLIER.picture, NEWEST.picture)


def test_a_photo_from_another_tab_is_compared_with_the_one_that_was_chosen() -> None:
    spots, _ = comparing_with_the_first()
    last = replace(NEWEST, id="c4", picture="b7", taken=NEWEST.taken + timedelta(days=1))
    spots, (wanted,) = told(spots, replace(THREE, records=(*THREE.records, *stored(last))))
    assert isinstance(wanted, ReadPictures)
    assert wanted.keys == (EARLIER.picture, last.picture)


def test_a_measured_change_is_kept_and_never_taken_back() -> None:
    spots, _ = comparing()
    spots, (effect,) = told(spots, compared(ChangeCode.GREW))
    assert isinstance(effect, WriteStore)
    capture = records_of(effect)[LATER.id]
    assert isinstance(capture, Capture)
    assert capture.concerns == (ChangeCode.GREW,)
    spots, _ = told(spots, StoreWritten(effect.request, {LATER.id: 2}, None))
    # The same, or nothing, is nothing new.
    assert told(spots, compared(ChangeCode.GREW))[1] == ()
    assert told(spots, compared())[1] == ()
    watched = spots.collection.watched(SPOT.id)
    assert watched is not None
    assert watched.standing is not None
    assert watched.standing.priority is Priority.HIGH


@pytest.mark.parametrize(
    ("seen", "fields", "changes"),
    [
        (ChangeSeen.YES, {}, (Question.CHANGE_IN_SIZE,)),
        (ChangeSeen.YES, {"irregular-colour": "on"}, (Question.IRREGULAR_COLOUR,)),
        (ChangeSeen.NOT_SURE, {"irregular-colour": "on"}, ()),
        (ChangeSeen.NO, {}, ()),
    ],
)
def test_what_the_visitor_sees_is_kept(
    seen: ChangeSeen, fields: dict[str, str], changes: tuple[Question, ...]
) -> None:
    spots, _ = comparing()
    _, (effect,) = acted(spots, None, ChangeAnswered(2, LATER.id, seen, fields))
    assert isinstance(effect, WriteStore)
    capture = records_of(effect)[LATER.id]
    assert isinstance(capture, Capture)
    assert (capture.change_seen, capture.changes) == (seen, changes)
    assert capture.change_since == EARLIER.id


def test_a_milder_answer_about_another_earlier_photo_takes_nothing_back() -> None:
    spots, _ = comparing_with_the_first()
    yes = ChangeAnswered(2, NEWEST.id, ChangeSeen.YES, {"change-in-size": "on"})
    spots, (effect,) = acted(spots, None, yes)
    assert isinstance(effect, WriteStore)
    spots, _ = told(spots, StoreWritten(effect.request, {NEWEST.id: 2}, None))
    no = ChangeAnswered(3, NEWEST.id, ChangeSeen.NO, {})
    # About the same two photos it is a correction.
    assert len(acted(spots, None, no)[1]) == 1
    spots, _ = acted(spots, None, ComparisonChosen(4, LATER.id))
    assert acted(spots, None, no)[1] == ()
    more = ChangeAnswered(5, NEWEST.id, ChangeSeen.YES, {"irregular-colour": "on"})
    _, (effect,) = acted(spots, None, more)
    assert isinstance(effect, WriteStore)
    capture = records_of(effect)[NEWEST.id]
    assert isinstance(capture, Capture)
    assert capture.changes == (Question.CHANGE_IN_SIZE, Question.IRREGULAR_COLOUR)


# --- a repeat photo -------------------------------------------------------------------------------


def test_what_the_newest_photo_shows_is_recalled_for_the_next_one() -> None:
    spots, (wanted,) = acted(known(PERSON, SPOT, EARLIER, LATER), None, RepeatWanted(2, SPOT.id))
    assert isinstance(wanted, ReadPictures)
    assert wanted.keys == (LATER.picture,)
    spots, effects = told(spots, PicturesRead(wanted.request, {LATER.picture: b"jpeg"}))
    assert effects == (Recall(LATER, b"jpeg"),)
    earlier = Earlier(Modality.CAMERA)
    other, _ = told(spots, Recalled(EARLIER.id, earlier))
    assert other.repeating is not None
    assert other.repeating.earlier is None
    spots, _ = told(spots, Recalled(LATER.id, earlier))
    assert spots.repeating is not None
    assert spots.repeating.earlier is earlier


def test_a_repeat_photo_is_one_photo() -> None:
    spots, _ = acted(known(PERSON, SPOT, CAPTURE), None, RepeatWanted(2, SPOT.id))
    for is_photo in (False, False, True):
        spots = photographing(spots, is_photo)
        assert spots.repeating is not None
    assert photographing(spots, is_photo=False).repeating is None, "this is another spot"


def test_a_spot_that_is_gone_is_not_repeated() -> None:
    spots, effects = acted(known(PERSON), None, RepeatWanted(2, SPOT.id))
    assert effects == ()
    assert spots.repeating is None
