"""What a worried reader needs first: what was caught and what was alarmed, of a hundred people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.screens.facts.figures import KINDS, of_hundred, paragraph
from app.words import keys
from lentigo.prevalence import SOURCES, Population

if TYPE_CHECKING:
    from app.words import Words
    from lentigo.model.evaluation import Evaluation, NaturalFrequencyFigures
    from lentigo.model.figures import Figure
    from lentigo.model.slice_figures import Slice, SliceFigures

_LEAD = keys(KINDS, "facts.lead.{}")
_IN_PEOPLE = keys(Population, "facts.in-people.{}")
_COUNTED = keys(Population, "facts.counted.{}")


def first(evaluation: Evaluation, kind: Slice, words: Words) -> Html:
    """Say what the model did with one kind of picture."""
    figures = evaluation.slices[kind]
    lead = words.html(_LEAD[kind], pictures=figures.pictures, lesions=figures.lesions)
    return join(
        (
            markup('<p class="facts-lead">{lead}</p>', lead=lead),
            _caught(figures, words),
            _alarmed(figures, words),
            _in_people(evaluation.natural_frequencies, words),
            paragraph(words("facts.so")),
        )
    )


def _caught(figures: SliceFigures, words: Words) -> Html:
    caught = figures.priority.malignant_at_least_medium
    if caught.told is None:
        return NOTHING
    sent = of_hundred(caught.told)
    sentence = words.html("facts.caught", sent=sent, missed=100 - sent)
    return _people(sent, sentence, _range(caught, words), "dots-caught")


def _alarmed(figures: SliceFigures, words: Words) -> Html:
    spared = figures.priority.not_malignant_below_medium
    if spared.told is None:
        return NOTHING
    sent = 100 - of_hundred(spared.told)
    sentence = words.html("facts.alarmed", sent=sent)
    return _people(sent, sentence, _range(spared, words, turned=True), "dots-alarm")


def _range(figure: Figure, words: Words, turned: bool = False) -> Html:
    """Write the interval of a share in people of a hundred, of its rest when ``turned``."""
    if figure.low is None or figure.high is None:
        return NOTHING
    low, high = of_hundred(figure.low), of_hundred(figure.high)
    if turned:
        low, high = 100 - high, 100 - low
    text = words("facts.true-number", pictures=figure.n, low=low, high=high)
    return markup(" <small>{text}</small>", text=text)


def _people(count: int, sentence: Html, small: Html, kind: str) -> Html:
    """Draw a hundred dots, so many of them filled, above the sentence that says the same."""
    dots = [f"M{4 * (i % 25) + 2} {4 * (i // 25) + 2}h0" for i in range(100)]
    return markup(
        '<div class="hundred {kind}"><svg viewBox="0 0 100 16" aria-hidden="true">'
        '<path class="dots-rest" d="{rest}"/><path class="dots-full" d="{full}"/></svg>'
        "<p>{sentence}{small}</p></div>",
        kind=kind,
        rest="".join(dots[count:]),
        full="".join(dots[:count]),
        sentence=sentence,
        small=small,
    )


def _in_people(found: NaturalFrequencyFigures, words: Words) -> Html:
    """Say what the rule does to a thousand such spots; nothing where a share is undefined."""
    condition, counts = found.malignancy, found.malignancy.camera
    if counts is None:
        return NOTHING
    population = condition.population
    return markup(
        "<p>{people} <small>{counted} {limits}</small></p>",
        people=words(
            _IN_PEOPLE[population],
            people=found.people,
            sick=counts.sick,
            caught=counts.caught,
            missed=counts.missed,
            alarms=counts.false_alarms,
        ),
        counted=words(_COUNTED[population], source=SOURCES[population]),
        limits=words("facts.in-people.limits"),
    )
