"""The screens of kept spots in every state, as the application holds it: no store, no camera."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image

from app.route import Route
from app.spots.apart import Apart
from app.spots.events import (
    BackupOpened,
    CoinSought,
    Compared,
    Proposal,
    ShapeDrawn,
    StoreFailed,
    StoreFault,
    StoreState,
)
from app.spots.saving import FormFault
from app.spots.state import Comparing, Marking, Repeat, Saving, Shaping, Sizing, Spots
from app.spots.update import told
from lentigo.errors import Fault, PictureTooLargeError
from lentigo.model.modality import Modality
from lentigo.priority import Priority
from lentigo.spots.comparison.alignment import Reason
from lentigo.spots.comparison.change import ChangeCode
from lentigo.spots.comparison.shape import Colour, Shape
from lentigo.spots.place import Place, Site, View
from lentigo.spots.records import ChangeSeen, Overview
from lentigo.spots.scale.coin import Coin
from lentigo.spots.scale.size import Size
from tests.unit.app.spots.test_update import known, stored
from tests.unit.builders import photo
from tests.unit.kept import CAPTURE, DAY, PERSON, SPOT, captured

LONG = "Dark mole below the left shoulder blade, by the scar"
PLACED = replace(
    SPOT, name=LONG, place=Place(Site.LEFT_UPPER_BACK, View.BACK, 0.4, 0.3), note="It itches."
)
EARLIER = replace(
    captured(Priority.URGENT, days=-90, name="c1"),
    modality=Modality.DERMOSCOPIC,
    change_seen=ChangeSeen.NOT_SURE,
)
MIDDLE = replace(EARLIER, id="c2", taken=DAY.replace(month=10))
NEWEST = replace(captured(Priority.LOW, name="c3"), modality=Modality.DERMOSCOPIC)
OTHER = replace(SPOT, id="s2", name="", place=Place(Site.RIGHT_SOLE))
OTHERS = replace(captured(Priority.LOW, name="c4"), spot=OTHER.id)
SOMEBODY = replace(PERSON, id="p2", name="Somebody with a long name")
RECORDS = (PERSON, SOMEBODY, PLACED, EARLIER, MIDDLE, NEWEST, OTHER, OTHERS)
WHOSE = replace(known(*RECORDS), opened=SPOT.id)
FULL = replace(WHOSE, collection=replace(WHOSE.collection, person=PERSON.id))


def _jpeg(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(buffer, "JPEG")
    return buffer.getvalue()


PICTURES = _jpeg("#c69"), _jpeg("#b58")
EDGE = ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7))
SHAPE = Shape(0.12, 9.4, -30.0, 1.44, (Colour.BLACK,), 7.0)
DRAWN = ShapeDrawn(NEWEST.id, SHAPE, PICTURES[0], (400, 300), (0.5, 0.5), EDGE)
SHAPED = replace(FULL, shaping=Shaping(NEWEST.id, 1, DRAWN))
SIZE = Size(Coin.UK_POUND_1, 8.5, 0.07, is_new=True, on=DAY)
SOUGHT = CoinSought(photo().id, PICTURES[0], (400, 300), (Proposal(EDGE, EDGE[:3], SIZE),))
SIZING = Sizing(NEWEST.id, Coin.UK_POUND_1, Apart(photo()), SOUGHT)
WITH_SIZE = {**FULL.collection.records, NEWEST.id: replace(NEWEST, size=SIZE)}
SIZED = replace(SHAPED, collection=replace(FULL.collection, records=WITH_SIZE))
FOUND = Compared(
    MIDDLE.id,
    NEWEST.id,
    PICTURES,
    (400, 300),
    area_share=0.24,
    codes=tuple(ChangeCode),
    concerns=tuple(ChangeCode),
    outlines=(EDGE, EDGE),
)


def _comparing(found: Compared | None) -> Spots:
    return replace(FULL, compares=True, comparing=Comparing(MIDDLE.id, NEWEST.id, 1, found))


AROUND = replace(PLACED, overview=Overview("wide", 0.98, 0.02))
BAD = PictureTooLargeError(Fault.MANY_MEGABYTES, name="arm-and-shoulder.jpg", megabytes=200.0)
LOCKED = known(state=StoreState.LOCKED)
UNAVAILABLE = told(Spots(), StoreFailed(None, StoreFault.UNAVAILABLE))[0]
UNREAD = replace(FULL, collection=replace(FULL.collection, unread=2))
BACKUP = BackupOpened(1, stored(PERSON, PLACED, replace(NEWEST, id="c9")), 12)
WITH_PASSCODE = replace(FULL, collection=replace(FULL.collection, passcode=True))

KEPT_STATES: dict[str, tuple[Route, Spots]] = {
    "list": (Route.SPOTS, UNREAD),
    "list-empty": (Route.SPOTS, known(state=StoreState.EMPTY)),
    "list-whose": (Route.SPOTS, WHOSE),
    "list-locked": (Route.SPOTS, LOCKED),
    "list-unavailable": (Route.SPOTS, UNAVAILABLE),
    "spot": (Route.SPOT, SHAPED),
    "spot-coin": (Route.SPOT, replace(SHAPED, sizing=SIZING)),
    "spot-size": (Route.SPOT, SIZED),
    "spot-deleting": (Route.SPOT, replace(FULL, deleting=SPOT.id, fault=StoreFault.CONFLICT)),
    "spot-area": (Route.SPOT, replace(FULL, marking=Marking(SPOT.id, Apart(photo()), PICTURES[0]))),
    "spot-area-kept": (
        Route.SPOT,
        replace(known(PERSON, AROUND, NEWEST), opened=SPOT.id, marking=Marking(SPOT.id, error=BAD)),
    ),
    "compare": (Route.COMPARE, _comparing(FOUND)),
    "compare-beside": (
        Route.COMPARE,
        _comparing(replace(FOUND, reason=Reason.NO_MATCH, codes=(), outlines=())),
    ),
    "map": (Route.MAP, FULL),
    "map-empty": (Route.MAP, known(PERSON, SPOT, CAPTURE)),
    "settings": (Route.SETTINGS, replace(WITH_PASSCODE, restoring=BACKUP)),
    "settings-locked": (Route.SETTINGS, LOCKED),
    "repeat": (Route.SCREENING, replace(FULL, repeating=Repeat(SPOT.id, NEWEST.id, 1))),
    "form": (Route.SCREENING, replace(FULL, saving=Saving(1, fault=FormFault.FUTURE_DAY))),
}
