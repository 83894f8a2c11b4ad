"""Pictures for the tests, all drawn by code, and the many ways in which a file can be wrong."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from training.pictures.synthetic import Look, draw_lesion

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Any

_EXIF_ORIENTATION = 0x0112


def lesion(look: Look = Look.ASYMMETRIC_DARK, size_px: int = 480, seed: int = 10) -> Image.Image:
    """A drawing; with this seed the released model takes every look for a lesion."""
    return draw_lesion(seed, size_px, look)


def unknown(size_px: int = 480) -> Image.Image:
    """A drawing that the released model takes for no lesion."""
    return lesion(Look.PEARLY_PINK, size_px, seed=2)


def png(picture: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", **options)
    return out.getvalue()


def jpeg(picture: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", **{"quality": 92, **options})
    return out.getvalue()


def film(path: Path, pictures: Iterable[Image.Image], frames_each: int = 1) -> Path:
    """Write the pictures as the motion JPEG that Chromium's fake camera plays in a loop."""
    return scenes(path, [(picture, frames_each) for picture in pictures])


def scenes(path: Path, shots: Iterable[tuple[Image.Image, int]]) -> Path:
    """Write a film in which each picture stands for so many frames, about 30 a second."""
    frames = [jpeg(picture.resize((640, 480))) * count for picture, count in shots]
    path.write_bytes(b"".join(frames))
    return path


def dark(picture: Image.Image) -> Image.Image:
    """The picture as if almost no light fell on it."""
    return picture.point(lambda level: level // 8)


def faded(picture: Image.Image) -> Image.Image:
    """The picture with half of its colour, of which the page warns."""
    return ImageEnhance.Color(picture).enhance(0.5)


def blurred(picture: Image.Image) -> Image.Image:
    """The picture out of focus."""
    return picture.filter(ImageFilter.GaussianBlur(max(picture.size) / 60))


def far(picture: Image.Image, share: float = 0.14) -> Image.Image:
    """The picture set small into plain ground that is lit and grained like it."""
    border = np.asarray(picture)[: picture.height // 12]
    rng = np.random.default_rng(1)
    drawn = rng.integers(0, border.shape[0] * border.shape[1], (picture.height, picture.width))
    ground = Image.fromarray(border.reshape(-1, 3)[drawn])
    size = (round(picture.width * share), round(picture.height * share))
    mask = Image.new("L", size, 0)
    mask.paste(255, (size[0] // 8, size[1] // 8, size[0] * 7 // 8, size[1] * 7 // 8))
    mask = mask.filter(ImageFilter.GaussianBlur(max(size) / 24))
    place = ((picture.width - size[0]) // 2, (picture.height - size[1]) // 2)
    ground.paste(picture.resize(size), place, mask)
    return ground


def wide(picture: Image.Image) -> Image.Image:
    """A picture of 4:3 with the given square in its middle."""
    side = picture.height
    ground = picture.resize((side * 4 // 3, side))
    ground.paste(picture, ((ground.width - side) // 2, 0))
    return ground


def turned(picture: Image.Image, kind: str = "JPEG") -> bytes:
    """A picture that lies on its side and whose EXIF says so."""
    exif = Image.Exif()
    exif[_EXIF_ORIENTATION] = 6  # turn by 90 degrees to the right to see it upright
    buffer = io.BytesIO()
    picture.transpose(Image.Transpose.ROTATE_90).save(buffer, kind, exif=exif)
    return buffer.getvalue()


def cmyk(picture: Image.Image) -> bytes:
    return jpeg(picture.convert("CMYK"))


def grey_16_bit(picture: Image.Image) -> bytes:
    samples = np.asarray(picture.convert("L")).astype(np.uint16) * 257
    return png(Image.fromarray(samples))


def rgb_16_bit(picture: Image.Image) -> bytes:
    """An RGB PNG of 16 bits a channel, which Pillow can read but not write."""
    samples = (np.asarray(picture).astype(">u2") * 257).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in samples)

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", picture.width, picture.height, 16, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def with_alpha(picture: Image.Image) -> bytes:
    """An RGBA PNG with a narrow transparent edge: a wide one would be burnt out."""
    alpha = Image.new("L", picture.size, 0)
    edge = picture.width // 60
    alpha.paste(255, (edge, edge, picture.width - edge, picture.height - edge))
    copy = picture.copy()
    copy.putalpha(alpha)
    return png(copy)


def palette(picture: Image.Image) -> bytes:
    return png(picture.quantize(128))


def animation(*pictures: Image.Image) -> bytes:
    out = io.BytesIO()
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:], duration=100, loop=0)
    return out.getvalue()


def display_p3(picture: Image.Image) -> bytes:
    """A JPEG whose colours are meant in Display P3."""
    return jpeg(picture, icc_profile=_display_p3_profile())


def _display_p3_profile() -> bytes:
    """The smallest profile that says Display P3: primaries (D50) and the sRGB curve."""

    def fixed(*values: float) -> bytes:
        return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))

    curve = b"para\0\0\0\0\0\3\0\0" + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    tags = {
        b"wtpt": b"XYZ \0\0\0\0" + fixed(0.9642, 1.0, 0.8249),
        b"rXYZ": b"XYZ \0\0\0\0" + fixed(0.5151, 0.2412, -0.0011),
        b"gXYZ": b"XYZ \0\0\0\0" + fixed(0.2920, 0.6922, 0.0419),
        b"bXYZ": b"XYZ \0\0\0\0" + fixed(0.1571, 0.0666, 0.7841),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    offset = 128 + 4 + 12 * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    for name, tag in tags.items():
        table += struct.pack(">4sII", name, offset + len(data), len(tag))
        data += tag
    header = bytearray(128)
    header[0:4] = struct.pack(">I", offset + len(data))
    header[8:12] = b"\4\0\0\0"
    header[12:24] = b"mntrRGB XYZ "
    header[36:40] = b"acsp"
    header[68:80] = fixed(0.9642, 1.0, 0.8249)
    return bytes(header) + table + data


def large(picture: Image.Image, width_px: int, height_px: int) -> Image.Image:
    """A picture of many pixels, smooth, so that its file is small."""
    return picture.resize((width_px, height_px), Image.Resampling.BILINEAR)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><circle r="90"/></svg>'
