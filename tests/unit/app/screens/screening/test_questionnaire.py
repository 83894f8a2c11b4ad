from html.parser import HTMLParser

import pytest

from lentigo.diagnosis import Diagnosis
from lentigo.triage.checklist import (
    NO_ANSWERS,
    Answers,
    BodySite,
    Question,
    SkinType,
    as_document,
    parse_answers,
)
from lentigo.triage.rules import Evidence, triage
from tests.unit.app.in_english import instead, questionnaire, raised
from tests.unit.scales import assess_classes

VOID = {"input"}
MOLE = assess_classes([float(diagnosis is Diagnosis.NV) for diagnosis in Diagnosis])
MELANOMA = assess_classes([float(diagnosis is Diagnosis.MEL) for diagnosis in Diagnosis])


class Form(HTMLParser):
    """Every element with its attributes; fails on tags that do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert "style" not in dict(attrs), "the content security policy forbids inline styles"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        return [
            found
            for name, found in self.elements
            if name == tag and attributes.items() <= found.items()
        ]

    @property
    def fields(self) -> list[dict[str, str | None]]:
        """What can be answered, in its order."""
        return [found for name, found in self.elements if name in {"input", "select"}]

    def read(self) -> dict[str, object]:
        """Read the form as the host does: ticked boxes, and lists with a value."""
        document: dict[str, object] = {}
        name = None
        for tag, found in self.elements:
            if tag == "input" and "checked" in found:
                document[str(found["name"])] = True
            elif tag == "select":
                name = str(found["name"])
            elif tag == "option" and "selected" in found and found["value"]:
                document[str(name)] = found["value"]
        return document


EMPTY = Form(questionnaire(NO_ANSWERS))


def test_every_question_is_asked_once() -> None:
    names = [box["name"] for box in EMPTY.all("input", type="checkbox")]
    assert sorted(map(str, names)) == sorted(Question)
    assert len(names) == len(set(names))


def test_a_few_questions_come_first_and_the_others_are_folded_away() -> None:
    first, _, more = questionnaire(NO_ANSWERS).partition('<details class="more"')
    assert [control["name"] for control in Form(f"{first}</form></details>").fields] == [
        "change-in-size",
        "bleeding",
        "not-healing",
        "growing-nodule",
        "strong-concern",
        "body-site",
        "had-melanoma",
        "weakened-immunity",
    ]
    assert 'name="skin-type"' in more


def test_every_control_has_its_label_its_meaning_and_every_group_its_legend() -> None:
    identities = [control["id"] for control in [*EMPTY.all("input"), *EMPTY.all("select")]]
    assert len(identities) == len(set(identities)) == len(Question) + 2
    assert set(identities) == {label["for"] for label in EMPTY.all("label")}
    assert len(EMPTY.all("fieldset")) == len(EMPTY.all("legend")) == 5
    described = {control["aria-describedby"] for control in EMPTY.all("input")}
    assert described == {meaning["id"] for meaning in EMPTY.all("dd")}


def test_places_and_skin_types_can_be_chosen_or_left_unsaid() -> None:
    options = [option["value"] for option in EMPTY.all("option")]
    assert options == ["", *BodySite, "", *SkinType]
    chosen = [option["value"] for option in EMPTY.all("option") if "selected" in option]
    assert chosen == ["", ""]


def test_an_untouched_form_is_no_answers() -> None:
    assert parse_answers(EMPTY.read()) == NO_ANSWERS


def test_the_form_shows_the_answers_given_and_reads_them_back() -> None:
    answers = Answers(
        bleeding=True, under_18=True, skin_type=SkinType.V, body_site=BodySite.PALM_OR_SOLE
    )
    form = Form(questionnaire(answers))
    assert form.read() == as_document(answers)
    assert parse_answers(form.read()) == answers


def test_a_no_is_shown_as_an_empty_box() -> None:
    assert Form(questionnaire(Answers(oozing=False))).read() == {}


def test_the_questions_are_folded_away_and_say_how_many_answers_count() -> None:
    assert "open" not in EMPTY.all("details")[0]
    assert "open" not in EMPTY.all("details", **{"class": "more"})[0]
    assert "a few questions" in questionnaire(NO_ANSWERS)
    assert "1 answer counts" in questionnaire(Answers(bleeding=True))
    assert "2 answers count" in questionnaire(Answers(bleeding=True, skin_type=SkinType.V))


def test_no_button_sends_the_form_anywhere() -> None:
    assert {button["type"] for button in EMPTY.all("button")} == {"button"}
    assert "action" not in EMPTY.all("form")[0]


def test_each_answer_that_raised_is_said_once() -> None:
    answers = Answers(not_healing=True, growing_nodule=True, strong_concern=True, had_melanoma=True)
    html = raised(triage(Evidence(MOLE, answers=answers)))
    for clause in ("not healed", "lump", "worries you strongly", "have had a melanoma"):
        assert html.count(clause) == 1, clause


def test_a_raised_priority_names_the_answer() -> None:
    html = raised(triage(Evidence(MOLE, answers=Answers(not_healing=True))))
    assert Form(html).all("p")[0]["data-rules"] == "red-flag.not-healing"
    assert "You said that it is a sore that has not healed in 4 weeks." in html


@pytest.mark.parametrize(
    "evidence",
    [Evidence(MOLE), Evidence(MELANOMA, answers=Answers(not_healing=True)), Evidence()],
)
def test_nothing_is_said_where_no_answer_raised(evidence: Evidence) -> None:
    assert raised(triage(evidence)) == ""


def test_every_reason_outside_has_something_to_do() -> None:
    html = instead(triage(Evidence(MOLE, answers=Answers(tattoo=True, under_18=True))))
    form = Form(html)
    assert form.all("section")[0]["data-outside"] == "tattoo,under-18"
    assert len(form.all("li")) == 2
    assert "Show the spot to a doctor who looks after children." in html


def test_inside_there_is_nothing_to_do_instead() -> None:
    assert instead(triage(Evidence(MELANOMA, answers=Answers(bleeding=True)))) == ""
