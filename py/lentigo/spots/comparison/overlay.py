"""The newer photo laid over the older one, for the page's slider and blink."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from lentigo.spots.comparison.similarity import Similarity

if TYPE_CHECKING:
    from lentigo.spots.comparison.alignment import Alignment

# What the newer photo does not show (neutral grey, so that it is neither skin nor a hole).
UNSEEN = (128, 128, 128)


def onto_first(second: Image.Image, alignment: Alignment, size: tuple[int, int]) -> Image.Image:
    """Return ``second`` as the first photo (``size``: width, height) sees it; RGB of that size."""
    picture = ImageOps.mirror(second) if alignment.mirrored else second
    fit = alignment.similarity
    # Pillow's transform takes single pixels, so a larger picture is made smaller first.
    factor = max(1, int(fit.scale))
    if factor > 1:
        picture = picture.reduce(factor)
        fit = Similarity(fit.turn / factor, fit.shift / factor)
    return picture.transform(
        size,
        Image.Transform.AFFINE,
        fit.coefficients(),
        Image.Resampling.BICUBIC,
        fillcolor=UNSEEN,
    )
