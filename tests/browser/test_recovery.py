"""Workers that die or hang are replaced at once, and the photo in hand is answered all the same.

One page serves most tests: each leaves it with new workers. Its clock is Playwright's, so that the
page's time limits pass in no time while the workers' own time goes on as it is.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser

from tests.browser.lentigo_page import LentigoPage
from tests.browser.pictures import lesion, png
from tests.browser.sites import ROOT, AlteredHosting, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Worker

ENGINE = "js/engine/engine.js"
SECOND_MS = 1000
MINUTE_MS = 60 * SECOND_MS
# What is wanted of two cores that do nothing else, and how much longer a test waits for it.
NOTICED_S = 1.0
ANSWERED_S = 8.0
GENEROUS = 4
# js/shared/limits.js; tests/unit/js/test_page_limits.py holds them to the same numbers.
DECODE_MS = 120 * SECOND_MS
PREDICTION_MS = 30 * SECOND_MS
GPU_SILENCE_MS = 5 * SECOND_MS
NO_BEAT_MS = 150 * SECOND_MS
# An engine whose answers never come, and one whose thread is blocked besides.
NEVER_ANSWER = """() => {
  tf.GraphModel.prototype.execute = () => {
    console.info('predicting');
    return Array.from({ length: 5 }, () => ({ dispose() {}, data: () => new Promise(() => {}) }));
  };
}"""
BLOCK = """() => {
  tf.GraphModel.prototype.execute = () => {
    console.info('predicting');
    for (;;);
  };
}"""
# A decode that blocks Python's thread for so many seconds of its own time.
SLOW_DECODE = """
import time
import js
import app.application
decode = app.application.decode
def slow(*picture, seconds=given):
    js.console.info("decoding")
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass
    return decode(*picture)
app.application.decode = slow
None
"""
FOR_EVER_S = 3600
# Keeps what the page makes, so that a test can end a worker that is too busy to be asked.
KEEP_WORKERS = """
  globalThis.made = [];
  globalThis.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      made.push(this);
      // An engine that dies of the start of a backend.
      this.addEventListener('message', ({ data }) => {
        if (data?.kind === 'progress' && data.backend === globalThis.deadly) this.terminate();
      });
    }
  };
