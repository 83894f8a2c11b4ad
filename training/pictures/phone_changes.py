"""The changes of a picture that the study of phones makes: each kind at its amounts (ours).

Each takes a frame, a generator that is seeded by the picture's name, and the frame of a mole of the
same set for the changes that need a second spot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from training.pictures import corruptions, frame_corruptions
from training.pictures.phone import (
    bars,
    beside,
    contrast,
    cut_away,
    disc,
    elsewhere,
    enlarged,
    from_afar,
    lesion_at,
    on_screen,
    printed,
    recompressed,
    rotated,
    saturation,
    shadowed,
    shifted,
    smoothed,
    squeezed,
    stacked,
    thumbnail,
    tilted,
    toned,
    with_flash,
    with_gel,
    zoomed,
)

if TYPE_CHECKING:
    from training.pictures.corruptions import Apply as Corrupt

Apply = Callable[[Image.Image, np.random.Generator, Image.Image], Image.Image]


@dataclass(frozen=True)
class NaturalChange:
    """One change: the kind that figures are reported by, and its amount in words."""

    kind: str
    amount: str
    apply: Apply

    @property
    def name(self) -> str:
        """What tables and caches know it by."""
        return f"{self.kind} {self.amount}".strip()


def _alone(kind: str, amount: str, change: Callable[[Image.Image], Image.Image]) -> NaturalChange:
    return NaturalChange(kind, amount, lambda frame, rng, other: change(frame))


def _drawn(
    kind: str, amount: str, change: Callable[[Image.Image, np.random.Generator], Image.Image]
) -> NaturalChange:
    return NaturalChange(kind, amount, lambda frame, rng, other: change(frame, rng))


def _corrupted(kind: str, apply: Corrupt, *severities: float) -> list[NaturalChange]:
    return [_drawn(kind, f"{s:g}", partial(_given, apply, s)) for s in severities]


def _of(kind: str, change: Callable[..., Image.Image], *amounts: float) -> list[NaturalChange]:
    return [_alone(kind, f"{a:g}", partial(_applied, change, a)) for a in amounts]


def _applied(change: Callable[..., Image.Image], amount: float, frame: Image.Image) -> Image.Image:
    return change(frame, amount)


def _given(
    change: Callable[[Image.Image, float, np.random.Generator], Image.Image],
    amount: float,
    frame: Image.Image,
    rng: np.random.Generator,
) -> Image.Image:
    return change(frame, amount, rng)


WHITE, BLACK = (255, 255, 255), (0, 0, 0)
SIDES = ((1 / 2, "half"), (1 / 3, "a third"), (1 / 5, "a fifth"))

NATURAL_CHANGES: tuple[NaturalChange, ...] = (
    _alone("greyscale", "", lambda frame: frame.convert("L").convert("RGB")),
    *_of("saturation", saturation, 0.15, 0.3, 0.5, 0.7, 1.5),
    _alone("sepia", "", lambda frame: toned(frame, (255, 235, 200))),
    _alone("grey in warm light", "", lambda frame: toned(frame, (255, 245, 228))),
    *(_drawn("scene at", words, partial(_given, from_afar, share)) for share, words in SIDES),
    *(_drawn("lesion at", words, partial(_given, lesion_at, share)) for share, words in SIDES),
    *_of("contrast", contrast, 0.8, 0.6, 0.4, 1.5),
    *_corrupted("warm light", corruptions.white_balance, 0.1, 0.2, 0.4),
    *_corrupted("cold light", corruptions.white_balance, -0.1, -0.2, -0.4),
    NaturalChange("two stacked", "", lambda f, r, o: stacked(f, o)),
    NaturalChange("two beside", "", lambda f, r, o: beside(f, o, r)),
    NaturalChange("another at the centre", "of 16:9", lambda f, r, o: elsewhere(f, o, 16 / 9, r)),
    NaturalChange("another at the centre", "of 3:1", lambda f, r, o: elsewhere(f, o, 3.0, r)),
    _alone("sharpened", "a little", lambda f: f.filter(ImageFilter.UnsharpMask(2, 100, 0))),
    _alone("sharpened", "much", lambda f: f.filter(ImageFilter.UnsharpMask(2, 250, 0))),
    _drawn("cut away", "half", lambda f, r: cut_away(f, 0.5, r)),
    _drawn("cut away", "a third", lambda f, r: cut_away(f, 1 / 3, r)),
    _drawn("printed", "", printed),
    _alone("on a screen", "", on_screen),
    _drawn("gel", "", with_gel),
    _alone("flash", "", with_flash),
    *_of("shadow", shadowed, 1.0, 2.0),
    _alone("thumbnail", "80 px", lambda f: thumbnail(f, 80)),
    _alone("thumbnail", "80 px, enlarged", lambda f: enlarged(f, 80, 640)),
    _alone("thumbnail", "112 px", lambda f: thumbnail(f, 112)),
    *(_alone("JPEG", str(q), partial(recompressed, quality=q)) for q in (50, 25, 10)),
    *_corrupted("blur", corruptions.gaussian_blur, 0.75, 1.0, 1.5),
    *_corrupted("movement", corruptions.motion_blur, 3.0, 5.0),
    *_of("rotated", rotated, 15.0, 45.0, 90.0),
    _alone("mirrored", "", ImageOps.mirror),
    *_of("zoomed", zoomed, 1.25, 1.5, 2.0),
    *(_drawn("shifted", f"{s:g}", partial(_given, shifted, s)) for s in (0.1, 0.2, 0.3)),
    *_corrupted("dark", corruptions.exposure, -0.5, -1.0),
    *_corrupted("bright", corruptions.exposure, 0.3, 0.6),
    *_corrupted("gamma", corruptions.gamma, 0.7, 1.5),
    *_corrupted("noise", corruptions.noise, 8.0, 16.0),
    *_corrupted("hairs", frame_corruptions.add_hair, 8.0, 20.0),
    *_corrupted("pen", frame_corruptions.draw_pen, 3.0),
    *_corrupted("ruler", frame_corruptions.draw_ruler, 10.0),
    _alone("disc on white", "", lambda f: disc(f, WHITE, 0.95)),
    _alone("disc on white", "small", lambda f: disc(f, WHITE, 0.5)),
    _alone("disc on black", "", lambda f: disc(f, BLACK, 0.95)),
    _alone("disc on black", "small", lambda f: disc(f, BLACK, 0.5)),
    _alone("bars", "black", lambda f: bars(f, BLACK, 9 / 19)),
    _alone("bars", "white", lambda f: bars(f, WHITE, 9 / 19)),
    _alone("tilted", "", lambda f: tilted(f, 0.3)),
    *_of("squeezed", squeezed, 0.75),
    *_of("smoothed", smoothed, 3, 5),
)  # fmt: skip
