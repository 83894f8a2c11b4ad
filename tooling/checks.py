"""The checks of `serve.py test`: linter, types, and all tests, with one summary."""

import os
import shlex
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tooling.errors import ToolingError
from tooling.layout import Layout
from tooling.node import Node
from tooling.progress import Progress, say

# Each folder of js/ is a thread, with the libraries of that thread; the service worker is one more.
SCRIPTS = {
    **{name: f"js/{name}/tsconfig.json" for name in ("page", "engine", "lab", "python", "shared")},
    "sw.js": "tsconfig.sw.json",
}


@dataclass(frozen=True)
class Check:
    """One program to run; it passes when it exits with 0."""

    name: str
    arguments: Sequence[str | Path]


@dataclass(frozen=True)
class Outcome:
    """How a check went."""

    name: str
    passed: bool
    seconds: float


def checks(
    layout: Layout, python: Path, node: Node, pytest_arguments: Sequence[str]
) -> list[Check]:
    """Return all checks in the order in which they run: the quick ones first.

    Raises ToolingError when the configuration of a check is missing.
    """
    for name in ("pyproject.toml", "tsconfig.json", *SCRIPTS.values()):
        if not (layout.root / name).is_file():
            raise ToolingError(
                f"{name} is missing, so the checks it configures cannot run",
                f"git checkout -- {name}",
            )
    python_code = [
        name
        for name in ("serve.py", "tooling", "py", "tests", "training")
        if (layout.root / name).exists()
    ]
    typescript = layout.node_modules / "typescript" / "bin" / "tsc"
    return [
        Check("ruff check", [python, "-m", "ruff", "check", *python_code]),
        Check("ruff format", [python, "-m", "ruff", "format", "--check", *python_code]),
        Check("mypy", [python, "-m", "mypy"]),
        *(
            Check(f"tsc {name}", [node.node, typescript, "-p", config])
            for name, config in SCRIPTS.items()
        ),
        Check("pytest", [python, "-m", "pytest", *(pytest_arguments or ["tests"])]),
    ]


def run_checks(
    layout: Layout, todo: Sequence[Check], environment: Mapping[str, str], progress: Progress
) -> bool:
    """Run every check, also after one has failed; print a summary; tell whether all passed."""
    outcomes = []
    for check in todo:
        progress.step(f"{check.name}: {shlex.join(str(a) for a in check.arguments[1:])}")
        begin = time.monotonic()
        done = subprocess.run(
            [str(argument) for argument in check.arguments],
            cwd=layout.root,
            env={**os.environ, **environment},
            check=False,
        )
        outcomes.append(Outcome(check.name, done.returncode == 0, time.monotonic() - begin))
    say("\nSummary")
    for outcome in outcomes:
        verdict = "passed" if outcome.passed else "FAILED"
        say(f"  {outcome.name:<12} {verdict}  {outcome.seconds:7.1f} s")
    failed = [outcome.name for outcome in outcomes if not outcome.passed]
    say(f"FAILED: {', '.join(failed)}" if failed else "All checks passed.")
    return not failed
