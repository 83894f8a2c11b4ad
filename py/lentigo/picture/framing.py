"""Where is the lesion, and which square around it does the model get?

Found on a small copy of the frame: the CIELAB distance from the surrounding skin, a threshold by
Otsu's method, and the heaviest connected region near the middle. Numpy and Pillow only, because it
runs on every live frame. How well it does on pictures with masks:
``docs/generated/quality-gauges.md``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from lentigo.picture.preprocess import INPUT_SIZE_PX, Box, centre_square

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Bools = NDArray[np.bool_]

# Longest side of the copy that is searched. Hair is thinner than its pixels in a 640 px frame.
# A picture longer than 3:2 keeps this many pixels on its shorter side, so that the square that the
# model gets is searched as finely, up to this longest side.
SMALL_SIDE_PX, SMALL_SHORTER_SIDE_PX, SMALL_LONGEST_PX = 96, 64, 192

# From here on: ours, chosen on `val` against the masks of HAM10000
# (training/studies/gauge_study.py). Weights of lightness, a* and b* in the colour distance.
LAB_WEIGHT = np.array([0.7, 1.0, 1.3], dtype=np.float32)
# Otsu's threshold cuts inside the pale rim of a lesion that the masks include.
_THRESHOLD_FACTOR = 0.6
# Radius of the smoothing of the distance and of the mask's edge, in small pixels.
_DISTANCE_BLUR_PX, _EDGE_BLUR_PX = 2, 2
# How fast a pixel's weight falls off towards the edge: a Gaussian's sigma in half frames, and the
# weight that is left at the very edge.
_CENTRE_SIGMA, _EDGE_WEIGHT = 0.8, 0.5
# The light's slope over the frame is fitted to border pixels within this CIELAB distance of skin.
_SKIN_WITHIN = 25.0
# Skin is read in a border this wide (a share of the frame), from its lighter part.
_BORDER_SHARE, _BORDER_DARKER_SHARE = 0.11, 0.4
# Lightness L* under which what touches a corner is a dermoscope's rim or the dark around it.
_RIM_BELOW_L = 25.0
# Another region counts as a second lesion from this share of the first one's size and distance, if
# it is compact: no more of it on the frame's edge than this share of its side, this share of its
# box filled, the box no longer than this. Vignettes, clothes and hair are not.
_COMPARABLE_AREA, _COMPARABLE_DISTANCE = 0.3, 0.6
_EDGE_SIDES, _BOX_FILLED, _BOX_LONGER = 0.3, 0.55, 2.0
# A spot that lies beside the centred square is this far from skin in weighted CIELAB units.
_BESIDE_DISTANCE = 12.0
# A region bluer (b*) than skin by this is a pen's, one lighter (L*) by this is paper or a
# reflection: it counts this much less, so it is the lesion only if there is nothing else.
_INK_BLUER, _PAPER_LIGHTER, _FOREIGN_WEIGHT = 22.0, 8.0, 0.02
# A lesion smaller than this share of the square's side is cropped to, where the picture has the
# pixels that the model takes.
FAR_BELOW_SHARE = 0.25
# The crop follows a lesion only up to this distance of its centre from the frame's, in half
# shorter sides: farther out it is more often clothes, background or a pen than the lesion meant.
_CROP_FOLLOWS_WITHIN = 0.5
_OUTLINE_POINTS = 48
# Where the dark rim leaves less than this share, it is a dark picture and no rim (ours).
_SMALLEST_FIELD = 0.2
# Fewer border pixels than this tell nothing about the skin (ours).
_FEWEST_SKIN_PX = 50

# sqrt(lesion area) over the side of the square: the median of HAM10000's train pictures, by mask.
TRAINING_SIZE_SHARE = 0.55
# The square reaches at least this far past the longest side of the lesion's box (ours).
_CROP_MARGIN = 1.2


@dataclass(frozen=True)
class Lesion:
    """A located lesion. Places are shares 0..1 of the frame's width and height.

    ``mask`` is bool, on the small copy (at most ``SMALL_SIDE_PX`` a side). ``box`` is (left, top,
    right, bottom). ``outline`` is a polygon around ``centre``. ``contrast`` is the mean distance
    of its colour from the skin's, in CIELAB units. ``others`` counts comparable spots beside it.
    ``cut_share`` is the share of the outline that lies on the frame's edge. ``foreign`` says that
    it has the colour of ink or paper, as a blue lesion may.
    """

    mask: Bools
    box: tuple[float, float, float, float]
    centre: tuple[float, float]
    area_share: float
    outline: tuple[tuple[float, float], ...]
    contrast: float
    others: int
    cut_share: float
    foreign: bool


def shrink(picture: Image.Image) -> Image.Image:
    """Return the copy that is searched, RGB: ``SMALL_SIDE_PX`` on its longest side up to 3:2."""
    longest_px, shorter_px = max(picture.size), min(picture.size)
    scale = max(SMALL_SIDE_PX / longest_px, SMALL_SHORTER_SIDE_PX / shorter_px)
    scale = min(scale, SMALL_LONGEST_PX / longest_px)
    size = (max(8, round(picture.width * scale)), max(8, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def _linear_light() -> Floats:
    level = np.arange(256) / 255.0
    curve = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    return curve.astype(np.float32)


# The share of light, 0..1, that each level of sRGB stands for, float32 (256,).
LINEAR = _linear_light()
# sRGB to CIE XYZ (IEC 61966-2-1), each row divided by the white point D65.
_XYZ = (
    np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    / np.array([[0.95047], [1.0], [1.08883]])
).T.astype(np.float32)


_DARK_BELOW = np.float32(216 / 24389)
_DARK_SLOPE, _DARK_START = np.float32(24389 / 27 / 116), np.float32(16 / 116)


def to_lab(pixels: NDArray[np.uint8]) -> Floats:
    """Map sRGB uint8 (..., 3) to CIELAB float32 (..., 3): L* 0..100, a*, b*."""
    xyz = LINEAR[pixels] @ _XYZ
    root: Floats = np.cbrt(xyz)
    # Very dark colours lie on the straight part of the curve (CIE 15).
    np.copyto(root, xyz * _DARK_SLOPE + _DARK_START, where=xyz < _DARK_BELOW)
    lab: Floats = np.empty_like(root)
    np.multiply(root[..., 1], 116, out=lab[..., 0])
    lab[..., 0] -= 16
    np.multiply(root[..., 0] - root[..., 1], 500, out=lab[..., 1])
    np.multiply(root[..., 1] - root[..., 2], 200, out=lab[..., 2])
    return lab


@lru_cache(maxsize=32)
def edge_repeated(length: int, before: int, after: int) -> NDArray[np.intp]:
    """Return the indices that pad an axis of ``length`` by its first and last: (length + both,).

    ``values.take(indices, axis)`` is ``np.pad`` with mode "edge", several times as fast.
    """
    return np.arange(-before, length + after).clip(0, length - 1)


def box_blur(values: Floats, radius_px: int) -> Floats:
    """Return the mean over a square of 2 * radius + 1 pixels, the edge repeated; (h, w)."""
    side_px = 2 * radius_px + 1
    down, across = (edge_repeated(length, radius_px + 1, radius_px) for length in values.shape)
    padded = values.take(down, 0).take(across, 1)
    sums = padded.cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
    total = sums[side_px:, side_px:] - sums[:-side_px, side_px:]
    total += sums[:-side_px, :-side_px] - sums[side_px:, :-side_px]
    blurred: Floats = (total / side_px**2).astype(np.float32)
    return blurred


def label_regions(mask: Bools) -> tuple[NDArray[np.intp], int]:
    """Number the 4-connected regions of a mask (h, w): labels from 1, 0 outside, and how many.

    Joins runs of pixels row by row, so its cost follows the number of runs, not of pixels.
    """
    height, width = mask.shape
    padded = np.zeros((height, width + 2), dtype=np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded.ravel())
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    row, left, right = starts // (width + 2), starts % (width + 2), ends % (width + 2)
    parent = _join_runs(row, left, right, height)
    names, number = np.unique(np.asarray(parent, dtype=np.intp), return_inverse=True)
    marks = np.zeros(height * width + 1, dtype=np.intp)
    # A run that ends its row may end where the next one starts, so the marks add up.
    np.add.at(marks, row * width + left, number + 1)
    np.add.at(marks, row * width + right, -(number + 1))
    return np.cumsum(marks[:-1]).reshape(height, width), len(names)


def _join_runs(
    row: NDArray[np.intp], left: NDArray[np.intp], right: NDArray[np.intp], height: int
) -> list[int]:
    """Return the root of each run, after joining runs of neighbouring rows that overlap."""
    parent = list(range(len(row)))

    def root(run: int) -> int:
        while parent[run] != run:
            parent[run] = parent[parent[run]]
            run = parent[run]
        return run

    first = np.searchsorted(row, np.arange(height + 1)).tolist()
    lefts, rights = left.tolist(), right.tolist()
    for y in range(1, height):
        above, here = first[y - 1], first[y]
        while above < first[y] and here < first[y + 1]:
            if lefts[above] < rights[here] and lefts[here] < rights[above]:
                a, b = root(above), root(here)
                parent[max(a, b)] = min(a, b)
            if rights[above] < rights[here]:
                above += 1
            else:
                here += 1
    return [root(run) for run in range(len(parent))]


def otsu_threshold(values: Floats, bins: int = 64) -> float:
    """Return the threshold that parts values (n,) best in two (Otsu, IEEE SMC 1979)."""
    low, high = float(values.min()), float(values.max())
    if high <= low:
        return low
    index = ((values - low) * ((bins - 1) / (high - low))).astype(np.intp)
    share = np.bincount(index, minlength=bins) / len(values)
    centre = np.arange(bins, dtype=np.float64)
    below, moment = np.cumsum(share), np.cumsum(share * centre)
    inside = np.maximum(below * (1.0 - below), 1e-12)
    between = (moment[-1] * below - moment) ** 2 / inside
    return low + (int(between[:-1].argmax()) + 0.5) * (high - low) / (bins - 1)


def find_rim(lightness: Floats) -> Bools:
    """Find the dark that reaches in from the corners: a dermoscope's rim; (h, w)."""
    dark = lightness < _RIM_BELOW_L
    corners = [(y, x) for y in (slice(4), slice(-4, None)) for x in (slice(4), slice(-4, None))]
    if not any(dark[corner].any() for corner in corners):
        return np.zeros_like(dark)
    labels, _ = label_regions(dark)
    names = np.unique(np.concatenate([labels[corner].ravel() for corner in corners]))
    rim = np.isin(labels, names[names > 0])
    return box_blur(rim.astype(np.float32), 2) > 0.04


