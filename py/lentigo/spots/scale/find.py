"""Where in a photo a coin may be: an ellipse with a sharp edge nearly all the way round.

Edges vote for the middle of the circle that they may belong to (Kimme, Ballard, Sklansky, CACM
18:120, 1975); around the best middles the edge is sought along rays, and an ellipse laid through
it. A find is a proposal: the visitor says whether it is the coin.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

from lentigo.picture.framing import box_blur, to_lab
from lentigo.spots.scale.ellipse import Ellipse, fit_ellipse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Doubles = NDArray[np.float64]

# All ours, chosen on coins drawn into photos of `val` (training.studies.coins).
# Longest side of the copy on which edges vote, and of the one on which the edge is sought.
VOTE_SIDE_PX, FINE_SIDE_PX = 256, 1024
# A photo with a shorter side than this shows no coin finely enough.
LEAST_SIDE_PX = 64
# Radius of a coin that is looked for, in shares of the photo's shorter side.
SMALLEST, LARGEST = 0.07, 0.42
# Edges that vote: the strongest of all pixels; and by how much one radius exceeds the last.
VOTERS_SHARE, RADIUS_STEP = 0.12, 1.045
# How many middles are looked at.
MIDDLES = 12
# Rays around a middle, how far they reach in shares of the radius, and their samples.
RAYS, REACH, SAMPLES = 180, (0.62, 1.5), 160
# An edge: a step of at least this in CIELAB.
LEAST_STEP = 9.0
# Each pass looks so far to either side of the last ellipse, and of the steps along a ray takes the
# outermost that is this strong beside the strongest: a coin's rim is an edge too.
PASSES = ((0.14, 0.45), (0.08, 0.45), (0.04, 0.45), (0.03, 0.45))
# The edge must be seen in this share of the rays, so near to the ellipse in shares of its radius.
LEAST_SEEN, NEAR = 0.72, 0.02
# Root mean square of the edge's distance from the ellipse, in shares of the radius.
MOST_OFF = 0.009
# More tilted than this, a photo is no measure.
MOST_TILT_DEG = 25.0
# Of finds about one middle the largest counts that is nearly as well seen: a coin has rings.
AS_WELL_SEEN = 0.9
# How many are proposed, one after the other.
MOST_FINDS = 3


class NoCoin(StrEnum):
    """Why there is no scale."""

    NOT_FOUND = "not-found"
    TILTED = "tilted"


@dataclass(frozen=True)
class Found:
    """A coin that may be; ``seen`` 0..1 is the share of its edge, ``off`` its error by radius.

    ``ellipse`` is in the photo's pixels.
    """

    ellipse: Ellipse
    seen: float
    off: float


def find_coins(picture: Image.Image) -> tuple[Found, ...] | NoCoin:
    """Return what may be a coin in an RGB photo, the likeliest first."""
    if min(picture.size) < LEAST_SIDE_PX:
        return NoCoin.NOT_FOUND
    factor = min(1.0, FINE_SIDE_PX / max(picture.size))
    fine = _resized(picture, factor)
    lab = to_lab(np.asarray(fine.filter(ImageFilter.GaussianBlur(1.0))))
    found = []
    for x, y, radius in _middles(fine):
        ellipse, seen, off = _traced(lab, x, y, radius)
        if ellipse is None or seen < LEAST_SEEN or off > MOST_OFF or not _within(ellipse, fine):
            continue
        found.append(Found(ellipse.scaled(1.0 / factor), seen, off))
    distinct = _distinct(found)
    kept = [one for one in distinct if one.ellipse.tilt_deg <= MOST_TILT_DEG]
    if kept:
        return tuple(kept[:MOST_FINDS])
    return NoCoin.TILTED if distinct else NoCoin.NOT_FOUND


def _resized(picture: Image.Image, factor: float) -> Image.Image:
    size = max(1, round(picture.width * factor)), max(1, round(picture.height * factor))
    return picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=3.0)


def _distinct(found: list[Found]) -> tuple[Found, ...]:
    """Return the finds about different middles, the best seen first."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda each: -each.seen):
        e = one.ellipse
        same = next(
            (
                k
                for k, other in enumerate(kept)
                if math.hypot(e.x - other.ellipse.x, e.y - other.ellipse.y)
                < 0.5 * max(e.major, other.ellipse.major)
            ),
            None,
        )
        if same is None:
            kept.append(one)
        elif (
            e.major > kept[same].ellipse.major * 1.01 and one.seen >= AS_WELL_SEEN * kept[same].seen
        ):
            kept[same] = one
    return tuple(kept)


