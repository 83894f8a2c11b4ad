"""How a visitor's file name is written in a sentence: short, on one line, and harmless.

A name may be 255 characters long, and may hold characters that break the line or turn the direction
of the words after it ("Trojan Source", CVE-2021-42574).
"""

from __future__ import annotations

import unicodedata

# As much as fits a phone's line twice; the end is kept because it tells one photo from the next.
LONGEST_SHOWN = 40
_KEPT_OF_END = 14
_ELLIPSIS = "…"
_REPLACEMENT = "_"

# First-strong isolate and its end (Unicode UAX 9): the name's direction stays its own affair.
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
# Joins the parts of an emoji, so it alone of the invisible characters stays.
_JOINER = "\u200d"


def shown(name: str) -> str:
    """Return a file's name as the page writes it, at most ``LONGEST_SHOWN`` visible characters.

    Control characters, line breaks, direction marks and lone surrogates become ``_``; a long name
    loses its middle; one that is written from right to left is isolated from the sentence. Empty if
    there is nothing to show.
    """
    plain = "".join(character if _is_visible(character) else _REPLACEMENT for character in name)
    plain = " ".join(plain.split())
    if len(plain) > LONGEST_SHOWN:
        begin = plain[: LONGEST_SHOWN - _KEPT_OF_END - len(_ELLIPSIS)]
        end = plain[-_KEPT_OF_END:]
        # An accent or a joiner must not cling to the ellipsis.
        while end and (unicodedata.category(end[0]).startswith("M") or end[0] == _JOINER):
            end = end[1:]
        plain = f"{begin.rstrip(_JOINER)}{_ELLIPSIS}{end}"
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in plain):
        return f"{_ISOLATE}{plain}{_END_ISOLATE}"
    return plain


def _is_visible(character: str) -> bool:
    """Tell whether a character may stand in a line: no control, format, surrogate or separator."""
    if character in {" ", _JOINER}:
        return True
    category = unicodedata.category(character)
    return category[0] != "C" and category not in {"Zl", "Zp"}