def quantiles(values: Floats, share: float) -> Floats:
    """Return a quantile of each column of (n, k), as ``np.quantile``, but faster."""
    place = share * (len(values) - 1)
    below, above = math.floor(place), math.ceil(place)
    parted = np.partition(values, (below, above), axis=0)
    low, high = parted[below], parted[above]
    between: Floats = low + (high - low) * np.float32(place % 1.0)
    return between


@lru_cache(maxsize=4)
def _border(height: int, width: int) -> Bools:
    down, across = round(height * _BORDER_SHARE), round(width * _BORDER_SHARE)
    border = np.ones((height, width), dtype=bool)
    border[down : height - down, across : width - across] = False
    border.flags.writeable = False
    return border


def skin_surface(lab: Floats, pixels: NDArray[np.uint8], valid: Bools) -> tuple[Floats, Floats]:
    """Estimate the skin's colour: CIELAB (h, w, 3) as a plane through the border, and RGB (3,).

    The border's lighter part gives the colour, all of its skin the slope of the light.
    """
    height, width = valid.shape
    border = valid & _border(height, width)
    if border.sum() < _FEWEST_SKIN_PX:
        border = valid.copy()
    border[::2] = False  # half of the rows show the same in half the time
    chosen = np.flatnonzero(border)
    colours = lab.reshape(-1, 3)[chosen]
    lighter = colours[:, 0] >= quantiles(colours[:, :1], _BORDER_DARKER_SHARE)
    colour = quantiles(colours[lighter], 0.5)
    skin_rgb = pixels.reshape(-1, 3)[chosen[lighter]].mean(axis=0, dtype=np.float32)
    skin = np.abs(colours - colour).sum(axis=1) < _SKIN_WITHIN
    if skin.sum() < _FEWEST_SKIN_PX:
        return np.broadcast_to(colour, lab.shape), skin_rgb
    plane = _plane(height, width)
    design = plane[chosen[skin]]
    normal = design.T @ design + 1e-3 * np.eye(3, dtype=np.float32)
    slope = np.linalg.solve(normal, design.T @ (colours[skin] - colour))
    tilt = (plane[:, 1:] @ slope[1:].astype(np.float32)).reshape(height, width, 3)
    tilt += colour
    return tilt, skin_rgb


