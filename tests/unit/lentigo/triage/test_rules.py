import pytest

from lentigo.diagnosis import Diagnosis
from lentigo.model.ood import Recognition
from lentigo.picture.quality import QualityIssue
from lentigo.priority import Assessment, Priority, Request, Rule
from lentigo.triage.advice import ADVICE, CAUTION_ADVICE, OUTSIDE_ADVICE
from lentigo.triage.checklist import (
    AnswerRequest,
    AnswerRule,
    Answers,
    BodySite,
    Question,
    SkinType,
)
from lentigo.triage.rules import (
    CAUTION_SOURCE,
    DISAGREEMENT_FROM,
    OUTSIDE_PRIORITY,
    OUTSIDE_QUESTION,
    OUTSIDE_SITE,
    CautionRequest,
    CautionRule,
    Evidence,
    Outcome,
    Outside,
    code_of,
    triage,
)
from tests.unit.scales import assess_classes


def sees(**given: float) -> Assessment:
    """Assess seven probabilities: what is not given goes to nv."""
    values: dict[str, float] = {str(diagnosis): 0.0 for diagnosis in Diagnosis} | given
    values["nv"] += 1 - sum(given.values())
    return assess_classes([values[diagnosis] for diagnosis in Diagnosis])


MOLE = sees(bkl=0.1)
VAGUE = sees(bkl=0.38, df=0.3)
VASCULAR = sees(vasc=0.9)
CARCINOMA = sees(bcc=0.9)
MELANOMA = sees(mel=0.9)

BLURRED = frozenset({QualityIssue.BLUR})
DOG = frozenset({QualityIssue.NOT_SKIN})

