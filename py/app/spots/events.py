"""What can happen to the spots that are kept; the store is the page's (``js/page/spots.js``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.events import Photo
    from app.keep.moment import Moment
    from lentigo.spots.comparison.alignment import Reason
    from lentigo.spots.comparison.change import ChangeCode
    from lentigo.spots.comparison.shape import Shape
    from lentigo.spots.comparison.twin import Twin
    from lentigo.spots.lining_up import Earlier
    from lentigo.spots.place import View
    from lentigo.spots.records import Care, ChangeSeen
    from lentigo.spots.scale.coin import Coin
    from lentigo.spots.scale.find import NoCoin
    from lentigo.spots.scale.size import Size

# The fields of a form, by name.
Fields = Mapping[str, str]


class StoreState(StrEnum):
    """What the store is like; ``js/vault/`` has its side."""

    EMPTY = "empty"
    """Nothing was ever kept."""
    OPEN = "open"
    LOCKED = "locked"


class StoreFault(StrEnum):
    """Why the store did not do what it was asked to."""

    CONFLICT = "conflict"
    """Another tab has changed the record meanwhile."""
    FULL = "full"
    LOCKED = "locked"
    MISSING = "missing"
    """A picture that should be there is not."""
    UNAVAILABLE = "unavailable"
    """This browser keeps nothing, or not here."""


@dataclass(frozen=True)
class StoredRecord:
    """A record as it is kept: its key, its JSON, and how often it was written."""

    key: str
    json: str
    revision: int


# --- what the store tells -----------------------------------------------------------------------


@dataclass(frozen=True)
class StoreRead:
    """Everything in the store but the pictures, and what it is like.

    ``passcode`` says whether it has one. ``persisted`` is the browser's word that it keeps what is
    here, ``None`` if it was not asked. ``at`` is now.
    """

    state: StoreState
    passcode: bool
    persisted: bool | None
    records: tuple[StoredRecord, ...]
    at: Moment


@dataclass(frozen=True)
class StoreWritten:
    """A request was done, whole; the new revision of each record that it wrote."""

    request: int
    revisions: Mapping[str, int]
    persisted: bool | None


@dataclass(frozen=True)
class StoreFailed:
    """A request was not done, and nothing was changed; ``None`` if the store cannot be opened."""

    request: int | None
    fault: StoreFault


@dataclass(frozen=True)
class PicturesRead:
    """Pictures that were asked for, as JPEG by key."""

    request: int
    pictures: Mapping[str, bytes]


@dataclass(frozen=True)
class Compared:
    """Two photos were compared; ``pictures`` are JPEGs, the later as the earlier one sees it.

    Where they could not be lined up, each is as it was taken. ``area_share`` is what the spot
    gained, in shares of its area, ``None`` if not measured; ``outlines`` are the earlier and the
    later one, (x, y) in 0..1 of the first picture.
    """

    earlier: str
    later: str
    pictures: tuple[bytes, bytes]
    size: tuple[int, int]
    twin: Twin | None = None
    reason: Reason | None = None
    area_share: float | None = None
    codes: tuple[ChangeCode, ...] = ()
    concerns: tuple[ChangeCode, ...] = ()
    outlines: tuple[tuple[tuple[float, float], ...], ...] = ()

    @property
    def aligned(self) -> bool:
        """Whether the photos could be lined up."""
        return self.twin is None and self.reason is None


@dataclass(frozen=True)
class Recalled:
    """An earlier photo, by name, as the coach compares it with the camera's view."""

    capture: str
    earlier: Earlier


@dataclass(frozen=True)
class ShapeDrawn:
    """The spot of a photo was measured and cut out; ``shape`` is ``None`` where it could not be.

    ``middle`` and ``outline`` are in 0..1 of the JPEG ``picture``, (x, y).
    """

    capture: str
    shape: Shape | None = None
    picture: bytes = b""
    size: tuple[int, int] = (0, 0)
    middle: tuple[float, float] = (0.0, 0.0)
    outline: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Proposal:
    """What may be the coin: its ``edge``, and the spot by it with its ``outline``.

    Both are (x, y) in 0..1 of the picture. ``size`` is ``None`` where no spot can be traced.
    """

    edge: tuple[tuple[float, float], ...]
    outline: tuple[tuple[float, float], ...] = ()
    size: Size | None = None


@dataclass(frozen=True)
class CoinSought:
    """A coin was looked for in a photo: proposals, the likeliest first, or why there is none.

    ``picture`` is the photo as the page shows it, a JPEG of ``shown_px`` (width, height).
    """

    photo_id: int
    picture: bytes
    shown_px: tuple[int, int]
    found: tuple[Proposal, ...] | NoCoin


@dataclass(frozen=True)
class BackupOpened:
    """A backup that the visitor chose could be read; nothing is taken from it yet."""

    intent: int
    records: tuple[StoredRecord, ...]
    pictures: int


# --- what the visitor does ----------------------------------------------------------------------


@dataclass(frozen=True)
class SaveAsked:
    """The visitor wants to keep the spot of a photo."""

    intent: int
    photo_id: int


@dataclass(frozen=True)
class SaveDropped:
    """The visitor does not want to keep it after all."""

    intent: int


@dataclass(frozen=True)
class SaveConfirmed:
    """The visitor keeps it; ``ids`` are new names for whatever has to be created."""

    intent: int
    photo_id: int
    fields: Fields
    ids: tuple[str, ...]
    at: Moment


@dataclass(frozen=True)
class PlaceTapped:
    """The visitor points at a place of a drawing; (x, y) in 0..1 of it."""

    intent: int
    view: View
    x: float
    y: float


