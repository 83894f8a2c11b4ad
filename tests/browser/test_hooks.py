"""The public hooks, in every state that needs no camera (``test_camera.py`` has ``live``)."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import Browser

from lentigo.picture.quality import QualityIssue
from lentigo.priority import Priority
from tests.browser.lentigo_page import LentigoPage
from tests.browser.pictures import lesion, png
from tests.browser.sites import ROOT, SHARD, AlteredHosting, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOT_A_PICTURE = b"no picture at all"


@pytest.fixture
def gate() -> threading.Event:
    return threading.Event()


@pytest.fixture
def held_back(chromium: Browser, gate: threading.Event) -> Iterator[LentigoPage]:
    """A page whose model does not come until the gate opens."""
    with (
        served(AlteredHosting(ROOT, gates={SHARD: gate})) as url,
        LentigoPage(chromium, url) as page,
    ):
        yield page.open("?backend=wasm")
        gate.set()


def check_always_there(page: LentigoPage) -> None:
    assert page.page.is_visible("[data-testid=disclaimer]")
    for testid in ("app", "upload", "start-camera", "capture", "backend", "disclaimer"):
        assert page.count(testid) == 1, testid


def check_no_answer(page: LentigoPage) -> None:
    assert page.count("result") == 0
    assert page.count("probability") == 0


def test_booting_shows_what_is_needed_and_becomes_ready(
    held_back: LentigoPage, gate: threading.Event
) -> None:
    assert held_back.state == "booting"
    check_always_there(held_back)
    check_no_answer(held_back)
    assert held_back.backend == ""
    gate.set()
    assert held_back.wait_for("ready", "error") == "ready"
    check_always_there(held_back)
    assert held_back.backend == "wasm"


def test_an_upload_before_ready_waits_and_is_answered(
    held_back: LentigoPage, gate: threading.Event
) -> None:
    held_back.choose(png(lesion()))
    # Python has decoded it by then, and waits for the engine.
    held_back.page.wait_for_selector("[data-has-picture]", state="attached")
    assert held_back.state == "analysing"
    check_always_there(held_back)
    check_no_answer(held_back)
    gate.set()
    assert held_back.wait_for("result", "rejected", "error", "ready") == "result"


def test_an_upload_before_python_is_there_waits_and_is_answered(
    chromium: Browser, gate: threading.Event
) -> None:
    gates = {"vendor/pyodide/pyodide.asm.wasm": gate}
    with (
        served(AlteredHosting(ROOT, gates=gates)) as url,
        LentigoPage(chromium, url) as page,
    ):
        page.open("?backend=wasm")
        page.choose(png(lesion()))
        assert page.state == "analysing"
        check_always_there(page)
        gate.set()
        assert page.wait_for("result", "rejected", "error", "ready") == "result"


def test_analysing_is_set_in_the_same_task_as_the_change_event(lentigo: LentigoPage) -> None:
    before, after = lentigo.page.evaluate(
        """() => {
          const app = document.querySelector('[data-testid=app]');
          const upload = document.querySelector('[data-testid=upload]');
          const transfer = new DataTransfer();
          transfer.items.add(new File(['x'], 'x.jpg', {type: 'image/jpeg'}));
          upload.files = transfer.files;
          const before = app.dataset.state;
          upload.dispatchEvent(new Event('change', {bubbles: true}));
          return [before, app.dataset.state];
        }"""
    )
    assert (before, after) == ("ready", "analysing")
    check_always_there(lentigo)
    assert lentigo.wait_for("result", "rejected", "error") == "error"


def test_result_has_every_hook(lentigo: LentigoPage) -> None:
    answer = lentigo.judge(png(lesion()))
    check_always_there(lentigo)
    assert answer.priority in list(Priority)
    assert 0 <= answer.confidence <= 1
    assert 0 <= answer.malignancy <= 1
    assert lentigo.count("result") == 1
    assert lentigo.count("probability") == 7
    assert lentigo.page.locator("[data-testid=result] [data-testid=probability]").count() == 7
    assert lentigo.attribute("quality", "data-issues") == ""
    assert lentigo.count("latency") == 1


def test_rejected_names_the_issue_and_has_no_answer(lentigo: LentigoPage) -> None:
    lentigo.judge(png(lesion()))  # so that an answer could be left standing
    assert lentigo.upload(png(Image.new("RGB", (400, 400)))) == "rejected"
    check_always_there(lentigo)
    check_no_answer(lentigo)
    issues = lentigo.attribute("quality", "data-issues").split(",")
    assert issues == ["dark"]
    assert set(issues) <= set(QualityIssue)


def test_error_has_a_message_and_no_answer(lentigo: LentigoPage) -> None:
    lentigo.judge(png(lesion()))
    assert lentigo.upload(NOT_A_PICTURE, "notes.jpg", "image/jpeg") == "error"
    check_always_there(lentigo)
    check_no_answer(lentigo)
    assert "notes.jpg" in lentigo.text("[data-region=answer]")


def test_the_same_file_can_be_chosen_again(lentigo: LentigoPage, tmp_path: Path) -> None:
    path = tmp_path / "same.png"
    path.write_bytes(png(lesion()))
    for _ in range(2):
        lentigo.page.set_input_files("[data-testid=upload]", path)
        assert lentigo.wait_for("result", "rejected", "error") == "result"
        lentigo.start_again()
        assert lentigo.state == "ready"
        check_no_answer(lentigo)
