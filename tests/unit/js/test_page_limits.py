"""What the page counts in JavaScript: time limits, and the memory of a GPU that blocks."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tooling.layout import REPOSITORY

JS = REPOSITORY.root / "js"
LIMITS = JS / "shared" / "limits.js"
SECOND = 1000
DAY_MS = 24 * 60 * 60 * SECOND

# A page whose clock and visibility the test sets: `pass(ms)` lets time go by, a timer at a time.
PAGE = """
let now_ms = 0;
let timers = [];
globalThis.document = {
  hidden: false,
  build: 'a',
  querySelector: () => ({ getAttribute: () => document.build }),
};
globalThis.performance = { now: () => now_ms };
Date.now = () => now_ms;
globalThis.setTimeout = (run, delay_ms) => {
  timers.push({ run, at_ms: now_ms + delay_ms });
  return timers.at(-1);
};
globalThis.clearTimeout = (timer) => { timers = timers.filter((other) => other !== timer); };
function pass(ms) {
  const end_ms = now_ms + ms;
  while (true) {
    const due = timers.filter((timer) => timer.at_ms <= end_ms);
    const [next] = due.sort((a, b) => a.at_ms - b.at_ms);
    if (!next) break;
    clearTimeout(next);
    now_ms = Math.max(now_ms, next.at_ms);
    next.run();
  }
  now_ms = end_ms;
}
function sleep(ms) { now_ms += ms; }
"""


def run(folder: Path, module: str, names: str, body: str) -> Any:
    """Run statements on such a page, with what a module of ours exports; gives `result`."""
    script = folder / "page.mjs"
    script.write_text(
        f"import {{ {names} }} from '{(JS / module).as_uri()}';\n"
        f"import * as limits from '{LIMITS.as_uri()}';\n{PAGE}\nlet result;\n{body}\n"
        "process.stdout.write(JSON.stringify(result));\n"
    )
    done = subprocess.run(["node", script], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def late_after(folder: Path, limit: str, acts: str) -> bool:
    """Whether a countdown is over after `acts`."""
    begin = "const it = new Countdown(() => { result = true; });"
    body = f"result = false;\n{begin}\nit.start(limits.{limit});\n{acts}"
    return bool(run(folder, "page/countdown.js", "Countdown", body))


@pytest.mark.parametrize(
    ("limit", "silent_s", "late"),
    [
        # The rule in the limits' own numbers: a decode of 20 s, and one of a minute, are no hang.
        ("DECODE_MS", 20, False),
        ("DECODE_MS", 60, False),
        ("DECODE_MS", 121, True),
        ("JOB_MS", 20, False),
        ("JOB_MS", 31, True),
        ("PREDICTION_MS", 20, False),
        ("PREDICTION_MS", 31, True),
    ],
)
def test_a_job_is_given_its_time_and_no_more(
    tmp_path: Path, limit: str, silent_s: int, late: bool
) -> None:
    assert late_after(tmp_path, limit, f"pass({silent_s * SECOND});") is late


def test_only_visible_time_counts(tmp_path: Path) -> None:
    hidden = "document.hidden = true; pass(3600_000); document.hidden = false;"
    assert not late_after(tmp_path, "JOB_MS", f"pass(20_000); {hidden} pass(9_000);")
    assert late_after(tmp_path, "JOB_MS", f"pass(20_000); {hidden} pass(11_000);")


def test_a_device_that_slept_has_not_waited(tmp_path: Path) -> None:
    assert not late_after(tmp_path, "JOB_MS", "pass(1_000); sleep(8 * 3600_000); pass(20_000);")


def test_progress_begins_a_countdown_anew_and_its_end_ends_it(tmp_path: Path) -> None:
    again = "pass(29_000); it.start(limits.JOB_MS);"
    assert not late_after(tmp_path, "JOB_MS", f"{again} {again} pass(29_000);")
    assert not late_after(tmp_path, "JOB_MS", "pass(29_000); it.stop(); pass(60_000);")


def test_a_heartbeat_outlasts_every_job(tmp_path: Path) -> None:
    limits = run(tmp_path, "page/countdown.js", "Countdown", "result = { ...limits };")
    jobs = {"DECODE_MS", "JOB_MS", "PREDICTION_MS", "PYTHON_SILENCE_MS", "ENGINE_SILENCE_MS"}
    assert all(limits["NO_BEAT_MS"] > limits[name] for name in jobs)
    assert limits["NO_BEAT_MS"] > 10 * limits["BEAT_MS"]


def blocked_after(folder: Path, storage: str, acts: str = "") -> bool:
    body = f"globalThis.localStorage = {storage};\n{acts}\nresult = isGpuBlocked();"
    return bool(run(folder, "page/blocked-gpu.js", "isGpuBlocked, rememberBlockedGpu", body))


STORAGE = (
    "{ getItem: () => localStorage.kept ?? null, setItem: (_, v) => { localStorage.kept = v; } }"
)
FORBIDDEN = "{ getItem() { throw new Error('denied'); }, setItem() { throw new Error('denied'); } }"


@pytest.mark.parametrize(
    ("acts", "blocked"),
    [
        ("", False),
        ("rememberBlockedGpu();", True),
        (f"rememberBlockedGpu(); pass({29 * DAY_MS});", True),
        (f"rememberBlockedGpu(); pass({31 * DAY_MS});", False),
        ("rememberBlockedGpu(); document.build = 'b';", False),
    ],
)
def test_a_gpu_that_blocks_is_remembered_for_30_days_or_until_the_next_build(
    tmp_path: Path, acts: str, blocked: bool
) -> None:
    assert blocked_after(tmp_path, STORAGE, acts) is blocked


def test_forbidden_and_damaged_storage_remember_nothing(tmp_path: Path) -> None:
    assert not blocked_after(tmp_path, FORBIDDEN, "rememberBlockedGpu();")
    assert not blocked_after(tmp_path, "{ getItem: () => 'null' }")
    assert not blocked_after(tmp_path, "{ getItem: () => '{' }")
