"""Compressed copies beside a build's files, for hosts that send `x.br` or `x.gz` for `x`."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from tooling.command import run
from tooling.layout import REPOSITORY
from tooling.node import Node

# Weights, wheels and pictures do not get smaller.
COMPRESSIBLE = frozenset(
    {".css", ".html", ".js", ".json", ".mjs", ".py", ".svg", ".toml", ".wasm", ".webmanifest"}
)
GZIP, BROTLI = SUFFIXES = (".gz", ".br")
_LEVEL = 9
_PROGRAM = REPOSITORY.root / "tooling" / "brotli.mjs"


def compress(folder: Path, brotli_with: Node | None = None) -> None:
    """Write `x.gz` beside every file `x` that it makes smaller; the same file, the same bytes.

    With a Node.js also `x.br` where that is smaller still, which takes a minute for a build.
    Raises ToolingError when that fails.
    """
    for path in _compressible(folder):
        content = path.read_bytes()
        smaller = gzip.compress(content, _LEVEL, mtime=0)
        if len(smaller) < len(content):
            path.with_name(path.name + GZIP).write_bytes(smaller)
    if brotli_with is not None:
        files = json.dumps([str(path) for path in _compressible(folder)])
        run(
            [brotli_with.node, _PROGRAM, files],
            environment=brotli_with.environment(),
            remedy="build without --brotli",
        )


def _compressible(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix.lower() in COMPRESSIBLE:
            yield path
