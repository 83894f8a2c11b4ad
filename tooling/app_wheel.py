"""The application's Python as one wheel that Pyodide's lock names.

docs/decisions/0002-app-wheel.md says which part of pyodide-build does this, and why.
"""

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from tooling import site
from tooling.command import run
from tooling.compiled_python import Archive, compile_archives
from tooling.environment import ensure_environment, find_python, venv_python
from tooling.errors import ToolingError
from tooling.layout import Layout
from tooling.node import Node
from tooling.progress import say

PACKAGE = "lentigo-app"
OLDEST_PYTHON = (3, 12)
_REQUIREMENTS = Path("tooling") / "requirements-build.txt"
_FOLDER = "pyodide-build"
# A wheel's metadata, which Python does not run.
_PAPERS = re.compile(
    r"lentigo_app-[^/]+\.dist-info/(METADATA|RECORD|WHEEL|top_level\.txt|licenses/LICENSE)"
)
_SOURCES = ("pyproject.toml", "README.md", "LICENSE", "py")
# Time stamps in the wheel, in seconds since 1970: the first that a zip file can hold, so that
# the same sources always give the same wheel.
_SOURCE_DATE_S = "315532800"


def find_tools(layout: Layout) -> Path | None:
    """Return a Python that has pyodide-build, or None, having said why not."""
    wanted = ".".join(map(str, OLDEST_PYTHON))
    python = find_python(OLDEST_PYTHON)
    if python is None:
        say(f"      no Python {wanted} or newer was found, which pyodide-build needs")
        return None
    folder = layout.cache / _FOLDER
    try:
        ensure_environment(python, folder, layout.root / _REQUIREMENTS)
    except ToolingError as error:
        say(f"      pyodide-build cannot be had: {error.fault}")
        return None
    return venv_python(folder)


def add_wheel(layout: Layout, python: Path, node: Node, pyodide_folder: Path) -> Path:
    """Build the wheel into `pyodide_folder`, compiled, and add it to the pyodide-lock.json there.

    `python` is what `find_tools` returned. Returns the wheel's path. Raises ToolingError
    when the sources do not make a wheel.
    """
    with tempfile.TemporaryDirectory(dir=layout.cache, prefix="wheel-") as folder:
        # A copy, because setuptools leaves build folders and would pick up old modules in them.
        sources = Path(folder) / "sources"
        sources.mkdir()
        for name in _SOURCES:
            _copy(layout.root / name, sources / name)
        run(
            [python, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, sources],
            environment={"SOURCE_DATE_EPOCH": _SOURCE_DATE_S},
            remedy="mend pyproject.toml or the package it names",
        )
        built = next(Path(folder).glob("*.whl"))
        check_wheel(built, sources / "py", site.python_files(layout.root).values())
        wheel = pyodide_folder / built.name
        compile_archives(layout, node, layout.vendor / "pyodide", [Archive(built, wheel)])
    _add_to_lock(python, wheel)
    return wheel


def check_wheel(wheel: Path, py: Path, modules: Iterable[str]) -> None:
    """Raise ToolingError unless a wheel holds the `modules` below `py`, its papers, no more.

    So nothing that the builder is or depends on can put a line into what visitors run.
    """
    wanted = {PurePosixPath(name).as_posix(): py / name for name in modules}
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        strange = [name for name in names if name not in wanted and not _PAPERS.fullmatch(name)]
        altered = [
            name
            for name, path in wanted.items()
            if names.count(name) != 1 or archive.read(name) != path.read_bytes()
        ]
    if strange or altered:
        raise ToolingError(
            f"{wheel.name} is refused, it is not made of py/ alone: "
            + ", ".join([*strange, *altered]),
            f"see that pyproject.toml names every package; else delete .cache/{_FOLDER} and run "
            "again",
        )


def check_lock(before: dict[str, Any], after: dict[str, Any], wheel: Path) -> None:
    """Raise ToolingError unless the lock has `wheel` more, with its sha256, and nothing else."""
    packages = dict(after["packages"])
    added = packages.pop(PACKAGE, {})
    as_before = _without_tools({**after, "packages": packages}) == _without_tools(before)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if not as_before or (added.get("file_name"), added.get("sha256")) != (wheel.name, digest):
        raise ToolingError(
            "pyodide-lock.json is refused: pyodide-lock changed more in it than the app's wheel",
            f"delete .cache/{_FOLDER} and run again",
        )


def _without_tools(lock: dict[str, Any]) -> dict[str, Any]:
    """Leave the empty tables `tool` away, which pyodide-lock adds."""
    packages = {
        name: {key: value for key, value in about.items() if (key, value) != ("tool", {})}
        for name, about in lock["packages"].items()
    }
    return {key: value for key, value in lock.items() if value or key != "tool"} | {
        "packages": packages
    }


def _add_to_lock(python: Path, wheel: Path) -> None:
    lock = wheel.with_name("pyodide-lock.json")
    fresh = wheel.with_name("pyodide-lock.new.json")
    run(
        [
            python,
            "-m",
            "pyodide_cli",
            "lockfile",
            "add-wheels",
            f"--input={lock}",
            f"--output={fresh}",
            f"--base-path={wheel.parent}",
            wheel,
        ],
        remedy="the wheel may only depend on what the trimmed lock holds: numpy and pillow",
    )
    before, after = (json.loads(path.read_text(encoding="utf-8")) for path in (lock, fresh))
    check_lock(before, after, wheel)
    fresh.replace(lock)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    elif source.is_file():
        shutil.copyfile(source, target)
    else:
        raise ToolingError(
            f"{source.name} is missing, which the wheel needs", f"git checkout -- {source.name}"
        )
