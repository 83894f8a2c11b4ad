"""JSON read into frozen dataclasses by their annotations, strictly.

An unknown key, a missing one, a value of another kind or out of its bounds is a ``ManifestError``
that names the place. A key may be missing only where the dataclass gives a default. Annotations
may be ``bool``, ``int``, ``float``, ``str``, a ``StrEnum`` (a code), a dataclass, ``X | None``,
``tuple[X, ...]``, ``tuple[X, Y]``, and ``Mapping``: by a ``StrEnum`` it has every member as a key.
``Annotated`` adds ``Between`` or ``Matching``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import StrEnum
from functools import lru_cache, partial
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from lentigo.errors import ManifestError

T = TypeVar("T")
Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class Between:
    """Bounds of a number, both allowed."""

    low: float
    high: float


@dataclass(frozen=True)
class Matching:
    """What a whole text looks like, and how to say so."""

    pattern: re.Pattern[str]
    words: str


# Every number that can be meant; beyond are those that are no float.
_ANY = Between(-1e300, 1e300)


def read(kind: type[T], value: object, where: str = "") -> T:
    """Read a JSON value as this dataclass; ``where`` is its place in the manifest."""
    try:
        return cast("T", _reader(cast("Any", kind))(value))
    except _BreachError as breach:
        raise breach.told(where) from None


def keyed(value: object, where: str, wanted: set[str]) -> dict[str, Any]:
    """Return an object that has just these keys."""
    try:
        return _keyed(value, frozenset(wanted), frozenset())
    except _BreachError as breach:
        raise breach.told(where) from None


def a_number(value: object, where: str, bounds: Between) -> float:
    """Return a number within its bounds."""
    try:
        return _number(bounds, value)
    except _BreachError as breach:
        raise breach.told(where) from None


class _BreachError(Exception):
    """What is wrong with a value; its place is put together on the way out."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words
        self.place = ""

    def within(self, key: str) -> _BreachError:
        """Say that the place lies below this key."""
        between = "." if self.place and self.place[0] not in ".[" else ""
        self.place = f"{key}{between}{self.place}"
        return self

    def told(self, where: str) -> ManifestError:
        if where:
            self.within(where)
        return ManifestError(f"manifest: {self.place or 'the document'} {self.words}")


def _keyed(value: object, wanted: frozenset[str], optional: frozenset[str]) -> dict[str, Any]:
    given = _object(value)
    missing, unknown = wanted - given.keys(), given.keys() - wanted - optional
    if missing:
        raise _BreachError(f"lacks {', '.join(sorted(missing))}")
    if unknown:
        raise _BreachError(f"has unknown {', '.join(sorted(unknown))}")
    return given


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _BreachError(f"is an object, not {type(value).__name__}")
    return value


# --- one reader for each annotation, made once ----------------------------------------------------


@lru_cache(maxsize=512)
def _reader(kind: Any) -> Reader:
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _limited(inside[0], inside[1])
    if origin in (Union, UnionType):
        present = next(each for each in inside if each is not NoneType)
        return partial(_optional, _reader(present))
    if origin is Mapping:
        return _mapping(*inside)
    if origin is tuple and inside[-1] is ...:
        return partial(_list, _reader(inside[0]))
    if origin is tuple:
        return partial(_row, tuple(_reader(each) for each in inside))
    if is_dataclass(kind):
        return _record(cast("type", kind))
    if issubclass(kind, StrEnum):
        return partial(_code, kind)
    plain: dict[Any, Reader] = {
        float: partial(_number, _ANY),
        int: _whole,
        bool: _truth,
        str: _text,
    }
    return plain[kind]


def _limited(kind: type, limit: Between | Matching) -> Reader:
    if isinstance(limit, Matching):
        return partial(_matching, limit)
    return partial(_whole, bounds=limit) if kind is int else partial(_number, limit)


def _number(bounds: Between, value: Any) -> float:
    if type(value) not in (int, float) or not bounds.low <= value <= bounds.high:
        raise _BreachError(f"is a number in {bounds.low:.4g}..{bounds.high:.4g}, not {value!r}")
    return float(value)


def _whole(value: Any, bounds: Between = _ANY) -> int:
    _number(bounds, value)
    if type(value) is not int:
        raise _BreachError(f"is a whole number, not {value!r}")
    return value


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise _BreachError(f"is true or false, not {value!r}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise _BreachError(f"is a text, not {value!r}")
    return value


def _matching(limit: Matching, value: Any) -> str:
    if not limit.pattern.fullmatch(_text(value)):
        raise _BreachError(f"is {limit.words}, not {value!r}")
    return str(value)


def _code(kind: type[StrEnum], value: Any) -> StrEnum:
    try:
        return kind(_text(value))
    except ValueError:
        raise _BreachError(f"is one of {', '.join(kind)}, not {value!r}") from None


def _optional(reader: Reader, value: Any) -> Any:
    return None if value is None else reader(value)


def _list(reader: Reader, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _BreachError(f"is a list, not {type(value).__name__}")
    return _row((reader,) * len(value), value)


def _row(readers: tuple[Reader, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(value) != len(readers):
        raise _BreachError(f"is a list of {len(readers)}, not {value!r}")
    found = []
    for index, (reader, each) in enumerate(zip(readers, value, strict=True)):
        try:
            found.append(reader(each))
        except _BreachError as breach:
            raise breach.within(f"[{index}]") from None
    return tuple(found)


def _mapping(keys: Any, values: Any) -> Reader:
    key_reader, value_reader = _reader(keys), _reader(values)
    all_keys = isinstance(keys, type) and issubclass(keys, StrEnum)
    wanted = frozenset(keys) if all_keys else None

    def read_mapping(value: Any) -> Mapping[Any, Any]:
        given = _object(value) if wanted is None else _keyed(value, wanted, frozenset())
        found = {}
        for key in keys if all_keys else given:
            try:
                found[key_reader(key)] = value_reader(given[key])
            except _BreachError as breach:
                raise breach.within(key) from None
        return found

    return read_mapping


def _record(kind: type) -> Reader:
    hints = get_type_hints(kind, include_extras=True)
    readers = {each.name: _reader(hints[each.name]) for each in fields(kind)}
    optional = frozenset(
        each.name
        for each in fields(kind)
        if each.default is not MISSING or each.default_factory is not MISSING
    )
    wanted = frozenset(readers) - optional

    def read_record(value: Any) -> Any:
        found = {}
        for key, inner in _keyed(value, wanted, optional).items():
            try:
                found[key] = readers[key](inner)
            except _BreachError as breach:
                raise breach.within(key) from None
        try:
            return kind(**found)
        except ValueError as error:
            raise _BreachError(f"contradicts itself: {error}") from None

    return read_record
