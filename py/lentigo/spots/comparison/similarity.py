"""A similarity of the plane: turn, scale and shift, from one picture's pixels to another's."""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Similarity:
    """Maps a place z = x + iy to ``turn * z + shift``, in pixels with y down.

    Pixel (0, 0) covers the places 0..1 both ways. ``turn`` is not 0: its absolute value is the
    scale, its angle the rotation.
    """

    turn: complex = 1.0 + 0.0j
    shift: complex = 0.0j

    @property
    def scale(self) -> float:
        """How many pixels of the second picture one of the first becomes."""
        return abs(self.turn)

    @property
    def rotation_deg(self) -> float:
        """The rotation, -180..180, clockwise as seen."""
        return math.degrees(cmath.phase(self.turn))

    def __call__(self, place: complex) -> complex:
        """Map one place."""
        return self.turn * place + self.shift

    def after(self, first: Similarity) -> Similarity:
        """Return the map that does ``first``, then this."""
        return Similarity(self.turn * first.turn, self.turn * first.shift + self.shift)

    def inverse(self) -> Similarity:
        """Return the map back."""
        return Similarity(1.0 / self.turn, -self.shift / self.turn)

    def coefficients(self) -> tuple[float, float, float, float, float, float]:
        """Return (a, b, c, d, e, f) of x' = ax + by + c, y' = dx + ey + f, as Pillow takes them."""
        real, imaginary = self.turn.real, self.turn.imag
        return (real, -imaginary, self.shift.real, imaginary, real, self.shift.imag)


def about(turn: complex, centre: complex, shift: complex = 0.0j) -> Similarity:
    """Return the map that turns and scales about a place, then shifts."""
    return Similarity(turn, centre - turn * centre + shift)
