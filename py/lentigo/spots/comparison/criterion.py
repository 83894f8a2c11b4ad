"""What is measured of one photo, and how well a criterion tells melanomas from naevi."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Criterion(StrEnum):
    """What is measured of one photo."""

    ASYMMETRY = "asymmetry"
    COLOUR_ASYMMETRY = "colour-asymmetry"
    BORDER = "border"
    COLOURS = "colours"
    VARIETY = "variety"


@dataclass(frozen=True)
class Separation:
    """How well a criterion told melanomas from naevi in one set of `test`.

    ``auc`` 0..1 is the share of pairs of a melanoma and a naevus in which the melanoma has more of
    it, 0.5 by chance; ``low`` and ``high`` are its 95 % interval over lesions.
    """

    photos: str
    auc: float
    low: float
    high: float
    melanomas: int
    naevi: int
