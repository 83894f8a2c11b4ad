"""Live mode, on Chromium's fake camera that plays a drawn film."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import Playwright

from app.words import IN_ENGLISH
from app.words.errors import next_step_text
from lentigo.errors import CameraAbsentError, CameraRefusedError, CameraRefusedInAppError
from lentigo.model.modality import Modality
from lentigo.model.reading import Outputs
from lentigo.priority import Priority
from tests.browser.lentigo_page import FAKE_CAMERA, LentigoPage, launch, manifest
from tests.browser.pictures import film, lesion, png, wide
from training.pictures.synthetic import Look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The released model gives them low, urgent and high.
FILM = ((Look.PALE_CENTRE, 5), (Look.ASYMMETRIC_DARK, 7), (Look.SCALY_PINK, 8))

# Writes down the logits of every answer that the application gets.
_LISTEN = """
heard = []
application = bridge._application
handle = application.handle
def listen(event, frame=None):
    if hasattr(event, 'logits'):
        heard.append((event.request_id, event.logits, event.melanoma, event.malignancy))
    handle(event, frame)
application.handle = listen
None
"""
# Counts how often the page asks for a frame, and how often it does so before the last one has come.
_COUNT_REQUESTS = """() => {
  globalThis.requests = {all: 0, doubled: 0};
  let pending = false;
  const ask = HTMLVideoElement.prototype.requestVideoFrameCallback;
  HTMLVideoElement.prototype.requestVideoFrameCallback = function (answer) {
    requests.all += 1;
    requests.doubled += Number(pending);
    pending = true;
    return ask.call(this, (...frame) => {
      pending = false;
      answer(...frame);
    });
  };
}"""
_IDLE = "bridge._application.page.screening.in_flight is None"
_PROXIES = "pyodide._module.pyproxy_alloc_map.size"


@pytest.fixture(scope="module")
def lesions_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The film that the camera shows in a loop; Chromium reads it whenever the camera opens."""
    pictures = [wide(lesion(look, 480, seed)) for look, seed in FILM]
    return film(tmp_path_factory.mktemp("film") / "lesions.mjpeg", pictures, frames_each=90)


@pytest.fixture(scope="module")
def live_page(playwright: Playwright, site: str, lesions_film: Path) -> Iterator[LentigoPage]:
    browser = launch(playwright, *FAKE_CAMERA, f"--use-file-for-fake-video-capture={lesions_film}")
    with LentigoPage(browser, site) as page:
        page.boot("?backend=wasm")
        page.run_python(_LISTEN)
        yield page
    browser.close()


@pytest.fixture
def live(live_page: LentigoPage) -> Iterator[LentigoPage]:
    """A page with its camera on and a provisional answer."""
    start_camera(live_page)
    yield live_page
    live_page.start_again()
    live_page.guard.verify()


def start_camera(page: LentigoPage) -> None:
    page.press("start-camera")
    page.wait_for("live", "error")
    page.take_photos_by_hand()
    page.page.wait_for_selector("[data-state=live] [data-testid=result]")


def wait_for_answers(page: LentigoPage, count: int) -> None:
    """Wait for that many more answers of the engine."""
    wanted = page.run_python("len(heard)") + count
    while page.run_python("len(heard)") < wanted:
        page.page.wait_for_function(
            """() => {
              const text = () => document.querySelector('[data-testid=latency]')?.textContent;
              const before = text();
              return new Promise((resolve) => {
                const watch = () => {
                  if (text() !== before) resolve(true);
                  else requestAnimationFrame(watch);
                };
                watch();
              });
            }"""
        )


def test_live_shows_a_provisional_answer_with_its_rate_and_latency(live: LentigoPage) -> None:
    live.page.wait_for_selector("[data-testid=latency] >> text=answers a second")
    answer = live.answer()
    assert answer is not None
    assert answer.priority in list(Priority)
    assert sum(answer.values) == pytest.approx(1, abs=1e-3)
    assert 0 < answer.inference_ms <= answer.total_ms
    assert live.state == "live"
    assert live.page.is_visible("[data-testid=disclaimer]")
    assert live.page.is_visible("[data-testid=capture]")
    assert not live.page.is_visible("[data-testid=start-camera]")


def scores_for(page: LentigoPage) -> list[str]:
    """Whom the scores reach: the eye, by what is drawn, and the ear, by the browser's own tree."""
    drawn = page.page.evaluate(
        """() => {
          const {height} = document.querySelector('[data-region=scores]').getBoundingClientRect();
          return height > 1;
        }"""
    )
    debugger = page.page.context.new_cdp_session(page.page)
    nodes = debugger.send("Accessibility.getFullAXTree")["nodes"]
    debugger.detach()
    told = [node["name"]["value"] for node in nodes if not node["ignored"] and "name" in node]
    assert "Take the photo" in told
    aloud = any("Provisional" in name for name in told)
    return [*(["eye"] if drawn else []), *(["ear"] if aloud else [])]


def test_scores_are_shown_only_to_those_who_ask_for_them(live: LentigoPage) -> None:
    assert scores_for(live) == []
    assert live.count("result") == live.count("latency") == 1
    assert live.page.is_visible("[data-region=gauges] .gauge")
    live.page.click("[data-camera=scores]")
    assert scores_for(live) == ["eye", "ear"]
    live.page.click("[data-camera=scores]")
    assert scores_for(live) == []