def _places(count: int) -> Floats:
    """Return the places of pixels along an axis, -1..1."""
    return ((np.arange(count) + 0.5) / count * 2.0 - 1.0).astype(np.float32)


@lru_cache(maxsize=4)
def _plane(height: int, width: int) -> Floats:
    """Return (1, down, across) of each pixel, row by row, (height * width, 3)."""
    plane = np.ones((height, width, 3), dtype=np.float32)
    plane[..., 1] = _places(height)[:, None]
    plane[..., 2] = _places(width)[None, :]
    plane.flags.writeable = False
    return plane.reshape(-1, 3)


@dataclass(frozen=True)
class Scene:
    """A small copy, read: CIELAB and the skin's CIELAB at each place, float32 (h, w, 3).

    ``valid`` is bool (h, w), false on a dermoscope's dark rim. ``skin_rgb`` is (3,), 0..255.
    """

    lab: Floats
    skin: Floats
    valid: Bools
    skin_rgb: Floats


def read_scene(small: Image.Image) -> Scene:
    """Read the colours of a small RGB copy (``shrink``) and of the skin in it."""
    pixels = np.asarray(small, dtype=np.uint8)
    lab = to_lab(pixels)
    valid = ~find_rim(lab[..., 0])
    if valid.mean() < _SMALLEST_FIELD:
        valid = np.ones_like(valid)
    skin_lab, skin_rgb = skin_surface(lab, pixels, valid)
    return Scene(lab, skin_lab, valid, skin_rgb)