# What is known, the outcome, the priority, and the words key of the request that decides.
CASES: dict[str, tuple[Evidence, str, str, str]] = {
    # The model alone.
    "a mole": (Evidence(MOLE), "labelled", "low", "top-class.nv"),
    "nothing stands out": (Evidence(VAGUE), "labelled", "uncertain", "confidence.bkl"),
    "a vascular lesion": (Evidence(VASCULAR), "labelled", "medium", "top-class.vasc"),
    "a carcinoma": (Evidence(CARCINOMA), "labelled", "high", "top-class.bcc"),
    "a melanoma": (Evidence(MELANOMA), "labelled", "urgent", "top-class.mel"),
    "a melanoma in second place": (
        Evidence(sees(mel=0.25)),
        "labelled",
        "urgent",
        "melanoma-risk.mel",
    ),
    # Doubt replaces low, and nothing else.
    "a mole that is nearly too like a melanoma": (
        Evidence(sees(mel=0.03)),
        "labelled",
        "uncertain",
        "near-alarm",
    ),
    "a mole that is a little like a melanoma": (
        Evidence(sees(mel=0.02)),
        "labelled",
        "low",
        "top-class.nv",
    ),
    "a mole that is a little like two malignant kinds": (
        Evidence(sees(bcc=0.14, akiec=0.14)),
        "labelled",
        "uncertain",
        "near-alarm",
    ),
    "a vascular lesion that is nearly too like a melanoma": (
        Evidence(sees(vasc=0.97, mel=0.03)),
        "labelled",
        "medium",
        "top-class.vasc",
    ),
    "a mole, a little blurred": (
        Evidence(MOLE, warning=BLURRED),
        "labelled",
        "uncertain",
        "poor-picture.blur",
    ),
    "a melanoma, a little blurred": (
        Evidence(MELANOMA, warning=BLURRED),
        "labelled",
        "urgent",
        "top-class.mel",
    ),
    "a mole like none of the seven kinds": (
        Evidence(MOLE, recognition=Recognition.UNFAMILIAR),
        "labelled",
        "uncertain",
        "unfamiliar",
    ),
    "a carcinoma like none of the seven kinds": (
        Evidence(CARCINOMA, recognition=Recognition.UNFAMILIAR),
        "labelled",
        "high",
        "top-class.bcc",
    ),
    "a mole that was recognised": (
        Evidence(MOLE, recognition=Recognition.LESION),
        "labelled",
        "low",
        "top-class.nv",
    ),
    "a mole in half of the frames": (
        Evidence(MOLE, disagreement=DISAGREEMENT_FROM),
        "labelled",
        "uncertain",
        "disagreement",
    ),
    "a mole in most of the frames": (
        Evidence(MOLE, disagreement=DISAGREEMENT_FROM - 0.01),
        "labelled",
        "low",
        "top-class.nv",
    ),
    "a melanoma in half of the frames": (
        Evidence(MELANOMA, disagreement=1.0),
        "labelled",
        "urgent",
        "top-class.mel",
    ),
    "a mole on brown skin": (
        Evidence(MOLE, answers=Answers(skin_type=SkinType.V)),
        "labelled",
        "uncertain",
        "skin-type.V",
    ),
    "a mole on black skin": (
        Evidence(MOLE, answers=Answers(skin_type=SkinType.VI)),
        "labelled",
        "uncertain",
        "skin-type.VI",
    ),
    "a mole on olive skin": (
        Evidence(MOLE, answers=Answers(skin_type=SkinType.IV)),
        "labelled",
        "low",
        "top-class.nv",
    ),
    "a vascular lesion on black skin": (
        Evidence(VASCULAR, answers=Answers(skin_type=SkinType.VI)),
        "labelled",
        "medium",
        "top-class.vasc",
    ),
    # Answers raise.
    "a mole that oozes": (
        Evidence(MOLE, answers=Answers(oozing=True)),
        "labelled",
        "medium",
        "minor-feature.oozing",
    ),
    "a mole that has grown": (
        Evidence(MOLE, answers=Answers(change_in_size=True)),
        "labelled",
        "high",
        "major-feature.change-in-size",
    ),
    "a mole with three points": (
        Evidence(MOLE, answers=Answers(change_in_size=True, oozing=True)),
        "labelled",
        "urgent",
        "seven-points",
    ),
    "a mole that worries": (
        Evidence(MOLE, answers=Answers(strong_concern=True)),
        "labelled",
        "high",
        "strong-concern.strong-concern",
    ),
    "a large mole that worries": (
        Evidence(MOLE, answers=Answers(strong_concern=True, large_diameter=True)),
        "labelled",
        "urgent",
        "strong-concern-with-sign.strong-concern",
    ),
    "a mole of somebody who had a melanoma": (
        Evidence(MOLE, answers=Answers(had_melanoma=True)),
        "labelled",
        "high",
        "risk.had-melanoma",
    ),
    "a carcinoma that does not heal": (
        Evidence(CARCINOMA, answers=Answers(not_healing=True)),
        "labelled",
        "urgent",
        "red-flag.not-healing",
    ),
    "a melanoma with nothing to tell": (
        Evidence(MELANOMA, answers=Answers(change_in_size=False, bleeding=False)),
        "labelled",
        "urgent",
        "top-class.mel",
    ),
    "a mole in the face": (
        Evidence(MOLE, answers=Answers(body_site=BodySite.FACE_OR_SCALP)),
        "labelled",
        "low",
        "top-class.nv",
    ),
    # Outside what the model has learnt: no label, something else to do.
    "a nail": (
        Evidence(MOLE, answers=Answers(body_site=BodySite.NAIL)),
        "outside",
        "medium",
        "outside.nail",
    ),
    # Seen, not said: the model's own answer about it counts nothing.
    "a nail that the picture shows": (
        Evidence(MELANOMA, recognition=Recognition.NAIL),
        "outside",
        "medium",
        "looks-outside.nail",
    ),
    "a nail that is shown and said": (
        Evidence(MOLE, recognition=Recognition.NAIL, answers=Answers(body_site=BodySite.NAIL)),
        "outside",
        "medium",
        "outside.nail",
    ),
    "a nail that bleeds": (
        Evidence(MOLE, recognition=Recognition.NAIL, answers=Answers(bleeding=True)),
        "outside",
        "high",
        "red-flag.bleeding",
    ),
    "a new line in a nail": (
        Evidence(MOLE, answers=Answers(new_nail_line=True)),
        "outside",
        "urgent",
        "red-flag.new-nail-line",
    ),
    "a lip": (
        Evidence(MOLE, answers=Answers(body_site=BodySite.MUCOSA)),
        "outside",
        "medium",
        "outside.mucosa",
    ),
    "a sole": (
        Evidence(MOLE, answers=Answers(body_site=BodySite.PALM_OR_SOLE)),
        "outside",
        "medium",
        "outside.palm-or-sole",
    ),
    "a tattoo": (
        Evidence(MOLE, answers=Answers(tattoo=True)),
        "outside",
        "medium",
        "outside.tattoo",
    ),
    "a scar": (Evidence(MOLE, answers=Answers(scar=True)), "outside", "medium", "outside.scar"),
    "an open wound": (
        Evidence(MOLE, answers=Answers(open_wound=True)),
        "outside",
        "medium",
        "outside.open-wound",
    ),
    "a child": (
        Evidence(MOLE, answers=Answers(under_18=True)),
        "outside",
        "medium",
        "outside.under-18",
    ),
    "several spots": (
        Evidence(MOLE, answers=Answers(several_spots=True)),
        "outside",
        "uncertain",
        "outside.several-spots",
    ),
    "an alarm in a tattoo keeps its weight and loses its name": (
        Evidence(MELANOMA, answers=Answers(tattoo=True)),
        "outside",
        "urgent",
        "alarm-without-label",
    ),
    "a child whose spot bleeds": (
        Evidence(MOLE, answers=Answers(under_18=True, bleeding=True)),
        "outside",
        "high",
        "red-flag.bleeding",
    ),
    "a nail without a picture": (
        Evidence(answers=Answers(body_site=BodySite.NAIL)),
        "outside",
        "medium",
        "outside.nail",
    ),
    "a nail in a picture that is refused": (
        Evidence(refusing=BLURRED, answers=Answers(body_site=BodySite.NAIL)),
        "outside",
        "medium",
        "outside.nail",
    ),
    # Refused: no label, but the answers still count.
    "a blurred picture": (
        Evidence(refusing=BLURRED),
        "rejected",
        "uncertain",
        "refused-picture.blur",
    ),
    "a dog": (
        Evidence(MELANOMA, refusing=DOG),
        "rejected",
        "uncertain",
        "refused-picture.not-skin",
    ),
    "a dog, found by the model": (
        Evidence(MELANOMA, recognition=Recognition.NOT_A_LESION),
        "rejected",
        "uncertain",
        "refused-picture.unknown-lesion",
    ),
    "a dog, and a spot that does not heal": (
        Evidence(MELANOMA, refusing=DOG, answers=Answers(not_healing=True)),
        "rejected",
        "urgent",
        "red-flag.not-healing",
    ),
    "a blurred picture of a melanoma": (
        Evidence(MELANOMA, refusing=BLURRED),
        "rejected",
        "urgent",
        "alarm-without-label",
    ),
    "a blurred picture of a mole": (
        Evidence(MOLE, refusing=BLURRED),
        "rejected",
        "uncertain",
        "refused-picture.blur",
    ),
    # Answers alone.
    "nothing": (Evidence(), "no-picture", "uncertain", "no-picture"),
    "a growing lump without a picture": (
        Evidence(answers=Answers(growing_nodule=True)),
        "no-picture",
        "urgent",
        "red-flag.growing-nodule",
    ),
}