def test_escape_closes_the_camera(live: LentigoPage) -> None:
    live.page.keyboard.press("Escape")
    assert live.wait_for("ready", "error") == "ready"
    assert live.page.evaluate("document.querySelector('[data-camera=preview]').srcObject") is None
    live.page.wait_for_function("document.activeElement.dataset.testid === 'start-camera'")


def test_close_gives_the_camera_back(live: LentigoPage) -> None:
    live.page.evaluate(
        """() => {
          const video = document.querySelector('[data-camera=preview]');
          globalThis.tracks = video.srcObject.getTracks();
        }"""
    )
    assert live.page.evaluate("tracks.map((track) => track.readyState)") == ["live"]
    live.page.click("[data-action=stop-camera]")
    assert live.wait_for("ready", "error") == "ready"
    assert live.page.evaluate("tracks.map((track) => track.readyState)") == ["ended"]
    assert live.page.evaluate("document.querySelector('[data-camera=preview]').srcObject") is None
    assert live.count("result") == 0


@pytest.mark.parametrize("attempt", range(4))
def test_capture_freezes_to_a_result_never_below_the_frozen_frame(
    live: LentigoPage, attempt: int
) -> None:
    """The film changes from lesion to lesion, so that the mean of the frames differs from each."""
    wait_for_answers(live, 2 + attempt)
    live.press("capture")
    assert live.wait_for("result", "rejected", "error") == "result"
    answer = live.answer()
    assert answer is not None
    assert live.page.evaluate("document.querySelector('[data-camera=preview]').srcObject") is None
    frozen_id, logits, melanoma, malignancy = live.run_python("heard[-1]")
    assert frozen_id == live.run_python("bridge._application.page.screening.photographed.id")
    facts = manifest()
    taken = Modality(live.attribute("modality", "data-modality"))
    told = Outputs(tuple(logits), melanoma=melanoma, malignancy=malignancy)
    frozen = facts.reader.read(told, taken).assessment
    print(f"frame {frozen.priority}, shown {answer.priority}")
    assert Priority(answer.priority).severity >= frozen.priority.severity


def test_one_frame_is_asked_for_at_a_time(live_page: LentigoPage) -> None:
    live_page.page.evaluate(_COUNT_REQUESTS)
    start_camera(live_page)
    wait_for_answers(live_page, 20)
    requests = live_page.page.evaluate("requests")
    live_page.start_again()
    assert requests["all"] >= 20
    assert requests["doubled"] == 0


def test_nothing_leaks_over_100_live_answers_on_wasm(live_page: LentigoPage) -> None:
    page = live_page
    page.python.evaluate("pyodide._module.enable_pyproxy_allocation_tracing()")
    counts = []
    for answers in (5, 100):
        start_camera(page)
        wait_for_answers(page, answers)
        page.page.click("[data-action=stop-camera]")
        page.wait_for("ready")
        page.engine.evaluate("new Promise((resolve) => setTimeout(resolve))")
        assert page.run_python(_IDLE)
        counts.append((page.tensors(), page.python.evaluate(_PROXIES)))
    print(f"tensors and proxies: {counts}")
    assert counts[0] == counts[1]
    page.guard.verify()


def test_a_dark_view_shows_the_remedy_and_no_result(
    live_page: LentigoPage, lesions_film: Path
) -> None:
    page = live_page
    day = lesions_film.read_bytes()
    film(lesions_film, [Image.new("RGB", (640, 480), (9, 8, 8))], frames_each=90)
    try:
        page.press("start-camera")
        page.page.wait_for_selector("[data-state=live] [data-testid=quality]")
        assert page.attribute("quality", "data-issues").split(",")[0] == "dark"
        page.page.wait_for_selector("[data-region=gauges] .gauge-bad")
        assert "light" in page.text("[data-region=gauges]")
        assert page.count("result") == page.count("probability") == 0
        page.press("capture")
        assert page.wait_for("result", "rejected", "error") == "rejected"
        assert page.count("result") == page.count("probability") == 0
    finally:
        lesions_film.write_bytes(day)
    page.start_again()
    page.guard.verify()


def check_camera_failed(page: LentigoPage, remedy: str) -> None:
    page.press("start-camera")
    assert page.wait_for("live", "error") == "error"
    assert remedy in page.text("[data-region=answer]")
    assert page.count("result") == page.count("probability") == 0
    assert page.page.is_visible("[data-testid=disclaimer]")
    page.judge(png(lesion()))


def test_a_refused_camera_is_told_and_upload_still_works(playwright: Playwright, site: str) -> None:
    browser = launch(playwright, "--use-fake-device-for-media-stream", "--deny-permission-prompts")
    with LentigoPage(browser, site) as page:
        page.boot("?backend=wasm")
        check_camera_failed(page, next_step_text(CameraRefusedError.next_step, IN_ENGLISH))
        # Beside an answer it would be told in a notice.
        page.start_again()
        # An installed app has no address bar to point at.
        page.page.evaluate("globalThis.matchMedia = () => ({matches: true})")
        check_camera_failed(page, next_step_text(CameraRefusedInAppError.next_step, IN_ENGLISH))
    browser.close()


def test_no_camera_at_all_is_told_and_upload_still_works(lentigo: LentigoPage) -> None:
    devices = "navigator.mediaDevices.enumerateDevices().then((all) => all.map((one) => one.kind))"
    if "videoinput" in lentigo.page.evaluate(devices):
        pytest.skip("this machine has a camera")
    check_camera_failed(lentigo, next_step_text(CameraAbsentError.next_step, IN_ENGLISH))
