"""From the state to HTML, region by region. Pure; every datum is escaped.

The content security policy allows no inline style, so bars are SVG with plain attributes. The
``data-testid`` names and their attributes are a public contract (``docs/architecture.md``).
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from app.facts import false_alarm, model_facts
from app.state import Mode
from app.wording import (
    ACTIVATION_CAVEAT,
    BACKEND_NAME,
    ISSUE_TEXT,
    MODALITY_CHOICE,
    MODALITY_TEXT,
    PRIORITY_ICON,
    lower_first,
    percent,
    reason,
)
from lentigo.advice import ADVICE
from lentigo.diagnosis import FULL_NAME, MALIGNANT, Diagnosis
from lentigo.priority import CLASS_PRIORITY, Rule

if TYPE_CHECKING:
    from app.state import Answer, State
    from lentigo.priority import OperatingPoints, Request
    from lentigo.quality import QualityIssue


_LOOKING = '<div class="notice"><h2>Looking …</h2><p>Hold the spot in the frame.</p></div>'


def view(state: State) -> dict[str, str]:
    """Render every region of the page."""
    return {
        "answer": _answer(state),
        "gauges": _gauges(state) if state.mode is Mode.LIVE else "",
        "activation": _activation(state),
        "backend": _backend(state),
        "facts": model_facts(state.engine.manifest) if state.engine else "",
    }


def announce(before: State, after: State) -> str:
    """Say what a screen reader must hear of a change; empty when there is nothing new."""
    if after.mode is Mode.LIVE:
        if before.mode is not Mode.LIVE:
            return "The camera is on. Bring the spot into the frame and take the photo."
        if after.issues and after.issues != before.issues:
            text = ISSUE_TEXT[after.issues[0]]
            return f"{text.fault} {text.remedy}"
        return ""
    if after.activation_shown is not before.activation_shown and after.answer is before.answer:
        return ACTIVATION_CAVEAT if after.activation_shown else "The picture alone is shown again."
    if after.mode is before.mode and after.answer is before.answer and after.error is before.error:
        return ""
    if after.mode is Mode.READY and before.mode is Mode.BOOTING:
        return "Ready."
    if after.mode is Mode.ANALYSING:
        return "Analysing the picture."
    if after.mode is Mode.RESULT and after.answer:
        advice = ADVICE[after.answer.assessment.priority]
        return f"Priority: {advice.title}. {advice.time_frame}. {advice.next_step}"
    if after.mode is Mode.REJECTED and after.issues:
        text = ISSUE_TEXT[after.issues[0]]
        return f"No answer. {text.fault} {text.remedy}"
    if after.mode is Mode.ERROR and after.error:
        return f"{after.error.message} {after.error.remedy}"
    return ""


def _answer(state: State) -> str:
    match state.mode:
        case Mode.BOOTING | Mode.READY | Mode.ANALYSING:
            return ""  # the page's own words: they must not wait for Python
        case Mode.LIVE:
            if state.issues:
                return _refusal(state.issues, "h2", "No answer for this view yet")
            if state.answer is None:
                return (
                    '<div class="notice"><h2>Looking …</h2><p>Hold the spot in the frame.</p></div>'
                )
            return _result(state, state.answer)
        case Mode.RESULT:
            return _result(state, state.answer) if state.answer else ""
        case Mode.REJECTED:
            return _refusal(state.issues, "h2", "This picture cannot be judged") + _again()
        case Mode.ERROR:
            return _error(state)


def _error(state: State) -> str:
    if state.error is None:
        return ""
    return (
        '<div class="notice notice-error" role="group" aria-label="Problem">'
        f"<h2>{escape(state.error.message)}</h2><p>{escape(state.error.remedy)}</p></div>"
        f"{_reload() if state.engine_error else _again()}"
    )


def _reload() -> str:
    return (
        '<p class="actions"><button type="button" data-action="reload">Reload the page</button></p>'
    )


def _again() -> str:
    return (
        '<p class="actions"><button type="button" data-action="choose-photo">Choose another photo'
        '</button><button type="button" class="quiet" data-action="reset">Start again</button></p>'
    )


def _quality(issues: tuple[QualityIssue, ...], inner: str) -> str:
    names = ",".join(issues)
    return f'<div class="quality" data-testid="quality" data-issues="{names}">{inner}</div>'


def _refusal(issues: tuple[QualityIssue, ...], heading: str, title: str) -> str:
    texts = [ISSUE_TEXT[issue] for issue in issues]
    items = "".join(
        f"<li><strong>{escape(text.fault)}</strong> {escape(text.remedy)}</li>" for text in texts
    )
    inner = f"<{heading}>{title}</{heading}><ul>{items}</ul>"
    return f'<div class="notice">{_quality(issues, inner)}</div>'


def _gauges(state: State) -> str:
    if state.issues:
        return f'<p class="gauge gauge-bad">{escape(ISSUE_TEXT[state.issues[0]].remedy)}</p>'
    rate = state.rate_hz
    if state.answer is None or rate is None:
        return ""
    inference_ms = state.answer.timings.inference_ms
    return f'<p class="gauge">{rate:.0f} answers a second, {inference_ms:.0f} ms each</p>'


def _backend(state: State) -> str:
    if state.engine is None:
        return '<span data-testid="backend" data-backend="">no engine yet</span>'
    engine = state.engine
    name = escape(BACKEND_NAME.get(engine.backend, engine.backend))
    adapter = f", {escape(engine.adapter)}" if engine.adapter else ""
    return (
        f'<span data-testid="backend" data-backend="{escape(engine.backend)}">'
        f"{name}{adapter}, {escape(engine.variant)} weights</span>"
    )


def _result(state: State, answer: Answer) -> str:
    """Render an answer; in live mode it is provisional, and the bars keep their order."""
    live = state.mode is Mode.LIVE
    assessment = answer.assessment
    advice = ADVICE[assessment.priority]
    priority = assessment.priority.value
    points = answer.manifest.points_for(answer.modality)
    why = reason(assessment.decisive, _point(points, assessment.decisive))
    eyebrow = "Provisional, while you aim" if live else "Medical priority"
    steps = "" if live else f'<p class="next-step">{escape(advice.next_step)}</p>'
    alarm = "" if live else false_alarm(answer.manifest, assessment.priority)
    alarm = f'<p class="note">{escape(alarm)}</p>' if alarm else ""
    done = "" if live else _again()
    return (
        f'<article class="answer priority-{priority}" data-testid="result" '
        f'data-priority="{priority}" data-diagnosis="{assessment.diagnosis}" '
        f'data-confidence="{assessment.confidence:.4f}" '
        f'data-malignancy="{assessment.malignancy:.4f}">'
        f'<header class="verdict"><svg class="icon" aria-hidden="true" viewBox="0 0 48 48">'
        f'<use href="#{PRIORITY_ICON[assessment.priority]}"/></svg>'
        f'<div><p class="eyebrow">{eyebrow}</p><h2>{escape(advice.title)}</h2>'
        f'<p class="time-frame">{escape(advice.time_frame)}</p></div></header>'
        f"{steps}"
        f'<p class="why"><strong>Why:</strong> {escape(why)}</p>{alarm}'
        f"{_modality(answer, live)}"
        f"{_quality(state.issues, '')}"
        f"{_bars(answer, live)}{_latency(state, answer)}</article>{done}"
    )


def _modality(answer: Answer, live: bool) -> str:
    """Say how the picture was taken, which decides the thresholds; a result can be corrected."""
    choices = "".join(
        f'<button type="button" class="small" id="modality-{modality}" '
        f'data-action="modality-chosen" data-modality="{modality}" '
        f'aria-pressed="{str(modality is answer.modality).lower()}">{escape(words)}</button>'
        for modality, words in MODALITY_CHOICE.items()
    )
    group = f'<span role="group" aria-label="How was it taken?">{choices}</span>'
    return (
        f'<div class="modality" data-testid="modality" data-modality="{answer.modality}">'
        f"<p>{escape(MODALITY_TEXT[answer.modality])}</p>{'' if live else group}</div>"
    )


def _activation(state: State) -> str:
    """Offer the answer's map, for a picture and a model that have one."""
    if state.mode is not Mode.RESULT or state.answer is None or state.answer.maps is None:
        return ""
    shown = state.activation_shown
    name = FULL_NAME[state.answer.assessment.diagnosis]
    legend = (
        f'<p class="note" id="activation-note">Brighter: more like {escape(lower_first(name))}. '
        f"{escape(ACTIVATION_CAVEAT)}</p>"
    )
    return (
        '<p class="actions"><button type="button" class="small" id="activation-toggle" '
        'data-testid="activation" data-action="activation-toggled" '
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
    live = state.mode is Mode.LIVE and state.rate_hz is not None
    rate = f", {state.rate_hz:.1f} answers a second" if live else ""
    backend = escape(BACKEND_NAME.get(answer.backend, answer.backend))
    return (
        '<p class="latency" data-testid="latency" '
        f'data-preprocess-ms="{timings.preprocess_ms:.1f}" '
        f'data-inference-ms="{timings.inference_ms:.1f}" data-total-ms="{timings.total_ms:.1f}">'
        f"Computed on this device with {backend}: picture {timings.preprocess_ms:.0f} ms, "
        f"model {timings.inference_ms:.0f} ms, {timings.total_ms:.0f} ms in all{rate}.</p>"
    )
