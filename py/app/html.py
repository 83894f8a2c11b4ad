"""HTML as a type of its own, so that a forgotten escape does not type-check.

A region takes ``Html``, and only ``markup`` and ``join`` make it (with ``Words.html`` for the few
messages that stress a word). A template is a literal, which a contract test holds; whatever is put
into it is escaped, unless it is ``Html`` already.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Html:
    """Text that is safe to stand in a page. Empty HTML is false."""

    text: str

    def __bool__(self) -> bool:
        return bool(self.text)


NOTHING = Html("")


def markup(template: str, /, **values: Html | str | float) -> Html:
    """Fill a literal template: ``markup('<b id="{id}">{name}</b>', id=3, name=name)``.

    A number may carry a format (``{share:.1f}``). Each place wants a value, and each value a place;
    ``ValueError`` names what is missing or left over.
    """
    pieces, names = _parsed(template)
    if values.keys() != names:
        odd = ", ".join(sorted(values.keys() ^ names))
        raise ValueError(f"the template and its values differ in {odd}: {template}")
    return Html("".join(text + _inserted(values, name, form) for text, name, form in pieces))


@lru_cache(maxsize=1024)
def _parsed(template: str) -> tuple[tuple[tuple[str, str | None, str], ...], frozenset[str]]:
    pieces = tuple((text, name, form or "") for text, name, form, _ in Formatter().parse(template))
    return pieces, frozenset(name for _, name, _ in pieces if name is not None)


def _inserted(values: dict[str, Html | str | float], name: str | None, form: str) -> str:
    if name is None:
        return ""
    value = values[name]
    return value.text if isinstance(value, Html) else escape(format(value, form))


def join(parts: Iterable[Html]) -> Html:
    """Put pieces of HTML one after the other."""
    return Html("".join(part.text for part in parts))
