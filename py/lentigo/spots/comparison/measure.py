"""What differs between two photos that fit: size, where it grew, colour, new dark or pale areas.

Both are measured alike, in the older photo's field: the newer one's skin is brought to the older
one's colour, and every colour is read against the skin around the spot. So neither light, nor
exposure, nor a different crop counts as a change.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from lentigo.picture.framing import LAB_WEIGHT, LINEAR, box_blur, label_regions, outline_of, to_lab
from lentigo.spots.comparison.detail import grown
from lentigo.spots.comparison.field import SIDE_PX, SPOT_PX
from lentigo.spots.comparison.growth import STRETCH, fit_growth, sectors_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lentigo.spots.comparison.alignment import Fit
    from lentigo.spots.comparison.field import Field
    from lentigo.spots.comparison.growth import Growth
    from lentigo.spots.comparison.similarity import Similarity

    Floats = NDArray[np.float32]
    Bools = NDArray[np.bool_]
    Bytes = NDArray[np.uint8]

# All ours, chosen on repeats outside `test` (training.studies.repeat_photos).
# The spot begins at this share of how much its middle differs from skin.
EDGE = 0.45
# What is thinner than this many pixels to either side is a hair or a line, not the spot.
RUNNER_PX = 3
# The spot is looked for within so many pixels of the outlines; beyond them it cannot have grown.
REACH_PX = round(0.3 * SPOT_PX)
# Skin begins so far from the outlines.
RIM_PX = round(0.12 * SPOT_PX)
# A region belongs to the spot if it shares this much with the outlines as the largest one does.
BELONGS = 0.15
# The border must be seen but for this share, or the area is not measured.
CUT_SHARE = 0.05
FEWEST_SPOT_PX, FEWEST_SKIN_PX = 250, 400
# Colour is compared so far inside the spot, where a shifted edge does not show.
INSIDE_PX = round(0.06 * SPOT_PX)
# An area is new if it is so much darker or paler than the rest of the spot tells, in L*.
NEW_BY_L = 12.0


@dataclass(frozen=True)
class Measured:
    """What was measured; ``None`` where the photos do not show it whole.

    ``area_ratio`` is the newer area over the older. ``sectors`` are what each of
    ``lentigo.spots.comparison.growth.SECTORS`` gained, in shares of the older area, clockwise from
    the older photo's right; ``one_sided`` by how much the most gained more than the middle one.
    ``lab`` is the change of the mean colour against the skin's, CIELAB; ``spread_ratio`` that of
    the lightness's standard deviation. ``darker`` and ``paler`` are the largest new areas, in
    shares of the spot. ``outlines`` are the older outline and, where the area is known, the same
    moved by what each direction gained: polygons in pixels of the older photo.
    """

    area_ratio: float | None
    sectors: tuple[float, ...] | None
    one_sided: float | None
    lab: tuple[float, float, float] | None
    spread_ratio: float | None
    darker: float | None
    paler: float | None
    outlines: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True)
class _Side:
    """One photo in the older one's field: colour against skin (h, w, 3) and distance (h, w)."""

    lab: Floats
    distance: Floats


UNMEASURED = Measured(None, None, None, None, None, None, None, ())


def measure(fit: Fit) -> Measured:
    """Measure two photos that fit."""
    older = fit.first
    newer, seen, spot = _brought(fit.second, fit.place)
    both = older.seen & seen
    outlines = older.spot | spot
    skin = both & ~grown(outlines, RIM_PX)
    shared = older.spot & spot & both
    if int(shared.sum()) < FEWEST_SPOT_PX or int(skin.sum()) < FEWEST_SKIN_PX:
        return UNMEASURED
    sides = (_side(older.pixels, skin), _side(_as_lit(newer, older.pixels, skin), skin))
    within = both & grown(outlines, REACH_PX)
    masks = _spot(sides[0], within, shared), _spot(sides[1], within, shared)
    colour = _colour(sides, shared)
    ring = grown(outlines, 3) & ~outlines
    if not ring.any() or (ring & ~both).sum() > CUT_SHARE * ring.sum():
        return Measured(None, None, None, *colour, _outlines(masks[0], older.place, None))
    growth = _growth(sides, masks, both)
    sectors = sectors_of(growth, masks[0])
    one_sided = max(sectors) - float(np.median(sectors))
    drawn = _outlines(masks[0], older.place, growth)
    return Measured(1.0 + sum(sectors), sectors, one_sided, *colour, drawn)


def spot_in(field: Field) -> Bools | None:
    """Return the spot of one photo, read as both of a pair are; ``None`` with too little skin."""
    skin = field.seen & ~grown(field.spot, RIM_PX)
    shared = field.spot & field.seen
    if int(shared.sum()) < FEWEST_SPOT_PX or int(skin.sum()) < FEWEST_SKIN_PX:
        return None
    return _spot(_side(field.pixels, skin), field.seen & grown(field.spot, REACH_PX), shared)


def _growth(sides: tuple[_Side, _Side], masks: tuple[Bools, Bools], both: Bools) -> Growth:
    """Fit the growth from none and from what the thresholds say; the better fit counts."""
    areas = [max(1, int(mask.sum())) for mask in masks]
    least, most = STRETCH
    starts = (1.0, min(most, max(least, math.sqrt(areas[1] / areas[0]))))
    fits = [
        fit_growth(sides[0].distance, sides[1].distance, masks[0], both, start) for start in starts
    ]
    return min(fits, key=lambda fitted: fitted.residual)


