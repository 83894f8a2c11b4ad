"""A report as sections of text: what stands in it is decided here, how it looks by the page.

The page sets it in the standard fonts of PDF, which have the characters of Windows-1252 and no
others. So every text passes ``printable``.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# What the standard fonts of PDF can write (WinAnsiEncoding), as Python names it.
_ENCODING = "cp1252"
_UNPRINTABLE = "?"
# Categories of Unicode: accents that cling to a letter, controls and directions.
_SHAPELESS = ("M", "Cc", "Cf")


@dataclass(frozen=True)
class Section:
    """A heading with its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """A picture, and what stands below it, or in its place where there is none.

    The picture is a JPEG, or one that the page fetches from the store by its ``key``.
    """

    caption: str
    jpeg: bytes = b""
    key: str = ""


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
    """Write a text in the characters of the standard fonts.

    A letter that they lack loses its accent (``ń`` becomes ``n``), any other becomes ``?``, and
    what has no shape of its own, such as a direction mark, disappears.
    """
    return "".join(map(_printed, unicodedata.normalize("NFC", text)))


def printable_section(section: Section) -> Section:
    """Write a section in the characters of the standard fonts."""
    return Section(printable(section.title), tuple(map(printable, section.paragraphs)))


def _printed(character: str) -> str:
    if _is_printable(character):
        return character
    plainer = unicodedata.normalize("NFKD", character)
    letters = "".join(c for c in plainer if not unicodedata.category(c).startswith(_SHAPELESS))
    return letters if _is_printable(letters) else _UNPRINTABLE


def _is_printable(text: str) -> bool:
    try:
        text.encode(_ENCODING)
    except UnicodeEncodeError:
        return False
    return True
