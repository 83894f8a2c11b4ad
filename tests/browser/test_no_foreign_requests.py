"""Nothing leaves the device: a request to another origin fails in every thread of the page."""

from __future__ import annotations

import http.server
from functools import partial
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, Worker

from tests.browser.lentigo_page import LentigoPage
from tests.browser.sites import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Nobody's name (RFC 6761); behind a proxy a browser does not even look it up.
FOREIGN = "http://lentigo.invalid/collect"
# What Chromium writes, and how it calls a failed frame, when the policy refuses.
REFUSALS = ("Content Security Policy", "failed: http://lentigo.invalid/")

_ATTEMPTS = """async (url) => {
  const outcome = (promise) => promise.then(() => 'sent', (error) => `refused: ${error.name}`);
  const socket = (address) => new Promise((resolve, reject) => {
    const channel = new WebSocket(address);
    channel.onopen = resolve;
    channel.onerror = () => reject(new Error('closed'));
  });
  const xhr = () => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.onload = resolve;
    request.onerror = () => reject(new Error('XMLHttpRequest failed'));
    request.open('GET', `${url}?xhr`);
    request.send();
  });
  const attempts = {
    fetch: () => fetch(`${url}?fetch`),
    'no-cors': () => fetch(`${url}?no-cors`, {mode: 'no-cors', method: 'POST', body: 'skin'}),
    XMLHttpRequest: xhr,
    WebSocket: () => socket(url.replace('http', 'ws')),
    import: () => import(`${url}?import.js`),
  };
  if (globalThis.document) {
    attempts.image = () => new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = resolve;
      image.onerror = () => reject(new Error('no image'));
      image.src = `${url}?image`;
    });
    attempts.frame = async () => {
      const frame = document.createElement('iframe');
      frame.src = `${url}?frame`;
      document.body.append(frame);
      throw new Error('a frame tells nothing');
    };
    attempts.beacon = async () => {
      // Tells true when queued, whatever the policy does with it: the proxy is the witness.
      navigator.sendBeacon(`${url}?beacon`, 'skin');
      throw new Error('a beacon tells nothing');
    };
  }
  const results = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    results[name] = await outcome(Promise.resolve().then(attempt));
  }
  return results;
}"""

_FROM_PYTHON = """async (url) => {
  pyodide.globals.set('given_url', url);
  return await pyodide.runPythonAsync(`
import js
from pyodide.http import pyfetch
outcomes = []
for attempt in (js.fetch, pyfetch):
    try:
        await attempt(given_url)
        outcomes.append("sent")
    except Exception as error:
        outcomes.append("refused: " + type(error).__name__)
" ".join(outcomes)
`);
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser, site: str) -> Iterator[LentigoPage]:
    with LentigoPage(chromium, site, allowed=REFUSALS) as opened:
        yield opened.boot("?backend=wasm")


def foreign_requests(page: LentigoPage) -> list[str]:
    return [request.url for request in page.proxy.seen if request.origin != page.guard.origin]


def attempt(place: Page | Worker) -> dict[str, str]:
    outcomes: dict[str, str] = place.evaluate(_ATTEMPTS, FOREIGN)
    return outcomes


def test_the_proxy_sees_what_a_page_without_a_policy_sends(
    chromium: Browser, tmp_path: Path
) -> None:
    """Without this, a blind proxy would pass every other test here."""
    (tmp_path / "index.html").write_text("<!doctype html><title>No policy</title>")
    handler = partial(Quiet, directory=tmp_path)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    allowed = ("lentigo.invalid", "console error", "favicon")
    with running(server), LentigoPage(chromium, url, allowed=allowed) as bare:
        bare.page.goto(url)
        attempt(bare.page)
        blob = bare.page.evaluate(
            "() => URL.createObjectURL(new Blob(['0'], {type: 'text/javascript'}))"
        )
        with bare.page.expect_worker() as started:
            bare.page.evaluate("(blob) => { globalThis.kept = new Worker(blob); }", blob)
        attempt(started.value)
    seen = foreign_requests(bare)
    for way in ("?fetch", "?no-cors", "?xhr", "?import.js", "lentigo.invalid:80"):
        assert len([url for url in seen if url.endswith(way)]) == 2, (way, seen)
    for way in ("?image", "?frame", "?beacon"):
        assert len([url for url in seen if url.endswith(way)]) == 1, (way, seen)


def test_no_request_leaves_from_the_page(page: LentigoPage) -> None:
    outcomes = attempt(page.page)
    assert all(outcome.startswith("refused") for outcome in outcomes.values()), outcomes
    assert foreign_requests(page) == []


def test_no_request_leaves_from_the_engine(page: LentigoPage) -> None:
    outcomes = attempt(page.engine)
    assert all(outcome.startswith("refused") for outcome in outcomes.values()), outcomes
    assert foreign_requests(page) == []


def test_no_request_leaves_from_pythons_worker(page: LentigoPage) -> None:
    outcomes = attempt(page.python)
    assert all(outcome.startswith("refused") for outcome in outcomes.values()), outcomes
    assert foreign_requests(page) == []


def test_no_request_leaves_from_python_itself(page: LentigoPage) -> None:
    outcomes = page.python.evaluate(_FROM_PYTHON, FOREIGN).split(" refused")
    assert len(outcomes) == 2
    assert "sent" not in " ".join(outcomes)
    assert foreign_requests(page) == []


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A plain static host that keeps the terminal clean."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass
