"""A photo that is compared: upright, with the outline of its spot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from lentigo.model.modality import Modality
from lentigo.picture import framing

if TYPE_CHECKING:
    from lentigo.spots.comparison.field import Polygon


@dataclass(frozen=True)
class Photo:
    """``picture`` is RGB; ``outline`` a polygon in shares 0..1 of its sides, empty without a spot.

    ``modality`` is how it was taken, as far as it is known.
    """

    picture: Image.Image
    outline: Polygon
    modality: Modality = Modality.UNSURE

    def mirrored(self) -> Photo:
        """Return the photo as a mirror shows it: left is right."""
        outline = tuple((1.0 - x, y) for x, y in self.outline)
        return Photo(ImageOps.mirror(self.picture), outline, self.modality)


def photo_of(picture: Image.Image, modality: Modality = Modality.UNSURE) -> Photo:
    """Find the spot in an RGB picture of at least 8 pixels a side, as the check does."""
    lesion = framing.locate(framing.shrink(picture))
    return Photo(picture, lesion.outline if lesion is not None else (), modality)
