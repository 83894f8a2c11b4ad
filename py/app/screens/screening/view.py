"""From the state to HTML, region by region. Pure; every datum is escaped.

The content security policy allows no inline style, so bars are SVG with plain attributes. The
``data-testid`` names and their attributes are a public contract (``docs/architecture.md``).
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from app.screens.facts.view import natural_risk
from app.screens.screening import coach
from app.screens.screening.questionnaire import instead, questionnaire, raised
from app.screens.screening.row import question_before_reset, row, start_again
from app.screens.screening.spot import has_verdict
from app.screens.screening.state import Mode
from app.wording import (
    ACTIVATION_CAVEAT,
    BACKEND_NAME,
    FAULT,
    MODALITY_CHOICE,
    MODALITY_TEXT,
    PRIORITY_ICON,
    REMEDY,
    lower_first,
    percent,
    reason,
)
from lentigo.diagnosis import FULL_NAME, MALIGNANT, Diagnosis
from lentigo.picture.quality import is_refused
from lentigo.priority import CLASS_PRIORITY, Request, Rule
from lentigo.triage.advice import ADVICE, advise, because
from lentigo.triage.checklist import NO_ANSWERS
from lentigo.triage.rules import Outcome, comes_from_answers

if TYPE_CHECKING:
    from app.screens.screening.spot import Answer
    from app.screens.screening.state import State
    from lentigo.picture.quality import Finding
    from lentigo.priority import OperatingPoints
    from lentigo.triage.rules import Triage


_KEPT = "Your answers about this spot were kept."
_STALLED = (
    '<div class="notice"><h2>The camera has stopped</h2>'
    "<p>It gives no new pictures. Wait a moment, or stop it and open it again.</p></div>"
)
_LOOKING = '<div class="notice"><h2>Looking …</h2><p>Hold the spot in the frame.</p></div>'


def view(state: State) -> dict[str, str]:
    """Render every region of the screen."""
    live = state.live if state.mode is Mode.LIVE else None
    return {
        "answer": _answer(state),
        "gauges": coach.hint(live) if live else "",
        "outline": coach.outline(live) if live else "",
        "checks": coach.checks(live) if live else "",
        "activation": _activation(state),
        "row": "" if state.live else row(state),
        "questions": "" if state.live else _questions(state),
        "actions": _again(state) if state.mode is Mode.RESULT else "",
    }


def announce(before: State, after: State) -> str:
    """Say what a screen reader must hear of a change; empty when there is nothing new."""
    if after.mode is Mode.LIVE:
        return coach.spoken(before, after)
    if after.asks_to_reset and not before.asks_to_reset:
        return question_before_reset(after)
    if after.notice is not None and after.notice is not before.notice:
        return f"{after.notice.message} {after.notice.remedy}"
    was, now = before.shown, after.shown
    if now.answer is was.answer and _activation_shown(after) is not _activation_shown(before):
        shown = _activation_shown(after)
        return ACTIVATION_CAVEAT if shown else "The picture alone is shown again."
    if after.answers != before.answers and now.id == was.id and after.mode is not Mode.ANALYSING:
        return _said_of(after.triage) if has_verdict(after.triage) else "Your answers are noted."
    same = now.answer is was.answer and after.problem is before.problem and now.id == was.id
    if after.mode is before.mode and (same or after.mode is Mode.ANALYSING):
        return ""
    return _said_of_change(before, after)


def _activation_shown(state: State) -> bool:
    return state.photographed is not None and state.photographed.activation_shown


def _said_of_change(before: State, after: State) -> str:
    match after.mode:
        case Mode.READY if before.mode is Mode.BOOTING:
            return "Ready."
        case Mode.ANALYSING if after.is_row:
            return f"{len(after.spots)} photos are looked at, one after the other."
        case Mode.ANALYSING:
            return "Analysing the picture."
        case Mode.RESULT:
            of = "The most severe of your photos. " if _just_opened(before, after) else ""
            kept = f" {_KEPT}" if after.shown.kept else ""
            return f"{of}{_said_of(after.triage)}{kept}"
        case Mode.REJECTED:
            refused = "".join(f" {_advice_on(finding)}" for finding in after.shown.findings[:1])
            verdict = f" {_said_of(after.triage)}" if has_verdict(after.triage) else ""
            return f"No answer.{refused}{verdict}"
        case Mode.ERROR if after.problem:
            return f"{after.problem.message} {after.problem.remedy}"
        case _:
            return ""


def _just_opened(before: State, after: State) -> bool:
    """Whether the last photo of a row was judged and the most severe opened by itself."""
    all_judged = not any(spot.is_pending for spot in after.spots)
    return after.is_row and all_judged and before.opened is None and after.opened is not None


def _said_of(triage: Triage) -> str:
    advice = advise(triage)
    return f"Priority: {advice.title}. {advice.time_frame}. {advice.next_step}"


def _advice_on(finding: Finding) -> str:
    return f"{FAULT[finding.issue]} {REMEDY[finding.remedy].sentence}"


def _answer(state: State) -> str:
    match state.mode:
        case Mode.ANALYSING:
            return ""  # the page's own words: they must not wait for Python
        case Mode.BOOTING | Mode.READY:
            return _notice(state) + _verdict_without_label(state)
        case Mode.LIVE:
            return _live(state)
        case Mode.RESULT:
            answer = state.shown.answer
            return _notice(state) + (_result(state, answer) if answer else "")
        case Mode.REJECTED:
            return _notice(state) + _rejected(state)
        case Mode.ERROR:
            return _notice(state) + _error(state) + _verdict_without_label(state)


def _live(state: State) -> str:
    spot = state.shown
    if state.live and state.live.stalled:
        return _STALLED
    if is_refused(spot.findings):
        return _refusal(spot.findings, "No answer for this view yet")
    if spot.answer is None:
        return _LOOKING
    outside = state.triage.outcome is Outcome.OUTSIDE
    return instead(state.triage) if outside else _result(state, spot.answer)


def _rejected(state: State) -> str:
    findings = state.shown.findings
    refused = is_refused(findings)
    return (
        f"{_verdict_without_label(state)}{instead(state.triage)}"
        f"{_refusal(findings, 'This picture cannot be judged') if refused else ''}"
        f"{_offer() if coach.offers_upload(state) else ''}{_again(state)}"
    )


def _notice(state: State) -> str:
    """Render what went wrong beside an answer that stands all the same."""
    if state.notice is None:
        return ""
    return (
        '<div class="notice notice-error" data-testid="notice" role="group" aria-label="Problem">'
        f"<h2>{escape(state.notice.message)}</h2><p>{escape(state.notice.remedy)}</p></div>"
    )


def _questions(state: State) -> str:
    """Render the questions; say so where the answers were given before this photo."""
    kept = f'<p class="note" data-testid="kept">{_KEPT}</p>' if state.shown.kept else ""
    return kept + questionnaire(state.answers, state.shown.id)


def _offer() -> str:
    return (
        '<div class="notice" data-testid="offer"><h2>It does not work out with these pictures</h2>'
        "<p>Choose a photo that you have, or ask somebody to take one for you in daylight. You do "
        "not need a photo to see a doctor: show them the spot.</p></div>"
    )


def _error(state: State) -> str:
    problem = state.problem
    if problem is None:
        return ""
    return (
        '<div class="notice notice-error" role="group" aria-label="Problem">'
        f"<h2>{escape(problem.message)}</h2><p>{escape(problem.remedy)}</p></div>"
        f"{_reload() if state.session.engine_error else _again(state)}"
    )


def _reload() -> str:
    return (
        '<p class="actions"><button type="button" data-action="reload">Reload the page</button></p>'
    )


def _again(state: State) -> str:
    """Offer what comes next: the same spot once more, another one, or a clean start."""
    spot = state.photographed
    again = (
        f'<button type="button" id="retake" data-action="retake" data-photo="{spot.id}" '
        f'data-source="{spot.photo.source}">Take it again</button>'
        if spot
        else ""
    )
    other = "Add a photo" if state.is_row else "Choose another photo"
    return (
        f'<p class="actions">{again}<button type="button" data-action="choose-photo">{other}'
        f"</button>{'' if state.is_row else start_again()}</p>"
    )


def _quality(findings: tuple[Finding, ...], inner: str) -> str:
    names = ",".join(finding.issue for finding in findings)
    return f'<div class="quality" data-testid="quality" data-issues="{names}">{inner}</div>'


def _refusal(findings: tuple[Finding, ...], title: str) -> str:
    return f'<div class="notice">{_quality(findings, f"<h2>{title}</h2>{_list(findings)}")}</div>'


def _list(findings: tuple[Finding, ...]) -> str:
    items = "".join(
        f"<li><strong>{escape(FAULT[finding.issue])}</strong> "
        f"{escape(REMEDY[finding.remedy].sentence)}</li>"
        for finding in findings
    )
    return f"<ul>{items}</ul>"


def _warnings(findings: tuple[Finding, ...]) -> str:
    """Say in a result what would make its picture a better one."""
    if not findings:
        return _quality((), "")
    return _quality(findings, f"<h3>What would make the picture better</h3>{_list(findings)}")


def _verdict(triage: Triage, eyebrow: str) -> str:
    """Render how soon, as the head of an answer."""
    advice = advise(triage)
    return (
        f'<header class="verdict"><svg class="icon" aria-hidden="true" viewBox="0 0 48 48">'
        f'<use href="#{PRIORITY_ICON[triage.priority]}"/></svg>'
        f'<div><p class="eyebrow">{eyebrow}</p><h2>{escape(advice.title)}</h2>'
        f'<p class="time-frame">{escape(advice.time_frame)}</p></div></header>'
    )


def _verdict_without_label(state: State) -> str:
    """Render the priority of a spot that has no label; the answers may ask for one all the same."""
    triage = state.triage
    if not has_verdict(triage):
        return ""
    decisive = triage.decisive
    why = "" if isinstance(decisive, Request) or comes_from_answers(decisive) else because(decisive)
    return (
        f'<article class="answer priority-{triage.priority}" data-testid="verdict" '
        f'data-priority="{triage.priority}">{_verdict(triage, "Medical priority")}'
        f'<p class="next-step">{escape(advise(triage).next_step)}</p>'
        f"{_why(why)}{raised(triage)}</article>"
    )


def _why(words: str) -> str:
    return f'<p class="why"><strong>Why:</strong> {escape(words)}</p>' if words else ""


def _result(state: State, answer: Answer) -> str:
    """Render an answer; in live mode it is provisional, and the bars keep their order."""
    live = state.mode is Mode.LIVE
    assessment = answer.assessment
    triage = state.triage
    steps = "" if live else f'<p class="next-step">{escape(advise(triage).next_step)}</p>'
    asks = "" if live else _ask(state)
    risk = "" if live else natural_risk(answer.manifest, assessment.priority, answer.modality)
    eyebrow = "Provisional, while you aim" if live else "Medical priority"
    return (
        f'<article class="answer priority-{triage.priority}" data-testid="result" '
        f'data-priority="{triage.priority}" data-diagnosis="{assessment.diagnosis}" '
        f'data-confidence="{assessment.confidence:.4f}" '
        f'data-malignancy="{assessment.malignancy:.4f}">'
        f"{_verdict(triage, eyebrow)}{steps}"
        f"{_reasons(triage, answer)}{asks}{risk}"
        f"{_modality(answer, None if live else state.shown.id)}"
        f"{_warnings(state.shown.findings)}"
        f"{_bars(answer, live)}{_latency(state, answer)}</article>"
    )


def _ask(state: State) -> str:
    """Point to the questions below the bars, as long as none is answered."""
    if state.answers != NO_ANSWERS:
        return ""
    return (
        '<p class="ask">The camera cannot see everything: does it grow, bleed, itch? '
        '<button type="button" class="small" data-action="open-questions">A few questions</button>'
        "</p>"
    )


def _reasons(triage: Triage, answer: Answer) -> str:
    """Say what decided; where answers raised the priority, also what the picture alone asks for."""
    decisive, assessment = triage.decisive, answer.assessment
    points = answer.manifest.reader.points_for(answer.modality)
    of_picture = assessment.decisive
    seen = reason(of_picture, _point(points, of_picture))
    if triage.raised_by:
        alone = ADVICE[assessment.priority].title
        return f"{raised(triage)}{_why(f'The picture alone asks for “{alone}”. {seen}')}"
    return _why(seen if isinstance(decisive, Request) else f"{because(decisive)} {seen}")


def _modality(answer: Answer, photo_id: int | None) -> str:
    """Say how the picture was taken, which decides the thresholds; a photo's can be corrected."""
    choices = "".join(
        f'<button type="button" class="small" id="modality-{modality}" '
        f'data-action="modality-chosen" data-modality="{modality}" data-photo="{photo_id}" '
        f'aria-pressed="{str(modality is answer.modality).lower()}">{escape(words)}</button>'
        for modality, words in MODALITY_CHOICE.items()
    )
    group = f'<span role="group" aria-label="How was it taken?">{choices}</span>'
    return (
        f'<div class="modality" data-testid="modality" data-modality="{answer.modality}">'
        f"<p>{escape(MODALITY_TEXT[answer.modality])}</p>{'' if photo_id is None else group}</div>"
    )


def _activation(state: State) -> str:
    """Offer the answer's map, for a picture and a model that have one."""
    spot = state.photographed
    if (
        state.mode is not Mode.RESULT
        or spot is None
        or spot.answer is None
        or spot.answer.maps is None
    ):
        return ""
    shown = spot.activation_shown
    name = FULL_NAME[spot.answer.assessment.diagnosis]
    legend = (
        f'<p class="note" id="activation-note">Brighter: more like {escape(lower_first(name))}. '
        f"{escape(ACTIVATION_CAVEAT)}</p>"
    )
    return (
        '<p class="actions"><button type="button" class="small" id="activation-toggle" '
        f'data-testid="activation" data-action="activation-toggled" data-photo="{spot.id}" '
        f'aria-pressed="{str(shown).lower()}">Show what the answer rests on</button></p>'
        f"{legend if shown else ''}"
    )


def _point(points: OperatingPoints, request: Request) -> float | None:
    if request.rule is Rule.MALIGNANCY:
        return points.malignancy
    return points.of(request.diagnosis) if request.diagnosis else None


def _bars(answer: Answer, live: bool) -> str:
    assessment = answer.assessment
    pairs = list(zip(Diagnosis, assessment.probabilities, strict=True))
    if not live:
        pairs.sort(key=lambda pair: -pair[1])
    rows = "".join(_bar(diagnosis, probability) for diagnosis, probability in pairs)
    return (
        '<section class="probabilities"><h3>What the picture is most like</h3>'
        f"<ul>{rows}</ul>"
        '<p class="note">Scores of the model between seven classes, as if all were equally common. '
        "They are not your chance of having a disease.</p></section>"
    )


