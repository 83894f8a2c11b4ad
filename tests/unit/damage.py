"""What happens to a file on the way: six kinds of damage, each by a seeded generator."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator


def flip_bits(data: bytearray, rng: Generator) -> None:
    for position in rng.integers(0, len(data), int(rng.integers(1, 12))):
        data[position] ^= 1 << int(rng.integers(0, 8))


def set_bytes(data: bytearray, rng: Generator) -> None:
    for position in rng.integers(0, len(data), int(rng.integers(1, 12))):
        data[position] = int(rng.choice([0, 1, 0x7F, 0x80, 0xFF]))


def cut_off(data: bytearray, rng: Generator) -> None:
    del data[int(rng.integers(0, len(data))) :]


def swap(data: bytearray, rng: Generator) -> None:
    """Exchange two stretches."""
    length = int(rng.integers(1, max(2, len(data) // 8)))
    here, there = (int(start) for start in rng.integers(0, max(1, len(data) - length), 2))
    one, other = data[here : here + length], data[there : there + length]
    data[here : here + length], data[there : there + length] = other, one


def repeat(data: bytearray, rng: Generator) -> None:
    start = int(rng.integers(0, len(data)))
    data[start:start] = data[start : start + int(rng.integers(1, 400))]


def damage_head(data: bytearray, rng: Generator) -> None:
    """Change the first bytes, where sizes and kinds stand."""
    for position in rng.integers(0, min(64, len(data)), 3):
        data[position] = int(rng.integers(0, 256))


DAMAGES: tuple[Callable[[bytearray, Generator], None], ...] = (
    *(flip_bits, set_bytes, cut_off, swap, repeat, damage_head),
)
