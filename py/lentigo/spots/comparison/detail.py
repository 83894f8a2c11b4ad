"""What can be recognised of skin: hairs, pores, freckles and lines, without light and colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lentigo.picture.framing import box_blur
from lentigo.spots.comparison.field import SPOT_PX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lentigo.spots.comparison.field import Field

    Floats = NDArray[np.float32]
    Bools = NDArray[np.bool_]

# Ours, chosen on train and val (training.studies.repeat_photos). Radii in pixels of the level.
FINE_BLUR_PX, COARSE_BLUR_PX, EVEN_BLUR_PX = 1, 5, 12
# Detail fainter than this (levels of 255) is noise and stays faint.
NOISE = 2.0
CLIP = 3.0
# So far beyond the outline (share of the spot's size) nothing counts as skin: the rim is pale.
MARGIN_SHARE = 0.12


@dataclass(frozen=True)
class Detail:
    """Detail float32 (h, w), 0 where ``mask`` (bool) is false."""

    values: Floats
    mask: Bools


def grown(mask: Bools, radius_px: int) -> Bools:
    """Return the mask and what lies within a square of this radius around it."""
    return np.asarray(box_blur(mask.astype(np.float32), radius_px) > 1e-4)


def halved(values: Floats) -> Floats:
    """Return the means of 2 by 2 pixels."""
    result: Floats = (
        values[::2, ::2] + values[1::2, ::2] + values[::2, 1::2] + values[1::2, 1::2]
    ) * np.float32(0.25)
    return result


def grey_of(field: Field) -> Floats:
    """Return the green channel, where pigment, vessels and hair are darkest; (side, side)."""
    return field.pixels[..., 1].astype(np.float32)


def skin_of(field: Field) -> Bools:
    """Return where the field shows skin that the spot does not reach."""
    return field.seen & ~grown(field.spot, round(MARGIN_SHARE * SPOT_PX))


def _mean(values: Floats, weight: Floats, radius_px: int) -> Floats:
    once = box_blur(box_blur(values * weight, radius_px), radius_px)
    over = box_blur(box_blur(weight, radius_px), radius_px)
    return np.asarray(once / np.maximum(over, 1e-3), dtype=np.float32)


def detail_of(grey: Floats, mask: Bools) -> Detail:
    """Return what stands out from its surroundings, of the same strength everywhere."""
    weight = mask.astype(np.float32)
    fine = _mean(grey, weight, FINE_BLUR_PX)
    raised = (fine - _mean(fine, weight, COARSE_BLUR_PX)) * weight
    strength = np.sqrt(np.maximum(_mean(raised**2, weight, EVEN_BLUR_PX), 0.0))
    even = np.clip(raised / (strength + NOISE), -CLIP, CLIP) * weight
    return Detail(np.asarray(even, dtype=np.float32), mask)
