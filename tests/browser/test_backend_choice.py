"""The engine takes the backend that is fastest here, and leaves one that starts to err.

With a model that takes no time, and an engine whose graphics are made slow, silent or wrong.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.browser.bare_engine import BareEngine
from tests.browser.sites import ROOT, AlteredHosting, served
from tests.browser.test_own_model import MINE, bring, model_files
from tests.unit import tiny_model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

BACKEND = "js/engine/backend.js"
READING = "js/engine/kernels/webgpu/kernels.js"
# Per file, what is replaced by what.
Changes = dict[str, dict[str, str]]
# The adapter of these machines says that it is software; a masked one would not. Nor may a busy
# machine end what is to be measured.
MASKED: Changes = {
    BACKEND: {"/swiftshader|llvmpipe|": "/llvmpipe|", "|software/i": "/i"},
    "js/shared/limits.js": {"GPU_START_MS = 3_000": "GPU_START_MS = 60_000"},
}
WAIT = "  await new Promise((done) => setTimeout(done, {}));\n"
SLOW_WEBGPU: Changes = {READING: {"  await staging.map": WAIT.format(300) + "  await staging.map"}}
SLOWER_WASM: Changes = {
    "js/engine/graph.js": {"  return Promise.all(": WAIT.format(900) + "  return Promise.all("}
}
SILENT: Changes = {
    "js/engine/webgpu.js": {
        "const adapter = await": "const adapter = await new Promise(() => {}) ??"
    }
}
NO_WEBGPU: Changes = {"js/engine/webgpu.js": {"if (!adapter)": "if (adapter)"}}
SLOW_WASM: Changes = {
    "js/engine/graph.js": {
        "  return Promise.all(": (
            f"  if (tf.getBackend() === 'wasm') {WAIT.format(900)}  return Promise.all("
        )
    }
}
# Four golden pictures are right, one answer and the golden picture after it, and from then on none.
WRONG = """  const all = staging.getMappedRange().slice(0);
  reads += 1;
  if (reads > 6) new Float32Array(all).forEach((value, at, every) => { every[at] = value + 1; });
"""
ERRING: Changes = {
    "js/engine/engine.js": {"webgpu: 20,": "webgpu: Infinity,"},
    "js/shared/limits.js": MASKED["js/shared/limits.js"],
    BACKEND: {
        **MASKED[BACKEND],
        "CHECK_EVERY_MS = 5000": "CHECK_EVERY_MS = 0",
        "PROOF_MS = 1000": "PROOF_MS = Infinity",
    },
    READING: {"const PREFIX": "let reads = 0;\nconst PREFIX", WRONG.splitlines()[0]: WRONG},
}
COLOUR = (0.5, -0.25, 0.125)


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bring(tmp_path_factory.mktemp("model") / "mine")


@contextmanager
def engine_page(chromium: Browser, mine: Path, folder: Path, *changes: Changes) -> Iterator[Page]:
    """A page of a site with the small model and an altered engine."""
    replaced = model_files(mine)
    for path, edits in merged(changes).items():
        text = (ROOT / path).read_text(encoding="utf-8")
        for found, put in edits.items():
            assert text.count(found) == 1, found
            text = text.replace(found, put)
        replaced[path] = folder / path.replace("/", "-")
        replaced[path].write_text(text, encoding="utf-8")
    with served(AlteredHosting(ROOT, replaced=replaced)) as url:
        page = chromium.new_page()
        page.goto(f"{url}LICENSE")
        yield page
        page.close()


def merged(changes: tuple[Changes, ...]) -> Changes:
    files: Changes = {}
    for each in changes:
        for path, edits in each.items():
            files[path] = files.get(path, {}) | edits
    return files


def check_right(engine: BareEngine, backend: str) -> None:
    """Have one picture judged, by this backend."""
    picture = np.full((1, 224, 224, 3), COLOUR, np.float32)
    reply = engine.predict(picture)
    expected = tiny_model.network(picture)[0]
    assert reply["backend"] == backend
    np.testing.assert_allclose(reply["logits"], expected, rtol=0, atol=1e-3)


@pytest.mark.parametrize(
    ("changes", "order"),
    [
        ((MASKED, SLOW_WEBGPU), ("wasm", "webgpu")),
        ((MASKED, SLOW_WEBGPU, SLOWER_WASM), ("webgpu", "wasm")),
    ],
    ids=["wasm is faster", "webgpu is faster"],
)
def test_the_faster_of_two_backends_is_taken(
    chromium: Browser,
    mine: Path,
    tmp_path: Path,
    changes: tuple[Changes, ...],
    order: tuple[str, str],
) -> None:
    taken, left = order
    with engine_page(chromium, mine, tmp_path, *changes) as page:
        engine = BareEngine(page, f"/{MINE}/manifest.json")
        (why,) = engine.report["skipped"]
        assert re.fullmatch(rf"{left}: \d+ ms a picture, {taken} \d+ ms", why)
        assert engine.report["backend"] == taken
        check_right(engine, taken)


@pytest.mark.parametrize(
    ("changes", "order"),
    [
        ((), ("wasm", [])),
        ((SLOW_WASM,), ("webgl", [r"wasm: \d+ ms a picture, webgl \d+ ms"])),
    ],
    ids=["wasm is enough", "wasm is slow"],
)
def test_webgl_is_tried_only_where_wasm_is_slow(
    chromium: Browser,
    mine: Path,
    tmp_path: Path,
    changes: tuple[Changes, ...],
    order: tuple[str, list[str]],
) -> None:
    taken, left = order
    with engine_page(chromium, mine, tmp_path, MASKED, NO_WEBGPU, *changes) as page:
        engine = BareEngine(page, f"/{MINE}/manifest.json")
        assert engine.report["backend"] == taken
        first, *others = engine.report["skipped"]
        assert first == "webgpu: no WebGPU adapter"
        assert len(others) == len(left)
        assert all(re.fullmatch(*pair) for pair in zip(left, others, strict=True))
        check_right(engine, taken)


def test_graphics_that_never_answer_have_three_seconds(
    chromium: Browser, mine: Path, tmp_path: Path
) -> None:
    with engine_page(chromium, mine, tmp_path, SILENT) as page:
        engine = BareEngine(page, f"/{MINE}/manifest.json")
        assert engine.report["skipped"] == ["webgpu: starting webgpu took over 3000 ms"]
        check_right(engine, "wasm")


@pytest.mark.parametrize("forced", [None, "webgpu"])
def test_a_backend_that_starts_to_answer_wrongly_gives_no_answer_more(
    chromium: Browser, mine: Path, tmp_path: Path, forced: str | None
) -> None:
    with engine_page(chromium, mine, tmp_path, ERRING) as page:
        engine = BareEngine(page, f"/{MINE}/manifest.json", forced)
        assert engine.report["backend"] == "webgpu"
        for backend in ("webgpu", "wasm", "wasm"):
            check_right(engine, backend)
