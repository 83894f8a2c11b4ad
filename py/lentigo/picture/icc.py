"""Embedded ICC profiles to sRGB, for the profiles that cameras and phones write.

Pyodide's Pillow is built without LittleCMS, so ``PIL.ImageCms`` cannot be used in the browser.
Cameras write matrix profiles (Display P3, Adobe RGB, ProPhoto) or grey curves, which take a table
and a 3x3 matrix. Source: ICC.1:2022, sections 8.3.3 (matrix/TRC), 10.6 (curv), 10.18 (para).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

from lentigo.picture.colour_space import LEVELS, SRGB_TO_XYZ, ColourSpace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# Transfer functions of ITU-T H.273 that mean more light than a screen's white: PQ and HLG.
HDR_TRANSFERS = {16, 18}


def _tags(profile: bytes) -> dict[bytes, bytes]:
    if len(profile) < 132 or profile[36:40] != b"acsp":
        raise ValueError("not an ICC profile")
    (count,) = struct.unpack_from(">I", profile, 128)
    tags = {}
    for index in range(min(count, 200)):
        name, offset, size = struct.unpack_from(">4sII", profile, 132 + 12 * index)
        tags[name] = profile[offset : offset + size]
    return tags


def _fixed(data: bytes, offset: int, count: int) -> list[float]:
    """Read ``count`` s15Fixed16 numbers."""
    return [value / 65536 for value in struct.unpack_from(f">{count}i", data, offset)]


def _curve(tag: bytes) -> Floats:
    """Sample a tone curve at the 256 levels: encoded value 0..1 to linear light 0..1."""
    x = LEVELS
    if tag[:4] == b"curv":
        (count,) = struct.unpack_from(">I", tag, 8)
        if count == 0:
            return x
        values = np.array(struct.unpack_from(f">{count}H", tag, 12), dtype=np.float32)
        if count == 1:
            return np.asarray(x ** np.float32(values[0] / 256), dtype=np.float32)
        positions = np.linspace(0.0, 1.0, count, dtype=np.float32)
        return np.interp(x, positions, values / 65535).astype(np.float32)
    if tag[:4] != b"para":
        raise ValueError(f"unknown curve type {tag[:4]!r}")
    (kind,) = struct.unpack_from(">H", tag, 8)
    # Parameters g a b c d e f; each kind gives a prefix of them and implies the rest.
    given = _fixed(tag, 12, {0: 1, 1: 3, 2: 4, 3: 5, 4: 7}[kind])
    g, a, b = [*given, 1.0, 0.0][:3] if kind == 0 else given[:3]
    c = d = e = f = 0.0
    if kind in {1, 2}:
        d = -b / a
        e = f = given[3] if kind == 2 else 0.0
    elif kind == 3:
        c, d = given[3:5]
    elif kind == 4:
        c, d, e, f = given[3:7]
    power = np.maximum(a * x + b, 0.0) ** g + e
    return np.where(x >= d, power, c * x + f).astype(np.float32)


def is_high_dynamic_range(profile: bytes) -> bool:
    """Tell whether a profile means PQ or HLG, by its "cicp" tag (ICC.1:2022, 9.2.17)."""
    try:
        tag = _tags(profile).get(b"cicp", b"")
    except (ValueError, struct.error):
        return False
    return len(tag) >= 10 and tag[9] in HDR_TRANSFERS


def parse(profile: bytes) -> ColourSpace:
    """Read a matrix profile of RGB or a curve of grey.

    Raises ``ValueError`` for a profile that is broken or of a kind that is not handled (look-up
    tables, CMYK); the caller then shows the pixels as they are.
    """
    try:
        tags = _tags(profile)
        space = profile[16:20]
        with np.errstate(all="ignore"):  # ColourSpace refuses what comes out of junk.
            if space == b"GRAY":
                return ColourSpace((_curve(tags[b"kTRC"]),), SRGB_TO_XYZ)
            if space != b"RGB ":
                raise ValueError(f"a {space!r} profile")
            curves = tuple(_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC"))
            columns = [_fixed(tags[name], 8, 3) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
            return ColourSpace(curves, np.array(columns, dtype=np.float32).T)
    except (LookupError, ArithmeticError, struct.error) as error:
        raise ValueError(f"no matrix profile: {error!r}") from error
