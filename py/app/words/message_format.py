"""Messages with placeholders, plurals and choices: a subset of ICU MessageFormat.

    {name}                                                a text, or a whole number as it is
    {n, number}                                           a whole number, as the language has it
    {x, number, ::.0}                                     any number with one decimal; ``::.`` none
    {p, percent}                                          a probability 0..1, as a percentage
    {n, plural, =0 {none} one {# spot} other {# spots}}   ``#`` is the number
    {who, select, doctor {a doctor} other {somebody}}

An option is a message itself, ``other`` is never missing, and a straight apostrophe, which ICU
quotes with, is refused: a page writes ’. Stress is ``<strong>…</strong>``, for ``Words.html``
alone. ``js/page/words.js`` reads the same subset.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

OTHER = "other"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_OPTION = re.compile(r"=[0-9]+|[A-Za-z][A-Za-z0-9_-]*")
_SKELETON = re.compile(r"::\.(0*)")
_TEXT = re.compile(r"[^{}#]+")
_TAG = re.compile(r"</?[A-Za-z][^>]*>?")
_STRESS = ("<strong>", "</strong>")


class MessageError(ValueError):
    """A message that cannot be read, or values that do not fit it."""


class Locale(Protocol):
    """What differs between languages besides the words."""

    def plural(self, count: int) -> str:
        """Name the plural form of a count: ``one``, ``few``, ``other``."""

    def number(self, value: float, decimals: int) -> str:
        """Write a number with so many decimals."""

    def percent(self, probability: float) -> str:
        """Write a probability 0..1 as a percentage."""


@dataclass(frozen=True)
class Text:
    """Words as they stand."""

    text: str


@dataclass(frozen=True)
class Value:
    """``{name}``."""

    name: str


@dataclass(frozen=True)
class Number:
    """``{name, number}``; ``decimals`` is ``None`` where only whole numbers are taken."""

    name: str
    decimals: int | None


@dataclass(frozen=True)
class Percent:
    """``{name, percent}``."""

    name: str


@dataclass(frozen=True)
class Choice:
    """``{name, plural, …}`` or ``{name, select, …}``."""

    name: str
    is_plural: bool
    options: Mapping[str, Message]


Part = Text | Value | Number | Percent | Choice
Message = tuple[Part, ...]


def parse(source: str) -> Message:
    """Read a message; ``MessageError`` says what is wrong with it."""
    if "'" in source:
        raise MessageError("a straight apostrophe; write ’")
    tags = _TAG.findall(source)
    if tags != list(_STRESS) * (len(tags) // 2):
        raise MessageError(f"only <strong>…</strong> is allowed, not {' '.join(tags)}")
    reader = _Reader(source)
    message = reader.message(None)
    if reader.at < len(source):
        raise MessageError(f"an unexpected }} at {reader.at}")
    return message


class _Reader:
    """A place in a source, and how to go on from there."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0

    def message(self, counted: str | None) -> Message:
        """Read up to the closing brace or the end; ``#`` is the number ``counted``."""
        parts: list[Part] = []
        while self.at < len(self.source) and self.source[self.at] != "}":
            if self.taken("{"):
                parts.append(self.placeholder())
            elif self.taken("#"):
                parts.append(Text("#") if counted is None else Number(counted, None))
            else:
                parts.append(Text(self.match(_TEXT, "text").group()))
        return tuple(parts)

    def placeholder(self) -> Part:
        """Read what stands behind an opening brace, and the closing one."""
        name = self.word(_NAME, "a name")
        kind = self.word(_NAME, "a kind") if self.taken(",") else None
        match kind:
            case None:
                part: Part = Value(name)
            case "number":
                part = Number(name, self.decimals())
            case "percent":
                part = Percent(name)
            case "plural" | "select":
                self.expect(",")
                part = Choice(name, kind == "plural", self.options(name, kind == "plural"))
            case _:
                raise MessageError(f"{{{name}}} is of an unknown kind, {kind}")
        self.expect("}")
        return part

    def decimals(self) -> int | None:
        """Read how many decimals a number has."""
        if not self.taken(","):
            return None
        self.space()
        return len(self.match(_SKELETON, "a number’s form, such as ::.0").group(1))

    def options(self, name: str, is_plural: bool) -> Mapping[str, Message]:
        """Read the options of a plural or a choice."""
        options: dict[str, Message] = {}
        self.space()
        while self.at < len(self.source) and self.source[self.at] != "}":
            option = self.word(_OPTION, "an option")
            if option in options:
                raise MessageError(f"{{{name}}} has the option {option} twice")
            self.expect("{")
            options[option] = self.message(name if is_plural else None)
            self.expect("}")
            self.space()
        if OTHER not in options:
            raise MessageError(f"{{{name}}} has no option for {OTHER}")
        return options

    def word(self, pattern: re.Pattern[str], what: str) -> str:
        """Read a word with the space around it."""
        self.space()
        word = self.match(pattern, what).group()
        self.space()
        return word

    def space(self) -> None:
        """Skip space."""
        while self.source[self.at : self.at + 1].isspace():
            self.at += 1

    def taken(self, sign: str) -> bool:
        """Skip a sign if it is here."""
        found = self.source.startswith(sign, self.at)
        self.at += len(sign) if found else 0
        return found

    def expect(self, sign: str) -> None:
        """Skip a sign that must be here."""
        self.space()
        if not self.taken(sign):
            raise MessageError(f"no {sign} at {self.at}")

    def match(self, pattern: re.Pattern[str], what: str) -> re.Match[str]:
        """Skip what a pattern matches here."""
        found = pattern.match(self.source, self.at)
        if not found:
            raise MessageError(f"{what} is missing at {self.at}")
        self.at = found.end()
        return found


