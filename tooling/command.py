"""Running other programs, with their output kept for the message when they fail."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tooling.errors import ToolingError
from tooling.system_errors import remedy_for

_TAIL_LINES = 25


def run(
    arguments: Sequence[str | Path],
    *,
    remedy: str,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    timeout_s: float | None = None,
) -> str:
    """Run a program quietly and return what it printed (both streams).

    `environment` is added to the current one. Raises ToolingError with the last lines of
    the output and `remedy` when the program is missing, fails, or outlasts `timeout_s`; where
    the output reports a full disk or the like, with the remedy of that.
    """
    name = " ".join(str(part) for part in arguments[:4])
    try:
        done = subprocess.run(
            [str(part) for part in arguments],
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
        )
    except OSError as error:
        raise ToolingError(f"{name} could not be started: {error}", remedy) from error
    except subprocess.TimeoutExpired as error:
        raise ToolingError(f"{name} did not end within {timeout_s:.0f} s", remedy) from error
    if done.returncode != 0:
        tail = "\n".join(done.stdout.strip().splitlines()[-_TAIL_LINES:])
        raise ToolingError(
            f"{name} failed (exit status {done.returncode}):\n{tail}", remedy_for(tail) or remedy
        )
    return done.stdout


def answers(arguments: Sequence[str | Path], timeout_s: float = 30) -> str | None:
    """Return what a program prints, or None when it is missing or fails.

    A program that is found on PATH may still be a shim that fails, so it is run.
    """
    try:
        return run(arguments, remedy="", timeout_s=timeout_s)
    except ToolingError:
        return None