def _within(ellipse: Ellipse, picture: Image.Image) -> bool:
    """Tell whether the whole of it is in the photo, and it has a size that is looked for."""
    side = min(picture.size)
    turn = math.radians(ellipse.angle_deg)
    across = math.hypot(ellipse.major * math.cos(turn), ellipse.minor * math.sin(turn))
    down = math.hypot(ellipse.major * math.sin(turn), ellipse.minor * math.cos(turn))
    return (
        SMALLEST * side <= ellipse.major <= LARGEST * side
        and across <= ellipse.x <= picture.width - across
        and down <= ellipse.y <= picture.height - down
    )


def _middles(fine: Image.Image) -> list[tuple[float, float, float]]:
    """Return (x, y, radius) of the circles for which most edges vote, in the picture's pixels."""
    factor = VOTE_SIDE_PX / max(fine.size)
    small = _resized(fine, factor).filter(ImageFilter.GaussianBlur(1.0))
    lab = to_lab(np.asarray(small))
    height, width = lab.shape[:2]
    down, across = _gradient(lab)
    strength = np.hypot(down, across)
    few = max(1, round(VOTERS_SHARE * strength.size))
    voters = np.argpartition(strength.ravel(), -few)[-few:]
    rows, columns = np.divmod(voters, width)
    size = strength.ravel()[voters]
    uy, ux = down.ravel()[voters] / size, across.ravel()[voters] / size
    weight = np.minimum(size, np.quantile(size, 0.8))
    radius, most = SMALLEST * min(width, height), LARGEST * min(width, height)
    peaks: list[tuple[float, float, float, float]] = []
    while radius <= most:
        votes = np.zeros(width * height)
        for sign in (-1.0, 1.0):
            x = np.rint(columns + sign * radius * ux).astype(np.intp)
            y = np.rint(rows + sign * radius * uy).astype(np.intp)
            inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
            votes += np.bincount(
                y[inside] * width + x[inside], weights=weight[inside], minlength=width * height
            )
        # Votes of a tilted circle spread, the more the larger it is.
        spread = _blurred(votes.reshape(height, width), max(1, round(0.05 * radius))) / radius
        for _ in range(3):
            best = int(spread.argmax())
            y0, x0 = divmod(best, width)
            peaks.append((float(spread[y0, x0]), float(x0), float(y0), radius))
            reach = max(2, round(0.35 * radius))
            spread[max(0, y0 - reach) : y0 + reach + 1, max(0, x0 - reach) : x0 + reach + 1] = 0.0
        radius *= RADIUS_STEP
    peaks.sort(reverse=True)
    chosen: list[tuple[float, float, float]] = []
    for _, x0, y0, r in peaks:
        if all(
            math.hypot(x0 - a, y0 - b) > 0.2 * r or not 0.85 < r / c < 1.18 for a, b, c in chosen
        ):
            chosen.append((x0, y0, r))
        if len(chosen) == MIDDLES:
            break
    return [((a + 0.5) / factor, (b + 0.5) / factor, c / factor) for a, b, c in chosen]


def _gradient(lab: Floats) -> tuple[Floats, Floats]:
    """Return down and across of whichever of L*, a*, b* changes most at each pixel, (h, w)."""
    down, across = np.gradient(lab, axis=(0, 1))
    most = np.hypot(down, across).argmax(axis=-1)[..., None]
    return (
        np.take_along_axis(down, most, -1)[..., 0],
        np.take_along_axis(across, most, -1)[..., 0] + np.float32(1e-6),
    )


def _blurred(values: Doubles, radius: int) -> Doubles:
    return (
        np.asarray(box_blur(values.astype(np.float32), radius), dtype=np.float64)
        * (2 * radius + 1) ** 2
    )


