"""Records as JSON and back."""

import json
from dataclasses import replace
from typing import Any

import pytest

from lentigo.spots.archive import MIGRATIONS, VERSION, ArchiveError, NewerRecordError, read, write
from lentigo.spots.records import Backup, Capture, Overview, Record
from lentigo.spots.scale.coin import Coin
from lentigo.spots.scale.size import Size
from tests.unit.kept import CAPTURE, NOON, PERSON, SPOT, seen

RECORDS: list[Record] = [PERSON, SPOT, CAPTURE, Backup(), Backup(NOON, frozenset({CAPTURE.id}))]

# A record as the first version wrote it: it must be read for ever.
FIRST_VERSION = {
    "kind": "capture", "version": 1, "id": "c", "spot": "s", "taken": "2026-11-29",
    "answered": "2026-11-30", "saved": "2026-11-30T12:00:00.000+00:00", "picture": "a",
    "thumbnail": "b",
    "judged": {
        "priority": "high", "rules": ["melanoma-risk"], "model": "lentigo-v1",
        "variant": "uint8", "outputs": None,
    },
    "modality": "camera", "issues": ["blur"], "outline": [[0.1, 0.2]],
    "answers": {"bleeding": True}, "change_seen": "not-sure", "changes": [],
    "change_since": "a-photo-before", "concerns": [],
}  # fmt: skip


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_what_is_written_is_read_back(record: Record) -> None:
    assert read(write(record)) == record


@pytest.mark.parametrize("days", [0, 3])
def test_the_state_of_a_spot_is_kept(days: int) -> None:
    spot = replace(SPOT, state=replace(seen(days), heard=frozenset({"c measured-change high"})))
    assert read(write(spot)) == spot


def test_the_wide_photo_of_a_spot_is_kept() -> None:
    spot = replace(SPOT, overview=Overview("wide", 0.25, 0.5))
    assert read(write(spot)) == spot


@pytest.mark.parametrize(
    ("overview", "message"),
    [
        ({"picture": "wide", "x": 1.1, "y": 0.5}, "not on a photo"),
        ({"picture": "wide", "x": None, "y": 0.5}, "overview.x is no finite number"),
        ({"picture": "", "x": 0.5, "y": 0.5}, "overview.picture is empty"),
        ({"picture": "wide", "x": 0.5}, "overview.y is missing"),
        ({"picture": "wide", "x": 0.5, "y": 0.5, "z": 1}, "unknown keys: z"),
        ("wide", "overview is no object"),
    ],
)
def test_a_damaged_wide_photo_is_named(overview: object, message: str) -> None:
    document = {**json.loads(write(SPOT)), "overview": overview}
    with pytest.raises(ArchiveError, match=message):
        read(json.dumps(document))


def test_the_first_version_is_read() -> None:
    capture = read(json.dumps(FIRST_VERSION))
    assert json.loads(write(capture))["version"] == VERSION
    assert json.loads(write(capture))["answers"] == {"bleeding": True}


SIZED = replace(CAPTURE, size=Size(Coin.US_DIME, 5.125, 0.0625, is_new=True, on=CAPTURE.taken))


def test_the_size_of_a_spot_is_kept() -> None:
    assert read(write(SIZED)) == SIZED


def test_a_photo_of_the_first_version_has_no_size() -> None:
    capture = read(json.dumps(FIRST_VERSION))
    assert isinstance(capture, Capture)
    assert capture.size is None
    # Other kinds have none to begin with.
    person = {**json.loads(write(PERSON)), "version": 1}
    assert read(json.dumps(person)) == PERSON


def test_the_first_version_has_no_key_of_the_second() -> None:
    with pytest.raises(ArchiveError, match=r"record\.size is missing"):
        read(json.dumps({**FIRST_VERSION, "version": 2}))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"coin": "doubloon"}, "size.coin is 'doubloon'"),
        ({"diameter_mm": 0.0}, "is no size"),
        ({"diameter_mm": None}, "size.diameter_mm is no finite number"),
        ({"scale_share": 1.5}, "is no size"),
        ({"is_new": "yes"}, "neither true nor false"),
        ({"on": "yesterday"}, "size.on is no day"),
        ({"on": None}, "size.on is no text"),
        ({"mass_g": 2.3}, "unknown keys: mass_g"),
    ],
)
def test_a_damaged_size_is_named(change: dict[str, object], message: str) -> None:
    document = json.loads(write(SIZED))
    document["size"] |= change
    with pytest.raises(ArchiveError, match=message):
        read(json.dumps(document))


def test_a_newer_record_is_left_alone() -> None:
    with pytest.raises(NewerRecordError, match=f"version {VERSION + 1}"):
        read(json.dumps({**FIRST_VERSION, "version": VERSION + 1, "mood": "blue"}))


def test_an_older_record_passes_every_migration() -> None:
    def named(document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "spot": f"{document['spot']}!"}

    migrations = {**MIGRATIONS, VERSION: named, VERSION + 1: named}
    capture = read(json.dumps(FIRST_VERSION), migrations, VERSION + 2)
    assert json.loads(write(capture))["spot"] == "s!!"
    del migrations[VERSION + 1]
    with pytest.raises(ArchiveError, match=f"no way from version {VERSION + 1}"):
        read(json.dumps(FIRST_VERSION), migrations, VERSION + 2)


def altered(key: str, value: object) -> str:
    """Return the first record with one value changed, by its path; ``...`` takes it out."""
    document = json.loads(json.dumps(FIRST_VERSION))
    *path, last = key.split(".")
    inner = document
    for part in path:
        inner = inner[part]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("kind", "mood", "one of person, spot, capture, backup"),
        ("version", 0, "whole number"),
        ("version", True, "whole number"),
        ("taken", "yesterday", "no day"),
        ("taken", ..., "taken is missing"),
        ("saved", "2026-11-30T12:00:00", "no time zone"),
        ("saved", "noon", "no time"),
        ("picture", "", "is empty"),
        ("judged", None, "is no object"),
        ("judged.priority", "none", "not one of low"),
        ("judged.outputs", {"logits": [1.0]}, "has 1 values"),
        ("outline", [["x", 0]], "no finite number"),
        ("outline", [[True, 0]], "no finite number"),
        ("judged.rules", [1], "no text"),
        ("outline", [[0.1]], "a point that is none"),
        ("outline", "round", "no list"),
        ("answers", {"mood": True}, "'mood'"),
        ("issues", ["ugly"], "not one of"),
        ("id", "x" * 201, "at most 200"),
        ("mood", "blue", "unknown keys: mood"),
        ("judged.mood", "blue", "unknown keys: mood"),
    ],
)
def test_a_damaged_record_is_named(key: str, value: object, message: str) -> None:
    with pytest.raises(ArchiveError, match=message):
        read(altered(key, value))


@pytest.mark.parametrize("text", ["", "[]", "nonsense", '{"version": NaN}', "null"])
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(ArchiveError):
        read(text)
