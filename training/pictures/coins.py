"""Photos of a spot with a coin beside it, drawn by the program: the coin's place is known.

The skin and the spot are real, of two photos, or the skin is plain. The coin is drawn: metal, rim,
relief, light from one side, a shadow, seen from any side and in perspective.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from lentigo.picture.framing import box_blur
from lentigo.spots.scale.coin import DISCS, Coin

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lentigo.spots.comparison.field import Polygon

    Floats = NDArray[np.float64]

# The photo, and how far away the camera is, in the coin's diameters: about 15 to 25 cm.
WIDTH_PX, HEIGHT_PX, DISTANCE = 1024, 768, (7.0, 11.0)
# A coin's picture from straight above.
FACE_PX = 480
# sRGB of the metals.
SILVER, GOLD, COPPER = (178, 178, 172), (190, 160, 96), (168, 104, 74)
_METALS = {
    Coin.EURO_CENT_5: (COPPER, COPPER),
    Coin.UK_PENNY: (COPPER, COPPER),
    Coin.US_CENT: (COPPER, COPPER),
    Coin.EURO_CENT_10: (GOLD, GOLD),
    Coin.EURO_CENT_50: (GOLD, GOLD),
    Coin.EURO_1: (GOLD, SILVER),
    Coin.EURO_2: (SILVER, GOLD),
    Coin.UK_POUND_1: (GOLD, SILVER),
    Coin.UK_POUND_2: (GOLD, SILVER),
}
_INNER = 0.72
NOISE, QUALITY = 2.5, (80, 93)


@dataclass(frozen=True)
class Drawn:
    """A photo with a coin.

    ``edge`` are points of the coin's true edge, (n, 2) in the photo's pixels.
    """

    picture: Image.Image
    edge: Floats


def _face(coin: Coin, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw the coin from straight above: (side, side, 3), 0..255."""
    side = FACE_PX
    place = (np.arange(side) + 0.5) / side * 2.0 - 1.0
    x, y = np.meshgrid(place, place)
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    height = 0.8 * ((radius > 0.93) & (radius < 0.985))
    seeds = rng.normal(size=(14, 14))
    blobs = np.asarray(
        Image.fromarray(seeds.astype(np.float32)).resize((side, side), Image.Resampling.BICUBIC)
    )
    height = height + 0.9 * (blobs > 0.4) * (radius < 0.6)
    letters = np.sin(angle * rng.integers(40, 70)) * np.sin(radius * rng.integers(90, 160)) > 0.2
    height = height + 0.7 * letters * (np.abs(radius - 0.82) < 0.06)
    height = height + 0.5 * (np.abs(radius - _INNER) < 0.012) * (coin in _METALS)
    smooth = box_blur(box_blur(height.astype(np.float32), 2), 2)
    down, across = np.gradient(smooth)
    light = rng.uniform(0.0, 2.0 * math.pi)
    shade = 1.0 + 3.0 * (across * math.cos(light) + down * math.sin(light))
    slope = 1.0 + rng.uniform(0.05, 0.35) * (x * math.cos(light) + y * math.sin(light))
    ring, core = _METALS.get(coin, (SILVER, SILVER))
    metal = np.where((radius < _INNER)[..., None], np.array(core), np.array(ring)).astype(float)
    metal = metal * rng.uniform(0.72, 1.12)
    return np.clip(metal * (shade * slope)[..., None], 0.0, 255.0)


def _border(coin: Coin, count: int, turn: float) -> Floats:
    """Return points of the edge from above, in shares of the radius of the disc."""
    angle = np.arange(count) * (2.0 * math.pi / count)
    if coin is not Coin.UK_POUND_1:
        return np.stack([np.cos(angle), np.sin(angle)], axis=1)
    # Twelve sides with round corners: between what is across them and from point to point.
    disc = DISCS[coin]
    within = (angle - turn + math.pi / 12) % (math.pi / 6) - math.pi / 12
    flat = (disc.diameter_mm - disc.error_mm) / disc.diameter_mm / np.cos(within)
    reach = np.minimum(flat, (disc.diameter_mm + disc.error_mm) / disc.diameter_mm)
    return np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=1)


