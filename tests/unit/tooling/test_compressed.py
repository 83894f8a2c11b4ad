"""Compressed copies lie beside the files, and are no part of the site."""

import gzip
from pathlib import Path

from tooling import compressed, site


def test_what_gets_smaller_has_a_copy_that_is_not_part_of_the_site(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    for name, content in (("long.js", b"a" * 999), ("short.js", b"a"), ("w.bin", b"a" * 999)):
        (tmp_path / "js" / name).write_bytes(content)
    compressed.compress(tmp_path)
    assert {path.name for path in tmp_path.rglob("*.gz")} == {"long.js.gz"}
    assert gzip.decompress((tmp_path / "js" / "long.js.gz").read_bytes()) == b"a" * 999
    assert {path.name for path in site.files(tmp_path)} == {"long.js", "short.js", "w.bin"}