@pytest.mark.parametrize(("evidence", "outcome", "priority", "key"), CASES.values(), ids=CASES)
def test_each_case_has_its_outcome_priority_and_reason(
    evidence: Evidence, outcome: str, priority: str, key: str
) -> None:
    result = triage(evidence)
    assert (result.outcome, result.priority, code_of(result.decisive)) == (
        outcome,
        priority,
        key,
    )
    assert (result.label is not None) == (outcome == "labelled")


def test_a_labelled_answer_is_the_models_own() -> None:
    result = triage(Evidence(MOLE, answers=Answers(bleeding=True)))
    assert result.label is MOLE
    assert result.requests[: len(MOLE.requests)] == MOLE.requests


def test_without_a_label_no_request_names_a_diagnosis() -> None:
    result = triage(Evidence(MELANOMA, answers=Answers(scar=True)))
    assert not any(isinstance(request, Request) for request in result.requests)
    assert CautionRequest(Priority.URGENT, CautionRule.ALARM_WITHOUT_LABEL) in result.requests


def test_requests_come_in_the_order_of_the_rules() -> None:
    result = triage(
        Evidence(
            VAGUE,
            warning=frozenset({QualityIssue.HAIR, QualityIssue.BLUR}),
            recognition=Recognition.UNFAMILIAR,
            disagreement=0.75,
            answers=Answers(oozing=True, skin_type=SkinType.V),
        )
    )
    assert [code_of(request) for request in result.requests] == [
        "top-class.bkl",
        "confidence.bkl",
        "poor-picture.blur",
        "poor-picture.hair",
        "unfamiliar",
        "disagreement",
        "skin-type.V",
        "minor-feature.oozing",
    ]


