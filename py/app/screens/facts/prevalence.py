"""What the rule does to a thousand people, at the declared prevalence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, markup
from app.words import keys
from lentigo.prevalence import SOURCES, Population

if TYPE_CHECKING:
    from app.words import Words
    from lentigo.model.evaluation import NaturalFrequencyFigures

_IN_PEOPLE = keys(Population, "facts.in-people.{}")
_COUNTED = keys(Population, "facts.counted.{}")


def in_people(found: NaturalFrequencyFigures, words: Words) -> Html:
    """Say what the rule does to a thousand such spots; nothing where a share is undefined."""
    condition, counts = found.malignancy, found.malignancy.camera
    if counts is None:
        return NOTHING
    population = condition.population
    return markup(
        "<p>{people}</p><p>{counted} {limits}</p>",
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
