"""The English words, a module for each part of the page; whole sentences by dotted key."""

from __future__ import annotations

from app.words.en import (
    advice,
    body,
    diagnoses,
    errors,
    facts,
    keep,
    lab,
    numbers,
    page,
    pictures,
    questions,
    reasons,
    risk,
    screening,
    settings,
    site,
    spot_photos,
    spots,
)

AREAS = (
    advice,
    body,
    diagnoses,
    errors,
    facts,
    keep,
    lab,
    numbers,
    page,
    pictures,
    questions,
    reasons,
    risk,
    screening,
    settings,
    site,
    spot_photos,
    spots,
)
MESSAGES: dict[str, str] = {
    key: message for area in AREAS for key, message in area.MESSAGES.items()
}
