"""From the state to HTML, region by region. Pure.

The content security policy allows no inline style, so bars are SVG with plain attributes. The
``data-testid`` names and their attributes are a public contract (``docs/architecture.md``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.events import Source
from app.html import NOTHING, Html, join, markup
from app.screens.screening import coach
from app.screens.screening.findings import refusal
from app.screens.screening.keep import keep
from app.screens.screening.questionnaire import questionnaire
from app.screens.screening.result import activation, result
from app.screens.screening.row import row, start_again
from app.screens.screening.spot import has_verdict
from app.screens.screening.spot_photos import another_photo, other_way, spot_photos
from app.screens.screening.state import Mode
from app.screens.screening.verdict import verdict_without_label
from app.words.catalogue import keys
from app.words.errors import error_text
from lentigo.picture.quality import is_refused
from lentigo.triage.rules import Outcome

if TYPE_CHECKING:
    from app.screens.screening.live import Live
    from app.screens.screening.state import State
    from app.words import Words

_RETAKE = keys(Source, "next.retake.{}")


def view(state: State, words: Words, more: Html = NOTHING) -> dict[str, Html]:
    """Render every region of the screen; ``more`` is a button to stand beside "Start again"."""
    live = state.live if state.mode is Mode.LIVE else None
    return {
        "answer": _answer(state, words),
        "gauges": coach.hint(live, words, state.earlier) if live else NOTHING,
        "outline": coach.outline(live, state.earlier) if live else NOTHING,
        "checks": coach.checks(live, words) if live else NOTHING,
        "scores": _scores(state, live, words) if live else NOTHING,
        "activation": activation(state, words),
        "row": NOTHING if state.live else row(state, words),
        "questions": NOTHING if state.live else _questions(state, words),
        "actions": join(
            (
                another_photo(state, words),
                keep(state, words),
                _again(state, words, more) if state.mode is Mode.RESULT else _line(more),
            )
        ),
    }


def _answer(state: State, words: Words) -> Html:
    match state.mode:
        case Mode.ANALYSING if state.triage.label is None:
            return NOTHING  # the page's own words: they must not wait for Python
        case Mode.LIVE:
            return NOTHING  # a verdict on what is not even a photo yet would only alarm
        case Mode.BOOTING | Mode.READY:
            return join((_notice(state, words), verdict_without_label(state, words)))
        case Mode.RESULT | Mode.ANALYSING:
            # An answer stands while another photo of its spot is looked at.
            answer = state.shown.answer
            judged = result(state, answer, words) if answer else NOTHING
            return join((_notice(state, words), judged, spot_photos(state, words)))
        case Mode.REJECTED:
            return join((_notice(state, words), _rejected(state, words)))
        case Mode.ERROR:
            error = _error(state, words)
            return join((_notice(state, words), error, verdict_without_label(state, words)))


def _scores(state: State, live: Live, words: Words) -> Html:
    """Render the provisional answer, which the page shows only to those who ask for it."""
    spot = live.spot
    if is_refused(spot.findings):
        return refusal(spot.findings, words("scores.refused"), words)
    if spot.answer is None:
        return markup('<p class="note">{text}</p>', text=words("scores.none"))
    if state.triage.outcome is Outcome.OUTSIDE:
        return verdict_without_label(state, words)
    return result(state, spot.answer, words)


def _rejected(state: State, words: Words) -> Html:
    verdict = verdict_without_label(state, words)
    if state.triage.outcome is Outcome.OUTSIDE:
        # No better photo would help.
        return join((verdict, _again(state, words)))
    findings = state.shown.findings
    return join(
        (
            verdict,
            refusal(findings, words("answer.refused"), words) if is_refused(findings) else NOTHING,
            _offer(words) if coach.offers_upload(state) else NOTHING,
            _again(state, words),
        )
    )


def _notice(state: State, words: Words) -> Html:
    """Render what went wrong beside an answer that stands all the same."""
    if state.notice is None:
        return NOTHING
    text = error_text(state.notice, words)
    return markup(
        '<div class="notice notice-error" data-testid="notice" role="group" aria-label="{label}">'
        "<h2>{message}</h2><p>{next_step}</p></div>",
        label=words("answer.problem"),
        message=text.message,
        next_step=text.next_step,
    )


def _questions(state: State, words: Words) -> Html:
    """Render the questions; say so where the answers were given before this photo."""
    kept = markup('<p class="note" data-testid="kept">{kept}</p>', kept=words("questions.kept"))
    is_answered = state.mode not in {Mode.BOOTING, Mode.READY} or has_verdict(state.triage)
    asked = questionnaire(state.answers, state.shown.id, is_answered, words)
    return join((kept, asked)) if state.shown.kept else asked


def _offer(words: Words) -> Html:
    return markup(
        '<div class="notice" data-testid="offer"><h2>{title}</h2><p>{text}</p></div>',
        title=words("answer.offer.title"),
        text=words("answer.offer.text"),
    )


def _error(state: State, words: Words) -> Html:
    problem = state.problem
    if problem is None:
        return NOTHING
    text = error_text(problem, words)
    return markup(
        '<div class="notice notice-error" role="group" aria-label="{label}">'
        "<h2>{message}</h2><p>{next_step}</p></div>{offer}",
        label=words("answer.problem"),
        message=text.message,
        next_step=text.next_step,
        offer=_reload(words) if state.session.engine_error else _again(state, words),
    )


def _reload(words: Words) -> Html:
    return markup(
        '<p class="actions"><button type="button" data-action="reload">{text}</button></p>',
        text=words("next.reload"),
    )


def _again(state: State, words: Words, more: Html = NOTHING) -> Html:
    """Offer the same spot once more, or a clean start; other spots below."""
    again = NOTHING if state.is_row else start_again(words)
    return _line(join((_retake(state, words), again, more)))


def _line(buttons: Html) -> Html:
    return markup('<p class="actions">{buttons}</p>', buttons=buttons) if buttons.text else NOTHING


def _retake(state: State, words: Words) -> Html:
    spot = state.photographed
    # To an answered spot photos are only added.
    if spot is None or spot.answer is not None:
        return NOTHING
    other, otherwise = other_way(spot.photo.source, words)
    return markup(
        '<button type="button" id="retake" class="primary" data-action="retake" '
        'data-photo="{id}" data-source="{source}">{text}</button>'
        '<button type="button" class="quiet" id="retake-otherwise" data-action="retake" '
        'data-photo="{id}" data-source="{other}">{otherwise}</button>',
        id=spot.id,
        source=spot.photo.source,
        text=words(_RETAKE[spot.photo.source]),
        other=other,
        otherwise=otherwise,
    )
