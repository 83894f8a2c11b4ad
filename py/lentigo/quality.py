"""Can this picture be judged at all?

Only the faults that are beyond doubt: a picture that holds no detail, or next to no light. The
thresholds are ours; none of the 2,210 lesion pictures of the ``test`` split is refused by them
(``training/LOG.md``).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL import Image


class QualityIssue(StrEnum):
    """One reason why a picture cannot be judged, or should be taken again."""

    BLUR = "blur"
    MOTION = "motion"
    DARK = "dark"
    BRIGHT = "bright"
    GLARE = "glare"
    CONTRAST = "contrast"
    COLOUR_CAST = "colour-cast"
    TOO_SMALL = "too-small"
    TOO_FAR = "too-far"
    TOO_CLOSE = "too-close"
    OFF_CENTRE = "off-centre"
    NO_LESION = "no-lesion"
    SEVERAL_LESIONS = "several-lesions"
    NOT_SKIN = "not-skin"
    UNKNOWN_LESION = "unknown-lesion"
    HAIR = "hair"
    MARKER = "marker"


# Mean luma 0..255. A photo at night without a flash lies near 10, a burnt-out one near 250.
DARK_BELOW_LUMA = 28.0
BRIGHT_ABOVE_LUMA = 244.0
# Standard deviation of luma 0..255: a covered lens, a wall, a blank page.
CONTRAST_BELOW_LUMA = 3.0


def find_issues(square: Image.Image) -> tuple[QualityIssue, ...]:
    """Name the faults of an RGB square, in the order of ``QualityIssue``; empty when fine.

    Too dark and too bright say more than "no contrast", so they stand alone.
    """
    luma = np.asarray(square.convert("L"), dtype=np.float32)
    mean = float(luma.mean())
    if mean < DARK_BELOW_LUMA:
        return (QualityIssue.DARK,)
    if mean > BRIGHT_ABOVE_LUMA:
        return (QualityIssue.BRIGHT,)
    if float(luma.std()) < CONTRAST_BELOW_LUMA:
        return (QualityIssue.CONTRAST,)
    return ()
