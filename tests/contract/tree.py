"""The repository as the contract tests read it: its files, without what is made or installed."""

import subprocess
from functools import cache
from pathlib import Path

from tooling.layout import REPOSITORY

ROOT = REPOSITORY.root


@cache
def committed_files() -> tuple[Path, ...]:
    """Return every file that is committed, or would be."""
    asked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr.decode()
    paths = (ROOT / name for name in asked.stdout.decode().split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))
