"""From the bytes of a visitor's file to an upright RGB picture in sRGB.

Each file is decoded, left to the browser, or refused with the cause and a remedy: which, says
``lentigo.picture.file_kind`` for the format, ``lentigo.picture.tiff``, ``jpeg`` and ``png`` for
the variant.
Handles EXIF orientation, ICC profiles, CMYK, 16 bits, alpha, palettes and animations (the first
frame).

A phone lends a page little memory, and Pyodide never gives any back. So a large JPEG is decoded at
a fraction of its size (Pillow's draft mode), every other picture is made smaller in bands, before
alpha, palette or bits are dealt with, and what would take too much is refused before it is decoded.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, JpegImagePlugin, UnidentifiedImageError

from lentigo.errors import (
    BrokenPictureError,
    EmptyFileError,
    Fault,
    HostDecodableError,
    NotAPictureError,
    PictureError,
    PictureTooLargeError,
    PictureTooSmallError,
    TooLargeHereError,
    UnsupportedPictureError,
)
from lentigo.picture import file_kind, icc, jpeg, png, png_strips, tiff, webp
from lentigo.picture.colour_space import to_srgb
from lentigo.picture.file_kind import FileKind, Treatment, identify
from lentigo.picture.file_type import FileType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from numpy.typing import NDArray

    from lentigo.picture.colour_space import ColourSpace

# The longest side that is kept: enough for the model's 224 px and for a sharp picture on the page.
WORKING_SIDE_PX = 1024
# Below this no lesion can be told from the skin around it (ours; the model's input is 224 px).
MINIMUM_SIDE_PX = 64
# What decoding a picture may take, in bytes: the file, the decoder's own, and the pixels. With the
# program itself Python's heap then stays under 400 MB (tests/browser/test_memory.py).
MEMORY_BYTES = 250_000_000
# And so that no file keeps a visitor waiting, here or in the browser (ours): a JPEG at 1/8 takes a
# fraction of the time.
MAXIMUM_DECODED_PX = 50_000_000
MAXIMUM_JPEG_PX = 120_000_000

# What Pillow stores for a pixel, in bytes, where it is not 4.
_PIXEL_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2}
# WebP's decoder keeps two frames, hands one over as bytes, and Pillow copies it: 20 bytes a pixel
# (measured). A browser takes a fraction, and gives it back.
MAXIMUM_WEBP_PX = 3_000_000

_SIXTEEN_BIT_MODES = {"I;16", "I;16L", "I;16B", "I;16N", "I"}
# Depths of a sensor that is stored in 16 bits without being scaled to them.
_SENSOR_BITS = (10, 12, 14, 16)
# A 16-bit colour picture that stays below this level of 255 used only 12 of its bits.
_TWELVE_OF_SIXTEEN_BITS = 16

# How many pixels are worked on at a time: small beside the picture, large beside the overhead.
_STRIP_PX = 250_000
# As Pillow's thumbnail does it: reduce by whole numbers to twice the size, then resample.
_REDUCING_GAP = 2.0

_ORIENTATION_TAG = 0x0112
# When the picture was taken, as EXIF writes it; in the directory that has its own tag.
_EXIF_DIRECTORY = 0x8769
_TAKEN_TAG = 0x9003
_TAKEN_FORMAT = "%Y:%m:%d %H:%M:%S"
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_HDR = FileKind(FileType.HIGH_DYNAMIC_RANGE, Treatment.REFUSE_PICTURE)
_RARE_JPEG = FileKind(FileType.JPEG_RARE, Treatment.REFUSE_PICTURE)
_TWELVE_BIT_COLOUR = FileKind(FileType.TWELVE_BIT_COLOUR, Treatment.REFUSE_PICTURE)


@dataclass(frozen=True)
class DecodedPicture:
    """An RGB picture, upright, at most ``WORKING_SIDE_PX`` a side, and what its file declared.

    ``taken`` is the day that the camera wrote into it, if it did.
    """

    picture: Image.Image
    format: str
    file_width_px: int
    file_height_px: int
    taken: date | None = None


@dataclass(frozen=True)
class _Source:
    """What is known of a file before it is decoded.

    ``pixels`` is what Pillow gets, ``decoder_bytes`` what decoding takes beside file and picture.
    ``cut`` is a PNG that is decoded in strips; Pillow then gets what it is without its pixels.
    """

    kind: FileKind
    pixels: bytes
    decoder_bytes: int = 0
    exif: bytes | None = None
    space: ColourSpace | None = None
    sixteen_bit_colour: bool = False
    cut: bytes | None = None


def decode(data: bytes, name: str = "the file") -> DecodedPicture:
    """Decode a visitor's file, whatever it is.

    Raises one ``PictureError`` that names the fault: ``EmptyFileError``, ``NotAPictureError``,
    ``UnsupportedPictureError``, ``HostDecodableError``, ``BrokenPictureError``,
    ``PictureTooLargeError``, ``PictureTooSmallError``; and nothing else.
    """
    outcome = _attempt(data, name)
    # An error keeps all that its traceback has seen, and must not keep a whole file; nor itself,
    # which the garbage collector would find much later.
    del data
    try:
        if isinstance(outcome, PictureError):
            raise outcome
        return outcome
    finally:
        del outcome


def _attempt(data: bytes, name: str) -> DecodedPicture | PictureError:
    """Decode; the one place where what goes wrong gets its name."""
    try:
        with warnings.catch_warnings():
            # Our own limits replace Pillow's; its other warnings (odd metadata) do not concern
            # the pixels.
            warnings.simplefilter("ignore")
            return _decode(data, name)
    except PictureError as error:
        error.__context__ = None
        return error.with_traceback(None)
    except (MemoryError, Image.DecompressionBombError) as error:
        return PictureTooLargeError(Fault.TOO_MANY_PIXELS, detail=_detail(error), name=name)
    except Exception as error:  # Pillow documents none; whatever it raises, it cannot read this.
        return BrokenPictureError(Fault.DAMAGED, detail=_detail(error), name=name)


def _detail(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _decode(data: bytes, name: str) -> DecodedPicture:
    if not data:
        raise EmptyFileError(Fault.EMPTY, name=name)
    source = _inspect(data)
    if source.kind.treatment is not Treatment.DECODE:
        raise _refusal(source.kind, data, name)
    if source.kind.pillow == "WEBP":
        _check_webp(webp.pixels(data), name)
    try:
        opened = Image.open(io.BytesIO(source.pixels), formats=(source.kind.pillow,))
    except UnidentifiedImageError:
        if source.kind.pillow != "TIFF":
            raise
        raise _refusal(tiff.RARE, data, name) from None
    return _decode_opened(opened, source, name)


def _inspect(data: bytes) -> _Source:
    """Look closer at the formats of which not every file is decoded here."""
    kind = identify(data)
    match kind.pillow:
        case "JPEG":
            frame = jpeg.read_frame(data)
            if frame is None:
                return _Source(kind, data)
            return _Source(kind if frame.is_usual else _RARE_JPEG, data, frame.coefficient_bytes)
        case "PNG":
            read = png.read(data)
            chosen = _HDR if read.is_hdr else kind
            if png_strips.can_be_cut(data):
                head = png_strips.without_pixels(data)
                return _Source(chosen, head, len(data), read.exif, read.space, cut=data)
            pixels = png.without_metadata(data)
            copied = len(data) if pixels is not data else 0
            sixteen = data[24:26] in {b"\x10\x02", b"\x10\x06"}  # 16 bits of RGB, of RGBA
            return _Source(chosen, pixels, copied, read.exif, read.space, sixteen)
        case "TIFF":
            facts = tiff.read(data)
            sixteen = facts.sixteen_bit_colour
            return _Source(
                facts.foreign or kind, data, facts.decoder_bytes, sixteen_bit_colour=sixteen
            )
        case _:
            return _Source(kind, data)


def _refusal(kind: FileKind, data: bytes, name: str) -> PictureError:
    if kind is file_kind.UNKNOWN:
        return NotAPictureError(Fault.UNKNOWN_FORMAT, name=name)
    if kind is file_kind.TEXT:
        return NotAPictureError(Fault.TEXT_FILE, name=name)
    match kind.treatment:
        case Treatment.BROWSER:
            if file_kind.breaks_off(data):
                return BrokenPictureError(
                    Fault.DAMAGED_FILE_OF_TYPE, name=name, file_type=kind.type
                )
            # Shown when the browser fails as well, and then nobody knows whose fault it is.
            return HostDecodableError(
                Fault.NOT_KNOWN_TO_THE_BROWSER, name=name, file_type=kind.type
            )
        case Treatment.REFUSE_PICTURE:
            return UnsupportedPictureError(Fault.NOT_READ_HERE, name=name, file_type=kind.type)
        case _:
            return NotAPictureError(Fault.NOT_A_PHOTO, name=name, file_type=kind.type)


def _decode_opened(opened: Image.Image, source: _Source, name: str) -> DecodedPicture:
    width_px, height_px = opened.size
    _check_shape(width_px, height_px, name)
    # A JPEG with several pictures in it ("MPO") is one too.
    is_jpeg = isinstance(opened, JpegImagePlugin.JpegImageFile)
    if is_jpeg and width_px * height_px <= MAXIMUM_JPEG_PX:
        opened.draft(None, (WORKING_SIDE_PX, WORKING_SIDE_PX))
    pixel_bytes = 0 if source.cut else _PIXEL_BYTES.get(opened.mode, 4)
    _check_memory(width_px * height_px, opened.width * opened.height, pixel_bytes, source, name)
    if source.cut:
        picture = _shrink(opened, partial(png_strips.strips, source.cut))
    else:
        opened.seek(0)
        opened.load()
        picture = _shrink(opened, partial(_strips, opened))
    profile, exif = opened.info.get("icc_profile"), source.exif or opened.info.get("exif")
    if source.sixteen_bit_colour and _highest_level(picture) < _TWELVE_OF_SIXTEEN_BITS:
        raise _refusal(_TWELVE_BIT_COLOUR, b"", name)
    # Pillow itself turns a TIFF, while it loads it.
    if source.kind.pillow != "TIFF":
        picture = _upright(picture, exif)
    if profile and icc.is_high_dynamic_range(profile):
        raise _refusal(_HDR, b"", name)
    picture = _in_srgb(picture, source.space, profile)
    return DecodedPicture(picture, source.kind.pillow, width_px, height_px, _day_taken(exif))


def _check_shape(width_px: int, height_px: int, name: str) -> None:
    """Raise for a picture that is too small as it is, or in its short side when it is scaled."""
    if min(width_px, height_px) < MINIMUM_SIDE_PX:
        raise PictureTooSmallError(
            Fault.FEW_PIXELS, name=name, width_px=width_px, height_px=height_px
        )
    if max(width_px, height_px) * MINIMUM_SIDE_PX > min(width_px, height_px) * WORKING_SIDE_PX:
        raise PictureTooSmallError(Fault.STRIP, name=name, width_px=width_px, height_px=height_px)


def _check_webp(pixels: int, name: str) -> None:
    """Raise for a WebP that is better left to the browser."""
    if pixels > MAXIMUM_WEBP_PX:
        megapixels = pixels / 1e6
        raise TooLargeHereError(Fault.MORE_THAN_MEMORY, name=name, megapixels=megapixels)


def _check_memory(
    file_px: int, decoded_px: int, pixel_bytes: int, source: _Source, name: str
) -> None:
    """Raise for a picture that would take too much memory or time to decode."""
    megapixels = file_px / 1e6
    if decoded_px > MAXIMUM_DECODED_PX:
        raise PictureTooLargeError(Fault.MANY_MEGAPIXELS, name=name, megapixels=megapixels)
    wanted = decoded_px * pixel_bytes + source.decoder_bytes + len(source.pixels)
    if wanted > MEMORY_BYTES:
        raise TooLargeHereError(
            Fault.MORE_THAN_MEMORY,
            detail=f"{wanted / 1e6:.0f} MB",
            name=name,
            megapixels=megapixels,
        )


def _shrink(picture: Image.Image, strips_of: Callable[[int], Iterator[Image.Image]]) -> Image.Image:
    """Bring to 8 bits, lay on white, and scale to the working side; the result is L, RGB or CMYK.

    ``strips_of`` gives the picture from top to bottom, so many rows at a time. Each strip is made
    as narrow as the result at once, and then the whole as low; Pillow scales in this order too. So
    beside the picture no second one of its size is made.
    """
    width_px, height_px = picture.size
    scale = max(1.0, max(picture.size) / WORKING_SIDE_PX)
    factor = max(1, int(scale / _REDUCING_GAP))
    size = max(1, round(width_px / scale)), max(1, round(height_px / scale))
    shift, ceiling = _depth_bits(picture) - 8, _finite_maximum(picture)
    narrow: Image.Image | None = None
    top = 0
    for strip in strips_of(max(1, _STRIP_PX // (width_px * factor)) * factor):
        reduced = _flatten(_eight_bit(strip, shift, ceiling)).reduce(factor)
        box = (0.0, 0.0, width_px / factor, float(reduced.height))
        piece = reduced.resize((size[0], reduced.height), Image.Resampling.BOX, box)
        if narrow is None:
            narrow = Image.new(piece.mode, (size[0], -(-height_px // factor)))
        narrow.paste(piece, (0, top))
        top += piece.height
    assert narrow is not None
    box = (0.0, 0.0, float(size[0]), height_px / factor)
    return narrow.resize(size, Image.Resampling.BOX, box)


def _strips(picture: Image.Image, rows: int) -> Iterator[Image.Image]:
    """Yield a picture from top to bottom, ``rows`` at a time."""
    for top in range(0, picture.height, rows):
        yield picture.crop((0, top, picture.width, min(top + rows, picture.height)))


def _samples(picture: Image.Image) -> Iterator[NDArray[Any]]:
    """Yield what a picture holds, a strip at a time."""
    return map(np.asarray, _strips(picture, max(1, _STRIP_PX // picture.width)))


def _depth_bits(picture: Image.Image) -> int:
    """Return how many bits the samples of a 16-bit grey fill: a sensor's 12 in 16 are not dark."""
    if picture.mode not in _SIXTEEN_BIT_MODES:
        return 8
    highest = max(int(samples.max()) for samples in _samples(picture))
    return next((bits for bits in _SENSOR_BITS if highest < 1 << bits), _SENSOR_BITS[-1])


