"""The pure parts of the bench: statistics, targets, ratios, the table, and the trace's reading."""

from __future__ import annotations

import json
import re

import pytest

from tests.bench.report import Measure, Ratio, Report, Target, markdown, printed, ratio, table
from tests.bench.rounds import share_out
from tests.bench.trace import longest_tasks


def test_median_minimum_and_maximum_are_those_of_the_values() -> None:
    measure = Measure("a", "ms", (5.0, 1.0, 3.0, 2.0))
    assert (measure.median, measure.smallest, measure.largest) == (2.5, 1.0, 5.0)


def test_a_measure_without_values_is_refused() -> None:
    with pytest.raises(ValueError, match="warm was measured no time"):
        Measure("warm", "ms", ())


@pytest.mark.parametrize(
    ("target", "met"),
    [
        (Target(3), True),  # the median is 2
        (Target(2), False),  # below is meant
        (Target(3, worst=True), False),  # the largest is 9
        (Target(2, below=False), True),
        (Target(2, below=False, worst=True), False),  # the smallest is 1
    ],
)
def test_a_target_holds_the_median_or_the_worst_value(target: Target, met: bool) -> None:
    assert target.met_by(Measure("a", "s", (1.0, 2.0, 9.0))) is met


def test_a_ratio_is_ours_over_theirs_by_the_medians() -> None:
    ours, theirs = Measure("ours", "ms", (20.0, 60.0, 90.0)), Measure("theirs", "ms", (40.0,))
    assert ratio(ours, theirs) == Ratio("ours", "theirs", value=1.5, fastest=0.5)


def test_a_ratio_of_different_units_is_refused() -> None:
    with pytest.raises(ValueError, match="ours is in ms, theirs in s"):
        ratio(Measure("ours", "ms", (1.0,)), Measure("theirs", "s", (1.0,)))


def test_a_table_lines_its_columns_up() -> None:
    assert table([("long name", "1"), ("b", "22")], ("what", "n")) == (
        "what       n\nlong name  1\nb          22"
    )


def _report() -> Report:
    ours, theirs = Measure("ours", "ms", (3.0,)), Measure("theirs", "ms", (2.0,))
    measures = [
        Measure("first paint", "s", (0.25,), "cold"),
        Measure("live answers", "1/s", (7.0,)),
        ours,
        theirs,
    ]
    return Report(
        "2026-01-02", "2 cores", "Chromium 1", "no special headers", measures,
        [ratio(ours, theirs)], {"ONNX, WASM": "its logits differ by 2"},
    )  # fmt: skip


def test_a_report_says_what_was_met_missed_and_left_out() -> None:
    text = printed(_report())
    assert re.search(r"first paint .* < 0\.3 s +met ", text)
    assert re.search(r"live answers .* ≥ 8 1/s +MISSED", text)
    assert "not measured: ONNX, WASM: its logits differ by 2" in text


def test_the_document_survives_json_and_holds_the_targets() -> None:
    document = json.loads(json.dumps(_report().document()))
    paint, live, *_ = document["measures"]
    assert (paint["median"], paint["min"], paint["max"]) == (0.25, 0.25, 0.25)
    assert paint["target"] == {"limit": 0.3, "below": True, "worst": False, "met": True}
    assert live["target"]["met"] is False
    assert document["ratios"] == [
        {"ours": "ours", "theirs": "theirs", "value": 1.5, "fastest": 1.5}
    ]
    assert Report.from_document(document) == _report()


def test_the_page_of_numbers_has_a_row_for_each_and_the_ratios() -> None:
    text = markdown(_report(), "Performance", "--write-docs", "Two cores.")
    assert text.startswith("# Performance\n\nWritten by `python3 serve.py bench --write-docs`;")
    assert "\n\nTwo cores.\n\n" in text
    assert "| first paint | 0.25 s | 0.25 s | 0.25 s | 1 | < 0.3 s | met | cold |" in text
    assert "| ours | theirs | 1.50 | 1.50 |" in text
    assert "- ONNX, WASM: its logits differ by 2" in text


@pytest.mark.parametrize(
    ("runs", "rounds", "shares"), [(10, 3, [4, 3, 3]), (2, 3, [1, 1]), (30, 3, [10, 10, 10])]
)
def test_runs_are_shared_out_evenly(runs: int, rounds: int, shares: list[int]) -> None:
    assert share_out(runs, rounds) == shares


def test_the_longest_task_of_a_phase_is_the_page_s_own_and_names_what_took_its_time() -> None:
    def event(name: str, at_ms: float, wall_ms: float = 0, **rest: object) -> dict[str, object]:
        times = {"ts": at_ms * 1000, "dur": wall_ms * 1000, "tdur": wall_ms * 500}
        return {"name": name, "pid": 1, "tid": 2, "ph": "X", **times, **rest}

    task = "ThreadControllerImpl::RunTask"
    call = {"args": {"data": {"url": "http://a/js/page/host.js", "functionName": "applyPatch"}}}
    events = [
        event(task, 0, 500),  # before the first paint
        event("firstContentfulPaint", 600, tid=9),
        event(task, 700, 40),
        event("FunctionCall", 701, 30, **call),
        event(task, 800, 20),
        event(task, 900, 300, tid=3),  # another thread
        event("bench:live", 1000),
        event(task, 1100, 10, args={"src_func": "Accept"}),
        event("bench:upload", 2000),
        event(task, 2100, 5),
        event("bench:end", 3000),
        event(task, 3100, 900),  # after all
    ]
    found = longest_tasks(events)
    assert [task.wall_ms for task in found["boot"].by_clock] == [40, 20]
    assert found["boot"].by_processor.cpu_ms == 20
    assert found["boot"].by_clock[0].part == "FunctionCall (host.js applyPatch)"
    assert found["live"].by_clock[0].part == "the browser's own (Accept)"
    assert found["12 MP upload"].by_clock[0].wall_ms == 5
