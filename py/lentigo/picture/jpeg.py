"""What a JPEG's frame header says: whether it can be decoded, and what memory that takes.

Source: ITU-T T.81, B.1.1.3 (markers) and B.2.2 (frame header).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

# Markers without a length.
_STANDALONE = {0x01, *range(0xD0, 0xD9)}
_START_OF_SCAN = 0xDA
# Frames: baseline, extended and progressive, of Huffman codes. The others are lossless,
# hierarchical or arithmetic, which decoders leave out.
_USUAL_FRAMES = {0xC0, 0xC1, 0xC2}
_PROGRESSIVE = 0xC2
_FRAMES = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}
_COEFFICIENT_BYTES = 2


@dataclass(frozen=True)
class Frame:
    """``is_usual``: of a kind that decoders know. ``coefficient_bytes``: what the decoder keeps.

    A picture that comes in one scan is decoded row by row; of one that comes in several, all
    coefficients are kept at full size, however small the result.
    """

    is_usual: bool
    coefficient_bytes: int


def read_frame(data: bytes) -> Frame | None:
    """Read the frame header; ``None`` where the file ends before it and the first scan.

    Decoders skip junk between the markers, and so does this; but a rare kind of frame that is found
    behind junk is no news of the file.
    """
    frame: tuple[int, int, list[int], int] | None = None
    position, clean = 2, True
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            position, clean = position + 1, False
            continue
        marker = data[position + 1]
        if marker in {0x00, 0xFF} or marker in _STANDALONE:
            position += 1 if marker == 0xFF else 2
            continue
        if marker == _START_OF_SCAN:
            return _described(frame, data[position + 4], clean) if frame else None
        if marker in _FRAMES:
            frame = _parse(marker, data, position + 4)
        (length,) = struct.unpack_from(">H", data, position + 2)
        position += 2 + length
    return None


def _parse(marker: int, data: bytes, position: int) -> tuple[int, int, list[int], int]:
    """Return marker, bits a sample, each component's sampling (h times v), and the pixels."""
    precision, height_px, width_px, count = struct.unpack_from(">BHHB", data, position)
    factors = data[position + 7 : position + 6 + 3 * count : 3]
    samplings = [(packed >> 4) * (packed & 15) for packed in factors]
    return marker, precision, samplings, width_px * height_px


def _described(frame: tuple[int, int, list[int], int], scan_components: int, clean: bool) -> Frame:
    marker, precision, samplings, pixels = frame
    is_usual = not clean or (marker in _USUAL_FRAMES and precision == 8)
    if not samplings or (marker != _PROGRESSIVE and scan_components == len(samplings)):
        return Frame(is_usual, 0)
    samples_a_pixel = sum(samplings) / max(*samplings, 1)
    return Frame(is_usual, round(pixels * samples_a_pixel * _COEFFICIENT_BYTES))
