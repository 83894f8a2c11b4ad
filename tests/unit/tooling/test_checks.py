"""What `serve.py check` and `serve.py test` run, and what their summary says."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tooling import commands
from tooling.checks import Check, Plan, full_plan, quick_plan, run_checks
from tooling.errors import ToolingError
from tooling.layout import REPOSITORY, Layout
from tooling.node import Node

PYTHON, NODE = Path("python"), Node(Path("node"), ("npm",), "PATH")


def words(checks: Sequence[Check]) -> list[list[str]]:
    return [[str(part) for part in check.arguments] for check in checks]


def pytest_runs(checks: Sequence[Check]) -> list[list[str]]:
    """The arguments of each run of pytest."""
    return [parts[3:] for parts in words(checks) if parts[1:3] == ["-m", "pytest"]]


def test_each_suite_is_a_run_of_its_own_and_the_suites_are_all_there_is() -> None:
    plan = full_plan(REPOSITORY, PYTHON, NODE)
    assert pytest_runs(plan.short) == [
        ["tests/unit/lentigo"],
        ["tests/unit", "--ignore=tests/unit/lentigo"],
        ["tests/contract"],
    ]
    everything, beside = pytest_runs(plan.long)
    assert everything == ["tests/browser", *(f"--ignore={file}" for file in beside)]
    folders = {path.parent.name for path in (REPOSITORY.root / "tests").glob("*/test_*.py")}
    assert folders <= {"unit", "contract", "browser"}


def test_arguments_for_pytest_choose_the_tests_and_leave_the_other_checks() -> None:
    plan = full_plan(REPOSITORY, PYTHON, NODE, ["-k", "camera"])
    assert pytest_runs(plan.short) == []
    assert pytest_runs(plan.long) == [["-k", "camera"]]
    assert {"ruff check", "mypy"} < {check.name for check in plan.short}


def test_a_quick_check_leaves_out_the_browser_and_what_is_slow_and_nothing_else() -> None:
    quick, full = quick_plan(REPOSITORY, PYTHON, NODE), full_plan(REPOSITORY, PYTHON, NODE)
    assert quick.long == ()
    assert pytest_runs(quick.short) == [
        ["-m", "not slow", *where] for where in pytest_runs(full.short)
    ]
    assert [check.name for check in quick.short] == [check.name for check in full.short]


def test_every_folder_of_scripts_is_checked() -> None:
    names = {check.name for check in quick_plan(REPOSITORY, PYTHON, NODE).short}
    folders = {path.name for path in (REPOSITORY.root / "js").iterdir() if path.is_dir()}
    assert {f"tsc {folder}" for folder in folders} | {"tsc sw.js"} <= names


def test_a_check_without_its_configuration_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolingError, match=r"pyproject\.toml is missing"):
        quick_plan(Layout(tmp_path), PYTHON, NODE)


GOOD = Check("good", [sys.executable, "-c", "print('quiet'.upper()); print('3 passed')"])
BAD = Check(
    "bad", [sys.executable, "-c", "import os; print(os.environ['A'] * 3); raise SystemExit(3)"]
)
LONG = Check("long", [sys.executable, "-c", "print('loud'.upper())"])
BESIDE = Check("beside", [sys.executable, "-c", "print('still'.upper()); print('4 passed')"])


def test_every_check_runs_and_the_summary_has_its_time(capfd: pytest.CaptureFixture[str]) -> None:
    plan = Plan([GOOD, BAD], [LONG, BESIDE])
    assert not run_checks(REPOSITORY, plan, {"A": "why"})
    said = capfd.readouterr().out
    assert re.findall(r"^  (\w+) +(passed|FAILED) +\d+\.\d s$", said, re.M) == [
        ("good", "passed"),
        ("bad", "FAILED"),
        ("long", "passed"),
        ("beside", "passed"),
    ]
    assert said.endswith("FAILED: bad\n")
    assert "whywhywhy" in said
    assert "LOUD" in said, "the first of the long ones prints as it goes"
    assert not {"QUIET", "STILL"} & set(said.split()), "of the others only the last line is shown"
    assert {"good: passed. 3 passed", "beside: passed. 4 passed"} <= set(
        re.findall(r"\w+: p.*", said)
    )


def test_all_that_passed_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_checks(REPOSITORY, Plan([GOOD], [LONG]), {})
    assert capfd.readouterr().out.endswith("All checks passed.\n")


def test_what_was_left_out_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_checks(REPOSITORY, Plan([GOOD], left_out=["the tests in WebKit"]), {})
    assert "Left out: the tests in WebKit\n" in capfd.readouterr().out


@pytest.mark.parametrize("command", ["check", "test"])
def test_the_help_says_how(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        commands.main([command, "--help"])
    said = capsys.readouterr().out
    assert ("serve.py test -k camera" in said) == (command == "test")
    assert ("no browser" in " ".join(said.split())) == (command == "check")


def test_a_check_takes_no_arguments_for_pytest(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        commands.main(["check", "-k", "camera"])
    assert "unknown arguments: -k camera" in capsys.readouterr().err
