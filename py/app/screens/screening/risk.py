"""What the picture's priority means in people, as the page says it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, markup
from app.words import keys
from lentigo.prevalence import PEOPLE
from lentigo.priority import Priority
from lentigo.triage.risk import Risk, risk_of
from lentigo.triage.tiers import TierMeaning, meaning_of

if TYPE_CHECKING:
    from app.words import Words
    from lentigo.model.manifest import Manifest
    from lentigo.model.modality import Modality

_ALARMS = (Priority.MEDIUM, Priority.HIGH, Priority.URGENT)
_MOLES = keys(_ALARMS, "tier.moles.{}")
_MOLES_DERMOSCOPIC = keys(_ALARMS, "tier.moles.{}.dermoscopic")


def natural_risk(manifest: Manifest, priority: Priority, modality: Modality, words: Words) -> Html:
    """Say how many people with a picture's priority have the condition; nothing if unknown."""
    found = manifest.evaluation and risk_of(manifest.evaluation, priority, modality)
    if not found:
        return NOTHING
    return markup(
        '<div class="risk" data-testid="risk"><p>{people}</p><details id="risk-source">'
        "<summary>{title}</summary><p>{tier}</p><p>{source}</p></details></div>",
        people=_people(found, words),
        title=words("risk.source"),
        tier=tier_meaning(manifest, priority, modality, words),
        source=_source(found, words),
    )


def _people(found: Risk, words: Words) -> Html:
    sick, people = found.in_people
    if found.alarm is None:
        return words.html("risk.spared", sick=sick, people=people)
    if found.alarm is Priority.URGENT and 2 * sick < people:
        return words.html("risk.urgent.few", sick=sick, people=people)
    if found.alarm is Priority.URGENT:
        return words.html("risk.urgent", sick=sick, people=people)
    return words.html("risk.alarm", sick=sick, people=people)


def _source(found: Risk, words: Words) -> str:
    return words(
        "risk.source.melanomas" if found.alarm is Priority.URGENT else "risk.source.malignant",
        sick=round(found.prevalence.value * PEOPLE),
        all=PEOPLE,
        source=found.prevalence.source,
    )


def tier_meaning(manifest: Manifest, priority: Priority, modality: Modality, words: Words) -> str:
    """Say in one sentence whom this priority hits wrongly; empty where it is not known."""
    found = manifest.evaluation and meaning_of(manifest.evaluation, priority, modality)
    return _said(found, words) if found else ""


def _said(found: TierMeaning, words: Words) -> str:
    if found.alarm is None:
        if found.dermoscopic:
            return words("tier.melanomas.dermoscopic", told=found.told)
        return words("tier.melanomas", told=found.told)
    if found.dermoscopic:
        return words(_MOLES_DERMOSCOPIC[found.alarm], told=found.told)
    return words(_MOLES[found.alarm], told=found.told)
