"""Lines up a newer photo of a spot with an older one, by the skin around the spot.

The spot itself is left out, or what it grew would be scaled away. The outlines' moments and
log-polar correlations propose rotations and scales, a correlation the shift to each; the best are
refined. Whether it fits is told by the skin's correlation alone: photos of two different spots
must not pass. How often it fits: ``docs/generated/repeat-photos.md``.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from lentigo.model.modality import Modality
from lentigo.spots.comparison import refine, search, spectrum
from lentigo.spots.comparison.detail import Detail, detail_of, grey_of, halved, skin_of
from lentigo.spots.comparison.field import Field, field_of
from lentigo.spots.comparison.similarity import Similarity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lentigo.spots.comparison.photo import Photo

    Floats = NDArray[np.float32]

# Ours, chosen on `val` (training.studies.repeat_photos): photos of two different spots pass in
# at most one pair of a hundred. By chance a correlation over n pixels is about 1 / sqrt(n) of the
# detail's grain, so little skin must agree better.
FEWEST_SKIN_PX = 1000
LEAST_CORRELATION, CHANCE = 0.40, 24.0
# A mirrored photo is tried after the photo as it is, and must agree better by this factor.
MIRRORED_STRICTER = 1.25
# A spot does not grow or shrink beyond this between photos; a scale beyond is a mistake.
LARGEST_SCALE = 2.2
PROPOSED, REFINED = 2, 3


class Reason(StrEnum):
    """Why two photos cannot be lined up."""

    MODALITY = "modality"
    """One was taken through a dermoscope, the other with a bare camera."""
    NO_SPOT = "no-spot"
    """No outline, or one that is too small to compare."""
    LITTLE_SKIN = "little-skin"
    """Too little skin around the spot is in both photos."""
    NO_MATCH = "no-match"
    """The skin around the spot does not agree well enough."""


@dataclass(frozen=True)
class Alignment:
    """``similarity`` maps the first photo's pixels to the second's, mirrored first if ``mirrored``.

    ``correlation`` is that of the skin around the spot, ``LEAST_CORRELATION``..1.
    """

    similarity: Similarity
    mirrored: bool
    correlation: float


@dataclass(frozen=True)
class NotAligned:
    """The photos cannot be lined up."""

    reason: Reason


@dataclass(frozen=True)
class Fit:
    """Two fields that fit: ``place`` maps the first's pixels to the second's."""

    first: Field
    second: Field
    place: Similarity
    mirrored: bool
    correlation: float

    def alignment(self) -> Alignment:
        """Return the same for the photos themselves."""
        between = self.second.place.after(self.place).after(self.first.place.inverse())
        return Alignment(between, self.mirrored, self.correlation)


@dataclass(frozen=True)
class _Levels:
    """A field's detail: of the skin in full and in half size, and in half size with the spot.

    ``strength`` is the spectrum's of the skin in half size.
    """

    skin: Detail
    small_skin: Detail
    small_whole: Detail
    strength: Floats
    axis: float


def least_correlation(count_px: int) -> float:
    """Return the correlation from which two fields fit that share so many pixels of skin."""
    return max(LEAST_CORRELATION, CHANCE / math.sqrt(max(count_px, 1)))


def fit(first: Photo, second: Photo) -> Fit | NotAligned:
    """Fit the field of ``second``, or of its mirror image, to that of ``first``."""
    if {first.modality, second.modality} == {Modality.DERMOSCOPIC, Modality.CAMERA}:
        return NotAligned(Reason.MODALITY)
    fields = field_of(first.picture, first.outline), field_of(second.picture, second.outline)
    if fields[0] is None or fields[1] is None:
        return NotAligned(Reason.NO_SPOT)
    one, other = _levels(fields[0]), _levels(fields[1])
    if min(one.skin.mask.sum(), other.skin.mask.sum()) < FEWEST_SKIN_PX:
        return NotAligned(Reason.LITTLE_SKIN)
    straight = _fit(one, other)
    if isinstance(straight, tuple):
        return Fit(fields[0], fields[1], straight[0], False, straight[1])
    crosswise = second.mirrored()
    mirrored = field_of(crosswise.picture, crosswise.outline)
    if mirrored is not None:
        crossed = _fit(one, _levels(mirrored), MIRRORED_STRICTER)
        if isinstance(crossed, tuple):
            return Fit(fields[0], mirrored, crossed[0], True, crossed[1])
    return NotAligned(straight)


def align(first: Photo, second: Photo) -> Alignment | NotAligned:
    """Line ``second`` up with ``first``; photos of different modality never are."""
    found = fit(first, second)
    return found if isinstance(found, NotAligned) else found.alignment()


def _levels(field: Field) -> _Levels:
    grey, skin = grey_of(field), skin_of(field)
    small = halved(grey)
    whole = halved(field.seen.astype(np.float32)) > 0.99
    small_skin = halved(skin.astype(np.float32)) > 0.99
    small_detail = detail_of(small, small_skin)
    return _Levels(
        detail_of(grey, skin),
        small_detail,
        detail_of(small, whole),
        spectrum.strength(small_detail),
        field.axis,
    )


def _proposed(one: _Levels, other: _Levels) -> list[complex]:
    """Return rotations with scales to try: by the skin, by skin and spot, by the outlines."""
    axes = cmath.exp(1j * (other.axis - one.axis))
    return [
        *spectrum.turns(one.strength, other.strength),
        *search.turns(one.small_skin, other.small_skin, PROPOSED),
        *search.turns(one.small_whole, other.small_whole, PROPOSED),
        axes,
        -axes,
    ]


def _fit(one: _Levels, other: _Levels, stricter: float = 1.0) -> tuple[Similarity, float] | Reason:
    tried = [
        search.shifted(one.small_skin, other.small_skin, turn) for turn in _proposed(one, other)
    ]
    tried.sort(key=lambda candidate: -candidate[0])
    small = max(
        (refine.refined(one.small_skin, other.small_skin, place) for _, place in tried[:REFINED]),
        key=lambda candidate: candidate[0],
    )[1]
    correlation, place = refine.refined(
        one.skin, other.skin, Similarity(small.turn, 2.0 * small.shift)
    )
    count_px = refine.shared_px(one.skin, other.skin, place)
    if count_px < FEWEST_SKIN_PX:
        return Reason.LITTLE_SKIN
    if not 1 / LARGEST_SCALE < place.scale < LARGEST_SCALE:
        return Reason.NO_MATCH
    if correlation < stricter * least_correlation(count_px):
        return Reason.NO_MATCH
    return place, correlation
