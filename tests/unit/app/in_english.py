"""The screening as a reader of English gets it: plain texts, for tests to look into."""

from app.page import Page
from app.page import view as page_view
from app.screens.screening import coach as coach_html
from app.screens.screening import questionnaire as questionnaire_html
from app.screens.screening import view as screening_view
from app.screens.screening.announcements import announce as announced
from app.screens.screening.live import Live
from app.screens.screening.state import State
from app.words import IN_ENGLISH
from lentigo.triage.checklist import Answers
from lentigo.triage.rules import Triage


def whole_page(page: Page) -> dict[str, str]:
    return {name: html.text for name, html in page_view(page).items()}


def view(state: State) -> dict[str, str]:
    return {name: html.text for name, html in screening_view(state, IN_ENGLISH).items()}


def announce(before: State, after: State) -> str:
    return announced(before, after, IN_ENGLISH)


def hint(live: Live) -> str:
    return coach_html.hint(live, IN_ENGLISH).text


def outline(live: Live) -> str:
    return coach_html.outline(live).text


def checks(live: Live) -> str:
    return coach_html.checks(live, IN_ENGLISH).text


def spoken(before: State, after: State) -> str:
    return coach_html.spoken(before, after, IN_ENGLISH)


def questionnaire(answers: Answers, photo_id: int | None = None) -> str:
    return questionnaire_html.questionnaire(answers, photo_id, True, IN_ENGLISH).text


def raised(triage: Triage) -> str:
    return questionnaire_html.raised(triage, IN_ENGLISH).text


def instead(triage: Triage) -> str:
    return questionnaire_html.instead(triage, IN_ENGLISH).text
