"""A reminder as a library for calendars reads it."""

from datetime import UTC, date, datetime, timedelta

import icalendar

from app.keep.reminder import reminder
from app.words import IN_ENGLISH
from lentigo.priority import Priority
from lentigo.triage.advice import ADVICE
from tests.unit.app.keep.moments import NOON


def test_a_library_for_calendars_reads_one_event_with_one_alarm() -> None:
    made = reminder(ADVICE[Priority.LOW], NOON, "7", IN_ENGLISH)
    calendar = icalendar.Calendar.from_ical(made.text)
    assert isinstance(calendar, icalendar.Calendar)
    assert calendar["VERSION"] == "2.0"
    assert str(calendar["PRODID"]).startswith("-//Lentigo//")
    (event,) = calendar.events
    assert event.errors == []
    assert event.uid == "spot-7@lentigo.invalid"
    assert datetime(2026, 11, 30, 12, tzinfo=UTC) == event.DTSTAMP
    assert (event.start, event.end) == (date(2027, 1, 25), date(2027, 1, 26))
    assert event.summary == "Look at the spot again"
    assert str(event.description).startswith("Lentigo said on 30 November 2026: take another")
    (alarm,) = event.walk("VALARM")
    assert isinstance(alarm, icalendar.Alarm)
    assert alarm["ACTION"] == "DISPLAY"
    assert timedelta(hours=9) == alarm.TRIGGER
