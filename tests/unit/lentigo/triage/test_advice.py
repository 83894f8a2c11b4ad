"""What each priority asks of a person: its durations."""

from datetime import date

import pytest

from lentigo.triage.advice import Duration, Unit


@pytest.mark.parametrize(
    ("today", "duration", "day"),
    [
        (date(2026, 11, 30), Duration(3, Unit.MONTHS), date(2027, 2, 28)),
        (date(2027, 11, 30), Duration(3, Unit.MONTHS), date(2028, 2, 29)),
        (date(2026, 9, 30), Duration(3, Unit.MONTHS), date(2026, 12, 30)),
        (date(2026, 12, 31), Duration(1, Unit.MONTHS), date(2027, 1, 31)),
        (date(2026, 12, 31), Duration(2, Unit.WEEKS), date(2027, 1, 14)),
    ],
)
def test_a_month_that_is_too_short_ends_the_time(
    today: date, duration: Duration, day: date
) -> None:
    assert duration.after(today) == day
