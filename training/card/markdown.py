"""Figures as words and Markdown: intervals, "too few to say", "not measured"."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

from lentigo.model.figures import Figure
from training.card.names import UNDEFINED

NOT_MEASURED = "not measured"
TOO_FEW = "too few to say"

# A figure, a plain number, or nothing where a section was not measured.
Value = Figure | float | None
Writer = Callable[[Value], str]


def value_of(figure: Value) -> float | None:
    """Return the value of a figure, or of a plain number; None where it is undefined."""
    return figure.value if isinstance(figure, Figure) else figure


def written(figure: Value, number: Callable[[float], str], unit: str = "") -> str:
    """Write a figure with its interval, or why there is none; a plain number as it is."""
    if figure is None:
        return NOT_MEASURED
    if not isinstance(figure, Figure):
        return f"{number(figure)}{unit}"
    if figure.value is None:
        return f"— ({UNDEFINED[figure.reason] if figure.reason else NOT_MEASURED})"
    if figure.too_few_to_say:
        return TOO_FEW
    words = f"{number(figure.value)}{unit}"
    if figure.low is not None and figure.high is not None:
        words += f" ({number(figure.low)}–{number(figure.high)})"
    return words


def percent(figure: Value) -> str:
    """Write a share as a percentage, with its interval if there is one, or why there is none."""
    return written(figure, lambda value: f"{value * 100:.1f}", " %")


def plain(figure: Value) -> str:
    """Write a figure 0..1 with three decimals, with its interval if there is one."""
    return written(figure, lambda value: f"{value:.3f}")


def size(figure: Value) -> str:
    """Write a mean number of classes."""
    return written(figure, lambda value: f"{value:.2f}")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table; numbers stand in their columns as they come."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def image(name: str, drawn: Sequence[str], words: str) -> str:
    """Write a figure's place in the card; empty where it could not be drawn."""
    return f"![{words}](figures/{name}.svg)\n\n" if name in drawn else ""


def flow(body: str) -> str:
    """Break the paragraphs of a text at 100 characters; tables, lists and pictures stay."""
    parts = [part.strip() for part in body.split("\n\n")]
    return "\n\n".join(
        part if part[0] in "|!#-" else textwrap.fill(part, 100, break_on_hyphens=False)
        for part in parts
        if part
    )


def section(title: str, body: str) -> str:
    """Write a section; without a body it says that nothing was measured."""
    return f"## {title}\n\n{flow(body) or NOT_MEASURED.capitalize() + '.'}\n"
