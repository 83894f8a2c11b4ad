"""Compressed copies beside a build's files, for hosts that send `x.gz` for `x` (gzip_static)."""

import gzip
from pathlib import Path

# Weights, wheels and pictures do not get smaller.
COMPRESSIBLE = frozenset(
    {".css", ".html", ".js", ".json", ".mjs", ".py", ".svg", ".toml", ".wasm", ".webmanifest"}
)
SUFFIX = ".gz"
_LEVEL = 9


def compress(folder: Path) -> None:
    """Write `x.gz` beside every file `x` that it makes smaller; the same file, the same bytes."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix.lower() in COMPRESSIBLE:
            content = path.read_bytes()
            smaller = gzip.compress(content, _LEVEL, mtime=0)
            if len(smaller) < len(content):
                path.with_name(path.name + SUFFIX).write_bytes(smaller)
