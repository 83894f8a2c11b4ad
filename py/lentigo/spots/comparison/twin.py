"""Is it the same photo again? One cannot show a change since the other was taken."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Pixels a side of the grey copies that are compared.
SIDE_PX = 32
# The largest difference of two such pixels that another encoder, size or brightness makes, in
# standard deviations of the copy. Ours, chosen on `val` (training.studies.repeat_photos).
LARGEST_DIFFERENCE = 0.4
# Copies with hardly any contrast are compared as if they had this much (levels of 255).
LEAST_CONTRAST = 4.0


class Twin(StrEnum):
    """The same photo, as it is or as in a mirror."""

    SAME = "same"
    MIRRORED = "mirrored"


def twin_of(first: Image.Image, second: Image.Image) -> Twin | None:
    """Tell whether two RGB photos are one, possibly mirrored, encoded anew or made smaller."""
    was, now = _copy(first), _copy(second)
    if difference(was, now) <= LARGEST_DIFFERENCE:
        return Twin.SAME
    if difference(was, now[:, ::-1]) <= LARGEST_DIFFERENCE:
        return Twin.MIRRORED
    return None


def difference(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return the largest difference of two standardised copies."""
    return float(np.abs(one - other).max())


def _copy(picture: Image.Image) -> NDArray[np.float32]:
    small = picture.convert("L").resize((SIDE_PX, SIDE_PX), Image.Resampling.BOX)
    grey = np.asarray(small, dtype=np.float32)
    standard: NDArray[np.float32] = (grey - grey.mean()) / max(float(grey.std()), LEAST_CONTRAST)
    return standard
