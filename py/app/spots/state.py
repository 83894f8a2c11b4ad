"""Everything about kept spots that ``view`` shows and ``update`` decides on, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.spots.collection import Collection

if TYPE_CHECKING:
    from app.spots.apart import Apart
    from app.spots.events import (
        BackupOpened,
        CoinSought,
        Compared,
        Fields,
        ShapeDrawn,
        StoreFault,
    )
    from app.spots.saving import FormFault
    from lentigo.errors import LentigoError
    from lentigo.spots.lining_up import Earlier
    from lentigo.spots.place import Place
    from lentigo.spots.records import Record
    from lentigo.spots.scale.coin import Coin


@dataclass(frozen=True)
class Saving:
    """The form that keeps the spot of a photo is open.

    ``fields`` are what was filled in when it was sent, and ``fault`` what was wrong with it;
    ``request`` is the store's, while it writes.
    """

    photo_id: int
    fields: Fields = field(default_factory=dict)
    fault: FormFault | StoreFault | None = None
    request: int | None = None


@dataclass(frozen=True)
class Write:
    """What becomes of the records once the store has done a request; ``None`` takes one away.

    ``photo_id`` and ``spot`` are those of an answer that is kept by it.
    """

    records: Mapping[str, Record | None]
    photo_id: int | None = None
    spot: str | None = None


@dataclass(frozen=True)
class Comparing:
    """Two photos of a spot, by name; ``request`` is the store's, ``found`` what came of it."""

    earlier: str
    later: str
    request: int | None = None
    found: Compared | None = None
    fault: StoreFault | None = None


@dataclass(frozen=True)
class Shaping:
    """What can be measured in a photo is shown; as ``Comparing``."""

    capture: str
    request: int
    found: ShapeDrawn | None = None
    fault: StoreFault | None = None


@dataclass(frozen=True)
class Sizing:
    """The spot of a kept photo, by name, is measured by a coin in another photo.

    ``refused`` are how many of the proposals the visitor has said not to be the coin.
    """

    capture: str
    coin: Coin
    apart: Apart
    found: CoinSought | None = None
    refused: int = 0


@dataclass(frozen=True)
class Repeat:
    """The spot that is photographed again, by name.

    ``capture`` is its earlier photo and ``earlier`` what that one shows, once its picture has been
    read by ``request``. ``used`` says that a new photo was chosen.
    """

    spot: str
    capture: str
    request: int
    earlier: Earlier | None = None
    used: bool = False


@dataclass(frozen=True)
class Marking:
    """The wide photo of a spot is chosen, and the spot marked on it.

    ``apart`` is a new photo, ``None`` for the one that is kept; ``picture`` is its JPEG once it has
    been read, ``error`` why it cannot be used. ``request`` is the store's, while it writes.
    ``deleting`` says that the visitor is asked whether the kept one shall go.
    """

    spot: str
    apart: Apart | None = None
    picture: bytes = b""
    error: LentigoError | None = None
    request: int | None = None
    deleting: bool = False


@dataclass(frozen=True)
class Spots:
    """``opened`` is the spot that the address names, ``repeating`` the one photographed again.

    ``placed`` is where the visitor pointed at in the form that is open. ``saved`` are the spots in
    which photos were kept, by the photo. ``deleting`` is the spot, photo or person of which the
    visitor is asked whether it shall go, ``marking`` what happens to the wide photo of one.
    ``compares`` says that two photos are shown. ``uncared`` is what was wrong with the day on which
    a doctor is said to have looked. ``writes`` are the requests on their way.
    """

    collection: Collection = field(default_factory=Collection)
    opened: str | None = None
    saving: Saving | None = None
    placed: Place | None = None
    saved: Mapping[int, str] = field(default_factory=dict)
    repeating: Repeat | None = None
    deleting: str | None = None
    marking: Marking | None = None
    comparing: Comparing | None = None
    compares: bool = False
    shaping: Shaping | None = None
    sizing: Sizing | None = None
    restoring: BackupOpened | None = None
    restored: int | None = None
    fault: StoreFault | None = None
    uncared: FormFault | None = None
    writes: Mapping[int, Write] = field(default_factory=dict)
    requests: int = 0
