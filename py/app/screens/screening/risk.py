"""What the picture's priority means among a thousand people, as the page says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, markup
from lentigo.priority import Priority
from lentigo.triage.risk import Risk, risk_of

if TYPE_CHECKING:
    from app.words import Words
    from lentigo.model.manifest import Manifest
    from lentigo.model.modality import Modality


def natural_risk(manifest: Manifest, priority: Priority, modality: Modality, words: Words) -> Html:
    """Say what a priority means among 1,000 people; nothing if it is not known."""
    found = manifest.evaluation and risk_of(manifest.evaluation, priority, modality)
    if not found:
        return NOTHING
    return markup(
        '<p class="risk" data-testid="risk">{people} <small>{source}</small></p>',
        people=_people(found, words),
        source=_source(found, words),
    )


def _people(found: Risk, words: Words) -> Html:
    if found.alarm is None:
        return words.html("risk.spared", all=found.all, people=found.people, sick=found.sick)
    if found.alarm is Priority.URGENT:
        return words.html("risk.urgent", all=found.all, people=found.people, sick=found.sick)
    return words.html("risk.alarm", all=found.all, people=found.people, sick=found.sick)


def _source(found: Risk, words: Words) -> str:
    return words(
        "risk.source.melanomas" if found.alarm is Priority.URGENT else "risk.source.malignant",
        sick=found.sick_of_all,
        all=found.all,
        source=found.prevalence.source,
    )
