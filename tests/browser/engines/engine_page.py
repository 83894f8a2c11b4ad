"""The page under test in any engine: its hooks, its workers, and the guard, by WebDriver."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lentigo.diagnosis import Diagnosis
from tests.browser.engines.webdriver import PATIENCE_S
from tests.browser.lentigo_page import READ_ANSWER, SETTLED, START_AGAIN, Answer, Guard
from tests.browser.sites import MAIN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.engines.launching import Browser
    from tests.browser.recording_proxy import RecordingProxy

# Workers cannot be reached by WebDriver, so each of the site under test is given an ear: what is
# said to its channel is run there, and answered. What goes wrong in a thread is told to the page.
_WATCH = """
{ const told = new BroadcastChannel('test-heard');
  const tell = (text) => { globalThis.heard?.push(text) ?? told.postMessage(text); };
  if (globalThis.document) {
    globalThis.heard = [];
    told.onmessage = ({data}) => heard.push(data);
  }
  for (const kind of ['error', 'warn', 'assert']) {
    const write = console[kind];
    console[kind] = (...values) => {
      if (kind !== 'assert' || !values[0]) tell(`${kind}: ${values.join(' ')}`);
      write.apply(console, values);
    };
  }
  const failed = ({message, target}) => tell(`error: ${message ?? target.outerHTML}`);
  addEventListener('error', failed, true);
  addEventListener('unhandledrejection', ({reason}) => tell(`unhandled: ${reason}`));
  addEventListener('securitypolicyviolation', ({violatedDirective, blockedURI}) => {
    tell(`Content Security Policy: ${violatedDirective} ${blockedURI}`);
  });
}
"""
_EAR = """
{ const channel = new BroadcastChannel('test-%s');
  channel.onmessage = async ({data: {source, given}}) => {
    if (source === undefined) return;
    let answer;
    try {
      answer = {value: await (0, eval)(`(${source})`)(given)};
    } catch (error) {
      answer = {error: String(error)};
    }
    channel.postMessage({answer});
  };
}
"""
_INTO_PYTHON = "\nimport js\nimport pyodide_js\n\njs.pyodide = pyodide_js\njs.eval({ear!r})\n"
_FIRST, _ENGINE = "js/page/first.js", "js/engine/engine.js"
_SAY = """({place, source, given}) => new Promise((resolve, reject) => {
  const channel = new BroadcastChannel(`test-${place}`);
  channel.onmessage = ({data: {answer}}) => {
    if (!answer) return;
    channel.close();
    if (answer.error) reject(new Error(answer.error));
    else resolve(answer.value);
  };
  channel.postMessage({source, given});
})"""
# In the page's own world, whatever world the driver's scripts have.
_IN_PAGE = """
  const [source, given, done] = arguments;
  const run = window.eval(`async (source, given) => {
    try {
      const value = await (0, eval)('(' + source + ')')(JSON.parse(given));
      return JSON.stringify({value: value === undefined ? null : value});
    } catch (error) {
      return JSON.stringify({error: String(error)});
    }
  }`);
  run(source, given).then(done);
