"""When a spot is to be looked at next."""

from datetime import date, timedelta

import pytest

from lentigo.priority import Priority
from lentigo.spots.records import Care, CareState
from lentigo.spots.schedule import Due, DueFor, due
from tests.unit.kept import DAY, captured, seen

WATCHED = CareState()


def test_the_second_photo_is_due_after_eight_weeks_and_the_others_after_three_months() -> None:
    first, second = captured(Priority.LOW), captured(Priority.LOW, days=60)
    assert due((first,), WATCHED) == Due(DueFor.PHOTO, DAY + timedelta(weeks=8))
    assert due((first, second), WATCHED) == Due(DueFor.PHOTO, date(2027, 4, 29))


@pytest.mark.parametrize(
    ("priority", "by"),
    [
        (Priority.URGENT, date(2026, 12, 14)),
        (Priority.HIGH, date(2026, 12, 28)),
        (Priority.MEDIUM, date(2027, 2, 28)),
    ],
)
def test_a_spot_for_the_doctor_has_no_date_for_a_photo(priority: Priority, by: date) -> None:
    captures = (captured(priority), captured(Priority.LOW, days=30))
    assert due(captures[:1], WATCHED) == Due(DueFor.DOCTOR, by)
    assert due(captures, WATCHED) == Due(DueFor.DOCTOR, by)
    assert due(captures, WATCHED).is_due(DAY)  # type: ignore[union-attr]  # asserted above


def test_after_the_visit_photos_go_on() -> None:
    assert due((captured(Priority.URGENT),), seen(5)) == Due(DueFor.PHOTO, date(2027, 3, 5))


def test_a_spot_that_was_removed_is_due_only_for_what_was_asked_since() -> None:
    removed, before = seen(5, Care.REMOVED), captured(Priority.URGENT)
    assert due((before,), removed) is None
    again = due((before, captured(Priority.URGENT, days=6)), removed)
    assert again == Due(DueFor.DOCTOR, DAY + timedelta(days=6, weeks=2))


def test_uncertain_asks_for_a_photo_and_twice_for_a_doctor() -> None:
    once = captured(Priority.UNCERTAIN)
    assert due((once,), WATCHED) == Due(DueFor.PHOTO, DAY)
    twice = captured(Priority.UNCERTAIN, days=1)
    expected = Due(DueFor.DOCTOR, DAY + timedelta(days=1, weeks=4))
    assert due((once, twice), WATCHED) == expected
    assert due((once, twice, captured(Priority.LOW, days=2)), WATCHED) == expected


def test_a_photo_is_due_on_its_day_and_not_before() -> None:
    asked = due((captured(Priority.LOW),), WATCHED)
    assert asked is not None
    assert not asked.is_due(asked.by - timedelta(days=1))
    assert asked.is_due(asked.by)


def test_a_spot_without_a_photo_is_not_due() -> None:
    assert due((), WATCHED) is None
