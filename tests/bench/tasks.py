"""The longest task of the main thread while the page starts, runs live and gets a large photo."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tests.bench.report import Measure
from tests.bench.trace import CATEGORIES, MARKS, Phase, longest_tasks
from tests.bench.visit import browser, open_page, upload, watch_live

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

    from tests.bench.visit import Scene


def measure_tasks(
    playwright: Playwright, url: str, scene: Scene, runs: int, live_s: float
) -> tuple[list[Measure], dict[str, Any]]:
    """Trace boot (after the first paint), live mode and an upload; one longest task each."""
    seen: dict[str, list[Phase]] = defaultdict(list)
    for _ in range(runs):
        with browser(playwright, scene.film) as chromium:
            chromium.start_tracing(categories=CATEGORIES)
            page = open_page(chromium.new_context(), f"{url}?backend=wasm")
            page.evaluate(f"performance.mark('{MARKS[0]}')")
            watch_live(page, 0, live_s * 1000)
            page.evaluate(f"performance.mark('{MARKS[1]}')")
            upload(page, scene.photo)
            page.evaluate(f"performance.mark('{MARKS[2]}')")
            trace = json.loads(chromium.stop_tracing())
        for name, phase in longest_tasks(trace["traceEvents"]).items():
            seen[name].append(phase)
    measures = []
    for name, phases in seen.items():
        by_clock = [phase.by_clock[0] for phase in phases]
        by_processor = [phase.by_processor for phase in phases]
        worst = max(by_clock, key=lambda task: task.wall_ms)
        busiest = max(by_processor, key=lambda task: task.cpu_ms)
        measures += [
            Measure(
                f"longest task, {name}",
                "ms",
                tuple(task.wall_ms for task in by_clock),
                f"max: {worst.cpu_ms:.0f} ms of it on the processor; {worst.part}",
            ),
            Measure(
                f"longest task, {name}, processor time",
                "ms",
                tuple(task.cpu_ms for task in by_processor),
                f"max: {busiest.part}",
            ),
        ]
    shown = {
        name: [vars(task) for phase in phases for task in phase.by_clock]
        for name, phases in seen.items()
    }
    return measures, shown
