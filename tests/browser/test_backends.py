"""The four backends give one answer, leak nothing, and a lost GPU costs no answer.

This machine's GPU may be a real one; Chromium is told to use SwiftShader where there is none, and
the tests read which adapter has run. Each backend starts once; the tests of one run in a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import Browser

from tests.browser.lentigo_page import LentigoPage, manifest
from tests.browser.pictures import lesion, png
from training.pictures.synthetic import Look

if TYPE_CHECKING:
    from collections.abc import Iterator

# What the page says of the engine: the adapter's name where there is one.
ADAPTER = {"webgpu": "swiftshader", "webgl": "SwiftShader", "cpu": "JavaScript"}
LOSE = {
    "webgpu": "tf.backend().device.destroy()",
    "webgl": "tf.backend().gpgpu.gl.getExtension('WEBGL_lose_context').loseContext()",
}
ROUNDING = 1e-4
DEFAULT = manifest().default_variant


def tolerance(*variants: str) -> float:
    """How far two answers of these weights may be apart: each is that near to PyTorch's logits.

    Moving each logit by e moves no probability by more than e / 2.
    """
    facts = manifest()
    apart = sum(facts.variants[name].tolerance_logit for name in variants)
    return apart / facts.calibration.temperature / 2 + ROUNDING


@pytest.fixture(scope="module")
def slow(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[LentigoPage]:
    with LentigoPage(chromium, site) as page:
        yield page.boot(f"?backend={request.param}")


every_other_backend = pytest.mark.parametrize("slow", ["webgpu", "webgl", "cpu"], indirect=True)
every_gpu = pytest.mark.parametrize("slow", ["webgpu", "webgl"], indirect=True)


@every_other_backend
def test_each_backend_runs_where_it_says_and_answers_as_wasm_does(
    slow: LentigoPage, lentigo: LentigoPage
) -> None:
    backend = slow.backend
    assert f"?backend={backend}" in slow.page.url
    assert slow.engine.evaluate("tf.getBackend()") == backend
    assert ADAPTER[backend] in slow.adapter
    assert lentigo.backend == "wasm"
    assert lentigo.engine.evaluate("tf.getBackend()") == "wasm"
    picture = png(lesion(Look.PALE_CENTRE))
    here, wasm = slow.judge(picture), lentigo.judge(picture)
    print(f"{backend}: apart by {np.abs(np.subtract(here.values, wasm.values)).max():.5f}")
    np.testing.assert_allclose(here.values, wasm.values, rtol=0, atol=tolerance(DEFAULT, DEFAULT))


@every_other_backend
def test_nothing_leaks_over_two_answers(slow: LentigoPage) -> None:
    slow.judge(png(lesion()))
    slow.start_again()
    slow.python.evaluate("pyodide._module.enable_pyproxy_allocation_tracing()")
    proxies = "pyodide._module.pyproxy_alloc_map.size"
    before = slow.tensors(), slow.python.evaluate(proxies)
    for _ in range(2):
        slow.judge(png(lesion()))
        slow.start_again()
    assert (slow.tensors(), slow.python.evaluate(proxies)) == before


@every_gpu
def test_a_gpu_lost_in_mid_run_costs_no_answer(slow: LentigoPage, lentigo: LentigoPage) -> None:
    backend = slow.backend
    picture = png(lesion(Look.EVEN_BROWN))
    idle = slow.tensors()
    engine = slow.engine
    slow.choose(picture)
    # In flight: its tensors are there, and its answer is not.
    engine.evaluate(
        """(idle) => new Promise((resolve) => {
          const look = () => (tf.memory().numTensors > idle ? resolve() : setTimeout(look));
          look();
        })""",
        idle,
    )
    assert slow.state == "analysing"
    engine.evaluate(f"() => {{ {LOSE[backend]}; }}")
    assert slow.wait_for("result", "rejected", "error") == "result"
    answer = slow.answer()
    assert answer is not None
    # Neither GPU is chosen by itself when it is software, so the processor takes over.
    slow.page.wait_for_selector("[data-testid=backend][data-backend=wasm]")
    # It is folded away.
    assert "WebAssembly" in (slow.page.text_content("[data-testid=latency]") or "")
    np.testing.assert_allclose(
        answer.values,
        lentigo.judge(picture).values,
        rtol=0,
        atol=tolerance(DEFAULT, DEFAULT),
    )
    slow.judge(png(lesion()))


def test_a_software_gpu_is_not_chosen_by_itself(chromium: Browser, site: str) -> None:
    with LentigoPage(chromium, site) as page:
        page.boot()
        assert page.engine.evaluate("'gpu' in navigator")
        assert page.backend == "wasm"
        page.judge(png(lesion()))


def test_the_larger_weights_answer_much_as_the_default_ones(
    chromium: Browser, site: str, lentigo: LentigoPage
) -> None:
    with LentigoPage(chromium, site) as page:
        page.boot("?backend=wasm&model=float16")
        assert "float16" in page.adapter
        assert DEFAULT == "uint8"
        assert DEFAULT in lentigo.adapter
        compared = []
        for look in Look:
            picture = png(lesion(look))
            # Either may refuse a drawing, which is no lesion.
            if {page.upload(picture), lentigo.upload(picture)} != {"result"}:
                continue
            large, usual = page.answer(), lentigo.answer()
            assert large is not None
            assert usual is not None
            np.testing.assert_allclose(
                large.values, usual.values, rtol=0, atol=tolerance("float16", DEFAULT)
            )
            compared.append(large.values != usual.values)
        assert len(compared) >= 3
        # Else the test has compared the default with itself.
        assert all(compared)
