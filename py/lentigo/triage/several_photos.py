"""How far a mean of several photos of one spot may stand below what one of them asked for alone.

A blurred or pale photo must not talk an alarm away, and a visitor must not be able to photograph
until the answer is pleasant: the mean is at most one tier below the most severe answer that any
photo gave alone, and never below ``medium`` once one of them asked for ``high`` or more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lentigo.priority import Priority

if TYPE_CHECKING:
    from collections.abc import Iterable

# Ours. More photos would hardly move the mean any more, and nobody is to try until it pleases.
MOST_PHOTOS = 5

# The least that the mean may ask for, by the most severe answer of one photo; ours. So ``low`` is
# out of reach as soon as one photo asks for more than ``uncertain``.
FLOOR: dict[Priority, Priority] = {
    Priority.LOW: Priority.LOW,
    Priority.UNCERTAIN: Priority.LOW,
    Priority.MEDIUM: Priority.UNCERTAIN,
    Priority.HIGH: Priority.MEDIUM,
    Priority.URGENT: Priority.HIGH,
}


def floor_of(alone: Iterable[Priority]) -> Priority:
    """Return the least that all photos together may ask for; ``LOW`` of none."""
    return FLOOR[max(alone, key=lambda priority: priority.severity, default=Priority.LOW)]
