"""Several things in one sentence, as the language lists them."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.words.catalogue import Words


def listed(items: Sequence[str], words: Words) -> str:
    """Return "a", "a and b", "a, b and c"; ``ValueError`` if there is nothing to list."""
    first, *more = items
    for item in more[:-1]:
        first = words("list.next", before=first, item=item)
    return words("list.last", before=first, item=more[-1]) if more else first


def clauses(items: Sequence[str], words: Words) -> str:
    """Return "a; b; c", for what has commas of its own; empty if there is nothing."""
    if not items:
        return ""
    return reduce(lambda before, item: words("list.clause", before=before, item=item), items)
