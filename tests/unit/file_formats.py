"""Every kind of file that a visitor might choose, made by code, and what must become of it.

``CASES`` is the table of formats and outcomes; ``docs/formats.md`` is written from it. Nothing here
needs more than Pyodide's Pillow, which writes no Deflate in TIFF, no AVIF and no JPEG 2000.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from lentigo.errors import (
    BrokenPictureError,
    EmptyFileError,
    HostDecodableError,
    NotAPictureError,
    PictureTooSmallError,
    UnsupportedPictureError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lentigo.errors import PictureError

ORIENTATION = 0x0112
WIDTH_PX, HEIGHT_PX = 120, 90


def scene(width_px: int = WIDTH_PX, height_px: int = HEIGHT_PX) -> Image.Image:
    """A brown disc off the middle of skin that darkens to the right: no two corners are alike."""
    y, x = np.mgrid[0:height_px, 0:width_px].astype(np.float64)
    shade = 1 - 0.3 * x / width_px - 0.1 * y / height_px
    skin = np.stack([230 * shade, 180 * shade, 155 * shade], axis=-1)
    radius = np.hypot(x / width_px - 0.4, (y - 0.45 * height_px) / width_px)
    skin[radius < 0.2] = (95, 55, 40)
    return Image.fromarray(np.rint(skin).astype(np.uint8))


SCENE = scene()


def saved(picture: Image.Image, file_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, file_format, **options)
    return buffer.getvalue()


def exif(orientation: int) -> Image.Exif:
    made = Image.Exif()
    made[ORIENTATION] = orientation
    return made


# --- PNG, chunk by chunk -------------------------------------------------------------------------


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_with(name: bytes, body: bytes, picture: Image.Image = SCENE) -> bytes:
    """A PNG with one more chunk, before its pixels."""
    plain = saved(picture, "PNG")
    return plain[:33] + chunk(name, body) + plain[33:]


def raw_png(samples: np.ndarray[Any, Any], depth: int, colour_type: int) -> bytes:
    """A PNG of rows of big-endian samples."""
    rows = b"".join(b"\0" + row.tobytes() for row in samples)
    header = struct.pack(
        ">IIBBBBB", samples.shape[1], samples.shape[0], depth, colour_type, 0, 0, 0
    )
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def interlaced_png() -> bytes:
    """Adam7: seven passes, each a picture of every so many pixels."""
    samples = np.asarray(SCENE)
    rows = b""
    for x, y, dx, dy in (
        *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
        *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
    ):
        rows += b"".join(b"\0" + row.tobytes() for row in samples[y::dy, x::dx])
    header = struct.pack(">IIBBBBB", WIDTH_PX, HEIGHT_PX, 8, 2, 0, 0, 1)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def sixteen(picture: Image.Image, shift: int = 8) -> np.ndarray[Any, Any]:
    """The picture's samples in 16 bits; a shift of 4 uses only 12 of them."""
    return np.asarray(picture).astype(np.uint16) << shift


def linear_png(gamma: bytes = b"gAMA") -> bytes:
    """The scene in linear light of 8 bits, which its gAMA says."""
    encoded = np.asarray(SCENE) / 255
    light = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    levels = Image.fromarray(np.rint(light * 255).astype(np.uint8))
    return png_with(gamma, struct.pack(">I", 100_000), levels)


def packed_profile(profile: bytes) -> bytes:
    return b"profile\0\0" + zlib.compress(profile)


# --- TIFF, tag by tag ----------------------------------------------------------------------------

_SHORT, _LONG = 3, 4


