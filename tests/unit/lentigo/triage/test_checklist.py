from dataclasses import fields

import pytest

from lentigo.priority import Priority
from lentigo.triage.checklist import (
    ANSWER_RULE_SOURCE,
    NO_ANSWERS,
    POINTS,
    QUESTION_SOURCE,
    RED_FLAGS,
    RISKS,
    AnswerRequest,
    AnswerRule,
    Answers,
    BodySite,
    Question,
    SkinType,
    as_document,
    field_name,
    parse_answers,
    requests_of,
)


def asked(answers: Answers) -> str:
    """Return the most severe priority that these answers ask for; empty if none."""
    priorities = [request.priority for request in requests_of(answers)]
    return max(priorities, key=lambda p: p.severity) if priorities else ""


def test_every_question_has_a_field_and_every_field_a_question() -> None:
    names = [field.name for field in fields(Answers)]
    assert names == [*map(field_name, Question), "skin_type", "body_site"]


def test_every_question_and_every_rule_has_a_source() -> None:
    assert set(QUESTION_SOURCE) == set(Question)
    assert set(ANSWER_RULE_SOURCE) == set(AnswerRule)
    assert all(QUESTION_SOURCE.values())


def test_the_points_are_those_of_nice_ng12() -> None:
    assert {str(question): points for question, points in POINTS.items()} == {
        "change-in-size": 2,
        "irregular-shape": 2,
        "irregular-colour": 2,
        "large-diameter": 1,
        "inflammation": 1,
        "oozing": 1,
        "change-in-sensation": 1,
    }


def test_silence_asks_for_nothing() -> None:
    assert requests_of(NO_ANSWERS) == ()


def test_no_asks_for_nothing_like_silence() -> None:
    said_no = Answers(**dict.fromkeys(map(field_name, Question), False))  # type: ignore[arg-type]
    assert requests_of(said_no) == ()
    assert said_no.yes == ()


@pytest.mark.parametrize(
    ("answers", "points", "priority"),
    [
        (Answers(change_in_size=True), 2, "high"),
        (Answers(irregular_shape=True), 2, "high"),
        (Answers(irregular_colour=True), 2, "high"),
        (Answers(large_diameter=True), 1, "medium"),
        (Answers(inflammation=True), 1, "medium"),
        (Answers(oozing=True), 1, "medium"),
        (Answers(change_in_sensation=True), 1, "medium"),
        (Answers(oozing=True, inflammation=True), 2, "medium"),
        (Answers(oozing=True, inflammation=True, large_diameter=True), 3, "urgent"),
        (Answers(change_in_size=True, oozing=True), 3, "urgent"),
        (Answers(change_in_size=True, oozing=False), 2, "high"),
        (Answers(change_in_size=True, irregular_colour=True), 4, "urgent"),
        (Answers(bleeding=True), 0, "high"),
        (Answers(not_healing=True), 0, "urgent"),
        (Answers(growing_nodule=True), 0, "urgent"),
        (Answers(new_nail_line=True), 0, "urgent"),
        (Answers(strong_concern=True), 0, "high"),
        (Answers(strong_concern=True, large_diameter=True), 1, "urgent"),
        (Answers(strong_concern=True, had_melanoma=True), 0, "high"),
        (Answers(had_melanoma=True), 0, "high"),
        (Answers(had_melanoma=True, oozing=True), 1, "urgent"),
        (Answers(weakened_immunity=True), 0, "high"),
        (Answers(weakened_immunity=True, bleeding=True), 0, "urgent"),
        (Answers(melanoma_in_family=True), 0, "medium"),
        (Answers(melanoma_in_family=True, large_diameter=True), 1, "high"),
        (Answers(under_18=True, tattoo=True, scar=True, open_wound=True), 0, ""),
        (Answers(skin_type=SkinType.VI, body_site=BodySite.NAIL), 0, ""),
    ],
)
def test_answers_ask_for_their_priority(answers: Answers, points: int, priority: str) -> None:
    assert (answers.points, asked(answers)) == (points, priority)


def test_a_request_names_the_answers_behind_it() -> None:
    requests = requests_of(Answers(change_in_size=True, oozing=True, irregular_shape=False))
    assert requests == (
        AnswerRequest(
            Priority.URGENT,
            AnswerRule.SEVEN_POINTS,
            (Question.CHANGE_IN_SIZE, Question.OOZING),
            points=3,
        ),
        AnswerRequest(Priority.HIGH, AnswerRule.MAJOR_FEATURE, (Question.CHANGE_IN_SIZE,)),
        AnswerRequest(Priority.MEDIUM, AnswerRule.MINOR_FEATURE, (Question.OOZING,)),
    )


def test_a_risk_names_the_signs_that_made_it_weigh_more() -> None:
    requests = requests_of(Answers(had_melanoma=True, bleeding=True, oozing=True))
    assert requests[-1] == AnswerRequest(
        Priority.URGENT,
        AnswerRule.RISK_WITH_SIGN,
        (Question.HAD_MELANOMA, Question.OOZING, Question.BLEEDING),
    )


def test_a_sign_never_makes_a_risk_weigh_less() -> None:
    for tiers in RISKS.values():
        assert tiers.with_sign.severity >= tiers.alone.severity
    assert all(priority.severity >= Priority.HIGH.severity for priority in RED_FLAGS.values())


def test_answers_are_read_from_a_plain_document() -> None:
    document = {"bleeding": True, "oozing": False, "scar": None, "skin-type": "V"}
    answers = parse_answers({**document, "body-site": "nail"})
    assert answers == Answers(
        bleeding=True, oozing=False, skin_type=SkinType.V, body_site=BodySite.NAIL
    )


def test_an_empty_document_is_no_answers() -> None:
    assert parse_answers({}) == NO_ANSWERS
    assert parse_answers({"skin-type": None, "body-site": None}) == NO_ANSWERS


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({"bleading": True}, "bleading"),
        ({"change_in_size": True}, "change_in_size"),
        ({"bleeding": "yes"}, "bleeding"),
        ({"bleeding": 1}, "bleeding"),
        ({"skin-type": "VII"}, "skin-type"),
        ({"skin-type": 5}, "skin-type"),
        ({"body-site": True}, "body-site"),
        ({"body-site": "Nail"}, "body-site"),
    ],
)
def test_what_is_no_answer_is_refused_by_name(document: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        parse_answers(document)


def test_a_document_is_read_back_as_it_was_written() -> None:
    answers = Answers(
        change_in_size=True, oozing=False, skin_type=SkinType.II, body_site=BodySite.FACE_OR_SCALP
    )
    document = as_document(answers)
    assert document == {
        "change-in-size": True,
        "oozing": False,
        "skin-type": "II",
        "body-site": "face-or-scalp",
    }
    assert all(type(value) in {bool, str} for value in document.values())
    assert parse_answers(document) == answers
