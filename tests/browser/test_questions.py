"""The questions in the real page: what is ticked stays ticked, however slow Python is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.words import IN_ENGLISH
from lentigo.triage.checklist import Question
from tests.browser.pictures import lesion, png
from tests.browser.test_keep import until_known

if TYPE_CHECKING:
    from tests.browser.lentigo_page import LentigoPage

# Two ticks before Python answers the first, and a third as soon as it has.
_FAST = """(ids) => {
  const [first, second, third] = ids.map((id) => document.getElementById(id));
  const asked = first.closest('[data-testid=questionnaire]');
  window.unticked = 0;
  window.watch = new MutationObserver(() => {
    if (!second.checked) window.unticked += 1;
    if (!third.checked) third.click();
  });
  const all = {subtree: true, childList: true, characterData: true, attributes: true};
  window.watch.observe(asked, all);
  first.click();
  second.click();
}"""


def test_ticks_that_come_faster_than_python_answers_all_stay(lentigo: LentigoPage) -> None:
    lentigo.judge(png(lesion()))
    lentigo.unfold_questions()
    fast = (Question.CHANGE_IN_SIZE, Question.BLEEDING, Question.GROWING_NODULE)
    lentigo.page.evaluate(_FAST, [f"answer-{question}" for question in fast])
    counted = IN_ENGLISH("questions.summary", count=len(fast))
    lentigo.page.wait_for_selector(f"[data-testid=questionnaire] summary:text('{counted}')")
    until_known(lentigo, set(fast))
    assert (
        lentigo.page.evaluate("() => { window.watch.disconnect(); return window.unticked; }") == 0
    )
    for question in fast:
        assert lentigo.page.is_checked(f"#answer-{question}")


def test_answers_that_are_cleared_do_not_come_back_with_the_next_tick(
    lentigo: LentigoPage,
) -> None:
    lentigo.judge(png(lesion()))
    lentigo.unfold_questions()
    lentigo.page.check(f"#answer-{Question.BLEEDING}")
    until_known(lentigo, {Question.BLEEDING})
    lentigo.page.evaluate(
        """([next]) => {
          document.querySelector('[data-action=forget-answers]').click();
          document.getElementById(next).click();
        }""",
        [f"answer-{Question.CHANGE_IN_SIZE}"],
    )
    until_known(lentigo, {Question.CHANGE_IN_SIZE})
    assert not lentigo.page.is_checked(f"#answer-{Question.BLEEDING}")