def locate(small: Image.Image) -> Lesion | None:
    """Locate the lesion in a small RGB copy (``shrink``); ``None`` if no region stands out at all.

    Faint regions are returned too: whether ``contrast`` and size suffice is for
    ``lentigo.picture.quality`` to judge.
    """
    scene = read_scene(small)
    return locate_in(scene, skin_distance(scene))


def skin_distance(scene: Scene) -> Floats:
    """Return the smoothed distance of each pixel from skin, weighted CIELAB units, (h, w)."""
    difference = (scene.lab - scene.skin) * LAB_WEIGHT
    # Only what is darker than skin counts as different in lightness: glare is no lesion.
    difference[..., 0] = np.minimum(difference[..., 0], 0.0)
    distance: Floats = np.sqrt((difference**2).sum(axis=-1))
    return box_blur(distance, _DISTANCE_BLUR_PX)


def locate_in(scene: Scene, distance: Floats) -> Lesion | None:
    """Locate the lesion in a scene that was read, by ``skin_distance``; see ``locate``."""
    valid = scene.valid
    central = distance * _centre_weight(*valid.shape)
    threshold = otsu_threshold(central[valid]) * _THRESHOLD_FACTOR
    inside = box_blur(((central > threshold) & valid).astype(np.float32), _EDGE_BLUR_PX) > 0.5
    labels, count = label_regions(inside)
    if count == 0:
        return None
    weight = np.bincount(labels.ravel(), weights=(central**2).ravel(), minlength=count + 1)
    foreign = _foreign(scene, labels, count)
    weight = np.where(foreign, weight * _FOREIGN_WEIGHT, weight)
    weight[0] = 0.0
    chosen = int(weight.argmax())
    return _describe(labels, chosen, distance, foreign)


def beside_share(scene: Scene, distance: Floats) -> float:
    """Return the size of the largest spot that lies wholly beside the centred square.

    The root of its area over the square's side; 0 without one, as in every square picture. The
    model does not see such a spot.
    """
    height, width = distance.shape
    side_px = min(height, width)
    first, last = (max(height, width) - side_px) // 2, (max(height, width) + side_px) // 2
    largest = 0.0
    for strip in (slice(0, first), slice(last, None)):
        part = (strip,) if height > width else (slice(None), strip)
        inside = (distance[part] > _BESIDE_DISTANCE) & scene.valid[part]
        if not inside.any():
            continue
        labels, count = label_regions(inside)
        spots = _compact(labels, count) & ~_foreign(scene, labels, count, part)
        area = np.bincount(labels.ravel(), minlength=count + 1)
        largest = max(largest, float((area * spots).max()))
    return math.sqrt(largest) / float(side_px)


