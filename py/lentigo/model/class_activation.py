"""Where in the picture a class finds its evidence: the exact class activation map.

The classifier is linear after a mean over places, so each class's logit is the mean of one map over
the picture, plus a bias: Zhou et al., "Learning Deep Features for Discriminative Localization",
CVPR 2016. The graph gives those maps themselves, so nothing is estimated here. A place of a map
looks at much more of the picture than its own square, and a map says where, never why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from lentigo.diagnosis import Diagnosis
from lentigo.picture.preprocess import INPUT_SIZE_PX

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAP_SIDE = 7
MAPS_SHAPE = (MAP_SIDE, MAP_SIDE, len(Diagnosis))

# Six anchors of matplotlib's inferno (van der Walt and Smith, CC0), evenly spaced 0..1: lightness
# rises evenly, so it reads without colour vision and in grey.
_ANCHORS = np.array(
    [
        (0, 0, 4),
        (66, 10, 104),
        (147, 38, 103),
        (221, 81, 58),
        (252, 165, 10),
        (252, 255, 164),
    ],
    dtype=np.float64,
)
# How much of the picture the strongest place hides; ours, so that its texture stays visible.
STRONGEST_ALPHA = 0.7


def activation_map(maps: NDArray[np.float32], diagnosis: Diagnosis) -> NDArray[np.float32]:
    """Return how strongly each pixel of the model's square speaks for a diagnosis, 0..1.

    ``maps`` is float32 (7, 7, 7), evidence in logits; the answer is float32 (224, 224). Evidence
    against the diagnosis counts as none; the strongest place is 1. Where no place speaks for it,
    the answer is 0 everywhere. Raises ``ValueError`` for another shape, or a value that is not
    finite.
    """
    if maps.shape != MAPS_SHAPE:
        raise ValueError(f"maps have the shape {MAPS_SHAPE}, not {maps.shape}")
    chosen = np.asarray(maps[..., list(Diagnosis).index(diagnosis)], dtype=np.float32)
    if not np.isfinite(chosen).all():
        raise ValueError("the maps are not finite")
    evidence = np.maximum(chosen, 0)
    size_px = (INPUT_SIZE_PX, INPUT_SIZE_PX)
    smooth = np.asarray(Image.fromarray(evidence).resize(size_px, Image.Resampling.BICUBIC))
    # Bicubic overshoots a little on either side.
    smooth = np.maximum(smooth, 0)
    strongest = float(smooth.max())
    return np.asarray(smooth / strongest if strongest > 0 else smooth, dtype=np.float32)


def colour_of(strength: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Give each strength 0..1 its colour: (height, width) to RGB uint8 (height, width, 3)."""
    places = np.linspace(0.0, 1.0, len(_ANCHORS))
    channels = [np.interp(strength, places, _ANCHORS[:, channel]) for channel in range(3)]
    return np.asarray(np.stack(channels, axis=-1).round(), dtype=np.uint8)


def overlay(square: Image.Image, strength: NDArray[np.float32]) -> Image.Image:
    """Lay a map over the RGB square that was judged, of any size; a place of 0 stays as it is.

    ``strength`` is float32 (224, 224) in 0..1. Colour and opacity both grow with it.
    """
    resized = Image.fromarray(strength).resize(square.size, Image.Resampling.BICUBIC)
    scaled = np.clip(np.asarray(resized, dtype=np.float32), 0, 1)
    alpha = scaled[..., np.newaxis] * STRONGEST_ALPHA
    mixed = np.asarray(square, dtype=np.float32) * (1 - alpha) + colour_of(scaled) * alpha
    return Image.fromarray(mixed.round().astype(np.uint8))
