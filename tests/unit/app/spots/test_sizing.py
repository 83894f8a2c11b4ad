"""Millimetres by a coin: asked for, found, confirmed by the visitor, taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image

from app.effects import DecodeFile, ReadPhoto
from app.events import FileRead, Photo, PictureArrived, Source
from app.spots import sizing as steps
from app.spots.coin_seeking import coin_sought
from app.spots.effects import SeekCoin, WriteStore
from app.spots.events import (
    CoinChosen,
    CoinConfirmed,
    CoinRefused,
    CoinSought,
    Proposal,
    ShapeAsked,
    SizeRemoved,
    StoreWritten,
)
from app.spots.sizing import proposal
from app.spots.state import Spots
from app.spots.update import acted, told
from lentigo.errors import Fault
from lentigo.spots.archive import read
from lentigo.spots.records import Capture
from lentigo.spots.scale.coin import Coin
from lentigo.spots.scale.find import NoCoin
from lentigo.spots.scale.size import Size
from tests.unit.app.keep.moments import NOON
from tests.unit.app.spots.test_update import known
from tests.unit.kept import CAPTURE, PERSON, SPOT
from tests.unit.lentigo.spots.scale.drawings import photo

SIZE = Size(Coin.EURO_2, 5.4, 0.06, on=CAPTURE.taken)
OUTLINE = ((0.4, 0.4), (0.5, 0.5), (0.4, 0.5))
FOUND = (Proposal(((0.6, 0.5), (0.7, 0.6)), OUTLINE, SIZE), Proposal(((0.1, 0.1), (0.2, 0.2))))
PHOTO = Photo(9, 1, Source.CHOSEN, 0.0, "coin.jpg")
SOUGHT = CoinSought(PHOTO.id, b"jpeg", (64, 48), FOUND)
CHOSEN = CoinChosen(1, CAPTURE.id, Coin.EURO_2, PHOTO)


def chosen() -> Spots:
    spots, effects = steps.acted(known(PERSON, SPOT, CAPTURE), CHOSEN)
    assert effects == (ReadPhoto(PHOTO.id),)
    return spots


def found(sought: CoinSought = SOUGHT) -> Spots:
    return told(chosen(), sought)[0]


def kept(spots: Spots) -> Capture:
    capture = spots.collection.records[CAPTURE.id]
    assert isinstance(capture, Capture)
    return capture


def test_a_photo_with_a_coin_is_read_and_looked_at_and_kept_nowhere() -> None:
    spots = chosen()
    assert steps.is_of(spots, FileRead(PHOTO.id, 4, b"file"))
    assert not steps.is_of(spots, FileRead(8, 4, b"file"))
    spots, effects = steps.read(spots, FileRead(PHOTO.id, 4, b"file"))
    assert effects == (DecodeFile(PHOTO, b"file"),)
    picture = Image.new("RGB", (300, 300))
    spots, effects = steps.read(spots, PictureArrived(PHOTO, picture))
    assert effects == (SeekCoin(PHOTO.id, Coin.EURO_2, picture),)
    spots, effects = told(spots, SOUGHT)
    assert spots.sizing is not None
    assert (proposal(spots.sizing), effects) == (FOUND[0], ())
    # Nothing is kept before the visitor says that it is the coin.
    assert kept(spots).size is None


def test_a_photo_that_cannot_be_used_says_why() -> None:
    spots, effects = steps.read(chosen(), PictureArrived(PHOTO, Image.new("RGB", (9, 9))))
    assert spots.sizing is not None
    assert spots.sizing.apart.error is not None
    assert (spots.sizing.apart.error.fault, effects) == (Fault.FEW_PIXELS_DECODED, ())


def test_what_the_visitor_confirms_is_written_and_then_counts() -> None:
    spots, (effect,) = steps.acted(found(), CoinConfirmed(2, CAPTURE.id, True, NOON))
    assert isinstance(effect, WriteStore)
    assert effect.pictures == {}
    wanted = replace(CAPTURE, size=replace(SIZE, is_new=True, on=NOON.local.date()))
    assert read(effect.records[0].json) == wanted
    assert kept(spots).size is None
    spots, _ = told(spots, StoreWritten(effect.request, {CAPTURE.id: 2}, None))
    assert kept(spots) == wanted
    assert spots.sizing is None


def test_what_is_not_the_coin_gives_place_to_the_next_and_is_never_kept() -> None:
    spots, effects = steps.acted(found(), CoinRefused(2))
    assert spots.sizing is not None
    assert (proposal(spots.sizing), effects) == (FOUND[1], ())
    # Beside the second one the spot cannot be traced.
    assert steps.acted(spots, CoinConfirmed(3, CAPTURE.id, False, NOON))[1] == ()
    spots, _ = steps.acted(spots, CoinRefused(4))
    assert spots.sizing is not None
    assert proposal(spots.sizing) is None
    assert steps.acted(spots, CoinConfirmed(5, CAPTURE.id, False, NOON))[1] == ()


def test_nothing_is_proposed_where_nothing_was_found() -> None:
    spots = found(replace(SOUGHT, found=NoCoin.TILTED))
    assert spots.sizing is not None
    assert proposal(spots.sizing) is None


def test_a_size_is_taken_back() -> None:
    sized = replace(CAPTURE, size=SIZE)
    _, (effect,) = steps.acted(known(PERSON, SPOT, sized), SizeRemoved(1, CAPTURE.id))
    assert isinstance(effect, WriteStore)
    assert read(effect.records[0].json) == CAPTURE


def test_a_photo_that_is_gone_gets_no_size() -> None:
    assert steps.acted(known(PERSON, SPOT), CHOSEN)[1] == ()


def test_what_comes_too_late_is_not_shown() -> None:
    spots, _ = acted(found(), None, ShapeAsked(2, CAPTURE.id))
    assert spots.sizing is None
    assert told(spots, SOUGHT)[0].sizing is None
    other = told(chosen(), replace(SOUGHT, photo_id=8))[0].sizing
    assert other is not None
    assert other.found is None


def test_the_photo_is_shown_with_the_edges_of_coin_and_spot() -> None:
    sought = coin_sought(SeekCoin(PHOTO.id, Coin.EURO_1, photo()))
    assert isinstance(sought.found, tuple)
    first = sought.found[0]
    xs, ys = zip(*first.edge, strict=True)
    assert (min(xs), max(xs)) == pytest.approx((390 / 640, 610 / 640), abs=0.005)
    assert (min(ys), max(ys)) == pytest.approx((140 / 480, 360 / 480), abs=0.005)
    assert first.size is not None
    assert first.size.coin is Coin.EURO_1
    assert sum(x for x, _ in first.outline) / len(first.outline) == pytest.approx(
        300 / 640, abs=0.01
    )
    assert sought.shown_px == (640, 480)
