"""Firefox and WebKit do what Chromium does: answers, bad files, camera, silence, offline, spots.

Each engine starts the page twice: from a plain host, and again without a network from what its
service worker has kept, which isolates it. All tests of an engine share the two, in this order.
"""

from __future__ import annotations

import os
import shutil
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from app.words import IN_ENGLISH
from app.words.errors import error_text, next_step_text
from app.words.picture import REMEDY
from lentigo import errors
from lentigo.picture import webp
from lentigo.picture.decode import MAXIMUM_WEBP_PX
from lentigo.picture.quality import Remedy
from tests.browser.channels import EVERYWHERE, LEAVING, PAGE, attempts, foreign_server
from tests.browser.engines.engine_page import EnginePage, give_ears
from tests.browser.engines.launching import open_firefox, open_webkit
from tests.browser.engines.webdriver import PATIENCE_S
from tests.browser.pictures import dark, jpeg, large, lesion, png, wide
from tests.browser.recording_proxy import RecordingProxy
from tests.browser.sites import running
from tests.browser.slow_world import data_url
from tests.unit import file_formats
from tooling.engines import find_firefox, find_webkit
from tooling.offline import seal
from training.pictures.synthetic import Look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.browser.engines.launching import Browser
    from tests.browser.lentigo_page import LentigoPage

MOLE = png(wide(lesion(Look.EVEN_BROWN, 600)))
ISOLATED = "() => crossOriginIsolated"
PLACES = ("page", "engine", "python")
# What a browser writes where the policy refuses.
REFUSED = (r"^console .*(Content.Security.Policy|127\.0\.0\.1|favicon)", r"^console error: <")
# What each engine asks for at once, where no policy forbids it.
HEARD = {"fetch", "no-cors", "keepalive", "xhr", "import", "beacon", "image", "style", "frame"}


