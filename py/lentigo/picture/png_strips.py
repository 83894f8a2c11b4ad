"""A PNG cut into strips, each decoded by Pillow by itself, so that the picture is never whole.

A row is stored as its difference from the row above. So a strip is made a small PNG of its own that
begins with the last row of the strip before it, as it is: the pixels are those of the whole.
Source: Portable Network Graphics, Third Edition (W3C 2025), 7.2 (scanlines), 9 (filters), 10
(compression), 11.2 (chunks).
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

from PIL import Image

from lentigo.picture.png import chunks

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">IIBBBBB")
_HEADER_START, _HEADER_END = 16, 29
# Samples a pixel by colour type: grey, RGB, palette, grey and RGB with alpha.
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_COLOURS = {b"PLTE", b"tRNS"}
_UNFILTERED = b"\0"
# How much is unpacked at a time.
_PIECE_BYTES = 65_536


def can_be_cut(data: bytes) -> bool:
    """Tell whether a PNG has 8 bits a sample and its rows in order, as nearly all have."""
    if len(data) < _HEADER_END or data[12:16] != b"IHDR":
        return False
    _, _, bits, colour_type, _, _, interlace = _HEADER.unpack(data[_HEADER_START:_HEADER_END])
    return bits == 8 and interlace == 0 and colour_type in _SAMPLES


def without_pixels(data: bytes) -> bytes:
    """Return the PNG that has only what tells the size and how samples become colours."""
    header = _chunk(b"IHDR", data[_HEADER_START:_HEADER_END])
    return _SIGNATURE + header + _colours(data) + _chunk(b"IEND", b"")


def strips(data: bytes, rows: int) -> Iterator[Image.Image]:
    """Yield the picture from top to bottom, ``rows`` at a time; the last strip may be lower.

    ``OSError`` or ``zlib.error`` for a file that is damaged or breaks off.
    """
    width_px, height_px, bits, colour_type, *others = _HEADER.unpack(
        data[_HEADER_START:_HEADER_END]
    )
    row_bytes = 1 + width_px * _SAMPLES[colour_type]
    colours, stored, above = _colours(data), _Stored(data), b""
    for top in range(0, height_px, rows):
        count, lead = min(rows, height_px - top), 1 if above else 0
        header = _HEADER.pack(width_px, lead + count, bits, colour_type, *others)
        packed = zlib.compress(above + stored.take(count * row_bytes), 0)
        small = (
            _SIGNATURE
            + _chunk(b"IHDR", header)
            + colours
            + _chunk(b"IDAT", packed)
            + _chunk(b"IEND", b"")
        )
        opened = Image.open(io.BytesIO(small), formats=("PNG",))
        last = opened.crop((0, lead + count - 1, width_px, lead + count))
        above = _UNFILTERED + last.tobytes()
        yield opened.crop((0, lead, width_px, lead + count))


class _Stored:
    """The rows as they are stored, filters and all, unpacked as they are asked for."""

    def __init__(self, data: bytes) -> None:
        self._pieces = self._unpack(data)
        self._left = bytearray()

    @staticmethod
    def _unpack(data: bytes) -> Iterator[bytes]:
        unpacker = zlib.decompressobj()
        for name, start, _ in chunks(data):
            if name != b"IDAT":
                continue
            end = start + 8 + int.from_bytes(data[start : start + 4], "big")
            for at in range(start + 8, end, _PIECE_BYTES):
                packed = data[at : min(at + _PIECE_BYTES, end)]
                while packed:
                    yield unpacker.decompress(packed, _PIECE_BYTES)
                    packed = unpacker.unconsumed_tail

    def take(self, count: int) -> bytes:
        """Return the next so many bytes; ``OSError`` if there are not so many."""
        while len(self._left) < count:
            try:
                self._left += next(self._pieces)
            except StopIteration:
                raise OSError("the picture breaks off") from None
        taken = bytes(self._left[:count])
        del self._left[:count]
        return taken


def _colours(data: bytes) -> bytes:
    return b"".join(data[start:end] for name, start, end in chunks(data) if name in _COLOURS)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