"""
# PyScript's worker is the one that tells when it is ready.
TERMINATE_PYTHON = "made.findLast((worker) => worker.ready).terminate()"
HIDE = (
    "(hidden) => Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })"
)
# What a Python whose memory is destroyed writes is its own to word.
DESTROYED = ("console error", "console warning", "page error")


@pytest.fixture(scope="module")
def mortal(chromium: Browser, site: str) -> Iterator[LentigoPage]:
    with LentigoPage(chromium, site, allowed=DESTROYED) as page:
        page.page.add_init_script(KEEP_WORKERS)
        page.page.clock.install()
        yield page.boot("?backend=wasm")


@pytest.fixture
def page(mortal: LentigoPage) -> LentigoPage:
    # So many deaths in a minute as these tests bring about would be too many.
    mortal.page.clock.run_for(MINUTE_MS)
    mortal.start_again()
    assert not says_once_more(mortal)
    return mortal


def says_once_more(page: LentigoPage) -> bool:
    """Whether the page says that it looks at the photo once more."""
    return page.page.is_visible("[data-testid=restarted]")


def workers_made(page: LentigoPage) -> int:
    return int(page.page.evaluate("made.length"))


def choose_and_wait(page: LentigoPage, word: str) -> None:
    """Choose a photo and wait until a worker has come to it."""
    with page.page.expect_console_message(lambda message: message.text == word):
        page.choose(png(lesion()))


def check_replaced(page: LentigoPage, before: int, since: float) -> None:
    page.page.wait_for_function("(before) => made.length > before", arg=before)
    noticed_s = time.monotonic() - since
    print(f"noticed after {noticed_s:.2f} s")
    assert noticed_s < GENEROUS * NOTICED_S


def check_answered(page: LentigoPage, since: float) -> None:
    assert page.wait_for("result", "rejected", "error") == "result"
    answered_s = time.monotonic() - since
    print(f"answered after {answered_s:.1f} s")
    assert answered_s < GENEROUS * ANSWERED_S
    answer = page.answer()
    assert answer is not None
    assert answer.priority == "urgent"
    page.page.wait_for_selector("[data-testid=backend][data-backend=wasm]", state="attached")


def close(worker: Worker) -> float:
    since = time.monotonic()
    worker.evaluate("self.close()")
    return since


def test_an_idle_engine_that_dies_is_replaced_on_the_same_backend(page: LentigoPage) -> None:
    before = workers_made(page)
    since = close(page.engine)
    check_replaced(page, before, since)
    page.choose(png(lesion()))
    check_answered(page, since)
    assert not says_once_more(page)


def test_what_a_dead_engine_was_asked_the_next_one_answers(page: LentigoPage) -> None:
    before, engine = workers_made(page), page.engine
    engine.evaluate(NEVER_ANSWER)
    choose_and_wait(page, "predicting")
    since = close(engine)
    check_replaced(page, before, since)
    assert says_once_more(page)
    check_answered(page, since)


def test_an_engine_that_hangs_is_replaced_when_its_time_is_up(page: LentigoPage) -> None:
    before = workers_made(page)
    page.engine.evaluate(BLOCK)
    choose_and_wait(page, "predicting")
    page.page.clock.run_for(PREDICTION_MS - SECOND_MS)
    assert workers_made(page) == before
    since = time.monotonic()
    page.page.clock.run_for(2 * SECOND_MS)
    check_replaced(page, before, since)
    assert says_once_more(page)
    check_answered(page, since)


def test_an_idle_python_that_dies_is_replaced(page: LentigoPage) -> None:
    before = workers_made(page)
    since = close(page.python)
    check_replaced(page, before, since)
    page.choose(png(lesion()))
    check_answered(page, since)


def test_the_next_python_is_told_which_screen_is_shown(page: LentigoPage) -> None:
    page.page.click("a[href='#/facts'] >> visible=true")
    page.page.wait_for_selector("[data-region=facts] strong")
    before = workers_made(page)
    since = close(page.python)
    check_replaced(page, before, since)
    page.page.evaluate("document.querySelector('[data-region=facts]').replaceChildren()")
    page.page.wait_for_selector("[data-region=facts] strong")
    page.page.click("a[href='#/'] >> visible=true")
    page.page.wait_for_selector("[data-testid=app][data-route=screening]")


def test_a_python_that_dies_over_a_decode_is_replaced_and_given_the_photo(
    page: LentigoPage,
) -> None:
    before = workers_made(page)
    page.run_python(SLOW_DECODE, FOR_EVER_S)
    choose_and_wait(page, "decoding")
    since = time.monotonic()
    page.page.evaluate(TERMINATE_PYTHON)
    check_replaced(page, before, since)
    assert says_once_more(page)
    check_answered(page, since)


def test_a_python_that_dies_while_the_engine_works_is_replaced_and_given_the_photo(
    page: LentigoPage,
) -> None:
    before = workers_made(page)
    page.engine.evaluate(
        """() => {
          const { execute } = tf.GraphModel.prototype;
          tf.GraphModel.prototype.execute = function once(...given) {
            tf.GraphModel.prototype.execute = execute;
            console.info('predicting');
            const until = performance.now() + 1000;
            while (performance.now() < until);
            return execute.apply(this, given);
          };
        }"""
    )
    choose_and_wait(page, "predicting")
    since = close(page.python)
    check_replaced(page, before, since)
    check_answered(page, since)


@pytest.mark.parametrize("byte", [0, 255])
def test_a_python_whose_memory_is_overwritten_is_replaced(page: LentigoPage, byte: int) -> None:
    page.python.evaluate(f"pyodide._module.HEAPU8.fill({byte}), true")
    since = time.monotonic()
    page.choose(png(lesion()))
    check_answered(page, since)


def test_a_long_decode_is_not_interrupted_and_an_endless_one_is(page: LentigoPage) -> None:
    before = workers_made(page)
    page.run_python(SLOW_DECODE, 2)
    choose_and_wait(page, "decoding")
    # The page's twenty seconds pass while Python's thread is blocked; then it answers by itself.
    page.page.clock.run_for(20 * SECOND_MS)
    assert page.state == "analysing"
    assert page.wait_for("result", "rejected", "error") == "result"
    assert workers_made(page) == before
    assert not says_once_more(page)

    page.run_python(SLOW_DECODE, FOR_EVER_S)
    choose_and_wait(page, "decoding")
    page.page.clock.run_for(DECODE_MS - SECOND_MS)
    page.page.evaluate(HIDE, True)
    page.page.clock.run_for(10 * DECODE_MS)
    page.page.evaluate(HIDE, False)
    assert workers_made(page) == before, "time in a hidden tab does not count"
    since = time.monotonic()
    page.page.clock.run_for(2 * SECOND_MS)
    check_replaced(page, before, since)
    assert says_once_more(page)
    check_answered(page, since)


def test_a_message_that_python_cannot_read_ends_in_words(page: LentigoPage) -> None:
    before = workers_made(page)
    page.run_python(
        """
