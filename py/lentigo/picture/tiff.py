"""Which TIFFs are decoded here, by the tags of their first picture.

TIFF is a family. Pyodide's libtiff has neither Deflate nor JPEG, CIELAB needs LittleCMS, and Pillow
reads 16 bits in separate planes as garbage without a word. So what is decoded is listed; the rest
is left to the browser. Source: TIFF 6.0 (Adobe 1992); Adobe Photoshop TIFF technical notes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import TiffImagePlugin

from lentigo.picture.file_kind import RAW, FileKind, Treatment
from lentigo.picture.file_type import FileType

if TYPE_CHECKING:
    from typing import Any

RARE = FileKind(FileType.TIFF_RARE, Treatment.BROWSER)
_CIELAB = FileKind(FileType.TIFF_CIELAB, Treatment.BROWSER)
_PLANES_OF_16 = FileKind(FileType.TIFF_PLANES_OF_16, Treatment.BROWSER)

_NEW_SUBFILE_TYPE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 254, 256, 257, 258, 259, 262
_ORIENTATION, _SAMPLES, _ROWS_PER_STRIP, _PLANES = 274, 277, 278, 284
_TILE_WIDTH, _TILE_HEIGHT, _EXTRA, _SAMPLE_FORMAT, _DNG_VERSION = 322, 323, 338, 339, 50706

# A reduced copy of another picture in the file: what cameras put first in their raw files.
_REDUCED = 1
# Nikon's, Sony's, Pentax's and Kodak's own.
_RAW_COMPRESSIONS = {34713, 32767, 65535, 65000}
_RAW_PHOTOMETRICS = {32803, 34892}  # colour filter array, linear raw

_NONE, _LZW, _PACKBITS = 1, 5, 32773
_FAX = {2, 3, 4}
_COMPRESSED_BY = {
    **{
        6: FileType.TIFF_JPEG,
        7: FileType.TIFF_JPEG,
        8: FileType.TIFF_DEFLATE,
        32946: FileType.TIFF_DEFLATE,
    },
    **{34925: FileType.TIFF_LZMA, 50000: FileType.TIFF_ZSTANDARD, 50001: FileType.TIFF_WEBP},
}
_GREY, _RGB, _PALETTE, _CMYK, _LAB = {0, 1}, 2, 3, 5, {8, 9, 10}
_UNSIGNED, _FLOAT = 1, 3


@dataclass(frozen=True)
class Tiff:
    """``foreign`` is what a TIFF is that is not decoded here, else ``None``.

    ``decoder_bytes`` is what decoding takes beside the file and the picture: a strip, and a turned
    copy. ``sixteen_bit_colour``: it has 16 bits for each of red, green and blue.
    """

    foreign: FileKind | None
    decoder_bytes: int = 0
    sixteen_bit_colour: bool = False


def read(data: bytes) -> Tiff:
    """Read the first directory; raises what Pillow raises for one that is damaged."""
    stream = io.BytesIO(data)
    tags = TiffImagePlugin.ImageFileDirectory_v2(stream.read(8))
    stream.seek(tags.next)
    tags.load(stream)
    if _is_raw(tags):
        return Tiff(RAW)
    if not _is_listed(tags):
        return Tiff(_named(tags))
    sixteen_bit_colour = tags.get(_PHOTOMETRIC) == _RGB and set(tags[_BITS]) == {16}
    return Tiff(None, _decoder_bytes(tags), sixteen_bit_colour)


def _is_raw(tags: Any) -> bool:
    return (
        _DNG_VERSION in tags
        or tags.get(_COMPRESSION, _NONE) in _RAW_COMPRESSIONS
        or tags.get(_PHOTOMETRIC, 0) in _RAW_PHOTOMETRICS
        or tags.get(_NEW_SUBFILE_TYPE, 0) == _REDUCED
    )


def _is_listed(tags: Any) -> bool:
    bits = set(tags.get(_BITS, (1,)))
    formats = set(tags.get(_SAMPLE_FORMAT, (_UNSIGNED,)))
    photometric = tags.get(_PHOTOMETRIC, 0)
    compression = tags.get(_COMPRESSION, _NONE)
    in_planes = tags.get(_PLANES, 1) != 1 and tags.get(_SAMPLES, 1) > 1
    if compression in _FAX:
        return photometric in _GREY and bits == {1}
    if compression not in {_NONE, _LZW, _PACKBITS}:
        return False
    if formats == {_FLOAT}:
        return photometric == 1 and bits == {32} and tags.get(_SAMPLES, 1) == 1
    if formats != {_UNSIGNED}:
        return False
    if photometric in _GREY:
        return tags.get(_SAMPLES, 1) == 1 and bits <= {1, 2, 4, 8, 16} and len(bits) == 1
    if photometric == _RGB:
        return bits == {8} or (bits == {16} and not in_planes)
    if photometric == _PALETTE:
        return tags.get(_SAMPLES, 1) == 1 and bits <= {1, 2, 4, 8}
    return bool(photometric == _CMYK and bits == {8})


def _named(tags: Any) -> FileKind:
    """Say what is unusual about a TIFF that is not listed."""
    if tags.get(_PHOTOMETRIC, 0) in _LAB:
        return _CIELAB
    compression = _COMPRESSED_BY.get(tags.get(_COMPRESSION, _NONE))
    if compression:
        return FileKind(compression, Treatment.BROWSER)
    if tags.get(_PLANES, 1) != 1 and set(tags.get(_BITS, (1,))) == {16}:
        return _PLANES_OF_16
    return RARE


def _decoder_bytes(tags: Any) -> int:
    """Compressed data are unpacked by whole strips; a picture that lies is turned as a copy."""
    width_px, height_px = int(tags[_WIDTH]), int(tags[_HEIGHT])
    sample_bytes = sum(tags.get(_BITS, (1,))) / 8
    own = 0.0
    if tags.get(_COMPRESSION, _NONE) != _NONE:
        rows = tags.get(_TILE_HEIGHT, min(tags.get(_ROWS_PER_STRIP, height_px), height_px))
        own += rows * tags.get(_TILE_WIDTH, width_px) * sample_bytes
    if tags.get(_ORIENTATION, 1) != 1:
        own += width_px * height_px * 4
    return round(own)
