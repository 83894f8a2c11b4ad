"""The four backends give one answer, leak nothing, and a lost GPU costs no answer.

This machine's GPU may be a real one; Chromium is told to use SwiftShader where there is none, and
the tests read which adapter has run. Only WebGPU has a page with Python: what a page does about a
backend is the same for all. The others are an engine by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import Browser

from lentigo.picture.preprocess import INPUT_SIZE_PX, to_model_input, views
from tests.browser.bare_engine import BareEngine
from tests.browser.lentigo_page import LentigoPage, manifest
from tests.browser.pictures import lesion, png
from tests.browser.sites import MODEL
from training.pictures.synthetic import Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from playwright.sync_api import Page, Worker

# What the engine says of the adapter where there is one.
ADAPTER = {"webgpu": "swiftshader", "webgl": "SwiftShader", "cpu": ""}
LOSE = {
    "webgpu": "tf.backend().device.destroy()",
    "webgl": "tf.backend().gpgpu.gl.getExtension('WEBGL_lose_context').loseContext()",
}
# A request in flight: its tensors are there, and its answer is not.
IN_FLIGHT = """(idle) => new Promise((resolve) => {
  const look = () => (tf.memory().numTensors > idle ? resolve() : setTimeout(look));
  look();
})"""
ROUNDING = 1e-4
MANIFEST = f"/{MODEL}/manifest.json"
DEFAULT = manifest().default_variant


def tolerance(*variants: str) -> float:
    """How far two answers of these weights may be apart: each is that near to PyTorch's logits.

    Moving each logit by e moves no probability by more than e / 2.
    """
    facts = manifest()
    apart = sum(facts.variants[name].tolerance_logit for name in variants)
    return apart / facts.calibration.temperature / 2 + ROUNDING


def tolerance_logit(*variants: str) -> float:
    """How far two logits of these weights may be apart."""
    return sum(manifest().variants[name].tolerance_logit for name in variants) + ROUNDING


def drawn(look: Look) -> NDArray[np.float32]:
    """A lesion as the model sees it."""
    return to_model_input(lesion(look, INPUT_SIZE_PX))


def lose(backend: str, worker: Worker, idle_tensors: int) -> None:
    """Take a GPU away from a request that is in flight."""
    worker.evaluate(IN_FLIGHT, idle_tensors)
    worker.evaluate(f"() => {{ {LOSE[backend]}; }}")


@pytest.fixture(scope="module")
def blank(chromium: Browser, site: str) -> Iterator[Page]:
    page = chromium.new_page()
    page.goto(f"{site}LICENSE")
    yield page
    page.close()


@pytest.fixture(scope="module")
def of_wasm(blank: Page) -> dict[Look, NDArray[np.float64]]:
    """The logits that WebAssembly gives, by what is drawn."""
    engine = BareEngine(blank, MANIFEST, "wasm")
    return {look: np.array(engine.predict(drawn(look))["logits"]) for look in Look}


def test_the_answer_to_several_views_is_their_mean_with_the_map_of_the_first(blank: Page) -> None:
    engine = BareEngine(blank, MANIFEST, "wasm")
    shown = views(drawn(Look.ASYMMETRIC_DARK))
    alone = [engine.predict(view[np.newaxis]) for view in shown]
    idle = engine.tensors()
    together = engine.predict(shown)
    assert engine.tensors() == idle
    for head in ("logits", "modality", "lesion", "melanoma", "malignancy", "nail"):
        mean = np.mean([each[head] for each in alone], axis=0)
        np.testing.assert_allclose(together[head], mean, rtol=0, atol=ROUNDING)
    assert together["maps"] == alone[0]["maps"]
    assert alone[1]["logits"] != alone[0]["logits"]


@pytest.mark.parametrize("backend", ["webgl", "cpu"])
def test_each_backend_answers_as_wasm_does_and_leaks_nothing(
    blank: Page, of_wasm: dict[Look, NDArray[np.float64]], backend: str
) -> None:
    engine = BareEngine(blank, MANIFEST, backend)
    assert engine.report["backend"] == backend
    assert engine.worker.evaluate("tf.getBackend()") == backend
    assert ADAPTER[backend] in engine.report["adapter"]
    idle = engine.tensors()
    reply = engine.predict(drawn(Look.PALE_CENTRE))
    assert reply["backend"] == backend
    np.testing.assert_allclose(
        reply["logits"], of_wasm[Look.PALE_CENTRE], rtol=0, atol=tolerance_logit(DEFAULT, DEFAULT)
    )
    assert engine.tensors() == idle
    if backend not in LOSE:
        return
    engine.ask(drawn(Look.ASYMMETRIC_DARK))
    lose(backend, engine.worker, idle)
    reply = engine.reply()
    # Neither GPU is chosen by itself when it is software, so the processor takes over.
    assert reply["backend"] == "wasm"
    np.testing.assert_allclose(
        reply["logits"], of_wasm[Look.ASYMMETRIC_DARK], rtol=0, atol=ROUNDING
    )


def test_a_software_gpu_is_not_chosen_by_itself(blank: Page) -> None:
    report = BareEngine(blank, MANIFEST).report
    assert report["backend"] == "wasm"
    assert report["skipped"][0].startswith("webgpu: software adapter (")


def test_the_larger_weights_answer_much_as_the_default_ones(
    blank: Page, of_wasm: dict[Look, NDArray[np.float64]]
) -> None:
    assert DEFAULT == "uint8"
    engine = BareEngine(blank, MANIFEST, "wasm", "float16")
    assert engine.report["variant"] == "float16"
    for look, usual in of_wasm.items():
        large = np.array(engine.predict(drawn(look))["logits"])
        np.testing.assert_allclose(large, usual, rtol=0, atol=tolerance_logit("float16", DEFAULT))
        # Else the test has compared the default with itself.
        assert not np.array_equal(large, usual)


@pytest.fixture(scope="module")
def webgpu(chromium: Browser, site: str) -> Iterator[LentigoPage]:
    with LentigoPage(chromium, site) as page:
        yield page.boot("?backend=webgpu")


def test_webgpu_runs_where_it_says_and_answers_as_wasm_does(
    webgpu: LentigoPage, lentigo: LentigoPage
) -> None:
    assert webgpu.backend == "webgpu"
    assert webgpu.engine.evaluate("tf.getBackend()") == "webgpu"
    assert ADAPTER["webgpu"] in webgpu.adapter
    assert "fused kernels" in webgpu.adapter
    assert lentigo.backend == "wasm"
    assert lentigo.engine.evaluate("tf.getBackend()") == "wasm"
    picture = png(lesion(Look.PALE_CENTRE))
    here, wasm = webgpu.judge(picture), lentigo.judge(picture)
    np.testing.assert_allclose(here.values, wasm.values, rtol=0, atol=tolerance(DEFAULT, DEFAULT))


def test_an_answer_leaves_nothing_behind(webgpu: LentigoPage) -> None:
    webgpu.judge(png(lesion()))
    webgpu.start_again()
    webgpu.python.evaluate("pyodide._module.enable_pyproxy_allocation_tracing()")
    proxies = "pyodide._module.pyproxy_alloc_map.size"
    before = webgpu.tensors(), webgpu.python.evaluate(proxies)
    webgpu.judge(png(lesion()))
    webgpu.start_again()
    assert (webgpu.tensors(), webgpu.python.evaluate(proxies)) == before


def test_a_gpu_lost_in_mid_run_costs_no_answer(webgpu: LentigoPage, lentigo: LentigoPage) -> None:
    picture = png(lesion(Look.EVEN_BROWN))
    idle = webgpu.tensors()
    webgpu.choose(picture)
    lose("webgpu", webgpu.engine, idle)
    assert webgpu.wait_for("result", "rejected", "error") == "result"
    answer = webgpu.answer()
    assert answer is not None
    webgpu.page.wait_for_selector("[data-testid=backend][data-backend=wasm]")
    # It is folded away.
    assert "WebAssembly" in (webgpu.page.text_content("[data-testid=latency]") or "")
    np.testing.assert_allclose(
        answer.values,
        lentigo.judge(picture).values,
        rtol=0,
        atol=tolerance(DEFAULT, DEFAULT),
    )
    webgpu.judge(png(lesion()))
