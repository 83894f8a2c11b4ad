"""Chromium for the browser tests: found, or installed."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tooling.command import answers, run
from tooling.errors import ToolingError
from tooling.packages import install_packages

VARIABLE = "LENTIGO_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_WELL_KNOWN = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
)
_PLAYWRIGHT_TIMEOUT_S = 180
_REMEDY = (
    f"install Chromium or Google Chrome so that it is on PATH, or set {VARIABLE} to the path of "
    "its program (Debian and Ubuntu: sudo apt-get install chromium; macOS: brew install --cask "
    "chromium; anywhere: .venv/bin/python -m playwright install --with-deps chromium)"
)


def find_chromium(python: Path, note: Callable[[str], None]) -> tuple[Path, str]:
    """Return a Chromium that runs, and where it comes from.

    Tried in order: the variable LENTIGO_CHROMIUM, the system's, Playwright's own (installed
    when it can be), the distribution's package. `python` is an interpreter that has
    Playwright. Raises ToolingError when the variable names no browser or nothing is left.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not _runs(Path(named)):
            raise ToolingError(f"{VARIABLE}={named} is not a browser that runs", _REMEDY)
        return Path(named), VARIABLE
    system = _system()
    if system:
        return system, "the system's"
    own = _playwright(python, note)
    if own:
        return own, "Playwright's own"
    if install_packages(["chromium"], note):
        system = _system()
        if system:
            return system, "the distribution's package, just installed"
    raise ToolingError("no Chromium was found, and none could be installed", _REMEDY)


def _system() -> Path | None:
    return next((path for path in _system_candidates() if _runs(path)), None)


def _system_candidates() -> Iterator[Path]:
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            yield Path(found)
    yield from map(Path, _WELL_KNOWN)


def _runs(path: Path) -> bool:
    """Tell whether a browser answers; a stub that only tells to install a snap does not."""
    if not path.is_file():
        return False
    if sys.platform == "win32":  # chrome.exe opens a window instead of printing its version
        return True
    version = answers([path, "--version"]) or ""
    return "Chrom" in version


def _playwright(python: Path, note: Callable[[str], None]) -> Path | None:
    ask = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as p: print(p.chromium.executable_path)"
    )
    path = Path((answers([python, "-c", ask]) or "").strip() or "missing")
    if _runs(path):
        return path
    note("no Chromium on this machine; trying: playwright install chromium")
    try:
        run(
            [python, "-m", "playwright", "install", "chromium"],
            remedy="",
            timeout_s=_PLAYWRIGHT_TIMEOUT_S,
        )
    except ToolingError as error:
        lines = error.fault.splitlines()
        reason = next((line.strip() for line in lines if line.startswith("Error:")), lines[0])
        note(f"Playwright's own is not to be had: {reason}")
        return None
    return path if _runs(path) else None
