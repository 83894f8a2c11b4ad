"""A judged picture: what to do, why, and how it compares. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.events import Source
from app.html import NOTHING, Html, join, markup
from app.screens.screening.findings import warnings
from app.screens.screening.questionnaire import raised
from app.screens.screening.risk import natural_risk
from app.screens.screening.state import Mode
from app.screens.screening.verdict import head, next_step, why
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
from lentigo.priority import CLASS_PRIORITY, Priority, Request
from lentigo.triage.advice import ADVICE

if TYPE_CHECKING:
    from app.screens.screening.spot import Answer, Shot
    from app.screens.screening.state import State
    from app.words import Words
    from lentigo.priority import Assessment
    from lentigo.triage.rules import Triage


def result(state: State, answer: Answer, words: Words) -> Html:
    """Render an answer: what to do, why, and folded away how the picture compares.

    In live mode it is provisional, and the bars keep their order.
    """
    live = state.mode is Mode.LIVE
    assessment, triage = answer.assessment, state.triage
    found = warnings(state.shown.doubts, words)
    # What is wrong with the photo is what an uncertain answer is about.
    wants_another = triage.priority is Priority.UNCERTAIN or live
    return markup(
        '<article class="answer priority-{priority}" data-testid="result" '
        'data-priority="{priority}" data-diagnosis="{diagnosis}" '
        'data-confidence="{confidence:.4f}" data-malignancy="{malignancy:.4f}" '
        'data-melanoma-risk="{melanoma_risk:.6f}" data-malignancy-risk="{malignancy_risk:.6f}">'
        "{head}{next_step}{reason}{warnings}{risk}{compared}</article>",
        priority=triage.priority,
        diagnosis=assessment.diagnosis,
        confidence=assessment.confidence,
        malignancy=assessment.malignancy,
        melanoma_risk=assessment.risks.melanoma,
        malignancy_risk=assessment.risks.malignancy,
        head=head(state, words),
        next_step=NOTHING if live else next_step(state, words),
        reason=_reason(triage, assessment, words),
        warnings=found if wants_another else NOTHING,
        risk=NOTHING if live else _risk(state, answer, words),
        compared=_compared(state, answer, NOTHING if wants_another else found, words),
    )


def _reason(triage: Triage, assessment: Assessment, words: Words) -> Html:
    """Say what decided, in one sentence: the answers, a doubt, or what the picture is like."""
    decisive = triage.decisive
    if triage.raised_by:
        return raised(triage, words)
    if isinstance(decisive, Request):
        return why(reason(decisive, assessment.diagnosis, words), words)
    return why(because(decisive, words), words)


def _risk(state: State, answer: Answer, words: Words) -> Html:
    """Say what the answer means among people.

    It was counted on single pictures, and says nothing of people with answers that raise it.
    """
    triage = state.triage
    if triage.raised_by or triage.priority is Priority.UNCERTAIN or _photo_read(state) is None:
        return NOTHING
    return natural_risk(answer.manifest, triage.priority, answer.modality, words)


def _compared(state: State, answer: Answer, warned: Html, words: Words) -> Html:
    """Render what the answer rests on: scores, thresholds, times.

    It is folded away, except in live mode, where whoever sees it has asked for it.
    """
    live = state.mode is Mode.LIVE
    parts = (
        warned,
        _of_photo_alone(state.triage, answer.assessment, words),
        _bars(answer, live, words),
        _modality(state, answer, words),
        _latency(state, answer, words),
    )
    if live:
        return join(parts)
    return markup(
        '<details class="compared" id="compared"><summary>{title}</summary>{parts}</details>',
        title=words("answer.compared"),
        parts=join(parts),
    )


def _of_photo_alone(triage: Triage, assessment: Assessment, words: Words) -> Html:
    """Say what the photo alone asks for, where something else decided."""
    if triage.priority is assessment.priority:
        return NOTHING
    title = advice_text(ADVICE[assessment.priority], words).title
    seen = reason(assessment.decisive, assessment.diagnosis, words)
    return markup(
        "<p>{alone} {seen}</p>", alone=words("answer.picture-alone", priority=title), seen=seen
    )


def _photo_read(state: State) -> Shot | None:
    """Return the one photo that the answer rests on, if it is one."""
    spot = state.photographed
    return spot.accepted[0] if spot is not None and len(spot.accepted) == 1 else None


def _modality(state: State, answer: Answer, words: Words) -> Html:
    """Say how the picture was taken, which decides the thresholds; ask unless it was taken here."""
    photo = _photo_read(state)
    asked = photo is not None and photo.photo.source is Source.CHOSEN
    return markup(
        '<div class="modality" data-testid="modality" data-modality="{modality}">'
        "<p>{text}</p>{choices}</div>",
        modality=answer.modality,
        text=_said_of_modality(state, answer, words),
        choices=_modality_choices(answer, photo.id, words) if photo and asked else NOTHING,
    )


def _said_of_modality(state: State, answer: Answer, words: Words) -> str:
    spot = state.photographed
    ways = {shot.alone.modality for shot in spot.accepted if shot.alone} if spot else set()
    differ = len(ways) > 1
    return words("photos.taken-differently") if differ else words(MODALITY[answer.modality])


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
        '<p id="modality-question">{question}</p>'
        '<span role="group" aria-labelledby="modality-question">{choices}</span>',
        question=words("modality.question"),
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
        '<bdi class="value">{percent}</bdi>'
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
