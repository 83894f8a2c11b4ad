"""What archives lose is imported by nothing that stays, as far as their sources tell."""

from __future__ import annotations

import ast
import zipfile
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from tooling import compiled_python
from tooling.compiled_python import Archive
from tooling.layout import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LIBRARY = REPOSITORY.node_modules / "pyodide" / "python_stdlib.zip"
# What is only imported by a part that nothing here imports either.
UNREACHED = {("json/__main__.py", "json.tool")}


def archives() -> list[Path]:
    """The standard library, and the wheels that lie in the cache when `vendor/` was made here."""
    return [LIBRARY, *(REPOSITORY.cache / "pyodide").glob("*.whl")]


def at_once(nodes: Iterable[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that run with the module and must succeed."""
    for node in nodes:
        match node:
            case ast.Import() | ast.ImportFrom():
                yield node
            case ast.If(test=test) if "TYPE_CHECKING" not in (text := ast.unparse(test)):
                if "__name__" not in text:
                    yield from at_once(node.body)
                yield from at_once(node.orelse)
            case ast.Try():
                caught = " ".join(ast.unparse(each) for each in node.handlers)
                if "ImportError" not in caught and "ModuleNotFoundError" not in caught:
                    yield from at_once(node.body)
                yield from at_once([*node.orelse, *node.finalbody])
            case ast.With() | ast.ClassDef():
                yield from at_once(node.body)


def dotted(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def names_of(node: ast.Import | ast.ImportFrom, package: str) -> Iterator[str]:
    """Every module that an import may mean."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
    base = ".".join([*above, *filter(None, [node.module])])
    yield base
    yield from (f"{base}.{alias.name}" for alias in node.names)


def missed(sources: dict[str, bytes], kept: Iterable[str]) -> set[tuple[str, str]]:
    """Which module of the kept ones imports which that is not kept."""
    modules = {dotted(path) for path in sources}
    there = {dotted(path) for path in kept}
    found = set()
    for path in kept:
        try:
            tree = ast.parse(sources[path])
        except SyntaxError:
            continue  # newer than the Python that tests it
        package = dotted(path) if path.endswith("__init__.py") else dotted(path).rpartition(".")[0]
        for node in at_once(tree.body):
            found |= {(path, n) for n in names_of(node, package) if n in modules and n not in there}
    return found


@pytest.mark.parametrize("archive", archives(), ids=lambda path: path.name.partition("-")[0])
def test_nothing_that_stays_imports_what_goes(archive: Path) -> None:
    without = Archive(archive, archive).without(compiled_python.unused(REPOSITORY))
    with zipfile.ZipFile(archive) as opened:
        sources = {n: opened.read(n) for n in opened.namelist() if n.endswith(".py")}
    kept = [n for n in sources if not any(fnmatchcase(n, pattern) for pattern in without)]
    assert 0 < len(kept) < len(sources)
    assert missed(sources, kept) <= UNREACHED


def test_a_part_that_is_missed_is_found() -> None:
    sources = {
        "part/__init__.py": b"from . import gone\n",
        "part/gone.py": b"",
        "lazy.py": b"def f():\n    import part.gone\ntry:\n    import part.gone\n"
        b"except ImportError:\n    pass\n",
    }
    kept = ["part/__init__.py", "lazy.py"]
    assert missed(sources, kept) == {("part/__init__.py", "part.gone")}


@pytest.mark.parametrize(("begin", "patterns"), compiled_python.unused(REPOSITORY).items())
def test_every_pattern_names_something(begin: str, patterns: list[str]) -> None:
    archive = next((path for path in archives() if path.name.startswith(begin)), None)
    if archive is None:
        pytest.skip(f"{begin} is not in the cache")
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
    assert [p for p in patterns if not any(fnmatchcase(n, p) for n in names)] == []
