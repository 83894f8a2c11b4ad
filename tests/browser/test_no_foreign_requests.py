"""Nothing leaves the device: every channel to another origin, from every thread of the page.

``channels.py`` lists them, ``docs/privacy.md`` says what is open. The foreign server on this
machine is the witness; the page's proxy sees what goes elsewhere.
"""

from __future__ import annotations

import http.server
from functools import partial
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, Worker

from tests.browser.channels import (
    EVERYWHERE,
    FILES_AS_WORKERS,
    LEAVING,
    OPEN,
    PAGE,
    START_WORKERS,
    WORKERS_BY_URL,
    ForeignServer,
    attempts,
    foreign_server,
)
from tests.browser.lentigo_page import LentigoPage
from tests.browser.sites import ROOT, AlteredHosting, running, served, with_way_into_python

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# What Chromium writes when the policy refuses, or a worker of ours ends.
REFUSALS = (
    "Content Security Policy",
    "violates the document's",
    "failed: http://127.0.0.1",
    "started from a blob",
    "favicon.ico",
    "of 'worker.registration'",
)
# Chromium asks for these when it likes, or not at all without a window.
_AT_LEISURE = {"icon", "manifest", "prefetch", "speculation"}

_FROM_PYTHON = """async (url) => {
  pyodide.globals.set('given_url', url);
  return await pyodide.runPythonAsync(`
import js
import pyscript
outcomes = []
for attempt in (js.fetch, pyscript.fetch):
    try:
        await attempt(given_url)
        outcomes.append("sent")
    except Exception as error:
        outcomes.append("refused: " + type(error).__name__)
" ".join(outcomes)
`);
}"""
# PyScript hands the page's window out once the page is isolated.
_BY_WINDOW = """async (script) => {
  pyodide.globals.set('given_script', script);
  await pyodide.runPythonAsync(`
from pyscript import window
window.Function(given_script)()
`);
}"""


@pytest.fixture
def foreign() -> Iterator[ForeignServer]:
    with foreign_server() as server:
        yield server


@pytest.fixture(scope="module")
def page(chromium: Browser, site: str) -> Iterator[LentigoPage]:
    with LentigoPage(chromium, site, allowed=REFUSALS) as opened:
        yield opened.boot("?backend=wasm")


@pytest.fixture(scope="module")
def isolated(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LentigoPage]:
    replaced = with_way_into_python(tmp_path_factory.mktemp("isolated"))
    with (
        served(AlteredHosting(ROOT, isolated=True, replaced=replaced)) as url,
        # What Python starts, it does not wait for.
        LentigoPage(chromium, url, allowed=(*REFUSALS, "page error")) as opened,
    ):
        yield opened.boot("?backend=wasm")


def attempt(place: Page | Worker, sources: Mapping[str, str], foreign: ForeignServer) -> None:
    told = place.evaluate(attempts(sources), foreign.url)
    assert set(told) == set(sources)


def wait_until_heard(page: LentigoPage, foreign: ForeignServer, channels: set[str]) -> None:
    """A socket gets as far as the proxy."""
    tunnel = f"connect://{foreign.url.removeprefix('http://').rstrip('/')}"
    for _ in range(100):
        tunnelled = {"socket" for seen in page.proxy.seen if seen.origin == tunnel}
        missing = channels - set(foreign.heard) - tunnelled
        if not missing:
            return
        page.page.wait_for_timeout(100)
    raise AssertionError(f"not heard: {missing}")


def test_without_a_policy_every_channel_is_heard(
    chromium: Browser, tmp_path: Path, foreign: ForeignServer
) -> None:
    """Without this, a deaf server would pass every other test here."""
    (tmp_path / "index.html").write_text("<!doctype html><title>No policy</title>")
    (tmp_path / "favicon.svg").write_bytes((ROOT / "favicon.svg").read_bytes())
    handler = partial(Quiet, directory=tmp_path)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    with running(server), LentigoPage(chromium, url, allowed=(".",)) as bare:
        bare.page.goto(url)
        attempt(bare.page, PAGE, foreign)
        wait_until_heard(bare, foreign, set(PAGE) - _AT_LEISURE)
        foreign.heard.clear()
        blob = bare.page.evaluate(
            "() => URL.createObjectURL(new Blob(['0'], {type: 'text/javascript'}))"
        )
        with bare.page.expect_worker() as started:
            bare.page.evaluate("(blob) => { globalThis.kept = new Worker(blob); }", blob)
        attempt(started.value, EVERYWHERE, foreign)
        wait_until_heard(bare, foreign, set(EVERYWHERE))
        for name, source in LEAVING.items():
            bare.page.goto(url)
            with bare.page.expect_navigation(url=f"{foreign.url}{name}*"):
                bare.page.evaluate(f"(url) => {{ {source}; }}", foreign.url + name)
        assert set(foreign.heard) >= set(LEAVING)


