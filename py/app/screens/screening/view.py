"""From the state to HTML, region by region. Pure.

The content security policy allows no inline style, so bars are SVG with plain attributes. The
``data-testid`` names and their attributes are a public contract (``docs/architecture.md``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.screens.icons import priority_icon
from app.screens.screening import coach
from app.screens.screening.questionnaire import instead, questionnaire, raised
from app.screens.screening.risk import natural_risk
from app.screens.screening.row import question_before_reset, row, start_again
from app.screens.screening.spot import has_verdict
from app.screens.screening.state import Mode
from app.words.errors import error_text
from app.words.picture import FAULT, MODALITY, MODALITY_CHOICE, REMEDY, backend_name
from app.words.triage import (
    DIAGNOSIS,
    DIAGNOSIS_WITHIN,
    PRIORITY,
    advice_text,
    because,
    reason,
)
from lentigo.diagnosis import MALIGNANT, Diagnosis
from lentigo.picture.quality import is_refused
from lentigo.priority import CLASS_PRIORITY, Request, Rule
from lentigo.triage.advice import ADVICE, advise
from lentigo.triage.checklist import NO_ANSWERS
from lentigo.triage.rules import Outcome, comes_from_answers

if TYPE_CHECKING:
    from app.screens.screening.spot import Answer
    from app.screens.screening.state import State
    from app.words import Words
    from lentigo.errors import LentigoError
    from lentigo.picture.quality import Finding
    from lentigo.priority import OperatingPoints
    from lentigo.triage.rules import Triage


def view(state: State, words: Words) -> dict[str, Html]:
    """Render every region of the screen."""
    live = state.live if state.mode is Mode.LIVE else None
    return {
        "answer": _answer(state, words),
        "gauges": coach.hint(live, words) if live else NOTHING,
        "outline": coach.outline(live) if live else NOTHING,
        "checks": coach.checks(live, words) if live else NOTHING,
        "activation": _activation(state, words),
        "row": NOTHING if state.live else row(state, words),
        "questions": NOTHING if state.live else _questions(state, words),
        "actions": _again(state, words) if state.mode is Mode.RESULT else NOTHING,
    }


def announce(before: State, after: State, words: Words) -> str:
    """Say what a screen reader must hear of a change; empty when there is nothing new."""
    if after.mode is Mode.LIVE:
        return coach.spoken(before, after, words)
    if after.asks_to_reset and not before.asks_to_reset:
        return question_before_reset(after, words)
    if after.notice is not None and after.notice is not before.notice:
        return _said_of_error(after.notice, words)
    was, now = before.shown, after.shown
    if now.answer is was.answer and _activation_shown(after) is not _activation_shown(before):
        shown = _activation_shown(after)
        return words("activation.caveat" if shown else "said.picture-alone")
    if after.answers != before.answers and now.id == was.id and after.mode is not Mode.ANALYSING:
        known = after.triage
        return _said_of(known, words) if has_verdict(known) else words("said.answers-noted")
    same = now.answer is was.answer and after.problem is before.problem and now.id == was.id
    if after.mode is before.mode and (same or after.mode is Mode.ANALYSING):
        return ""
    return " ".join(_said_of_change(before, after, words))


def _activation_shown(state: State) -> bool:
    return state.photographed is not None and state.photographed.activation_shown


def _said_of_change(before: State, after: State, words: Words) -> list[str]:
    """Return what is said, sentence by sentence."""
    match after.mode:
        case Mode.READY if before.mode is Mode.BOOTING:
            return [words("said.ready")]
        case Mode.ANALYSING if after.is_row:
            return [words("said.analysing-row", count=len(after.spots))]
        case Mode.ANALYSING:
            return [words("said.analysing")]
        case Mode.RESULT:
            of = [words("said.most-severe")] if _just_opened(before, after) else []
            kept = [words("questions.kept")] if after.shown.kept else []
            return [*of, _said_of(after.triage, words), *kept]
        case Mode.REJECTED:
            refused = [_advice_on(finding, words) for finding in after.shown.findings[:1]]
            verdict = [_said_of(after.triage, words)] if has_verdict(after.triage) else []
            return [words("said.no-answer"), *refused, *verdict]
        case Mode.ERROR if after.problem:
            return [_said_of_error(after.problem, words)]
        case _:
            return []


def _just_opened(before: State, after: State) -> bool:
    """Whether the last photo of a row was judged and the most severe opened by itself."""
    all_judged = not any(spot.is_pending for spot in after.spots)
    return after.is_row and all_judged and before.opened is None and after.opened is not None


def _said_of(triage: Triage, words: Words) -> str:
    advice = advice_text(advise(triage), words)
    return words(
        "said.priority",
        title=advice.title,
        time_frame=advice.time_frame,
        next_step=advice.next_step,
    )


def _said_of_error(error: LentigoError, words: Words) -> str:
    text = error_text(error, words)
    return f"{text.message} {text.next_step}"


def _advice_on(finding: Finding, words: Words) -> str:
    return f"{words(FAULT[finding.issue])} {words(REMEDY[finding.remedy])}"


def _answer(state: State, words: Words) -> Html:
    match state.mode:
        case Mode.ANALYSING:
            return NOTHING  # the page's own words: they must not wait for Python
        case Mode.BOOTING | Mode.READY:
            return join((_notice(state, words), _verdict_without_label(state, words)))
        case Mode.LIVE:
            return _live(state, words)
        case Mode.RESULT:
            answer = state.shown.answer
            result = _result(state, answer, words) if answer else NOTHING
            return join((_notice(state, words), result))
        case Mode.REJECTED:
            return join((_notice(state, words), _rejected(state, words)))
        case Mode.ERROR:
            error = _error(state, words)
            return join((_notice(state, words), error, _verdict_without_label(state, words)))


def _live(state: State, words: Words) -> Html:
    spot = state.shown
    if state.live and state.live.stalled:
        return _told(words("live.stalled.title"), words("live.stalled.text"))
    if is_refused(spot.findings):
        return _refusal(spot.findings, words("live.refused"), words)
    if spot.answer is None:
        return _told(words("live.looking.title"), words("live.looking.text"))
    outside = state.triage.outcome is Outcome.OUTSIDE
    return instead(state.triage, words) if outside else _result(state, spot.answer, words)


def _told(title: str, text: str) -> Html:
    return markup('<div class="notice"><h2>{title}</h2><p>{text}</p></div>', title=title, text=text)


def _rejected(state: State, words: Words) -> Html:
    findings = state.shown.findings
    refused = is_refused(findings)
    return join(
        (
            _verdict_without_label(state, words),
            instead(state.triage, words),
            _refusal(findings, words("answer.refused"), words) if refused else NOTHING,
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
    asked = questionnaire(state.answers, state.shown.id, words)
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


def _again(state: State, words: Words) -> Html:
    """Offer what comes next: the same spot once more, another one, or a clean start."""
    return markup(
        '<p class="actions">{retake}<button type="button" data-action="choose-photo">{other}'
        "</button>{again}</p>",
        retake=_retake(state, words),
        other=words("next.add" if state.is_row else "next.choose"),
        again=NOTHING if state.is_row else start_again(words),
    )


def _retake(state: State, words: Words) -> Html:
    spot = state.photographed
    if spot is None:
        return NOTHING
    return markup(
        '<button type="button" id="retake" data-action="retake" data-photo="{id}" '
        'data-source="{source}">{text}</button>',
        id=spot.id,
        source=spot.photo.source,
        text=words("next.retake"),
    )


def _quality(findings: tuple[Finding, ...], inner: Html) -> Html:
    return markup(
        '<div class="quality" data-testid="quality" data-issues="{issues}">{inner}</div>',
        issues=",".join(finding.issue for finding in findings),
        inner=inner,
    )


def _refusal(findings: tuple[Finding, ...], title: str, words: Words) -> Html:
    inner = markup("<h2>{title}</h2>{list}", title=title, list=_list(findings, words))
    return markup('<div class="notice">{quality}</div>', quality=_quality(findings, inner))


def _list(findings: tuple[Finding, ...], words: Words) -> Html:
    items = join(
        markup(
            "<li><strong>{fault}</strong> {remedy}</li>",
            fault=words(FAULT[finding.issue]),
            remedy=words(REMEDY[finding.remedy]),
        )
        for finding in findings
    )
    return markup("<ul>{items}</ul>", items=items)


def _warnings(findings: tuple[Finding, ...], words: Words) -> Html:
    """Say in a result what would make its picture a better one."""
    if not findings:
        return _quality((), NOTHING)
    title, found = words("answer.warnings"), _list(findings, words)
    return _quality(findings, markup("<h3>{title}</h3>{found}", title=title, found=found))


def _verdict(triage: Triage, eyebrow: str, words: Words) -> Html:
    """Render how soon, as the head of an answer."""
    advice = advice_text(advise(triage), words)
    return markup(
        '<header class="verdict">{icon}<div><p class="eyebrow">{eyebrow}</p><h2>{title}</h2>'
        '<p class="time-frame">{time_frame}</p></div></header>',
        icon=priority_icon(triage.priority),
        eyebrow=eyebrow,
        title=advice.title,
        time_frame=advice.time_frame,
    )


def _next_step(triage: Triage, words: Words) -> Html:
    advice = advice_text(advise(triage), words)
    return markup('<p class="next-step">{text}</p>', text=advice.next_step)


def _verdict_without_label(state: State, words: Words) -> Html:
    """Render the priority of a spot that has no label; the answers may ask for one all the same."""
    triage = state.triage
    if not has_verdict(triage):
        return NOTHING
    decisive = triage.decisive
    why = NOTHING
    if not isinstance(decisive, Request) and not comes_from_answers(decisive):
        why = _why(because(decisive, words), words)
    return markup(
        '<article class="answer priority-{priority}" data-testid="verdict" '
        'data-priority="{priority}">{verdict}{next_step}{why}{raised}</article>',
        priority=triage.priority,
        verdict=_verdict(triage, words("answer.eyebrow"), words),
        next_step=_next_step(triage, words),
        why=why,
        raised=raised(triage, words),
    )


def _why(sentences: str, words: Words) -> Html:
    return markup('<p class="why">{why}</p>', why=words.html("answer.why", reason=sentences))


def _result(state: State, answer: Answer, words: Words) -> Html:
    """Render an answer; in live mode it is provisional, and the bars keep their order."""
    live = state.mode is Mode.LIVE
    assessment = answer.assessment
    triage = state.triage
    eyebrow = words("answer.eyebrow.live" if live else "answer.eyebrow")
    risk = natural_risk(answer.manifest, assessment.priority, answer.modality, words)
    return markup(
        '<article class="answer priority-{priority}" data-testid="result" '
        'data-priority="{priority}" data-diagnosis="{diagnosis}" '
        'data-confidence="{confidence:.4f}" data-malignancy="{malignancy:.4f}">'
        "{verdict}{next_step}{reasons}{asks}{risk}{modality}{warnings}{bars}{latency}</article>",
        priority=triage.priority,
        diagnosis=assessment.diagnosis,
        confidence=assessment.confidence,
        malignancy=assessment.malignancy,
        verdict=_verdict(triage, eyebrow, words),
        next_step=NOTHING if live else _next_step(triage, words),
        reasons=_reasons(triage, answer, words),
        asks=NOTHING if live else _ask(state, words),
        risk=NOTHING if live else risk,
        modality=_modality(answer, None if live else state.shown.id, words),
        warnings=_warnings(state.shown.findings, words),
        bars=_bars(answer, live, words),
        latency=_latency(state, answer, words),
    )


def _ask(state: State, words: Words) -> Html:
    """Point to the questions below the bars, as long as none is answered."""
    if state.answers != NO_ANSWERS:
        return NOTHING
    return markup(
        '<p class="ask">{text} '
        '<button type="button" class="small" data-action="open-questions">{button}</button></p>',
        text=words("answer.ask"),
        button=words("answer.ask.button"),
    )


def _reasons(triage: Triage, answer: Answer, words: Words) -> Html:
    """Say what decided; where answers raised the priority, also what the picture alone asks for."""
    decisive, assessment = triage.decisive, answer.assessment
    points = answer.manifest.reader.points_for(answer.modality)
    of_picture = assessment.decisive
    seen = reason(of_picture, _point(points, of_picture), words)
    if triage.raised_by:
        title = advice_text(ADVICE[assessment.priority], words).title
        alone = words("answer.picture-alone", priority=title)
        return join((raised(triage, words), _why(f"{alone} {seen}", words)))
    if isinstance(decisive, Request):
        return _why(seen, words)
    return _why(f"{because(decisive, words)} {seen}", words)


def _modality(answer: Answer, photo_id: int | None, words: Words) -> Html:
    """Say how the picture was taken, which decides the thresholds; a photo's can be corrected."""
    return markup(
        '<div class="modality" data-testid="modality" data-modality="{modality}">'
        "<p>{text}</p>{choices}</div>",
        modality=answer.modality,
        text=words(MODALITY[answer.modality]),
        choices=NOTHING if photo_id is None else _modality_choices(answer, photo_id, words),
    )


