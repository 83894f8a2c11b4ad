"""The repository as the contract tests read it: its files, without what is made or installed."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tooling.layout import REPOSITORY

ROOT = REPOSITORY.root
_NOT_OURS = {".git", "node_modules", "vendor", "dist", ".venv", ".cache", "__pycache__"}


@cache
def committed_files() -> tuple[Path, ...]:
    """Return every file that is ours. Folders that git ignores are not entered: they are huge."""
    return tuple(sorted(_walk()))


def _walk() -> Iterator[Path]:
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in _NOT_OURS and "venv" not in name]
        yield from (Path(folder) / name for name in files)
