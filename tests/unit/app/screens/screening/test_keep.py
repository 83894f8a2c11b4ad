"""Which answers can be kept, and what a press on each button asks for."""

import re

import pytest

from app.effects import GiveReminder, GiveReport
from app.events import (
    AnswersGiven,
    CameraStarted,
    Predicted,
    ReminderWanted,
    ReportWanted,
    Source,
)
from app.screens.screening.keep import reminder_of, report_of
from app.screens.screening.state import State
from app.screens.screening.update import update
from app.words import IN_ENGLISH
from lentigo.picture.quality import QualityIssue
from lentigo.triage.checklist import Answers, BodySite
from tests.unit.app.in_english import view
from tests.unit.app.keep.moments import NOON
from tests.unit.builders import SQUARE, chosen, logits, photo, prepared, ready

NOTHING: set[str] = set()
ALL = {"report", "remind", "save-photo"}


def buttons(state: State) -> set[str]:
    """The buttons that keep something, which the page has at present."""
    whole = "".join(view(state).values())
    return set(re.findall(r'data-testid="(report|remind|save-photo)"', whole))


def judged(**given: float) -> State:
    state = ready()
    for event in (
        chosen(photo()),
        prepared(photo()),
        Predicted(1, logits(**given), 61.0, "wasm", 1234.0),
    ):
        state, _ = update(state, event)
    return state


def refused(answers: Answers | None = None) -> State:
    state, _ = update(ready(), chosen(photo()))
    state, _ = update(state, prepared(photo(), QualityIssue.BLUR))
    return said(state, answers) if answers else state


def said(state: State, answers: Answers) -> State:
    intent = state.session.intent + 1
    return update(state, AnswersGiven(intent, answers, state.shown.id))[0]


def test_an_answer_with_a_time_can_be_reported_remembered_and_its_photo_saved() -> None:
    assert buttons(judged(mel=0.9)) == ALL
    assert buttons(judged(nv=0.99)) == ALL


def test_an_answer_without_a_time_has_no_reminder() -> None:
    uncertain = judged(nv=0.28, bkl=0.27, df=0.25, vasc=0.2)
    assert uncertain.triage.priority == "uncertain"
    assert buttons(uncertain) == ALL - {"remind"}


def test_a_refused_photo_has_nothing_to_keep_unless_the_answers_ask_for_a_doctor() -> None:
    assert buttons(refused()) == NOTHING
    assert buttons(refused(Answers(bleeding=True))) == ALL
    assert buttons(refused(Answers(body_site=BodySite.NAIL))) == ALL


def test_answers_without_a_photo_can_be_kept_once_they_ask_for_a_doctor() -> None:
    assert buttons(ready()) == NOTHING
    assert buttons(said(ready(), Answers(bleeding=True))) == ALL - {"save-photo"}


def test_nothing_is_kept_while_the_camera_is_open() -> None:
    answered = said(ready(), Answers(bleeding=True))
    live, _ = update(answered, CameraStarted(answered.session.intent + 1))
    assert buttons(live) == NOTHING


def test_a_press_asks_for_what_the_button_says() -> None:
    state = judged(mel=0.9)
    assert update(state, ReportWanted(2, 1, NOON))[1] == (GiveReport(NOON),)
    assert update(state, ReminderWanted(2, 1, NOON))[1] == (GiveReminder(NOON),)


@pytest.mark.parametrize("photo_id", [None, 2])
def test_a_press_on_the_button_of_another_photo_is_void(photo_id: int | None) -> None:
    state = judged(mel=0.9)
    assert update(state, ReportWanted(2, photo_id, NOON))[1] == ()
    assert update(state, ReminderWanted(2, photo_id, NOON))[1] == ()


def test_what_cannot_be_kept_is_not_given() -> None:
    assert update(refused(), ReportWanted(2, 1, NOON))[1] == ()
    uncertain = judged(nv=0.28, bkl=0.27, df=0.25, vasc=0.2)
    assert update(uncertain, ReminderWanted(2, 1, NOON))[1] == ()


def test_a_report_has_the_square_that_was_judged_and_names_the_model() -> None:
    made = report_of(judged(mel=0.9), NOON, IN_ENGLISH)
    assert [figure.jpeg for figure in made.figures] == [SQUARE]
    assert "test-model" in made.foot


def test_a_report_of_a_place_that_the_model_has_not_learnt_names_no_class() -> None:
    state = said(judged(mel=0.9), Answers(body_site=BodySite.NAIL))
    made = report_of(state, NOON, IN_ENGLISH)
    text = " ".join(text for section in (made.why, *made.sections) for text in section.paragraphs)
    assert "Melanoma" not in text
    assert "test-model" not in made.foot


def test_the_reminder_of_a_photo_is_told_by_when_it_was_chosen() -> None:
    assert "UID:spot-1000@" in reminder_of(judged(mel=0.9), NOON, IN_ENGLISH).text
    alone = said(ready(), Answers(bleeding=True))
    assert "UID:spot-20261130@" in reminder_of(alone, NOON, IN_ENGLISH).text


def test_a_photo_that_the_camera_took_is_reported_as_such() -> None:
    taken = photo(Source.CAPTURE)
    state = ready()
    for event in (
        chosen(taken),
        prepared(taken),
        Predicted(1, logits(mel=0.9), 61.0, "wasm", 1234.0),
    ):
        state, _ = update(state, event)
    made = report_of(state, NOON, IN_ENGLISH)
    assert "taken with this page’s camera" in str(made.sections)


def test_of_several_photos_the_newest_is_reported_and_saved() -> None:
    state = judged(mel=0.9)
    second = photo(Source.CAPTURE, number=2, intent=2)
    for event in (
        chosen(second, joins=1),
        prepared(second),
        Predicted(2, logits(mel=0.8), 61.0, "wasm", 1234.0),
    ):
        state, _ = update(state, event)
    made = report_of(state, NOON, IN_ENGLISH)
    assert "The advice rests on 2 photos. The newest is shown." in str(made.sections)
    assert "taken with this page’s camera" in str(made.sections)
    whole = "".join(view(state).values())
    assert 'data-action="save-photo" data-photo="2"' in whole
    assert 'data-action="report" data-photo="1"' in whole
