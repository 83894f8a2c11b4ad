"""What a PNG says beside its pixels: colour space and EXIF, and the PNG without the rest.

Pillow refuses a picture whose metadata are junk or larger than it expects, and knows neither what
gAMA means nor cICP. So only the chunks that make the pixels are decoded by it.
Source: Portable Network Graphics, Third Edition (W3C 2025), 11.3.2 (colour space) and 12 (order).
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lentigo.picture import icc
from lentigo.picture.colour_space import (
    LEVELS,
    SRGB_TO_XYZ,
    ColourSpace,
    from_primaries,
    srgb_decode,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_HEADER_BYTES = 8
_PIXELS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
# The largest profile that is unpacked; those of cameras and screens have a few kilobytes.
_LONGEST_PROFILE = 4_000_000

# gAMA and cHRM are integers, in units of 1/100000.
_UNIT = 100_000
# 1/2.2, which stands for sRGB's curve wherever it is written.
_SRGB_GAMMA, _SRGB_GAMMA_TOLERANCE = 0.45455, 0.001
# Gammas outside are no display's and no camera's (1.0 is linear light, 0.37 was the Macintosh's).
_LEAST_GAMMA, _LARGEST_GAMMA = 0.2, 1.5

_D65 = (0.3127, 0.3290)
_BT709 = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
# ITU-T H.273, table 2: the colour primaries that a picture may name.
_CICP_PRIMARIES = {
    1: _BT709,
    2: _BT709,  # unspecified
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
# ITU-T H.273, table 3: transfers that screens show with sRGB's curve, and those that are a power.
_CICP_SRGB = {1, 2, 6, 13, 14, 15}
_CICP_POWER = {4: 2.2, 5: 2.8, 8: 1.0}


@dataclass(frozen=True)
class Png:
    """What its metadata say; ``space`` is ``None`` for sRGB and what means it.

    ``is_hdr``: its numbers mean more light, or other colours, than can be brought to sRGB here.
    """

    exif: bytes | None
    space: ColourSpace | None
    is_hdr: bool


def read(data: bytes) -> Png:
    """Read the chunks of a PNG. What is broken in its metadata counts as absent."""
    found: dict[bytes, bytes] = {}
    for name, start, end in chunks(data):
        if name not in _PIXELS:
            found.setdefault(name, data[start + 8 : end - 4])
    coding = found.get(b"cICP")
    if coding is not None and len(coding) == 4:
        space = _from_cicp(coding)
        return Png(found.get(b"eXIf"), space, is_hdr=space is None)
    profile = _profile(found)
    is_hdr = profile is not None and icc.is_high_dynamic_range(profile)
    try:
        space = icc.parse(profile) if profile else _from_gamma(found, grey=_is_grey(data))
    except ValueError:
        space = None
    return Png(found.get(b"eXIf"), space, is_hdr)


def chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield each chunk's name, and where it begins and ends; the last one may be cut off."""
    position = _HEADER_BYTES
    while position + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, position)
        end = min(position + 12 + length, len(data))
        yield name, position, end
        position = end


def without_metadata(data: bytes) -> bytes:
    """Return the PNG of only the chunks that make the pixels; itself where it has no others."""
    spans = list(chunks(data))
    if all(name in _PIXELS for name, _, _ in spans):
        return data
    kept = (data[start:end] for name, start, end in spans if name in _PIXELS)
    return data[:_HEADER_BYTES] + b"".join(kept)


def _is_grey(data: bytes) -> bool:
    return data[25:26] in {b"\x00", b"\x04"}  # colour types: grey, grey with alpha


def _profile(found: dict[bytes, bytes]) -> bytes | None:
    """Unpack iCCP: a name, a zero byte, the method (0), then zlib."""
    _, separator, packed = found.get(b"iCCP", b"").partition(b"\0")
    if not separator:
        return None
    try:
        return zlib.decompressobj().decompress(packed[1:], _LONGEST_PROFILE)
    except zlib.error:
        return None


def _from_gamma(found: dict[bytes, bytes], *, grey: bool) -> ColourSpace | None:
    """Read gAMA and cHRM, unless sRGB says that they do not count; ``ValueError`` for junk."""
    packed = found.get(b"gAMA", b"")
    if b"sRGB" in found or len(packed) != 4:
        return None
    gamma = int.from_bytes(packed, "big") / _UNIT
    if not _LEAST_GAMMA <= gamma <= _LARGEST_GAMMA:
        raise ValueError(f"a gamma of {gamma}")
    curve = srgb_decode(LEVELS)
    if abs(gamma - _SRGB_GAMMA) > _SRGB_GAMMA_TOLERANCE:
        curve = (LEVELS ** (1 / gamma)).astype(np.float32)
    if grey:
        return ColourSpace((curve,), SRGB_TO_XYZ)
    packed = found.get(b"cHRM", b"")
    if len(packed) != 32:
        return ColourSpace((curve,) * 3, SRGB_TO_XYZ)
    values = [value / _UNIT for value in struct.unpack(">8I", packed)]
    white, *primaries = zip(values[::2], values[1::2], strict=True)
    return from_primaries(primaries, white, curve)


def _from_cicp(coding: bytes) -> ColourSpace | None:
    """Read cICP; ``None`` for what is not brought to sRGB here: PQ, HLG, YCbCr, rare primaries."""
    primaries, transfer, matrix, full_range = coding
    corners = _CICP_PRIMARIES.get(primaries)
    if corners is None or matrix != 0 or full_range != 1:
        return None
    if transfer in _CICP_SRGB:
        curve = srgb_decode(LEVELS)
    elif transfer in _CICP_POWER:
        curve = (LEVELS ** _CICP_POWER[transfer]).astype(np.float32)
    else:
        return None
    return from_primaries(corners, _D65, curve)