def _foreign(
    scene: Scene, labels: NDArray[np.intp], count: int, part: tuple[slice, ...] = ()
) -> Bools:
    """Tell which regions of a part of the scene have the colour of ink or paper, (count + 1,)."""
    flat = labels.ravel()
    area = np.maximum(np.bincount(flat, minlength=count + 1), 1)
    lighter, bluer = (
        np.bincount(
            flat,
            weights=(scene.lab[part][..., channel] - scene.skin[part][..., channel]).ravel(),
            minlength=count + 1,
        )
        / area
        for channel in (0, 2)
    )
    return np.asarray((bluer < -_INK_BLUER) | (lighter > _PAPER_LIGHTER))


def _compact(labels: NDArray[np.intp], count: int) -> Bools:
    """Tell which regions look like a spot: off the edge, round rather than long, (count + 1,)."""
    area = np.bincount(labels.ravel(), minlength=count + 1)
    edges = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    on_edge = np.bincount(edges, minlength=count + 1)
    compact = (area > 0) & (on_edge < _EDGE_SIDES * np.sqrt(area))
    compact[0] = False
    for name in np.flatnonzero(compact):
        rows, columns = np.nonzero(labels == name)
        down, across = np.ptp(rows) + 1, np.ptp(columns) + 1
        filled = area[name] >= _BOX_FILLED * down * across
        compact[name] = filled and max(down, across) < _BOX_LONGER * min(down, across)
    return compact


@lru_cache(maxsize=4)
def _centre_weight(height: int, width: int) -> Floats:
    square = _places(width)[None, :] ** 2 + _places(height)[:, None] ** 2
    fall = np.exp(-square / (2.0 * _CENTRE_SIGMA**2))
    return np.asarray(_EDGE_WEIGHT + (1.0 - _EDGE_WEIGHT) * fall, dtype=np.float32)


def _fill_holes(mask: Bools) -> Bools:
    """Fill what a region surrounds; nothing outside its box can be."""
    down, across = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = slice(down[0], down[-1] + 1), slice(across[0], across[-1] + 1)
    labels, count = label_regions(~mask[box])
    open_to_edge = np.zeros(count + 1, dtype=bool)
    for edge in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        open_to_edge[edge] = True
    filled = mask.copy()
    filled[box] |= ~open_to_edge[labels]
    return filled


def _describe(labels: NDArray[np.intp], chosen: int, distance: Floats, foreign: Bools) -> Lesion:
    count = len(foreign) - 1
    area = np.bincount(labels.ravel(), minlength=count + 1).astype(np.float64)
    total = np.bincount(labels.ravel(), weights=distance.ravel(), minlength=count + 1)
    mean = total / np.maximum(area, 1.0)
    comparable = (area >= _COMPARABLE_AREA * area[chosen]) & (
        mean >= _COMPARABLE_DISTANCE * mean[chosen]
    )
    comparable[[0, chosen]] = False
    if comparable.any():
        comparable &= _compact(labels, count) & ~foreign
    mask = _fill_holes(labels == chosen)
    height, width = mask.shape
    rows, columns = np.nonzero(mask)
    edges = (mask[0], mask[-1], mask[:, 0], mask[:, -1])
    rim = mask.copy()
    rim[1:-1, 1:-1] &= ~(mask[:-2, 1:-1] & mask[2:, 1:-1] & mask[1:-1, :-2] & mask[1:-1, 2:])
    outline_px = int(rim.sum())
    return Lesion(
        mask=mask,
        box=(
            float(columns.min() / width),
            float(rows.min() / height),
            float((columns.max() + 1) / width),
            float((rows.max() + 1) / height),
        ),
        centre=(float((columns.mean() + 0.5) / width), float((rows.mean() + 0.5) / height)),
        area_share=float(mask.mean()),
        outline=outline_of(rim, (float(rows.mean()), float(columns.mean()))),
        contrast=float(mean[chosen]),
        others=int(comparable.sum()),
        cut_share=float(sum(int(edge.sum()) for edge in edges) / outline_px),
        foreign=bool(foreign[chosen]),
    )


