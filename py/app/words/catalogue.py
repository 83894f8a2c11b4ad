"""All words that a visitor reads, of one language, by key; numbers as that language writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING, TypeVar

from app.html import Html
from app.words import en
from app.words.message_format import MessageError, parse, placeholders, render

if TYPE_CHECKING:
    from app.words.message_format import Message

_Member = TypeVar("_Member", bound=StrEnum)


def keys(members: Iterable[_Member], pattern: str) -> dict[_Member, str]:
    """Name the messages of a closed vocabulary: ``keys(Fault, "error.{}")``.

    The only way to a key that is not written out, so that a contract test can tell which are used.
    """
    return {member: pattern.format(member) for member in members}


@dataclass(frozen=True)
class Language:
    """A language: its tag, its plural rule (CLDR), and how it writes numbers."""

    tag: str
    plural: Callable[[int], str]
    decimal: str
    group: str


ENGLISH = Language("en", lambda count: "one" if count == 1 else "other", decimal=".", group=",")


class Words:
    """Turns keys and values into sentences: ``words("row.judged", n=3)``.

    ``MessageError`` names a key whose message is malformed, or given other values than it has
    places for, and ``KeyError`` one that does not exist.
    """

    def __init__(self, language: Language, messages: Mapping[str, str]) -> None:
        self.language = language
        self._sources = messages
        self._parsed: dict[str, tuple[Message, frozenset[str]]] = {}

    def __call__(self, key: str, /, **values: str | float) -> str:
        """Return a sentence as plain text."""
        return self._render(key, values, _plain, str)

    def html(self, key: str, /, **values: Html | str | float) -> Html:
        """Return a sentence in which words may be stressed, or values be HTML."""
        return Html(self._render(key, values, _stressed, _inserted))

    def _render(
        self,
        key: str,
        values: Mapping[str, object],
        literal: Callable[[str], str],
        inserted: Callable[[object], str],
    ) -> str:
        try:
            message, names = self._message(key)
            if values.keys() != names:
                odd = ", ".join(sorted(values.keys() ^ names))
                raise MessageError(f"the message and its values differ in {odd}")
            return render(message, values, self, literal, inserted)
        except MessageError as error:
            raise MessageError(f"{key}: {error}") from None

    def _message(self, key: str) -> tuple[Message, frozenset[str]]:
        if key not in self._parsed:
            message = parse(self._sources[key])
            self._parsed[key] = message, placeholders(message)
        return self._parsed[key]

    def plural(self, count: int) -> str:
        """Name the plural form of a count."""
        return self.language.plural(count)

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number with so many decimals."""
        signs = str.maketrans(",.", self.language.group + self.language.decimal)
        return f"{value:,.{decimals}f}".translate(signs)

    def percent(self, probability: float) -> str:
        """Write a probability 0..1 as a whole percentage; the ends say "under" and "over"."""
        if probability < 0.01:
            return self("number.percent.under", limit=1)
        if probability > 0.99:
            return self("number.percent.over", limit=99)
        return self("number.percent", value=probability * 100)


def _plain(text: str) -> str:
    if "<strong>" in text or "</strong>" in text:
        raise MessageError("has stressed words: ask for it by words.html")
    return text


def _stressed(text: str) -> str:
    escaped = escape(text)
    for tag in ("<strong>", "</strong>"):
        escaped = escaped.replace(escape(tag), tag)
    return escaped


def _inserted(value: object) -> str:
    return value.text if isinstance(value, Html) else escape(str(value))


IN_ENGLISH = Words(ENGLISH, en.MESSAGES)
