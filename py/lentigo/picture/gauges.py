"""Numbers about a picture that show whether it can be judged; ``lentigo.picture.quality`` judges
them.

Two copies are measured: a small one of the whole frame (``framing.shrink``), and the square that
the model will get, at no more pixels than it has, so that the number shows what the model sees and
not how the pixels were stored. How well each gauge recognises a bad picture:
docs/generated/quality-gauges.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from lentigo.picture import framing
from lentigo.picture.preprocess import centre_square

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lentigo.picture.framing import Lesion
    from lentigo.picture.preprocess import Box

    Bytes = NDArray[np.uint8]
    Floats = NDArray[np.float32]

# Side of the square that is measured: about what the stored training pictures truly resolve.
SQUARE_SIDE_PX = 160
# Steps (down, across) of the four directions in which detail is measured.
_DIRECTIONS = ((0, 1), (1, 1), (1, 0), (1, -1))
# A diagonal step is longer, so it meets less detail: brings the medians of clean pictures together.
_DIAGONAL = 0.8
# Second differences of rounding noise alone, 6 times its variance: 1/12 for rounding to a level,
# and 1.164^2/12 for the 219 levels that a camera's video has before.
_ROUNDING = 1.2
# A pixel is burnt out from this green level: skin saturates red first, green last tells texture.
_BURNT_LEVEL = 250
# A reflection: this bright in its darkest channel, and this much brighter than around it (levels).
_GLARE_LEVEL, _GLARE_STEP, _GLARE_AROUND_PX = 215, 30.0, 10
# Darker than its closing by this many levels: a hair (DullRazor, Lee et al. 1997), at a width of
# under 5 px of the square.
_HAIR_STEP, _HAIR_WIDTH_PX = 24, 5
# Ink against skin, in CIELAB: much bluer, coloured, and not black.
_INK_BLUER, _INK_CHROMA, _INK_ABOVE_L = -22.0, 14.0, 12.0
# How faded a picture is: the share of its pixels that is its darkest part, the weights of that
# part's darkest channel (of 255) and of its L*, and what is added to the spread within the
# logarithm. A logistic fit on `val`: clean pictures against contrast 0.6 and saturation 0.3.
_DARKEST_SHARE, _FADE_LEVEL, _FADE_L, _FADE_SPREAD = 0.02, 0.0366, 0.0672, 0.1
# JPEG's blocks are 8 px. They are looked for in the middle of a picture, where a block is two of
# the model's pixels or more; a level is added to the steps within, so that the flat has no edges.
_BLOCK_PX, _BLOCKS_SEEN_BELOW_PX, _BLOCKS_MIDDLE_PX, _LEVEL = 8, 900, 512, 1.0
# From fewer pixels of the small copy (every second row) than this, colours are read in the square:
# a third of a 4:3 frame's side and less.
_FEWEST_COLOURS = 500
# Mean and covariance of skin's (log2 R/G, log2 B/G) in lesion pictures of `val`, dermoscope and
# camera alike.
_SKIN_MEAN = np.array([0.33, -0.13])
_SKIN_COVARIANCE = np.array([[0.036, -0.010], [-0.010, 0.039]])


@dataclass(frozen=True)
class Gauges:
    """What was measured of one picture. ``None``: no lesion found, or no earlier frame.

    detail_best, detail_worst: energy of fine over coarser second differences, in the direction
        that shows most and least; 0 without detail, about 0.2 where sharp. Defocus lowers both,
        movement the worst one.
    shift_share: movement since the earlier frame, as a share of the frame's longest side.
    brightness: mean luma 0..255 of the square. burnt_share: share of its pixels without detail
        left in the lights. glare_share: share that are small reflections. contrast: difference
        between the 95th and 5th percentile of luma, in levels.
    colour_spread: around the lesion, how far colours spread that lightness does not tell: the
        deviation of a* and b* from a curve over L*, in CIELAB units; nothing without colour, or
        with one hue for all. fade: how faded the same part is, without a unit: little spread, and
        its darkest pixels more white than dark (after the dark channel of He, Sun and Tang,
        "Single Image Haze Removal", CVPR 2009).
    cast_sd: distance of the skin's colour from the training pictures', in standard deviations.
    lesion_px: square root of the lesion's area in pixels of the frame. size_share: the same over
        the frame's shorter side. offset: distance of its centre from the frame's, in half shorter
        sides. cut_share: share of its outline on the frame's edge. lesion_contrast: its mean
        distance from skin in (weighted) CIELAB units. others: comparable spots beside it.
    beside_share: size of the largest spot wholly beside the centred square, over its side.
    block_edges: of a still, how the edges of JPEG's blocks stand out: the median step in luma there
        over that within the blocks and a level; under 1 without, 0 where nobody looked.
    hair_share: share of the square under thin dark lines. ink_share: share of the frame with the
        colour of a pen. tick_strength: how regular dark ticks along a side are, 0..1.
    """

    detail_best: float
    detail_worst: float
    shift_share: float | None
    brightness: float
    burnt_share: float
    glare_share: float
    contrast: float
    colour_spread: float
    fade: float
    cast_sd: float
    lesion_px: float | None
    size_share: float | None
    offset: float | None
    cut_share: float | None
    lesion_contrast: float | None
    others: int
    beside_share: float
    block_edges: float
    hair_share: float
    ink_share: float
    tick_strength: float


@dataclass(frozen=True)
class Spectrum:
    """The Fourier transform of a small grey picture of ``size`` (width, height) in pixels."""

    size: tuple[int, int]
    values: NDArray[np.complex128]

    @staticmethod
    def of(small: Image.Image) -> Spectrum:
        """Transform a small picture, windowed, so that its edges count for nothing."""
        grey = np.asarray(small.convert("L"), dtype=np.float64)
        return Spectrum(small.size, np.fft.rfft2((grey - grey.mean()) * _window(*grey.shape)))

    def movement_since(self, before: Spectrum) -> Movement | None:
        """Compare with an earlier picture by phase correlation; ``None`` if it has another size."""
        if before.size != self.size:
            return None
        width, height = self.size
        cross = before.values * self.values.conj()
        correlation = np.fft.irfft2(cross / (np.abs(cross) + 1e-3), s=(height, width))
        down, across = divmod(int(correlation.argmax()), width)
        way = np.hypot(min(down, height - down), min(across, width - across))
        return Movement(float(way / max(height, width)), float(correlation.max()))


@dataclass(frozen=True)
class Movement:
    """How a picture follows from an earlier one.

    ``share`` is how far the scene moved, as a share of the frame's longest side; ``likeness`` the
    height of the correlation's peak, 1 for the same picture and near 0 for unrelated ones.
    """

    share: float
    likeness: float


@dataclass(frozen=True)
class Observation:
    """A measured picture, its lesion, and the spectrum of its small copy for the next frame.

    ``box`` is the square that the model gets, in the picture's pixels.
    """

    gauges: Gauges
    lesion: Lesion | None
    spectrum: Spectrum
    box: Box


def measure(picture: Image.Image, before: Spectrum | None = None) -> Gauges:
    """Measure an RGB picture; see ``observe``."""
    return observe(picture, before).gauges


def observe(
    picture: Image.Image, before: Spectrum | None = None, *, still: bool = False
) -> Observation:
    """Locate the lesion and measure an RGB picture of at least 8 pixels a side.

    ``before`` is the ``spectrum`` of the frame before; one of another size counts as none. Of a
    ``still`` a far lesion is cropped to (``framing.judged_square``), and its size and place are
    those in the crop.
    ``ValueError`` if the picture is not RGB.
    """
    if picture.mode != "RGB":
        raise ValueError(f"the picture is RGB after decoding, not {picture.mode}")
    small = framing.shrink(picture)
    spectrum = Spectrum.of(small)
    movement = spectrum.movement_since(before) if before else None
    scene = framing.read_scene(small)
    distance = framing.skin_distance(scene)
    lesion = framing.locate_in(scene, distance)
    around = framing.crop_around(lesion, *picture.size)
    square = _square(picture, around)
    grey_picture = square.convert("L")
    levels = np.asarray(grey_picture)
    grey = levels.astype(np.float32)
    colours = np.asarray(square)
    detail = _detail(grey)
    part = _part(around, picture.size, small.size)
    spread, fade = _colour(scene, np.asarray(small), part, colours)
    low, high = _percentiles(grey_picture, 0.05, 0.95)
    width_px, height_px = picture.size
    centred = centre_square(width_px, height_px)
    box = framing.judged_square(lesion, width_px, height_px) if still else centred
    nearer = (centred.right_px - centred.left_px) / (box.right_px - box.left_px)
    size_share = framing.size_share(lesion, width_px, height_px) if lesion else None
    gauges = Gauges(
        detail_best=float(detail.max()),
        detail_worst=float(detail.min()),
        shift_share=movement.share if movement else None,
        brightness=float(grey.mean()),
        burnt_share=float((colours[..., 1] >= _BURNT_LEVEL).mean()),
        glare_share=_glare(colours, grey),
        contrast=float(high - low),
        colour_spread=spread,
        fade=fade,
        cast_sd=_cast(scene),
        lesion_px=size_share * min(width_px, height_px) if size_share is not None else None,
        size_share=size_share * nearer if size_share is not None else None,
        offset=_offset(lesion, picture, cropped=nearer > 1.0),
        cut_share=lesion.cut_share if lesion else None,
        lesion_contrast=lesion.contrast if lesion else None,
        others=lesion.others if lesion else 0,
        beside_share=framing.beside_share(scene, distance),
        block_edges=_block_edges(picture, box) if still else 0.0,
        hair_share=float((_thin_dark(levels) >= _HAIR_STEP).mean()),
        ink_share=_ink(scene),
        tick_strength=_ticks(picture),
    )
    return Observation(gauges, lesion, spectrum, box)


def _offset(lesion: Lesion | None, picture: Image.Image, *, cropped: bool) -> float | None:
    """Return how far the lesion is from the middle of what is judged; a crop is around it."""
    if lesion is None:
        return None
    return 0.0 if cropped else framing.offset(lesion, *picture.size)


def _square(picture: Image.Image, box: Box) -> Image.Image:
    side_px = max(8, min(SQUARE_SIDE_PX, round(box.right_px - box.left_px)))
    return picture.resize(
        (side_px, side_px), Image.Resampling.BILINEAR, box=box.as_tuple(), reducing_gap=2.0
    )


def _part(box: Box, size: tuple[int, int], small: tuple[int, int]) -> tuple[slice, slice]:
    """Return a box of a picture as rows and columns of its small copy, every second row."""
    across, down = small[0] / size[0], small[1] / size[1]
    return (
        slice(round(box.top_px * down), round(box.bottom_px * down), 2),
        slice(round(box.left_px * across), round(box.right_px * across)),
    )


def _detail(grey: Floats) -> NDArray[np.float64]:
    """Return the share of fine detail in each of four directions, (4,)."""
    share = []
    for down, across in _DIRECTIONS:
        fine = _second_difference(grey, down, across)
        coarse = _second_difference(grey, 2 * down, 2 * across)
        ratio = max(fine - _ROUNDING, 0.0) / (coarse + _ROUNDING)
        share.append(ratio * (_DIAGONAL if down and across else 1.0))
    return np.array(share)


def _second_difference(grey: Floats, down: int, across: int) -> float:
    """Return the mean square of g(x + step) + g(x - step) - 2 g(x)."""
    height, width = grey.shape
    margin = abs(across)
    middle = grey[down : height - down, margin : width - margin]
    after = grey[2 * down :, margin + across : width - margin + across]
    before = grey[: height - 2 * down, margin - across : width - margin - across]
    difference = after + before
    difference -= middle
    difference -= middle
    return float(np.vdot(difference, difference)) / difference.size


def _percentiles(grey: Image.Image, *shares: float) -> list[int]:
    total = np.cumsum(grey.histogram())
    return [int(np.searchsorted(total, share * total[-1])) for share in shares]


def _glare(square: Bytes, grey: Floats) -> float:
    darkest = np.minimum(np.minimum(square[..., 0], square[..., 1]), square[..., 2])
    white = darkest >= _GLARE_LEVEL
    if not white.any():
        return 0.0
    around = framing.box_blur(grey, min(_GLARE_AROUND_PX, grey.shape[0] // 2 - 1))
    return float((white & (grey - around >= _GLARE_STEP)).mean())


def _thin_dark(grey: Bytes, axes: tuple[int, ...] = (0, 1)) -> Bytes:
    """Return how much darker than its closing along the axes each pixel is; uint8 (h, w)."""
    closed = grey
    for better in (np.maximum, np.minimum):
        for axis in axes:
            closed = _extreme(closed, better, axis)
    return closed - grey


def _extreme(values: Bytes, better: np.ufunc, axis: int) -> Bytes:
    """Return the extreme over ``_HAIR_WIDTH_PX`` = 5 pixels along an axis, the edge repeated."""
    reach = _HAIR_WIDTH_PX // 2
    length = values.shape[axis]
    ends = framing.edge_repeated(length, reach, reach)
    padded = np.moveaxis(values.take(ends, axis), axis, 0)
    two = better(padded[:-1], padded[1:])
    four = better(two[:-2], two[2:])
    return np.moveaxis(better(four[:length], padded[-length:]), 0, axis)


def _colour(
    scene: framing.Scene, pixels: Bytes, part: tuple[slice, slice], square: Bytes
) -> tuple[float, float]:
    """Return ``colour_spread`` and ``fade`` of a part of a small copy, uint8 (h, w, 3).

    A part of few pixels averages the skin's own colours away: there ``square`` is read, the same
    part in the picture's pixels.
    """
    chosen = scene.valid[part]
    if chosen.size < _FEWEST_COLOURS or not chosen.any():
        colours = square[::2, ::2].reshape(-1, 3)
        lab = framing.to_lab(colours).astype(np.float64)
    else:
        colours = pixels[part][chosen]
        lab = scene.lab[part][chosen].astype(np.float64)
    lightness = (lab[:, 0] - 50.0) / 50.0
    curve = np.stack([np.ones_like(lightness), lightness, lightness**2])
    normal = curve @ curve.T + 1e-6 * np.eye(3)
    rest = lab[:, 1:] - curve.T @ np.linalg.solve(normal, curve @ lab[:, 1:])
    spread = float(np.sqrt(np.vdot(rest, rest) / len(rest)))
    floor = int(_DARKEST_SHARE * (len(lab) - 1))
    whitest = colours.min(axis=1)
    levels = float(np.partition(whitest, floor)[floor])
    darkest_l = float(np.partition(lab[:, 0], floor)[floor])
    fade = _FADE_LEVEL * levels - _FADE_L * darkest_l - math.log(spread + _FADE_SPREAD)
    return spread, fade


def _block_edges(picture: Image.Image, judged: Box) -> float:
    width_px, height_px = picture.size
    judged_px = judged.right_px - judged.left_px
    if judged_px > _BLOCKS_SEEN_BELOW_PX or min(picture.size) <= 2 * _BLOCK_PX:
        return 0.0
    left_px = max(0, (width_px - _BLOCKS_MIDDLE_PX) // 2)
    top_px = max(0, (height_px - _BLOCKS_MIDDLE_PX) // 2)
    middle = picture.crop((left_px, top_px, width_px - left_px, height_px - top_px))
    grey = np.asarray(middle.convert("L"), dtype=np.float32)
    strength = []
    for axis in (0, 1):
        steps = np.abs(np.diff(grey, axis=axis)).mean(axis=1 - axis)
        blocks = steps[: len(steps) // _BLOCK_PX * _BLOCK_PX].reshape(-1, _BLOCK_PX)
        within = np.median(blocks, axis=1, keepdims=True) + _LEVEL
        # Where the edges lie is not known: the picture may have been cut.
        strength.append(float(np.median(blocks / within, axis=0).max()))
    return min(strength)


def _cast(scene: framing.Scene) -> float:
    red, green, blue = np.maximum(scene.skin_rgb, 1.0)
    colour = np.array([np.log2(red / green), np.log2(blue / green)]) - _SKIN_MEAN
    return float(np.sqrt(colour @ np.linalg.solve(_SKIN_COVARIANCE, colour)))


def _ink(scene: framing.Scene) -> float:
    bluer = scene.lab[..., 2] - scene.skin[..., 2] < _INK_BLUER
    coloured = np.hypot(scene.lab[..., 1], scene.lab[..., 2]) > _INK_CHROMA
    return float((bluer & coloured & (scene.lab[..., 0] > _INK_ABOVE_L) & scene.valid).mean())


def _ticks(picture: Image.Image) -> float:
    """Return the share of a side's thin dark detail that repeats evenly, 0..1, of the best side."""
    factor = max(1, min(picture.size) // SQUARE_SIDE_PX)
    depth_px = min(picture.size) // 12 // factor
    if depth_px < 3:
        return 0.0
    width, height = (-(-side_px // factor) for side_px in picture.size)

    def strip(left: int, top: int, right: int, bottom: int) -> Bytes:
        """Return a part of the reduced picture in grey; only what is read is reduced."""
        right_px, bottom_px = (
            min(right * factor, picture.width),
            min(bottom * factor, picture.height),
        )
        part = picture.crop((left * factor, top * factor, right_px, bottom_px))
        return np.asarray(part.convert("L").reduce(factor))

    along = (strip(0, 0, width, depth_px), strip(0, height - depth_px, width, height))
    down = (strip(0, 0, depth_px, height), strip(width - depth_px, 0, width, height))
    best = 0.0
    for pair in (np.vstack(along), np.hstack(down).T):
        # A tick is thin along the side that it stands on.
        lines = _thin_dark(pair, axes=(1,)).reshape(2, -1, pair.shape[1]).mean(axis=1)
        best = max(best, _regularity(lines))
    return best


def _regularity(profiles: Floats) -> float:
    """Return the largest autocorrelation at a lag of 5 to 40 px of profiles (n, length)."""
    length = profiles.shape[1]
    centred = profiles - profiles.mean(axis=1, keepdims=True)
    energy = (centred**2).sum(axis=1)
    telling = energy >= length * 1.0
    if not telling.any():
        return 0.0
    power = np.abs(np.fft.rfft(centred[telling], 2 * length)) ** 2
    lags = np.fft.irfft(power)[:, : length // 2][:, 5:41].max(axis=1) / energy[telling]
    return float(max(0.0, lags.max()))


@lru_cache(maxsize=4)
def _window(height: int, width: int) -> NDArray[np.float64]:
    return np.outer(np.hanning(height), np.hanning(width))
