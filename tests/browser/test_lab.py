"""The Lab measures the real engine, and its table, plot, sentence and file say the same."""

from __future__ import annotations

import json
import re
import threading
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser

from tests.browser.lentigo_page import LentigoPage, manifest
from tests.browser.modes import TEXT_200, faults_in
from tests.browser.quiet_site import QuietSite
from tests.browser.sites import ROOT, SHARD, AlteredHosting, served
from tests.browser.test_accessibility import faults
from tests.browser.test_offline import UNNEEDED
from tests.browser.tour import PHONE
from tooling.server import Hosting

if TYPE_CHECKING:
    from pathlib import Path


def open_lab(page: LentigoPage, query: str = "") -> None:
    page.page.goto(f"{page.url}lab.html{query}")


def measure(page: LentigoPage, query: str = "") -> None:
    """Open the Lab, measure, and wait for the end."""
    open_lab(page, query)
    page.press("lab-start")
    page.page.wait_for_selector("[data-testid=lab][data-state=done]")


def saved(page: LentigoPage) -> dict[str, Any]:
    """The file that the visitor saves."""
    with page.page.expect_download() as download:
        page.press("lab-save")
    assert download.value.suggested_filename.startswith("lentigo-lab-")
    record: dict[str, Any] = json.loads(download.value.path().read_text(encoding="utf-8"))
    return record


def assert_engines_end(lab: LentigoPage) -> None:
    """Workers that are told to end, and those that they have started, do so within a moment."""
    for _ in range(50):
        if not lab.page.workers:
            return
        lab.page.wait_for_timeout(100)
    assert lab.page.workers == []


def milliseconds(value: float) -> str:
    return f"{value:.1f} ms" if value < 10 else f"{round(value):,} ms"


def test_table_plot_sentence_and_file_tell_the_same(chromium: Browser, site: str) -> None:
    facts = manifest()
    with LentigoPage(chromium, site, viewport=PHONE) as lab:
        measure(lab, "?backend=wasm")
        record = saved(lab)
        rows = {row["variant"]: row for row in record["rows"]}
        assert set(rows) == set(facts.variants)
        assert len({json.dumps(row["logits"]) for row in rows.values()}) == len(rows)
        for variant, row in rows.items():
            assert (row["status"], row["backend"], row["gpu"]) == ("measured", "wasm", None)
            assert row["download_bytes"] == facts.variants[variant].download_bytes
            # Nothing was kept before: it came over the network, with headers.
            assert row["network_bytes"] > row["download_bytes"]
            times = sorted(row["latencies_ms"])
            # Both decide, so both were measured twice, each time on every picture.
            assert 2 * 4 <= len(times) <= 2 * record["settings"]["steady_runs"]
            middle = len(times) // 2
            median = times[middle] if len(times) % 2 else (times[middle - 1] + times[middle]) / 2
            assert row["steady_ms"]["median"] == pytest.approx(median)
            assert times[0] > 0
            assert 0 < row["load_ms"] < row["load_ms"] + row["first_ms"] < row["ready_ms"]
            agreement = row["agreement"]
            assert agreement["pictures"] == len(row["logits"]) == 4
            # The engine's own self-test has judged the same pictures.
            worst = agreement["largest_logit_difference"]
            assert worst == pytest.approx(row["parity_error"], abs=1e-5)
            assert 0 < worst <= facts.variants[variant].tolerance_logit

            line = lab.text(f"[data-testid=lab-table] tr[data-variant={variant}]")
            for text in (
                f"{row['download_bytes'] / 1e6:.1f} MB",
                milliseconds(row["load_ms"]),
                milliseconds(row["first_ms"]),
                milliseconds(median),
                f"{agreement['same_top']} of 4",
            ):
                assert text in line, (text, line)
            bar = f"[data-testid=lab-plot] li[data-variant={variant}]"
            assert milliseconds(median) in lab.text(bar)
            width = lab.page.get_attribute(f"{bar} .fill", "width")
            longest = max(other["steady_ms"]["high"] for other in rows.values())
            assert float(width or "nan") == pytest.approx(100 * median / longest)

        shown = lab.text("[data-testid=lab-finding]")
        finding = record["finding"]
        assert finding["headline"] in shown
        assert all(text in shown for text in finding["details"])
        extent = rows["uint8"]["download_bytes"] / rows["float16"]["download_bytes"]
        assert f"uint8 is {round(extent * 100)}%" in shown
        assert record["model"]["id"] == facts.id
        assert record["user_agent"] == lab.page.evaluate("navigator.userAgent")
        assert record["cross_origin_isolated"] is False
        # The other pages are looked at in every mode in test_modes.py.
        assert [*faults(lab.page), *faults_in(lab.page, TEXT_200)] == []
        assert_engines_end(lab)


