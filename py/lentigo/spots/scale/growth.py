"""Which sizes ask for attention: rules that only raise, and only beyond the error.

Abbott et al. (Australasian Journal of Dermatology 56:14, 2015) call a mole changeable that grew by
a fifth of its diameter within a year, and one that is new and 5 mm or more. A melanoma can grow by
far less: below these figures nothing is told.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lentigo.spots.scale.size import growth_error

if TYPE_CHECKING:
    from lentigo.spots.scale.size import Size

GREW_SHARE, WITHIN_DAYS, NEW_FROM_MM = 0.2, 365, 5.0


def grew_a_fifth(earlier: Size | None, later: Size | None) -> bool:
    """Tell whether a diameter grew by a fifth a year or faster, and beyond the error.

    Within a year any growth of a fifth counts. Without two sizes and their days there is none.
    """
    if earlier is None or later is None or earlier.on is None or later.on is None:
        return False
    days = (later.on - earlier.on).days
    ratio = later.diameter_mm / earlier.diameter_mm
    bound = 1.0 + GREW_SHARE * max(1.0, days / WITHIN_DAYS)
    # Sizes are kept to thousandths; what is a fifth by them is one.
    return ratio >= bound - 1e-3 and math.log(ratio) > growth_error(earlier, later)


def is_new_and_large(size: Size | None) -> bool:
    """Tell whether a spot is new and, at its least, 5 mm wide."""
    return size is not None and size.is_new and size.diameter_mm - size.error_mm >= NEW_FROM_MM
