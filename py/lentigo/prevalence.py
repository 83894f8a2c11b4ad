"""What sensitivity and specificity mean for people, at a declared prevalence.

Most pictures of the test sets are there because the lesion was taken out; counted on them, any
alarm would look nearly always right. Natural frequencies ("of 1,000 people ...") are understood
best (Gigerenzer et al., Psychological Science in the Public Interest 8:53-96, 2007).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PEOPLE = 1000


class Population(StrEnum):
    """Among whom a condition was counted."""

    # Skin lesions that the patient or the general practitioner suspected of malignancy; general
    # practices in the north of the Netherlands.
    SUSPECTED = "suspected-in-general-practice"
    # Pigmented lesions in general practice that were not at once seen to be benign; east of
    # England.
    PIGMENTED = "pigmented-in-general-practice"


@dataclass(frozen=True)
class Prevalence:
    """How common a condition is, 0..1, among whom, and the paper that says so."""

    value: float
    population: Population
    source: str


# Ten benign for one malignant, in 2010. A visitor's worrying spot is most like these: somebody was
# worried enough to go to a general practitioner. Taking it for a visitor's is ours.
MALIGNANCY = Prevalence(
    value=1 / 11,
    population=Population.SUSPECTED,
    source="Koelink et al., BMC Family Practice 15:29, 2014",
)

# 36 melanomas among 1,436 lesions.
MELANOMA = Prevalence(
    value=36 / 1436,
    population=Population.PIGMENTED,
    source="Walter et al., British Journal of General Practice 63:e345-e353, 2013",
)
SOURCES = {each.population: each.source for each in (MALIGNANCY, MELANOMA)}


@dataclass(frozen=True)
class NaturalFrequencies:
    """Whole people: those with the condition, caught or missed; those without, alarmed or not."""

    people: int
    caught: int
    missed: int
    false_alarms: int
    rightly_spared: int

    @property
    def sick(self) -> int:
        """How many have the condition."""
        return self.caught + self.missed

    @property
    def alarms(self) -> int:
        """How many are told that they may have it."""
        return self.caught + self.false_alarms


def natural_frequencies(
    sensitivity: float, specificity: float, prevalence: float, people: int = PEOPLE
) -> NaturalFrequencies:
    """Return what happens to so many people; all three shares 0..1, else ``ValueError``.

    Rounded to whole people so that the four counts add up to ``people``.
    """
    for name, value in (
        ("sensitivity", sensitivity),
        ("specificity", specificity),
        ("prevalence", prevalence),
    ):
        if not 0.0 <= value <= 1.0:
            raise ValueError(f"{name} lies in 0..1, not {value}")
    sick = round(people * prevalence)
    caught = round(sick * sensitivity)
    spared = round((people - sick) * specificity)
    return NaturalFrequencies(
        people=people,
        caught=caught,
        missed=sick - caught,
        false_alarms=people - sick - spared,
        rightly_spared=spared,
    )