def test_a_backend_that_cannot_start_gets_a_row_that_says_why(chromium: Browser, site: str) -> None:
    with LentigoPage(chromium, site) as lab:
        # The browser's own GPU is software; the app would not choose it.
        measure(lab, "?backend=webgpu&model=uint8")
        (row,) = saved(lab)["rows"]
        assert (row["status"], row["backend"]) == ("failed", "webgpu")
        assert row["reason"].startswith("software adapter (")
        assert row["reason"] in lab.text("[data-testid=lab-table] [data-status=failed]")
        assert lab.page.is_hidden("[data-testid=lab-plot]")
        assert lab.page.is_hidden("[data-testid=lab-finding]")

        # It is measured all the same when the visitor wants it, and tells what a picture takes.
        lab.press("lab-forced")
        lab.press("lab-start")
        lab.page.wait_for_selector("[data-testid=lab][data-state=running]")
        lab.page.wait_for_selector("[data-testid=lab][data-state=done]")
        (row,) = saved(lab)["rows"]
        assert (row["status"], row["backend"]) == ("measured", "webgpu")
        gpu = row["gpu"]
        assert 0 < gpu["submits"] <= gpu["passes"] <= gpu["dispatches"]
        assert 0 < gpu["gpu_ms"] < 2 * max(row["latencies_ms"])
        told = lab.text("[data-testid=lab-gpu]")
        assert f"{gpu['dispatches']} dispatches in" in told
        assert f"{milliseconds(gpu['gpu_ms'])} on the GPU" in told


def test_a_failure_loses_nothing_of_the_others(chromium: Browser) -> None:
    with (
        served(AlteredHosting(ROOT, missing=frozenset({SHARD}))) as url,
        LentigoPage(chromium, url, expected=("status 404",), allowed=("console error",)) as lab,
    ):
        measure(lab, "?backend=wasm")
        first, second = saved(lab)["rows"]
        assert (first["variant"], first["status"]) == ("uint8", "failed")
        assert "is missing (status 404)" in first["reason"]
        assert (second["variant"], second["status"]) == ("float16", "measured")
        assert lab.count("lab-plot") == 1
        assert lab.page.is_hidden("[data-testid=lab-finding]")


def test_stop_ends_the_run_and_keeps_what_there_is(chromium: Browser) -> None:
    gate = threading.Event()
    with (
        served(AlteredHosting(ROOT, gates={SHARD: gate})) as url,
        LentigoPage(chromium, url) as lab,
    ):
        open_lab(lab, "?backend=wasm")
        assert faults(lab.page) == []
        lab.press("lab-start")
        # It says so until the first weights come, for which the gate is closed.
        lab.page.wait_for_selector("[data-testid=lab-progress]:has-text('starting the engine')")
        lab.press("lab-stop")
        lab.page.wait_for_selector("[data-testid=lab][data-state=done]")
        gate.set()
        (row,) = saved(lab)["rows"]
        assert (row["variant"], row["status"]) == ("uint8", "stopped")
        assert_engines_end(lab)


def test_the_page_leads_to_the_lab(lentigo: LentigoPage) -> None:
    page = lentigo.page
    page.click("a[href='#/facts'] >> visible=true")
    with page.context.expect_page() as opened:
        page.click(".facts a[href='lab.html']", modifiers=["ControlOrMeta"])
    opened.value.wait_for_selector("[data-testid=lab]")
    assert "Not a diagnosis" in opened.value.inner_text("[data-testid=disclaimer]")
    opened.value.close()
    page.evaluate("() => { location.hash = '#/'; }")


def test_a_lab_whose_program_is_incomplete_says_so(chromium: Browser) -> None:
    missing = "js/lab/figures.js"
    with (
        served(AlteredHosting(ROOT, missing=frozenset({missing}))) as url,
        LentigoPage(
            chromium,
            url,
            expected=(f"status 404: .*{missing}", "could not be loaded"),
            allowed=("console error: Failed to load resource",),
        ) as page,
    ):
        open_lab(page)
        page.page.wait_for_selector("[data-testid=lab][data-boot=failed]")
        assert "Check the connection and reload the page" in page.text(".boot-failed")
        assert page.page.is_visible("[data-action=reload]")


def test_a_build_keeps_the_lab_for_offline_use(chromium: Browser, tmp_path: Path) -> None:
    quiet = QuietSite(tmp_path / "dist")
    for path in (ROOT / "lab.html", ROOT / "lab.css", *(ROOT / "js").rglob("*.js")):
        quiet.write(path.relative_to(ROOT).as_posix(), path.read_bytes())
    quiet.deploy()
    with (
        served(Hosting(quiet.folder)) as url,
        LentigoPage(chromium, url, allowed=(f"status 502: .*{UNNEEDED}",)) as page,
    ):
        page.open()
        page.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        before = len(page.proxy.seen)
        page.page.context.set_offline(True)
        page.page.goto(f"{url}lab.html?backend=wasm", wait_until="commit")
        page.page.wait_for_selector("[data-testid=lab]")
        assert page.page.evaluate("crossOriginIsolated") is True
        page.page.wait_for_function("document.querySelector('h1').offsetWidth > 0")
        asked = {seen.url.removeprefix(url) for seen in page.proxy.seen[before:]}
        # The worker may still be bringing what only a report or kept spots need.
        assert [path for path in asked if not re.search(UNNEEDED, path)] == []
