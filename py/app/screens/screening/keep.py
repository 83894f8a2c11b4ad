"""Keep this answer: which of it can be taken along, the row of buttons, and what they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.effects import GiveReminder, GiveReport
from app.events import ReportWanted
from app.html import NOTHING, Html, markup
from app.keep.reminder import reminder
from app.keep.report import Judgement, Pictured, Reported, report
from app.screens.screening.spot import has_verdict
from app.screens.screening.state import Mode
from lentigo.triage.rules import Outcome

if TYPE_CHECKING:
    from app.effects import Effect
    from app.events import ReminderWanted
    from app.keep.document import Report
    from app.keep.moment import Moment
    from app.keep.reminder import Reminder
    from app.screens.screening.state import State
    from app.words import Words


def keep(state: State, words: Words) -> Html:
    """Render the buttons that keep an answer; empty where there is none to keep."""
    if not has_answer(state):
        return NOTHING
    of_photo = (
        NOTHING if state.shown.id is None else markup(' data-photo="{id}"', id=state.shown.id)
    )
    return markup(
        '<section class="keep" aria-labelledby="keep-title"><h3 id="keep-title">{title}</h3>'
        '<p class="actions">'
        '<button type="button" id="keep-report" data-testid="report" data-action="report"'
        "{of_photo}>{report}</button>{remind}{save}</p>"
        '<p class="note" role="status" data-testid="kept-file"></p><p class="note">{note}</p>'
        "</section>",
        title=words("keep.title"),
        of_photo=of_photo,
        report=words("keep.report"),
        remind=_remind(state, of_photo, words),
        save=_save(state, words),
        note=words("keep.note"),
    )


def _remind(state: State, of_photo: Html, words: Words) -> Html:
    if not has_time(state):
        return NOTHING
    return markup(
        '<button type="button" id="keep-remind" data-testid="remind" data-action="remind"'
        "{of_photo}>{text}</button>",
        of_photo=of_photo,
        text=words("keep.remind"),
    )


def _save(state: State, words: Words) -> Html:
    spot = state.photographed
    if spot is None or not spot.pictured.square:
        return NOTHING
    return markup(
        '<button type="button" id="keep-photo" data-testid="save-photo" data-action="save-photo" '
        'data-photo="{id}">{text}</button>',
        id=spot.pictured.id,
        text=words("keep.save-photo"),
    )


def has_answer(state: State) -> bool:
    """Tell whether there is something to keep."""
    return state.mode not in {Mode.LIVE, Mode.ANALYSING} and has_verdict(state.triage)


def has_time(state: State) -> bool:
    """Tell whether the advice has a time by which something should be done."""
    return state.advice.within is not None


def wanted(state: State, event: ReportWanted | ReminderWanted) -> tuple[Effect, ...]:
    """Return what to do for a visitor who wants to keep the answer that is shown."""
    if event.photo_id != state.shown.id or not has_answer(state):
        return ()
    if isinstance(event, ReportWanted):
        return (GiveReport(event.at),)
    return (GiveReminder(event.at),) if has_time(state) else ()


def report_of(state: State, at: Moment, words: Words) -> Report:
    """Write the report of the spot that is shown."""
    spot, triage, pictured, judged = state.photographed, state.triage, None, None
    if spot is not None:
        shot, count = spot.pictured, max(1, len(spot.accepted))
        pictured = Pictured(shot.photo, shot.square, spot.doubts, count)
    answer = spot.answer if spot else None
    if answer is not None and triage.outcome is Outcome.LABELLED:
        judged = Judgement(answer.assessment, answer.modality, answer.manifest, answer.backend)
    return report(Reported(triage, state.advice, state.answers, pictured, judged), at, words)


def reminder_of(state: State, at: Moment, words: Words) -> Reminder:
    """Write the reminder of the spot that is shown; ``ValueError`` if its advice has no time."""
    spot = state.photographed
    # A photo is told by when it was chosen; answers without one by their day.
    of = f"{spot.photo.started_ms:.0f}" if spot else f"{at.local:%Y%m%d}"
    return reminder(state.advice, at, of, words)