class Host(SimpleHTTPRequestHandler):
    """A plain static host that keeps the terminal clean."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def linked(source: str, target: str) -> None:
    """Copy what is about to be written in place, and link the rest."""
    if source.endswith((".html", "sw.js")):
        shutil.copyfile(source, target)
    else:
        os.link(source, target)


@pytest.fixture(scope="module")
def origin(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A host with a build whose workers listen to the tests, and with a page without a policy."""
    folder = tmp_path_factory.mktemp("engines")
    shutil.copytree(dist, folder / "site", copy_function=linked)
    give_ears(folder / "site")
    seal(folder / "site")
    (folder / "bare.html").write_text("<!doctype html><title>No policy</title>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(folder)))
    with running(server):
        yield f"http://127.0.0.1:{server.server_address[1]}/"


def opened(name: str, proxy: RecordingProxy, folder: Path) -> AbstractContextManager[Browser]:
    """Open an engine; skips where it is not on this machine, and fails there if CI wants it."""
    if name == "firefox" and (firefox := find_firefox()):
        return open_firefox(firefox, proxy, folder)
    if name == "webkit" and (webkit := find_webkit()):
        return open_webkit(webkit, proxy, folder)
    missing = f"{name} is not on this machine; tooling/engines.py installs it where it can"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def unbooted(
    request: pytest.FixtureRequest, origin: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EnginePage]:
    """A tab of an engine, before the page is in it."""
    folder = tmp_path_factory.mktemp(request.param)
    proxy = RecordingProxy()
    proxy.start()
    try:
        with opened(request.param, proxy, folder) as browser:
            yield EnginePage(browser, f"{origin}site/", proxy, folder)
    finally:
        proxy.stop()


@pytest.fixture(scope="module")
def _shared_page(unbooted: EnginePage) -> EnginePage:
    unbooted.boot()
    return unbooted


@pytest.fixture
def page(_shared_page: EnginePage) -> Iterator[EnginePage]:
    """A ready page of one engine, shared; is led back to ``ready``."""
    _shared_page.verify()
    yield _shared_page
    _shared_page.start_again()
    _shared_page.verify()


def test_without_a_policy_a_foreign_server_hears_the_page(
    unbooted: EnginePage, origin: str
) -> None:
    """Without this, a deaf server would pass ``test_nothing_leaves``."""
    unbooted.guard.allowed = (".",)
    unbooted.open(f"{origin}bare.html")
    with foreign_server() as foreign:
        # A preload that nothing uses is complained of in the page that comes after.
        told = {name: source for name, source in PAGE.items() if name != "preload"}
        unbooted.evaluate(attempts(told), foreign.url)
        deadline = time.monotonic() + PATIENCE_S
        while missing := HEARD - set(foreign.heard):
            assert time.monotonic() < deadline, missing
            time.sleep(0.05)
    unbooted.verify()
    unbooted.guard.allowed = ()


def test_a_photo_gets_chromiums_answer(page: EnginePage, lentigo: LentigoPage) -> None:
    for place in PLACES:
        assert page.evaluate(ISOLATED, place=place) is False
    for look in (Look.ASYMMETRIC_DARK, Look.EVEN_BROWN):
        photo = png(lesion(look))
        here, there = page.judge(photo), lentigo.judge(photo)
        assert here.values == pytest.approx(there.values, abs=5e-4)
        assert (here.priority, here.diagnosis) == (there.priority, there.diagnosis)
        page.start_again()
        lentigo.start_again()


def test_a_picture_that_is_left_to_the_engine_is_answered(page: EnginePage) -> None:
    """As HEIC is on a Mac: here a WebP, which every engine knows."""
    out = BytesIO()
    large(wide(lesion()), 2400, 1800).save(out, "WEBP", quality=90, method=0)
    assert webp.pixels(out.getvalue()) > MAXIMUM_WEBP_PX
    assert page.judge(out.getvalue(), "lesion.webp").priority == "urgent"


BAD = {
    "diary.jpg": (b"Dear diary, this is no picture.\n" * 9, errors.NotAPictureError),
    "empty.jpg": (b"", errors.EmptyFileError),
    "half.jpg": (jpeg(lesion())[:9000], errors.BrokenPictureError),
    "half.png": (png(lesion())[:9000], errors.BrokenPictureError),
    # As Safari on a Mac hands it over, where the engine cannot decode it.
    "IMG_1.HEIC": (file_formats.heif(b"heic", b"mif1"), errors.HostDecodableError),
}


def test_a_bad_file_gets_a_message_and_a_remedy(page: EnginePage) -> None:
    for name, (data, error) in BAD.items():
        assert page.upload(data, name) == "error", name
        assert next_step_text(error.next_step, IN_ENGLISH) in page.text("[data-region=answer]")
        assert page.count("[data-testid=result], [data-testid=probability]") == 0
    assert page.upload(png(dark(dark(lesion()))), "dark.png") == "rejected"
    assert IN_ENGLISH(REMEDY[Remedy.MORE_LIGHT]) in page.text("[data-region=answer]")


def test_nothing_leaves(page: EnginePage) -> None:
    page.guard.allowed = REFUSED
    with foreign_server() as foreign:
        page.evaluate(attempts(PAGE), foreign.url)
        for place in ("engine", "python"):
            page.evaluate(attempts(EVERYWHERE), foreign.url, place)
        if page.evaluate("() => 'navigation' in window"):
            page.evaluate(attempts(LEAVING), foreign.url)
        assert foreign.heard == []
    page.verify()  # nor has the proxy
    page.guard.allowed = ()


# The camera of an engine shows stripes: what is read of it becomes a picture of ours.
_BEFORE_THE_CAMERA = """async (url) => {
  const image = new Image();
  image.src = url;
  await image.decode();
  const {prototype} = CanvasRenderingContext2D;
  const draw = prototype.drawImage;
  prototype.drawImage = function (source, ...where) {
    draw.call(this, source instanceof HTMLVideoElement ? image : source, ...where);
  };
}"""
# What WebKit offers: no step.
_ZOOM = """() => {
  globalThis.zoomed = [];
  const {prototype} = MediaStreamTrack;
  prototype.getCapabilities = () => ({zoom: {min: 1, max: 4}});
  const settings = prototype.getSettings;
  prototype.getSettings = function () { return {...settings.call(this), zoom: 1}; };
  prototype.applyConstraints = async ({advanced: [{zoom}]}) => { zoomed.push(zoom); };
}"""
_SLIDE = """(value) => {
  const slider = document.querySelector('[data-camera=zoom]');
  const before = slider.valueAsNumber;
  slider.value = value;
  slider.dispatchEvent(new Event('input', {bubbles: true}));
  return before;
}"""
_ON = "() => document.querySelector('[data-camera=preview]').srcObject !== null"


def test_the_camera_films_zooms_without_steps_and_takes_the_photo_itself(page: EnginePage) -> None:
    page.press("[data-testid=start-camera]")
    page.wait_for("live", "error")
    page.wait_to_see("[data-state=live] [data-region=scores] [data-testid=quality]")
    zooms = page.evaluate("() => 'zoom' in navigator.mediaDevices.getSupportedConstraints()")
    assert page.evaluate("() => !document.querySelector('[data-camera=zoom]').hidden") is zooms
    page.press("[data-action=stop-camera]")
    page.wait_for("ready")
    assert not page.evaluate(_ON)

    page.evaluate(_ZOOM)
    page.evaluate(_BEFORE_THE_CAMERA, data_url(wide(lesion(Look.EVEN_BROWN))))
    page.press("[data-camera=auto]")
    page.press("[data-testid=start-camera]")
    page.wait_to_see("[data-state=live] [data-testid=result]")
    assert page.evaluate(_SLIDE, 1.25) == 1
    assert page.evaluate("() => zoomed") == [1.25]
    page.press("[data-camera=auto]")
    assert page.wait_for("result", "rejected", "error") == "result"
    answer = page.answer()
    assert answer is not None
    assert answer.priority == page.judge(MOLE).priority
    assert not page.evaluate(_ON)


def test_where_pixels_are_hidden_the_camera_says_so_and_a_photo_is_judged(page: EnginePage) -> None:
    """As Firefox does with ``privacy.resistFingerprinting``."""
    page.browser.hide_pixels(True)
    try:
        page.press("[data-testid=start-camera]")
        assert page.wait_for("live", "error") == "error"
        told = error_text(errors.HiddenPixelsError(errors.Fault.PIXELS_HIDDEN), IN_ENGLISH)
        said = page.text("[data-region=answer]")
        assert told.message in said
        assert told.next_step in said
        page.judge(MOLE)
    finally:
        page.browser.hide_pixels(False)
    # Firefox itself complains of what it hides.
    page.guard.allowed = ("from extracting canvas data",)
    page.verify()
    page.guard.allowed = ()


_KEPT = "caches.match('vendor/jspdf/jspdf.js').then(Boolean)"


def test_a_kept_spot_is_found_again_without_a_network(page: EnginePage) -> None:
    online = page.judge(MOLE)
    page.press("[data-testid=save-spot]")
    page.wait_to_see("[data-testid=save-form]")
    page.fill("#save-name", "Mole on the arm")
    page.fill("#save-taken", "2026-11-01")
    page.press("[data-testid=save-now]")
    page.wait_to_see("[data-testid=saved]")
    page.wait_until(_KEPT)
    page.verify()  # what the page that goes has heard
    page.guard.proxy.away = True
    page.boot()
    for place in PLACES:
        assert page.evaluate(ISOLATED, place=place) is True, place
    offline = page.judge(MOLE)
    # Threads add up in another order.
    assert offline.values == pytest.approx(online.values, abs=5e-4)
    assert offline.priority == online.priority
    page.evaluate("() => { location.hash = '#/spots'; }")
    page.wait_to_see("[data-testid=spot] img[src^=blob]")
    assert "Mole on the arm" in page.text("[data-testid=spot]")
    page.evaluate("() => { location.hash = '#/'; }")
    page.wait_to_see("[data-route=screening]")
