"""Each kernel of our own gives what TF.js's own kernels give, with and without threads."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.lentigo_page import LentigoPage
from tests.browser.pictures import lesion, png
from tests.browser.sites import MODEL, ROOT, AlteredHosting, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

# One rounding differs for each product that is added up; values are of the order of 1.
APART = 2e-5
# What a browser without these instructions says to them.
NOT_WASM = b"\0asm\1\0\0\0\xff"

# In a worker, as the engine does it: only there may a thread wait.
WORKER = """
import * as tf from '/vendor/tfjs/tfjs.js';
import { installKernels } from '/js/engine/kernels/kernels.js';
import { pack, toPoints } from '/js/engine/kernels/fusion.js';
import { join } from '/js/engine/kernels/network.js';

const random = (shape, scale = 1) => tf.randomUniform(shape, -scale, scale);
const swish = (x) => tf.mul(x, tf.sigmoid(x));
const apart = (a, b) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0];
const run = (name, inputs, attributes) => tf.engine().runKernel(name, inputs, attributes);

const compare = {
  convolution({ size, channels, kernel, stride, same, activation, residual, points, scaled }) {
    const [height, width] = size;
    const [from, to] = channels;
    const input = random([1, height, width, from]);
    const weights = random([kernel, kernel, from, to], 1 / Math.sqrt(kernel * kernel * from));
    const bias = random([to]);
    const scale = random([1, 1, 1, from]);
    const seen = scaled ? tf.mul(input, scale) : input;
    let expected = tf.add(tf.conv2d(seen, weights, stride, same ? 'same' : 'valid'), bias);
    if (activation) expected = swish(expected);
    const other = random(expected.shape);
    if (residual) expected = tf.add(expected, other);
    const values = points ? toPoints(weights.dataSync()) : weights.dataSync();
    const packed = tf.tensor(pack(values, to), [to / 8, values.length / to, 8]);
    const inputs = { input, weights: packed, bias };
    if (residual) inputs.residual = other;
    if (scaled) inputs.scale = scale;
    return [expected, run('LentigoConvolution', inputs, {
      height: kernel, width: kernel, stride, same: Number(same), swish: Number(activation),
      points: Number(Boolean(points)),
    })];
  },
  depthwise({ size: [height, width], channels, kernel, stride, same, activation }) {
    const input = random([1, height, width, channels]);
    const weights = random([kernel, kernel, channels, 1]);
    const bias = random([channels]);
    const sum = tf.add(tf.depthwiseConv2d(input, weights, stride, same ? 'same' : 'valid'), bias);
    return [activation ? swish(sum) : sum, run('LentigoDepthwise', { input, weights, bias }, {
      size: kernel, stride, same: Number(same), swish: Number(activation),
    })];
  },
  gate({ size: [height, width], channels: [channels, reduced] }) {
    const input = random([1, height, width, channels], 4);
    const reduceWeights = random([1, 1, channels, reduced], 1 / Math.sqrt(channels));
    const expandWeights = random([1, 1, reduced, channels], 1 / Math.sqrt(reduced));
    const [reduceBias, expandBias] = [random([reduced]), random([channels], 30)];
    const mean = tf.mean(input, [1, 2], true);
    const hidden = swish(tf.add(tf.conv2d(mean, reduceWeights, 1, 'same'), reduceBias));
    const gate = tf.sigmoid(tf.add(tf.conv2d(hidden, expandWeights, 1, 'same'), expandBias));
    return [gate, run('LentigoGate', {
      input, reduceWeights, reduceBias, expandWeights, expandBias,
    }, {})];
  },
  mean({ size: [height, width], channels, keep }) {
    const input = random([1, height, width, channels], 4);
    return [tf.mean(input, [1, 2], keep), run('LentigoMean', { input }, { keep: Number(keep) })];
  },
  // A block of the network by one node, and by a node for each kernel.
  network({ size: [height, width] }) {
    const tensors = {
      x: random([1, height, width, 8]),
      wide: random([8, 3, 8]),
      deep: random([3, 3, 24, 1]),
      bias: random([24]),
      reduce: random([1, 1, 24, 4]),
      reduceBias: random([4]),
      expand: random([1, 1, 4, 24]),
      narrow: random([1, 24, 8]),
      narrowBias: random([8]),
    };
    const plain = { height: 1, width: 1, stride: 1, same: 1, points: 0 };
    const kernels = [
      ['a', 'LentigoConvolution',
        { input: 'x', weights: 'wide', bias: 'bias' },
        { ...plain, swish: 1, residual: 0, scale: 0 }],
      ['d', 'LentigoDepthwise',
        { input: 'a', weights: 'deep', bias: 'bias' }, { size: 3, stride: 1, same: 1, swish: 1 }],
      ['g', 'LentigoGate', {
        input: 'd', reduceWeights: 'reduce', reduceBias: 'reduceBias',
        expandWeights: 'expand', expandBias: 'bias',
      }, {}],
      ['out', 'LentigoConvolution',
        { input: 'd', weights: 'narrow', bias: 'narrowBias', residual: 'x', scale: 'g' },
        { ...plain, swish: 0, residual: 1, scale: 1 }],
    ];
    const texts = (how) => Object.entries(how).map(([key, value]) => [key, { i: String(value) }]);
    const nodes = kernels.map(([name, op, inputs, how]) => ({
      name, op, input: Object.values(inputs), attr: Object.fromEntries(texts(how)),
    }));
    const end = { name: 'end', op: 'Relu', input: ['out'] };
    const [{ op, input, attr }] = join([...nodes, end]);
    const made = { ...tensors };
    for (const [name, kernel, inputs, how] of kernels) {
      const given = Object.entries(inputs).map(([key, from]) => [key, made[from]]);
      made[name] = run(kernel, Object.fromEntries(given), how);
    }
    const inputs = Object.fromEntries(input.map((name) => [name, tensors[name]]));
    return [made.out, run(op, inputs, { steps: atob(attr.steps.s) })];
  },
};

