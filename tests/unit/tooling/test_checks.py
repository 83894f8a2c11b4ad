"""Which checks run, and that none is left out in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tooling.checks import checks
from tooling.errors import ToolingError
from tooling.layout import REPOSITORY, Layout
from tooling.node import Node

PYTHON = Path("python")
NODE = Node(Path("node"), ("npm",), "a test")


def test_every_folder_of_scripts_is_checked() -> None:
    names = {check.name for check in checks(REPOSITORY, PYTHON, NODE, [])}
    folders = {path.name for path in (REPOSITORY.root / "js").iterdir() if path.is_dir()}
    assert {f"tsc {folder}" for folder in folders} | {"tsc sw.js"} <= names


def test_a_check_without_its_configuration_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolingError, match=r"pyproject\.toml is missing"):
        checks(Layout(tmp_path), PYTHON, NODE, [])