def plain_skin(photo: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Draw plain skin of the colour of a photo's edges: shades and grain, and nothing to find."""
    border = np.concatenate(
        [np.asarray(photo)[:8].reshape(-1, 3), np.asarray(photo)[-8:].reshape(-1, 3)]
    )
    scene = np.zeros((HEIGHT_PX, WIDTH_PX, 3)) + np.median(border, axis=0)
    for count, levels in ((6, 5.0), (24, 3.0), (96, 3.0), (300, 3.0)):
        shade = rng.normal(0.0, levels, (count * 3 // 4, count)).astype(np.float32)
        large = Image.fromarray(shade).resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.BICUBIC)
        scene += np.asarray(large)[..., None]
    return Image.fromarray(scene.clip(0.0, 255.0).astype(np.uint8))


def on_skin(
    ground: Image.Image,
    photo: Image.Image,
    outline: Polygon,
    factor: float,
    place: tuple[float, float],
) -> Floats:
    """Return a photo of skin, (h, w, 3), with the spot of another one enlarged by ``factor``.

    The spot brings what it takes of the light of its own skin, and fades out around ``outline``
    (shares of ``photo``); its middle comes to ``place``.
    """
    scene = np.asarray(
        ImageOps.fit(ground, (WIDTH_PX, HEIGHT_PX), Image.Resampling.BICUBIC), dtype=np.float64
    )
    points = np.array([(x * photo.width, y * photo.height) for x, y in outline])
    middle = points.mean(axis=0)
    reach = float(np.hypot(*(points - middle).T).max())
    cover = _filled((points - middle) * 1.25 + middle, photo.size)
    skin_mask = np.asarray(_filled((points - middle) * 1.6 + middle, photo.size)) > 127
    soft = cover.filter(ImageFilter.GaussianBlur(0.1 * reach))
    pixels = np.asarray(photo, dtype=np.float64)
    ring = skin_mask & (np.asarray(cover) < 10)
    skin = np.median(pixels[ring], axis=0) if ring.any() else np.median(pixels, axis=(0, 1))
    ratio = 1.0 + (pixels / np.maximum(skin, 1.0) - 1.0) * np.asarray(soft)[..., None] / 255.0
    x, y = place[0] - middle[0] * factor, place[1] - middle[1] * factor
    for channel in range(3):
        laid = Image.fromarray((ratio[..., channel] - 1.0).astype(np.float32)).transform(
            (WIDTH_PX, HEIGHT_PX),
            Image.Transform.AFFINE,
            (1 / factor, 0, -x / factor, 0, 1 / factor, -y / factor),
            Image.Resampling.BICUBIC,
        )
        scene[..., channel] *= 1.0 + np.asarray(laid)
    return scene.clip(0.0, 255.0)


def draw(
    scene: Floats,
    spot: tuple[float, float],
    coin: Coin,
    rng: np.random.Generator,
    *,
    tilt_deg: float = 0.0,
    diameter_px: float = 260.0,
) -> Drawn:
    """Lay a coin on skin (``on_skin``) beside the spot, and photograph both."""
    spot_y = spot[1]
    # Beside the spot, to the right, wholly in the photo.
    radius = diameter_px / 2.0
    x = WIDTH_PX - rng.uniform(1.05, 1.25) * radius
    y = float(
        np.clip(spot_y + rng.uniform(-1, 1) * radius, 1.06 * radius, HEIGHT_PX - 1.06 * radius)
    )
    axis = rng.uniform(0.0, math.pi)
    away = rng.uniform(*DISTANCE) * diameter_px
    tilt = math.radians(tilt_deg)

    def seen(points: Floats) -> Floats:
        """Project points of the coin's plane (in radii) to the photo."""
        along = points @ np.array([math.cos(axis), math.sin(axis)])
        across = points @ np.array([-math.sin(axis), math.cos(axis)])
        depth = 1.0 + across * radius * math.sin(tilt) / away
        along, across = along * radius / depth, across * radius * math.cos(tilt) / depth
        return np.stack(
            [
                x + along * math.cos(axis) - across * math.sin(axis),
                y + along * math.sin(axis) + across * math.cos(axis),
            ],
            axis=1,
        )

    turn = rng.uniform(0.0, math.pi / 6)
    border = _border(coin, 720, turn)
    edge = seen(border)
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    face = Image.fromarray(_face(coin, rng).astype(np.uint8))
    warp = _homography(seen(corners), (corners + 1.0) / 2.0 * FACE_PX)
    laid = face.transform(
        (WIDTH_PX, HEIGHT_PX), Image.Transform.PERSPECTIVE, warp, Image.Resampling.BICUBIC
    )
    cover = _filled(edge)
    shadow = _filled(edge + rng.uniform(-1, 1, 2) * 0.03 * radius).filter(
        ImageFilter.GaussianBlur(0.03 * radius)
    )
    scene = scene * (1.0 - rng.uniform(0.1, 0.5) * np.asarray(shadow)[..., None] / 255.0)
    share = np.asarray(cover)[..., None] / 255.0
    scene = scene * (1.0 - share) + np.asarray(laid, dtype=np.float64) * share
    photo = Image.fromarray(np.clip(scene, 0, 255).astype(np.uint8))
    photo = photo.filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 1.2)))
    noisy = np.asarray(photo, dtype=np.float64) + rng.normal(0.0, NOISE, (HEIGHT_PX, WIDTH_PX, 3))
    buffer = io.BytesIO()
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(
        buffer, "JPEG", quality=int(rng.integers(*QUALITY))
    )
    buffer.seek(0)
    return Drawn(Image.open(buffer).convert("RGB"), edge)


def _filled(edge: Floats, size: tuple[int, int] = (WIDTH_PX, HEIGHT_PX)) -> Image.Image:
    """Return the inside of a polygon, 0..255, its edge smooth."""
    times = 4
    drawn = Image.new("L", (size[0] * times, size[1] * times))
    ImageDraw.Draw(drawn).polygon([(x * times - 0.5, y * times - 0.5) for x, y in edge], fill=255)
    return drawn.resize(size, Image.Resampling.BOX)


def _homography(photo: Floats, face: Floats) -> tuple[float, ...]:
    """Return Pillow's eight coefficients that map the photo's corners to the face's."""
    rows, right = [], []
    for (x, y), (u, v) in zip(photo, face, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return tuple(np.linalg.solve(np.array(rows), np.array(right)).tolist())