def test_the_answer_that_raised_is_named() -> None:
    result = triage(Evidence(MOLE, answers=Answers(bleeding=True, oozing=True)))
    assert result.raised_by == (
        AnswerRequest(Priority.HIGH, AnswerRule.RED_FLAG, (Question.BLEEDING,)),
    )


def test_an_answer_that_asks_for_no_more_than_the_picture_has_not_raised() -> None:
    assert triage(Evidence(MELANOMA, answers=Answers(not_healing=True))).raised_by == ()
    assert triage(Evidence(MELANOMA, answers=Answers(oozing=True))).raised_by == ()
    assert triage(Evidence(MOLE)).raised_by == ()


def test_a_skin_type_and_a_place_are_answers_too() -> None:
    dark = triage(Evidence(MOLE, answers=Answers(skin_type=SkinType.VI)))
    assert [code_of(request) for request in dark.raised_by] == ["skin-type.VI"]
    nail = triage(Evidence(MOLE, answers=Answers(body_site=BodySite.NAIL)))
    assert [code_of(request) for request in nail.raised_by] == ["outside.nail"]


def test_reasons_of_both_kinds_stand_side_by_side() -> None:
    result = triage(
        Evidence(
            refusing=frozenset({QualityIssue.GLARE, QualityIssue.BLUR}),
            answers=Answers(under_18=True, body_site=BodySite.PALM_OR_SOLE),
        )
    )
    assert result.outcome is Outcome.OUTSIDE
    assert result.outside == (Outside.PALM_OR_SOLE, Outside.UNDER_18)
    assert result.refusals == (QualityIssue.BLUR, QualityIssue.GLARE)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_disagreement_that_is_no_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="disagreement"):
        triage(Evidence(MOLE, disagreement=share))


def test_every_place_outside_can_be_said_and_has_its_advice() -> None:
    sayable = {*OUTSIDE_SITE.values(), *OUTSIDE_QUESTION.values()}
    assert sayable == set(Outside) == set(OUTSIDE_PRIORITY) == set(OUTSIDE_ADVICE)
    for outside, advice in OUTSIDE_ADVICE.items():
        tier = ADVICE[OUTSIDE_PRIORITY[outside]]
        assert (advice.act, advice.within) == (tier.act, tier.within)
    assert set(CAUTION_SOURCE) == set(CautionRule)


def test_every_advice_names_its_words_and_its_source() -> None:
    for table in (ADVICE, OUTSIDE_ADVICE, CAUTION_ADVICE):
        for about, advice in table.items():
            assert advice.about is about
            assert advice.source


def test_the_key_of_words_names_rule_and_cause() -> None:
    assert code_of(Request(Priority.MEDIUM, Rule.MALIGNANCY_RISK, None, 0.4)) == "malignancy-risk"
    assert code_of(Request(Priority.LOW, Rule.TOP_CLASS, Diagnosis.NV, 0.9)) == "top-class.nv"
