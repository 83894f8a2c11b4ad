"""A PNG in strips: the very pixels of the whole, whatever its filters; and only what can be cut."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from lentigo.errors import BrokenPictureError
from lentigo.picture.decode import decode
from lentigo.picture.png_strips import can_be_cut, strips, without_pixels

WIDTH_PX, HEIGHT_PX = 53, 41


def noise(mode: str) -> Image.Image:
    rng = np.random.default_rng(3)
    # Rough in one half and smooth in the other, so that the encoder takes several filters.
    samples = rng.integers(0, 256, (HEIGHT_PX, WIDTH_PX, 4), dtype=np.uint8)
    samples[:, : WIDTH_PX // 2] = np.arange(HEIGHT_PX, dtype=np.uint8)[:, None, None] * 5
    picture = Image.fromarray(samples)
    return picture.convert("RGB").quantize(90) if mode == "P" else picture.convert(mode)


def encoded(picture: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", **options)
    return out.getvalue()


def filters_of(data: bytes) -> set[int]:
    """The filters of an RGB PNG's rows; its pixels are in one chunk."""
    start = data.index(b"IDAT")
    (length,) = struct.unpack(">I", data[start - 4 : start])
    rows = zlib.decompress(data[start + 4 : start + 4 + length])
    return set(rows[:: 1 + 3 * WIDTH_PX])


@pytest.mark.parametrize("rows", [1, 7, HEIGHT_PX, 500])
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "P"])
def test_the_strips_together_are_the_picture(mode: str, rows: int) -> None:
    data = encoded(noise(mode))
    whole = Image.open(io.BytesIO(data))
    pieces = list(strips(data, rows))
    assert {piece.mode for piece in pieces} == {whole.mode}
    assert [piece.height for piece in pieces][:-1] == [rows] * ((HEIGHT_PX - 1) // rows)
    together = np.concatenate([np.asarray(piece) for piece in pieces])
    assert np.array_equal(together, np.asarray(whole))


def test_the_pictures_of_these_tests_have_filters_that_look_at_the_row_above() -> None:
    assert filters_of(encoded(noise("RGB"))) & {2, 3, 4}


def test_pixels_in_many_small_chunks_are_read() -> None:
    data = encoded(noise("RGB"))
    start = data.index(b"IDAT") - 4
    (length,) = struct.unpack(">I", data[start : start + 4])
    packed = data[start + 8 : start + 8 + length]
    cut = b"".join(
        struct.pack(">I", len(piece)) + b"IDAT" + piece + struct.pack(">I", zlib.crc32(piece))
        for piece in (packed[at : at + 100] for at in range(0, length, 100))
    )
    many = data[:start] + cut + data[start + 12 + length :]
    together = np.concatenate([np.asarray(piece) for piece in strips(many, 8)])
    assert np.array_equal(together, np.asarray(noise("RGB")))


def test_a_colour_that_stands_for_nothing_stays_so() -> None:
    data = encoded(noise("P"), transparency=3)
    assert all(piece.has_transparency_data for piece in strips(data, 9))
    head = Image.open(io.BytesIO(without_pixels(data)))
    assert (head.size, head.mode) == ((WIDTH_PX, HEIGHT_PX), "P")


def interlaced() -> bytes:
    data = bytearray(encoded(noise("RGB")))
    data[28] = 1
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        encoded(noise("1")),
        encoded(Image.fromarray(np.zeros((9, 9), np.uint16))),
        interlaced(),
        encoded(noise("L"))[:20],
        b"",
    ],
)
def test_what_has_other_rows_is_left_whole(data: bytes) -> None:
    assert not can_be_cut(data)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_png_that_breaks_off_is_damaged(share: float) -> None:
    rng = np.random.default_rng(0)
    data = encoded(Image.fromarray(rng.integers(0, 256, (300, 300, 3), dtype=np.uint8)))
    assert can_be_cut(data)
    with pytest.raises(BrokenPictureError, match="damaged"):
        decode(data[: int(len(data) * share)])


def test_a_png_whose_pixels_are_junk_is_damaged() -> None:
    data = bytearray(encoded(noise("RGB").resize((300, 300))))
    start = data.index(b"IDAT")
    data[start + 200 : start + 260] = bytes(60)
    with pytest.raises(BrokenPictureError):
        decode(bytes(data))
