"""How much memory decoding takes beside the picture itself: never a second picture of its size.

Measured in a process of its own, by the kernel: Pillow's memory is not Python's. The heap of the
page's Pyodide, for the largest pictures, is measured in ``tests/browser/test_memory.py``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from tests.unit.file_formats import exif, saved

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH_PX, HEIGHT_PX = 5000, 4000
PIXELS = WIDTH_PX * HEIGHT_PX
# What a decode takes whatever the picture: bands, tables, the small result (measured: up to 45 MB).
CONSTANT_BYTES = 60_000_000
CLEAR = Path("/proc/self/clear_refs")

# Prints, for each file of a folder, by how much its decoding raised the process's peak.
_MEASURE = """
import json, re, sys
from pathlib import Path
from lentigo.picture.decode import decode

def kilobytes(name):
    return int(re.search(name + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

decode(Path(sys.argv[2]).read_bytes())  # Pillow's plugins are loaded by now
peaks = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    data = path.read_bytes()
    Path("/proc/self/clear_refs").write_text("5")
    before = kilobytes("VmRSS")
    decode(data)
    peaks[path.name] = (kilobytes("VmHWM") - before) * 1024
print(json.dumps(peaks))
"""


@dataclass(frozen=True)
class Large:
    """A large picture, and the bytes a pixel that its decoding may take at most."""

    make: Callable[[], bytes]
    bytes_a_pixel: float


def flat(mode: str) -> Image.Image:
    return Image.new("RGB", (WIDTH_PX, HEIGHT_PX), (190, 140, 120)).convert(mode)


def cut_out() -> Image.Image:
    picture = flat("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 900, HEIGHT_PX))
    return picture


def sixteen_bits() -> Image.Image:
    return Image.fromarray(np.full((HEIGHT_PX, WIDTH_PX), 0x9000, dtype=np.uint16))


def floating() -> Image.Image:
    return Image.fromarray(np.full((HEIGHT_PX, WIDTH_PX), 0.5, dtype=np.float32))


# Pillow keeps 4 bytes for a pixel of any colour, 1 for a grey or palette one, 2 for 16 bits.
LARGE = {
    "RGB.png": Large(lambda: saved(flat("RGB"), "PNG", compress_level=1), 4),
    "RGBA.png": Large(lambda: saved(cut_out(), "PNG", compress_level=1), 4),
    "LA.png": Large(lambda: saved(cut_out().convert("LA"), "PNG", compress_level=1), 4),
    "L.png": Large(lambda: saved(flat("L"), "PNG", compress_level=1), 1),
    "P.png": Large(lambda: saved(flat("P"), "PNG", compress_level=1, transparency=7), 1),
    "1.png": Large(lambda: saved(flat("1"), "PNG", compress_level=1), 1),
    "I16.png": Large(lambda: saved(sixteen_bits(), "PNG", compress_level=1), 2),
    "F.tif": Large(lambda: saved(floating(), "TIFF", compression="tiff_lzw"), 4),
    "CMYK.tif": Large(lambda: saved(flat("CMYK"), "TIFF", compression="packbits"), 4),
    "turned.tif": Large(lambda: saved(flat("RGB"), "TIFF", exif=exif(6)), 8),
    "P.gif": Large(lambda: saved(flat("P"), "GIF"), 2),
    "RGB.bmp": Large(lambda: saved(flat("RGB"), "BMP"), 4),
    # A JPEG is decoded at 1/4 of its size; in one scan row by row, in several all coefficients.
    "RGB.jpg": Large(lambda: saved(flat("RGB"), "JPEG"), 0.5),
    "progressive.jpg": Large(lambda: saved(flat("RGB"), "JPEG", progressive=True), 3.5),
    "CMYK.jpg": Large(lambda: saved(flat("CMYK"), "JPEG"), 0.5),
}


@pytest.mark.slow
@pytest.mark.skipif(not CLEAR.exists(), reason="the kernel tells no peak here")
def test_decoding_makes_no_second_picture_of_the_same_size(tmp_path: Path) -> None:
    folder, small = tmp_path / "large", tmp_path / "small.png"
    folder.mkdir()
    small.write_bytes(saved(Image.new("RGB", (99, 99)), "PNG"))
    for name, large in LARGE.items():
        (folder / name).write_bytes(large.make())
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(folder), str(small)],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
        env={"PYTHONPATH": "py"},
    )
    peaks: dict[str, int] = json.loads(done.stdout)
    assert set(peaks) == set(LARGE)
    allowed = {name: large.bytes_a_pixel * PIXELS + CONSTANT_BYTES for name, large in LARGE.items()}
    table = {
        name: f"{peak / 1e6:.0f} of {allowed[name] / 1e6:.0f} MB" for name, peak in peaks.items()
    }
    print(f"\n{PIXELS / 1e6:.0f} MP:", table)
    assert not {name: row for name, row in table.items() if peaks[name] > allowed[name]}
