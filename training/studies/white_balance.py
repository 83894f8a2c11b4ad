"""White balance before the model: grey world and shades of grey, on clean and on tinted pictures.

The model was trained without it, so this asks whether it helps that model, not whether training
with it would (Barata, Celebi and Marques, "Improving Dermoscopy Image Classification Using Color
Constancy", IEEE JBHI 19(3), 2015, trained with it). All on ``val``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from training.measure.paired import compared
from training.measure.predictions import Change
from training.measure.slices import slices_of
from training.pictures import corruptions
from training.pictures.data import Split, lesions, read_records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.measure.measurement import Measurement

SPLIT = Split.VAL
SLICES = ("dermoscopic", "camera")
# Minkowski norms: 1 is the grey world (Buchsbaum, 1980), 6 shades of grey (Finlayson and Trezzi,
# "Shades of Gray and Colour Constancy", CIC 2004).
NORMS: Mapping[str, int] = {"grey world": 1, "shades of grey, p = 6": 6}
# Of red and blue light, as in ``training.pictures.corruptions``; 0 leaves the picture as it is.
TINTS = (0.0, 0.2, -0.2)


def balance(picture: Image.Image, norm: int) -> Image.Image:
    """Scale each channel so that its Minkowski mean is that of all three; RGB to RGB.

    A channel that is black stays so; what goes beyond 255 is clipped.
    """
    levels = np.asarray(picture, dtype=np.float64) / 255.0
    means = (levels**norm).mean(axis=(0, 1)) ** (1.0 / norm)
    gains = np.divide(means.mean(), means, out=np.ones(3), where=means > 0)
    return Image.fromarray(np.clip(np.rint(levels * gains * 255.0), 0, 255).astype(np.uint8))


def _tint_and_balance(
    picture: Image.Image, rng: np.random.Generator, tint: float, norm: int | None
) -> Image.Image:
    if tint:
        picture = corruptions.white_balance(picture, tint, rng)
    return picture if norm is None else balance(picture, norm)


def change_of(tint: float, norm: int | None) -> Change | None:
    """Return a tint, then a balance; None where neither changes anything."""
    if not tint and norm is None:
        return None
    name = f"tint {tint:g}, balance {norm}"
    return Change(name, partial(_tint_and_balance, tint=tint, norm=norm))


def measure(measurement: Measurement, every: int) -> dict[str, Any]:
    """Return the figures of each tint and balance against the same tint without balance.

    Without balance they stand against the clean pictures. ``every``: each n-th picture only.
    """
    records = lesions(read_records(measurement.data), SPLIT)[:: measurement.every * every]
    clean = measurement.decisions(records)
    masks = {name: slices_of(clean.predictions)[name] for name in SLICES}
    rows = []
    for tint in TINTS:
        plain = measurement.decisions(records, change_of(tint, None))
        answers = {"none": (clean, plain)} | {
            name: (plain, measurement.decisions(records, change_of(tint, norm)))
            for name, norm in NORMS.items()
        }
        for name, (one, other) in answers.items():
            parts = {
                part: compared(one.where(mask), other.where(mask)) for part, mask in masks.items()
            }
            rows.append({"tint": tint, "balance": name, "slices": parts})
    return {
        "split": SPLIT,
        "pictures": {name: int(mask.sum()) for name, mask in masks.items()},
        "rows": rows,
    }
