"""The machine in one line, and what the system tells of a process's memory."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

_CPU_INFO = Path("/proc/cpuinfo")
_MEMORY_INFO = Path("/proc/meminfo")


def machine() -> str:
    """Cores, processor, memory and system, as far as the system tells."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    name = _first(_CPU_INFO, r"model name\s*:\s*(.+)") or platform.processor()
    memory_kib = _first(_MEMORY_INFO, r"MemTotal:\s*(\d+) kB")
    memory = f", {int(memory_kib) / 2**20:.0f} GiB" if memory_kib else ""
    return f"{cores} cores ({name or platform.machine()}){memory}, {platform.system()}"


def load() -> float | None:
    """How many tasks wanted a core over the last minute, on average; None where not told."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def peak_resident_mb(process_id: int) -> float | None:
    """The most memory that a process has ever had in RAM, in MB; None where Linux is not.

    It holds pages that it shares with others, the browser's program among them.
    """
    peak_kib = _first(Path(f"/proc/{process_id}/status"), r"VmHWM:\s*(\d+) kB")
    return int(peak_kib) * 1024 / 1e6 if peak_kib else None


def resident_mb(process_id: int) -> float | None:
    """The memory that a process has in RAM now, in MB; None where Linux is not."""
    kib = _first(Path(f"/proc/{process_id}/status"), r"VmRSS:\s*(\d+) kB")
    return int(kib) * 1024 / 1e6 if kib else None


def own_resident_mb(process_id: int) -> float:
    """The memory in RAM that is a process's own and no file's, in MB; NaN where Linux is not."""
    kib = _first(Path(f"/proc/{process_id}/status"), r"RssAnon:\s*(\d+) kB")
    return int(kib) * 1024 / 1e6 if kib else float("nan")


def children_named(name: str) -> list[int]:
    """The processes of a name that this one has started, or one of those; Linux only."""
    parents: dict[int, int] = {}
    names: dict[int, str] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            head, _, rest = path.read_text(encoding="utf-8", errors="replace").rpartition(")")
        except OSError:
            continue
        process = int(path.parent.name)
        parents[process], names[process] = int(rest.split()[1]), head.partition("(")[2]
    found = []
    for process in parents:
        above = process
        while above and above != os.getpid():
            above = parents.get(above, 0)
        if above and names[process] == name:
            found.append(process)
    return found


def renderers_of(profile: str) -> list[int]:
    """The processes of pages of a browser whose profile's folder has this name; Linux only."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            options = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if "--type=renderer" in options and re.search(rf"/{profile}[\0 ]", options):
            found.append(int(path.parent.name))
    return found


def _first(path: Path, pattern: str) -> str | None:
    try:
        found = re.search(pattern, path.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    return found.group(1).strip() if found else None
