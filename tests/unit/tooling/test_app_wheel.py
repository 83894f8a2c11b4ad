"""What the tools make of the app's Python is checked against the sources before it is shipped."""

import copy
import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tooling.app_wheel import PACKAGE, check_lock, check_wheel
from tooling.errors import ToolingError

MODULES = ("lentigo/__init__.py", "lentigo/priority.py")
INFO = "lentigo_app-0.1.0.dist-info"
PAPERS = {f"{INFO}/{name}": "x" for name in ("METADATA", "RECORD", "WHEEL", "licenses/LICENSE")}


@pytest.fixture
def py(tmp_path: Path) -> Path:
    (tmp_path / "py" / "lentigo").mkdir(parents=True)
    for name in MODULES:
        (tmp_path / "py" / name).write_text(f"# {name}\n")
    return tmp_path / "py"


def wheel(py: Path, changed: dict[str, str | None]) -> Path:
    """Make a wheel of the sources, with some files changed, added or (None) left out."""
    files = {**{name: (py / name).read_text() for name in MODULES}, **PAPERS, **changed}
    path = py.parent / "lentigo_app-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            if text is not None:
                archive.writestr(name, text)
    return path


def test_a_wheel_of_the_sources_is_accepted(py: Path) -> None:
    check_wheel(wheel(py, {}), py, [f"./{name}" for name in MODULES])


@pytest.mark.parametrize(
    "changed",
    [
        {"lentigo/priority.py": "# lentigo/priority.py\nimport os\n"},
        {"lentigo/priority.py": None},
        {"lentigo/more.py": ""},
        {"more.pth": "import os"},
        {f"{INFO}/entry_points.txt": "[x]"},
        {"lentigo_app-0.1.0.data/scripts/more": ""},
        {"lentigo/data.bin": ""},
    ],
)
def test_a_wheel_with_anything_else_is_refused_by_name(
    py: Path, changed: dict[str, str | None]
) -> None:
    with pytest.raises(ToolingError, match="not made of py/ alone") as caught:
        check_wheel(wheel(py, changed), py, MODULES)
    assert next(iter(changed)) in caught.value.fault


def locks(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    numpy = {"file_name": "numpy.whl", "sha256": "0" * 64, "depends": []}
    before = {"info": {"version": "1"}, "packages": {"numpy": numpy}}
    ours = {"file_name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    # pyodide-lock adds empty tables of its own.
    packages = {"numpy": {**numpy, "tool": {}}, PACKAGE: {**ours, "tool": {}}}
    return before, {"info": {"version": "1"}, "tool": {}, "packages": packages}


def test_a_lock_with_the_wheel_and_nothing_else_is_accepted(py: Path) -> None:
    path = wheel(py, {})
    check_lock(*locks(path), path)


@pytest.mark.parametrize(
    ("package", "key", "value"),
    [
        ("numpy", "sha256", "1" * 64),
        ("numpy", "file_name", "other.whl"),
        ("numpy", "tool", {"x": 1}),
        (PACKAGE, "sha256", "1" * 64),
        (PACKAGE, "file_name", "other.whl"),
        ("more", "file_name", "more.whl"),
    ],
)
def test_a_lock_in_which_anything_else_changed_is_refused(
    py: Path, package: str, key: str, value: object
) -> None:
    path = wheel(py, {})
    before, after = locks(path)
    altered = copy.deepcopy(after)
    altered["packages"].setdefault(package, {})[key] = value
    with pytest.raises(ToolingError, match="refused"):
        check_lock(before, altered, path)