let ready = null;
self.onmessage = async ({ data: { kind, threads, ...how } }) => {
  try {
    ready ??= (async () => {
      tf.setWasmPaths(`${location.origin}/vendor/tfjs/`);
      tf.setThreadsCount(1);
      await tf.setBackend('wasm');
      await tf.ready();
      return installKernels(tf, threads);
    })();
    const { description } = await ready;
    const before = tf.memory().numTensors;
    const result = tf.tidy(() => {
      const [expected, ours] = compare[kind](how);
      return { shapes: [expected.shape, ours.shape], apart: apart(expected, ours) };
    });
    self.postMessage({ ...result, description, leaked: tf.memory().numTensors - before });
  } catch (error) {
    self.postMessage({ error: String(error.stack) });
  }
};
"""
START = """(threads) => {
  const source = `import '${location.origin}/js/kernels-test.js';`;
  const blob = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(blob, { type: 'module' });
  globalThis.ask = (order) => new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    worker.postMessage({ threads, ...order });
  });
}"""

VARIANTS = {
    "relaxed": ("relaxed kernels, 1 thread", False, 1),
    "simd": ("simd kernels, 1 thread", False, 1),
    "threads": ("relaxed kernels, 3 threads", True, 3),
}


@pytest.fixture(scope="module", params=VARIANTS)
def kernels(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    description, isolated, threads = VARIANTS[request.param]
    folder: Path = tmp_path_factory.mktemp("kernels")
    (folder / "worker.js").write_text(WORKER)
    (folder / "not.wasm").write_bytes(NOT_WASM)
    replaced = {"js/kernels-test.js": folder / "worker.js"}
    if request.param == "simd":
        replaced["vendor/kernels/kernels-relaxed.wasm"] = folder / "not.wasm"
    with served(AlteredHosting(ROOT, isolated=isolated, replaced=replaced)) as url:
        page = chromium.new_page()
        page.goto(f"{url}LICENSE")
        page.evaluate(START, threads)
        first = page.evaluate("ask({kind: 'gate', size: [1, 1], channels: [4, 4]})")
        assert first["description"] == description
        yield page
        page.close()


def check(page: Page, kind: str, **how: object) -> None:
    answer: dict[str, Any] = page.evaluate("(order) => ask(order)", {"kind": kind, **how})
    ours, theirs = answer["shapes"]
    assert ours == theirs
    assert answer["apart"] <= APART
    assert answer["leaked"] == 0


@pytest.mark.parametrize("same", [True, False])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize(
    "what",
    [
        {"size": (7, 7), "channels": (20, 24), "kernel": 1},
        {"size": (13, 10), "channels": (3, 16), "kernel": 3},
        {"size": (8, 9), "channels": (7, 8), "kernel": 3},
        {"size": (28, 28), "channels": (32, 40), "kernel": 3},
        {"size": (9, 9), "channels": (12, 8), "kernel": 5},
    ],
)
def test_a_convolution(kernels: Page, what: dict[str, object], stride: int, same: bool) -> None:
    for activation in (False, True):
        how = {"stride": stride, "same": same, "activation": activation, "residual": False}
        check(kernels, "convolution", **what, **how)


@pytest.mark.parametrize("same", [True, False])
@pytest.mark.parametrize(
    ("size", "channels"),
    [((8, 8), (4, 8)), ((3, 3), (8, 16)), ((13, 22), (12, 24)), ((28, 28), (40, 240))],
)
def test_a_convolution_by_winograds_points(
    kernels: Page, size: tuple[int, int], channels: tuple[int, int], same: bool
) -> None:
    what = {"size": size, "channels": channels, "kernel": 3, "stride": 1, "points": True}
    for activation, residual in ((False, False), (True, False), (False, True)):
        check(
            kernels,
            "convolution",
            **what,
            same=same,
            activation=activation,
            residual=residual,
        )


@pytest.mark.parametrize(
    ("size", "channels"), [((1, 1), (8, 8)), ((2, 1), (1152, 192)), ((14, 14), (672, 112))]
)
def test_a_convolution_with_a_residual(
    kernels: Page, size: tuple[int, int], channels: tuple[int, int]
) -> None:
    what = {"size": size, "channels": channels, "kernel": 1, "stride": 1, "same": True}
    check(kernels, "convolution", **what, activation=False, residual=True)


@pytest.mark.parametrize(
    ("size", "channels"), [((1, 1), (8, 8)), ((7, 7), (1152, 192)), ((13, 10), (3, 16))]
)
def test_a_convolution_of_what_is_scaled(
    kernels: Page, size: tuple[int, int], channels: tuple[int, int]
) -> None:
    what = {"size": size, "channels": channels, "kernel": 1, "stride": 1, "same": True}
    check(kernels, "convolution", **what, activation=True, scaled=True)
    check(kernels, "convolution", **what, activation=False, residual=True, scaled=True)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize(
    ("size", "channels", "kernel"),
    [
        ((7, 7), 12, 3),
        ((3, 14), 64, 3),
        ((14, 3), 8, 3),
        ((7, 7), 12, 5),
        ((5, 14), 64, 5),
        ((14, 5), 8, 5),
        ((3, 4), 132, 3),
    ],
)
def test_a_depthwise_convolution(
    kernels: Page, size: tuple[int, int], channels: int, kernel: int, stride: int
) -> None:
    for same, activation in itertools.product((False, True), repeat=2):
        how = {"kernel": kernel, "stride": stride, "same": same, "activation": activation}
        check(kernels, "depthwise", size=size, channels=channels, **how)


def test_the_narrowest_pictures_of_a_depthwise_convolution(kernels: Page) -> None:
    for size in ((1, 1), (1, 5), (5, 1), (2, 2)):
        for kernel, stride in itertools.product((3, 5), (1, 2)):
            how = {"kernel": kernel, "stride": stride, "same": True, "activation": True}
            check(kernels, "depthwise", size=size, channels=4, **how)


@pytest.mark.parametrize(
    ("size", "channels"),
    [((1, 1), (4, 4)), ((7, 7), (1152, 48)), ((14, 9), (132, 28)), ((14, 9), (132, 10))],
)
def test_a_gate(kernels: Page, size: tuple[int, int], channels: tuple[int, int]) -> None:
    check(kernels, "gate", size=size, channels=channels)


def test_a_mean(kernels: Page) -> None:
    for size, channels, keep in (((1, 1), 4, True), ((7, 7), 1280, False), ((5, 9), 132, True)):
        check(kernels, "mean", size=size, channels=channels, keep=keep)


@pytest.mark.parametrize("size", [(1, 1), (14, 13)])
def test_a_network_gives_what_its_kernels_give(kernels: Page, size: tuple[int, int]) -> None:
    check(kernels, "network", size=size)
    # By the plan that was made the first time.
    check(kernels, "network", size=size)


def test_the_page_says_which_kernels_run(lentigo: LentigoPage) -> None:
    lentigo.judge(png(lesion()))
    assert "relaxed kernels, 1 thread" in lentigo.adapter
    fused = lentigo.engine.evaluate(
        "tf.getKernelsForBackend('wasm').map((each) => each.kernelName)"
    )
    assert "LentigoNetwork" in fused


def test_kernels_that_cannot_run_or_answer_wrongly_give_way_to_those_of_tfjs(
    chromium: Browser, tmp_path: Path
) -> None:
    (tmp_path / "not.wasm").write_bytes(NOT_WASM)
    wrong = (ROOT / "js" / "engine" / "kernels" / "fusion.js").read_text(encoding="utf-8")
    (tmp_path / "wrong.js").write_text(
        wrong.replace("packed[at] = values[", "packed[at] = -values["), encoding="utf-8"
    )
    nowhere = {
        f"vendor/kernels/kernels-{instructions}.wasm": tmp_path / "not.wasm"
        for instructions in ("relaxed", "simd")
    }
    for replaced in (nowhere, {"js/engine/kernels/fusion.js": tmp_path / "wrong.js"}):
        with (
            served(AlteredHosting(ROOT, replaced=replaced)) as url,
            LentigoPage(chromium, url) as page,
        ):
            page.boot("?backend=wasm")
            assert page.backend == "wasm"
            assert "kernels" not in page.adapter
            assert page.judge(png(lesion())).diagnosis
            page.guard.verify()


def test_an_isolated_page_shares_the_work(chromium: Browser) -> None:
    with (
        served(AlteredHosting(ROOT, isolated=True)) as url,
        LentigoPage(chromium, url) as page,
    ):
        page.boot("?backend=wasm")
        count = page.page.evaluate("Math.min(4, navigator.hardwareConcurrency)")
        assert f"relaxed kernels, {count} thread" in page.adapter
        before = page.engine.evaluate("tf.memory().numTensors")
        for _ in range(3):
            assert page.judge(png(lesion())).diagnosis
        assert page.engine.evaluate("tf.memory().numTensors") == before


def test_the_whole_released_graph_is_fused(chromium: Browser) -> None:
    with served(AlteredHosting(ROOT)) as url:
        page = chromium.new_page()
        page.goto(f"{url}LICENSE")
        fused, joined = page.evaluate(
            """async (model) => {
              const { fuse, WASM } = await import('/js/engine/kernels/fusion.js');
              const { join } = await import('/js/engine/kernels/network.js');
              const { modelTopology, weightsManifest } = await (await fetch(model)).json();
              const specs = weightsManifest.flatMap(({ weights }) => weights);
              const shapes = new Map(specs.map(({ name, shape }) => [name, shape]));
              const { nodes } = fuse(
                modelTopology.node, (name) => shapes.get(name), () => [1, 2], WASM,
              );
              const ops = (all) => all.map(({ op }) => op).filter((op) => op !== 'Const');
              return [ops(nodes), ops(join(nodes))];
            }""",
            f"/{MODEL}/float16/model.json",
        )
        page.close()
    rest = {"Placeholder": 1, "Conv2D": 1, "LentigoMean": 1, "_FusedMatMul": 8}
    kernels = {"LentigoConvolution": 33, "LentigoDepthwise": 11, "LentigoGate": 11}
    assert Counter(fused) == rest | kernels
    assert Counter(joined) == rest | {"LentigoNetwork": 1}
