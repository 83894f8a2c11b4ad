"""Asymmetry, border and colours of one spot, measured from its outline: the A, B and C of ABCDE.

Which of them may be shown as a finding, and how well it tells melanomas from moles, is measured:
``lentigo.spots.comparison.separation``, which ``training.studies.spot_shapes`` writes. The diameter
needs a scale in the picture; without one there is none here.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from lentigo.picture.framing import box_blur, outline_of, to_lab
from lentigo.spots.comparison.criterion import Criterion
from lentigo.spots.comparison.field import CENTRE, SIDE_PX, field_of
from lentigo.spots.comparison.measure import spot_in
from lentigo.spots.comparison.separation import SEPARATION
from lentigo.spots.comparison.similarity import about

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lentigo.model.modality import Modality
    from lentigo.spots.comparison.photo import Photo

    Bools = NDArray[np.bool_]

# A colour is present from this share of the spot on (ours).
COLOUR_SHARE = 0.05


class Colour(StrEnum):
    """The six colours that the ABCD rule of dermoscopy counts (Stolz et al., 1994)."""

    WHITE = "white"
    RED = "red"
    LIGHT_BROWN = "light-brown"
    DARK_BROWN = "dark-brown"
    BLUE_GREY = "blue-grey"
    BLACK = "black"


# sRGB of each, as the literature on counting them has it (Kasmi, Mokrani, IET Image Process. 2016),
# except that blue-grey and white are as dull as they are in skin (ours).
_REFERENCE = {
    Colour.WHITE: (240, 230, 225),
    Colour.RED: (190, 80, 80),
    Colour.LIGHT_BROWN: (160, 110, 70),
    Colour.DARK_BROWN: (85, 50, 35),
    Colour.BLUE_GREY: (110, 120, 140),
    Colour.BLACK: (35, 25, 25),
}


@dataclass(frozen=True)
class Shape:
    """What was measured of one photo.

    ``asymmetry`` 0..1 is the share of the spot that its mirror images across both axes leave
    uncovered, their mean. ``colour_asymmetry`` is the mean difference of colours from those images,
    CIELAB. ``axis_deg`` is the longer axis, clockwise from the right, -90..90. ``border`` is the
    square of the perimeter over that of a disc of the same area, 1 or more. ``colours`` are those
    present; ``variety`` is the standard deviation of the lightness in the spot.
    """

    asymmetry: float
    colour_asymmetry: float
    axis_deg: float
    border: float
    colours: tuple[Colour, ...]
    variety: float

    def findings(self, modality: Modality) -> tuple[tuple[Criterion, float], ...]:
        """Return what may be shown of a photo taken that way; nothing where that is unsure."""
        shown = SEPARATION.get(modality, {})
        return tuple((criterion, self.value(criterion)) for criterion in shown)

    def value(self, criterion: Criterion) -> float:
        """Return a criterion as a number: more is nearer to what a melanoma shows."""
        return {
            Criterion.ASYMMETRY: self.asymmetry,
            Criterion.COLOUR_ASYMMETRY: self.colour_asymmetry,
            Criterion.BORDER: self.border,
            Criterion.COLOURS: float(len(self.colours)),
            Criterion.VARIETY: self.variety,
        }[criterion]


@dataclass(frozen=True)
class Traced:
    """A shape, and where it was measured.

    ``middle`` is where both axes cross, and ``outline`` the polygon around what was measured, in
    the photo's pixels.
    """

    shape: Shape
    middle: tuple[float, float]
    outline: tuple[tuple[float, float], ...]


def shape_of(photo: Photo) -> Shape | None:
    """Measure the spot of a photo; ``None`` without a spot, or with too little skin around it."""
    found = trace(photo)
    return None if found is None else found.shape


def trace(photo: Photo) -> Traced | None:
    """Measure as ``shape_of`` does, and say where."""
    field = field_of(photo.picture, photo.outline)
    spot = None if field is None else spot_in(field)
    if field is None or spot is None:
        return None
    lab = to_lab(field.pixels)
    rows, columns = np.nonzero(spot)
    middle = complex(columns.mean() + 0.5, rows.mean() + 0.5)
    z = columns + 0.5 + 1j * (rows + 0.5) - middle
    axis = cmath.phase(complex((z**2).mean())) / 2.0
    halves = [_mirrored(field.pixels, spot, middle, angle) for angle in (axis, axis + math.pi / 2)]
    bare = float(np.mean([1.0 - (spot & other).sum() / spot.sum() for other, _ in halves]))
    apart = [
        float(np.sqrt(((lab - to_lab(pixels)) ** 2).sum(axis=-1))[spot & other].mean())
        if (spot & other).any()
        else 0.0
        for other, pixels in halves
    ]
    down, across = np.gradient(box_blur(spot.astype(np.float32), 1))
    perimeter = float(np.hypot(down, across).sum())
    shape = Shape(
        asymmetry=bare,
        colour_asymmetry=float(np.mean(apart)),
        axis_deg=math.degrees(axis),
        border=max(1.0, perimeter**2 / (4.0 * math.pi * float(spot.sum()))),
        colours=_colours(lab[spot]),
        variety=float(lab[spot][:, 0].std()),
    )
    rim = spot & ~(box_blur(spot.astype(np.float32), 1) > 0.99)
    polygon = outline_of(rim, (float(rows.mean()), float(columns.mean())))
    points = [field.place(complex(x * SIDE_PX, y * SIDE_PX)) for x, y in polygon]
    crossing = field.place(middle)
    outline = tuple((point.real, point.imag) for point in points)
    return Traced(shape, (crossing.real, crossing.imag), outline)


def _mirrored(
    pixels: NDArray[np.uint8], spot: Bools, middle: complex, angle: float
) -> tuple[Bools, NDArray[np.uint8]]:
    """Return the spot and the pixels mirrored across the axis through ``middle``."""
    upright = about(cmath.exp(1j * angle), CENTRE, middle - CENTRE)
    back = upright.inverse()

    def mirror(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
        image, size, way = Image.fromarray(values), (SIDE_PX, SIDE_PX), Image.Transform.AFFINE
        bilinear = Image.Resampling.BILINEAR
        flat = image.transform(size, way, upright.coefficients(), bilinear)
        flipped = flat.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        return np.asarray(flipped.transform(size, way, back.coefficients(), bilinear))

    return mirror(spot * np.uint8(255)) > 127, mirror(pixels)


def _colours(lab: NDArray[np.float32]) -> tuple[Colour, ...]:
    """Return which of the six colours are nearest to enough of the pixels, (n, 3)."""
    references = to_lab(np.array([list(_REFERENCE.values())], dtype=np.uint8))[0]
    nearest = ((lab[:, None, :] - references[None, :, :]) ** 2).sum(axis=-1).argmin(axis=1)
    share = np.bincount(nearest, minlength=len(_REFERENCE)) / max(len(lab), 1)
    return tuple(
        colour for colour, present in zip(_REFERENCE, share >= COLOUR_SHARE, strict=True) if present
    )
