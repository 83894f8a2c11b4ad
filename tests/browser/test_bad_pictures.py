"""Every file that a visitor might choose gets an answer, a remedy or a message; never a hang."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from app.words import IN_ENGLISH
from app.words.errors import next_step_text
from app.words.picture import REMEDY
from lentigo import errors
from lentigo.picture.decode import decode
from lentigo.picture.preprocess import to_model_input
from lentigo.picture.quality import Remedy
from tests.browser import pictures
from tests.browser.pictures import jpeg, lesion, png
from tests.unit import file_formats
from training.pictures.synthetic import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.lentigo_page import LentigoPage

JPEG, PNG = "image/jpeg", "image/png"
# One step of 8 bits in the model's input of -1..1. Pyodide's Pillow decodes JPEG with libjpeg 9,
# CPython's with libjpeg-turbo; they interpolate the colours of a JPEG in different ways, so single
# pixels at a coloured edge differ by several steps, and the mean by less than one.
ONE_STEP = 1 / 127.5


@dataclass(frozen=True)
class Bad:
    """A file that has no answer, and the state and the words that it must lead to."""

    make: Callable[[], bytes]
    name: str
    kind: str
    state: str
    words: str


def remedy(kind: type[errors.LentigoError]) -> str:
    return re.escape(next_step_text(kind.next_step, IN_ENGLISH))


BAD = {
    "text named jpg": Bad(
        lambda: b"Dear diary, this is no picture.\n" * 9,
        "diary.jpg",
        JPEG,
        "error",
        r"text, not a picture.*" + remedy(errors.NotAPictureError),
    ),
    "bytes named png": Bad(
        lambda: bytes(range(256)) * 9,
        "noise.png",
        PNG,
        "error",
        r"not a picture.*" + remedy(errors.NotAPictureError),
    ),
    "empty": Bad(
        lambda: b"", "empty.jpg", JPEG, "error", r"is empty.*" + remedy(errors.EmptyFileError)
    ),
    "truncated JPEG": Bad(
        lambda: jpeg(lesion())[:9000],
        "half.jpg",
        JPEG,
        "error",
        r"damaged or incomplete.*" + remedy(errors.BrokenPictureError),
    ),
    "truncated PNG": Bad(
        lambda: png(lesion())[:9000],
        "half.png",
        PNG,
        "error",
        r"damaged or incomplete.*" + remedy(errors.BrokenPictureError),
    ),
    "one pixel": Bad(
        lambda: png(Image.new("RGB", (1, 1), "tan")),
        "dot.png",
        PNG,
        "error",
        r"1 × 1 pixels.*" + remedy(errors.PictureTooSmallError),
    ),
    "a PNG of 100 megapixels": Bad(
        lambda: png(Image.new("L", (10_000, 10_000), 128), compress_level=1),
        "bomb.png",
        PNG,
        "error",
        r"100 million pixels.*" + remedy(errors.PictureTooLargeError),
    ),
    "a PNG of 400 megapixels": Bad(
        lambda: png(Image.new("1", (20_000, 20_000)), compress_level=1),
        "larger-bomb.png",
        PNG,
        "error",
        r"pixels.*" + remedy(errors.PictureTooLargeError),
    ),
    "SVG": Bad(
        lambda: pictures.SVG,
        "drawing.svg",
        "image/svg+xml",
        "error",
        r"drawing.*" + remedy(errors.NotAPictureError),
    ),
    "half an AVIF": Bad(
        lambda: file_formats.heif(b"avif", b"mif1")[:1500],
        "half.avif",
        "image/avif",
        "error",
        r"AVIF.*damaged or incomplete.*" + remedy(errors.BrokenPictureError),
    ),
    # What the browser is asked to decode and cannot, is told by its name all the same.
    "HEIC": Bad(
        lambda: file_formats.heif(b"heic", b"mif1"),
        "IMG_1.HEIC",
        "image/heic",
        "error",
        r"HEIC.*" + remedy(errors.HostDecodableError),
    ),
    "TIFF in CIELAB": Bad(
        file_formats.lab_tiff,
        "lab.tif",
        "image/tiff",
        "error",
        r"CIELAB.*" + remedy(errors.HostDecodableError),
    ),
    "raw file of a camera": Bad(
        lambda: file_formats.rgb_tiff(t50706=(1, 4)),
        "IMG_1.DNG",
        "image/x-adobe-dng",
        "error",
        r"raw file.*" + remedy(errors.UnsupportedPictureError),
    ),
    "HDR": Bad(
        lambda: file_formats.png_with(b"cICP", bytes([9, 16, 0, 1]), lesion()),
        "hdr.png",
        PNG,
        "error",
        r"high dynamic range.*" + remedy(errors.UnsupportedPictureError),
    ),
    "PDF": Bad(
        lambda: file_formats.made_by_pillow("PDF"),
        "letter.pdf",
        "application/pdf",
        "error",
        r"PDF document.*" + remedy(errors.NotAPictureError),
    ),
    "black": Bad(
        lambda: jpeg(Image.new("RGB", (800, 600), "black")),
        "black.jpg",
        JPEG,
        "rejected",
        re.escape(IN_ENGLISH(REMEDY[Remedy.MORE_LIGHT])),
    ),
    "white": Bad(
        lambda: jpeg(Image.new("RGB", (800, 600), "white")),
        "white.jpg",
        JPEG,
        "rejected",
        re.escape(IN_ENGLISH(REMEDY[Remedy.LESS_LIGHT])),
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_a_message_and_a_remedy_and_a_good_one_still_works(
    lentigo: LentigoPage, name: str
) -> None:
    bad = BAD[name]
    assert lentigo.upload(bad.make(), bad.name, bad.kind) == bad.state
    said = " ".join(lentigo.text("[data-region=answer]").split())
    assert re.search(bad.words, said), said
    assert lentigo.count("result") == lentigo.count("probability") == 0
    assert lentigo.page.is_visible("[data-testid=disclaimer]")
    lentigo.judge(png(lesion()))


# As wide as a phone; the longest name that a file system allows, without a place to break.
PHONE = {"width": 360, "height": 740}
NAMES = {
    "long": "x" * 250 + ".jpg",
    "long, of one script": "痣" * 80 + ".jpg",
    "turned round": "photo\u202egpj.exe" + "\u2067" * 30,
    "of several lines": "a\n\n\nb\r\n" + "<br>" * 50 + ".jpg",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_no_name_of_a_file_makes_the_page_wider_than_a_phone(
    lentigo: LentigoPage, name: str
) -> None:
    before = lentigo.page.viewport_size
    assert before is not None
    lentigo.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    try:
        assert lentigo.upload(b"no picture", name, JPEG) == "error"
        heading = lentigo.text("[data-region=answer] h2")
        assert "\n" not in heading
        assert not re.search("[\u202a-\u202e\u2066\u2067]", heading)
        assert len(heading) < 100
        widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        scroll_px, client_px = lentigo.page.evaluate(widths)
        assert scroll_px <= client_px
    finally:
        lentigo.page.set_viewport_size(before)


ODD = {
    "CMYK JPEG": lambda: pictures.cmyk(lesion()),
    "16-bit RGB PNG": lambda: pictures.rgb_16_bit(lesion()),
    "RGBA PNG": lambda: pictures.with_alpha(lesion()),
    "palette PNG": lambda: pictures.palette(lesion()),
    "animated GIF": lambda: pictures.animation(lesion(), lesion(Look.PALE_CENTRE)),
    "JPEG on its side": lambda: pictures.turned(pictures.wide(lesion())),
    "Display P3 JPEG": lambda: pictures.display_p3(lesion()),
    "progressive JPEG": lambda: jpeg(lesion(), progressive=True),
    "PNG with junk as EXIF": lambda: file_formats.png_with(b"eXIf", file_formats.JUNK, lesion()),
    "PNG of linear light": lambda: file_formats.png_with(
        b"gAMA", (70_000).to_bytes(4, "big"), lesion()
    ),
    "JPEG of 12 megapixels": lambda: jpeg(pictures.large(lesion(), 4000, 3000)),
    "JPEG of 100 megapixels": lambda: jpeg(pictures.large(lesion(), 10_000, 10_000), quality=60),
}

_MODEL_INPUT = """
import base64
from lentigo.picture.decode import decode
from lentigo.picture.preprocess import to_model_input
pixels = to_model_input(decode(base64.b64decode(given)).picture)
base64.b64encode(pixels.tobytes()).decode()
"""


@pytest.mark.parametrize("name", ODD)
def test_an_odd_picture_is_answered_and_its_pixels_are_those_of_cpython(
    lentigo: LentigoPage, name: str
) -> None:
    data = ODD[name]()
    lentigo.judge(data, f"{name}.bin", "application/octet-stream")
    encoded = lentigo.run_python(_MODEL_INPUT, base64.b64encode(data).decode())
    in_page = np.frombuffer(base64.b64decode(encoded), np.float32).reshape(1, 224, 224, 3)
    here = to_model_input(decode(data).picture)
    difference = np.abs(in_page - here)
    print(f"{name}: pixels differ by {difference.mean():.5f}, at most {difference.max():.4f}")
    if "JPEG" in name:
        assert difference.mean() < ONE_STEP
    else:
        assert difference.max() == 0


@pytest.mark.parametrize("make", [lambda p: jpeg(p.convert("L")), pictures.grey_16_bit])
@pytest.mark.parametrize("look", [Look.EVEN_BROWN, Look.PEARLY_PINK])
def test_a_picture_without_colour_gets_a_remedy_and_no_label(
    lentigo: LentigoPage, make: Callable[[Image.Image], bytes], look: Look
) -> None:
    assert lentigo.upload(make(lesion(look)), "grey.bin", "application/octet-stream") == "rejected"
    said = " ".join(lentigo.text("[data-region=answer]").split())
    assert IN_ENGLISH(REMEDY[Remedy.IN_COLOUR]) in said
    issues = lentigo.attribute("quality", "data-issues")
    assert "colour" in issues.split(",")
    assert lentigo.count("result") == lentigo.count("probability") == 0


def test_a_photo_on_its_side_gets_the_answer_of_the_upright_one(lentigo: LentigoPage) -> None:
    # A scene without symmetry, so that the model answers otherwise to what lies on its side.
    scene = pictures.wide(lesion(Look.ASYMMETRIC_DARK, 400, 5))
    # Not as a JPEG: the page's decoder gives other pixels (docs/decisions/0005).
    lying = pictures.turned(scene, "PNG")
    turned_by_exif = decode(lying).picture
    assert turned_by_exif.size == scene.size
    upright = lentigo.judge(png(turned_by_exif))
    on_its_side = lentigo.judge(png(turned_by_exif.transpose(Image.Transpose.ROTATE_90)))
    answer = lentigo.judge(lying, "lying.png")
    assert answer.values == upright.values
    assert np.abs(np.subtract(on_its_side.values, upright.values)).max() > 0.01


def test_an_animation_is_judged_by_its_first_frame(lentigo: LentigoPage) -> None:
    first, second = lesion().quantize(128), lesion(Look.PALE_CENTRE).quantize(128)
    answer = lentigo.judge(pictures.animation(first, second), "moving.gif", "image/gif")
    alone = lentigo.judge(pictures.animation(first), "still.gif", "image/gif")
    other = lentigo.judge(pictures.animation(second), "other.gif", "image/gif")
    assert answer.values == alone.values
    assert answer.values != other.values


def test_a_picture_that_only_the_browser_can_decode_is_answered(lentigo: LentigoPage) -> None:
    """AVIF: Pyodide's Pillow may lack it, Chromium has it."""
    from io import BytesIO  # noqa: PLC0415

    from PIL import features  # noqa: PLC0415

    if not features.check("avif"):
        pytest.skip("this Pillow cannot write AVIF")
    out = BytesIO()
    lesion().save(out, "AVIF", quality=90)
    lentigo.judge(out.getvalue(), "lesion.avif", "image/avif")
