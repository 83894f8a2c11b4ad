"""From a message about what is kept to an event; as ``app.bridge.parse``. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.events import Photo, Source
from app.keep.moment import Moment
from app.spots.events import (
    BackupMade,
    BackupOpened,
    CareGiven,
    ChangeAnswered,
    CoinChosen,
    CoinConfirmed,
    CoinRefused,
    ComparisonChosen,
    DeletionRefused,
    OverviewChosen,
    OverviewDeleted,
    OverviewDropped,
    OverviewMarked,
    OverviewOpened,
    PersonAdded,
    PersonChosen,
    PersonRemoved,
    PersonRenamed,
    PhotoDeleted,
    PicturesRead,
    PlaceTapped,
    RepeatWanted,
    RestoreConfirmed,
    SaveAsked,
    SaveConfirmed,
    SaveDropped,
    ShapeAsked,
    SizeRemoved,
    SpotDeleted,
    SpotDescribed,
    SpotReminderWanted,
    SpotReportWanted,
    StoredRecord,
    StoreFailed,
    StoreFault,
    StoreRead,
    StoreState,
    StoreWritten,
)
from lentigo.spots.place import View
from lentigo.spots.records import Care, ChangeSeen
from lentigo.spots.scale.coin import Coin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.spots.events import Fields, OverviewAct, SizeAct, SpotsAct, StoreEvent


def moment(at: Mapping[str, Any]) -> Moment:
    """Read when the visitor acted."""
    return Moment(float(at["since_epoch_ms"]), int(at["ahead_of_utc_min"]))


def parse_store(message: Mapping[str, Any]) -> StoreEvent:
    """Parse what the store tells; ``ValueError`` for a message that is none of its."""
    match message["kind"]:
        case "store-read":
            return StoreRead(
                StoreState(message["state"]),
                bool(message["passcode"]),
                message["persisted"],
                _records(message["records"]),
                moment(message["at"]),
            )
        case "store-written":
            revisions = {str(key): int(n) for key, n in message["revisions"].items()}
            return StoreWritten(int(message["id"]), revisions, message["persisted"])
        case "store-failed":
            return StoreFailed(message["id"], StoreFault(message["fault"]))
        case "store-pictures":
            pictures = {str(p["key"]): bytes(p["bytes"]) for p in message["pictures"]}
            return PicturesRead(int(message["id"]), pictures)
        case kind:
            raise ValueError(f"the store sends no message of kind {kind!r}")


def parse_act(  # noqa: PLR0912 (one a line)
    action: str, payload: Mapping[str, Any], intent: int
) -> SpotsAct | OverviewAct | SizeAct | None:
    """Parse what the visitor does with what is kept; ``None`` for any other act."""
    match action:
        case "save-asked":
            return SaveAsked(intent, int(payload["photo"]))
        case "save-dropped":
            return SaveDropped(intent)
        case "save-confirmed":
            photo, ids = int(payload["photo"]), tuple(payload["ids"])
            return SaveConfirmed(intent, photo, _fields(payload), ids, moment(payload["at"]))
        case "place-tapped":
            x, y = float(payload["x"]), float(payload["y"])
            return PlaceTapped(intent, View(payload["view"]), x, y)
        case "person-added":
            ids = tuple(payload["ids"])
            return PersonAdded(intent, _fields(payload), ids, moment(payload["at"]))
        case "person-chosen":
            return PersonChosen(intent, str(payload["person"]))
        case "person-renamed":
            return PersonRenamed(intent, str(payload["person"]), _fields(payload))
        case "person-removed":
            return PersonRemoved(intent, str(payload["person"]), "confirmed" in payload)
        case "spot-described":
            return SpotDescribed(intent, str(payload["spot"]), _fields(payload))
        case "care-given":
            care, on = Care(payload["care"]), str(_fields(payload).get("on", ""))
            return CareGiven(intent, str(payload["spot"]), care, on, moment(payload["at"]))
        case "spot-deleted":
            return SpotDeleted(intent, str(payload["spot"]), "confirmed" in payload)
        case "photo-deleted":
            return PhotoDeleted(intent, str(payload["capture"]), "confirmed" in payload)
        case "deletion-refused":
            return DeletionRefused(intent)
        case "spot-remind":
            return SpotReminderWanted(intent, str(payload["spot"]), moment(payload["at"]))
        case "spot-report":
            return SpotReportWanted(intent, str(payload["spot"]), moment(payload["at"]))
        case "repeat":
            return RepeatWanted(intent, str(payload["spot"]))
        case "compare-with":
            return ComparisonChosen(intent, str(payload["capture"]))
        case "shape-asked":
            return ShapeAsked(intent, str(payload["capture"]))
        case "coin-chosen":
            coin, capture = Coin(_fields(payload)["coin"]), str(payload["capture"])
            return CoinChosen(intent, capture, coin, _photo(payload, intent))
        case "coin-confirmed":
            is_new, at = "new" in _fields(payload), moment(payload["at"])
            return CoinConfirmed(intent, str(payload["capture"]), is_new, at)
        case "coin-refused":
            return CoinRefused(intent)
        case "size-removed":
            return SizeRemoved(intent, str(payload["capture"]))
        case "change-answered":
            fields = _fields(payload)
            seen = ChangeSeen(fields.get("seen", ChangeSeen.NOT_SURE))
            return ChangeAnswered(intent, str(payload["capture"]), seen, fields)
        case "backup-made":
            return BackupMade(intent, moment(payload["at"]))
        case "backup-opened":
            return BackupOpened(intent, _records(payload["records"]), int(payload["pictures"]))
        case "restore-confirmed":
            return RestoreConfirmed(intent)
        case "overview-chosen":
            return OverviewChosen(intent, str(payload["spot"]), _photo(payload, intent))
        case "overview-marked":
            x, y = (float(_fields(payload)[name]) for name in ("x", "y"))
            return OverviewMarked(intent, str(payload["spot"]), x, y, tuple(payload["ids"]))
        case "overview-opened":
            return OverviewOpened(intent, str(payload["spot"]))
        case "overview-dropped":
            return OverviewDropped(intent)
        case "overview-deleted":
            return OverviewDeleted(intent, str(payload["spot"]), "confirmed" in payload)
        case _:
            return None


def _records(records: Any) -> tuple[StoredRecord, ...]:
    return tuple(
        StoredRecord(str(record["key"]), str(record["json"]), int(record["revision"]))
        for record in records
    )


def _fields(payload: Mapping[str, Any]) -> Fields:
    return {str(name): str(value) for name, value in payload["fields"].items()}


def _photo(payload: Mapping[str, Any], intent: int) -> Photo:
    """Read a photo that was chosen for a kept spot."""
    photo_id, name = int(payload["photo"]["id"]), str(payload["photo"]["name"])
    return Photo(photo_id, intent, Source.CHOSEN, float(payload["started_ms"]), name)
