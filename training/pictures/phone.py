"""What phones and people do to a picture before the page sees it, each change drawn by code.

Every function takes a frame at true aspect, RGB, whose longest side is ``FRAME_SIDE_PX``, and
returns a frame of any size. Numpy and Pillow only. The amounts are in ``phone_changes``.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from lentigo.picture import framing
from training.pictures.data import FRAME_SIDE_PX

# The longest side that the page's decoder keeps (``lentigo.picture.decode``).
LARGEST_SIDE_PX = 1024


def saturation(frame: Image.Image, factor: float) -> Image.Image:
    """Keep this share of the colour: a filter, or the settings of an app."""
    return ImageEnhance.Color(frame).enhance(factor)


def toned(frame: Image.Image, light: tuple[int, int, int]) -> Image.Image:
    """Take the colour away and give everything one hue: sepia, or a grey print in warm light."""
    red, green, blue = (level // 8 for level in light)
    return ImageOps.colorize(frame.convert("L"), (red, green, blue), light)


def contrast(frame: Image.Image, factor: float) -> Image.Image:
    """Bring all levels nearer to the mean grey, or farther from it above 1."""
    return ImageEnhance.Contrast(frame).enhance(factor)


def shadowed(frame: Image.Image, stops: float) -> Image.Image:
    """Let the light fall by so many stops across the frame: a hand's or the phone's shadow."""
    levels = np.asarray(frame, dtype=np.float32)
    ramp = 2.0 ** (-stops * np.linspace(0.0, 1.0, frame.width) / 2.2)
    return Image.fromarray(np.rint(levels * ramp[None, :, None]).astype(np.uint8))


def skin_ground(frame: Image.Image, size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    """Draw a ground of the frame's own skin colour with a little texture, RGB."""
    colour = framing.read_scene(framing.shrink(frame)).skin_rgb
    width, height = size
    texture = rng.normal(0.0, 4.0, (height, width)).astype(np.float32)
    slow = Image.fromarray(rng.normal(0.0, 6.0, (12, 12)).astype(np.float32))
    texture += np.asarray(slow.resize(size, Image.Resampling.BICUBIC))
    levels = colour[None, None, :] + texture[..., None]
    return Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8))


def _soft_mask(size: tuple[int, int]) -> Image.Image:
    edge_px = max(2, min(size) // 8)
    mask = Image.new("L", size, 0)
    mask.paste(255, (edge_px, edge_px, size[0] - edge_px, size[1] - edge_px))
    return mask.filter(ImageFilter.BoxBlur(edge_px / 2))


def from_afar(frame: Image.Image, share: float, rng: np.random.Generator) -> Image.Image:
    """Show the scene at ``share`` of the side, in the middle of more skin.

    The camera has more pixels than the stored picture, up to what the page's decoder keeps.
    """
    scale = min(1.0 / share, LARGEST_SIDE_PX / FRAME_SIDE_PX)
    size = (round(frame.width * scale), round(frame.height * scale))
    inner = (max(8, round(size[0] * share)), max(8, round(size[1] * share)))
    out = skin_ground(frame, size, rng)
    small = frame.resize(inner, Image.Resampling.LANCZOS)
    place = ((size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2)
    out.paste(small, place, _soft_mask(inner))
    return out


def lesion_at(frame: Image.Image, share: float, rng: np.random.Generator) -> Image.Image:
    """Photograph from so far that the located lesion fills only ``share`` of the side."""
    lesion = framing.locate(framing.shrink(frame))
    filled = framing.size_share(lesion, *frame.size) if lesion else framing.TRAINING_SIZE_SHARE
    return from_afar(frame, share / filled, rng) if filled > share else frame


def _on_skin_of(other: Image.Image, frame: Image.Image) -> Image.Image:
    """Return another picture at the frame's size, its skin brought to the frame's colour."""
    here, there = (
        framing.read_scene(framing.shrink(picture)).skin_rgb for picture in (frame, other)
    )
    levels = np.asarray(other.resize(frame.size, Image.Resampling.BILINEAR), dtype=np.float32)
    levels *= here / np.maximum(there, 1.0)
    return Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8))


def stacked(frame: Image.Image, other: Image.Image) -> Image.Image:
    """Put another picture below, as an app joins two photos: the square holds half of each."""
    below = other.resize(frame.size, Image.Resampling.BILINEAR)
    out = Image.new("RGB", (frame.width, 2 * frame.height))
    out.paste(frame, (0, 0))
    out.paste(below, (0, frame.height))
    return out