def _bar(diagnosis: Diagnosis, probability: float) -> str:
    tier = CLASS_PRIORITY[diagnosis].value
    kind = "bar-malignant" if diagnosis in MALIGNANT else "bar-other"
    return (
        f'<li class="{kind}" data-testid="probability" data-diagnosis="{diagnosis}" '
        f'data-value="{probability:.4f}" id="bar-{diagnosis}">'
        f'<span class="name">{escape(FULL_NAME[diagnosis])} <small>{tier}</small></span>'
        f'<span class="value">{escape(percent(probability))}</span>'
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="4"/>'
        f'<rect class="fill" width="{probability * 100:.1f}" height="4"/></svg></li>'
    )


def _latency(state: State, answer: Answer) -> str:
    timings = answer.timings
    rate_hz = state.live.rate_hz if state.live else None
    rate = "" if rate_hz is None else f", {rate_hz:.1f} answers a second"
    backend = escape(BACKEND_NAME.get(answer.backend, answer.backend))
    return (
        '<p class="latency" data-testid="latency" '
        f'data-preprocess-ms="{timings.preprocess_ms:.1f}" '
        f'data-inference-ms="{timings.inference_ms:.1f}" data-total-ms="{timings.total_ms:.1f}">'
        f"Computed on this device with {backend}: picture {timings.preprocess_ms:.0f} ms, "
        f"model {timings.inference_ms:.0f} ms, {timings.total_ms:.0f} ms in all{rate}.</p>"
    )
