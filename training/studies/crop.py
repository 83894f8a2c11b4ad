"""The square around the located lesion as the model's input, instead of the centred one.

Stored pictures have 224 px, so a crop is enlarged and soft: on a visitor's larger photo it would be
sharper. All on ``val``; the rules below were not fitted, but the best of them is still picked here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.picture import framing, preprocess
from lentigo.picture.preprocess import Box, centre_square
from training.measure.decisions import Decisions
from training.measure.paired import compared
from training.measure.predictions import Cut
from training.measure.slices import slices_of
from training.pictures.data import (
    Split,
    lesions,
    open_picture,
    read_files,
    read_records,
    unsquash,
)
from training.pictures.frame_corruptions import shrink_into_skin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from PIL import Image

    from training.measure.measurement import Measurement
    from training.pictures.data import Record

    Mask = NDArray[np.bool_]

SPLIT = Split.VAL
SLICES = ("dermoscopic", "camera")
# Only lesions smaller than this share of the square are cropped; above 1: all.
SMALLER_THAN = (2.0, 0.5, 0.4, 0.3, 0.25)
# Only lesions whose centre is this near the frame's, in half shorter sides.
NEARER_THAN = (0.5, 0.25)
# The crop is taken as it is, or not smaller than this share of the centred square.
LEAST_SIDE = 0.6
# Scenes shown at this share of their size, and each n-th picture of them: they are answered twice.
TOO_FAR = (0.5,)
FAR_EVERY = 8


@dataclass(frozen=True)
class Found:
    """A located lesion. ``side_share`` is the crop's side over the centred square's, ``moved``
    whether the crop is another square than that.

    ``size_share`` and ``offset`` as in ``lentigo.picture.gauges``; infinite where nothing was
    located.
    """

    size_share: float
    offset: float
    side_share: float
    moved: bool


def square_around(stored: Image.Image, aspect: float, least_side: float = 0.0) -> tuple[Box, Found]:
    """Return the crop in the stored picture's pixels, and what was located.

    A crop smaller than ``least_side`` of the centred square is widened about its middle.
    """
    frame = unsquash(stored, aspect)
    lesion = framing.locate(framing.shrink(frame))
    box = framing.crop_around(lesion, *frame.size)
    whole = centre_square(*frame.size)
    largest_px = whole.right_px - whole.left_px
    box = _widened(box, least_side * largest_px, frame.width, frame.height)
    across, down = stored.width / frame.width, stored.height / frame.height
    there = Box(
        box.left_px * across, box.top_px * down, box.right_px * across, box.bottom_px * down
    )
    side_share = (box.right_px - box.left_px) / largest_px
    if lesion is None:
        return there, Found(np.inf, np.inf, side_share, box != whole)
    size = framing.size_share(lesion, *frame.size)
    return there, Found(size, framing.offset(lesion, *frame.size), side_share, box != whole)


def _widened(box: Box, least_px: float, width_px: int, height_px: int) -> Box:
    side_px = max(box.right_px - box.left_px, least_px)
    left_px = (box.left_px + box.right_px - side_px) / 2
    top_px = (box.top_px + box.bottom_px - side_px) / 2
    left_px = min(max(left_px, 0.0), width_px - side_px)
    top_px = min(max(top_px, 0.0), height_px - side_px)
    return Box(left_px, top_px, left_px + side_px, top_px + side_px)


def cut_around(least_side: float = 0.0) -> Cut:
    """Return the cut around the lesion, known to the cache by the code that locates it."""
    code = hashlib.sha256(Path(framing.__file__).read_bytes()).hexdigest()[:12]

    def apply(stored: Image.Image, aspect: float, _: np.random.Generator) -> Image.Image:
        box, _found = square_around(stored, aspect, least_side)
        size_px = preprocess.INPUT_SIZE_PX
        return stored.resize(
            (size_px, size_px), preprocess.RESAMPLE, box=box.as_tuple(), reducing_gap=3.0
        )

    return Cut(f"around the lesion by {code}, at least {least_side:g} of the square", apply)


def too_far_cut(size: float, *, crop: bool) -> Cut:
    """Return a square of the scene shown at ``size`` in the middle of its own skin.

    The centred square, or the one around the lesion that is located there.
    """
    code = hashlib.sha256(Path(framing.__file__).read_bytes()).hexdigest()[:12] if crop else ""

    def apply(stored: Image.Image, aspect: float, rng: np.random.Generator) -> Image.Image:
        frame = shrink_into_skin(unsquash(stored, aspect), size, rng)
        if not crop:
            return preprocess.square_picture(frame)
        box = framing.crop_around(framing.locate(framing.shrink(frame)), *frame.size)
        size_px = preprocess.INPUT_SIZE_PX
        return frame.resize(
            (size_px, size_px), preprocess.RESAMPLE, box=box.as_tuple(), reducing_gap=3.0
        )

    return Cut(f"too far, {size:g} of its size, {f'around the lesion by {code}' * crop}", apply)


def locate_all(data: Path, records: list[Record]) -> list[Found]:
    """Locate the lesion in each stored picture."""
    files = read_files(data, records)
    return [square_around(open_picture(files[r.member]), r.aspect)[1] for r in records]


def chosen_by(found: list[Found], smaller_than: float, nearer_than: float) -> Mask:
    """Return which pictures a rule gives another square, (n,): a small lesion near the middle."""
    return np.array(
        [
            each.moved and each.size_share < smaller_than and each.offset <= nearer_than
            for each in found
        ],
        dtype=bool,
    )


def mixed(whole: Decisions, cropped: Decisions, use_crop: Mask) -> Decisions:
    """Return the answer on the crop where ``use_crop`` (n,), otherwise on the centred square.

    ``cropped`` holds those pictures that ``use_crop`` names, in order.
    """
    place = np.cumsum(use_crop) - 1
    readings = tuple(
        cropped.readings[place[i]] if use else whole.readings[i]
        for i, use in enumerate(use_crop.tolist())
    )
    return Decisions(whole.predictions, readings)


def rules(found: list[Found]) -> Mapping[str, Mask]:
    """Return which pictures each rule crops, by the rule in words."""
    named = {}
    for smaller in SMALLER_THAN:
        for nearer in NEARER_THAN:
            size = "any size" if smaller > 1 else f"size < {smaller:g}"
            named[f"{size}, offset <= {nearer:g}"] = chosen_by(found, smaller, nearer)
    return named


def measure(measurement: Measurement) -> dict[str, Any]:
    """Return, by rule and way of taking, figures against the centred square."""
    records = lesions(read_records(measurement.data), SPLIT)[:: measurement.every]
    found = locate_all(measurement.data, records)
    moved = np.array([each.moved for each in found], dtype=bool)
    whole = measurement.decisions(records)
    masks = {name: slices_of(whole.predictions)[name] for name in SLICES}
    other = [record for record, use in zip(records, moved, strict=True) if use]
    document: dict[str, Any] = {"split": SPLIT, "rules": {}}
    for least in (0.0, LEAST_SIDE):
        cropped = measurement.decisions(other, cut_around(least))
        for words, use_crop in rules(found).items():
            name = words if least == 0.0 else f"{words}, side >= {least:g}"
            answer = mixed(whole, cropped.where(use_crop[moved]), use_crop)
            document["rules"][name] = {
                slice_name: {
                    "pictures": int(mask.sum()),
                    "cropped": int((use_crop & mask).sum()),
                    "figures": compared(whole.where(mask), answer.where(mask)),
                }
                for slice_name, mask in masks.items()
            }
    return document | {"too_far": measure_too_far(measurement, masks, records)}


def measure_too_far(
    measurement: Measurement, masks: Mapping[str, Mask], records: list[Record]
) -> dict[str, Any]:
    """Return the figures of scenes shown too small, the crop against the centred square."""
    chosen = np.arange(len(records)) % FAR_EVERY == 0
    some = [record for record, use in zip(records, chosen, strict=True) if use]
    found = {}
    for size in TOO_FAR:
        whole, cropped = (
            measurement.decisions(some, too_far_cut(size, crop=crop)) for crop in (False, True)
        )
        found[f"{size:g}"] = {
            name: {
                "pictures": int(mask[chosen].sum()),
                "centred": compared(whole.where(mask[chosen]), whole.where(mask[chosen])),
                "cropped": compared(whole.where(mask[chosen]), cropped.where(mask[chosen])),
            }
            for name, mask in masks.items()
        }
    return found
