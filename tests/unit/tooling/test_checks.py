"""What `serve.py check` and `serve.py test` run, and what their summary says."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tooling import checks, commands
from tooling.checks import Check, run_checks, run_checks_together
from tooling.errors import ToolingError
from tooling.layout import REPOSITORY, Layout
from tooling.node import Node
from tooling.progress import Progress

PYTHON, NODE = Path("python"), Node(Path("node"), ("npm",), "PATH")


def words(check: Check) -> list[str]:
    return [str(part) for part in check.arguments]


def test_each_suite_is_a_run_of_its_own_and_the_suites_are_all_there_is() -> None:
    todo = checks.all_checks(REPOSITORY, PYTHON, NODE, [])
    suites = {words(check)[-1] for check in todo if "pytest" in words(check)}
    tests = REPOSITORY.root / "tests"
    assert suites == {
        f"tests/{folder.name}" for folder in tests.iterdir() if list(folder.rglob("test_*.py"))
    }


def test_arguments_for_pytest_choose_the_tests_and_leave_the_other_checks() -> None:
    todo = checks.all_checks(REPOSITORY, PYTHON, NODE, ["-k", "camera"])
    runs = [words(check) for check in todo if "pytest" in words(check)]
    assert runs == [["python", "-m", "pytest", "-k", "camera"]]
    assert {"ruff check", "mypy"} < {check.name for check in todo}


def test_a_quick_check_leaves_out_the_browser_and_what_is_slow_and_nothing_else() -> None:
    todo = checks.quick_checks(REPOSITORY, PYTHON, NODE)
    runs = [words(check)[3:] for check in todo if "pytest" in words(check)]
    assert runs == [
        ["-m", "not slow", "tests/unit/lentigo"],
        ["-m", "not slow", "tests/unit", "--ignore=tests/unit/lentigo"],
        ["-m", "not slow", "tests/contract"],
    ]
    every = {check.name for check in checks.all_checks(REPOSITORY, PYTHON, NODE, [])}
    assert every - {check.name for check in todo} == {"unit", "browser"}


def test_every_folder_of_scripts_is_checked() -> None:
    names = {check.name for check in checks.quick_checks(REPOSITORY, PYTHON, NODE)}
    folders = {path.name for path in (REPOSITORY.root / "js").iterdir() if path.is_dir()}
    assert {f"tsc {folder}" for folder in folders} | {"tsc sw.js"} <= names


def test_a_check_without_its_configuration_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolingError, match=r"pyproject\.toml is missing"):
        checks.quick_checks(Layout(tmp_path), PYTHON, NODE)


TODO = [
    Check("good", [sys.executable, "-c", "print('quiet'.upper())"]),
    Check(
        "bad", [sys.executable, "-c", "import os; print(os.environ['A'] * 3); raise SystemExit(3)"]
    ),
    Check("after", [sys.executable, "-c", ""]),
]


@pytest.mark.parametrize("run", [run_checks, run_checks_together])
def test_every_check_runs_and_the_summary_has_its_time(
    run: Callable[..., bool], capfd: pytest.CaptureFixture[str]
) -> None:
    assert not run(REPOSITORY, TODO, {"A": "why"}, Progress(total=3))
    said = capfd.readouterr().out
    assert re.findall(r"^  (\w+) +(passed|FAILED) +\d+\.\d s$", said, re.M) == [
        ("good", "passed"),
        ("bad", "FAILED"),
        ("after", "passed"),
    ]
    assert said.endswith("FAILED: bad\n")
    assert "whywhywhy" in said
    assert ("QUIET" in said) == (run is run_checks), "together, what passed is silent"


def test_all_that_passed_is_said_and_told_to_the_shell(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_checks_together(REPOSITORY, TODO[::2], {}, Progress(total=2))
    assert capfd.readouterr().out.endswith("All checks passed.\n")


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