def tiff(
    samples: bytes | list[bytes], width_px: int, height_px: int, order: str = "<", **tags: Any
) -> bytes:
    """A TIFF of one directory; ``samples`` are its strips, a tag is given as ``t258=(8, 8)``."""
    strips = [samples] if isinstance(samples, bytes) else samples
    offsets = [8 + sum(len(strip) for strip in strips[:index]) for index in range(len(strips))]
    entries: dict[int, tuple[int, ...]] = {
        **{256: (width_px,), 257: (height_px,), 258: (8,), 259: (1,), 262: (1,), 277: (1,)},
        **{273: tuple(offsets), 278: (height_px,), 279: tuple(len(strip) for strip in strips)},
        **{int(name[1:]): value for name, value in tags.items()},
    }
    body = b"".join(strips)
    start = 8 + len(body)
    after = start + 2 + 12 * len(entries) + 4
    directory, values = struct.pack(f"{order}H", len(entries)), b""
    for tag, numbers in sorted(entries.items()):
        kind, letter = (_LONG, "I") if tag in {273, 279} else (_SHORT, "H")
        packed = struct.pack(f"{order}{len(numbers)}{letter}", *numbers)
        if len(packed) > 4:
            field = struct.pack(f"{order}I", after + len(values))
            values += packed
        else:
            field = packed.ljust(4, b"\0")
        directory += struct.pack(f"{order}HHI", tag, kind, len(numbers)) + field
    mark = b"II*\0" if order == "<" else b"MM\0*"
    head = mark + struct.pack(f"{order}I", start)
    return head + body + directory + b"\0\0\0\0" + values


def rgb_tiff(**tags: Any) -> bytes:
    given: dict[str, Any] = {"t258": (8, 8, 8), "t262": (2,), "t277": (3,), **tags}
    return tiff(SCENE.tobytes(), WIDTH_PX, HEIGHT_PX, **given)


def planar_tiff(depth: int) -> bytes:
    bands = [np.asarray(band).astype("<u2") * 257 for band in SCENE.split()]
    planes = [
        band.tobytes() if depth == 16 else (band >> 8).astype("u1").tobytes() for band in bands
    ]
    given: dict[str, Any] = {"t258": (depth,) * 3, "t262": (2,), "t277": (3,), "t284": (2,)}
    return tiff(planes, WIDTH_PX, HEIGHT_PX, **given)


def rgb16_tiff(order: str, shift: int = 8) -> bytes:
    samples = sixteen(SCENE, shift).astype(f"{order}u2").tobytes()
    given: dict[str, Any] = {"t258": (16, 16, 16), "t262": (2,), "t277": (3,)}
    return tiff(samples, WIDTH_PX, HEIGHT_PX, order, **given)


def grey16_tiff(order: str, shift: int = 8) -> bytes:
    samples = sixteen(SCENE.convert("L"), shift).astype(f"{order}u2").tobytes()
    return tiff(samples, WIDTH_PX, HEIGHT_PX, order, t258=(16,))


# --- other formats -------------------------------------------------------------------------------


def without_adobe(jpeg: bytes) -> bytes:
    """A JPEG without its Adobe segment, which tells CMYK from YCCK and who inverts it."""
    start = jpeg.index(b"\xff\xee")
    (length,) = struct.unpack_from(">H", jpeg, start + 2)
    return jpeg[:start] + jpeg[start + 2 + length :]


def with_exif_in_jpeg(body: bytes) -> bytes:
    plain = saved(SCENE, "JPEG", quality=95)
    segment = b"Exif\0\0" + body
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + plain[2:]


def lossless_jpeg(frame: int, precision: int = 8) -> bytes:
    """A JPEG whose frame header says another process, or another number of bits a sample."""
    plain = saved(SCENE, "JPEG")
    start = plain.index(b"\xff\xc0")
    return (
        plain[: start + 1]
        + bytes([frame])
        + plain[start + 2 : start + 4]
        + bytes([precision])
        + plain[start + 5 :]
    )


def run_length_bmp() -> bytes:
    """Eight bits, one run for each row."""
    rows = b"".join(bytes([WIDTH_PX, row, 0, 0]) for row in range(HEIGHT_PX)) + b"\0\1"
    palette = b"".join(bytes([level, level, level, 0]) for level in range(256))
    header = struct.pack("<IiiHHIIiiII", 40, WIDTH_PX, HEIGHT_PX, 1, 8, 1, len(rows), 0, 0, 256, 0)
    offset = 14 + len(header) + len(palette)
    return struct.pack("<2sIHHI", b"BM", offset + len(rows), 0, 0, offset) + header + palette + rows


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def heif(brand: bytes, *others: bytes, payload: int = 3000) -> bytes:
    """The outermost boxes of a HEIC, AVIF, film …: enough to tell what it is."""
    kinds = box(b"ftyp", brand + b"\0\0\0\0" + b"".join(others))
    return kinds + box(b"meta", bytes(200)) + box(b"mdat", bytes(payload))


