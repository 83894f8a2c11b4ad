"""One picture examined, in the one order for page and studies: cut out, measured, judged, squared.

The square is chosen by the picture alone, so what is shown is what is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lentigo.picture import framing
from lentigo.picture.gauges import observe
from lentigo.picture.ground import without_ground
from lentigo.picture.preprocess import INPUT_SIZE_PX, Box, square_picture
from lentigo.picture.quality import judge

if TYPE_CHECKING:
    from PIL import Image

    from lentigo.picture.gauges import Observation, Spectrum
    from lentigo.picture.quality import Finding


@dataclass(frozen=True)
class Examination:
    """A picture that was measured and judged.

    ``picture`` is RGB, cut out where it lay on a ground of one colour; ``box`` is the square of it
    (in its pixels) that the model gets and the page shows.
    """

    picture: Image.Image
    box: Box
    observation: Observation
    findings: tuple[Finding, ...]

    def square(self, size_px: int = INPUT_SIZE_PX) -> Image.Image:
        """Return the square that is judged, RGB of ``size_px`` a side."""
        return square_picture(self.picture, size_px, box=self.box)


def examine(picture: Image.Image) -> Examination:
    """Examine a still: an RGB picture of at least 8 pixels a side."""
    found = without_ground(picture, framing.shrink(picture))
    picture = picture if found is None else found
    return _examined(picture, observe(picture, still=True))


def examine_frame(frame: Image.Image, before: Spectrum | None) -> Examination:
    """Examine a live frame as it stands: its preview shows the centred square.

    ``before`` is the spectrum of the frame before; movement is told between the two.
    """
    return _examined(frame, observe(frame, before))


def _examined(picture: Image.Image, seen: Observation) -> Examination:
    return Examination(picture, seen.box, seen, judge(seen.gauges))
