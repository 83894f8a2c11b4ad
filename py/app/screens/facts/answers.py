"""What was answered to each kind of picture: priorities, diseases, percentages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.screens.facts.figures import KIND, paragraph, points, share, shown, table
from app.words.lists import clauses
from app.words.triage import DIAGNOSIS
from lentigo.diagnosis import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.words import Words
    from lentigo.model.figures import Figure
    from lentigo.model.slice_figures import Bin, Slice, SliceFigures

    Slices = Mapping[Slice, SliceFigures]


def by_kind(slices: Slices, words: Words) -> Html:
    """Say what the priorities caught and spared."""
    kinds = shown(slices)

    def row(title: str, of: Callable[[SliceFigures], Figure]) -> tuple[str, list[Html]]:
        return title, [share(of(slices[kind]), words) for kind in kinds]

    rows = [
        (words("facts.by-kind.tested-on"), [_tested_on(slices[kind], words) for kind in kinds]),
        row(words("facts.by-kind.melanoma-urgent"), lambda found: found.priority.melanoma_urgent),
        row(
            words("facts.by-kind.malignant-medium"),
            lambda found: found.priority.malignant_at_least_medium,
        ),
        row(words("facts.by-kind.naevus-low"), lambda found: found.priority.naevus_low),
        row(words("facts.by-kind.melanoma-auc"), lambda found: found.melanoma_auc),
    ]
    return join(
        (
            paragraph(words("facts.by-kind.about")),
            table([words(KIND[kind]) for kind in kinds], rows, words),
        )
    )


def _tested_on(found: SliceFigures, words: Words) -> Html:
    return markup(
        "{pictures} <small>{lesions}</small>",
        pictures=words("facts.by-kind.pictures", n=found.pictures),
        lesions=words("facts.by-kind.lesions", n=found.lesions),
    )


def by_disease(slices: Slices, words: Words) -> Html:
    """Say how often each disease was named first when it was the right one."""
    kinds = shown(slices)

    def row(title: str, of: Callable[[SliceFigures], Figure]) -> tuple[str, list[Html]]:
        return title, [share(of(slices[kind]), words) for kind in kinds]

    def named(diagnosis: Diagnosis, found: SliceFigures) -> Html | str:
        figure = found.sensitivity[diagnosis]
        return share(figure, words) if figure.n else words("facts.by-disease.no-pictures")

    rows: list[tuple[str, list[Html | str]]] = [
        (words(DIAGNOSIS[diagnosis]), [named(diagnosis, slices[kind]) for kind in kinds])
        for diagnosis in Diagnosis
    ]
    overall = (
        row(words("facts.by-disease.accuracy"), lambda found: found.accuracy),
        row(words("facts.by-disease.top3"), lambda found: found.top3_accuracy),
        row(words("facts.by-disease.balanced"), lambda found: found.balanced_accuracy),
    )
    return join(
        (
            paragraph(words("facts.by-disease.about")),
            table([words(KIND[kind]) for kind in kinds], (*rows, *overall), words),
        )
    )


def calibration(slices: Slices, words: Words) -> Html:
    """Say whether a percentage means what it says; nothing where that is undefined."""
    errors = {
        kind: error for kind in shown(slices) if (error := slices[kind].ece_after.told) is not None
    }
    if not errors:
        return NOTHING
    off = " ".join(
        words("facts.calibration.off", kind=words(KIND[kind]), points=points(error))
        for kind, error in errors.items()
    )
    return markup(
        '<p>{about} {off}</p><div class="charts">{charts}</div>',
        about=words("facts.calibration.about"),
        off=off,
        charts=join(
            _chart(words(KIND[kind]), slices[kind].reliability.after, words) for kind in errors
        ),
    )


def _chart(kind: str, bins: tuple[Bin, ...], words: Words) -> Html:
    """Draw how often answers of each confidence were right."""
    said = clauses(
        [
            words("facts.calibration.bin", confidence=each.confidence, accuracy=each.accuracy)
            for each in bins
        ],
        words,
    )
    marks = join(
        markup(
            '<circle cx="{across:.1f}" cy="{down:.1f}" r="2.6"/>',
            across=each.confidence * 100,
            down=100 - each.accuracy * 100,
        )
        for each in bins
    )
    return markup(
        '<figure><svg class="reliability" viewBox="-2 -2 104 104" role="img" aria-label="{label}">'
        '<path class="plot" d="M0 0V100H100"/><path class="ideal" d="M0 100 100 0"/>'
        "{marks}</svg><figcaption>{caption}</figcaption></figure>",
        label=words("facts.calibration.chart", kind=kind, bins=said),
        marks=marks,
        caption=words("facts.calibration.caption", kind=kind),
    )
