"""The longest tasks of the main thread in a trace of Chromium's, and whose they are.

The trace gives a task's duration on the clock and on the processor. On a busy machine the first
holds time in which the thread waited for a core.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CATEGORIES = ["toplevel", "devtools.timeline", "blink.user_timing", "loading", "v8"]
_TASK = "ThreadControllerImpl::RunTask"
PHASES = ("boot", "live", "12 MP upload")
MARKS = ("bench:live", "bench:upload", "bench:end")
# A part of a task is named when it takes at least this share.
_SHARE = 0.4
_SHOWN = 3

Event = dict[str, Any]


@dataclass(frozen=True)
class Task:
    """One task; ``part`` is the innermost thing in it that takes much of its time."""

    wall_ms: float
    cpu_ms: float
    part: str


def _name(event: Event) -> str:
    data = event.get("args", {}).get("data") or {}
    url = data.get("url", "") if isinstance(data, dict) else ""
    function = data.get("functionName", "") if isinstance(data, dict) else ""
    file = urlsplit(url).path.rsplit("/", 1)[-1]
    where = " ".join(word for word in (file, function) if word)
    return f"{event['name']} ({where})" if where else str(event["name"])


@dataclass(frozen=True)
class Phase:
    """A phase's longest tasks by the clock, longest first, and the longest by the processor."""

    by_clock: list[Task]
    by_processor: Task


def longest_tasks(events: Iterable[Event]) -> dict[str, Phase]:
    """Return the longest tasks of each phase, of the page's main thread.

    Phases are cut by the first contentful paint and the marks that ``measure_tasks`` sets.
    """
    events = list(events)
    cuts = {each["name"]: each for each in events if each["name"] in MARKS}
    thread = (cuts[MARKS[0]]["pid"], cuts[MARKS[0]]["tid"])
    ours = [
        each
        for each in events
        if (each["pid"], each["tid"]) == thread and each.get("ph") == "X" and "dur" in each
    ]
    paint = next(
        each
        for each in events
        if each["name"] == "firstContentfulPaint" and each["pid"] == thread[0]
    )
    bounds = [paint["ts"], *(cuts[name]["ts"] for name in MARKS)]
    found = {}
    for phase, begin, end in zip(PHASES, bounds, bounds[1:], strict=False):
        tasks = [e for e in ours if e["name"] == _TASK and begin <= e["ts"] < end]
        by_clock = sorted(tasks, key=lambda each: -float(each["dur"]))[:_SHOWN]
        by_processor = max(tasks, key=lambda each: float(each.get("tdur", 0)))
        found[phase] = Phase([_task(each, ours) for each in by_clock], _task(by_processor, ours))
    return found


def _task(task: Event, thread: Sequence[Event]) -> Task:
    begin, end = task["ts"], task["ts"] + task["dur"]
    parts = [
        each
        for each in thread
        if each["name"] not in (_TASK, "RunTask")
        and begin <= each["ts"]
        and each["ts"] + each["dur"] <= end
        and each["dur"] >= task["dur"] * _SHARE
    ]
    inner = min(parts, key=lambda each: float(each["dur"]), default=None)
    source = task.get("args", {}).get("src_func", "")
    part = _name(inner) if inner else f"the browser's own ({source})"
    return Task(task["dur"] / 1000, task.get("tdur", 0) / 1000, part)
