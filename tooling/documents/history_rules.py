"""The rules about a kept spot, as rows of ``docs/generated/priority-rules.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lentigo.priority import Priority
from lentigo.spots.comparison.change import ChangeCode
from lentigo.spots.history import (
    GREW_PRIORITY,
    MEASURED_PRIORITY,
    NEW_PRIORITY,
    UNSURE_PRIORITY,
    HistoryRule,
)
from lentigo.spots.records import ChangeSeen
from lentigo.spots.scale.growth import GREW_SHARE, NEW_FROM_MM
from lentigo.spots.schedule import FOLLOWING
from lentigo.triage.advice import ADVICE

if TYPE_CHECKING:
    from lentigo.triage.advice import Duration

HEAD = ("Rule", "Asks for", "When")


def introduction() -> str:
    """Say how the photos of a kept spot are put together, and when the next is due."""
    first = ADVICE[Priority.LOW].within
    assert first is not None
    return (
        "The priority of a spot that is kept is the most severe one that any of its photos has "
        "asked for since a doctor has looked at it. A newer photo takes nothing back. While a "
        "doctor is asked for, no photo is due; after `low` the first is due in "
        f"{_duration(first)}, the others every {_duration(FOLLOWING)} (ours)."
    )


def rows() -> list[tuple[str, str, str]]:
    """Return each rule with what it asks for."""
    codes = ", ".join(f"`{code}`" for code in ChangeCode if code is not ChangeCode.SHRANK)
    return [
        (f"`{HistoryRule.ANSWER_OF_THE_DAY}`", "its own tier", "the answer that a photo got"),
        (
            f"`{HistoryRule.CHANGE_SEEN}`",
            "as the answers above",
            f"`{ChangeSeen.YES}` to a change in size, shape or colour, with what was said that day",
        ),
        (
            f"`{HistoryRule.CHANGE_UNSURE}`",
            f"**{UNSURE_PRIORITY}** (ours)",
            f"`{ChangeSeen.NOT_SURE}` whether it has changed",
        ),
        (
            f"`{HistoryRule.MEASURED_CHANGE}`",
            f"**{MEASURED_PRIORITY}** (ours)",
            f"measured beyond the method's own error: {codes}",
        ),
        (
            f"`{HistoryRule.SIZE_GREW}`",
            f"**{GREW_PRIORITY}** (ours)",
            f"by coins in two photos, the diameter grew by {GREW_SHARE:.0%} within a year, or as "
            "fast over longer, beyond the error; Abbott et al. (2015)",
        ),
        (
            f"`{HistoryRule.NEW_AND_LARGE}`",
            f"**{NEW_PRIORITY}** (ours)",
            f"by a coin, a spot that is new is {NEW_FROM_MM:.0f} mm wide at its least; Abbott et "
            "al. (2015)",
        ),
    ]


def _duration(duration: Duration) -> str:
    return f"{duration.count} {duration.unit}"
