"""The unit tests of ``lentigo`` and ``app`` pass in the page's own Pyodide as they do in CPython.

pytest is not part of the site, so the test environment's own copy is put into Pyodide's file
system; the code under test is what the page has loaded.
"""

from __future__ import annotations

import ast
import base64
import importlib.util
import io
import json
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.sites import MODEL, ROOT
from tooling.layout import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

from tests.browser.lentigo_page import LentigoPage

UNIT = ROOT / "tests" / "unit"
# What these tests may import besides the standard library: the rest needs the host's programs.
PORTABLE = {"lentigo", "app", "numpy", "PIL", "pytest"}
PYTEST_PACKAGES = ("_pytest", "pytest", "py", "pluggy", "iniconfig", "packaging", "pygments")
# Parts of Python, numpy and Pillow that only tests use; the site leaves them away.
LIBRARY = REPOSITORY.node_modules / "pyodide" / "python_stdlib.zip"
WHEELS = REPOSITORY.cache / "pyodide"
# Data that unit tests read, as they lie in the repository.
DATA = (f"{MODEL}/manifest.json", f"{MODEL}/golden.json", "pyproject.toml", "docs/formats.md")


def imported(path: Path) -> set[str]:
    """Every module that a file imports from."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def is_portable(module: str) -> bool:
    first = module.partition(".")[0]
    return module.startswith("tests.unit") or first in PORTABLE | sys.stdlib_module_names


def portable_tests() -> list[str]:
    return sorted(
        path.relative_to(ROOT).as_posix()
        for path in UNIT.rglob("test_*.py")
        if all(is_portable(module) for module in imported(path))
        and "subprocess" not in imported(path)
    )


def suite() -> Iterator[tuple[Path, str]]:
    """Every file to carry over, and its path in Pyodide's file system below ``/suite``."""
    yield from ((ROOT / name, name) for name in DATA)
    yield ROOT / "tests" / "__init__.py", "tests/__init__.py"
    for path in sorted(UNIT.rglob("*.py")):
        yield path, path.relative_to(ROOT).as_posix()
    yield ROOT / "tests/browser/counted_pytest.py", "counted_pytest.py"
    for package in PYTEST_PACKAGES:
        spec = importlib.util.find_spec(package)
        assert spec is not None, package
        assert spec.origin is not None, package
        if not spec.submodule_search_locations:
            yield Path(spec.origin), f"{package}.py"
            continue
        folder = Path(spec.origin).parent
        for path in sorted(folder.rglob("*.py")):
            yield path, f"{package}/{path.relative_to(folder).as_posix()}"


def as_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, name in suite():
            archive.write(path, name)
    return out.getvalue()


def left_away() -> bytes:
    """What the site's numpy and Pillow have not of the whole ones."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for whole in WHEELS.glob("*.whl"):
            with (
                zipfile.ZipFile(whole) as given,
                zipfile.ZipFile(ROOT / "vendor" / "pyodide" / whole.name) as shipped,
            ):
                there = set(shipped.namelist())
                for name in given.namelist():
                    compiled = f"{name}c" if name.endswith(".py") else name
                    if compiled not in there and not fnmatchcase(name, "*/tests/*"):
                        archive.writestr(name, given.read(name))
    return out.getvalue()


@contextmanager
def in_cpython(files: list[str]) -> Iterator[subprocess.Popen[str]]:
    """The same tests in a CPython of their own, ended with the block."""
    command = [sys.executable, "-m", "tests.browser.counted_pytest", *files]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


_RUN = """
import base64, contextlib, io, os, sys, zipfile
zipfile.ZipFile(io.BytesIO(base64.b64decode(given["suite"]))).extractall("/suite")
sys.path.insert(0, "/suite")
import numpy
packages = os.path.dirname(os.path.dirname(numpy.__file__))
zipfile.ZipFile(io.BytesIO(base64.b64decode(given["wheels"]))).extractall(packages)
open("/whole.zip", "wb").write(base64.b64decode(given["library"]))
# Last, so that what the site ships is found first; of a package it may ship a part.
sys.path.append("/whole.zip")
import concurrent.futures, email, encodings, importlib.metadata, json, logging
for package in (concurrent.futures, email, encodings, importlib.metadata, json, logging):
    package.__path__.append("/whole.zip/" + package.__name__.replace(".", "/"))
os.chdir("/suite")
import lentigo, app
homes = sorted({os.path.dirname(os.path.dirname(module.__file__)) for module in (lentigo, app)})
output = io.StringIO()
with contextlib.redirect_stdout(output):
    import counted_pytest
    result = counted_pytest.run(given["files"])
[*result, homes, output.getvalue()]
"""


@pytest.mark.skipif(
    not (LIBRARY.is_file() and list(WHEELS.glob("numpy-*.whl"))),
    reason="the whole Python and numpy are not there: vendor/ came from --assets",
)
def test_the_unit_suite_passes_in_the_browser_as_in_cpython(chromium: Browser, site: str) -> None:
    files = portable_tests()
    assert "tests/unit/lentigo/test_priority.py" in files
    assert "tests/unit/app/screens/screening/test_update.py" in files

    # Both at once: each keeps one core busy.
    with in_cpython(files) as here, LentigoPage(chromium, site) as page:
        page.boot("?backend=wasm")
        archives = {"suite": as_zip(), "wheels": left_away(), "library": LIBRARY.read_bytes()}
        given: dict[str, object] = {"files": files}
        given |= {name: base64.b64encode(data).decode() for name, data in archives.items()}
        code, passed, homes, output = page.run_python(_RUN, given)
        said, _ = here.communicate(timeout=300)
    here_code, here_passed = json.loads(said.splitlines()[-1])
    assert here_code == pytest.ExitCode.OK, said
    print(f"\n{passed} passed in Pyodide, {here_passed} in CPython: {', '.join(files)}")
    assert code == pytest.ExitCode.OK, output
    assert homes == ["/home/pyodide"]
    assert passed == here_passed > 0
