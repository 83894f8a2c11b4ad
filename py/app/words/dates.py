"""Days and times of day, as the language writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.words.catalogue import Words


def day_text(day: date, words: Words) -> str:
    """Write a day out: "30 November 2026"."""
    return words("date.day", day=day.day, month=f"m{day.month}", year=day.year)


def time_text(at: datetime, words: Words) -> str:
    """Write a day with the time of day."""
    return words("date.time", day=day_text(at, words), time=f"{at:%H:%M}")