def _modality_choices(answer: Answer, photo_id: int, words: Words) -> Html:
    choices = join(
        markup(
            '<button type="button" class="small" id="modality-{modality}" '
            'data-action="modality-chosen" data-modality="{modality}" data-photo="{id}" '
            'aria-pressed="{pressed}">{text}</button>',
            modality=modality,
            id=photo_id,
            pressed=_truth(modality is answer.modality),
            text=words(MODALITY_CHOICE[modality]),
        )
        for modality in MODALITY_CHOICE
    )
    return markup(
        '<span role="group" aria-label="{label}">{choices}</span>',
        label=words("modality.question"),
        choices=choices,
    )


def _truth(value: bool) -> str:
    """Write a value of an ARIA state."""
    return "true" if value else "false"


def _activation(state: State, words: Words) -> Html:
    """Offer the answer's map, for a picture and a model that have one."""
    spot = state.photographed
    if (
        state.mode is not Mode.RESULT
        or spot is None
        or spot.answer is None
        or spot.answer.maps is None
    ):
        return NOTHING
    shown = spot.activation_shown
    name = words(DIAGNOSIS_WITHIN[spot.answer.assessment.diagnosis])
    legend = markup(
        '<p class="note" id="activation-note">{legend} {caveat}</p>',
        legend=words("activation.legend", diagnosis=name),
        caveat=words("activation.caveat"),
    )
    return markup(
        '<p class="actions"><button type="button" class="small" id="activation-toggle" '
        'data-testid="activation" data-action="activation-toggled" data-photo="{id}" '
        'aria-pressed="{pressed}">{text}</button></p>{legend}',
        id=spot.id,
        pressed=_truth(shown),
        text=words("activation.show"),
        legend=legend if shown else NOTHING,
    )


def _point(points: OperatingPoints, request: Request) -> float | None:
    if request.rule is Rule.MALIGNANCY:
        return points.malignancy
    return points.of(request.diagnosis) if request.diagnosis else None


def _bars(answer: Answer, live: bool, words: Words) -> Html:
    assessment = answer.assessment
    pairs = list(zip(Diagnosis, assessment.probabilities, strict=True))
    if not live:
        pairs.sort(key=lambda pair: -pair[1])
    return markup(
        '<section class="probabilities"><h3>{title}</h3><ul>{rows}</ul>'
        '<p class="note">{note}</p></section>',
        title=words("answer.scores"),
        rows=join(_bar(diagnosis, probability, words) for diagnosis, probability in pairs),
        note=words("answer.scores.note"),
    )


def _bar(diagnosis: Diagnosis, probability: float, words: Words) -> Html:
    return markup(
        '<li class="{kind}" data-testid="probability" data-diagnosis="{diagnosis}" '
        'data-value="{probability:.4f}" id="bar-{diagnosis}">'
        '<span class="name">{name} <small>{tier}</small></span>'
        '<span class="value">{percent}</span>'
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="4"/>'
        '<rect class="fill" width="{width:.1f}" height="4"/></svg></li>',
        kind="bar-malignant" if diagnosis in MALIGNANT else "bar-other",
        diagnosis=diagnosis,
        probability=probability,
        name=words(DIAGNOSIS[diagnosis]),
        tier=words(PRIORITY[CLASS_PRIORITY[diagnosis]]),
        percent=words.percent(probability),
        width=probability * 100,
    )


def _latency(state: State, answer: Answer, words: Words) -> Html:
    timings = answer.timings
    return markup(
        '<p class="latency" data-testid="latency" data-preprocess-ms="{preprocess_ms:.1f}" '
        'data-inference-ms="{inference_ms:.1f}" data-total-ms="{total_ms:.1f}">{text}</p>',
        preprocess_ms=timings.preprocess_ms,
        inference_ms=timings.inference_ms,
        total_ms=timings.total_ms,
        text=_said_of_latency(state, answer, words),
    )


def _said_of_latency(state: State, answer: Answer, words: Words) -> str:
    timings, backend = answer.timings, backend_name(answer.backend, words)
    rate_hz = state.live.rate_hz if state.live else None
    if rate_hz is None:
        return words(
            "answer.latency",
            backend=backend,
            preprocess_ms=timings.preprocess_ms,
            inference_ms=timings.inference_ms,
            total_ms=timings.total_ms,
        )
    return words(
        "answer.latency.live",
        backend=backend,
        preprocess_ms=timings.preprocess_ms,
        inference_ms=timings.inference_ms,
        total_ms=timings.total_ms,
        rate=rate_hz,
    )
