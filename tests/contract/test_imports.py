"""Which folder may import which: the arrows of docs/architecture.md, read off the imports."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.tree import ROOT

BROWSER_MODULES = {"js", "pyodide", "pyodide_js", "pyscript", "polyscript"}
STANDARD = {
    "__future__", "calendar", "cmath", "contextlib", "dataclasses", "datetime", "enum",
    "functools", "io", "itertools", "json", "math", "re", "struct", "types", "typing",
    "unicodedata", "warnings", "zlib", "collections",
}  # fmt: skip
# Each package of training may import those before it.
TRAINING = ("pictures", "network", "measure", "card", "fit", "release", "studies")
# The domain, step by step; what stands at its top belongs to all steps and imports none of them.
DOMAIN = ("picture", "model", "triage", "spots")


def imported(path: Path) -> Iterator[str]:
    """Yield the full name of everything that a file imports, wherever it stands in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative imports hide the layer"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def step(name: str, order: tuple[str, ...], outside: int) -> int:
    """Return the place of a dotted name's second part in the order, or what stands outside it."""
    second = f"{name}.".split(".")[1]
    return order.index(second) if second in order else outside


def breaches(folder: Path, order: tuple[str, ...], outside: int) -> list[str]:
    """Return each import of a package by one that stands before it in the order."""
    top = folder.name
    found = []
    for path in sorted(folder.rglob("*.py")):
        name = ".".join(path.relative_to(folder.parent).with_suffix("").parts)
        found += [
            f"{name} imports {other}"
            for other in imported(path)
            if other.split(".")[0] == top
            and step(other, order, outside) > step(name, order, outside)
        ]
    return found


def test_training_imports_only_to_the_left() -> None:
    folders = {path.parent.name for path in (ROOT / "training").glob("*/__init__.py")}
    assert folders == set(TRAINING), "a package without a place among the arrows"
    assert breaches(ROOT / "training", TRAINING, outside=len(TRAINING)) == []


def test_the_steps_of_the_domain_import_only_earlier_ones() -> None:
    folders = {path.parent.name for path in (ROOT / "py/lentigo").glob("*/__init__.py")}
    assert folders == set(DOMAIN), "a package without a place among the arrows"
    assert breaches(ROOT / "py/lentigo", DOMAIN, outside=-1) == []


@pytest.mark.parametrize(
    ("importer", "line"),
    [
        ("pictures", "from training.studies import gate"),
        ("pictures", "import training.network.model"),
        ("fit", "def late():\n    from training.release.export import main"),
    ],
)
def test_an_arrow_upwards_is_found(tmp_path: Path, importer: str, line: str) -> None:
    path = tmp_path / "training" / importer / "module.py"
    path.parent.mkdir(parents=True)
    path.write_text(line, encoding="utf-8")
    assert len(breaches(tmp_path / "training", TRAINING, outside=len(TRAINING))) == 1
    path.write_text("from training.pictures import data\n", encoding="utf-8")
    assert breaches(tmp_path / "training", TRAINING, outside=len(TRAINING)) == []


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def test_the_domain_imports_only_the_standard_library_numpy_and_pillow() -> None:
    for path in python_files("py/lentigo"):
        for name in imported(path):
            allowed = STANDARD | {"lentigo", "numpy", "PIL"}
            assert name.split(".")[0] in allowed, f"{path.name} imports {name}"


def test_only_the_bridge_and_main_import_the_browser() -> None:
    for path in python_files("py"):
        inside = "bridge" in path.parts or path.name == "main.py"
        for name in imported(path):
            assert inside or name.split(".")[0] not in BROWSER_MODULES, f"{path.name}: {name}"


def test_nothing_imports_the_application_but_itself_and_the_entry() -> None:
    for path in python_files("py/app"):
        for name in imported(path):
            assert name.split(".")[0] not in {"main", "training", "tooling", "tests"}, path.name
            if "bridge" not in path.parts:
                assert not name.startswith("app.bridge"), f"{path.name} imports {name}"
    for path in [*python_files("training"), *python_files("py/lentigo")]:
        for name in imported(path):
            assert name.split(".")[0] not in {"app", "main"}, f"{path.name} imports {name}"


def test_screens_do_not_import_each_other() -> None:
    folder = ROOT / "py/app/screens"
    screens = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert len(screens) > 1
    for path in python_files("py/app/screens"):
        screen = path.relative_to(folder).parts[0]
        for name in imported(path):
            other = f"{name}...".split(".")[2] if name.startswith("app.screens.") else screen
            shared = other not in screens and screen in screens
            assert other == screen or shared, f"{path.relative_to(folder)} imports {name}"


def test_the_tooling_imports_the_standard_library_and_its_documents_the_domain() -> None:
    allowed = {*sys.stdlib_module_names, "tooling"}
    for path in python_files("tooling"):
        described = ("lentigo.", "app.words.") if path.parent.name == "documents" else ()
        for name in imported(path):
            known = name.split(".")[0] in allowed or f"{name}.".startswith(described)
            assert known, f"{path.name} imports {name}"
