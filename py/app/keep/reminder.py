"""When to look at a spot again, as a calendar file that names no disease. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import lentigo
from app.keep.calendar import AllDayEvent, as_icalendar
from app.words.dates import day_text
from lentigo.triage.advice import Act, Unit

if TYPE_CHECKING:
    from app.keep.moment import Moment
    from app.words import Words
    from lentigo.triage.advice import Advice, Duration


@dataclass(frozen=True)
class Reminder:
    """A calendar file: its name, its text."""

    name: str
    text: str


def reminder(advice: Advice, at: Moment, of: str, words: Words) -> Reminder:
    """Write the reminder of an advice, asked for at some time.

    ``of`` names the spot: a later reminder of the same one takes the place of the earlier. Raises
    ``ValueError`` for an advice that names no time.
    """
    if advice.within is None:
        raise ValueError(f"the advice about {advice.about} names no time")
    today = at.local.date()
    end = day_after(today, advice.within)
    to_doctor = advice.act is not Act.PHOTOGRAPH_AGAIN
    # Of a doctor halfway, while there is time to get an appointment.
    day = today + (end - today) // 2 if to_doctor else end
    told = {"said_on": day_text(today, words), "by": day_text(end, words)}
    event = AllDayEvent(
        uid=f"spot-{of}@lentigo.invalid",
        stamp=at.utc,
        day=day,
        title=words("reminder.title"),
        text=words("reminder.doctor" if to_doctor else "reminder.photograph", **told),
    )
    product = f"Lentigo//Lentigo {lentigo.__version__}"
    return Reminder(
        f"reminder-{day.isoformat()}.ics", as_icalendar(event, product, words.language.tag)
    )


def day_after(day: date, duration: Duration) -> date:
    """Return the day so long after another; the last of a month that is too short for it."""
    if duration.unit is Unit.WEEKS:
        return day + timedelta(weeks=duration.count)
    months = day.month - 1 + duration.count
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