def _finite_maximum(picture: Image.Image) -> float:
    """Return the largest finite sample of a floating-point grey; 1 for other pictures."""
    if picture.mode != "F":
        return 1.0
    strips = _samples(picture)
    return max(float(samples.max(where=np.isfinite(samples), initial=1e-6)) for samples in strips)


def _eight_bit(picture: Image.Image, shift: int, ceiling: float) -> Image.Image:
    """Bring 16-bit and floating-point greys to 8 bits; other modes pass through."""
    if picture.mode in _SIXTEEN_BIT_MODES:
        samples = np.asarray(picture).clip(0, 0xFFFF) >> shift
        return Image.fromarray(samples.clip(0, 255).astype(np.uint8))
    if picture.mode == "F":
        levels = np.nan_to_num(np.asarray(picture), posinf=ceiling, neginf=0.0) / ceiling
        return Image.fromarray(np.rint(levels.clip(0, 1) * 255).astype(np.uint8))
    return picture


def _flatten(picture: Image.Image) -> Image.Image:
    """Lay a picture with alpha or a palette on white; the result is L, RGB or CMYK."""
    if picture.has_transparency_data:
        foreground = picture.convert("RGBA")
        ground = Image.new("RGBA", foreground.size, "white")
        return Image.alpha_composite(ground, foreground).convert("RGB")
    if picture.mode in {"L", "RGB", "CMYK"}:
        return picture
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _highest_level(picture: Image.Image) -> int:
    return int(np.asarray(picture).max())