@dataclass(frozen=True)
class PersonAdded:
    """The visitor keeps spots of somebody else too."""

    intent: int
    fields: Fields
    ids: tuple[str, ...]
    at: Moment


@dataclass(frozen=True)
class PersonRenamed:
    """Somebody whose spots are kept has another name."""

    intent: int
    person: str
    fields: Fields


@dataclass(frozen=True)
class PersonRemoved:
    """The visitor wants somebody to be gone, with all that is theirs, once that is confirmed."""

    intent: int
    person: str
    confirmed: bool = False


@dataclass(frozen=True)
class PersonChosen:
    """Whose spots are shown from now on."""

    intent: int
    person: str


@dataclass(frozen=True)
class SpotDescribed:
    """The name, the place and the note of a spot, as they shall be."""

    intent: int
    spot: str
    fields: Fields


@dataclass(frozen=True)
class CareGiven:
    """What has become of a spot, on which day (ISO)."""

    intent: int
    spot: str
    care: Care
    on: str
    at: Moment


@dataclass(frozen=True)
class SpotDeleted:
    """The visitor wants a spot to be gone; it goes once that is confirmed."""

    intent: int
    spot: str
    confirmed: bool = False


@dataclass(frozen=True)
class PhotoDeleted:
    """The visitor wants one photo of a spot to be gone; it goes once that is confirmed."""

    intent: int
    capture: str
    confirmed: bool = False


@dataclass(frozen=True)
class DeletionRefused:
    """The visitor keeps what was to be deleted after all."""

    intent: int


@dataclass(frozen=True)
class SpotReminderWanted:
    """The visitor wants to be reminded of what is due of a spot."""

    intent: int
    spot: str
    at: Moment


@dataclass(frozen=True)
class SpotReportWanted:
    """The visitor wants a report of a spot, with its whole history, for the doctor."""

    intent: int
    spot: str
    at: Moment


@dataclass(frozen=True)
class RepeatWanted:
    """The visitor takes another photo of a spot that is kept."""

    intent: int
    spot: str


@dataclass(frozen=True)
class ComparisonChosen:
    """The visitor wants the newest photo of the spot shown compared with an earlier one."""

    intent: int
    capture: str


@dataclass(frozen=True)
class ShapeAsked:
    """The visitor wants to see what can be measured in a photo, or does not any longer."""

    intent: int
    capture: str


@dataclass(frozen=True)
class CoinChosen:
    """The visitor has chosen a photo of the spot with a coin beside it, and says which coin.

    ``capture`` is the kept photo of that spot to which the size shall belong.
    """

    intent: int
    capture: str
    coin: Coin
    photo: Photo


@dataclass(frozen=True)
class CoinConfirmed:
    """The visitor says that coin and spot were found, and whether the spot is new."""

    intent: int
    capture: str
    is_new: bool
    at: Moment


@dataclass(frozen=True)
class CoinRefused:
    """The visitor says that what was found is not the coin, or not the spot."""

    intent: int


@dataclass(frozen=True)
class SizeRemoved:
    """The visitor takes the size of a spot back: it was another coin, or none."""

    intent: int
    capture: str


@dataclass(frozen=True)
class ChangeAnswered:
    """What the visitor sees between an earlier photo and this one, and which changes."""

    intent: int
    capture: str
    seen: ChangeSeen
    fields: Fields


@dataclass(frozen=True)
class BackupMade:
    """The visitor has a backup of all that was kept at a time."""

    intent: int
    at: Moment


@dataclass(frozen=True)
class RestoreConfirmed:
    """The visitor wants what is in the backup."""

    intent: int


@dataclass(frozen=True)
class OverviewChosen:
    """The visitor has chosen a wide photo of the skin around a spot."""

    intent: int
    spot: str
    photo: Photo


@dataclass(frozen=True)
class OverviewEncoded:
    """A wide photo was decoded and written anew as JPEG, without what its file told besides."""

    photo_id: int
    picture: bytes


@dataclass(frozen=True)
class OverviewMarked:
    """The visitor keeps where the spot is on the wide photo, and that photo if it is new.

    (x, y) in 0..1 of it; ``ids`` are new names.
    """

    intent: int
    spot: str
    x: float
    y: float
    ids: tuple[str, ...]


@dataclass(frozen=True)
class OverviewOpened:
    """The visitor wants to move the mark on the wide photo that is kept."""

    intent: int
    spot: str


@dataclass(frozen=True)
class OverviewDropped:
    """The visitor changes nothing about the wide photo after all."""

    intent: int


@dataclass(frozen=True)
class OverviewDeleted:
    """The visitor wants the wide photo to be gone; it goes once that is confirmed."""

    intent: int
    spot: str
    confirmed: bool = False


StoreEvent = (
    StoreRead
    | StoreWritten
    | StoreFailed
    | PicturesRead
    | Compared
    | ShapeDrawn
    | CoinSought
    | Recalled
    | OverviewEncoded
)
SpotsAct = (
    BackupMade
    | BackupOpened
    | SaveAsked
    | SaveDropped
    | SaveConfirmed
    | PlaceTapped
    | PersonAdded
    | PersonChosen
    | PersonRenamed
    | PersonRemoved
    | SpotDescribed
    | CareGiven
    | SpotDeleted
    | PhotoDeleted
    | DeletionRefused
    | SpotReminderWanted
    | SpotReportWanted
    | RepeatWanted
    | ComparisonChosen
    | ShapeAsked
    | ChangeAnswered
    | RestoreConfirmed
)
OverviewAct = OverviewChosen | OverviewMarked | OverviewOpened | OverviewDropped | OverviewDeleted
SizeAct = CoinChosen | CoinConfirmed | CoinRefused | SizeRemoved
