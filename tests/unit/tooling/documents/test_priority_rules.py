"""``docs/generated/priority-rules.md`` is the page that the rules generate."""

from dataclasses import replace

from lentigo.diagnosis import Diagnosis
from lentigo.priority import Priority, Rule
from lentigo.spots.comparison.change import Change, ChangeCode, concerns
from lentigo.spots.comparison.measure import UNMEASURED
from lentigo.spots.history import HistoryRule
from lentigo.triage.checklist import AnswerRule, Question
from lentigo.triage.rules import CautionRule, Outside
from tooling.documents.priority_rules import PAGE, generate

UNCHANGED = Change(UNMEASURED, ())


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


def test_every_rule_about_a_kept_spot_and_what_is_of_concern_is_written() -> None:
    page = generate()
    assert all(f"| `{rule}` |" in page for rule in HistoryRule)
    of_concern = {code for code in ChangeCode if concerns(replace(UNCHANGED, codes=(code,)))}
    assert of_concern == {code for code in ChangeCode if f"`{code}`" in page}
