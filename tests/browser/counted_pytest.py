"""Run pytest and count: in CPython by ``python -m tests.browser.counted_pytest FILE…``, and in
Pyodide by a call. Imports nothing but pytest, so that both can.
"""

import json
import sys

import pytest


class Counter:
    """Counts the tests that passed."""

    def __init__(self) -> None:
        self.passed = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test once, after its call."""
        self.passed += report.when == "call" and report.passed


def run(files: list[str]) -> tuple[int, int]:
    """Return pytest's exit code and how many tests passed."""
    counter = Counter()
    code = pytest.main(["-q", "-p", "no:cacheprovider", "--tb=short", *files], plugins=[counter])
    return int(code), counter.passed


if __name__ == "__main__":
    print("\n" + json.dumps(run(sys.argv[1:])))
