"""What a spot's photos ask for together. History can only raise concern.

A milder answer to a newer photo never takes back an older one: what was asked stands until a doctor
has looked at the spot. Beside the answer of its day, a photo may ask for more by what the visitor
sees when it is compared with an earlier one, and by what was measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from lentigo.priority import Priority
from lentigo.spots.records import Care, ChangeSeen
from lentigo.triage.checklist import requests_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lentigo.spots.records import Capture, CareState
    from lentigo.triage.checklist import Answers


class HistoryRule(StrEnum):
    """Which rule about a photo among others asked for a priority."""

    ANSWER_OF_THE_DAY = "answer-of-the-day"
    CHANGE_SEEN = "change-seen"
    CHANGE_UNSURE = "change-unsure"
    MEASURED_CHANGE = "measured-change"


@dataclass(frozen=True)
class HistoryRequest:
    """One rule asking for one priority, about one photo."""

    priority: Priority
    rule: HistoryRule
    capture: Capture


# "Not sure" whether it changed: ours, as a minor feature of the checklist.
UNSURE_PRIORITY = Priority.MEDIUM
# What was measured beyond the method's own error: ours, as a change in size that a person sees.
MEASURED_PRIORITY = Priority.HIGH


def requests(capture: Capture) -> tuple[HistoryRequest, ...]:
    """Return everything that one photo asks for."""
    asked = [HistoryRequest(capture.judged.priority, HistoryRule.ANSWER_OF_THE_DAY, capture)]
    if capture.change_seen is ChangeSeen.YES:
        asked += [
            HistoryRequest(request.priority, HistoryRule.CHANGE_SEEN, capture)
            for request in requests_of(_with_changes(capture))
        ]
    if capture.change_seen is ChangeSeen.NOT_SURE:
        asked.append(HistoryRequest(UNSURE_PRIORITY, HistoryRule.CHANGE_UNSURE, capture))
    if capture.concerns:
        asked.append(HistoryRequest(MEASURED_PRIORITY, HistoryRule.MEASURED_CHANGE, capture))
    return tuple(asked)


def _with_changes(capture: Capture) -> Answers:
    """Return what was said of the spot, with each change that was seen as an answer."""
    answers = capture.answers
    for question in capture.changes:
        answers = answers.saying(question, True)
    return answers


def in_order(captures: Iterable[Capture]) -> tuple[Capture, ...]:
    """Return photos of one spot, the earliest first."""
    return tuple(sorted(captures, key=lambda capture: capture.order))


def unseen(captures: Sequence[Capture], state: CareState) -> tuple[Capture, ...]:
    """Return the photos that no doctor has answered, the earliest first.

    A visit answers what Lentigo had said by then: on an earlier or the same day, and before the
    visitor told of it.
    """
    if state.care is Care.WATCHED or state.on is None or state.said is None:
        return in_order(captures)
    on, said = state.on, state.said
    return in_order(c for c in captures if c.answered > on or c.saved > said)


def standing(captures: Sequence[Capture], state: CareState) -> HistoryRequest | None:
    """Return the most severe request that no doctor has answered, of equal ones the earliest.

    ``None`` where there is none; ``low`` and ``uncertain`` are requests like any other.
    """
    asked = [request for capture in unseen(captures, state) for request in requests(capture)]
    return max(asked, key=lambda request: request.priority.severity, default=None)


def wants_doctor(request: HistoryRequest | None) -> bool:
    """Tell whether a doctor was asked for."""
    return request is not None and request.priority.severity > Priority.UNCERTAIN.severity


def is_taken_back(captures: Sequence[Capture], state: CareState) -> bool:
    """Tell whether the newest photo would say less than what stands from before."""
    stands, last = standing(captures, state), in_order(captures)[-1:]
    if not wants_doctor(stands) or stands is None or not last:
        return False
    newest = max(request.priority.severity for request in requests(last[0]))
    return stands.capture is not last[0] and newest < stands.priority.severity
