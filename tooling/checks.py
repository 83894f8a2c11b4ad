"""The checks of `serve.py check` and `serve.py test`: linter, types and tests, with one summary."""

import os
import shlex
import subprocess
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from tooling.errors import ToolingError
from tooling.layout import Layout
from tooling.node import Node
from tooling.progress import Progress, say

# Each folder of js/ is a thread, with the libraries of that thread; the service worker is one more.
SCRIPTS = {
    **{
        name: f"js/{name}/tsconfig.json"
        for name in ("page", "engine", "lab", "python", "shared", "vault")
    },
    "sw.js": "tsconfig.sw.json",
}
# Our styles, our scripts and those of others. Not Pyodide's pyodide.asm.mjs: it has the calls of a
# library for games, which nothing here makes.
OLDEST_BROWSERS = (
    "js",
    "sw.js",
    *(f"vendor/{name}" for name in ("backup", "idb", "idiomorph", "jspdf", "pyscript", "tfjs")),
    "vendor/pyodide/pyodide.mjs",
    "style.css",
    "lab.css",
    "print.css",
)
# Each is a run of pytest of its own, so that the summary has its time. The unit tests come in two
# halves of about the same length, which keep two cores busy.
SUITES = {
    "unit, lentigo": ("tests/unit/lentigo",),
    "unit, others": ("tests/unit", "--ignore=tests/unit/lentigo"),
    "contract": ("tests/contract",),
}
# So do the browser tests; both lanes take about as long.
BESIDE = tuple(
    f"tests/browser/test_{name}.py"
    for name in (
        "backends",
        "broken_site",
        "coach",
        "hooks",
        "lab",
        "memory",
        "random_walk",
        "recovery",
        "spots",
        "unit_suite_in_pyodide",
        "vault",
        "vault_backup",
    )
)
BROWSER = {
    "browser": ("tests/browser", *(f"--ignore={file}" for file in BESIDE)),
    "browser, beside": BESIDE,
}
NOT_SLOW = ("-m", "not slow")
_LANES = 2


@dataclass(frozen=True)
class Check:
    """One program to run; it passes when it exits with 0."""

    name: str
    arguments: Sequence[str | Path]

    def __str__(self) -> str:
        return f"{self.name}: {shlex.join(str(part) for part in self.arguments[1:])}"


@dataclass(frozen=True)
class Plan:
    """Checks that run two at a time, and then long ones, of which the first prints as it goes.

    ``left_out`` says what could not be tried on this machine, and why.
    """

    short: Sequence[Check]
    long: Sequence[Check] = ()
    left_out: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.short) + len(self.long)


@dataclass(frozen=True)
class Outcome:
    """How a check went, and what it printed where that was kept."""

    name: str
    passed: bool
    seconds: float
    output: str = ""

    @property
    def verdict(self) -> str:
        """In one word."""
        return "passed" if self.passed else "FAILED"

    @property
    def last_line(self) -> str:
        """What pytest and the type checker sum up with."""
        return (self.output.strip().splitlines() or [""])[-1].strip("= ")


def quick_plan(layout: Layout, python: Path, node: Node) -> Plan:
    """Plan what needs no browser and little time."""
    return Plan([*_suites(SUITES, python, *NOT_SLOW), *_static_checks(layout, python, node)])


def full_plan(
    layout: Layout, python: Path, node: Node, pytest_arguments: Sequence[str] = ()
) -> Plan:
    """Plan every check and every test. Arguments for pytest replace the suites by one run of it."""
    static = _static_checks(layout, python, node)
    pytest: list[str | Path] = [python, "-m", "pytest"]
    if pytest_arguments:
        return Plan(static, [Check("pytest", [*pytest, *pytest_arguments])])
    return Plan([*_suites(SUITES, python), *static], _suites(BROWSER, python))


def _suites(suites: Mapping[str, Sequence[str]], python: Path, *options: str) -> list[Check]:
    """Return each suite as a run of pytest."""
    return [
        Check(name, [python, "-m", "pytest", *options, *where]) for name, where in suites.items()
    ]


def _static_checks(layout: Layout, python: Path, node: Node) -> list[Check]:
    """Return linter, formatter and type checkers.

    Raises ToolingError when the configuration of a check is missing.
    """
    for name in ("pyproject.toml", "tsconfig.json", "eslint.config.js", *SCRIPTS.values()):
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
    eslint = layout.node_modules / "eslint" / "bin" / "eslint.js"
    return [
        Check("ruff check", [python, "-m", "ruff", "check", *python_code]),
        Check("ruff format", [python, "-m", "ruff", "format", "--check", *python_code]),
        Check("mypy", [python, "-m", "mypy"]),
        *(
            Check(f"tsc {name}", [node.node, typescript, "-p", config])
            for name, config in SCRIPTS.items()
        ),
        # Whether the oldest browsers of package.json have what scripts and styles use.
        Check("eslint", [node.node, eslint, "--no-inline-config", *OLDEST_BROWSERS]),
    ]


def run_checks(layout: Layout, plan: Plan, environment: Mapping[str, str]) -> bool:
    """Run every check, also after one has failed; print a summary; return whether all passed."""
    progress = Progress(total=len(plan))
    outcomes: list[Outcome] = []
    for stage, prints in ((plan.short, None), (plan.long, next(iter(plan.long), None))):
        with ThreadPoolExecutor(_LANES) as lanes:
            running = [
                lanes.submit(_run, layout, check, environment, keep_output=check is not prints)
                for check in stage
            ]
            for finished in as_completed(running):
                outcome = finished.result()
                progress.step(f"{outcome.name}: {outcome.verdict}. {outcome.last_line}")
                if not outcome.passed:
                    say(outcome.output)
            outcomes += [finished.result() for finished in running]
    return _summary(outcomes, plan.left_out)


def _run(
    layout: Layout, check: Check, environment: Mapping[str, str], *, keep_output: bool
) -> Outcome:
    begin = time.monotonic()
    done = subprocess.run(
        [str(argument) for argument in check.arguments],
        cwd=layout.root,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE if keep_output else None,
        stderr=subprocess.STDOUT if keep_output else None,
        text=True,
        errors="replace",
        check=False,
    )
    return Outcome(check.name, done.returncode == 0, time.monotonic() - begin, done.stdout or "")


def _summary(outcomes: Sequence[Outcome], left_out: Sequence[str]) -> bool:
    """Print how each check went and how long it took; return whether all passed."""
    say("\nSummary")
    width = max(len(outcome.name) for outcome in outcomes)
    for outcome in outcomes:
        say(f"  {outcome.name:<{width}}  {outcome.verdict}  {outcome.seconds:7.1f} s")
    for reason in left_out:
        say(f"Left out: {reason}")
    failed = [outcome.name for outcome in outcomes if not outcome.passed]
    say(f"FAILED: {', '.join(failed)}" if failed else "All checks passed.")
    return not failed
