"""Each WebGPU kernel of our own gives what TF.js's do, as hardware and as software would run it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.bare_engine import BareEngine
from tests.browser.sites import MODEL, ROOT, AlteredHosting, served
from tests.browser.test_own_model import MINE, bring, model_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

# One rounding differs for each product that is added up; values are of the order of 1.
APART = 2e-5

START = """(order) => new Promise((resolve, reject) => {
  const source = `import '${location.origin}/js/kernels-test.js';`;
  const blob = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(blob, { type: 'module' });
  worker.onerror = (event) => reject(new Error(event.message));
  worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
  worker.postMessage(order);
})"""


def orders() -> Iterator[dict[str, object]]:
    """Sizes that no tile divides, kinds that the network has, and the narrowest pictures."""
    for size, channels, kernel, stride, same in (
        ((13, 10), (3, 16), 3, 2, True),
        ((8, 9), (8, 8), 3, 1, True),
        ((9, 17), (12, 24), 3, 1, False),
        ((11, 30), (4, 4), 3, 2, True),
        ((9, 9), (5, 12), 5, 1, True),
        ((7, 5), (8, 12), 1, 2, True),
        ((1, 1), (8, 8), 3, 1, True),
    ):
        how = {"size": size, "channels": channels, "kernel": kernel, "stride": stride}
        yield {"op": "LentigoConvolution", "activation": True, "same": same, **how}
    for size, channels in (((7, 7), (20, 24)), ((3, 5), (7, 12)), ((1, 1), (1152, 192))):
        for residual, scale in itertools.product((False, True), repeat=2):
            how = {"size": size, "channels": channels, "residual": residual, "scale": scale}
            yield {"op": "LentigoConvolution", "kernel": 1, "stride": 1, "same": True, **how}
    for size, kernel, stride, same in (
        ((7, 7), 3, 1, True),
        ((3, 15), 3, 2, True),
        ((14, 6), 5, 1, False),
        ((5, 14), 5, 2, True),
        ((1, 1), 5, 1, True),
        ((2, 2), 3, 2, True),
    ):
        how = {"size": size, "channels": 12, "kernel": kernel, "stride": stride, "same": same}
        yield {"op": "LentigoDepthwise", "activation": size != (7, 7), **how}
    for size, depth, keep in (((5, 3), 20, True), ((1, 1), 4, False), ((9, 9), 3, False)):
        yield {"op": "LentigoMean", "size": size, "channels": depth, "keep": keep}
    for pair in ((132, 28), (1152, 48), (12, 10), (4, 4), (1280, 256)):
        yield {"op": "LentigoExcite", "channels": pair}
    for sizes in ((1280, 24, 1), (5, 64, 7), (130, 3, 8)):
        yield {"op": "LentigoHead", "sizes": sizes}
    for rows, depth, columns, bias, relu in (
        (1, 1280, 7, True, False),
        (49, 130, 7, False, False),
        (1, 24, 1, True, True),
        (3, 5, 24, True, True),
    ):
        what = {"rows": rows, "depth": depth, "columns": columns, "bias": bias, "relu": relu}
        yield {"op": "LentigoDense", **what}


@pytest.fixture(scope="module")
def blank(chromium: Browser) -> Iterator[Page]:
    replaced = {"js/kernels-test.js": ROOT / "tests" / "browser" / "webgpu_kernels.js"}
    with served(AlteredHosting(ROOT, replaced=replaced)) as url:
        page = chromium.new_page()
        page.goto(f"{url}LICENSE")
        yield page
        page.close()


@pytest.mark.parametrize("software", [True, False], ids=["software", "hardware"])
def test_the_kernels_compute_what_those_of_tfjs_do(blank: Page, software: bool) -> None:
    asked = list(orders())
    answer: dict[str, Any] = blank.evaluate(START, {"software": software, "orders": asked})
    assert answer["fault"] is None
    assert answer["leaked"] == 0
    # However many kernels there are.
    assert answer["submits"] == 1
    for order, result in zip(asked, answer["results"], strict=True):
        theirs, ours = result["shapes"]
        assert ours == theirs, order
        assert result["finite"], order
        assert result["apart"] <= APART, order


def test_a_shader_that_errs_gives_way_to_the_kernels_of_tfjs(
    chromium: Browser, tmp_path: Path
) -> None:
    """One that answers wrongly, one that does not compile: with a model that takes no time."""
    shaders = (ROOT / "js" / "engine" / "kernels" / "webgpu" / "wgsl.js").read_text("utf-8")
    assert shaders.count("sum / f32(n.pixels)") == 1
    mine = bring(tmp_path / "mine")
    for put, fused in (("sum / f32(n.pixels)", True), ("sum", False), ("sum / nothing", False)):
        (tmp_path / "shaders.js").write_text(shaders.replace("sum / f32(n.pixels)", put), "utf-8")
        replaced = {"js/engine/kernels/webgpu/wgsl.js": tmp_path / "shaders.js"}
        with served(AlteredHosting(ROOT, replaced=replaced | model_files(mine))) as url:
            page = chromium.new_page()
            page.goto(f"{url}LICENSE")
            report = BareEngine(page, f"/{MINE}/manifest.json", "webgpu").report
            page.close()
        assert report["backend"] == "webgpu", put
        assert ("fused" in report["adapter"]) is fused, put
        assert report["parity_error"] < 1e-3, put


def test_the_whole_released_graph_is_fused(blank: Page) -> None:
    ops: list[str] = blank.evaluate(
        """async (model) => {
          const { fuse, WEBGPU } = await import('/js/engine/kernels/fusion.js');
          const { modelTopology, weightsManifest } = await (await fetch(model)).json();
          const specs = weightsManifest.flatMap(({ weights }) => weights);
          const shapes = new Map(specs.map(({ name, shape }) => [name, shape]));
          const { nodes } = fuse(
            modelTopology.node, (name) => shapes.get(name), () => [1, 2], WEBGPU,
          );
          return nodes.map(({ op }) => op).filter((op) => op !== 'Const');
        }""",
        f"/{MODEL}/float16/model.json",
    )
    assert {op: ops.count(op) for op in set(ops)} == {
        "Placeholder": 1,
        "LentigoConvolution": 33,
        "LentigoDepthwise": 11,
        "LentigoMean": 12,
        "LentigoExcite": 11,
        "LentigoDense": 5,
        "LentigoHead": 2,
    }
