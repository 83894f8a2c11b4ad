"""What the spots that are kept ask for; ``app.application`` performs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

    from app.keep.moment import Moment
    from app.spots.collection import Collection, Watched
    from app.spots.events import StoredRecord
    from lentigo.spots.records import Capture
    from lentigo.spots.scale.coin import Coin


@dataclass(frozen=True)
class OpenStore:
    """Read everything that is kept; leads to ``StoreRead`` or ``StoreFailed``."""


@dataclass(frozen=True)
class WriteStore:
    """Write records and pictures (JPEG by key), and take some away: all of it or nothing.

    Leads to ``StoreWritten`` or ``StoreFailed``.
    """

    request: int
    records: tuple[StoredRecord, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    deleted: tuple[str, ...] = ()


@dataclass(frozen=True)
class RestoreStore:
    """Write records, and the pictures of these keys, out of the backup that was opened last."""

    request: int
    records: tuple[StoredRecord, ...]
    pictures: tuple[str, ...]


@dataclass(frozen=True)
class ReadPictures:
    """Read pictures; leads to ``PicturesRead`` or ``StoreFailed``."""

    request: int
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Compare:
    """Line two photos up, the earlier first, and measure; leads to ``Compared``."""

    earlier: Capture
    later: Capture
    pictures: tuple[bytes, bytes]


@dataclass(frozen=True)
class Recall:
    """See how an earlier photo shows its spot; leads to ``Recalled``."""

    capture: Capture
    picture: bytes


@dataclass(frozen=True)
class DrawShape:
    """Measure the spot of a photo, of which this is the JPEG; leads to ``ShapeDrawn``."""

    capture: Capture
    picture: bytes


@dataclass(frozen=True)
class SeekCoin:
    """Look for a coin, and for the spot, in a photo (RGB); leads to ``CoinSought``."""

    photo_id: int
    coin: Coin
    picture: Image.Image


@dataclass(frozen=True)
class EncodeOverview:
    """Write a wide photo (RGB) as JPEG; leads to ``OverviewEncoded``."""

    photo_id: int
    picture: Image.Image


@dataclass(frozen=True)
class RemindOfSpot:
    """Give the visitor a reminder of what is due of a spot."""

    watched: Watched
    at: Moment


@dataclass(frozen=True)
class ReportOfSpot:
    """Give the visitor a report of a spot, which is one of the collection, made at a time."""

    watched: Watched
    collection: Collection
    at: Moment


SpotsEffect = (
    OpenStore
    | WriteStore
    | RestoreStore
    | ReadPictures
    | Compare
    | DrawShape
    | SeekCoin
    | Recall
    | EncodeOverview
    | RemindOfSpot
    | ReportOfSpot
)