import app.bridge.browser as browser
parse = browser.parse_host
def once(message, now_ms):
    browser.parse_host = parse
    raise KeyError("kind")
browser.parse_host = once
None
"""
    )
    page.choose(png(lesion()))
    assert page.wait_for("result", "rejected", "error") == "error"
    assert "Lentigo made a mistake" in page.text("[data-region=answer]")
    assert workers_made(page) == before
    assert page.upload(png(lesion())) == "result"


def test_a_python_that_cannot_even_say_that_it_failed_is_replaced(page: LentigoPage) -> None:
    page.run_python(
        """
import app.application
def broken(state):
    raise RuntimeError("no view")
app.application.view = broken
None
"""
    )
    since = time.monotonic()
    page.choose(png(lesion()))
    check_answered(page, since)


def test_after_two_failures_in_a_row_the_next_backend_has_its_turn(mortal: LentigoPage) -> None:
    """The last test of its page, which runs without WebAssembly from then on."""
    mortal.start_again()
    before = workers_made(mortal)
    mortal.page.evaluate("globalThis.deadly = 'wasm'")
    close(mortal.engine)
    mortal.page.wait_for_function("(before) => made.length === before + 2", arg=before)
    mortal.choose(png(lesion()))
    assert mortal.wait_for("result", "rejected", "error") == "result"
    assert mortal.backend == "cpu"


def test_without_web_locks_a_dead_python_is_told_by_its_silence(
    chromium: Browser, tmp_path: Path
) -> None:
    life = tmp_path / "life.js"
    source = (ROOT / "js/shared/life.js").read_text(encoding="utf-8")
    life.write_text(source.replace("navigator.locks", "navigator.unlocked"), encoding="utf-8")
    with (
        served(AlteredHosting(ROOT, replaced={"js/shared/life.js": life})) as url,
        LentigoPage(chromium, url) as page,
    ):
        page.page.add_init_script(KEEP_WORKERS)
        page.page.clock.install()
        page.boot("?backend=wasm")
        before = workers_made(page)
        page.page.clock.run_for(PREDICTION_MS)
        assert workers_made(page) == before, "both live, and have shown it"
        page.page.evaluate("made.forEach((worker) => worker.terminate())")
        page.page.clock.run_for(NO_BEAT_MS + SECOND_MS)
        since = time.monotonic()
        page.choose(png(lesion()))
        check_answered(page, since)


def test_a_gpu_that_blocks_its_thread_is_left_and_remembered(
    chromium: Browser, tmp_path: Path
) -> None:
    engine = tmp_path / "engine.js"
    blocking = "GPU.prototype.requestAdapter = () => { console.info('WebGPU'); for (;;); };"
    engine.write_text(
        f"{blocking}\n{(ROOT / ENGINE).read_text(encoding='utf-8')}", encoding="utf-8"
    )
    ready = "[data-stage=model][data-done]"
    with (
        served(AlteredHosting(ROOT, replaced={ENGINE: engine})) as url,
        LentigoPage(chromium, url) as page,
    ):
        page.page.clock.install()
        with page.page.expect_console_message(lambda message: message.text == "WebGPU"):
            page.open()
        page.page.clock.run_for(GPU_SILENCE_MS + SECOND_MS)
        page.page.wait_for_selector(ready, state="attached")
        # The next visit does not try it, unless the visitor wants it so.
        page.open()
        page.page.wait_for_selector(ready, state="attached")
        with page.page.expect_console_message(lambda message: message.text == "WebGPU"):
            page.open("?backend=webgpu")
