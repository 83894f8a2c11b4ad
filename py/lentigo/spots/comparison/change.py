"""Which of the measured differences are more than the method's own error: codes, no words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from lentigo.spots.comparison import repeat_error

if TYPE_CHECKING:
    from lentigo.spots.comparison.measure import Measured


class ChangeCode(StrEnum):
    """A change that was measured beyond the error of repeated photos."""

    GREW = "grew"
    GREW_ON_ONE_SIDE = "grew-on-one-side"
    SHRANK = "shrank"
    COLOUR = "colour"
    """The mean colour."""
    MORE_VARIED = "more-varied"
    """Light and dark parts differ more."""
    DARKER_AREA = "darker-area"
    PALER_AREA = "paler-area"


# A spot that became smaller is told, but is no reason for concern by itself; a part of it that
# turned pale may be regression, which a melanoma shows too.
_NO_CONCERN = frozenset({ChangeCode.SHRANK})


@dataclass(frozen=True)
class Change:
    """What differs, and which of it counts; without ``codes`` nothing was found beyond the error.

    That is not the same as no change: see ``measured`` for what could not be measured.
    """

    measured: Measured
    codes: tuple[ChangeCode, ...]

    @property
    def area_share(self) -> float | None:
        """Newer over older area, minus 1; ``None`` where a photo does not show the whole spot."""
        ratio = self.measured.area_ratio
        return None if ratio is None else ratio - 1.0


def judge(measured: Measured) -> Change:
    """Tell which differences are larger than those of repeated photos."""
    beyond = {
        ChangeCode.GREW: _log(measured.area_ratio) > repeat_error.GROWTH_LOG,
        ChangeCode.GREW_ON_ONE_SIDE: (measured.one_sided or 0.0) > repeat_error.ONE_SIDED_SHARE,
        ChangeCode.SHRANK: _log(measured.area_ratio) < -repeat_error.SHRINK_LOG,
        ChangeCode.COLOUR: math.hypot(*(measured.lab or (0.0,))) > repeat_error.COLOUR_LAB,
        ChangeCode.MORE_VARIED: _log(measured.spread_ratio) > repeat_error.SPREAD_LOG,
        ChangeCode.DARKER_AREA: (measured.darker or 0.0) > repeat_error.DARKER_SHARE,
        ChangeCode.PALER_AREA: (measured.paler or 0.0) > repeat_error.PALER_SHARE,
    }
    return Change(measured, tuple(code for code, counts in beyond.items() if counts))


def concerns(change: Change | None) -> tuple[ChangeCode, ...]:
    """Return the codes that may raise a priority; without a comparison there are none.

    No result of a comparison may lower one.
    """
    if change is None:
        return ()
    return tuple(code for code in change.codes if code not in _NO_CONCERN)


def _log(ratio: float | None) -> float:
    return 0.0 if ratio is None else math.log(ratio)
