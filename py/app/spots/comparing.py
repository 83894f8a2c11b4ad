"""Which two photos are compared, and the comparison itself."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

from app.spots.effects import Compare
from app.spots.events import Compared
from lentigo.spots.comparison.alignment import Alignment, NotAligned
from lentigo.spots.comparison.change import concerns
from lentigo.spots.comparison.compare import compare
from lentigo.spots.comparison.overlay import onto_first
from lentigo.spots.comparison.photo import Photo

if TYPE_CHECKING:
    from lentigo.spots.records import Capture

QUALITY = 85


def compared(effect: Compare) -> Compared:
    """Line two photos up and measure them; in what they show nothing is ever an error."""
    first, second = (opened(jpeg) for jpeg in effect.pictures)
    found = compare(photo_of_capture(first, effect.earlier), photo_of_capture(second, effect.later))
    alignment = found.alignment
    width_px, height_px = first.size
    if isinstance(alignment, Alignment):
        second = onto_first(second, alignment, first.size)
    change = found.change
    outlines = change.measured.outlines if change else ()
    return Compared(
        effect.earlier.id,
        effect.later.id,
        (as_jpeg(first), as_jpeg(second)),
        first.size,
        twin=found.twin,
        reason=alignment.reason if isinstance(alignment, NotAligned) else None,
        area_share=change.area_share if change else None,
        codes=change.codes if change else (),
        concerns=concerns(change),
        outlines=tuple(
            tuple((x / width_px, y / height_px) for x, y in outline) for outline in outlines
        ),
    )


def photo_of_capture(picture: Image.Image, capture: Capture) -> Photo:
    """Return a picture with what is kept of it."""
    return Photo(picture, capture.outline, capture.modality)


def opened(jpeg: bytes) -> Image.Image:
    """Open a picture that is kept, as RGB."""
    return Image.open(io.BytesIO(jpeg), formats=("JPEG",)).convert("RGB")


def as_jpeg(picture: Image.Image) -> bytes:
    """Encode a picture for the page."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
