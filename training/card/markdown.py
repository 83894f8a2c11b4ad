"""Figures of the evaluation as words and Markdown: intervals, "too few to say", "not measured"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

NOT_MEASURED = "not measured"
TOO_FEW = "too few to say"


def written(figure: Any, number: Callable[[float], str], unit: str) -> str:
    """Write a figure with its interval, or why there is none; a plain number as it is."""
    if figure is None:
        return NOT_MEASURED
    if not isinstance(figure, Mapping):
        return f"{number(float(figure))}{unit}" if isinstance(figure, int | float) else str(figure)
    if figure.get("value") is None:
        return f"— ({figure.get('reason', NOT_MEASURED)})"
    if figure.get("too_few_to_say"):
        return TOO_FEW
    words = f"{number(figure['value'])}{unit}"
    if figure.get("low") is not None and figure.get("high") is not None:
        words += f" ({number(figure['low'])}–{number(figure['high'])})"
    return words


def percent(figure: Any) -> str:
    """Write a share as a percentage, with its interval if there is one, or why there is none."""
    return written(figure, lambda value: f"{value * 100:.1f}", " %")


def plain(figure: Any) -> str:
    """Write a figure 0..1 with three decimals, with its interval if there is one."""
    return written(figure, lambda value: f"{value:.3f}", "")


def dig(document: Any, *path: str) -> Any:
    """Return what lies at a path of keys; None where the path ends early."""
    for key in path:
        if not isinstance(document, Mapping):
            return None
        document = document.get(key)
    return document


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table; numbers stand in their columns as they come."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def size(figure: Any) -> str:
    """Write a mean number of classes."""
    return written(figure, lambda value: f"{value:.2f}", "")


def leaves(figures: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """List every figure below a place, with the keys that lead to it."""
    if isinstance(figures, int | float) and not isinstance(figures, bool):
        return [(path, figures)]
    if not isinstance(figures, Mapping):
        return []
    if "value" in figures:
        return [(path, figures)]
    return [leaf for key, below in figures.items() for leaf in leaves(below, (*path, str(key)))]
