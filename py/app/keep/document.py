"""A report as sections of text: what stands in it is decided here, how it looks by the page.

The page sets it in the standard fonts of PDF, which have the characters of Windows-1252 and no
others; what they lack it draws (``js/page/report.js``). Every text passes ``printable``.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# Categories of Unicode: controls and directions.
_SHAPELESS = ("Cc", "Cf")
_KEPT = "\u200c\u200d\n"


@dataclass(frozen=True)
class Section:
    """A heading with its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """A picture, and what stands below it, or in its place where there is none.

    The picture is a JPEG, or one that the page fetches from the store by its ``key``. ``mark`` is
    where a ring is drawn into it, (x, y) in 0..1.
    """

    caption: str
    jpeg: bytes = b""
    key: str = ""
    mark: tuple[float, float] | None = None


@dataclass(frozen=True)
class Report:
    """What the doctor gets on paper: one page, and more where a long history needs them.

    ``person`` is followed by a line to write on, ``note`` by the room that is left. Of the
    ``figures`` there is one, or there are a few, side by side.
    """

    file_name: str
    language: str
    title: str
    made: str
    lead: str
    person: str
    figures: tuple[Figure, ...]
    advice: Section
    why: Section
    sections: tuple[Section, ...]
    note: str
    foot: str


def printable(text: str) -> str:
    """Return a text without what has no shape of its own, such as a direction mark.

    Joiners stay, for letters and signs hang on them, and so do the ends of lines.
    """
    return "".join(c for c in unicodedata.normalize("NFC", text) if _has_shape(c))


def printable_section(section: Section) -> Section:
    """Return a section without what has no shape of its own."""
    return Section(printable(section.title), tuple(map(printable, section.paragraphs)))


def _has_shape(character: str) -> bool:
    return character in _KEPT or unicodedata.category(character) not in _SHAPELESS
