"""What one live frame costs in Python, with nothing beside it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import numpy as np

from tests.bench.report import Measure
from tests.browser.lentigo_page import LentigoPage, launch
from tests.browser.pictures import lesion, wide
from tests.browser.sites import ROOT, AlteredHosting, served, with_way_into_python

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Playwright

# As `app.application` does it for a frame of the camera.
_RUN = """
import base64
import time
from lentigo.picture.gauges import observe
from lentigo.picture.preprocess import normalise, picture_from_rgba, square_picture
from lentigo.picture.quality import judge
import numpy as np
rgba = base64.b64decode(given["rgba"])
before = None
times = []
for _ in range(given["warmups"] + given["runs"]):
    since = time.perf_counter()
    picture = picture_from_rgba(rgba, given["width"], given["height"])
    seen = observe(picture, before)
    judge(seen.gauges)
    normalise(square_picture(picture))
    times.append((time.perf_counter() - since) * 1000)
    before = seen.spectrum
times[given["warmups"]:]
"""
_WARMUPS = 20


def measure_frame(playwright: Playwright, folder: Path, runs: int) -> list[Measure]:
    """Judge and prepare one drawn frame again and again in the page's Python."""
    rgba = np.asarray(wide(lesion()).convert("RGBA"))
    height, width = rgba.shape[:2]
    given = {
        "rgba": base64.b64encode(rgba.tobytes()).decode(),
        "width": width,
        "height": height,
        "warmups": _WARMUPS,
        "runs": runs,
    }
    site = AlteredHosting(ROOT, replaced=with_way_into_python(folder))
    with (
        served(site) as url,
        LentigoPage(launch(playwright, as_visitors_have_it=True), url) as page,
    ):
        page.boot("?backend=wasm")
        times = page.run_python(_RUN, given)
    note = "RGBA to gauges, location and model input; nothing beside it"
    return [Measure(f"Python for a {width}x{height} frame", "ms", tuple(times), note)]
