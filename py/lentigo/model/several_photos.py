"""Several photos of one spot, read as one: the mean of what the network answers about each.

Every photo is read by its own modality first. Where they differ, a clinical photo and one through a
dermoscope, the mean is neither: the more cautious scale holds for it
(``docs/decisions/0025-several-photos-of-one-spot.md``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lentigo.model.modality import Modality
from lentigo.model.ood import Recognition
from lentigo.model.reading import Outputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lentigo.model.reading import Reader, Reading


def mean_outputs(photos: Sequence[Outputs]) -> Outputs:
    """Return the mean of each logit; ``ValueError`` unless there is a photo.

    What one of the photos was not told is ``None``.
    """
    if not photos:
        raise ValueError("no photo to average")
    logits = np.mean([photo.logits for photo in photos], axis=0)
    return Outputs(
        logits=tuple(float(logit) for logit in logits),
        modality=_mean(photo.modality for photo in photos),
        lesion=_mean(photo.lesion for photo in photos),
        melanoma=_mean(photo.melanoma for photo in photos),
        malignancy=_mean(photo.malignancy for photo in photos),
        nail=_mean(photo.nail for photo in photos),
    )


def _mean(logits: Iterable[float | None]) -> float | None:
    given = list(logits)
    told = [logit for logit in given if logit is not None]
    return float(np.mean(told)) if len(told) == len(given) else None


def shared_modality(modalities: Iterable[Modality]) -> Modality:
    """Return how all photos were taken, and ``UNSURE`` if they were not taken in one way."""
    ways = set(modalities)
    return ways.pop() if len(ways) == 1 else Modality.UNSURE


def read_together(
    reader: Reader, photos: Sequence[Outputs], modalities: Iterable[Modality]
) -> Reading:
    """Read the mean of several photos of a lesion, each of which was taken in its way.

    A mean that would not pass for a lesion is doubted, not refused: each photo alone has passed.
    Only of photos that all show a nail is it a nail. ``ValueError`` unless there is a photo, with
    seven finite class logits each.
    """
    reading = reader.read(mean_outputs(photos), shared_modality(modalities))
    if reading.recognition not in {Recognition.NOT_A_LESION, Recognition.NAIL}:
        return reading
    alone = {reader.read(photo).recognition for photo in photos}
    if alone == {Recognition.NAIL}:
        return reading
    return replace(reading, recognition=Recognition.UNFAMILIAR)