def _traced(lab: Floats, x: float, y: float, radius: float) -> tuple[Ellipse | None, float, float]:
    """Lay an ellipse through the edge around a middle; also the share seen, and how far off."""
    angle = np.linspace(0.0, 2.0 * math.pi, RAYS, endpoint=False, dtype=np.float64)
    ellipse: Ellipse | None = Ellipse(x, y, radius, radius, 0.0)
    seen, off = 0.0, 1.0
    for window, as_strong in PASSES:
        assert ellipse is not None
        where, step = _edges(lab, ellipse, angle, window, as_strong)
        strong = step >= LEAST_STEP
        if strong.sum() < 0.5 * RAYS:
            return None, 0.0, 1.0
        at = ellipse.radius_at(angle) * where
        points = np.stack([ellipse.x + at * np.cos(angle), ellipse.y + at * np.sin(angle)], axis=1)
        weights = strong.astype(np.float64)
        for _ in range(4):
            fitted = fit_ellipse(points, weights)
            if fitted is None:
                return None, 0.0, 1.0
            away = _away(fitted, points)
            scale = max(2.0 * float(np.median(away[strong])), 0.004)
            weights = strong / (1.0 + (away / scale) ** 2) ** 2
        ellipse = fitted
        near = strong & (away < NEAR)
        seen = float(near.mean())
        off = float(np.sqrt((away[near] ** 2).mean())) if near.any() else 1.0
    return ellipse, seen, off


def _away(ellipse: Ellipse, points: Doubles) -> Doubles:
    """Return how far points (n, 2) are from an ellipse, in shares of its radius."""
    along, across = ellipse.flattened(points).T
    return np.asarray(np.abs(np.hypot(along, across) - 1.0))


def _edges(
    lab: Floats, ellipse: Ellipse, angle: Doubles, window: float, as_strong: float
) -> tuple[Doubles, Doubles]:
    """Return where along each ray the strongest step is near an ellipse, in shares, and the step.

    Of steps nearly as strong the outermost counts.
    """
    shares = np.linspace(1.0 - window, 1.0 + window, SAMPLES)
    reach = ellipse.radius_at(angle)[:, None] * shares[None, :]
    columns = ellipse.x + reach * np.cos(angle)[:, None] - 0.5
    rows = ellipse.y + reach * np.sin(angle)[:, None] - 0.5
    values = _sampled(lab, rows, columns)
    # A step: the difference of what lies 2 px to either side.
    per_px = SAMPLES / (2.0 * window * float(ellipse.radius_at(angle).mean()))
    apart = max(1, round(2.0 * per_px))
    if 2 * apart >= SAMPLES:
        return np.ones(len(angle)), np.zeros(len(angle))
    step = np.sqrt(((values[:, 2 * apart :] - values[:, : -2 * apart]) ** 2).sum(axis=-1))
    top = np.ones(step.shape, dtype=bool)
    top[:, 1:] &= step[:, 1:] >= step[:, :-1]
    top[:, :-1] &= step[:, :-1] >= step[:, 1:]
    enough = np.maximum(as_strong * step.max(axis=1), LEAST_STEP)
    top &= step >= enough[:, None]
    best = np.where(
        top.any(axis=1), step.shape[1] - 1 - top[:, ::-1].argmax(axis=1), step.argmax(axis=1)
    )
    index = np.arange(len(angle))
    # The top of a parabola through the largest and its neighbours.
    best = np.clip(best, 1, step.shape[1] - 2)
    before, peak, after = (step[index, best + by] for by in (-1, 0, 1))
    bend = before - 2.0 * peak + after
    finer = np.where(bend < 0.0, 0.5 * (before - after) / np.minimum(bend, -1e-9), 0.0)
    middle = best + np.clip(finer, -0.5, 0.5)
    return np.interp(middle + apart, np.arange(SAMPLES), shares), peak


def _sampled(lab: Floats, rows: Doubles, columns: Doubles) -> Doubles:
    """Return colours between pixels, (…, 3); beyond the edge that of the edge."""
    height, width = lab.shape[:2]
    rows, columns = np.clip(rows, 0, height - 1.001), np.clip(columns, 0, width - 1.001)
    top, left = rows.astype(np.intp), columns.astype(np.intp)
    down, across = (rows - top)[..., None], (columns - left)[..., None]
    upper = lab[top, left] * (1 - across) + lab[top, left + 1] * across
    lower = lab[top + 1, left] * (1 - across) + lab[top + 1, left + 1] * across
    blended: Doubles = upper * (1 - down) + lower * down
    return blended
