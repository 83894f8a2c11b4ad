"""What a screen reader is told of a change. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.screens.screening import coach
from app.screens.screening.row import question_before_reset
from app.screens.screening.spot import has_verdict
from app.screens.screening.spot_photos import said_of_photos
from app.screens.screening.state import Mode
from app.words.errors import error_text
from app.words.picture import FAULT, REMEDY
from app.words.triage import TIER, advice_text
from lentigo.triage.checklist import NO_ANSWERS
from lentigo.triage.rules import Outcome

if TYPE_CHECKING:
    from app.screens.screening.state import State
    from app.words import Words
    from lentigo.errors import LentigoError
    from lentigo.picture.quality import Finding


def announce(before: State, after: State, words: Words) -> str:
    """Say what a screen reader must hear of a change; empty when there is nothing new."""
    if after.mode is Mode.LIVE:
        return coach.spoken(before, after, words)
    if after.asks_to_reset and not before.asks_to_reset:
        return question_before_reset(after, words)
    if after.notice is not None and after.notice is not before.notice:
        return _of_error(after.notice, words)
    was, now = before.shown, after.shown
    if now.answer is was.answer and _activation_shown(after) is not _activation_shown(before):
        shown = _activation_shown(after)
        return words("activation.caveat" if shown else "said.picture-alone")
    if after.answers != before.answers and now.id == was.id and after.mode is not Mode.ANALYSING:
        return _of_answers(before, after, words)
    same = now.answer is was.answer and after.problem is before.problem and now.id == was.id
    if after.mode is before.mode and (same or after.mode is Mode.ANALYSING):
        return ""
    return " ".join(_of_change(before, after, words))


def _activation_shown(state: State) -> bool:
    return state.photographed is not None and state.photographed.activation_shown


def _of_change(before: State, after: State, words: Words) -> list[str]:
    """Return what is said, sentence by sentence."""
    match after.mode:
        case Mode.READY if before.mode is Mode.BOOTING:
            return [words("said.ready")]
        case Mode.ANALYSING if after.shown.answer is not None:
            return [words("said.photos.adding")]
        case Mode.ANALYSING if after.is_row:
            return [words("said.analysing-row", count=len(after.spots))]
        case Mode.ANALYSING:
            return [words("said.analysing")]
        case Mode.RESULT:
            of = [words("said.most-severe")] if _just_opened(before, after) else []
            kept = [words("questions.kept")] if after.shown.kept else []
            photos = said_of_photos(before, after, words)
            return [*of, *photos, _of_priority(after, words), *kept]
        case Mode.REJECTED:
            refused = [_advice_on(finding, words) for finding in after.shown.findings[:1]]
            verdict = [_of_priority(after, words)] if has_verdict(after.triage) else []
            if after.triage.outcome is Outcome.OUTSIDE:
                return verdict
            return [words("said.no-answer"), *refused, *verdict]
        case Mode.ERROR if after.problem:
            return [_of_error(after.problem, words)]
        case _:
            return []


def _just_opened(before: State, after: State) -> bool:
    """Whether the last photo of a row was judged and the most severe opened by itself."""
    all_judged = not any(spot.is_pending for spot in after.spots)
    return after.is_row and all_judged and before.opened is None and after.opened is not None


def _of_priority(state: State, words: Words) -> str:
    advice, title = advice_text(state.advice, words), words(TIER[state.triage.priority])
    return words("said.priority", title=title, action=advice.action, next_step=advice.next_step)


def _of_answers(before: State, after: State, words: Words) -> str:
    """Say what the visitor's answers changed; the boxes themselves are read out by the browser."""
    cleared = words("said.answers-cleared") if after.answers == NO_ANSWERS else ""
    if not has_verdict(after.triage):
        return cleared
    title, action = words(TIER[after.triage.priority]), advice_text(after.advice, words).action
    same = has_verdict(before.triage) and after.advice == before.advice
    changed = "" if same else words("said.priority-changed", title=title, action=action)
    return f"{cleared} {changed}".strip()


def _of_error(error: LentigoError, words: Words) -> str:
    text = error_text(error, words)
    return f"{text.message} {text.next_step}"


def _advice_on(finding: Finding, words: Words) -> str:
    return f"{words(FAULT[finding.issue])} {words(REMEDY[finding.remedy])}"