def _brought(field: Field, place: Similarity) -> tuple[Bytes, Bools, Bools]:
    """Return a field's pixels, what it has seen, and its spot, where ``place`` maps to."""

    def brought(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
        image = Image.fromarray(values).transform(
            (SIDE_PX, SIDE_PX),
            Image.Transform.AFFINE,
            place.coefficients(),
            Image.Resampling.BILINEAR,
        )
        return np.asarray(image)

    seen, spot = (brought(mask * np.uint8(255)) for mask in (field.seen, field.spot))
    return brought(field.pixels), seen > 252, spot > 127


def _as_lit(newer: Bytes, older: Bytes, skin: Bools) -> Bytes:
    """Return the newer pixels with each channel's light scaled so that the skin is as before."""
    lit = np.empty_like(newer)
    for channel in range(3):
        was, now = (float(LINEAR[p[..., channel][skin]].mean()) for p in (older, newer))
        gain = was / max(now, 1e-4)
        levels = np.interp(LINEAR * gain, LINEAR, np.arange(256))
        lit[..., channel] = np.rint(levels).astype(np.uint8)[newer[..., channel]]
    return lit


@lru_cache(maxsize=1)
def _bowl() -> Floats:
    """Return 1, x, y and x² + y² of each pixel, (side², 4): a slope of the light, and its fall."""
    place = ((np.arange(SIDE_PX) + 0.5) / SIDE_PX * 2.0 - 1.0).astype(np.float32)
    x, y = np.meshgrid(place, place)
    bowl = np.stack([np.ones_like(x), x, y, x * x + y * y], axis=-1).reshape(-1, 4)
    bowl.flags.writeable = False
    return bowl


def _side(pixels: Bytes, skin: Bools) -> _Side:
    """Read colours against a smooth surface through the skin, hairs and freckles left out."""
    lab = to_lab(pixels)
    chosen = np.flatnonzero(skin)[::3]
    colours, bowl = lab.reshape(-1, 3)[chosen], _bowl()[chosen]
    kept = np.ones(len(chosen), dtype=bool)
    for _ in range(3):
        normal = bowl[kept].T @ bowl[kept] + 1e-2 * np.eye(4)
        surface = np.linalg.solve(normal, bowl[kept].T @ colours[kept])
        off = np.abs(colours - bowl @ surface).sum(axis=1)
        kept = off <= max(2.0 * float(np.median(off)), 1.0)
    skin_lab = np.asarray(_bowl() @ surface, dtype=np.float32).reshape(lab.shape)
    against: Floats = lab - skin_lab
    weighted = against * LAB_WEIGHT
    # Only what is darker than skin counts, as where the spot is located: glare is no spot.
    weighted[..., 0] = np.minimum(weighted[..., 0], 0.0)
    return _Side(against, box_blur(np.sqrt((weighted**2).sum(axis=-1)), 1))


def _spot(side: _Side, within: Bools, shared: Bools) -> Bools:
    """Return the spot without thin runners; what both outlines share, if nothing stands out."""
    level = EDGE * float(np.median(side.distance[shared]))
    labels, count = label_regions((side.distance > level) & within)
    common = np.bincount(labels[shared], minlength=count + 1)
    common[0] = 0
    belongs = common >= max(1.0, BELONGS * float(common.max()))
    spot = belongs[labels]
    spot &= box_blur(spot.astype(np.float32), RUNNER_PX) > 0.5
    return np.asarray(spot if int(spot.sum()) >= FEWEST_SPOT_PX else shared)


def _outlines(
    mask: Bools, place: Similarity, growth: Growth | None
) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Return the older outline in the photo's pixels, and how far it moved if that is known."""
    rows, columns = np.nonzero(mask)
    rim = mask & ~(box_blur(mask.astype(np.float32), 1) > 0.99)
    polygon = outline_of(rim, (float(rows.mean()), float(columns.mean())))
    older = [complex(x * SIDE_PX, y * SIDE_PX) for x, y in polygon]
    drawn = [older]
    if growth is not None:
        middle = growth.middle
        drawn.append([middle + (z - middle) * growth.at(cmath.phase(z - middle)) for z in older])
    return tuple(tuple((place(z).real, place(z).imag) for z in outline) for outline in drawn)


def _colour(
    sides: tuple[_Side, _Side], shared: Bools
) -> tuple[tuple[float, float, float] | None, float | None, float | None, float | None]:
    """Return the change of the mean colour and of its spread, and the largest new areas."""
    inside = ~grown(~shared, INSIDE_PX)
    count = int(inside.sum())
    if count < FEWEST_SPOT_PX:
        return None, None, None, None
    older, newer = (side.lab[inside] for side in sides)
    lightness, hue_a, hue_b = (newer.mean(axis=0) - older.mean(axis=0)).tolist()
    spreads = [max(float(colours[:, 0].std()), 1.0) for colours in (older, newer)]
    step = box_blur(sides[1].lab[..., 0] - sides[0].lab[..., 0], 2)
    step -= np.median(step[inside])
    darker, paler = (
        _largest((sign * step > NEW_BY_L) & inside) / count for sign in (np.float32(-1), 1)
    )
    return (lightness, hue_a, hue_b), spreads[1] / spreads[0], darker, paler


def _largest(mask: Bools) -> int:
    labels, count = label_regions(mask)
    return int(np.bincount(labels.ravel(), minlength=count + 1)[1:].max(initial=0))
