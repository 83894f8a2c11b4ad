"""Figures of a study's JSON as words: a mapping with its value and interval, or a plain number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from training.card.markdown import NOT_MEASURED, TOO_FEW


def _written(figure: Any, number: Callable[[float], str], unit: str = "") -> str:
    if figure is None:
        return NOT_MEASURED
    if not isinstance(figure, Mapping):
        return f"{number(float(figure))}{unit}"
    if figure["value"] is None:
        return f"— ({figure.get('reason', NOT_MEASURED)})"
    if figure.get("too_few_to_say"):
        return TOO_FEW
    words = f"{number(figure['value'])}{unit}"
    if figure.get("low") is not None:
        words += f" ({number(figure['low'])}–{number(figure['high'])})"
    return words


def percent(figure: Any) -> str:
    """Write a share as a percentage, with its interval if there is one, or why there is none."""
    return _written(figure, lambda value: f"{value * 100:.1f}", " %")


def plain(figure: Any) -> str:
    """Write a figure 0..1 with three decimals, with its interval if there is one."""
    return _written(figure, lambda value: f"{value:.3f}")
