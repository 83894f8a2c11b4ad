"""What a spot's photos ask for together. History can only raise concern.

A milder answer to a newer photo never takes back an older one: what was asked stands until a doctor
has looked at the spot. Beside the answer of its day, a photo may ask for more by what the visitor
sees when it is compared with an earlier one, and by what was measured.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING

from lentigo.priority import Priority
from lentigo.spots.records import Care, ChangeSeen
from lentigo.spots.scale.growth import grew_a_fifth, is_new_and_large
from lentigo.triage.checklist import requests_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from lentigo.spots.records import Capture, CareState
    from lentigo.triage.checklist import Answers


class HistoryRule(StrEnum):
    """Which rule about a photo among others asked for a priority."""

    ANSWER_OF_THE_DAY = "answer-of-the-day"
    CHANGE_SEEN = "change-seen"
    CHANGE_UNSURE = "change-unsure"
    MEASURED_CHANGE = "measured-change"
    SIZE_GREW = "size-grew"
    NEW_AND_LARGE = "new-and-large"


@dataclass(frozen=True)
class HistoryRequest:
    """One rule asking for one priority, about one photo."""

    priority: Priority
    rule: HistoryRule
    capture: Capture

    @property
    def name(self) -> str:
        """What it is called in ``CareState.heard``."""
        return f"{self.capture.id} {self.rule} {self.priority}"


# "Not sure" whether it changed: ours, as a minor feature of the checklist.
UNSURE_PRIORITY = Priority.MEDIUM
# What was measured beyond the method's own error: ours, as a change in size that a person sees.
MEASURED_PRIORITY = Priority.HIGH
# A diameter that grew by a fifth in a year, and a new spot of 5 mm: attention (Abbott et al.,
# Australas. J. Dermatol. 56:14, 2015). The tiers are ours: the one as what was measured otherwise.
GREW_PRIORITY, NEW_PRIORITY = Priority.HIGH, Priority.MEDIUM


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
    if is_new_and_large(capture.size):
        asked.append(HistoryRequest(NEW_PRIORITY, HistoryRule.NEW_AND_LARGE, capture))
    return tuple(asked)


def requests_of_all(captures: Iterable[Capture]) -> tuple[HistoryRequest, ...]:
    """Return everything that photos of one spot ask for, alone and together, the earliest first."""
    ordered = in_order(captures)
    grown = {
        later.id
        for earlier, later in combinations(ordered, 2)
        if grew_a_fifth(earlier.size, later.size)
    }
    asked: list[HistoryRequest] = []
    for capture in ordered:
        asked += requests(capture)
        if capture.id in grown:
            asked.append(HistoryRequest(GREW_PRIORITY, HistoryRule.SIZE_GREW, capture))
    return tuple(asked)


def _with_changes(capture: Capture) -> Answers:
    """Return what was said of the spot, with each change that was seen as an answer."""
    answers = capture.answers
    for question in capture.changes:
        answers = answers.saying(question, True)
    return answers


_SEVERITY = {ChangeSeen.NO: 1, ChangeSeen.NOT_SURE: 2, ChangeSeen.YES: 3}


def with_the_more_severe_change(here: Capture, there: Capture) -> Capture:
    """Return ``here`` with what was seen or measured in either copy of one photo.

    Of two answers the more severe one stays, and two that saw a change are one about all they saw.
    """
    here = replace(here, size=here.size or there.size)
    concerns = tuple(dict.fromkeys((*here.concerns, *there.concerns)))
    severities = [_SEVERITY[c.change_seen] if c.change_seen else 0 for c in (here, there)]
    if here.change_seen is there.change_seen is ChangeSeen.YES:
        changes = tuple(dict.fromkeys((*here.changes, *there.changes)))
        return replace(here, changes=changes, concerns=concerns)
    if severities[1] <= severities[0]:
        return replace(here, concerns=concerns)
    return replace(
        here,
        change_seen=there.change_seen,
        changes=there.changes,
        change_since=there.change_since,
        concerns=concerns,
    )


def in_order(captures: Iterable[Capture]) -> tuple[Capture, ...]:
    """Return photos of one spot, the earliest first."""
    return tuple(sorted(captures, key=lambda capture: capture.order))


def unseen(captures: Sequence[Capture], state: CareState) -> tuple[Capture, ...]:
    """Return the photos whose answers of the day no doctor has answered, the earliest first.

    A visit answers what Lentigo had said by then: on an earlier or the same day, and before the
    visitor told of it.
    """
    if state.care is Care.WATCHED or state.on is None or state.said is None:
        return in_order(captures)
    on, said = state.on, state.said
    return in_order(c for c in captures if c.answered > on or c.saved > said)


def heard_by(captures: Iterable[Capture], on: date) -> frozenset[str]:
    """Name what a visit of that day answers beside the answers: what was seen and measured.

    It is what Lentigo asks for when the visitor tells of the visit; a change that is told later is
    none of it, whatever the day of its photo.
    """
    return frozenset(
        each.name
        for each in requests_of_all(captures)
        if each.rule is not HistoryRule.ANSWER_OF_THE_DAY and each.capture.answered <= on
    )


def _unanswered(captures: Sequence[Capture], state: CareState) -> list[HistoryRequest]:
    new = {capture.id for capture in unseen(captures, state)}
    return [
        request
        for request in requests_of_all(captures)
        if request.capture.id in new
        or (request.rule is not HistoryRule.ANSWER_OF_THE_DAY and request.name not in state.heard)
    ]


def standing(captures: Sequence[Capture], state: CareState) -> HistoryRequest | None:
    """Return the most severe request that no doctor has answered, of equal ones the earliest.

    ``None`` where there is none; ``low`` and ``uncertain`` are requests like any other.
    """
    asked = _unanswered(captures, state)
    return max(asked, key=lambda request: request.priority.severity, default=None)


def wants_doctor(request: HistoryRequest | None) -> bool:
    """Tell whether a doctor was asked for."""
    return request is not None and request.priority.severity > Priority.UNCERTAIN.severity


def leaves_a_request(capture: Capture, captures: Sequence[Capture]) -> bool:
    """Tell whether something must be left of a photo that is deleted.

    That is so where it asked for a doctor, or may have with another one: two uncertain answers in a
    row do, and a size that another one has outgrown.
    """
    asked = requests_of_all(captures)
    if any(
        each.priority.severity >= Priority.UNCERTAIN.severity
        for each in asked
        if each.capture.id == capture.id
    ):
        return True
    others = [other for other in captures if other.id != capture.id]
    return len(requests_of_all(others)) < sum(each.capture.id != capture.id for each in asked)


def is_taken_back(captures: Sequence[Capture], state: CareState) -> bool:
    """Tell whether the newest photo would say less than what stands from before."""
    stands, last = standing(captures, state), in_order(captures)[-1:]
    if not wants_doctor(stands) or stands is None or not last:
        return False
    newest = max(
        request.priority.severity
        for request in requests_of_all(captures)
        if request.capture is last[0]
    )
    return stands.capture is not last[0] and newest < stands.priority.severity