def lab_tiff() -> bytes:
    return rgb_tiff(t262=(8,))


def made_by_pillow(file_format: str, mode: str = "RGB", **options: Any) -> bytes:
    return saved(SCENE.convert(mode), file_format, **options)


def animation(file_format: str) -> bytes:
    others = [Image.new("RGB", SCENE.size, colour) for colour in ("blue", "lime")]
    return saved(SCENE, file_format, save_all=True, append_images=others, duration=100)


def cut_out() -> Image.Image:
    """The scene with its right half transparent."""
    picture = SCENE.copy()
    alpha = Image.new("L", SCENE.size, 0)
    alpha.paste(255, (0, 0, WIDTH_PX // 2, HEIGHT_PX))
    picture.putalpha(alpha)
    return picture


def on_white() -> Image.Image:
    picture = Image.new("RGB", SCENE.size, "white")
    picture.paste(SCENE.crop((0, 0, WIDTH_PX // 2, HEIGHT_PX)))
    return picture


def palette_with_transparency() -> bytes:
    picture = Image.new("P", SCENE.size, 0)
    picture.putpalette([10, 20, 30] * 256)
    return saved(picture, "PNG", transparency=0)


def begins(magic: bytes) -> bytes:
    """A file of which only the first bytes matter."""
    return magic + bytes(300)


# --- the table -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One row: a file, and the picture that it holds or the error that it meets.

    ``tolerance`` is the largest mean difference in levels 0..255 between what is decoded and
    ``shows``; ``words`` must stand in the error's message.
    """

    group: str
    variant: str
    make: Callable[[], bytes]
    refusal: type[PictureError] | None = None
    words: str = ""
    shows: Callable[[], Image.Image] = scene
    tolerance: float = 0.5

    @property
    def name(self) -> str:
        return f"{self.group}: {self.variant}"


def _grey() -> Image.Image:
    return SCENE.convert("L").convert("RGB")


def _upright() -> Image.Image:
    return SCENE


def _lying() -> Image.Image:
    return SCENE.transpose(Image.Transpose.ROTATE_90)


def _white() -> Image.Image:
    return Image.new("RGB", SCENE.size, "white")


def _two_levels() -> Image.Image:
    return SCENE.convert("1").convert("RGB")


JUNK = b"junk, not a directory" * 3
_LONG_TEXT = b"note\0" + b"x" * 2_000_000
_COMPRESSED_TEXT = b"note\0\0" + zlib.compress(b"x" * 2_000_000)
_LOSSY = 3.0  # JPEG and WebP at good quality; measured: under 2
_PALETTE = 6.0

_jpeg = partial(saved, SCENE, "JPEG", quality=95)


def _decoded() -> Iterable[Case]:
    case = partial(Case, tolerance=_LOSSY)
    yield case("JPEG", "baseline", _jpeg)
    yield case("JPEG", "progressive", partial(_jpeg, progressive=True))
    yield case("JPEG", "grey", lambda: made_by_pillow("JPEG", "L", quality=95), shows=_grey)
    yield case("JPEG", "CMYK", lambda: made_by_pillow("JPEG", "CMYK", quality=95))
    yield case(
        "JPEG",
        "CMYK without Adobe’s mark",
        lambda: without_adobe(made_by_pillow("JPEG", "CMYK", quality=95)),
    )
    yield case("JPEG", "several pictures in one (MPO)", lambda: animation("MPO"))
    yield case("JPEG", "on its side", lambda: saved(_lying(), "JPEG", quality=95, exif=exif(6)))
    yield case("JPEG", "junk as EXIF", lambda: with_exif_in_jpeg(JUNK))
    yield case("JPEG", "junk as colour profile", partial(_jpeg, icc_profile=JUNK * 9))
    yield from _decoded_png()
    yield case("WebP", "lossy", partial(saved, SCENE, "WEBP", quality=95))
    yield Case("WebP", "lossless", partial(saved, SCENE, "WEBP", lossless=True))
    yield Case(
        "WebP",
        "transparent",
        lambda: saved(cut_out(), "WEBP", lossless=True),
        shows=on_white,
    )
    yield case("WebP", "animated (its first picture)", lambda: animation("WEBP"))
    yield case("WebP", "junk as EXIF", partial(saved, SCENE, "WEBP", quality=95, exif=JUNK))
    yield case("WebP", "on its side", lambda: saved(_lying(), "WEBP", quality=95, exif=exif(6)))
    yield Case("GIF", "still", partial(saved, SCENE, "GIF"), tolerance=_PALETTE)
    yield Case("GIF", "animated (its first picture)", lambda: animation("GIF"), tolerance=_PALETTE)
    yield Case("BMP", "24 bits", partial(saved, SCENE, "BMP"))
    yield Case("BMP", "grey", lambda: made_by_pillow("BMP", "L"), shows=_grey)
    yield Case("BMP", "one bit", lambda: made_by_pillow("BMP", "1"), shows=_two_levels)
    yield from _decoded_tiff()


def _decoded_png() -> Iterable[Case]:
    case = partial(Case, "PNG")
    yield case("colour", partial(saved, SCENE, "PNG"))
    yield case("grey", lambda: made_by_pillow("PNG", "L"), shows=_grey)
    yield case("one bit", lambda: made_by_pillow("PNG", "1"), shows=_two_levels)
    yield case("palette", lambda: saved(SCENE.quantize(200), "PNG"), tolerance=_PALETTE)
    yield case("palette with transparency", palette_with_transparency, shows=_white)
    yield case("transparent", lambda: saved(cut_out(), "PNG"), shows=on_white)
    yield case(
        "grey, transparent",
        lambda: saved(cut_out().convert("LA"), "PNG"),
        shows=lambda: on_white().convert("L").convert("RGB"),
    )
    yield case("interlaced", interlaced_png)
    yield case("animated (its first picture)", lambda: animation("PNG"))
    yield case(
        "16 bits of grey",
        lambda: raw_png(sixteen(SCENE.convert("L")).astype(">u2"), 16, 0),
        shows=_grey,
    )
    yield case(
        "12 bits of grey in 16",
        lambda: raw_png(sixteen(SCENE.convert("L"), 4).astype(">u2"), 16, 0),
        shows=_grey,
    )
    yield case("16 bits of colour", lambda: raw_png(sixteen(SCENE).astype(">u2"), 16, 2))
    yield case("on its side", lambda: saved(_lying(), "PNG", exif=exif(6)))
    yield case("junk as EXIF", lambda: png_with(b"eXIf", JUNK))
    yield case("junk as colour profile", lambda: png_with(b"iCCP", JUNK))
    yield case("a broken profile", lambda: png_with(b"iCCP", packed_profile(JUNK * 9)))
    yield case("a long text", lambda: png_with(b"tEXt", _LONG_TEXT))
    yield case("a long compressed text", lambda: png_with(b"zTXt", _COMPRESSED_TEXT))
    yield case("linear light (gAMA)", linear_png, tolerance=1.5)
    yield case("gAMA and cHRM of sRGB", srgb_by_numbers)
    yield case("gAMA of junk", lambda: png_with(b"gAMA", b"\0\0\0\0"))
    yield case("cHRM of junk", lambda: chrm_png(bytes(32)))
    yield case("cICP of sRGB", lambda: png_with(b"cICP", bytes([1, 13, 0, 1])))


def chrm_png(body: bytes) -> bytes:
    plain = png_with(b"gAMA", struct.pack(">I", 45455))
    return plain[:33] + chunk(b"cHRM", body) + plain[33:]


def srgb_by_numbers() -> bytes:
    numbers = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
    return chrm_png(struct.pack(">8I", *numbers))


def _decoded_tiff() -> Iterable[Case]:
    case = partial(Case, "TIFF")
    yield case("colour", rgb_tiff)
    yield case("LZW", partial(saved, SCENE, "TIFF", compression="tiff_lzw"))
    yield case("PackBits", partial(saved, SCENE, "TIFF", compression="packbits"))
    yield case(
        "fax",
        lambda: saved(SCENE.convert("1"), "TIFF", compression="group4"),
        shows=_two_levels,
    )
    yield case("grey", lambda: made_by_pillow("TIFF", "L"), shows=_grey)
    yield case("palette", lambda: saved(SCENE.quantize(200), "TIFF"), tolerance=_PALETTE)
    yield case("CMYK", lambda: made_by_pillow("TIFF", "CMYK"))
    yield case("transparent", lambda: saved(cut_out(), "TIFF"), shows=on_white)
    yield case("8 bits in planes", lambda: planar_tiff(8))
    for order, word in (("<", "little"), (">", "big")):
        yield case(f"16 bits of colour, {word}-endian", partial(rgb16_tiff, order))
        yield case(f"16 bits of grey, {word}-endian", partial(grey16_tiff, order), shows=_grey)
    yield case(
        "16 bits of grey, LZW",
        lambda: saved(Image.fromarray(sixteen(SCENE.convert("L"))), "TIFF", compression="tiff_lzw"),
        shows=_grey,
    )
    yield case("12 bits of grey in 16", partial(grey16_tiff, "<", 4), shows=_grey)
    yield case(
        "floating-point grey",
        lambda: saved(Image.fromarray(_relative_light()), "TIFF"),
        shows=lambda: Image.fromarray(_relative_light() * 255).convert("L").convert("RGB"),
        tolerance=1.0,
    )
    yield case("several pages (the first)", lambda: animation("TIFF"))
    yield case("on its side", lambda: saved(_lying(), "TIFF", exif=exif(6)))


def _relative_light() -> np.ndarray[Any, Any]:
    """The grey scene, 1.0 where it is lightest."""
    grey = np.asarray(SCENE.convert("L")).astype(np.float32)
    return np.asarray(grey / grey.max(), dtype=np.float32)


def _left_to_the_browser() -> Iterable[Case]:
    case = partial(Case, refusal=HostDecodableError)
    for brand in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        yield case("HEIC", brand.decode(), partial(heif, brand, b"mif1"), words="HEIC")
    yield case("HEIC", "of an unknown brand", lambda: heif(b"MiHE", b"miaf"), words="HEIC")
    yield case(
        "HEIC", "with something behind it", lambda: heif(b"heic") + b"SEFT" * 20, words="HEIC"
    )
    yield case("AVIF", "still", lambda: heif(b"avif", b"mif1"), words="AVIF")
    yield case("AVIF", "animated", lambda: heif(b"avis", b"msf1"), words="AVIF")
    yield case("JPEG XL", "bare", lambda: b"\xff\x0a" + bytes(500), words="JPEG XL")
    yield case(
        "JPEG XL",
        "in boxes",
        lambda: box(b"JXL ", b"\r\n\x87\n") + box(b"jxlc", bytes(500)),
        words="JPEG XL",
    )
    yield case(
        "JPEG 2000",
        "in boxes",
        lambda: box(b"jP  ", b"\r\n\x87\n") + box(b"ftyp", b"jp2 ") + box(b"jp2c", bytes(500)),
        words="JPEG 2000",
    )
    yield case("JPEG 2000", "bare", lambda: b"\xff\x4f\xff\x51" + bytes(500), words="JPEG 2000")
    yield case("ICO", "icon", lambda: made_by_pillow("ICO"), words="icon")
    yield case("BMP", "run-length", run_length_bmp, words="BMP")
    other_tiff = partial(case, "TIFF")
    deflated = tiff(
        zlib.compress(SCENE.tobytes()),
        *SCENE.size,
        t258=(8, 8, 8),
        t259=(8,),
        t262=(2,),
        t277=(3,),
    )
    yield other_tiff("Deflate", lambda: deflated, words="Deflate")
    yield other_tiff(
        "JPEG",
        lambda: tiff(_jpeg(), *SCENE.size, t258=(8, 8, 8), t259=(7,), t262=(6,), t277=(3,)),
        words="JPEG",
    )
    yield other_tiff("CIELAB", lab_tiff, words="CIELAB")
    yield other_tiff("16 bits in planes", lambda: planar_tiff(16), words="16 bits")
    yield other_tiff("64-bit offsets (BigTIFF)", lambda: b"II+\0" + bytes(600), words="TIFF")
    yield other_tiff(
        "32 bits of grey", lambda: tiff(bytes(43_200), *SCENE.size, t258=(32,)), words="rare"
    )
    yield other_tiff("unknown compression", lambda: rgb_tiff(t259=(4711,)), words="rare")


def _other_pictures() -> Iterable[Case]:
    case = partial(Case, refusal=UnsupportedPictureError)
    raw = partial(case, "RAW", words="camera’s raw file")
    yield raw("CR2", partial(begins, b"II*\0\x10\0\0\0CR\x02\0"))
    yield raw("CR3", lambda: heif(b"crx ", b"isom"))
    yield raw("DNG", lambda: rgb_tiff(t50706=(1, 4)))
    yield raw("NEF, ARW: a small copy first", lambda: rgb_tiff(t254=(1,)))
    yield raw("PEF", lambda: rgb_tiff(t259=(65535,)))
    yield raw("ORF", partial(begins, b"IIRO"))
    yield raw("RW2", partial(begins, b"IIU\0"))
    yield raw("RAF", partial(begins, b"FUJIFILMCCD-RAW 0201"))
    high = partial(case, "HDR", words="high dynamic range")
    yield high("PNG of PQ", lambda: png_with(b"cICP", bytes([9, 16, 0, 1])))
    yield high("PNG of HLG", lambda: png_with(b"cICP", bytes([9, 18, 0, 1])))
    yield high("JPEG with a profile of PQ", partial(_jpeg, icc_profile=pq_profile()))
    twelve = partial(case, "12 bits of colour in 16", words="12 bits")
    yield twelve("PNG", lambda: raw_png(sixteen(SCENE, 4).astype(">u2"), 16, 2))
    yield twelve("TIFF", lambda: rgb16_tiff("<", 4))
    rare = partial(case, "JPEG of a rare kind", words="rare")
    yield rare("12 bits", lambda: lossless_jpeg(0xC1, precision=12))
    yield rare("lossless", lambda: lossless_jpeg(0xC3))
    yield rare("arithmetic", lambda: lossless_jpeg(0xC9))
    yield rare("JPEG-LS", lambda: lossless_jpeg(0xF7))
    yield case("DICOM", "", lambda: bytes(128) + b"DICM" + bytes(300), words="DICOM")
    yield case("Photoshop", "", partial(begins, b"8BPS\0\1"), words="Photoshop")
    yield case("GIMP", "", partial(begins, b"gimp xcf v011"), words="GIMP")
    yield case("ICNS", "", lambda: made_by_pillow("ICNS"), words="Apple icon")
    yield case("DDS", "", lambda: made_by_pillow("DDS"), words="DDS")
    yield case("BLP", "", lambda: made_by_pillow("BLP", "P"), words="BLP")
    yield case("Netpbm", "PPM", lambda: made_by_pillow("PPM"), words="Netpbm")
    yield case("Netpbm", "PGM as text", lambda: b"P2\n2 2\n255\n0 1 2 3\n", words="Netpbm")
    yield case("QOI", "", lambda: made_by_pillow("QOI"), words="QOI")
    yield case("SGI", "", lambda: made_by_pillow("SGI"), words="SGI")
    yield case("Targa", "", lambda: made_by_pillow("TGA"), words="Targa")
    yield case("PCX", "", lambda: made_by_pillow("PCX"), words="PCX")
    yield case("PCX", "DCX", partial(begins, b"\xb1\x68\xde\x3a"), words="fax")
    yield case("MSP", "", lambda: made_by_pillow("MSP", "1"), words="Paint")
    yield case("CUR", "", lambda: b"\0\0\2\0" + made_by_pillow("ICO")[4:], words="pointer")
    yield case("JPEG XR", "", partial(begins, b"II\xbc\x01"), words="JPEG XR")
    yield case("OpenEXR", "", partial(begins, b"\x76\x2f\x31\x01"), words="OpenEXR")
    yield case("Radiance", "", lambda: b"#?RADIANCE\nFORMAT=32\n", words="Radiance")
    yield case("FTEX", "", partial(begins, b"FTEX"), words="FTEX")
    yield case("Sun raster", "", partial(begins, b"\x59\xa6\x6a\x95"), words="Sun")
    yield case("PIXAR", "", lambda: b"\x80\xe8\0\0" + bytes(600), words="PIXAR")
    yield case("Photo CD", "", lambda: bytes(2048) + b"PCD_IPI" + bytes(99), words="Photo CD")
    yield case("GIMP", "brush", lambda: bytes(20) + b"GIMP" + bytes(99), words="brush")
    yield case("XPM", "", lambda: b"/* XPM */\nstatic char * x[] = {", words="XPM")
    yield case("XV thumbnail", "", lambda: b"P7 332\n#END_OF_COMMENTS\n", words="thumbnail")


def pq_profile() -> bytes:
    """An ICC profile with nothing in it but a cicp tag that says BT.2020 and PQ."""
    header = bytearray(128)
    header[16:20], header[36:40] = b"RGB ", b"acsp"
    tag = b"cicp\0\0\0\0" + bytes([9, 16, 0, 1])
    return bytes(header) + struct.pack(">I4sII", 1, b"cicp", 144, len(tag)) + tag


def _no_pictures() -> Iterable[Case]:
    case = partial(Case, refusal=NotAPictureError)
    yield case("Text", "", lambda: b"Dear doctor,\n" * 20, words="text")
    yield case("Text", "XBM", lambda: made_by_pillow("XBM", "1"), words="text")
    yield case("Web page", "", lambda: b"<!DOCTYPE html><html><body>", words="web page")
    yield case(
        "Drawing", "SVG", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', words="drawing"
    )
    yield case(
        "Drawing",
        "SVG with a prologue",
        lambda: b'\xef\xbb\xbf<?xml version="1.0"?>\n<svg/>',
        words="drawing",
    )
    yield case("Drawing", "EPS", lambda: made_by_pillow("EPS"), words="PostScript")
    yield case("Drawing", "WMF", lambda: b"\xd7\xcd\xc6\x9a\0\0" + bytes(60), words="Windows")
    yield case(
        "Drawing", "EMF", lambda: b"\1\0\0\0" + bytes(36) + b" EMF" + bytes(60), words="Windows"
    )
    yield case("PDF", "", lambda: made_by_pillow("PDF"), words="PDF")
    films: dict[str, Callable[[], bytes]] = {
        "MP4": partial(heif, b"isom", b"mp42"),
        "QuickTime": partial(heif, b"qt  "),
        "WebM": partial(begins, b"\x1aE\xdf\xa3"),
        "AVI": partial(begins, b"RIFF\0\1\0\0AVI "),
        "MPEG": partial(begins, b"\0\0\1\xb3"),
    }
    for name, make in films.items():
        yield case("Film", name, make, words="film")
    yield case("Film", "FLI", lambda: bytes(4) + b"\x11\xaf" + bytes(200), words="animation")
    yield case("Sound", "WAV", partial(begins, b"RIFF\0\1\0\0WAVE"), words="sound")
    yield case("Sound", "MP3", partial(begins, b"ID3\4"), words="sound")
    yield case("Archive", "ZIP, DOCX", partial(begins, b"PK\3\4"), words="archive")
    for name, magic in {
        "HDF5": b"\x89HDF\r\n\x1a\n",
        "FITS": b"SIMPLE  =                    T",
        "GRIB": b"GRIB\0\0\0\1",
        "BUFR": b"BUFR\0\0\0\4",
    }.items():
        yield case("Measurements", name, partial(begins, magic), words="measure")
    unknown = partial(case, "Anything else", words="any format known here")
    yield unknown("bytes", lambda: bytes(range(256)) * 4)
    yield unknown("DIB without a file’s header", lambda: made_by_pillow("DIB"))
    yield unknown("zeros", lambda: bytes(4096))
    yield unknown("McIDAS", partial(begins, b"\0\0\0\0\0\0\0\4"))
    yield unknown("SPIDER", lambda: made_by_pillow("SPIDER", "F"))
    yield unknown("IPTC", partial(begins, b"\x1c\2\5"))
    yield unknown("Targa without a footer", partial(begins, b"\0\0\2"))
    yield case("Text", "IM, IMT", lambda: b"Image type: L image\r\n" + b" " * 490, words="text")


def _damaged() -> Iterable[Case]:
    case = partial(Case, "Damaged", refusal=BrokenPictureError, words="damaged")
    yield case("half a JPEG", lambda: _jpeg()[:1500])
    yield case("only the head of a JPEG", lambda: _jpeg()[:40])
    yield case("half a PNG", lambda: made_by_pillow("PNG")[:2000])
    yield case("only the head of a PNG", lambda: made_by_pillow("PNG")[:20])
    yield case("half a WebP", lambda: made_by_pillow("WEBP")[:400])
    yield case("half a GIF", lambda: made_by_pillow("GIF")[:900])
    yield case("half a BMP", lambda: made_by_pillow("BMP")[:900])
    yield case("half a TIFF", lambda: rgb_tiff()[:900])
    yield case("half an AVIF", lambda: heif(b"avif", b"mif1")[:1500])
    yield case("half a HEIC", lambda: heif(b"heic")[:1500])
    yield case(
        "half a JPEG XL in boxes",
        lambda: box(b"JXL ", b"\r\n\x87\n") + box(b"jxlc", bytes(500))[:200],
    )
    small = partial(Case, "Too small", refusal=PictureTooSmallError)
    yield small("one pixel", lambda: saved(Image.new("RGB", (1, 1)), "PNG"), words="1 × 1")
    yield small("one column", lambda: saved(Image.new("L", (1, 20_000)), "PNG"), words="1 × 20000")
    yield small("a strip", lambda: saved(Image.new("L", (20_000, 64)), "PNG"), words="strip")
    yield Case("Empty", "", bytes, refusal=EmptyFileError, words="empty")


CASES: tuple[Case, ...] = (
    *_decoded(),
    *_left_to_the_browser(),
    *_other_pictures(),
    *_no_pictures(),
    *_damaged(),
)


# --- the document --------------------------------------------------------------------------------

_OUTCOME: dict[type[PictureError] | None, str] = {
    None: "read",
    HostDecodableError: "left to the browser; where it cannot, named, with a remedy",
    UnsupportedPictureError: "refused as a picture of a kind that is not read",
    NotAPictureError: "refused as no photo",
    BrokenPictureError: "refused as damaged or incomplete",
    PictureTooSmallError: "refused as too small",
    EmptyFileError: "refused as empty",
}


def document() -> str:
    """Return the table as Markdown: a row for each format and outcome, in the cases' order."""
    rows: dict[tuple[str, type[PictureError] | None], list[str]] = {}
    for case in CASES:
        variants = rows.setdefault((case.group, case.refusal), [])
        if case.variant:
            variants.append(case.variant)
    lines = [
        f"| {group} | {'; '.join(variants)} | {_OUTCOME[refusal]} |"
        for (group, refusal), variants in rows.items()
    ]
    return "\n".join(["| file | tried | what happens |", "| --- | --- | --- |", *lines, ""])


if __name__ == "__main__":
    path = Path("docs/formats.md")
    head = path.read_text(encoding="utf-8").partition("| file |")[0]
    path.write_text(head + document(), encoding="utf-8")
