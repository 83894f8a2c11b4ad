"""What is said of a picture: what is wrong with it, and how it was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.words.catalogue import keys
from lentigo.model.modality import Modality
from lentigo.picture.quality import QualityIssue, Remedy

if TYPE_CHECKING:
    from app.words.catalogue import Words

FAULT = keys(QualityIssue, "quality.{}")
# A few words to read while aiming, and a sentence for a still picture.
HINT = keys(Remedy, "remedy.{}.hint")
REMEDY = keys(Remedy, "remedy.{}.sentence")
MODALITY = keys(Modality, "modality.{}")
# The answers to the question whether there was a dermoscope.
MODALITY_CHOICE = keys((Modality.DERMOSCOPIC, Modality.CAMERA), "modality.{}.choice")


def backend_name(backend: str, words: Words) -> str:
    """Name what the model runs on, as far as a visitor may know it."""
    return words("backend.name", backend=backend)
