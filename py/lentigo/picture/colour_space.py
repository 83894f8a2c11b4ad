"""From a picture's declared colour space to sRGB: a tone curve for each channel and a matrix.

Who declares it: an ICC profile (``lentigo.picture.icc``) or the chunks of a PNG
(``lentigo.picture.png``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# sRGB's primaries in the profile connection space (XYZ, D50), as columns: IEC 61966-2-1 adapted
# with Bradford, the values that every sRGB profile carries.
SRGB_TO_XYZ = np.array(
    [[0.4360, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7141]],
    dtype=np.float32,
)
# The white of the profile connection space, D50: ICC.1:2022, 7.2.16.
_D50 = np.array([0.9642, 1.0, 0.8249])
# Linear Bradford cone responses: ICC.1:2022, annex E.
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
# The 256 levels that a byte can mean, 0..1.
LEVELS = np.linspace(0.0, 1.0, 256, dtype=np.float32)
_ENCODE_STEPS = 4096
# One 8-bit level and a little rounding in the profile's numbers: less cannot be seen.
_SAME_CURVE = 0.6 / 255
_SAME_PRIMARY = 0.003
# How far from neutral a space may put its own white, in linear light 0..1, before it is taken for
# damaged (ours): the profiles of cameras, phones and screens keep within 0.01.
_WHITE_TOLERANCE = 0.1


def srgb_decode(encoded: Floats) -> Floats:
    """Return linear light 0..1 for encoded sRGB values 0..1."""
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


@dataclass(frozen=True)
class ColourSpace:
    """What a picture's numbers mean.

    ``curves``: float32 of 256, encoded level to linear light 0..1; three for red, green and blue,
    or one for grey. ``to_xyz``: float32 3x3, linear colours to XYZ (D50); not used for grey.
    """

    curves: tuple[Floats, ...]
    to_xyz: Floats

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for a space that no device has: it would turn colours to garbage."""
        for curve in self.curves:
            if not np.isfinite(curve).all() or (np.diff(curve) < -_SAME_CURVE).any():
                raise ValueError("a tone curve that does not rise")
            if abs(float(curve[-1]) - 1) > _WHITE_TOLERANCE:
                raise ValueError("a tone curve that does not end in white")
        if len(self.curves) == 3:
            white = _XYZ_TO_SRGB @ self.to_xyz.astype(np.float64) @ np.ones(3)
            if not (np.abs(white - 1) <= _WHITE_TOLERANCE).all():
                raise ValueError(f"white would become {white.round(2).tolist()}")


_XYZ_TO_SRGB = np.linalg.inv(SRGB_TO_XYZ.astype(np.float64))


def from_primaries(
    primaries: Sequence[tuple[float, float]], white: tuple[float, float], curve: Floats
) -> ColourSpace:
    """Make a space of the chromaticities x, y of red, green, blue and white.

    Raises ``ValueError`` for chromaticities that are no colours.
    """
    if any(y <= 0 for _, y in (*primaries, white)):
        raise ValueError("chromaticities that are no colours")
    columns = np.array([_xyz(*xy) for xy in primaries]).T
    white_xyz = _xyz(*white)
    try:
        to_xyz = columns * np.linalg.solve(columns, white_xyz)
    except np.linalg.LinAlgError as error:
        raise ValueError("primaries that lie on a line") from error
    cones = (_BRADFORD @ _D50) / (_BRADFORD @ white_xyz)
    adapted = np.linalg.inv(_BRADFORD) @ np.diag(cones) @ _BRADFORD @ to_xyz
    return ColourSpace((curve,) * 3, adapted.astype(np.float32))


def _xyz(x: float, y: float) -> NDArray[np.float64]:
    return np.array([x / y, 1.0, (1 - x - y) / y])


def to_srgb(picture: Image.Image, space: ColourSpace) -> Image.Image:
    """Convert a picture to sRGB, in RGB.

    ``picture`` is L with a space of one curve, else RGB. Raises ``ValueError`` where they do not
    fit together.
    """
    if (picture.mode, len(space.curves)) == ("L", 1):
        linear = _srgb_encode(space.curves[0].clip(0, 1))
        levels = np.rint(linear * 255).astype(np.uint8)
        return Image.fromarray(levels[np.asarray(picture)]).convert("RGB")
    if (picture.mode, len(space.curves)) != ("RGB", 3):
        raise ValueError(f"a space of {len(space.curves)} curves on a {picture.mode} picture")
    if _is_srgb(space):
        return picture
    matrix = (_XYZ_TO_SRGB @ space.to_xyz).astype(np.float32)
    pixels = np.asarray(picture)
    linear = np.stack([space.curves[i][pixels[..., i]] for i in range(3)], axis=-1) @ matrix.T
    steps = np.clip(linear * (_ENCODE_STEPS - 1) + 0.5, 0, _ENCODE_STEPS - 1).astype(np.uint16)
    return Image.fromarray(_ENCODED[steps])


def _is_srgb(space: ColourSpace) -> bool:
    own = _srgb_encode(srgb_decode(LEVELS))
    same_curves = all(
        np.abs(_srgb_encode(curve) - own).max() < _SAME_CURVE for curve in space.curves
    )
    return same_curves and bool(np.abs(space.to_xyz - SRGB_TO_XYZ).max() < _SAME_PRIMARY)