def beside(frame: Image.Image, other: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Show two spots on one skin, side by side, each half as large as before."""
    out = skin_ground(frame, (frame.width * 2, frame.height * 2), rng)
    mask, top_px = _soft_mask(frame.size), frame.height // 2
    out.paste(frame, (0, top_px), mask)
    out.paste(_on_skin_of(other, frame), (frame.width, top_px), mask)
    return out


def elsewhere(
    frame: Image.Image, other: Image.Image, aspect: float, rng: np.random.Generator
) -> Image.Image:
    """Show the mole in the middle of a wide photo, and the frame's spot at its edge.

    The spot is as large as fits beside the square that the page judges.
    """
    height_px = min(2 * frame.height, round(LARGEST_SIDE_PX / aspect))
    width_px = round(height_px * aspect)
    out = skin_ground(frame, (width_px, height_px), rng)
    for picture, room_px, middle_px in (
        (_on_skin_of(other, frame), height_px * 0.9, width_px / 2),
        (frame, (width_px - height_px) / 2, (width_px - height_px) / 4),
    ):
        scale = min(room_px / picture.width, height_px / picture.height)
        size = (round(picture.width * scale), round(picture.height * scale))
        shown = picture.resize(size, Image.Resampling.LANCZOS)
        place = (round(middle_px - size[0] / 2), (height_px - size[1]) // 2)
        out.paste(shown, place, _soft_mask(size))
    return out


def cut_away(frame: Image.Image, share: float, rng: np.random.Generator) -> Image.Image:
    """Leave out this share of the lesion at one side of the frame."""
    lesion = framing.locate(framing.shrink(frame))
    left, top, right, bottom = lesion.box if lesion else (0.25, 0.25, 0.75, 0.75)
    across, down = share * (right - left), share * (bottom - top)
    kept = (
        (left + across, 0.0, 1.0, 1.0),
        (0.0, 0.0, right - across, 1.0),
        (0.0, top + down, 1.0, 1.0),
        (0.0, 0.0, 1.0, bottom - down),
    )[int(rng.integers(4))]
    width, height = frame.size
    x0, y0, x1, y1 = (round(e * side) for e, side in zip(kept, (width, height) * 2, strict=True))
    return frame.crop((min(x0, width - 32), min(y0, height - 32), max(x1, 32), max(y1, 32)))


def printed(frame: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Photograph a print: paper's range of tones, less colour, dots of ink, a little soft."""
    paper = ImageEnhance.Color(frame).enhance(0.8)
    paper = paper.point([round(35 + level * (235 - 35) / 255) for level in range(256)] * 3)
    dots = rng.normal(0.0, 5.0, (frame.height, frame.width, 3))
    levels = np.clip(np.rint(np.asarray(paper, dtype=np.float64) + dots), 0, 255)
    return Image.fromarray(levels.astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.5))


def on_screen(frame: Image.Image) -> Image.Image:
    """Photograph a screen: its lines beat with the sensor's, blacks are grey, light is cold."""
    levels = np.asarray(frame, dtype=np.float32)
    down, across = np.mgrid[: frame.height, : frame.width]
    beat = 1.0 + 0.06 * np.sin(down * 0.9 + across * 0.12)
    levels = (20.0 + levels * (235.0 / 255.0)) * beat[..., None] * (0.96, 1.0, 1.06)
    return Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8))


