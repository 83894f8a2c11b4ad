"""Compressed copies lie beside the files, and are no part of the site."""

import gzip
import subprocess
from pathlib import Path

from tooling import compressed, site
from tooling.layout import REPOSITORY
from tooling.node import find_node


def test_what_gets_smaller_has_a_copy_that_is_not_part_of_the_site(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    for name, content in (("long.js", b"a" * 999), ("short.js", b"a"), ("w.bin", b"a" * 999)):
        (tmp_path / "js" / name).write_bytes(content)
    compressed.compress(tmp_path)
    assert {path.name for path in tmp_path.rglob("*.gz")} == {"long.js.gz"}
    assert gzip.decompress((tmp_path / "js" / "long.js.gz").read_bytes()) == b"a" * 999
    assert {path.name for path in site.files(tmp_path)} == {"long.js", "short.js", "w.bin"}


def test_brotli_copies_are_no_part_of_the_site_either(tmp_path: Path) -> None:
    words = " ".join(f"{number} green bottles" for number in range(400)).encode()
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "long.js").write_bytes(words)
    (tmp_path / "js" / "short.js").write_bytes(b"a")
    compressed.compress(tmp_path, find_node(REPOSITORY))
    copy = tmp_path / "js" / "long.js.br"
    assert {path.name for path in tmp_path.rglob("*.br")} == {copy.name}
    assert copy.stat().st_size < copy.with_suffix(".gz").stat().st_size
    # Node.js alone reads it here.
    program = (
        "process.stdout.write(require('zlib').brotliDecompressSync("
        "require('fs').readFileSync(process.argv[1])))"
    )
    read = subprocess.run(
        [find_node(REPOSITORY).node, "-e", program, copy], capture_output=True, check=True
    )
    assert read.stdout == words
    assert {path.name for path in site.files(tmp_path)} == {"long.js", "short.js"}
