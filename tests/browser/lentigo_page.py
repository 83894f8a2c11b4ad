"""The page under test: its hooks, its workers, and the guard that lets nothing pass in silence."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import pytest

from lentigo.diagnosis import Diagnosis
from lentigo.model.manifest import Manifest, parse_manifest
from lentigo.priority import Risks
from tests.browser.recording_proxy import RecordingProxy
from tests.browser.sites import MODEL, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, Worker

# Playwright's own list, which this replaces, and what has Chromium ask its maker's server about the
# fields of a form: the page has no part in that.
_WITHOUT = (
    "AutofillServerCommunication", "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter",
    "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)  # fmt: skip
FLAGS = (
    f"--disable-features={','.join(_WITHOUT)}",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-webgpu",
    # Functions of WebAssembly are optimised when they have run for long only. A start then takes a
    # quarter less of the processor (10.8 instead of 14.3 s), and a photo no more.
    "--js-flags=--wasm-tiering-budget=100000000",
)
FAKE_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
# A hang ends here. Only the software GPUs need more than a few seconds for anything.
PATIENCE_MS = 180_000

SETTLED = ("result", "rejected", "error")
_HARMLESS = (
    # PyScript without SharedArrayBuffer: the page uses neither from Python.
    re.compile(r"^Unable to use `window` or `document` in worker"),
    # Chromium on a software adapter.
    re.compile(r"powerPreference option is currently ignored"),
    re.compile(r"GPU stall due to ReadPixels"),
    re.compile(r"Automatic fallback to software WebGL has been deprecated"),
)


def manifest() -> Manifest:
    return parse_manifest((ROOT / MODEL / "manifest.json").read_text(encoding="utf-8"))


def chromium_path() -> str:
    path = os.environ.get("LENTIGO_CHROMIUM") or shutil.which("chromium")
    if not path:
        raise pytest.UsageError("no Chromium: put one on PATH, or name it in LENTIGO_CHROMIUM")
    return path


def launch(playwright: Playwright, *flags: str, as_visitors_have_it: bool = False) -> Browser:
    """Start Chromium.

    Debian's draws pages on the GPU, which these machines have in software only: for tests the
    processor draws, which takes less of it. Scripts have the GPU all the same.
    """
    drawing = [] if as_visitors_have_it else ["--disable-gpu-compositing"]
    return playwright.chromium.launch(
        executable_path=chromium_path(), args=[*FLAGS, *drawing, *flags]
    )


@dataclass
class Guard:
    """Collects what must not happen on a page: ``verify`` fails on it.

    ``expected`` are patterns of troubles that a test provokes on purpose; each must then occur.
    ``allowed`` are patterns of those that may occur.
    """

    proxy: RecordingProxy
    origin: str
    expected: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    troubles: list[str] = field(default_factory=list)
    _since: int = 0

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"page error: {error}"))
        page.on("crash", lambda _: self.troubles.append("the page crashed"))
        page.on("requestfailed", self._failed)

    def _failed(self, request: Request) -> None:
        # Chromium gives up the preload or module of a missing file so; its status tells the fault.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"failed: {request.url} {request.failure}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning", "assert"}:
            return
        if message.type == "warning" and any(p.search(message.text) for p in _HARMLESS):
            return
        self.troubles.append(f"console {message.type}: {message.text}")

    def verify(self) -> None:
        """Fail on every trouble since the last call, and begin anew."""
        seen = self.proxy.seen[self._since :]
        foreign = [f"foreign: {r.method} {r.url}" for r in seen if r.origin != self.origin]
        refused = [f"status {r.status}: {r.url}" for r in seen if r.status >= 400]
        troubles = [*self.troubles, *foreign, *refused]
        self.troubles.clear()
        self._since += len(seen)
        accepted = (*self.expected, *self.allowed)
        unexpected = [text for text in troubles if not any(re.search(p, text) for p in accepted)]
        assert not unexpected, "\n".join(unexpected)
        absent = [p for p in self.expected if not any(re.search(p, text) for text in troubles)]
        assert not absent, f"expected, but did not happen: {absent}; there was {troubles}"


@dataclass(frozen=True)
class Answer:
    """What `[data-testid=result]` and its neighbours say."""

    priority: str
    diagnosis: str
    confidence: float
    malignancy: float
    melanoma_risk: float
    malignancy_risk: float
    probabilities: dict[str, float]
    preprocess_ms: float
    inference_ms: float
    total_ms: float

    @property
    def values(self) -> tuple[float, ...]:
        """The seven probabilities in the order of ``Diagnosis``."""
        return tuple(self.probabilities[diagnosis] for diagnosis in Diagnosis)

    @property
    def risks(self) -> Risks:
        """Both risks."""
        return Risks(self.melanoma_risk, self.malignancy_risk)


READ_ANSWER = """() => {
  const result = document.querySelector('[data-testid=result]');
  const latency = document.querySelector('[data-testid=latency]');
  if (!result || !latency) return null;
  const bars = [...document.querySelectorAll('[data-testid=probability]')];
  return {
    priority: result.dataset.priority,
    diagnosis: result.dataset.diagnosis,
    confidence: Number(result.dataset.confidence),
    malignancy: Number(result.dataset.malignancy),
    melanoma_risk: Number(result.dataset.melanomaRisk),
    malignancy_risk: Number(result.dataset.malignancyRisk),
    bars: bars.map((bar) => [bar.dataset.diagnosis, Number(bar.dataset.value)]),
    preprocess_ms: Number(latency.dataset.preprocessMs),
    inference_ms: Number(latency.dataset.inferenceMs),
    total_ms: Number(latency.dataset.totalMs),
  };
}"""

START_AGAIN = """() => {
  const button = document.createElement('button');
  // The visitor has been asked, should there be a row.
  Object.assign(button.dataset, {action: 'reset', confirmed: 'true'});
  document.body.append(button);
  button.click();
  button.remove();
}"""


class LentigoPage:
    """One tab with Lentigo in a context of its own. Use it in a ``with`` block."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        expected: tuple[str, ...] = (),
        allowed: tuple[str, ...] = (),
        **context: Any,
    ) -> None:
        self.url = url
        self.proxy = RecordingProxy()
        parts = urlsplit(url)
        self.guard = Guard(self.proxy, f"{parts.scheme}://{parts.netloc}", expected, allowed)
        # The proxy belongs to this context, since Chromium makes requests of its own outside it.
        # Without the bypass rule a proxy would not see what goes to this machine.
        self._context = browser.new_context(
            proxy={"server": self.proxy.url, "bypass": "<-loopback>"},
            **{"reduced_motion": "reduce", **context},
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self.page = self._context.new_page()
        self.guard.watch(self.page)

    def __enter__(self) -> Self:
        self.proxy.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # The requests of a page end with it, so that none goes unrecorded.
        self._context.close()
        self.proxy.stop()
        if kind is None:
            self.guard.verify()

    def open(self, query: str = "") -> Self:
        """Load the page; does not wait for the model."""
        self.page.goto(self.url + query, wait_until="commit")
        self.page.wait_for_selector("[data-testid=app]", state="attached")
        return self

    def boot(self, query: str = "") -> Self:
        """Load the page and wait until it is ready."""
        self.open(query)
        self.wait_for("ready", "error")
        assert self.state == "ready", self.text("[data-region=answer], .boot-failed")
        return self

    # --- the hooks ---

    @property
    def state(self) -> str:
        return self.attribute("app", "data-state")

    def wait_for(self, *states: str) -> str:
        """Wait for one of the states; returns the one that came."""
        wanted = ",".join(f"[data-testid=app][data-state={state}]" for state in states)
        self.page.wait_for_selector(wanted, state="attached")
        return self.state

    def attribute(self, testid: str, name: str) -> str:
        value = self.page.get_attribute(f"[data-testid={testid}]", name)
        assert value is not None, f"{testid} has no {name}"
        return value

    def count(self, testid: str) -> int:
        return self.page.locator(f"[data-testid={testid}]").count()

    def text(self, selector: str) -> str:
        return " ".join(self.page.locator(selector).all_inner_texts())

    @property
    def backend(self) -> str:
        return self.attribute("backend", "data-backend")

    @property
    def adapter(self) -> str:
        """What the page says of the engine: backend, adapter, weights."""
        return self.text("[data-testid=backend]")

    def answer(self) -> Answer | None:
        """Read the answer as it stands, all of it in one moment."""
        read = self.page.evaluate(READ_ANSWER)
        if read is None:
            return None
        bars = read.pop("bars")
        assert len(bars) == len(Diagnosis)
        return Answer(probabilities=dict(bars), **read)

    # --- what a visitor does ---

    def choose(self, data: bytes, name: str = "lesion.png", kind: str = "image/png") -> None:
        """Choose a file; does not wait for the answer."""
        self.page.set_input_files(
            "[data-testid=upload]", {"name": name, "mimeType": kind, "buffer": data}
        )

    def upload(self, data: bytes, name: str = "lesion.png", kind: str = "image/png") -> str:
        """Choose a file and wait for the outcome: ``result``, ``rejected`` or ``error``."""
        self.choose(data, name, kind)
        return self.wait_for(*SETTLED)

    def judge(self, data: bytes, name: str = "lesion.png", kind: str = "image/png") -> Answer:
        """Choose a file that must get a result."""
        state = self.upload(data, name, kind)
        assert state == "result", f"{name}: {state}, {self.text('[data-region=answer]')}"
        answer = self.answer()
        assert answer is not None
        return answer

    def press(self, testid: str) -> None:
        self.page.click(f"[data-testid={testid}]")

    def take_photos_by_hand(self) -> None:
        """Switch off, with the camera on, that the photo takes itself."""
        if self.page.get_attribute("[data-camera=auto]", "aria-pressed") == "true":
            self.page.click("[data-camera=auto]")

    def unfold_questions(self) -> None:
        """Open the questionnaire, if it is not open."""
        if self.page.get_attribute("[data-testid=questionnaire]", "open") is None:
            self.page.click("[data-testid=questionnaire] > summary")

    def unfold_comparison(self) -> None:
        """Open what an answer rests on, if it is not open."""
        if self.page.get_attribute("#compared", "open") is None:
            self.page.click("#compared > summary")

    def start_again(self) -> None:
        """Go back to ``ready`` from any state that has an engine."""
        self.page.evaluate(START_AGAIN)
        self.wait_for("ready")

    # --- the workers ---

    def _worker(self, has_tf: bool) -> Worker:
        for worker in self.page.workers:
            if worker.evaluate("'tf' in globalThis") is has_tf:
                return worker
        raise AssertionError("the worker is not there")

    @property
    def engine(self) -> Worker:
        """The worker that runs TF.js; another one after the page has replaced it."""
        return self._worker(has_tf=True)

    @property
    def python(self) -> Worker:
        """The worker that PyScript has started."""
        return self._worker(has_tf=False)

    def tensors(self) -> int:
        """How many tensors TF.js holds."""
        return int(self.engine.evaluate("tf.memory().numTensors"))

    def run_python(self, code: str, given: object = None) -> Any:
        """Run code beside the application, in PyScript's own interpreter.

        ``given`` is there as a variable; the value of the last line comes back. Both go through
        JSON. Needs a site ``with_way_into_python``.
        """
        *body, last = code.strip().splitlines()
        source = "\n".join(
            ["import json", "given = json.loads(given_json)", *body, f"json.dumps({last})"]
        )
        answer = self.python.evaluate(
            """([source, given]) => {
              pyodide.globals.set('given_json', given);
              return pyodide.runPython(source);
            }""",
            [source, json.dumps(given)],
        )
        return json.loads(answer)
