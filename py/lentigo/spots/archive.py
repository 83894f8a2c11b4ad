"""Records as JSON and back: read strictly, brought up to date by numbered migrations.

Every record says its kind and the version of its form. A record of an older version passes every
migration on its way; one of a newer version is left as it is (``NewerRecordError``), for the
program that wrote it.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeVar, assert_never

from lentigo.diagnosis import Diagnosis
from lentigo.model.modality import Modality
from lentigo.model.reading import Outputs
from lentigo.picture.quality import QualityIssue
from lentigo.priority import Priority
from lentigo.spots.place import Place, Site, View
from lentigo.spots.records import (
    NAME_LENGTH,
    NOTE_LENGTH,
    Backup,
    Capture,
    Care,
    CareState,
    ChangeSeen,
    Judged,
    KeptSpot,
    Overview,
    Person,
)
from lentigo.spots.scale.coin import Coin
from lentigo.spots.scale.size import Size
from lentigo.triage.checklist import Question, as_document, parse_answers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lentigo.spots.records import Record
    from lentigo.triage.checklist import Answers

# The version of the form that is written. A change of the form adds one, and a migration.
VERSION = 2

_Document = dict[str, Any]
_Kind = TypeVar("_Kind", bound=StrEnum)


def _with_a_size(document: _Document) -> _Document:
    """Version 2: a photo may have the size of its spot, and may have been deleted."""
    return {**document, "size": None} if document.get("kind") == "capture" else document


# From each version to the next: what has to be done to a record, by its kind.
MIGRATIONS: dict[int, Callable[[_Document], _Document]] = {1: _with_a_size}


class ArchiveError(ValueError):
    """A record that is none, or is damaged; the message names the place."""


class NewerRecordError(ArchiveError):
    """A record of a version that this program does not know; it must be left untouched."""


class RecordKind(StrEnum):
    """What a record is about."""

    PERSON = "person"
    SPOT = "spot"
    CAPTURE = "capture"
    BACKUP = "backup"


def write(record: Record) -> str:
    """Write a record as JSON of the present version."""
    kind, document = _written(record)
    return json.dumps({"kind": kind, "version": VERSION, **document}, separators=(",", ":"))


def read(text: str, migrations: Mapping[int, Any] = MIGRATIONS, version: int = VERSION) -> Record:
    """Read a record of this or an earlier version.

    Raises ``NewerRecordError`` for a later one, ``ArchiveError`` for whatever is no record.
    """
    try:
        document = json.loads(text, parse_constant=_no_number)
    except ValueError as error:
        raise ArchiveError(f"a record is no JSON: {error}") from None
    reader = _Reader(document)
    found = reader.integer("version")
    if found > version:
        raise NewerRecordError(f"a record has version {found}; this program knows {version}")
    for step in range(found, version):
        if step not in migrations:
            raise ArchiveError(f"there is no way from version {step} of a record")
        document = migrations[step](document)
    return _read(_Reader({**document, "version": version}))


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


# --- writing --------------------------------------------------------------------------------------


def _written(record: Record) -> tuple[RecordKind, _Document]:
    match record:
        case Person():
            return RecordKind.PERSON, {
                "id": record.id,
                "name": record.name,
                "created": _time(record.created),
                "about": as_document(record.about),
            }
        case KeptSpot():
            return RecordKind.SPOT, {
                "id": record.id,
                "person": record.person,
                "name": record.name,
                "created": _time(record.created),
                "note": record.note,
                "place": _place(record.place),
                "state": _state(record.state),
                "overview": _overview(record.overview),
            }
        case Capture():
            return RecordKind.CAPTURE, _capture(record)
        case Backup():
            return RecordKind.BACKUP, {
                "id": record.id,
                "made": None if record.made is None else _time(record.made),
                "restored": sorted(record.restored),
            }
        case _:
            assert_never(record)


def _capture(capture: Capture) -> _Document:
    return {
        "id": capture.id,
        "spot": capture.spot,
        "taken": capture.taken.isoformat(),
        "answered": capture.answered.isoformat(),
        "saved": _time(capture.saved),
        "picture": capture.picture or None,
        "thumbnail": capture.thumbnail or None,
        "judged": _judged(capture.judged),
        "modality": capture.modality,
        "issues": list(capture.issues),
        "outline": [[round(x, 4), round(y, 4)] for x, y in capture.outline],
        "answers": as_document(capture.answers),
        "change_seen": capture.change_seen,
        "changes": list(capture.changes),
        "change_since": capture.change_since,
        "concerns": list(capture.concerns),
        "size": _size(capture.size),
    }


def _size(size: Size | None) -> _Document | None:
    if size is None:
        return None
    return {
        "coin": size.coin,
        "diameter_mm": round(size.diameter_mm, 3),
        "scale_share": round(size.scale_share, 4),
        "is_new": size.is_new,
        "on": _day(size.on),
    }


def _judged(judged: Judged) -> _Document:
    outputs = judged.outputs
    return {
        "priority": judged.priority,
        "rules": list(judged.rules),
        "model": judged.model,
        "variant": judged.variant,
        "outputs": None
        if outputs is None
        else {
            "logits": list(outputs.logits),
            "modality": outputs.modality,
            "lesion": outputs.lesion,
            "melanoma": outputs.melanoma,
            "malignancy": outputs.malignancy,
        },
    }


def _place(place: Place | None) -> _Document | None:
    if place is None:
        return None
    return {"site": place.site, "view": place.view, "x": place.x, "y": place.y}


def _overview(overview: Overview | None) -> _Document | None:
    if overview is None:
        return None
    return {"picture": overview.picture, "x": round(overview.x, 4), "y": round(overview.y, 4)}


def _state(state: CareState) -> _Document:
    said = None if state.said is None else _time(state.said)
    heard = sorted(state.heard)
    return {"care": state.care, "on": _day(state.on), "said": said, "heard": heard}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


# --- reading --------------------------------------------------------------------------------------


class _Reader:
    """An object of a record: every key is read by its kind, and none may be left over."""

    def __init__(self, document: object, path: str = "record") -> None:
        if not isinstance(document, dict):
            raise ArchiveError(f"{path} is no object")
        self._document: _Document = dict(document)
        self._path = path

    def _fault(self, key: str, what: str) -> ArchiveError:
        return ArchiveError(f"{self._path}.{key} {what}")

    def take(self, key: str) -> Any:
        if key not in self._document:
            raise self._fault(key, "is missing")
        return self._document.pop(key)

    def text(self, key: str, most: int = 200) -> str:
        value = self.take(key)
        if not isinstance(value, str) or len(value) > most:
            raise self._fault(key, f"is no text of at most {most} characters")
        return value

    def name(self, key: str) -> str:
        """Read an identifier: of a record, or of a JPEG in the store."""
        value = self.text(key)
        if not value:
            raise self._fault(key, "is empty")
        return value

    def name_or_none(self, key: str) -> str | None:
        if self._document.get(key, "") is not None:
            return self.name(key)
        self.nothing(key)
        return None

    def integer(self, key: str) -> int:
        value = self.take(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._fault(key, "is no whole number from 1")
        return value

    def number(self, key: str) -> float | None:
        value = self.take(key)
        return None if value is None else self.finite(key, value)

    def finite(self, key: str, value: object) -> float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not isfinite(value):  # type: ignore[arg-type]  # a number by now
            raise self._fault(key, "is no finite number")
        return float(value)  # type: ignore[arg-type]

    def items(self, key: str) -> list[Any]:
        value = self.take(key)
        if not isinstance(value, list):
            raise self._fault(key, "is no list")
        return value

    def choice(self, key: str, kind: type[_Kind]) -> _Kind:
        return self.one_of(key, self.take(key), kind)

    def choice_or_none(self, key: str, kind: type[_Kind]) -> _Kind | None:
        value = self.take(key)
        return None if value is None else self.one_of(key, value, kind)

    def one_of(self, key: str, value: object, kind: type[_Kind]) -> _Kind:
        if not isinstance(value, str) or value not in list(kind):
            raise self._fault(key, f"is {value!r}, not one of {', '.join(kind)}")
        return kind(value)

    def day(self, key: str) -> date:
        value = self.text(key)
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise self._fault(key, f"is no day: {value!r}") from None

    def time(self, key: str) -> datetime:
        value = self.text(key)
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise self._fault(key, f"is no time: {value!r}") from None
        if moment.tzinfo is None:
            raise self._fault(key, "names no time zone")
        return moment.astimezone(UTC)

    def time_or_none(self, key: str) -> datetime | None:
        if self._document.get(key, "") is not None:
            return self.time(key)
        self.nothing(key)
        return None

    def nothing(self, key: str) -> None:
        if self.take(key) is not None:
            raise self._fault(key, "is not null")

    def answers(self, key: str) -> Answers:
        value = self.take(key)
        if not isinstance(value, dict):
            raise self._fault(key, "is no object")
        try:
            return parse_answers(value)
        except ValueError as error:
            raise self._fault(key, str(error)) from None

    def within(self, key: str) -> _Reader:
        return _Reader(self.take(key), f"{self._path}.{key}")

    def within_or_none(self, key: str) -> _Reader | None:
        value = self.take(key)
        return None if value is None else _Reader(value, f"{self._path}.{key}")

    def end(self) -> None:
        unknown = ", ".join(sorted(self._document))
        if unknown:
            raise ArchiveError(f"{self._path} has unknown keys: {unknown}")


def _read(reader: _Reader) -> Record:
    reader.integer("version")
    kind = reader.choice("kind", RecordKind)
    record: Record
    match kind:
        case RecordKind.PERSON:
            record = Person(
                reader.name("id"),
                reader.text("name", NAME_LENGTH),
                reader.time("created"),
                reader.answers("about"),
            )
        case RecordKind.SPOT:
            record = KeptSpot(
                reader.name("id"),
                reader.name("person"),
                reader.text("name", NAME_LENGTH),
                reader.time("created"),
                reader.text("note", NOTE_LENGTH),
                _read_place(reader.within_or_none("place")),
                _read_state(reader.within("state")),
                _read_overview(reader.within_or_none("overview")),
            )
        case RecordKind.CAPTURE:
            record = _read_capture(reader)
        case RecordKind.BACKUP:
            restored = frozenset(_text(reader, "restored", n) for n in reader.items("restored"))
            record = Backup(reader.time_or_none("made"), restored, reader.name("id"))
    reader.end()
    return record


def _read_place(reader: _Reader | None) -> Place | None:
    if reader is None:
        return None
    site, view = reader.choice("site", Site), reader.choice_or_none("view", View)
    x, y = reader.number("x"), reader.number("y")
    reader.end()
    try:
        return Place(site, view, x, y)
    except ValueError as error:
        raise ArchiveError(f"record.place: {error}") from None


def _read_overview(reader: _Reader | None) -> Overview | None:
    if reader is None:
        return None
    picture = reader.name("picture")
    x, y = (reader.finite(key, reader.take(key)) for key in ("x", "y"))
    reader.end()
    try:
        return Overview(picture, x, y)
    except ValueError as error:
        raise ArchiveError(f"record.overview: {error}") from None


def _read_state(reader: _Reader) -> CareState:
    care = reader.choice("care", Care)
    heard = frozenset(_text(reader, "heard", name) for name in reader.items("heard"))
    if care is Care.WATCHED:
        reader.nothing("on")
        reader.nothing("said")
        state = CareState()
    else:
        state = CareState(care, reader.day("on"), reader.time("said"), heard)
    reader.end()
    return state


def _read_capture(reader: _Reader) -> Capture:
    picture, thumbnail = (reader.name_or_none(key) or "" for key in ("picture", "thumbnail"))
    if bool(picture) != bool(thumbnail):
        raise ArchiveError("record has one of picture and thumbnail")
    return Capture(
        id=reader.name("id"),
        spot=reader.name("spot"),
        taken=reader.day("taken"),
        answered=reader.day("answered"),
        saved=reader.time("saved"),
        picture=picture,
        thumbnail=thumbnail,
        judged=_read_judged(reader.within("judged")),
        modality=reader.choice("modality", Modality),
        issues=tuple(reader.one_of("issues", i, QualityIssue) for i in reader.items("issues")),
        outline=_outline(reader),
        answers=reader.answers("answers"),
        change_seen=reader.choice_or_none("change_seen", ChangeSeen),
        changes=tuple(reader.one_of("changes", c, Question) for c in reader.items("changes")),
        change_since=reader.name_or_none("change_since"),
        concerns=tuple(_text(reader, "concerns", code) for code in reader.items("concerns")),
        size=_read_size(reader.within_or_none("size")),
    )


def _read_size(reader: _Reader | None) -> Size | None:
    if reader is None:
        return None
    coin = reader.choice("coin", Coin)
    diameter_mm, share = (reader.finite(k, reader.take(k)) for k in ("diameter_mm", "scale_share"))
    is_new, on = reader.take("is_new"), reader.day("on")
    reader.end()
    if not isinstance(is_new, bool):
        raise ArchiveError("record.size.is_new is neither true nor false")
    try:
        return Size(coin, diameter_mm, share, is_new, on)
    except ValueError as error:
        raise ArchiveError(f"record.size: {error}") from None


def _read_judged(reader: _Reader) -> Judged:
    judged = Judged(
        priority=reader.choice("priority", Priority),
        rules=tuple(_text(reader, "rules", code) for code in reader.items("rules")),
        model=reader.text("model"),
        variant=reader.text("variant"),
        outputs=_read_outputs(reader.within_or_none("outputs")),
    )
    reader.end()
    return judged


def _read_outputs(reader: _Reader | None) -> Outputs | None:
    if reader is None:
        return None
    logits = tuple(reader.finite("logits", value) for value in reader.items("logits"))
    if len(logits) != len(Diagnosis):
        raise ArchiveError(f"record.judged.outputs.logits has {len(logits)} values")
    outputs = Outputs(
        logits,
        modality=reader.number("modality"),
        lesion=reader.number("lesion"),
        melanoma=reader.number("melanoma"),
        malignancy=reader.number("malignancy"),
    )
    reader.end()
    return outputs


def _text(reader: _Reader, key: str, value: object) -> str:
    if not isinstance(value, str):
        raise ArchiveError(f"record.{key} is no text")
    return value


def _outline(reader: _Reader) -> tuple[tuple[float, float], ...]:
    """Read the points; a thousand photos have fifty thousand, so each without a call of its own."""
    points = []
    for value in reader.items("outline"):
        if not isinstance(value, list) or len(value) != 2:
            raise ArchiveError("record.outline has a point that is none")
        x, y = value
        if type(x) is not float or type(y) is not float or not isfinite(x) or not isfinite(y):
            x, y = reader.finite("outline", x), reader.finite("outline", y)
        points.append((x, y))
    return tuple(points)
