"""One photo of a spot deleted, and a person renamed or removed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.route import Route
from app.screens import settings, spot
from app.spots.effects import WriteStore
from app.spots.events import (
    DeletionRefused,
    PersonRemoved,
    PersonRenamed,
    PhotoDeleted,
    StoreWritten,
)
from app.spots.state import Spots
from app.spots.update import acted, opened, told
from app.words import IN_ENGLISH
from lentigo.priority import Priority
from lentigo.spots.archive import read, write
from lentigo.spots.history import leaves_a_request, requests_of_all
from lentigo.spots.records import Capture, Overview
from lentigo.spots.schedule import DueFor
from tests.unit.app.spots.test_sizing import SIZE
from tests.unit.app.spots.test_update import known
from tests.unit.kept import PERSON, SPOT, captured

LOW = captured(Priority.LOW, name="low")
URGENT = replace(captured(Priority.URGENT, days=10, name="urgent"), picture="b3", thumbnail="b4")
NEWEST = replace(captured(Priority.LOW, days=20, name="newest"), picture="b5", thumbnail="b6")
SOMEBODY = replace(PERSON, id="p2", name="Ada")
THEIRS = replace(SPOT, id="s2", person=SOMEBODY.id, overview=Overview("wide", 0.5, 0.5))
PHOTO = replace(captured(Priority.LOW, name="c9"), spot="s2", picture="b7", thumbnail="b8")


def deleted(spots: Spots, capture: Capture) -> tuple[Spots, WriteStore]:
    """Confirm it, and have the store do it."""
    _, (effect,) = acted(spots, None, PhotoDeleted(2, capture.id, confirmed=True))
    assert isinstance(effect, WriteStore)
    asked, _ = acted(spots, None, PhotoDeleted(2, capture.id, confirmed=True))
    revisions = {record.key: record.revision + 1 for record in effect.records}
    return told(asked, StoreWritten(effect.request, revisions, None))[0], effect


def test_a_photo_is_deleted_only_when_that_is_confirmed() -> None:
    spots, effects = acted(known(PERSON, SPOT, LOW, NEWEST), None, PhotoDeleted(1, LOW.id))
    assert (spots.deleting, effects) == (LOW.id, ())
    assert acted(spots, None, DeletionRefused(2))[0].deleting is None


def test_a_photo_that_asked_for_nothing_goes_whole() -> None:
    spots, effect = deleted(known(PERSON, SPOT, LOW, NEWEST), LOW)
    assert set(effect.deleted) == {LOW.id, LOW.picture, LOW.thumbnail}
    assert effect.records == ()
    watched = spots.collection.watched(SPOT.id)
    assert watched is not None
    assert (watched.captures, watched.deleted) == ((NEWEST,), ())


def test_what_a_deleted_photo_asked_for_stands() -> None:
    before = known(PERSON, SPOT, LOW, URGENT, NEWEST)
    spots, effect = deleted(before, URGENT)
    assert set(effect.deleted) == {URGENT.picture, URGENT.thumbnail}
    left = read(effect.records[0].json)
    assert left == URGENT.without_photo()
    assert isinstance(left, Capture)
    assert (left.outline, left.judged.outputs) == ((), None)
    was, now = before.collection.watched(SPOT.id), spots.collection.watched(SPOT.id)
    assert was is not None
    assert now is not None
    assert now.captures == (LOW, NEWEST)
    assert now.standing is not None
    assert was.standing is not None
    assert now.standing.priority is was.standing.priority
    assert now.due == was.due
    assert now.due is not None
    assert now.due.what is DueFor.DOCTOR
    # It is no photo any more: neither shown nor compared nor counted.
    html = spot.view(replace(spots, opened=SPOT.id), IN_ENGLISH)["spot"].text
    assert "This photo was deleted." in html
    assert URGENT.picture not in html
    assert spots.collection.without_backup == 2


def test_the_last_photo_of_a_spot_cannot_go_alone() -> None:
    spots = known(PERSON, SPOT, LOW)
    assert acted(spots, None, PhotoDeleted(1, LOW.id, confirmed=True))[1] == ()
    assert "delete-photo" not in spot.view(replace(spots, opened=SPOT.id), IN_ENGLISH)["spot"].text


@pytest.mark.parametrize("priority", Priority)
def test_no_deletion_takes_back_what_was_asked(priority: Priority) -> None:
    other = captured(priority, days=10, name="other")
    captures = LOW, other
    kept = leaves_a_request(other, captures)
    assert kept is (priority is not Priority.LOW)
    after = (LOW, other.without_photo()) if kept else (LOW,)
    worst = [max(r.priority.severity for r in requests_of_all(c)) for c in (captures, after)]
    assert worst[0] == worst[1]


def test_the_smaller_size_of_two_leaves_its_size() -> None:
    small = replace(LOW, size=replace(SIZE, diameter_mm=4.0))
    large = replace(NEWEST, size=replace(SIZE, diameter_mm=8.0, on=LOW.taken + timedelta(days=20)))
    assert leaves_a_request(small, (small, large))
    assert len(requests_of_all((small.without_photo(), large))) == len(
        requests_of_all((small, large))
    )


def test_the_page_says_what_stays_before_it_goes() -> None:
    spots = replace(known(PERSON, SPOT, LOW, URGENT, NEWEST), opened=SPOT.id)
    for capture, stays in ((URGENT, True), (LOW, False)):
        html = spot.view(replace(spots, deleting=capture.id), IN_ENGLISH)["spot"].text
        assert ("stays, until a doctor has looked" in html) is stays
        assert 'data-testid="delete-photo-now"' in html
    assert opened(replace(spots, deleting=LOW.id), Route.SPOT, SPOT.id)[0].deleting is None


def test_a_person_gets_another_name() -> None:
    fields = {"name": "  Ada Lovelace "}
    _, (effect,) = acted(known(PERSON, SPOT, LOW), None, PersonRenamed(1, PERSON.id, fields))
    assert isinstance(effect, WriteStore)
    assert read(effect.records[0].json) == replace(PERSON, name="Ada Lovelace")


def test_a_person_goes_with_all_that_is_theirs_and_nothing_else() -> None:
    spots = known(PERSON, SPOT, LOW, SOMEBODY, THEIRS, PHOTO)
    spots, effects = acted(spots, None, PersonRemoved(1, SOMEBODY.id))
    assert (spots.deleting, effects) == (SOMEBODY.id, ())
    html = settings.view(spots, IN_ENGLISH)["settings"].text
    assert "Remove Ada with 1 spot and 1 photo?" in html
    shown = replace(spots, collection=replace(spots.collection, person=SOMEBODY.id))
    spots, (effect,) = acted(shown, None, PersonRemoved(2, SOMEBODY.id, confirmed=True))
    assert isinstance(effect, WriteStore)
    assert set(effect.deleted) == {SOMEBODY.id, "s2", "c9", "b7", "b8", "wide"}
    spots, _ = told(spots, StoreWritten(effect.request, {}, None))
    assert set(spots.collection.records) == {PERSON.id, SPOT.id, LOW.id}
    assert spots.collection.shown_person == PERSON


def test_what_is_left_of_a_photo_is_read_back() -> None:
    assert read(write(URGENT.without_photo())) == URGENT.without_photo()
