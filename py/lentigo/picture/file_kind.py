"""What a file is, by its first bytes: never by its name or by what the browser calls it.

``identify`` gives each file one ``FileKind``: how it is called, and what becomes of it. This is the
explicit list of formats; what is not in it is no picture that is known here.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from enum import StrEnum

from lentigo.picture.file_type import FileType


class Treatment(StrEnum):
    """What becomes of a file."""

    DECODE = "decoded here"
    BROWSER = "left to the browser"
    REFUSE_PICTURE = "refused as a kind of picture that is not read"
    REFUSE_OTHER = "refused as no picture"


@dataclass(frozen=True)
class FileKind:
    """``type`` has its words on the page; ``pillow`` names the format to decode."""

    type: FileType
    treatment: Treatment
    pillow: str = ""


def _decoded(file_type: FileType, pillow: str) -> FileKind:
    return FileKind(file_type, Treatment.DECODE, pillow)


def _browser(file_type: FileType) -> FileKind:
    return FileKind(file_type, Treatment.BROWSER)


def _picture(file_type: FileType) -> FileKind:
    return FileKind(file_type, Treatment.REFUSE_PICTURE)


def _other(file_type: FileType) -> FileKind:
    return FileKind(file_type, Treatment.REFUSE_OTHER)


RAW = _picture(FileType.RAW)
TEXT = _other(FileType.TEXT)
DRAWING = _other(FileType.DRAWING)
WEB_PAGE = _other(FileType.WEB_PAGE)
VIDEO = _other(FileType.FILM)
SOUND = _other(FileType.SOUND)
UNKNOWN = _other(FileType.UNKNOWN)

_JPEG = _decoded(FileType.JPEG, "JPEG")
_PNG = _decoded(FileType.PNG, "PNG")
_GIF = _decoded(FileType.GIF, "GIF")
_WEBP = _decoded(FileType.WEBP, "WEBP")
_BMP = _decoded(FileType.BMP, "BMP")
_TIFF = _decoded(FileType.TIFF, "TIFF")

_HEIC = _browser(FileType.HEIC)
_AVIF = _browser(FileType.AVIF)
_JXL = _browser(FileType.JPEG_XL)
_JPEG_2000 = _browser(FileType.JPEG_2000)
_ICON = _browser(FileType.ICON)
_POINTER = _picture(FileType.MOUSE_POINTER)
_TARGA = _picture(FileType.TARGA)
_RUN_LENGTH_BMP = _browser(FileType.BMP_RUN_LENGTH)

_ARCHIVE = _other(FileType.ARCHIVE)
_POSTSCRIPT = _other(FileType.POSTSCRIPT_DRAWING)
_METAFILE = _other(FileType.WINDOWS_DRAWING)
_PROGRAM = _other(FileType.PROGRAM)
_DATA = _other(FileType.MEASUREMENTS)
_ANIMATION = _other(FileType.ANIMATION)

# (offset, bytes, kind); the first that fits. Longer ones stand before what they begin with.
_SIGNATURES: tuple[tuple[int, bytes, FileKind], ...] = (
    (0, b"\xff\xd8\xff", _JPEG),
    (0, b"\x89PNG\r\n\x1a\n", _PNG),
    (0, b"GIF87a", _GIF),
    (0, b"GIF89a", _GIF),
    # Raw files that begin as a TIFF does.
    (8, b"CR\x02\x00", RAW),
    (0, b"IIRO", RAW),
    (0, b"IIRS", RAW),
    (0, b"MMOR", RAW),
    (0, b"IIU\x00", RAW),
    (0, b"II*\x00", _TIFF),
    (0, b"MM\x00*", _TIFF),
    (0, b"FUJIFILMCCD-RAW", RAW),
    (0, b"FOVb", RAW),
    (0, b"\x00MRM", RAW),
    (6, b"HEAPCCDR", RAW),
    # BigTIFF.
    (0, b"II+\x00", _browser(FileType.TIFF_LARGE)),
    (0, b"MM\x00+", _browser(FileType.TIFF_LARGE)),
    (0, b"\xff\x0a", _JXL),
    (0, b"\x00\x00\x00\x0cJXL \r\n\x87\n", _JXL),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", _JPEG_2000),
    (0, b"\xff\x4f\xff\x51", _JPEG_2000),
    (0, b"II\xbc\x01", _picture(FileType.JPEG_XR)),
    (0, b"8BPS", _picture(FileType.PHOTOSHOP)),
    (0, b"gimp xcf", _picture(FileType.GIMP)),
    (128, b"DICM", _picture(FileType.DICOM)),
    (0, b"icns", _picture(FileType.APPLE_ICON)),
    (0, b"DDS ", _picture(FileType.DDS_TEXTURE)),
    (0, b"BLP1", _picture(FileType.BLP_TEXTURE)),
    (0, b"BLP2", _picture(FileType.BLP_TEXTURE)),
    (0, b"FTEX", _picture(FileType.FTEX_TEXTURE)),
    (0, b"qoif", _picture(FileType.QOI)),
    (0, b"\x76\x2f\x31\x01", _picture(FileType.OPENEXR)),
    (0, b"#?RADIANCE", _picture(FileType.RADIANCE)),
    (0, b"BPG\xfb", _picture(FileType.BPG)),
    (0, b"FLIF", _picture(FileType.FLIF)),
    (0, b"AT&TFORM", _picture(FileType.DJVU)),
    (0, b"\x01\xda", _picture(FileType.SGI)),
    (0, b"\x59\xa6\x6a\x95", _picture(FileType.SUN_RASTER)),
    (0, b"P7 332", _picture(FileType.XV_THUMBNAIL)),
    (0, b"\x80\xe8\x00\x00", _picture(FileType.PIXAR)),
    (0, b"\xb1\x68\xde\x3a", _picture(FileType.FAX)),
    (0, b"DanM", _picture(FileType.WINDOWS_PAINT)),
    (0, b"LinS", _picture(FileType.WINDOWS_PAINT)),
    (2048, b"PCD_", _picture(FileType.PHOTO_CD)),
    (20, b"GIMP", _picture(FileType.GIMP_BRUSH)),
    (0, b"/* XPM */", _picture(FileType.XPM)),
    (0, b"%PDF", _other(FileType.PDF)),
    (0, b"%!PS", _POSTSCRIPT),
    (0, b"\xc5\xd0\xd3\xc6", _POSTSCRIPT),
    (0, b"\xd7\xcd\xc6\x9a", _METAFILE),
    (40, b" EMF", _METAFILE),
    (4, b"\x11\xaf", _ANIMATION),
    (4, b"\x12\xaf", _ANIMATION),
    (0, b"\x8aMNG", _ANIMATION),
    (0, b"\x8bJNG", _picture(FileType.JNG)),
    (0, b"\x89HDF\r\n\x1a\n", _DATA),
    (0, b"SIMPLE  =", _DATA),
    (0, b"GRIB", _DATA),
    (0, b"BUFR", _DATA),
    (0, b"ZCZC", _DATA),
    (0, b"\x1aE\xdf\xa3", VIDEO),
    (0, b"\x00\x00\x01\xba", VIDEO),
    (0, b"\x00\x00\x01\xb3", VIDEO),
    (0, b"FLV\x01", VIDEO),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", VIDEO),
    (0, b"OggS", SOUND),
    (0, b"fLaC", SOUND),
    (0, b"ID3", SOUND),
    (0, b"MThd", SOUND),
    (0, b"PK\x03\x04", _ARCHIVE),
    (0, b"PK\x05\x06", _ARCHIVE),
    (0, b"\x1f\x8b", _ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (0, b"Rar!\x1a\x07", _ARCHIVE),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _ARCHIVE),
    (0, b"\x7fELF", _PROGRAM),
    (0, b"MZ\x90\x00", _PROGRAM),
)

# The first four letters after RIFF's length.
_RIFF = {b"WEBP": _WEBP, b"AVI ": VIDEO, b"WAVE": SOUND}

# Brands of the ISO base media file format, ISO/IEC 14496-12; any of them makes it a still picture.
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {
    *(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"),
    *(b"mif1", b"mif2", b"msf1", b"miaf"),
}

# Sizes of a BMP's second header, of all versions: "BM" alone also begins a letter.
_BMP_HEADERS = {12, 16, 40, 52, 56, 64, 108, 124}
# Compressions that are none: RGB, bit fields.
_BMP_PLAIN = {b"\0\0\0\0", b"\3\0\0\0", b"\6\0\0\0"}
_ICONS = {b"\0\0\1\0": _ICON, b"\0\0\2\0": _POINTER}
_NETPBM = re.compile(rb"P[1-7fF][\s#]")
_HTML = re.compile(rb"<!doctype html|<html|<head|<body", re.IGNORECASE)
_SVG = re.compile(rb"<svg\b", re.IGNORECASE)
_HEAD_BYTES = 512


def identify(data: bytes) -> FileKind:
    """Return what a file is; ``UNKNOWN`` for what fits nothing."""
    for offset, magic, kind in _SIGNATURES:
        if data.startswith(magic, offset):
            return kind
    if data[4:8] == b"ftyp":
        return _of_brands(data)
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12], UNKNOWN)
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADERS:
        return _of_bitmap(data)
    if data.endswith(b"TRUEVISION-XFILE.\x00"):
        return _TARGA
    # A Targa may begin so too, but then no count of icons follows.
    if data[:4] in _ICONS and data[4:6] != b"\0\0":
        return _ICONS[data[:4]]
    head = data[:_HEAD_BYTES]
    if _NETPBM.match(head):
        return _picture(FileType.NETPBM)
    if head[:1] == b"\x0a" and head[1:2] <= b"\x05" and head[2:3] == b"\x01":
        return _picture(FileType.PCX)
    return _of_text(head)


def _of_brands(data: bytes) -> FileKind:
    """Tell a still picture from a film by the brands in the file type box."""
    (size,) = struct.unpack_from(">I", data)
    box = data[8 : min(size, _HEAD_BYTES)]
    brands = {box[offset : offset + 4] for offset in range(0, len(box), 4) if offset != 4}
    if b"crx " in brands:
        return RAW
    if brands & _AVIF_BRANDS:
        return _AVIF
    return _HEIC if brands & _HEIF_BRANDS else VIDEO


def _of_bitmap(data: bytes) -> FileKind:
    """Leave run lengths to the browser: Pillow unpacks them in Python, in minutes for a photo."""
    old = int.from_bytes(data[14:18], "little") < 40  # OS/2's first has no compression
    return _BMP if old or data[30:34] in _BMP_PLAIN else _RUN_LENGTH_BMP


def _of_text(head: bytes) -> FileKind:
    if any(byte < 9 or 13 < byte < 32 for byte in head):
        return UNKNOWN
    if _SVG.search(head):
        return DRAWING
    return WEB_PAGE if _HTML.search(head) else TEXT


# The boxes of which a picture is made; others may be whatever a phone puts behind it.
_BOXES = {
    *(b"ftyp", b"meta", b"mdat", b"moov", b"idat", b"free", b"skip", b"uuid"),
    *(b"JXL ", b"jxlc", b"jxlp", b"jP  ", b"jp2h", b"jp2c"),
}


def breaks_off(data: bytes) -> bool:
    """Tell whether a file of boxes (HEIC, AVIF, JPEG XL, JPEG 2000) ends before its last box does.

    Only the outermost boxes are walked, ISO/IEC 14496-12, 4.2. Always false for other files.
    """
    position = 0
    while position + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, position)
        if name not in _BOXES or size == 0:  # 0: up to the end of the file
            return False
        if size == 1 and position + 16 <= len(data):
            (size,) = struct.unpack_from(">Q", data, position + 8)
        if size < 8:
            return False
        position += size
    return position > len(data)
