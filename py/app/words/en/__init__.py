"""The English words, a module for each part of the page; whole sentences by dotted key."""

from __future__ import annotations

from app.words.en import advice, diagnoses, numbers, pictures, questions, reasons, screening

AREAS = (advice, diagnoses, numbers, pictures, questions, reasons, screening)
MESSAGES: dict[str, str] = {
    key: message for area in AREAS for key, message in area.MESSAGES.items()
}
