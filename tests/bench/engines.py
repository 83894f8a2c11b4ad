"""Inference alone: Lentigo's engine on each backend, and two other runtimes on its weights."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.bench.report import Measure, Ratio, ratio
from tests.bench.rounds import share_out
from tests.bench.visit import PATIENCE_MS, browser
from tests.browser.sites import MODEL, ROOT, served
from tooling.layout import REPOSITORY
from tooling.server import Hosting
from training.network.model_folder import ModelFolder
from training.release.peers import golden

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from playwright.sync_api import Page, Playwright

PAGES = ROOT / "tests" / "bench" / "pages"
PEERS = REPOSITORY.cache / "peers"
NAMES = {"lentigo": "Lentigo", "litert": "LiteRT.js", "onnx": "ONNX Runtime Web"}
_MODELS = {
    "lentigo": f"/{MODEL}/manifest.json",
    "litert": "/peers/model.tflite",
    "onnx": "/peers/model.onnx",
}
_BACKENDS = {"wasm": "WASM", "webgpu": "WebGPU", "webgl": "WebGL", "cpu": "CPU"}
# Each runtime is loaded anew in each round, so that a busy moment does not hit one alone.
_ROUNDS = 3


@dataclass(frozen=True)
class Contest:
    """Runtimes on one backend. ``threads`` over 1 needs the isolation headers."""

    backend: str
    threads: int
    runtimes: tuple[str, ...]
    runs: int
    warmups: int

    def title(self, runtime: str) -> str:
        """The measurement's name."""
        threads = f", {self.threads} threads" if self.threads > 1 else ""
        return f"{NAMES[runtime]}, {_BACKENDS[self.backend]}{threads}"


@dataclass
class Standing:
    """What the contests have given so far."""

    measures: list[Measure]
    ratios: list[Ratio]
    left_out: dict[str, str]
    logit_differences: dict[str, float]


def contests(wasm_runs: int, gpu_runs: int, cpu_runs: int) -> tuple[Contest, ...]:
    """Everything that is run, quickest first."""
    everyone = tuple(NAMES)
    return (
        Contest("wasm", 1, everyone, wasm_runs, 5),
        Contest("wasm", 2, everyone, wasm_runs, 5),
        Contest("cpu", 1, ("lentigo",), cpu_runs, 1),
        Contest("webgl", 1, ("lentigo",), gpu_runs, 1),
        Contest("webgpu", 1, everyone, gpu_runs, 1),
    )


def write_picture(folder: Path) -> list[float]:
    """Write the first golden picture, float32 1x224x224x3, and return its logits."""
    pixels, logits = golden(ModelFolder.named(MODEL.rpartition("/")[2]))[0]
    (folder / "picture.bin").write_bytes(np.ascontiguousarray(pixels, np.float32).tobytes())
    return [float(value) for value in logits]


def _hold(page: Page, contest: Contest, logits: Sequence[float], standing: Standing) -> None:
    software = contest.backend in ("webgpu", "webgl")
    tolerance = _tolerance_logit()
    rounds = share_out(contest.runs, _ROUNDS if len(contest.runtimes) > 1 else 1)
    times: dict[str, list[float]] = {}
    firsts: dict[str, list[float]] = {}
    counts: dict[str, dict[str, int]] = {}
    adapter = ""
    for runs in rounds:
        for runtime in contest.runtimes:
            title = contest.title(runtime)
            if title in standing.left_out:
                continue
            order = {
                "runtime": runtime,
                "backend": contest.backend,
                "threads": contest.threads,
                "model": _MODELS[runtime],
                "warmups": contest.warmups,
                "runs": runs,
            }
            try:
                outcome: dict[str, Any] = page.evaluate("order => run(order)", order)
            except Exception as error:  # the reason belongs into the report
                standing.left_out[title] = str(error).splitlines()[0]
                continue
            difference = float(np.abs(np.subtract(outcome["logits"], logits)).max())
            if not difference <= tolerance:
                standing.left_out[title] = f"its logits differ by {difference:.3g}"
                continue
            seen = standing.logit_differences.get(title, 0.0)
            standing.logit_differences[title] = max(seen, difference)
            times.setdefault(runtime, []).extend(outcome["times_ms"])
            firsts.setdefault(runtime, []).append(outcome["first_ms"] / 1000)
            counts[runtime] = outcome["counts"]
            adapter = adapter or outcome["adapter"]
    measures = {}
    for runtime, values in times.items():
        title = contest.title(runtime)
        if title in standing.left_out:
            continue
        note = adapter.strip() if software else ""
        if contest.backend == "wasm" and runtime == "lentigo":
            note = adapter
        measures[runtime] = Measure(title, "ms", tuple(values), note)
    standing.measures += measures.values()
    standing.ratios += _ratios(measures)
    if contest.backend == "webgpu":
        first = {
            runtime: Measure(f"{contest.title(runtime)}, first answer", "s", tuple(firsts[runtime]))
            for runtime in measures
        }
        standing.measures += first.values()
        standing.ratios += _ratios(first)
        for runtime in measures:
            standing.measures += _counted(contest.title(runtime), counts[runtime])


def _ratios(measures: Mapping[str, Measure]) -> list[Ratio]:
    """Ours beside each other runtime's."""
    ours = measures.get("lentigo")
    others = [measure for runtime, measure in measures.items() if runtime != "lentigo"]
    return [ratio(ours, theirs) for theirs in others] if ours else []


def _counted(title: str, counts: Mapping[str, int]) -> list[Measure]:
    """What a runtime asks of WebGPU for one picture, and what it holds."""
    names = ("dispatches", "passes", "submits", "pipelines")
    asked = [Measure(f"{title}, {name}", "", (float(counts[name]),)) for name in names]
    return [*asked, Measure(f"{title}, buffers", "MB", (counts["bytes"] / 1e6,), "at most")]


def _tolerance_logit() -> float:
    """By how much logits may differ from PyTorch's, for the weights that are compared."""
    document = json.loads((ROOT / MODEL / "manifest.json").read_text(encoding="utf-8"))
    return float(document["variants"]["float16"]["tolerance_logit"])


def measure_engines(playwright: Playwright, scratch: Path, todo: Sequence[Contest]) -> Standing:
    """Hold the contests; a runtime that fails or answers otherwise than ours is left out."""
    logits = write_picture(scratch)
    standing = Standing([], [], {}, {})
    for runtime, file in (("litert", "model.tflite"), ("onnx", "model.onnx")):
        if not (PEERS / file).is_file():
            for contest in todo:
                standing.left_out[contest.title(runtime)] = f"{file} could not be made"
    mounts = {
        "bench": PAGES,
        "scratch": scratch,
        "peers": PEERS,
        "node_modules": REPOSITORY.node_modules,
    }
    for contest in todo:
        hosting = Hosting(ROOT, isolated=contest.threads > 1, mounts=mounts)
        with served(hosting) as url, browser(playwright) as chromium:
            page = chromium.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.goto(f"{url}bench/engines.html")
            page.wait_for_function("'run' in globalThis")
            _hold(page, contest, logits, standing)
    return standing
