"""What a triage says, in English: nothing that reassures, whole sentences, the right time frame."""

import pytest

from app.words import IN_ENGLISH
from app.words.triage import (
    BODY_SITE,
    QUESTION_HELP,
    QUESTION_LABEL,
    QUESTION_TEXT,
    SKIN_TYPE,
    advice_text,
    because,
)
from lentigo.priority import Priority
from lentigo.triage.advice import (
    ADVICE,
    CAUTION_ADVICE,
    OUTSIDE_ADVICE,
    STILL_UNCERTAIN,
    advise,
)
from lentigo.triage.checklist import (
    AnswerRequest,
    AnswerRule,
    Answers,
    BodySite,
    Question,
    SkinType,
)
from lentigo.triage.rules import CautionRequest, CautionRule, Evidence, triage
from tests.unit.lentigo.triage.test_rules import DOG, MELANOMA, MOLE, VAGUE, sees


def said(request: CautionRequest | AnswerRequest) -> str:
    return because(request, IN_ENGLISH)


def test_every_question_has_words() -> None:
    for question in Question:
        label, statement = (
            IN_ENGLISH(QUESTION_LABEL[question]),
            said(AnswerRequest(Priority.HIGH, AnswerRule.RISK, (question,))),
        )
        assert label[0].isupper() or label[0].isdigit()
        assert statement.startswith("You said that ")
        assert statement[len("You said that ")].islower()
        assert IN_ENGLISH(QUESTION_TEXT[question]).endswith("?")
        assert IN_ENGLISH(QUESTION_HELP[question]).endswith(".")
    assert all(IN_ENGLISH(SKIN_TYPE[skin]) for skin in SkinType)
    assert all(IN_ENGLISH(BODY_SITE[site]) for site in BodySite)


@pytest.mark.parametrize(
    ("evidence", "time_frame", "action"),
    [
        (
            Evidence(MOLE),
            "Photograph again in 8 weeks",
            "No warning signs in this photo. Check again in 8 weeks",
        ),
        (Evidence(VAGUE), "Try again now", "Lentigo cannot say. Take another photo"),
        (
            Evidence(MOLE, answers=Answers(skin_type=SkinType.V)),
            "At your next visit",
            "Show this spot to a doctor at your next visit",
        ),
        (
            Evidence(VAGUE, answers=Answers(skin_type=SkinType.V)),
            "Try again now",
            "Lentigo cannot say. Take another photo",
        ),
        (
            Evidence(MOLE, answers=Answers(tattoo=True)),
            "Within 3 months",
            "Show this spot to a doctor within 3 months",
        ),
        (
            Evidence(MOLE, answers=Answers(several_spots=True)),
            "Try again now",
            "Photograph each spot alone",
        ),
        (
            Evidence(MOLE, answers=Answers(tattoo=True, bleeding=True)),
            "Within 4 weeks",
            "See a doctor within 4 weeks",
        ),
        (
            Evidence(MELANOMA, answers=Answers(tattoo=True)),
            "Within 2 weeks",
            "See a doctor within 2 weeks",
        ),
        (Evidence(refusing=DOG), "Try again now", "Take another photo"),
        (
            Evidence(refusing=DOG, answers=Answers(not_healing=True)),
            "Within 2 weeks",
            "See a doctor within 2 weeks",
        ),
        (Evidence(), "Try again now", "Take a photo of the spot"),
    ],
)
def test_the_advice_is_that_of_the_deciding_request(
    evidence: Evidence, time_frame: str, action: str
) -> None:
    said = advice_text(advise(triage(evidence)), IN_ENGLISH)
    assert (said.time_frame, said.action) == (time_frame, action)


@pytest.mark.parametrize(
    ("evidence", "changes"),
    [
        (Evidence(VAGUE), True),
        (Evidence(sees(mel=0.03)), True),
        (Evidence(MOLE), False),
        (Evidence(MELANOMA), False),
        (Evidence(MOLE, answers=Answers(skin_type=SkinType.V)), False),
        (Evidence(MOLE, answers=Answers(several_spots=True)), False),
        (Evidence(refusing=DOG), False),
    ],
)
def test_a_second_uncertain_answer_sends_to_a_doctor(evidence: Evidence, changes: bool) -> None:
    result = triage(evidence)
    again = advise(result, photos=2)
    assert (again == STILL_UNCERTAIN) is changes
    assert changes or again == advise(result)


@pytest.mark.parametrize("about", [Priority.UNCERTAIN, CautionRule.NEAR_ALARM])
def test_the_first_uncertain_answer_announces_what_the_second_says(
    about: Priority | CautionRule,
) -> None:
    within = advice_text(STILL_UNCERTAIN, IN_ENGLISH).time_frame.lower()
    assert within in IN_ENGLISH(f"advice.{about}.next-step")


def test_the_words_reassure_nobody() -> None:
    advices = [
        *ADVICE.values(),
        *OUTSIDE_ADVICE.values(),
        *CAUTION_ADVICE.values(),
        STILL_UNCERTAIN,
    ]
    texts = [advice_text(advice, IN_ENGLISH) for advice in advices]
    words = " ".join(f"{t.title} {t.action} {t.time_frame} {t.next_step}" for t in texts).lower()
    for forbidden in ("safe", "benign", "all clear", "harmless", "nothing to worry"):
        assert forbidden not in words


def test_a_reason_repeats_what_the_visitor_said() -> None:
    result = triage(Evidence(MOLE, answers=Answers(change_in_size=True, oozing=True)))
    decisive = result.decisive
    assert isinstance(decisive, AnswerRequest)
    assert said(decisive) == (
        "You said that it has grown or changed in size and that it oozes or forms a crust: "
        "3 points of the seven-point checklist, on which doctors refer from 3."
    )


def test_a_list_of_three_answers_reads_as_one_sentence() -> None:
    request = AnswerRequest(
        Priority.URGENT,
        AnswerRule.RISK_WITH_SIGN,
        (Question.HAD_MELANOMA, Question.OOZING, Question.BLEEDING),
    )
    assert said(request) == (
        "You said that you have had a melanoma, that it oozes or forms a crust and that it has "
        "bled without being hurt; together these weigh more."
    )


def test_every_rule_has_a_sentence_that_fits_it() -> None:
    requests: list[CautionRequest | AnswerRequest] = [
        *(CautionRequest(Priority.UNCERTAIN, rule) for rule in CautionRule),
        *(AnswerRequest(Priority.HIGH, rule, (Question.OOZING,), 3) for rule in AnswerRule),
    ]
    for request in requests:
        sentence = said(request)
        assert sentence[0].isupper()
        assert sentence.endswith(".")