def test_nothing_leaves_from_the_page(page: LentigoPage, foreign: ForeignServer) -> None:
    attempt(page.page, PAGE, foreign)
    assert foreign.heard == []


def test_nothing_leads_the_page_elsewhere(page: LentigoPage, foreign: ForeignServer) -> None:
    attempt(page.page, LEAVING, foreign)
    assert foreign.heard == []
    assert page.state == "ready"


@pytest.mark.parametrize("thread", ["engine", "python"])
def test_nothing_leaves_from_a_worker(
    page: LentigoPage, foreign: ForeignServer, thread: str
) -> None:
    attempt(getattr(page, thread), EVERYWHERE, foreign)
    assert foreign.heard == []


def test_nothing_leaves_from_python_itself(page: LentigoPage, foreign: ForeignServer) -> None:
    outcomes = page.python.evaluate(_FROM_PYTHON, foreign.url).split(" refused")
    assert len(outcomes) == 2
    assert "sent" not in " ".join(outcomes)
    assert foreign.heard == []


def test_no_worker_runs_from_a_url(page: LentigoPage) -> None:
    """It would have no policy: no file of others becomes one, and ours end at once."""
    started = page.page.evaluate(START_WORKERS, [*FILES_AS_WORKERS, *WORKERS_BY_URL])
    assert set(started.values()) <= {"ended", "refused: SecurityError"}, started
    refused = page.page.evaluate(
        "(path) => navigator.serviceWorker.register(path).then(() => '', ({name}) => name)",
        FILES_AS_WORKERS[0],
    )
    assert refused == "SecurityError"


def test_a_manifest_of_another_host_is_not_loaded(
    page: LentigoPage, foreign: ForeignServer
) -> None:
    outcome = page.engine.evaluate(
        """async ([files, url]) => {
          const {fetchManifest} = await import(files);
          return fetchManifest(url, '').then(() => '', ({fault}) => fault);
        }""",
        [f"{page.url}js/shared/model-files.js", f"{foreign.url}manifest.json"],
    )
    assert outcome == "model-file-elsewhere"
    assert foreign.heard == []


def test_workers_have_no_peers_and_the_page_only_by_a_frame(page: LentigoPage) -> None:
    """It is open, as ``docs/privacy.md`` says: no policy knows it, and a frame gives it back."""
    peers = "typeof RTCPeerConnection"
    assert page.page.evaluate(peers) == "undefined"
    assert page.engine.evaluate(peers) == page.python.evaluate(peers) == "undefined"
    assert (
        page.page.evaluate(
            """() => {
          const frame = document.createElement('iframe');
          document.body.append(frame);
          return typeof frame.contentWindow.RTCPeerConnection;
        }"""
        )
        == "function"
    )


def test_another_tab_is_open(page: LentigoPage, foreign: ForeignServer) -> None:
    """It tells the foreign server what the address says: no page can close that."""
    with page.page.expect_popup() as opened:
        page.page.evaluate(f"(url) => {{ {OPEN['window']}; }}", foreign.url + "window")
    opened.value.wait_for_url(f"{foreign.url}window")
    opened.value.close()
    assert "window" in foreign.heard
    page.guard.allowed += (rf"foreign: GET {foreign.url}",)


def test_python_under_isolation_has_the_window_and_no_more(
    isolated: LentigoPage, foreign: ForeignServer
) -> None:
    for name, source in {**PAGE, **LEAVING}.items():
        isolated.python.evaluate(_BY_WINDOW, f"const url = '{foreign.url}{name}'; {source};")
    isolated.page.wait_for_timeout(1000)
    assert foreign.heard == []
    assert isolated.state == "ready"


def test_nothing_leaves_from_the_lab(chromium: Browser, site: str, foreign: ForeignServer) -> None:
    with LentigoPage(chromium, f"{site}lab.html", allowed=REFUSALS) as lab:
        lab.page.goto(lab.url)
        lab.page.wait_for_selector("[data-testid=lab-start]:enabled")
        with lab.page.expect_worker() as started:
            lab.page.click("[data-testid=lab-start]")
        attempt(started.value, EVERYWHERE, foreign)
        attempt(lab.page, {**PAGE, **LEAVING}, foreign)
        assert foreign.heard == []


def test_in_a_frame_it_does_not_start(chromium: Browser, site: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(f"<!doctype html><iframe src={site}></iframe>")
    handler = partial(Quiet, directory=tmp_path)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    with running(server), LentigoPage(chromium, url, allowed=(".",)) as around:
        around.page.goto(url)
        link = around.page.frame_locator("iframe").locator("body > *")
        assert link.inner_text().startswith("Lentigo does not run inside another page.")
        assert link.get_attribute("href") == site
        assert around.page.workers == []


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A plain static host that keeps the terminal clean."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass
