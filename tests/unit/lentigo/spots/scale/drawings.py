"""A coin and a spot on skin, drawn so that both sizes are known."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from lentigo.spots.scale.ellipse import Ellipse
from lentigo.spots.scale.size import edge_of

SKIN, METAL, BROWN = (205, 160, 135), (185, 185, 180), (95, 60, 45)
WIDTH_PX, HEIGHT_PX = 640, 480
COIN = Ellipse(500.0, 250.0, 110.0, 110.0, 0.0)
SPOT = Ellipse(300.0, 240.0, 42.0, 26.0, 30.0)


def tilted(degrees: float, towards_deg: float = 0.0) -> Ellipse:
    """Return the coin seen at an angle."""
    minor = COIN.major * math.cos(math.radians(degrees))
    return Ellipse(COIN.x, COIN.y, COIN.major, minor, towards_deg)


def photo(coin: Ellipse | None = COIN, spot: Ellipse | None = SPOT, seed: int = 1) -> Image.Image:
    """Draw skin with some grain, and on it what is given; edges are smooth."""
    times = 3
    drawn = Image.new("RGB", (WIDTH_PX * times, HEIGHT_PX * times), SKIN)
    pen = ImageDraw.Draw(drawn)
    for ellipse, colour in ((spot, BROWN), (coin, METAL)):
        if ellipse is not None:
            points = [(x * times, y * times) for x, y in edge_of(ellipse)]
            pen.polygon(points, fill=colour)
    if coin is not None:
        # A rim and a relief, as coins have.
        for share, width in ((0.9, 4), (0.5, 3)):
            points = [(x * times, y * times) for x, y in edge_of(coin, share)]
            pen.line([*points, points[0]], fill=(150, 150, 145), width=width)
    small = drawn.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.BOX)
    grain = np.random.default_rng(seed).normal(0.0, 2.0, (HEIGHT_PX, WIDTH_PX, 3))
    return Image.fromarray(np.clip(np.asarray(small) + grain, 0, 255).astype(np.uint8))
