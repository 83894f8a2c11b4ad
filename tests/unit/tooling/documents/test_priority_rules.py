"""``docs/generated/priority-rules.md`` is the page that the rules generate."""

from lentigo.diagnosis import Diagnosis
from lentigo.priority import Priority, Rule
from lentigo.triage.checklist import AnswerRule, Question
from lentigo.triage.rules import CautionRule, Outside
from tooling.documents.priority_rules import PAGE, generate


def test_the_committed_page_is_the_generated_one() -> None:
    assert PAGE.read_text(encoding="utf-8") == generate(), (
        "the rules have changed: run `python -m tooling.documents.priority_rules`"
    )


def test_the_page_names_every_rule_class_question_and_place() -> None:
    page = generate()
    for names in (Rule, CautionRule, AnswerRule, Diagnosis, Question, Outside):
        for name in names:
            # Published once a score tells what is unfamiliar.
            assert (f"`{name}`" in page) == (name is not CautionRule.UNFAMILIAR), name
    for priority in Priority:
        assert f"**{priority}**" in page


def test_the_page_reassures_nobody() -> None:
    words = generate().lower()
    for forbidden in ("safe", "benign", "all clear", "harmless"):
        assert forbidden not in words
