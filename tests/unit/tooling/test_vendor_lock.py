"""The lock of vendor/ tells which files are wrong."""

from pathlib import Path

from tests.unit.tooling.small_site import sha256
from tooling.vendor_lock import wrong_files


def test_wrong_files_names_the_missing_and_the_changed(tmp_path: Path) -> None:
    (tmp_path / "same").write_bytes(b"a")
    (tmp_path / "changed").write_bytes(b"b")
    files = {"same": sha256(b"a"), "changed": sha256(b"a"), "missing": sha256(b"a")}
    assert wrong_files(tmp_path, files) == ["changed", "missing"]
