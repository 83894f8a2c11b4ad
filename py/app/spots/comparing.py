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
    first, second = (_opened(jpeg) for jpeg in effect.pictures)
    found = compare(_photo(first, effect.earlier), _photo(second, effect.later))
    alignment = found.alignment
    width_px, height_px = first.size
    if isinstance(alignment, Alignment):
        second = onto_first(second, alignment, first.size)
    change = found.change
    outlines = change.measured.outlines if change else ()
    return Compared(
        effect.earlier.id,
        effect.later.id,
        (_jpeg(first), _jpeg(second)),
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


def _photo(picture: Image.Image, capture: Capture) -> Photo:
    return Photo(picture, capture.outline, capture.modality)


def _opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg), formats=("JPEG",)).convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
