"""From the bytes of a visitor's file to an upright RGB picture in sRGB.

Handles EXIF orientation, ICC profiles, CMYK, 16 bits, alpha, palettes and animations (the first
frame). A large JPEG is decoded at a fraction of its size (Pillow's draft mode), so that a
photo of many megapixels costs neither the time nor the memory of its full size.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from lentigo import icc
from lentigo.errors import (
    BrokenPictureError,
    EmptyFileError,
    HostDecodableError,
    NotAPictureError,
    PictureTooLargeError,
    PictureTooSmallError,
)

# The longest side that is kept: enough for the model's 224 px and for a sharp picture on the page.
WORKING_SIDE_PX = 1024
# Below this no lesion can be told from the skin around it (ours; the model's input is 224 px).
MINIMUM_SIDE_PX = 64
# A phone gives a page a few hundred megabytes; RGB in Pillow takes 4 bytes a pixel.
MAXIMUM_DECODED_PX = 50_000_000
# A JPEG is decoded at down to 1/8, so it may declare more; its stream must still be read (ours).
MAXIMUM_JPEG_PX = 120_000_000

# Formats that a browser may show and Pillow may lack, by the brand in the ISO-BMFF "ftyp" box.
_HOST_BRANDS = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"}

_SIXTEEN_BIT_MODES = {"I;16", "I;16L", "I;16B", "I;16N", "I"}


@dataclass(frozen=True)
class DecodedPicture:
    """An RGB picture, upright, at most ``WORKING_SIDE_PX`` a side, and what its file declared."""

    picture: Image.Image
    format: str
    file_width_px: int
    file_height_px: int


def decode(data: bytes, name: str = "the file") -> DecodedPicture:
    """Decode a file of any format that Pillow reads.

    Raises one ``PictureError`` that names the fault: ``EmptyFileError``, ``NotAPictureError``,
    ``HostDecodableError``, ``BrokenPictureError``, ``PictureTooLargeError``,
    ``PictureTooSmallError``.
    """
    if not data:
        raise EmptyFileError(f"“{name}” is empty.")
    try:
        with warnings.catch_warnings():
            # Our own limits below replace Pillow's; its other warnings (odd metadata) do not
            # concern the pixels.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as opened:
                return _decode_opened(opened, name)
    except UnidentifiedImageError as error:
        raise _unidentified(data, name) from error
    except Image.DecompressionBombError as error:
        raise PictureTooLargeError(f"“{name}” has too many pixels.", detail=str(error)) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError) as error:
        # Pillow raises each of these for data that break off or contradict themselves.
        raise BrokenPictureError(
            f"“{name}” is damaged or incomplete.", detail=f"{type(error).__name__}: {error}"
        ) from error


def _decode_opened(opened: Image.Image, name: str) -> DecodedPicture:
    width_px, height_px = opened.size
    file_format = opened.format or "unknown"
    if min(width_px, height_px) < MINIMUM_SIDE_PX:
        raise PictureTooSmallError(f"“{name}” has only {width_px} × {height_px} pixels.")
    if file_format == "JPEG" and width_px * height_px <= MAXIMUM_JPEG_PX:
        opened.draft(None, (WORKING_SIDE_PX, WORKING_SIDE_PX))
    if opened.width * opened.height > MAXIMUM_DECODED_PX:
        megapixels = width_px * height_px / 1e6
        raise PictureTooLargeError(f"“{name}” has {megapixels:.0f} million pixels.")
    opened.seek(0)
    opened.load()
    picture = _flatten(_eight_bit(ImageOps.exif_transpose(opened)))
    # Shrinking before the colours are converted spares that work for pixels nobody will see.
    picture.thumbnail((WORKING_SIDE_PX, WORKING_SIDE_PX), Image.Resampling.BOX)
    return DecodedPicture(
        _to_srgb(picture, opened.info.get("icc_profile")), file_format, width_px, height_px
    )


def _eight_bit(picture: Image.Image) -> Image.Image:
    """Bring 16-bit and floating-point greys to 8 bits; other modes pass through."""
    if picture.mode in _SIXTEEN_BIT_MODES:
        samples = np.asarray(picture).astype(np.int64).clip(0, 65535)
        return Image.fromarray((samples >> 8).astype(np.uint8))
    if picture.mode == "F":
        levels = np.nan_to_num(np.asarray(picture, dtype=np.float32))
        levels = levels / max(float(levels.max()), 1e-6)
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


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        # A broken or unusual profile is no reason to refuse a photo: most of them mean sRGB.
        with contextlib.suppress(ValueError):
            return icc.to_srgb(picture, profile)
    return picture.convert("RGB")


def _unidentified(data: bytes, name: str) -> NotAPictureError | HostDecodableError:
    if data[4:8] == b"ftyp" and data[8:12] in _HOST_BRANDS:
        brand = data[8:12].decode("ascii").upper()
        return HostDecodableError(f"“{name}” is a {brand} picture, which cannot be read here.")
    head = data[:512]
    if head.lstrip().startswith((b"<svg", b"<?xml")):
        return NotAPictureError(f"“{name}” is a drawing or a document, not a photo.")
    if not any(byte < 9 or 13 < byte < 32 for byte in head):
        return NotAPictureError(f"“{name}” holds text, not a picture.")
    return NotAPictureError(f"“{name}” is not a picture in any format known here.")
