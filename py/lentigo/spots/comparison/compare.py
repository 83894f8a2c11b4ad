"""Two photos of one spot compared, in the one order for page and studies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lentigo.spots.comparison.alignment import Alignment, NotAligned, fit
from lentigo.spots.comparison.change import Change, judge
from lentigo.spots.comparison.measure import measure
from lentigo.spots.comparison.twin import Twin, twin_of

if TYPE_CHECKING:
    from lentigo.spots.comparison.photo import Photo


@dataclass(frozen=True)
class Comparison:
    """What two photos tell together.

    ``twin`` says that they are one photo; nothing else is measured then, and ``alignment`` is
    ``None``. ``change`` is ``None`` unless they could be lined up.
    """

    twin: Twin | None
    alignment: Alignment | NotAligned | None
    change: Change | None


def compare(first: Photo, second: Photo) -> Comparison:
    """Compare an older with a newer photo; never raises on what a spot looks like."""
    twin = twin_of(first.picture, second.picture)
    if twin is not None:
        return Comparison(twin, None, None)
    fitted = fit(first, second)
    if isinstance(fitted, NotAligned):
        return Comparison(None, fitted, None)
    return Comparison(None, fitted.alignment(), judge(measure(fitted)))
