"""One all-day event as an iCalendar file (RFC 5545), which calendars of every maker import."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MEDIA_TYPE = "text/calendar"
# A line has at most so many octets; a longer one is folded (RFC 5545, 3.1).
LINE_OCTETS = 75
# When the calendar speaks up on the day: at nine, by the clock that the device has then.
_ALARM = "PT9H"
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class AllDayEvent:
    """A day to be reminded of.

    A file with the same ``uid`` replaces this event where it was imported before; ``stamp`` is
    when the file was made, in UTC, and says which of two is the newer.
    """

    uid: str
    stamp: datetime
    day: date
    title: str
    text: str


def as_icalendar(event: AllDayEvent, product: str, language: str) -> str:
    """Write the event with an alarm on its day; lines end in CRLF and are folded.

    ``product`` names who wrote it, ``language`` is the tag of its words.
    """
    title = _text(event.title)
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_text(product)}//{language.upper()}",
        "CALSCALE:GREGORIAN",
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{event.stamp:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{title}",
        f"DESCRIPTION:{_text(event.text)}",
        # In a calendar that others see: the day stays free, and nobody reads what it is about.
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{title}",
        f"TRIGGER:{_ALARM}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _text(value: str) -> str:
    return _CONTROL.sub("", value).translate(_ESCAPED)


def _folded(line: str) -> str:
    """Break a line where it grows too long in UTF-8, never within a character."""
    pieces = [""]
    for character in line:
        # A line that goes on begins with a space, which counts.
        room = LINE_OCTETS - (1 if len(pieces) > 1 else 0)
        if len((pieces[-1] + character).encode()) > room:
            pieces.append("")
        pieces[-1] += character
    return "\r\n ".join(pieces)
