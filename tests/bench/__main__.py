"""`python3 serve.py bench`: measure, print a table, write JSON. Never part of the tests."""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import sync_playwright

from tests.bench import (
    engines,
    frame,
    gpu,
    kept,
    link,
    live,
    memory,
    plain_simd,
    soak,
    starts,
    tasks,
    transfer,
)
from tests.bench.machine import load, machine
from tests.bench.report import (
    PERFORMANCE_INTRODUCTION,
    SOAK_INTRODUCTION,
    Report,
    markdown,
    printed,
)
from tests.bench.visit import PageError, Scene, browser
from tests.browser.sites import ROOT, served
from tooling.layout import REPOSITORY
from tooling.server import Hosting

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Playwright

PARTS = (
    "starts", "transfer", "link", "frame", "live", "memory", "webkit", "tasks", "kept", "engines",
    "plain-simd",
)  # fmt: skip
DOCS = ROOT / "docs" / "generated"


class Bench:
    """One run: what is common to its parts, and the report that they fill."""

    def __init__(self, playwright: Playwright, options: argparse.Namespace, folder: Path) -> None:
        self._playwright = playwright
        self._isolated: bool = options.isolated
        self._quick: bool = options.quick
        self._folder = folder
        self._scene = Scene.write(folder)
        with browser(playwright) as chromium:
            version = f"Chromium {chromium.version}, headless"
        now = datetime.datetime.now(datetime.UTC).date().isoformat()
        headers = "with isolation headers" if self._isolated else "no special headers"
        self.report = Report(now, machine(), version, headers)
        self._soak_minutes: float | None = options.soak
        self._loads: dict[str, float | None] = {}
        # What a visitor gets: Python compiled, the files under a service worker.
        self._build = folder / "dist"
        command = [sys.executable, "serve.py", "build", "--brotli", "--out", str(self._build)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    def measure(self, part: str) -> None:
        """Run one part; one that fails is named in the report, and the others go on."""
        todo: dict[str, Callable[[str], None]] = {
            "starts": self._starts,
            "transfer": self._transfer,
            "link": self._link,
            "frame": self._frame,
            "live": self._live,
            "soak": self._soak,
            "memory": self._memory,
            "webkit": self._webkit,
            "tasks": self._tasks,
            "kept": self._kept,
            "engines": self._engines,
            "plain-simd": self._plain_simd,
        }
        self._loads[part] = load()
        print(f"measuring {part} (load {self._loads[part]}) …", flush=True)
        try:
            with served(Hosting(self._build, isolated=self._isolated)) as url:
                todo[part](url)
        except (BrowserError, PageError) as error:
            self.report.left_out[part] = str(error).splitlines()[0]

    def finish(self) -> Report:
        """Add how busy the machine was; the bench itself brings it to about the cores' number."""
        loads = [each for each in self._loads.values() if each is not None]
        if loads:
            self.report.conditions += f", load {min(loads)} to {max(loads)} before each part"
        self.report.details["load_before"] = self._loads
        return self.report

    def _starts(self, url: str) -> None:
        runs = 2 if self._quick else 5
        self.report.measures += starts.measure_starts(self._playwright, url, runs)
        preview = starts.measure_preview(self._playwright, url, self._scene, runs)
        self.report.measures.append(preview)

    def _transfer(self, _: str) -> None:
        measures, files = transfer.measure_transfer(
            self._playwright, self._build, self._isolated, self._scene.photo
        )
        self.report.measures += measures
        self.report.details["transfer"] = files

    def _link(self, _: str) -> None:
        runs = 1 if self._quick else 3
        for compression in link.COMPRESSIONS:
            self.report.measures += link.measure_link(
                self._playwright, self._build, runs, compression
            )

    def _frame(self, _: str) -> None:
        runs = 30 if self._quick else 200
        self.report.measures += frame.measure_frame(self._playwright, self._folder, runs)

    def _soak(self, _: str) -> None:
        minutes = self._soak_minutes or 0.0
        self.report.measures += soak.measure_soak(
            self._playwright, self._folder, self._scene, minutes
        )

    def _live(self, url: str) -> None:
        seconds = 5 if self._quick else 20
        self.report.measures += live.measure_live(self._playwright, url, self._scene, seconds)

    def _memory(self, url: str) -> None:
        runs, seconds = (1, 3) if self._quick else (3, 10)
        self.report.measures += live.measure_large_photo(self._playwright, url, self._scene, runs)
        measures = memory.measure_memory(self._playwright, url, self._scene, runs, seconds)
        self.report.measures += measures
        if not measures:
            self.report.left_out["memory"] = "only Linux tells the peak of a process"

    def _webkit(self, url: str) -> None:
        runs = 1 if self._quick else 3
        self.report.measures += memory.measure_webkit_memory(url, self._scene, self._folder, runs)

    def _tasks(self, url: str) -> None:
        runs, seconds = (1, 3) if self._quick else (5, 5)
        measures, longest = tasks.measure_tasks(self._playwright, url, self._scene, runs, seconds)
        self.report.measures += measures
        self.report.details["longest_tasks"] = longest

    def _kept(self, url: str) -> None:
        captures, runs = (100, 1) if self._quick else (kept.CAPTURES, 5)
        self.report.measures += kept.measure_kept(self._playwright, url, captures, runs)

    def _engines(self, _: str) -> None:
        todo = engines.contests(6, 1, 1) if self._quick else engines.contests(30, 3, 5)
        standing = engines.measure_engines(self._playwright, self._folder, todo)
        self.report.measures += standing.measures
        self.report.ratios += standing.ratios
        self.report.left_out |= standing.left_out
        self.report.details["logit_differences"] = standing.logit_differences

    def _plain_simd(self, _: str) -> None:
        measures, ratios = plain_simd.measure_plain_simd(
            self._playwright, self._folder, 6 if self._quick else 30
        )
        self.report.measures += measures
        self.report.ratios += ratios


def main() -> int:
    """Measure what is asked for; returns the exit status."""
    parser = argparse.ArgumentParser(prog="serve.py bench", description=__doc__)
    parser.add_argument("--json", type=Path, default=REPOSITORY.cache / "bench.json")
    parser.add_argument("--quick", action="store_true", help="few repetitions")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART")
    parser.add_argument(
        "--isolated", action="store_true", help="serve the page with the isolation headers"
    )
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="only live mode, for so long")
    parser.add_argument(
        "--gpu", action="store_true", help="only one picture on the GPU, dispatch by dispatch"
    )
    parser.add_argument("--write-docs", action="store_true", help="write docs/ too")
    parser.add_argument(
        "--again", type=Path, metavar="JSON", help="measure nothing: show an earlier run"
    )
    options = parser.parse_args()
    if options.write_docs and not options.again and set(options.only) != set(PARTS):
        parser.error("--write-docs wants a run of all parts")
    if options.gpu:
        with sync_playwright() as playwright:
            found = gpu.measure_gpu(
                playwright, 20 if options.quick else 200, tiles=not options.quick
            )
        print(gpu.printed(found))
        options.json.with_name("bench-gpu.json").write_text(json.dumps(found, indent=1) + "\n")
        return 0
    if options.again:
        report = Report.from_document(json.loads(options.again.read_text(encoding="utf-8")))
    else:
        report = _measure(options)
    print("\n" + printed(report))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report.document(), indent=1, ensure_ascii=False)
    options.json.write_text(text + "\n", encoding="utf-8")
    print(f"\n{options.json}")
    if options.write_docs:
        page, text = _page(report, options.soak)
        page.write_text(text, encoding="utf-8")
        print(page)
    return 0


def _page(report: Report, soak_minutes: float | None) -> tuple[Path, str]:
    """Return the page of docs/ that a report makes, and its text."""
    if soak_minutes:
        command = f"--soak {soak_minutes:g} --write-docs"
        title = f"{soak_minutes:g} minutes of live mode"
        return DOCS / "soak.md", markdown(report, title, command, SOAK_INTRODUCTION)
    text = markdown(report, "Performance", "--write-docs", PERFORMANCE_INTRODUCTION)
    return DOCS / "performance.md", text


def _measure(options: argparse.Namespace) -> Report:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        bench = Bench(playwright, options, Path(folder))
        for part in ("soak",) if options.soak else options.only:
            bench.measure(part)
    return bench.finish()


if __name__ == "__main__":
    sys.exit(main())
