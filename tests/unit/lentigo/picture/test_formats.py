"""The table of formats and outcomes, and thousands of files that were damaged on the way."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from app.words import IN_ENGLISH
from app.words.errors import error_text
from lentigo.errors import LentigoError, PictureError
from lentigo.picture.decode import MINIMUM_SIDE_PX, WORKING_SIDE_PX, decode
from lentigo.picture.file_kind import Treatment, identify
from tests.unit.damage import DAMAGES
from tests.unit.file_formats import CASES, Case, document

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

IN_PYODIDE = sys.platform == "emscripten"
# Over all files of the table; Pyodide, slower, gets a sample of the same.
MUTATIONS = 300 if IN_PYODIDE else 2_000
# No damaged file of these sizes may keep the program longer: whole ones take milliseconds.
PATIENCE_S = 5.0


def _id(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", [case for case in CASES if case.refusal is None], ids=_id)
def test_a_format_that_is_read_is_read_rightly(case: Case) -> None:
    decoded = decode(case.make(), "photo")
    assert decoded.picture.mode == "RGB"
    expected = case.shows()
    assert decoded.picture.size == expected.size
    difference = np.abs(np.asarray(decoded.picture).astype(int) - np.asarray(expected)).mean()
    assert difference <= case.tolerance


@pytest.mark.parametrize("case", [case for case in CASES if case.refusal is not None], ids=_id)
def test_a_format_that_is_not_read_is_named_with_a_remedy(case: Case) -> None:
    assert case.refusal is not None
    with pytest.raises(PictureError) as caught:
        decode(case.make(), "photo")
    assert type(caught.value) is case.refusal
    text = error_text(caught.value, IN_ENGLISH)
    assert case.words in text.message
    assert text.message.startswith("“photo” ")
    assert caught.value.next_step is not LentigoError.next_step


# Plugins that take any file for theirs, or look at more than its first bytes; each has a row too.
WITHOUT_SIGNATURE = {"GBR", "IM", "IMT", "IPTC", "PCD", "SPIDER", "TGA"}


def test_no_plugin_of_pillow_is_forgotten() -> None:
    Image.init()
    heads = [case.make()[:16] for case in CASES]
    forgotten = {
        name
        for name, (_, accept) in Image.OPEN.items()
        if name not in WITHOUT_SIGNATURE
        and not any(accept(head) for head in heads if accept and len(head) == 16)
    }
    assert not forgotten


def test_neither_name_nor_ending_decides_what_a_file_is() -> None:
    png = next(case for case in CASES if case.name == "PNG: colour").make()
    for name in ("IMG_1", "photo.jpg", "photo.svg", "photo.pdf", ""):
        assert decode(png, name).format == "PNG"


def test_the_document_is_the_table() -> None:
    text = Path("docs/formats.md").read_text(encoding="utf-8")
    assert document() in text, "docs/formats.md: python -m tests.unit.file_formats writes it"


# --- damage --------------------------------------------------------------------------------------

FILES = [(case, data) for case, data in ((case, case.make()) for case in CASES) if data]
# Those that reach a decoder, three times as often.
DAMAGED = [
    data
    for case, data in FILES
    for _ in range(3 if identify(data).treatment is Treatment.DECODE else 1)
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_no_damaged_file_ends_in_anything_but_a_picture_or_a_named_error(
    damage: Callable[[bytearray, Generator], None],
) -> None:
    longest_s = 0.0
    for seed in range(MUTATIONS // len(DAMAGES) + 1):
        rng = np.random.default_rng([seed, DAMAGES.index(damage)])
        data = bytearray(DAMAGED[seed % len(DAMAGED)])
        damage(data, rng)
        begun_s = time.monotonic()
        try:
            picture = decode(bytes(data)).picture
        except PictureError as error:
            assert error_text(error, IN_ENGLISH).message
        else:
            assert picture.mode == "RGB"
            assert min(picture.size) >= MINIMUM_SIDE_PX
            assert max(picture.size) <= WORKING_SIDE_PX
        longest_s = max(longest_s, time.monotonic() - begun_s)
    assert longest_s < PATIENCE_S


def test_what_is_decoded_is_a_short_list() -> None:
    read = {
        identify(case.make()).pillow
        for case in CASES
        if identify(case.make()).treatment is Treatment.DECODE
    }
    assert read == {"JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"}
