"""Progress lines: `[2/6] Pyodide wheels: numpy from the cache, ok (sha256)`."""

import io
import sys
from dataclasses import dataclass


def say(text: str = "") -> None:
    """Print one line at once, also when the output is a pipe."""
    print(text, flush=True)


def speak_anywhere() -> None:
    """Let a terminal that lacks a letter, of a path say, show a question mark in its place."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


@dataclass
class Progress:
    """Numbers the steps of one command; `total` is how many there will be."""

    total: int
    done: int = 0

    def step(self, text: str) -> None:
        """Print the line of the next step."""
        self.done += 1
        say(f"[{self.done}/{self.total}] {text}")

    def note(self, text: str) -> None:
        """Print a line that belongs to the step just announced."""
        say(f"      {text}")
