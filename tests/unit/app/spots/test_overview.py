"""A wide photo around a spot: read like every photo, marked, kept with the spot, gone with it."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from app.application import Application
from app.effects import DecodeFile, DecodeOnHost, ReadPhoto
from app.events import FileRead, PhotoUnreadable, PictureArrived, PictureRefused
from app.page import Page, update
from app.route import Route
from app.spots import overview
from app.spots.apart import Apart, PhotoEvent
from app.spots.effects import EncodeOverview, WriteStore
from app.spots.events import (
    OverviewChosen,
    OverviewDeleted,
    OverviewDropped,
    OverviewEncoded,
    OverviewMarked,
    OverviewOpened,
    SpotDeleted,
    StoreFailed,
    StoreFault,
    StoreRead,
    StoreState,
    StoreWritten,
)
from app.spots.state import Marking, Spots
from app.spots.update import acted, opened, told
from lentigo.errors import Fault, HostDecodableError, NotAPictureError, UnreadableFileError
from lentigo.spots.records import KeptSpot, Overview
from tests.unit.app.spots.test_update import AT, known, records_of
from tests.unit.app.test_application import RecordingEngine, RecordingHost, SteppingClock
from tests.unit.builders import photo
from tests.unit.kept import CAPTURE, PERSON, SPOT

WIDE = photo(number=9)
PICTURE = Image.new("RGB", (640, 480), "sienna")
MARKED = replace(SPOT, overview=Overview("wide", 0.25, 0.5))
NOT_KNOWN = known(PERSON, SPOT, CAPTURE)
KEPT = known(PERSON, MARKED, CAPTURE)


def chosen(spots: Spots = NOT_KNOWN) -> Spots:
    spots, effects = overview.acted(spots, OverviewChosen(2, SPOT.id, WIDE))
    assert effects == (ReadPhoto(9),)
    return spots


def encoded(spots: Spots = NOT_KNOWN) -> Spots:
    return told(chosen(spots), OverviewEncoded(9, b"jpeg"))[0]


def marked(spots: Spots, x: float = 0.2, y: float = 0.4) -> tuple[Spots, WriteStore]:
    spots, (effect,) = overview.acted(spots, OverviewMarked(3, SPOT.id, x, y, ("new",)))
    assert isinstance(effect, WriteStore)
    return spots, effect


def spot_of(effect: WriteStore) -> KeptSpot:
    spot = records_of(effect)[SPOT.id]
    assert isinstance(spot, KeptSpot)
    return spot


def fault_of(spots: Spots) -> Fault | None:
    return spots.marking.error.fault if spots.marking and spots.marking.error else None


def test_a_wide_photo_takes_the_way_of_every_photo() -> None:
    spots = chosen()
    spots, effects = overview.read(spots, FileRead(9, 4, b"file"))
    assert effects == (DecodeFile(WIDE, b"file"),)
    spots, effects = overview.read(spots, PictureArrived(WIDE, PICTURE))
    assert effects == (EncodeOverview(9, PICTURE),)
    spots, _ = told(spots, OverviewEncoded(9, b"jpeg"))
    assert spots.marking == Marking(SPOT.id, Apart(WIDE), b"jpeg")
    other, _ = told(chosen(), OverviewEncoded(8, b"jpeg"))
    assert other.marking == Marking(SPOT.id, Apart(WIDE)), "of a photo that is not wanted any more"


def test_what_the_file_tells_besides_is_not_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    buffer = io.BytesIO()
    PICTURE.resize((2000, 1500)).save(buffer, "JPEG", exif=exif, comment=b"by the sea")
    data = buffer.getvalue()
    application = Application(RecordingHost(), RecordingEngine(), SteppingClock())
    application.page = Page(route=Route.SPOT, spots=chosen())
    application.handle(FileRead(9, len(data), data))
    assert application.page.spots.marking is not None
    kept = application.page.spots.marking.picture
    with Image.open(io.BytesIO(kept)) as opened_again:
        assert (opened_again.format, opened_again.size) == ("JPEG", (1024, 768))
        assert not opened_again.getexif()
    for told_besides in (b"at home", b"by the sea"):
        assert told_besides in data
        assert told_besides not in kept


def test_the_first_screen_hears_nothing_of_it() -> None:
    page = Page(route=Route.SPOT, spots=chosen())
    after, effects = update(page, FileRead(9, 4, b"file"))
    assert effects == (DecodeFile(WIDE, b"file"),)
    assert after.screening is page.screening
    assert update(page, FileRead(8, 4, b"file"))[1] == ()


@pytest.mark.parametrize(
    ("event", "fault"),
    [
        (FileRead(9, 10**9, b""), Fault.MANY_MEGABYTES),
        (PictureRefused(WIDE, NotAPictureError(Fault.NOT_A_PHOTO)), Fault.NOT_A_PHOTO),
        (PhotoUnreadable(9, UnreadableFileError(Fault.FILE_UNREADABLE)), Fault.FILE_UNREADABLE),
        (PictureArrived(WIDE, PICTURE.resize((20, 20))), Fault.FEW_PIXELS_DECODED),
    ],
)
def test_a_bad_file_says_what_is_wrong_with_it(event: PhotoEvent, fault: Fault) -> None:
    assert overview.is_of(chosen(), event)
    spots, effects = overview.read(chosen(), event)
    assert effects == ()
    assert fault_of(spots) is fault
    assert not overview.is_of(spots, event)
    assert overview.acted(spots, OverviewMarked(3, SPOT.id, 0.5, 0.5, ("new",)))[1] == ()


def test_a_format_that_only_the_browser_may_know_is_asked_of_it() -> None:
    refused = PictureRefused(WIDE, HostDecodableError(Fault.NOT_READ_HERE))
    spots, effects = overview.read(chosen(), refused)
    assert effects == (DecodeOnHost(9),)
    failed = PhotoUnreadable(9, UnreadableFileError(Fault.FILE_UNREADABLE))
    assert fault_of(overview.read(spots, failed)[0]) is Fault.NOT_READ_HERE, (
        "Pillow knows the format"
    )


def test_nothing_is_kept_before_the_spot_is_marked_and_the_store_says_so() -> None:
    spots = encoded()
    assert spots.writes == {}
    spots, effect = marked(spots)
    assert effect.pictures == {"new": b"jpeg"}
    assert effect.deleted == ()
    assert spot_of(effect).overview == Overview("new", 0.2, 0.4)
    assert overview.acted(spots, OverviewMarked(4, SPOT.id, 0.9, 0.9, ("n2",)))[1] == (), "twice"
    spots, _ = told(spots, StoreWritten(effect.request, {SPOT.id: 2}, None))
    assert spots.marking is None
    watched = spots.collection.watched(SPOT.id)
    assert watched is not None
    assert watched.spot.overview == Overview("new", 0.2, 0.4)


@pytest.mark.parametrize("fault", StoreFault)
def test_what_could_not_be_kept_stays_on_the_page(fault: StoreFault) -> None:
    spots, effect = marked(encoded())
    spots, _ = told(spots, StoreFailed(effect.request, fault))
    assert spots.fault is fault
    assert spots.marking == Marking(SPOT.id, Apart(WIDE), b"jpeg")


def test_another_photo_takes_the_place_of_the_one_before() -> None:
    _, effect = marked(encoded(KEPT))
    assert effect.pictures == {"new": b"jpeg"}
    assert effect.deleted == ("wide",)


def test_the_mark_is_moved_on_the_same_photo_and_stays_on_it() -> None:
    spots, _ = overview.acted(KEPT, OverviewOpened(2, SPOT.id))
    _, effect = marked(spots, -0.1, 1.2)
    assert spot_of(effect).overview == Overview("wide", 0.0, 1.0)
    assert effect.pictures == {}
    assert effect.deleted == ()
    assert overview.acted(spots, OverviewDropped(3))[0].marking is None
    assert overview.acted(NOT_KNOWN, OverviewOpened(2, SPOT.id))[0].marking is None


def test_the_photo_is_deleted_after_a_question() -> None:
    spots, effects = overview.acted(KEPT, OverviewDeleted(2, SPOT.id))
    assert effects == ()
    _, (effect,) = overview.acted(spots, OverviewDeleted(3, SPOT.id, confirmed=True))
    assert isinstance(effect, WriteStore)
    assert effect.deleted == ("wide",)
    assert spot_of(effect).overview is None
    assert overview.acted(NOT_KNOWN, OverviewDeleted(2, SPOT.id, confirmed=True))[1] == ()


def test_it_goes_with_its_spot() -> None:
    _, (effect,) = acted(KEPT, None, SpotDeleted(3, SPOT.id, confirmed=True))
    assert isinstance(effect, WriteStore)
    assert "wide" in effect.deleted


def test_another_screen_ends_it() -> None:
    assert opened(encoded(), Route.SPOTS, None)[0].marking is None


def test_a_spot_that_is_not_kept_gets_none() -> None:
    spots, effects = overview.acted(known(PERSON), OverviewChosen(2, SPOT.id, WIDE))
    assert effects == ()
    assert spots.marking is None


def test_what_is_locked_leaves_no_picture_behind() -> None:
    locked = StoreRead(StoreState.LOCKED, True, True, (), AT)
    assert told(encoded(), locked)[0].marking is None
