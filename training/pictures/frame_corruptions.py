"""Corruptions of a whole frame, with which the gauges are tested: light, lens, hand and skin.

Every function takes a frame at true aspect, RGB, and returns one of the same size (``downscale`` a
smaller one). Numpy and Pillow only. Blur and gamma are those of ``corruptions``; movement, exposure
and noise are drawn otherwise here, and every committed figure is of these.
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from lentigo.picture import framing
from training.pictures.corruptions import Corruption, gamma, gaussian_blur


def motion_blur(picture: Image.Image, length_px: float, rng: np.random.Generator) -> Image.Image:
    """Movement during the exposure: the mean over a path of ``length_px`` in any direction."""
    angle_rad = float(rng.uniform(0.0, math.pi))
    total = np.zeros((picture.height, picture.width, 3), dtype=np.float32)
    steps = np.linspace(-length_px / 2, length_px / 2, 2 * math.ceil(length_px) + 1)
    for step in steps:
        shift = (1, 0, step * math.cos(angle_rad), 0, 1, step * math.sin(angle_rad))
        total += np.asarray(
            picture.transform(
                picture.size, Image.Transform.AFFINE, shift, Image.Resampling.BILINEAR
            )
        )
    return Image.fromarray(np.rint(total / len(steps)).astype(np.uint8))


def expose(picture: Image.Image, stops: float, _: np.random.Generator) -> Image.Image:
    """Change the exposure by ``stops`` in linear light (sRGB taken as a power of 2.2)."""
    gain = 2.0 ** (stops / 2.2)
    return picture.point([min(255, round(level * gain)) for level in range(256)] * 3)


def add_glare(picture: Image.Image, spots: float, rng: np.random.Generator) -> Image.Image:
    """Put ``spots`` small round reflections around the middle."""
    out = picture.copy()
    draw = ImageDraw.Draw(out)
    for _ in range(int(spots)):
        x, y = rng.normal((picture.width / 2, picture.height / 2), picture.height / 8)
        radius_px = float(rng.uniform(0.01, 0.025)) * picture.height
        draw.ellipse([x - radius_px, y - radius_px, x + radius_px, y + radius_px], (252, 252, 252))
    return out.filter(ImageFilter.GaussianBlur(0.4))


def flatten(picture: Image.Image, share: float, _: np.random.Generator) -> Image.Image:
    """Take away this share of the contrast, as fog on the lens does."""
    grey = Image.new("RGB", picture.size, (150, 150, 150))
    return Image.blend(picture, grey, share)


def tint(picture: Image.Image, stops: float, rng: np.random.Generator) -> Image.Image:
    """Change red against blue, or green against both, by ``stops``."""
    way = ((0.5, 0.0, -0.5), (-0.5, 0.0, 0.5), (-0.3, 0.6, -0.3))[int(rng.integers(3))]
    curve = [min(255, round(level * 2.0 ** (stops * part))) for part in way for level in range(256)]
    return picture.point(curve)


def shrink_into_skin(picture: Image.Image, share: float, _: np.random.Generator) -> Image.Image:
    """Show the scene at ``share`` of its size in the middle of its own skin: too far away."""
    skin = framing.read_scene(framing.shrink(picture)).skin_rgb
    out = Image.new("RGB", picture.size, tuple(int(level) for level in skin))
    size = (round(picture.width * share), round(picture.height * share))
    small = picture.resize(size, Image.Resampling.BILINEAR)
    edge_px = max(2, min(size) // 6)
    mask = Image.new("L", size, 0)
    mask.paste(255, (edge_px, edge_px, size[0] - edge_px, size[1] - edge_px))
    mask = mask.filter(ImageFilter.BoxBlur(edge_px / 2))
    out.paste(small, ((out.width - size[0]) // 2, (out.height - size[1]) // 2), mask)
    return out


def downscale(picture: Image.Image, share: float, _: np.random.Generator) -> Image.Image:
    """Keep this share of the pixels along each side: a thumbnail."""
    size = (max(8, round(picture.width * share)), max(8, round(picture.height * share)))
    return picture.resize(size, Image.Resampling.BILINEAR)


def add_noise(picture: Image.Image, levels: float, rng: np.random.Generator) -> Image.Image:
    """Add a sensor's noise with a standard deviation of ``levels``."""
    values = np.asarray(picture, dtype=np.float32)
    values = values + rng.standard_normal(values.shape, dtype=np.float32) * levels
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def add_hair(picture: Image.Image, count: float, rng: np.random.Generator) -> Image.Image:
    """Draw ``count`` straight dark hairs across the middle."""
    out = picture.copy()
    draw = ImageDraw.Draw(out)
    for _ in range(int(count)):
        angle_rad = float(rng.uniform(0.0, math.pi))
        x, y = rng.normal((picture.width / 2, picture.height / 2), picture.height / 5)
        along = np.array([math.cos(angle_rad), math.sin(angle_rad)]) * picture.width / 2
        draw.line([x - along[0], y - along[1], x + along[0], y + along[1]], (35, 25, 20), 1)
    return out


def draw_pen(picture: Image.Image, width_px: float, _: np.random.Generator) -> Image.Image:
    """Draw a purple ring of ``width_px`` around the middle."""
    out = picture.copy()
    w, h = picture.size
    box = [w / 2 - 0.4 * h, 0.1 * h, w / 2 + 0.4 * h, 0.9 * h]
    ImageDraw.Draw(out).ellipse(box, outline=(70, 45, 140), width=int(width_px))
    return out.filter(ImageFilter.GaussianBlur(0.5))


def draw_ruler(picture: Image.Image, gap_px: float, _: np.random.Generator) -> Image.Image:
    """Draw dark ticks every ``gap_px`` along the lower side."""
    out = picture.copy()
    draw = ImageDraw.Draw(out)
    for index in range(int(picture.width / gap_px)):
        x = round(index * gap_px)
        length_px = picture.height * (0.12 if index % 5 == 0 else 0.08)
        draw.line([x, picture.height - length_px, x, picture.height], (20, 20, 20), 1)
    return out


FRAME_CORRUPTIONS = (
    Corruption("Gaussian blur", "sigma, px", (0.75, 1.5, 3.0), gaussian_blur),
    Corruption("motion blur", "path, px", (3.0, 6.0, 12.0), motion_blur),
    Corruption("underexposure", "stops", (-1.0, -3.0, -5.0), expose),
    Corruption("gamma", "exponent", (1.5, 2.5, 4.0), gamma),
    Corruption("overexposure", "stops", (1.0, 2.0, 3.0), expose),
    Corruption("glare", "spots", (2.0, 6.0, 15.0), add_glare),
    Corruption("fog", "contrast lost", (0.5, 0.8, 0.95), flatten),
    Corruption("colour cast", "stops", (0.3, 0.6, 1.0), tint),
    Corruption("too far", "size", (0.5, 0.25, 0.12), shrink_into_skin),
    Corruption("downscaling", "size", (0.5, 0.25, 0.12), downscale),
    Corruption("hair", "hairs", (5.0, 20.0, 60.0), add_hair),
    Corruption("pen", "width, px", (2.0, 4.0), draw_pen),
    Corruption("ruler", "gap, px", (6.0, 10.0, 16.0), draw_ruler),
    Corruption("noise", "levels", (4.0, 10.0, 20.0), add_noise),
)
