"""An archive of Python is compiled, and loses what the page does not use."""

import importlib
import io
import zipfile
from pathlib import Path

import pytest

from tooling import compile_python


def archive_of(files: dict[str, str]) -> memoryview:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return memoryview(out.getvalue())


def test_an_archive_is_compiled_and_what_is_unused_left_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = archive_of(
        {
            "kept_part/__init__.py": '"""Words."""\nassert 0\nVALUE = 7\n',
            "kept_part/data.txt": "as it is",
            "kept_part/tests/test_it.py": "syntax error (",
            "dropped.py": "",
        }
    )
    without = ["*/tests/*", "dropped.py"]
    after = compile_python.rewritten(before, without)
    assert after == compile_python.rewritten(before, without)
    (tmp_path / "after.zip").write_bytes(after)
    with zipfile.ZipFile(tmp_path / "after.zip") as archive:
        assert archive.namelist() == ["kept_part/__init__.pyc", "kept_part/data.txt"]
        assert archive.read("kept_part/data.txt") == b"as it is"
    monkeypatch.syspath_prepend(str(tmp_path / "after.zip"))
    module = importlib.import_module("kept_part")
    assert (module.VALUE, module.__doc__) == (7, None)
