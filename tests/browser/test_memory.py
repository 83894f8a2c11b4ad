"""Python's heap, which never shrinks: bounded for every file, and a large one does not stay."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from playwright.sync_api import Browser

from app.words import IN_ENGLISH
from app.words.errors import next_step_text
from lentigo.errors import PictureTooLargeError
from tests.browser.lentigo_page import SETTLED, LentigoPage
from tests.browser.pictures import large, lesion, png
from tests.browser.sites import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HEAP_LIMIT_BYTES = 400_000_000
# TF.js's memory with the model in it: 24 MB.
ENGINE_LIMIT_BYTES = 48_000_000
_LIMITS = (ROOT / "js" / "shared" / "limits.js").read_text(encoding="utf-8")
_LARGE = re.search(r"LARGE_HEAP_BYTES = ([\d_]+)", _LIMITS)
assert _LARGE is not None
LARGE_HEAP_BYTES = int(_LARGE[1])
# 49 megapixels, as phones take them.
WIDTH_PX, HEIGHT_PX = 8064, 6048


@cache
def photo() -> Image.Image:
    return large(lesion(), WIDTH_PX, HEIGHT_PX)


def rgba(path: Path) -> None:
    picture = photo().copy()
    picture.putalpha(254)
    picture.save(path, "PNG", compress_level=1)


def rgb(path: Path) -> None:
    photo().save(path, "PNG", compress_level=1)


def half_of_it(path: Path) -> None:
    rgb(path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 3 // 4])


def grey_and_alpha(path: Path) -> None:
    picture = photo().convert("LA")
    picture.save(path, "PNG", compress_level=1)


def sixteen_bits(path: Path) -> None:
    samples = np.asarray(photo().convert("L")).astype(np.uint16)
    Image.fromarray(samples * 257).save(path, "PNG", compress_level=1)


def cmyk(path: Path) -> None:
    """Of few colours, so that the file is small enough to be read."""
    few = (
        lesion().quantize(32).convert("RGB").resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.NEAREST)
    )
    few.convert("CMYK").save(path, "TIFF", compression="tiff_lzw")


def gif(path: Path) -> None:
    photo().quantize(64).save(path, "GIF")


def progressive(path: Path) -> None:
    photo().save(path, "JPEG", progressive=True)


def jpeg_of_120_megapixels(path: Path) -> None:
    large(lesion(), 12_000, 9_900).save(path, "JPEG")


def webp(path: Path) -> None:
    """As large as is still decoded in Python."""
    large(lesion(), 4000, 3000).save(path, "WEBP", quality=80, method=0)


def webp_for_the_browser(path: Path) -> None:
    photo().save(path, "WEBP", quality=60, method=0)


def noise_of_128_megabytes(path: Path) -> None:
    """The largest file that the page reads at all, and no picture."""
    path.write_bytes(b"\x01" * (128 * 1024 * 1024))


def sixty_megapixels(path: Path) -> None:
    Image.new("RGB", (9000, 6700)).save(path, "PNG", compress_level=1)


@dataclass(frozen=True)
class Heavy:
    """A file that takes much memory, and the states that may follow."""

    write: Callable[[Path], None]
    states: tuple[str, ...]
    words: str = ""


# One page for all, since a visitor's page is one too: what a file leaves behind adds up.
HEAVY = (
    Heavy(rgba, ("result", "rejected")),
    Heavy(half_of_it, ("error",), "damaged or incomplete"),
    Heavy(grey_and_alpha, ("result", "rejected")),
    Heavy(sixteen_bits, ("result", "rejected")),
    Heavy(cmyk, ("result", "rejected")),
    Heavy(gif, ("result", "rejected")),
    Heavy(progressive, ("result", "rejected")),
    Heavy(jpeg_of_120_megapixels, ("result", "rejected")),
    Heavy(webp, ("result", "rejected")),
    Heavy(webp_for_the_browser, ("result", "rejected")),
    Heavy(sixty_megapixels, ("error",), next_step_text(PictureTooLargeError.next_step, IN_ENGLISH)),
    Heavy(noise_of_128_megabytes, ("error",), "any format known here"),
    Heavy(rgba, ("result", "rejected")),
)


def written_ahead(folder: Path) -> Iterator[Path]:
    """The files in order; the next ones are written while the page is busy with one."""
    paths = {heavy.write: folder / heavy.write.__name__ for heavy in HEAVY}
    with ThreadPoolExecutor(1) as writer:
        written = {write: writer.submit(write, path) for write, path in paths.items()}
        for heavy in HEAVY:
            written[heavy.write].result()
            yield paths[heavy.write]


def test_no_file_makes_pythons_heap_larger_than_a_phone_can_bear(
    chromium: Browser, site: str, tmp_path: Path
) -> None:
    table = []
    with LentigoPage(chromium, site) as page:
        page.boot("?backend=wasm")
        heap = page.python.evaluate("pyodide._module.HEAPU8.length")
        print(f"\nready: {heap / 1e6:.0f} MB")
        for heavy, path in zip(HEAVY, written_ahead(tmp_path), strict=True):
            page.page.set_input_files("[data-testid=upload]", path)
            state = page.wait_for(*SETTLED)
            said = page.text("[data-region=answer]")
            assert state in heavy.states, f"{path.name}: {said}"
            assert heavy.words in said
            heap = page.python.evaluate("pyodide._module.HEAPU8.length")
            table.append(
                f"{path.name}: {path.stat().st_size / 1e6:.0f} MB, heap {heap / 1e6:.0f} MB"
            )
            print(table[-1])
            if heavy is not HEAVY[-1]:
                page.start_again()
        assert heap < HEAP_LIMIT_BYTES, table
        assert heap > LARGE_HEAP_BYTES, "nothing here is large any more"
        assert page.engine.evaluate("tf.backend().wasm.HEAPU8.length") < ENGINE_LIMIT_BYTES
        check_made_anew(page)


def check_made_anew(page: LentigoPage) -> None:
    """A Python whose heap is large is replaced once nothing is shown, and nobody notices."""
    with page.page.expect_worker():
        page.start_again()
    assert page.state == "ready"
    # Chosen while the next one starts.
    page.judge(png(lesion()))
    assert page.python.evaluate("pyodide._module.HEAPU8.length") < LARGE_HEAP_BYTES
    assert not page.page.is_visible("[data-testid=restarted]")
