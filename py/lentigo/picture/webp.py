"""A WebP's size in pixels, read without its decoder, which takes memory for all of them at once.

Source: RFC 9649 (WebP), 2.5 (VP8), 2.6 (VP8L), 2.7 (VP8X); RFC 6386, 9.1.
"""

from __future__ import annotations

_CHUNK, _BODY = 12, 20


def pixels(data: bytes) -> int:
    """Return width times height as the first chunk declares it; 0 where it declares nothing."""
    name = data[_CHUNK : _CHUNK + 4]
    if name == b"VP8X":
        return (_integer(data, _BODY + 4, 3) + 1) * (_integer(data, _BODY + 7, 3) + 1)
    if name == b"VP8L":
        packed = _integer(data, _BODY + 1, 4)
        return ((packed & 0x3FFF) + 1) * ((packed >> 14 & 0x3FFF) + 1)
    if name == b"VP8 ":
        return (_integer(data, _BODY + 6, 2) & 0x3FFF) * (_integer(data, _BODY + 8, 2) & 0x3FFF)
    return 0


def _integer(data: bytes, offset: int, size: int) -> int:
    return int.from_bytes(data[offset : offset + size], "little")
