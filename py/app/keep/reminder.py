"""When to look at a spot again, as a calendar file that names no disease. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import lentigo
from app.keep.calendar import AllDayEvent, as_icalendar
from app.words.dates import day_text
from lentigo.spots.schedule import DueFor
from lentigo.triage.advice import Act

if TYPE_CHECKING:
    from datetime import date

    from app.keep.moment import Moment
    from app.spots.collection import Watched
    from app.words import Words
    from lentigo.triage.advice import Advice


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
    to_doctor = advice.act is not Act.PHOTOGRAPH_AGAIN
    return _reminder(to_doctor, today, advice.within.after(today), at, of, words)


def reminder_of_spot(watched: Watched, at: Moment, words: Words) -> Reminder:
    """Write the reminder of what is due of a kept spot; ``ValueError`` if nothing is."""
    due, stands = watched.due, watched.standing
    if due is None:
        raise ValueError(f"nothing is due of {watched.id}")
    said = stands.capture.answered if stands else watched.newest.answered
    return _reminder(due.what is DueFor.DOCTOR, said, due.by, at, watched.id, words)


def _reminder(  # noqa: PLR0913, PLR0917 (what a reminder is made of)
    to_doctor: bool, said: date, by: date, at: Moment, of: str, words: Words
) -> Reminder:
    today = at.local.date()
    # Of a doctor halfway, while there is time to get an appointment; of nothing in the past.
    day = today + max(by - today, timedelta()) // 2 if to_doctor else max(by, today)
    told = {"said_on": day_text(said, words), "by": day_text(by, words)}
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
