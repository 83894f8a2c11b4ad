"""What a spot's photos ask for together: history can only raise concern."""

from dataclasses import replace
from itertools import product

import pytest

from lentigo.priority import Priority
from lentigo.spots.history import (
    HistoryRule,
    heard_by,
    in_order,
    is_taken_back,
    requests,
    standing,
    wants_doctor,
    with_the_more_severe_change,
)
from lentigo.spots.records import CareState, ChangeSeen
from lentigo.triage.checklist import Answers, Question
from tests.unit.kept import captured, seen

WATCHED = CareState()


@pytest.mark.parametrize(("first", "second"), list(product(Priority, Priority)))
def test_a_newer_photo_never_takes_back_an_older_answer(first: Priority, second: Priority) -> None:
    captures = (captured(first), captured(second, days=60))
    asked = standing(captures, WATCHED)
    assert asked is not None
    assert asked.priority.severity == max(first.severity, second.severity)
    doctor = first.severity > Priority.UNCERTAIN.severity
    assert is_taken_back(captures, WATCHED) is (doctor and second.severity < first.severity)


@pytest.mark.parametrize("priority", Priority)
def test_another_photo_never_lowers_what_stands(priority: Priority) -> None:
    captures = (captured(Priority.HIGH), captured(Priority.MEDIUM, days=10))
    before = standing(captures, WATCHED)
    after = standing((*captures, captured(priority, days=20)), WATCHED)
    assert before is not None
    assert after is not None
    assert after.priority.severity >= before.priority.severity


def test_a_visit_answers_what_was_said_by_then() -> None:
    captures = (captured(Priority.URGENT), captured(Priority.MEDIUM, days=20))
    asked = standing(captures, seen(10))
    assert asked is not None
    assert asked.priority is Priority.MEDIUM
    assert standing(captures, seen(20)) is None


def test_an_answer_after_the_visit_of_the_same_day_stands() -> None:
    evening = captured(Priority.URGENT)
    later = replace(evening, saved=evening.saved.replace(hour=23))
    assert standing((evening,), seen(0)) is None
    assert wants_doctor(standing((later,), seen(0)))


def test_a_change_that_is_told_after_the_visit_stands_whatever_the_day_of_the_photo() -> None:
    low = captured(Priority.LOW, days=3)
    state = replace(seen(5), heard=heard_by([low], seen(5).on or low.taken))
    for told in (
        replace(low, change_seen=ChangeSeen.YES, changes=(Question.CHANGE_IN_SIZE,)),
        replace(low, change_seen=ChangeSeen.NOT_SURE),
        replace(low, concerns=("grown",)),
    ):
        assert wants_doctor(standing((told,), state))
        # Heard by the next visit.
        again = replace(seen(6), heard=heard_by([told], low.taken))
        assert standing((told,), again) is None
        assert wants_doctor(standing((replace(told, concerns=("darker",)),), state))


def test_of_two_answers_about_one_photo_the_more_severe_one_stays() -> None:
    low = captured(Priority.LOW)
    answers = [
        low,
        replace(low, change_seen=ChangeSeen.NO),
        replace(low, change_seen=ChangeSeen.NOT_SURE, concerns=("grown",)),
        replace(low, change_seen=ChangeSeen.YES, changes=(Question.CHANGE_IN_SIZE,)),
        replace(low, change_seen=ChangeSeen.YES, changes=(Question.IRREGULAR_COLOUR,)),
    ]
    for here, there in product(answers, answers):
        both = with_the_more_severe_change(here, there)
        asked = standing((both,), WATCHED)
        assert asked is not None
        for one in (here, there):
            alone = standing((one,), WATCHED)
            assert alone is not None
            assert asked.priority.severity >= alone.priority.severity
            assert set(both.concerns) >= set(one.concerns)


@pytest.mark.parametrize(
    ("seen_change", "changes", "priority"),
    [
        (ChangeSeen.NO, (), Priority.LOW),
        (ChangeSeen.NOT_SURE, (), Priority.MEDIUM),
        (ChangeSeen.YES, (Question.CHANGE_IN_SIZE,), Priority.HIGH),
        (ChangeSeen.YES, (Question.IRREGULAR_SHAPE,), Priority.HIGH),
        (ChangeSeen.YES, (Question.CHANGE_IN_SIZE, Question.IRREGULAR_COLOUR), Priority.URGENT),
    ],
)
def test_a_change_that_is_seen_asks_for_its_tier(
    seen_change: ChangeSeen, changes: tuple[Question, ...], priority: Priority
) -> None:
    capture = replace(captured(Priority.LOW), change_seen=seen_change, changes=changes)
    asked = standing((capture,), WATCHED)
    assert asked is not None
    assert asked.priority is priority


def test_a_change_adds_to_what_was_said_on_the_day() -> None:
    said = replace(captured(Priority.LOW), answers=Answers(large_diameter=True))
    capture = replace(said, change_seen=ChangeSeen.YES, changes=(Question.CHANGE_IN_SIZE,))
    asked = standing((capture,), WATCHED)
    assert asked is not None
    assert asked.priority is Priority.URGENT


def test_a_measured_change_raises_and_says_so() -> None:
    capture = replace(captured(Priority.LOW), concerns=("grown",))
    asked = standing((capture,), WATCHED)
    assert asked is not None
    assert asked.rule is HistoryRule.MEASURED_CHANGE
    assert asked.priority is Priority.HIGH


@pytest.mark.parametrize("priority", Priority)
@pytest.mark.parametrize("change", [None, *ChangeSeen])
def test_no_answer_about_change_lowers(priority: Priority, change: ChangeSeen | None) -> None:
    capture = replace(captured(priority), change_seen=change, concerns=("grown",))
    severities = [request.priority.severity for request in requests(capture)]
    assert max(severities) >= priority.severity


def test_the_day_of_the_photo_decides_the_order() -> None:
    old = replace(captured(Priority.LOW, days=9, name="old"), taken=captured(Priority.LOW).taken)
    new = captured(Priority.LOW, days=5, name="new")
    assert [capture.id for capture in in_order((new, old))] == ["old", "new"]
