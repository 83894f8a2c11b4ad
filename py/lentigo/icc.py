"""Embedded ICC profiles to sRGB, for the profiles that cameras and phones write.

Pyodide's Pillow is built without LittleCMS, so ``PIL.ImageCms`` cannot be used in the browser.
Cameras write matrix profiles (Display P3, Adobe RGB, ProPhoto) or grey curves, which take a table
and a 3x3 matrix. Source: ICC.1:2022, sections 8.3.3 (matrix/TRC), 10.6 (curv), 10.18 (para).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# sRGB's primaries in the profile connection space (XYZ, D50), as columns: IEC 61966-2-1 adapted
# with Bradford, the values that every sRGB profile carries.
_SRGB_TO_XYZ = np.array(
    [[0.4360, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7141]],
    dtype=np.float32,
)
_LEVELS = np.linspace(0.0, 1.0, 256, dtype=np.float32)
_ENCODE_STEPS = 4096
# One 8-bit level and a little rounding in the profile's numbers: less cannot be seen.
_SAME_CURVE = 0.6 / 255
_SAME_PRIMARY = 0.003


def _srgb_decode(encoded: Floats) -> Floats:
    low = encoded / 12.92
    high = ((encoded + 0.055) / 1.055) ** 2.4
    return np.where(encoded <= 0.04045, low, high).astype(np.float32)


def _srgb_encode(linear: Floats) -> Floats:
    low = linear * 12.92
    high = 1.055 * np.maximum(linear, 0.0) ** (1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, low, high).astype(np.float32)


# From linear light 0..1 in 4096 steps to an 8-bit sRGB level.
_ENCODED = np.rint(
    _srgb_encode(np.linspace(0.0, 1.0, _ENCODE_STEPS, dtype=np.float32)) * 255
).astype(np.uint8)


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
    x = _LEVELS
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


def to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Convert an RGB or L picture from its profile's colours to sRGB, in RGB.

    Raises ``ValueError`` for a profile that is broken or of a kind that is not handled (look-up
    tables, CMYK); the caller then shows the pixels as they are.
    """
    try:
        tags = _tags(profile)
        space = profile[16:20]
        if space == b"GRAY" and picture.mode == "L":
            return _grey_to_srgb(picture, _curve(tags[b"kTRC"]))
        if space != b"RGB " or picture.mode != "RGB":
            raise ValueError(f"a {space!r} profile on a {picture.mode} picture")
        curves = [_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC")]
        columns = [_fixed(tags[name], 8, 3) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
    except (KeyError, struct.error) as error:
        raise ValueError(f"no matrix profile: {error!r}") from error
    to_xyz = np.array(columns, dtype=np.float32).T
    srgb_curve = _srgb_decode(_LEVELS)
    same_curves = all(
        np.abs(_srgb_encode(curve) - _srgb_encode(srgb_curve)).max() < _SAME_CURVE
        for curve in curves
    )
    if same_curves and np.abs(to_xyz - _SRGB_TO_XYZ).max() < _SAME_PRIMARY:
        return picture
    matrix = (np.linalg.inv(_SRGB_TO_XYZ) @ to_xyz).astype(np.float32)
    pixels = np.asarray(picture)
    linear = np.stack([curves[i][pixels[..., i]] for i in range(3)], axis=-1) @ matrix.T
    steps = np.clip(linear * (_ENCODE_STEPS - 1) + 0.5, 0, _ENCODE_STEPS - 1).astype(np.uint16)
    return Image.fromarray(_ENCODED[steps])


def _grey_to_srgb(picture: Image.Image, curve: Floats) -> Image.Image:
    levels = np.rint(_srgb_encode(curve) * 255).clip(0, 255).astype(np.uint8)
    return Image.fromarray(levels[np.asarray(picture)]).convert("RGB")
