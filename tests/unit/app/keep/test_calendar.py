"""Lines of a calendar file, by hand; ``test_icalendar.py`` reads whole ones with a library."""

from datetime import UTC, date, datetime

import pytest

from app.keep.calendar import LINE_OCTETS, AllDayEvent, as_icalendar

AT = datetime(2026, 11, 30, 13, 5, 9, tzinfo=UTC)


def written(title: str = "Look", text: str = "Look again.") -> str:
    event = AllDayEvent("spot-1@lentigo.invalid", AT, date(2026, 12, 31), title, text)
    return as_icalendar(event, "Lentigo//Lentigo 1", "en")


def test_every_line_ends_in_crlf_and_is_short() -> None:
    lines = written(text="Ein längerer Satz, mit Umlauten äöü. " * 8).split("\r\n")
    assert lines[-1] == ""
    assert all("\n" not in line and "\r" not in line for line in lines)
    assert max(len(line.encode()) for line in lines) == LINE_OCTETS


@pytest.mark.parametrize("letter", ["a", "ä", "点", "🙂"])
def test_a_folded_line_is_whole_again_without_its_folds(letter: str) -> None:
    text = letter * 200
    file = written(text=text)
    assert f"\r\nDESCRIPTION:{text}\r\n" in file.replace("\r\n ", "")


def test_a_line_of_just_that_length_is_not_folded() -> None:
    text = "x" * (LINE_OCTETS - len("DESCRIPTION:"))
    assert f"\r\nDESCRIPTION:{text}\r\n" in written(text=text)


def test_signs_with_a_meaning_are_escaped() -> None:
    assert "\r\nSUMMARY:one\\, two\\; three\\\\ \\nfour\r\n" in written("one, two; three\\ \nfour")
    assert "\r\nSUMMARY:EVIL:1\r\n" in written("EVIL\r:1")


def test_the_event_takes_the_whole_day_and_ends_with_it() -> None:
    file = written()
    assert "\r\nDTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n" in file
    assert "\r\nDTSTAMP:20261130T130509Z\r\n" in file
