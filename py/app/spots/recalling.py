"""How an earlier photo shows its spot, for the coach."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

from app.spots.events import Recalled
from lentigo.picture.gauges import measure
from lentigo.spots.lining_up import earlier_of

if TYPE_CHECKING:
    from app.spots.effects import Recall


def recalled(effect: Recall) -> Recalled:
    """Measure the photo by the gauge that measures the camera's frames."""
    picture = Image.open(io.BytesIO(effect.picture), formats=("JPEG",)).convert("RGB")
    capture, brightness = effect.capture, measure(picture).brightness
    earlier = earlier_of(capture.outline, picture.size, capture.modality, brightness)
    return Recalled(capture.id, earlier)
