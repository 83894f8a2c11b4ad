import pytest

from app.keep.moment import Moment
from app.keep.reminder import reminder
from app.words import IN_ENGLISH
from lentigo.diagnosis import Diagnosis
from lentigo.priority import Priority
from lentigo.triage.advice import ADVICE, OUTSIDE_ADVICE
from tests.unit.app.keep.moments import NOON, NOON_MS

WITH_TIME = [a for a in (*ADVICE.values(), *OUTSIDE_ADVICE.values()) if a.within is not None]


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


@pytest.mark.parametrize(
    ("priority", "day"),
    [
        # 30 November: a week of two, two weeks of four, half of three months; eight weeks.
        (Priority.URGENT, "20261207"),
        (Priority.HIGH, "20261214"),
        (Priority.MEDIUM, "20270114"),
        (Priority.LOW, "20270125"),
    ],
)
def test_a_doctor_is_remembered_while_there_is_time_and_a_photo_when_it_is_due(
    priority: Priority, day: str
) -> None:
    made = reminder(ADVICE[priority], NOON, "1", IN_ENGLISH)
    assert f"\r\nDTSTART;VALUE=DATE:{day}\r\n" in made.text
    assert made.name == f"reminder-{day[:4]}-{day[4:6]}-{day[6:]}.ics"


def test_it_says_when_it_was_said_and_by_when() -> None:
    text = unfolded(reminder(ADVICE[Priority.URGENT], NOON, "1", IN_ENGLISH).text)
    assert (
        "Lentigo said on 30 November 2026: show the spot to a doctor by 14 December 2026." in text
    )


@pytest.mark.parametrize("advice", WITH_TIME, ids=lambda advice: advice.about)
def test_it_names_no_disease_and_no_priority(advice: object) -> None:
    text = unfolded(reminder(advice, NOON, "1", IN_ENGLISH).text).lower()  # type: ignore[arg-type]
    names = [IN_ENGLISH(f"diagnosis.{diagnosis}").lower() for diagnosis in Diagnosis]
    for word in (*names, "cancer", "melanom", "carcinom", "urgent", "tumour", "safe"):
        assert word not in text


def test_the_same_spot_keeps_its_event_and_another_has_its_own() -> None:
    def uid(of: str, at: Moment) -> str:
        text = reminder(ADVICE[Priority.LOW], at, of, IN_ENGLISH).text
        return next(line for line in text.split("\r\n") if line.startswith("UID:"))

    later = NOON.when(NOON_MS + 60_000)
    assert uid("1", NOON) == uid("1", later) != uid("2", NOON)


def test_an_advice_without_a_time_has_no_reminder() -> None:
    with pytest.raises(ValueError, match="about uncertain names no time"):
        reminder(ADVICE[Priority.UNCERTAIN], NOON, "1", IN_ENGLISH)


@pytest.mark.parametrize(
    ("ahead_of_utc_min", "day"), [(0, "20261214"), (13 * 60, "20261215"), (-13 * 60, "20261213")]
)
def test_the_day_is_that_of_the_visitors_clock(ahead_of_utc_min: int, day: str) -> None:
    made = reminder(ADVICE[Priority.HIGH], Moment(NOON_MS, ahead_of_utc_min), "1", IN_ENGLISH)
    assert f"\r\nDTSTART;VALUE=DATE:{day}\r\n" in made.text
    assert "\r\nDTSTAMP:20261130T120000Z\r\n" in made.text