def placeholders(message: Message) -> frozenset[str]:
    """Return the names of all values that a message asks for, in whichever option."""
    names: set[str] = set()
    for part in message:
        if not isinstance(part, Text):
            names.add(part.name)
        if isinstance(part, Choice):
            names.update(*map(placeholders, part.options.values()))
    return frozenset(names)


def render(
    message: Message,
    values: Mapping[str, object],
    locale: Locale,
    literal: Callable[[str], str],
    inserted: Callable[[object], str],
) -> str:
    """Write a message out: its own words by ``literal``, all else by ``inserted``."""
    return "".join(_part(part, values, locale, literal, inserted) for part in message)


def _part(
    part: Part,
    values: Mapping[str, object],
    locale: Locale,
    literal: Callable[[str], str],
    inserted: Callable[[object], str],
) -> str:
    match part:
        case Text(text):
            return literal(text)
        case Value(name):
            return inserted(_as_it_is(name, values[name]))
        case Number(name, None):
            return inserted(locale.number(_whole(name, values[name]), 0))
        case Number(name, int(decimals)):
            return inserted(locale.number(_number(name, values[name]), decimals))
        case Percent(name):
            return inserted(locale.percent(_number(name, values[name])))
        case Choice(name, is_plural, options):
            chosen = _option(name, values[name], is_plural, options, locale)
            return render(chosen, values, locale, literal, inserted)
    raise AssertionError(part)


def _option(
    name: str, value: object, is_plural: bool, options: Mapping[str, Message], locale: Locale
) -> Message:
    if not is_plural:
        if not isinstance(value, str):
            raise MessageError(f"{{{name}}} is chosen by a text, not {value!r}")
        return options.get(value, options[OTHER])
    count = _whole(name, value)
    exact = options.get(f"={count}")
    return exact if exact is not None else options.get(locale.plural(count), options[OTHER])


def _as_it_is(name: str, value: object) -> object:
    if isinstance(value, float | bool) or value is None:
        raise MessageError(f"{{{name}}} is a text or a whole number, not {value!r}")
    return value


def _whole(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise MessageError(f"{{{name}}} is a whole number, not {value!r}")
    return value


def _number(name: str, value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise MessageError(f"{{{name}}} is a number, not {value!r}")
    return value