"""
# Polling from here would take the cores from the page.
_WAIT = """([condition, limit_ms]) => new Promise((resolve, reject) => {
  const deadline = Date.now() + limit_ms;
  const look = async () => {
    if (await (0, eval)(condition)) resolve();
    else if (Date.now() > deadline) reject(new Error(`not within ${limit_ms} ms: ${condition}`));
    else setTimeout(look, 50);
  };
  look();
})"""


def give_ears(site: Path) -> None:
    """Let the tests speak to the workers of a site; its folder is changed."""
    _write(site / _FIRST, before=_WATCH)
    _write(site / _ENGINE, after=_WATCH + _EAR % "engine")
    _write(site / MAIN, after=_INTO_PYTHON.format(ear=_WATCH + _EAR % "python"))


def _write(path: Path, before: str = "", after: str = "") -> None:
    """Write another file in the place of this one, which may be a link to it."""
    whole = before + path.read_text(encoding="utf-8") + after
    path.unlink()
    path.write_text(whole, encoding="utf-8")


# PyScript without SharedArrayBuffer: the page uses neither from Python.
HARMLESS = re.compile(r"\w+: Unable to use `window` or `document` in worker")


class PageError(AssertionError):
    """A script that the tests ran in the page, or in a worker, has failed."""


class EnginePage:
    """One tab with Lentigo in Firefox or WebKit."""

    def __init__(self, browser: Browser, url: str, proxy: RecordingProxy, folder: Path) -> None:
        self.url = url
        self.name = browser.name
        self.browser = browser
        self._session = browser.session
        self._folder = folder
        parts = urlsplit(url)
        self.guard = Guard(proxy, f"{parts.scheme}://{parts.netloc}")

    def verify(self) -> None:
        """Fail on what the console, or the proxy, has seen since the last call."""
        heard = self.evaluate("() => globalThis.heard?.splice(0) ?? []")
        told = [*heard, *self.browser.complaints()]
        self.guard.troubles += [f"console {text}" for text in told if not HARMLESS.match(text)]
        self.guard.verify()

    def open(self, url: str) -> None:
        """Load any page."""
        self._session.navigate(url)

    def boot(self, query: str = "?backend=wasm") -> None:
        """Load the page and wait until it is ready."""
        self.open(self.url + query)
        self.wait_for("ready", "error")
        assert self.state == "ready", self.text("[data-region=answer], .boot-failed")

    # --- scripts ---

    def evaluate(self, source: str, given: object = None, place: str = "page") -> Any:
        """Call a function, given as source, in the page, or in the worker `engine` or `python`."""
        if place != "page":
            return self.evaluate(_SAY, {"place": place, "source": source, "given": given})
        told = json.loads(self._session.run(_IN_PAGE, [source, json.dumps(given)]))
        if "error" in told:
            raise PageError(told["error"])
        return told["value"]

    def wait_until(self, condition: str) -> None:
        """Wait until an expression, or the promise that it is, holds."""
        self.evaluate(_WAIT, [condition, PATIENCE_S * 900])

    # --- the hooks ---

    def wait_for(self, *states: str) -> str:
        """Wait for one of the states; returns the one that came."""
        self.wait_until(f"{json.dumps(states)}.includes(document.body.dataset.state)")
        return self.state

    def wait_to_see(self, selector: str) -> None:
        """Wait until an element is there."""
        self.wait_until(f"document.querySelector({json.dumps(selector)}) !== null")

    @property
    def state(self) -> str:
        return str(self.evaluate("() => document.body.dataset.state"))

    def text(self, selector: str) -> str:
        read = """(selector) => [...document.querySelectorAll(selector)]
          .map((element) => element.innerText).join(' ')"""
        return " ".join(str(self.evaluate(read, selector)).split())

    def attribute(self, selector: str, name: str) -> str | None:
        read = "([selector, name]) => document.querySelector(selector)?.getAttribute(name) ?? null"
        value = self.evaluate(read, [selector, name])
        return None if value is None else str(value)

    def count(self, selector: str) -> int:
        return int(self.evaluate("(all) => document.querySelectorAll(all).length", selector))

    def answer(self) -> Answer | None:
        """Read the answer as it stands."""
        read = self.evaluate(READ_ANSWER)
        if read is None:
            return None
        bars = read.pop("bars")
        assert len(bars) == len(Diagnosis)
        return Answer(probabilities=dict(bars), **read)

    # --- what a visitor does ---

    def press(self, selector: str) -> None:
        """Press a button."""
        self.evaluate("(selector) => document.querySelector(selector).click()", selector)

    def fill(self, selector: str, text: str) -> None:
        """Fill in a field."""
        self.evaluate(
            """([selector, text]) => {
              const field = document.querySelector(selector);
              field.value = text;
              field.dispatchEvent(new Event('change', {bubbles: true}));
            }""",
            [selector, text],
        )

    def choose(self, path: Path) -> None:
        """Choose a file; does not wait for the outcome."""
        self._session.choose(self._session.find("[data-testid=upload]"), path)
        self.wait_for("analysing", *SETTLED)

    def upload(self, data: bytes, name: str = "lesion.png") -> str:
        """Choose a file and wait for the outcome: ``result``, ``rejected`` or ``error``."""
        path = self._folder / name
        path.write_bytes(data)
        self.choose(path)
        return self.wait_for(*SETTLED)

    def judge(self, data: bytes, name: str = "lesion.png") -> Answer:
        """Choose a file that must get a result."""
        state = self.upload(data, name)
        assert state == "result", f"{name}: {state}, {self.text('[data-region=answer]')}"
        answer = self.answer()
        assert answer is not None
        return answer

    def start_again(self) -> None:
        """Go back to ``ready`` from any state that has an engine."""
        self.evaluate(START_AGAIN)
        self.wait_for("ready")
