"""A judged picture: its priority, the reasons, the bars. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.screens.screening.findings import warnings
from app.screens.screening.questionnaire import raised
from app.screens.screening.risk import natural_risk
from app.screens.screening.state import Mode
from app.screens.screening.verdict import next_step, verdict, why
from app.words.picture import MODALITY, MODALITY_CHOICE, backend_name
from app.words.triage import (
    DIAGNOSIS,
    DIAGNOSIS_WITHIN,
    PRIORITY,
    advice_text,
    because,
    reason,
)
from lentigo.diagnosis import MALIGNANT, Diagnosis
from lentigo.priority import CLASS_PRIORITY, Request, Rule
from lentigo.triage.advice import ADVICE
from lentigo.triage.checklist import NO_ANSWERS

if TYPE_CHECKING:
    from app.screens.screening.spot import Answer
    from app.screens.screening.state import State
    from app.words import Words
    from lentigo.priority import OperatingPoints
    from lentigo.triage.rules import Triage


def result(state: State, answer: Answer, words: Words) -> Html:
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
        verdict=verdict(triage, eyebrow, words),
        next_step=NOTHING if live else next_step(triage, words),
        reasons=_reasons(triage, answer, words),
        asks=NOTHING if live else _ask(state, words),
        # It was counted on single pictures, and says nothing of people with such answers.
        risk=NOTHING if triage.raised_by or _photo_read(state) is None else risk,
        modality=_modality(answer, _photo_read(state), words),
        warnings=warnings(state.shown.doubts, words),
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
        return join((raised(triage, words), why(f"{alone} {seen}", words)))
    if isinstance(decisive, Request):
        return why(seen, words)
    return why(f"{because(decisive, words)} {seen}", words)


def _photo_read(state: State) -> int | None:
    """Return the one photo that the answer rests on, if it is one."""
    spot = state.photographed
    return spot.accepted[0].id if spot is not None and len(spot.accepted) == 1 else None


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


def activation(state: State, words: Words) -> Html:
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