def outline_of(rim: Bools, middle: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    """Draw a polygon through the farthest pixel of the rim in each direction from the middle.

    ``rim`` is bool (h, w) with a pixel set, ``middle`` its (row, column); the polygon is in shares
    of the sides.
    """
    height, width = rim.shape
    rows, columns = np.nonzero(rim)
    down, across = rows - middle[0], columns - middle[1]
    turn = (np.arctan2(down, across) / (2.0 * math.pi)) % 1.0
    index = (turn * _OUTLINE_POINTS).astype(np.intp) % _OUTLINE_POINTS
    radius = np.zeros(_OUTLINE_POINTS)
    np.maximum.at(radius, index, np.hypot(down, across) + 0.5)
    known = np.flatnonzero(radius)
    angle = (np.arange(_OUTLINE_POINTS) + 0.5) * (2.0 * math.pi / _OUTLINE_POINTS)
    radius = np.interp(angle, angle[known], radius[known], period=2.0 * math.pi)
    x = (middle[1] + 0.5 + radius * np.cos(angle)) / width
    y = (middle[0] + 0.5 + radius * np.sin(angle)) / height
    return tuple(zip(x.clip(0.0, 1.0).tolist(), y.clip(0.0, 1.0).tolist(), strict=True))


def size_share(lesion: Lesion, width_px: int, height_px: int) -> float:
    """Return sqrt(lesion area) over the side of the frame's centred square, at true aspect."""
    area_px = lesion.area_share * width_px * height_px
    return math.sqrt(area_px) / min(width_px, height_px)


def offset(lesion: Lesion, width_px: int, height_px: int) -> float:
    """Return how far the lesion's centre lies from the frame's, in half shorter sides."""
    across_px = (lesion.centre[0] - 0.5) * width_px
    down_px = (lesion.centre[1] - 0.5) * height_px
    return math.hypot(across_px, down_px) / (min(width_px, height_px) / 2)


def outline_in_square(
    lesion: Lesion, square: Box, width_px: int, height_px: int
) -> tuple[tuple[float, float], ...]:
    """Return the outline in shares of a square of the frame; outside it beyond 0..1."""
    side_px = square.right_px - square.left_px
    return tuple(
        ((x * width_px - square.left_px) / side_px, (y * height_px - square.top_px) / side_px)
        for x, y in lesion.outline
    )


def judged_square(lesion: Lesion | None, width_px: int, height_px: int) -> Box:
    """Choose the square of a still (in its pixels) that the model gets and the page shows.

    The centred one; around a lesion under ``FAR_BELOW_SHARE`` of it a smaller one, of no fewer
    pixels than the model takes. A picture stored at the model's size is never cropped.
    """
    if lesion is None or size_share(lesion, width_px, height_px) >= FAR_BELOW_SHARE:
        return centre_square(width_px, height_px)
    return crop_around(lesion, width_px, height_px, INPUT_SIZE_PX)


def crop_around(lesion: Lesion | None, width_px: int, height_px: int, least_px: float = 0.0) -> Box:
    """Choose the square of a frame (in its pixels) that shows the lesion as training pictures do.

    The lesion is brought to the middle and to ``TRAINING_SIZE_SHARE``; the square never leaves the
    frame, so a lesion that is larger than that gets the largest square there is. It has at least
    ``least_px`` a side where the frame has. Without a lesion, or with one that is foreign or far
    from the middle, it is the centred square.
    """
    if (
        lesion is None
        or lesion.foreign
        or offset(lesion, width_px, height_px) > _CROP_FOLLOWS_WITHIN
    ):
        return centre_square(width_px, height_px)
    largest_px = float(min(width_px, height_px))
    left, top, right, bottom = lesion.box
    longest_px = max((right - left) * width_px, (bottom - top) * height_px)
    wanted_px = math.sqrt(lesion.area_share * width_px * height_px) / TRAINING_SIZE_SHARE
    side_px = min(largest_px, max(wanted_px, longest_px * _CROP_MARGIN, least_px))
    middle_x_px, middle_y_px = (left + right) / 2 * width_px, (top + bottom) / 2 * height_px
    left_px = min(max(middle_x_px - side_px / 2, 0.0), width_px - side_px)
    top_px = min(max(middle_y_px - side_px / 2, 0.0), height_px - side_px)
    return Box(left_px, top_px, left_px + side_px, top_px + side_px)