def _upright(picture: Image.Image, exif: bytes | None) -> Image.Image:
    """Turn a picture as its EXIF says; metadata that cannot be read turn nothing."""
    if not exif:
        return picture
    directory = Image.Exif()
    orientation = None
    with contextlib.suppress(Exception):  # Pillow documents none, and no photo is refused for it.
        directory.load(exif)
        orientation = directory.get(_ORIENTATION_TAG)
    method = _UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    return picture.transpose(method) if method is not None else picture


def _day_taken(exif: bytes | None) -> date | None:
    """Read the day on which the camera took a picture; metadata that cannot be read tell none."""
    if not exif:
        return None
    directory = Image.Exif()
    with contextlib.suppress(Exception):  # as above
        directory.load(exif)
        written = directory.get_ifd(_EXIF_DIRECTORY).get(_TAKEN_TAG)
        return datetime.strptime(str(written), _TAKEN_FORMAT).date()
    return None


def _in_srgb(picture: Image.Image, space: ColourSpace | None, profile: bytes | None) -> Image.Image:
    # A broken or unusual profile is no reason to refuse a photo: most of them mean sRGB.
    with contextlib.suppress(ValueError):
        if space is None and profile:
            space = icc.parse(profile)
        if space is not None:
            return to_srgb(picture, space)
    return picture.convert("RGB")
