"""One picture on this machine's GPU, dispatch by dispatch: what only a real GPU can tell."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING, Any

from tests.bench.engines import PAGES
from tests.bench.visit import PATIENCE_MS
from tests.browser.lentigo_page import FLAGS, chromium_path
from tests.browser.sites import MODEL, ROOT, served
from tooling.server import Hosting

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

# Without these a browser that has no window does not look for the GPU.
_GPU_FLAGS = ("--enable-features=Vulkan", "--use-angle=vulkan", "--ignore-gpu-blocklist")
_THREADS = (64, 2048, 8192, 32768)
_SUMS = (4, 8, 14)


def measure_gpu(playwright: Playwright, runs: int, *, tiles: bool) -> dict[str, Any]:
    """Time ``runs`` pictures, each dispatch of one, and with ``tiles`` the picture with others.

    Raises Playwright's error where the browser has no WebGPU.
    """
    others = [{"threads": t, "sums": s} for t, s in product(_THREADS, _SUMS)] if tiles else []
    order = {"manifest": f"/{MODEL}/manifest.json", "runs": runs, "tiles": others}
    flags = [*FLAGS, *_GPU_FLAGS]
    with served(Hosting(ROOT, isolated=False, mounts={"bench": PAGES})) as url:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
        try:
            page = browser.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.goto(f"{url}bench/gpu.html")
            page.wait_for_function("'measure' in globalThis")
            found: dict[str, Any] = page.evaluate("order => measure(order)", order)
            return found
        finally:
            browser.close()


def by_kernel(found: dict[str, Any]) -> list[tuple[str, int, float]]:
    """Return kernel, dispatches and milliseconds of all, the longest first."""
    spent: dict[str, list[float]] = defaultdict(list)
    for each in found["kernels"]:
        spent[_named(each["label"])].append(each["ms"])
    rows = [(name, len(times), sum(times)) for name, times in spent.items()]
    return sorted(rows, key=lambda row: -row[2])


def _named(label: str) -> str:
    """What a pipeline's label says of the kernel: its kind, and the size of a convolution."""
    kind, _, rest = label.removeprefix("lentigo ").partition(" ")
    if kind == "convolution":
        return "convolution 1x1" if '"kernelHeight":1' in rest else "convolution 3x3"
    return kind


def printed(found: dict[str, Any]) -> str:
    """Return it for the terminal."""
    spread = found["picture_ms"]
    lines = [
        f"{found['adapter']}: a picture takes {spread['p50']:.1f} ms"
        f" (p10 {spread['p10']:.1f}, p90 {spread['p90']:.1f}, p99 {spread['p99']:.1f}),"
        f" {1000 / spread['p50']:.1f} a second; the first {found['first_ms']:.0f} ms;"
        f" logits differ by {found['apart']:.3g}; an empty submission {found['empty_ms']:.2f} ms",
        "",
        "kernel, dispatches, ms by themselves",
        *(f"{name:18} {count:3} {ms:8.2f}" for name, count, ms in by_kernel(found)),
    ]
    if found["tiles"]:
        lines += ["", "threads at least, sums at most, ms a picture"]
        for tile in found["tiles"]:
            budget = tile["budget"]
            lines.append(f"{budget['threads']:6} {budget['sums']:3} {tile['median_ms']:8.2f}")
    return "\n".join(lines)