def with_gel(frame: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Cover with gel: rings of bubbles, each with a reflection, and a sheen over all."""
    out = Image.blend(frame, Image.new("RGB", frame.size, (255, 255, 255)), 0.06)
    draw = ImageDraw.Draw(out)
    for _ in range(14):
        x, y = rng.uniform((0, 0), frame.size)
        radius_px = float(rng.uniform(0.015, 0.05)) * min(frame.size)
        box = (x - radius_px, y - radius_px, x + radius_px, y + radius_px)
        draw.ellipse(box, outline=(235, 225, 220), width=1)
        bright_px = radius_px * 0.3
        draw.ellipse((x - bright_px, y - bright_px, x, y), fill=(252, 252, 252))
    return out.filter(ImageFilter.GaussianBlur(0.4))


def with_flash(frame: Image.Image) -> Image.Image:
    """Light the middle by a flash: a stop more there, half a stop less at the corners."""
    down, across = np.mgrid[: frame.height, : frame.width].astype(np.float32)
    down, across = down / frame.height * 2 - 1, across / frame.width * 2 - 1
    stops = 1.0 * np.exp(-(down**2 + across**2) / 0.18) - 0.4
    levels = np.asarray(frame, dtype=np.float32) * 2.0 ** (stops[..., None] / 2.2)
    return Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8))


def thumbnail(frame: Image.Image, side_px: int) -> Image.Image:
    """Keep a thumbnail of so many pixels on the longest side."""
    out = frame.copy()
    out.thumbnail((side_px, side_px), Image.Resampling.BILINEAR)
    return out


def enlarged(frame: Image.Image, side_px: int, size_px: int) -> Image.Image:
    """Enlarge a thumbnail again, as messengers show it."""
    small = thumbnail(frame, side_px)
    scale = size_px / max(small.size)
    size = (round(small.width * scale), round(small.height * scale))
    return small.resize(size, Image.Resampling.BICUBIC)


def disc(
    frame: Image.Image, ground: tuple[int, int, int], share: float, aspect: float = 4 / 3
) -> Image.Image:
    """Cut the largest circle out of the frame's middle, on a ground of one colour.

    The circle's diameter is ``share`` of the shorter side of a ground of ``aspect``.
    """
    side_px = min(frame.size)
    left_px, top_px = (frame.width - side_px) // 2, (frame.height - side_px) // 2
    square = frame.crop((left_px, top_px, left_px + side_px, top_px + side_px))
    mask = Image.new("L", (4 * side_px, 4 * side_px), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, 4 * side_px - 1, 4 * side_px - 1), fill=255)
    height_px = round(side_px / share)
    out = Image.new("RGB", (round(height_px * aspect), height_px), ground)
    place = ((out.width - side_px) // 2, (out.height - side_px) // 2)
    out.paste(square, place, mask.resize(square.size, Image.Resampling.LANCZOS))
    return out


def bars(frame: Image.Image, colour: tuple[int, int, int], aspect: float) -> Image.Image:
    """Show the frame in the middle of a screen of this aspect, with bars of one colour."""
    width = max(frame.width, round(frame.height * aspect))
    height = max(frame.height, round(width / aspect))
    out = Image.new("RGB", (width, height), colour)
    out.paste(frame, ((width - frame.width) // 2, (height - frame.height) // 2))
    return out


def tilted(frame: Image.Image, share: float) -> Image.Image:
    """See the skin at a slant: the far side is this much shorter than the near one."""
    width, height = frame.size
    inset = share / 2 * width
    quad = (0, 0, inset, height, width - inset, height, width, 0)
    return frame.transform(frame.size, Image.Transform.QUAD, quad, Image.Resampling.BILINEAR)


def squeezed(frame: Image.Image, factor: float) -> Image.Image:
    """Make it narrower by a factor, as careless apps do."""
    size = (round(frame.width * factor), frame.height)
    return frame.resize(size, Image.Resampling.BILINEAR)


def recompressed(frame: Image.Image, quality: int) -> Image.Image:
    """Send it through a messenger: JPEG of this quality."""
    buffer = io.BytesIO()
    frame.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def rotated(frame: Image.Image, angle_deg: float) -> Image.Image:
    """Turn about the centre; what comes into the corners is mirrored skin."""
    margin = max(frame.size) // 2
    padding = ((margin,) * 2, (margin,) * 2, (0, 0))
    wide = Image.fromarray(np.pad(np.asarray(frame), padding, "reflect"))
    turned = wide.rotate(angle_deg, Image.Resampling.BILINEAR)
    return turned.crop((margin, margin, margin + frame.width, margin + frame.height))


def zoomed(frame: Image.Image, factor: float) -> Image.Image:
    """Keep the middle 1/factor of each side."""
    inset_x, inset_y = (side * (1 - 1 / factor) / 2 for side in frame.size)
    box = (inset_x, inset_y, frame.width - inset_x, frame.height - inset_y)
    return frame.resize(frame.size, Image.Resampling.BILINEAR, box=box)


def shifted(frame: Image.Image, share: float, rng: np.random.Generator) -> Image.Image:
    """Move the scene by a share of the sides, up, down, left or right."""
    down, across = ((0, 1), (0, -1), (1, 0), (-1, 0))[int(rng.integers(4))]
    pad_x, pad_y = round(share * frame.width), round(share * frame.height)
    padding = ((pad_y,) * 2, (pad_x,) * 2, (0, 0))
    wide = Image.fromarray(np.pad(np.asarray(frame), padding, "reflect"))
    left, top = pad_x + across * pad_x, pad_y + down * pad_y
    return wide.crop((left, top, left + frame.width, top + frame.height))


def smoothed(frame: Image.Image, size_px: int) -> Image.Image:
    """Smooth the skin as portrait modes do: a median filter."""
    return frame.filter(ImageFilter.MedianFilter(size_px))
