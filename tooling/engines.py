"""Firefox and WebKit for the browser tests: found, or installed."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tooling.command import answers
from tooling.errors import ToolingError
from tooling.packages import install_packages

FIREFOX_VARIABLE = "LENTIGO_FIREFOX"
_FIREFOX_NAMES = ("firefox-esr", "firefox")
_FIREFOX_ELSEWHERE = (
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    "C:/Program Files/Mozilla Firefox/firefox.exe",
)
_FIREFOX_PACKAGES = ("firefox-esr",)
# WebKit's own small browser, which takes a driver's commands. Distributions keep it in different
# places.
_WEBKIT_PATTERNS = (
    "lib/*/webkit2gtk-4.1/MiniBrowser",
    "lib/*/webkitgtk-6.0/MiniBrowser",
    "libexec/webkit2gtk-4.1/MiniBrowser",
    "libexec/webkitgtk-6.0/MiniBrowser",
)
_WEBKIT_PACKAGES = ("webkit2gtk-driver", "xvfb")


@dataclass(frozen=True)
class Firefox:
    """A Firefox that runs."""

    program: Path


@dataclass(frozen=True)
class WebKit:
    """WebKit's browser, what drives it, and the X server that gives it a screen."""

    program: Path
    driver: Path
    screen: Path


def find_firefox() -> Firefox | None:
    """Return the Firefox that LENTIGO_FIREFOX names, or the system's."""
    for path in _firefox_candidates():
        if path.is_file() and not _is_snap(path) and "Firefox" in (_version(path) or ""):
            return Firefox(path)
    return None


def find_webkit(system: Path = Path("/usr")) -> WebKit | None:
    """Return the system's WebKit, if all three programs are there."""
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    found = [path for pattern in _WEBKIT_PATTERNS for path in sorted(system.glob(pattern))]
    if driver is None or screen is None or not found:
        return None
    return WebKit(found[0], Path(driver), Path(screen))


def missing_engines(
    note: Callable[[str], None], environment: Mapping[str, str] = os.environ
) -> list[str]:
    """Install what is not there, and return a sentence for each that could not be.

    Raises ToolingError where that happens on a server that tests (CI is set): there it must not
    pass in silence.
    """
    left_out = []
    for name, find, packages in (
        ("Firefox", find_firefox, _FIREFOX_PACKAGES),
        ("WebKit", find_webkit, _WEBKIT_PACKAGES),
    ):
        if find() or (install_packages(packages, note) and find()):
            continue
        remedy = f"Debian and Ubuntu: sudo apt-get install {' '.join(packages)}"
        if environment.get("CI"):
            raise ToolingError(f"{name} is not there, and could not be installed", remedy)
        left_out.append(f"the tests in {name}, which is not on this machine ({remedy})")
    return left_out


def _firefox_candidates() -> Iterator[Path]:
    named = os.environ.get(FIREFOX_VARIABLE)
    if named:
        yield Path(named)
        return
    yield from (Path(found) for name in _FIREFOX_NAMES if (found := shutil.which(name)))
    yield from map(Path, _FIREFOX_ELSEWHERE)


def _version(path: Path) -> str | None:
    return answers([path, "--version"])


def _is_snap(path: Path) -> bool:
    """Tell whether it is Ubuntu's, which sees no profile outside its own folders."""
    with path.open("rb") as program:
        return "/snap/" in str(path.resolve()) or b"/snap/" in program.read(1000)
