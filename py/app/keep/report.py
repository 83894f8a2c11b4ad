"""What a report for the doctor says: one spot, what was advised, why, and what to make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import lentigo
from app.events import Source
from app.keep.document import Figure, Report, Section, printable, printable_section
from app.words.dates import day_text, time_text
from app.words.errors import shown_name
from app.words.lists import clauses
from app.words.picture import FAULT, MODALITY, backend_name
from app.words.triage import (
    BODY_SITE,
    DIAGNOSIS,
    DIAGNOSIS_WITHIN,
    QUESTION_LABEL,
    SKIN_TYPE,
    advice_text,
    because,
)
from lentigo.diagnosis import Diagnosis
from lentigo.model.modality import Modality
from lentigo.model.slice_figures import Slice
from lentigo.priority import MALIGNANCY_RISK_POINT, MELANOMA_RISK_POINTS, Request, Rule
from lentigo.triage.advice import Act
from lentigo.triage.checklist import POINTS, URGENT_FROM_POINTS, AnswerRequest
from lentigo.triage.rules import code_of

if TYPE_CHECKING:
    from app.events import Photo
    from app.keep.moment import Moment
    from app.words import Words
    from lentigo.model.manifest import Manifest
    from lentigo.picture.quality import Finding
    from lentigo.priority import Assessment
    from lentigo.triage.advice import Advice
    from lentigo.triage.checklist import Answers
    from lentigo.triage.rules import Triage, TriageRequest


@dataclass(frozen=True)
class Judgement:
    """What a model made of a picture, and what it ran on."""

    assessment: Assessment
    modality: Modality
    manifest: Manifest
    backend: str


@dataclass(frozen=True)
class Pictured:
    """The newest photo that counts, and its square that was judged, as JPEG.

    The advice rests on ``count`` photos, and ``findings`` are what is wrong with all of them.
    """

    photo: Photo
    square: bytes
    findings: tuple[Finding, ...]
    count: int = 1


@dataclass(frozen=True)
class Reported:
    """A spot to be reported; ``judged`` is left out where no label may be named."""

    triage: Triage
    advice: Advice
    answers: Answers
    pictured: Pictured | None
    judged: Judgement | None


def report(spot: Reported, at: Moment, words: Words) -> Report:
    """Write the report of a spot, made at some time."""
    sections = (
        _said(spot.answers, words),
        _spot(spot, at, words),
        _limits(spot.judged, words),
    )
    return Report(
        file_name=f"report-{at.local.date().isoformat()}.pdf",
        language=words.language.tag,
        title=printable(words("report.title")),
        made=printable(time_text(at.local, words)),
        lead=printable(words("report.lead")),
        person=printable(words("report.person")),
        figures=(_figure(spot.pictured, words),),
        advice=printable_section(_advice(spot, at, words)),
        why=printable_section(_why(spot, words)),
        sections=tuple(map(printable_section, sections)),
        note=printable(words("report.note")),
        foot=printable(_foot(spot.judged, words)),
    )


def _figure(pictured: Pictured | None, words: Words) -> Figure:
    square = pictured.square if pictured else b""
    return Figure(printable(words("report.picture" if square else "report.no-picture")), square)


def _advice(spot: Reported, at: Moment, words: Words) -> Section:
    """Say what was advised; the first paragraph is the advice in a few words."""
    advice, text = spot.advice, advice_text(spot.advice, words)
    tier = words("report.tier", tier=text.title)
    if advice.within is not None:
        end = day_text(advice.within.after(at.local.date()), words)
        due = advice.act is Act.PHOTOGRAPH_AGAIN
        tier = words("report.tier.on" if due else "report.tier.by", tier=text.title, day=end)
    return Section(words("report.advice"), (text.action, tier, text.next_step))


def _why(spot: Reported, words: Words) -> Section:
    """Give every rule that asked for the priority, and on what it rests."""
    triage = spot.triage
    asking = [request for request in triage.requests if request.priority is triage.priority]
    said = [
        words("report.rule", reason=_reason(request, spot.judged, words), code=code_of(request))
        for request in asking
    ]
    if spot.advice.within is not None:
        said.append(words("report.source", source=spot.advice.source))
    if spot.judged:
        said.append(words("report.scores", scores=_scores(spot.judged.assessment, words)))
    # Unsure how a photo was taken, both scales of the risks ask, and may ask for the same.
    return Section(words("report.why"), tuple(dict.fromkeys(said)))


def _reason(request: TriageRequest, judged: Judgement | None, words: Words) -> str:
    if isinstance(request, AnswerRequest):
        labels = clauses([words(QUESTION_LABEL[question]) for question in request.answers], words)
        return words("report.rule.answers", answers=labels)
    if not isinstance(request, Request):
        return because(request, words)
    assert judged is not None, "the model asks for nothing where it has not judged"
    share = request.probability
    match request.rule, request.diagnosis:
        case Rule.MELANOMA_RISK, _:
            point = MELANOMA_RISK_POINTS[request.priority]
            return words("report.rule.melanoma-risk", point=round(point * 1000))
        case Rule.MALIGNANCY_RISK, _:
            point = MALIGNANCY_RISK_POINT
            return words("report.rule.malignancy-risk", point=round(point * 1000))
        case Rule.OPERATING_POINT, Diagnosis() as diagnosis:
            point = judged.manifest.scales.points(judged.modality).bcc
            name = words(DIAGNOSIS[diagnosis])
            return words("report.rule.operating-point", diagnosis=name, share=share, point=point)
        case Rule.CONFIDENCE, _:
            return words("report.rule.confidence", share=share)
        case _:
            name = words(DIAGNOSIS_WITHIN[judged.assessment.diagnosis])
            return words("report.rule.top-class", diagnosis=name, share=share)


def _scores(assessment: Assessment, words: Words) -> str:
    pairs = sorted(zip(Diagnosis, assessment.probabilities, strict=True), key=lambda pair: -pair[1])
    return clauses(
        [
            words("report.score", diagnosis=words(DIAGNOSIS[diagnosis]), share=probability)
            for diagnosis, probability in pairs
        ],
        words,
    )


def _said(answers: Answers, words: Words) -> Section:
    """Give what was answered by yes, and the seven-point score."""
    said = [
        words("report.answer.points", question=words(QUESTION_LABEL[question]), points=points)
        if (points := POINTS.get(question, 0))
        else words(QUESTION_LABEL[question])
        for question in answers.yes
    ]
    if not said:
        return Section(words("report.answers"), (words("report.no-answers"),))
    score = words(
        "report.points",
        points=answers.points,
        most=sum(POINTS.values()),
        refer_from=URGENT_FROM_POINTS,
    )
    return Section(
        words("report.answers"),
        (
            words("report.answers.list", answers=clauses(said, words)),
            score,
            words("report.unticked"),
        ),
    )


def _spot(spot: Reported, at: Moment, words: Words) -> Section:
    """Give the place, the skin, and how the photo came about."""
    answers, pictured = spot.answers, spot.pictured
    said = [
        words("report.place", place=words(BODY_SITE[answers.body_site]))
        if answers.body_site
        else words("report.place.unknown")
    ]
    if answers.skin_type:
        said.append(words("report.skin", skin=words(SKIN_TYPE[answers.skin_type])))
    if pictured is None:
        return Section(words("report.spot"), (*said, words("report.no-photo")))
    when = time_text(at.when(pictured.photo.started_ms).local, words)
    if pictured.photo.source is Source.CAPTURE:
        said.append(words("report.taken", at=when))
    else:
        name = shown_name(pictured.photo.name, words)
        said.append(words("report.chosen", name=name, at=when))
    if pictured.count > 1:
        said.append(words("report.photos", count=pictured.count))
    if spot.judged:
        said.append(words(MODALITY[spot.judged.modality]))
    said += [words(FAULT[finding.issue]) for finding in pictured.findings]
    return Section(words("report.spot"), tuple(said))


def _limits(judged: Judgement | None, words: Words) -> Section:
    """Say what the advice cannot know, and how often the model was right where it was tested."""
    said = [words("report.limits.miss"), words("report.limits.scope")]
    evaluation = judged.manifest.evaluation if judged else None
    if judged and evaluation:
        dermoscopic = judged.modality is Modality.DERMOSCOPIC
        figures = evaluation.slices[Slice.DERMOSCOPIC if dermoscopic else Slice.CAMERA]
        found = figures.priority.malignant_at_least_medium
        if found.told is not None:
            said.append(words("report.limits.test", share=found.told, pictures=found.n))
    return Section(words("report.limits"), tuple(said))


def _foot(judged: Judgement | None, words: Words) -> str:
    version = lentigo.__version__
    if judged is None:
        return words("report.foot.no-class", version=version)
    return words(
        "report.foot",
        version=version,
        model=judged.manifest.id,
        backend=backend_name(judged.backend, words),
    )
