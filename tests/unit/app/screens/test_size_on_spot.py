"""What the page says of a size, and that it says none without a coin."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.keep.spot_report import spot_report
from app.screens.compare import view as compare_view
from app.screens.spot.shape import measurable
from app.spots.apart import Apart
from app.spots.events import Compared, ShapeDrawn
from app.spots.state import Comparing, Shaping, Sizing
from app.words import IN_ENGLISH
from lentigo.spots.records import Capture
from lentigo.spots.scale.coin import Coin
from lentigo.spots.scale.find import NoCoin
from tests.unit.app.keep.moments import NOON
from tests.unit.app.screens.test_kept_screens import NEVER
from tests.unit.app.spots.test_sizing import PHOTO, SIZE, SOUGHT
from tests.unit.app.spots.test_update import known
from tests.unit.kept import CAPTURE, PERSON, SPOT

NEW = replace(SIZE, diameter_mm=8.0, is_new=True)
SMALL = replace(SIZE, diameter_mm=3.8, on=CAPTURE.taken - timedelta(days=90))
BEFORE = replace(
    CAPTURE, id="c0", taken=CAPTURE.taken - timedelta(days=90), change_seen=None, concerns=()
)
IN_MM = re.compile(r"\d+(\.\d+)? mm")


def html(capture: Capture, sizing: Sizing | None = None, before: Capture = BEFORE) -> str:
    shaping = Shaping(capture.id, 1, ShapeDrawn(capture.id))
    spots = replace(known(PERSON, SPOT, before, capture), shaping=shaping, sizing=sizing)
    return measurable(spots, capture, IN_ENGLISH).text


def text(of: str) -> str:
    return re.sub(r"<[^>]+>", " ", of)


def test_without_a_coin_there_are_no_millimetres() -> None:
    shown = html(CAPTURE)
    assert "Which coin is it?" in shown
    assert not IN_MM.search(text(shown))
    assert shown.count("<option") == len(Coin) + 1


def test_the_visitor_is_asked_whether_it_is_the_coin() -> None:
    shown = html(CAPTURE, Sizing(CAPTURE.id, Coin.EURO_2, Apart(PHOTO), SOUGHT))
    assert "outer edge of the coin (2 euros)" in shown
    assert 'points="38.4,24.0 44.8,28.8"' in shown
    assert not IN_MM.search(text(shown))


@pytest.mark.parametrize(
    ("found", "refused", "said"),
    [
        (NoCoin.NOT_FOUND, 0, "No coin was found"),
        (NoCoin.TILTED, 0, "tilted too much"),
        (SOUGHT.found, 1, "could not be found in the middle"),
        (SOUGHT.found, 2, "Then there is no size"),
    ],
)
def test_why_there_is_no_size_is_said(found: object, refused: int, said: str) -> None:
    sought = replace(SOUGHT, found=found)  # type: ignore[arg-type]  # one or the other
    shown = html(CAPTURE, Sizing(CAPTURE.id, Coin.EURO_2, Apart(PHOTO), sought, refused))
    assert said in shown
    assert not IN_MM.search(text(shown))


def test_a_size_is_said_with_its_error_and_never_reassures() -> None:
    shown = html(replace(CAPTURE, size=SIZE))
    assert f"5.4 mm at its longest, give or take {SIZE.error_mm:.1f} mm" in shown
    assert "a melanoma can be smaller" in shown
    assert not NEVER.search(IN_MM.sub("", text(shown)))
    assert "size-asks" not in shown


def test_a_size_that_asks_for_a_doctor_says_why() -> None:
    assert "A new spot of 5 mm or more" in html(replace(CAPTURE, size=NEW))
    small = replace(BEFORE, size=SMALL)
    assert "a fifth or more wider" in html(replace(CAPTURE, size=SIZE), before=small)


def test_both_sizes_stand_below_two_photos_and_in_the_report() -> None:
    sized = known(PERSON, SPOT, replace(BEFORE, size=SIZE), replace(CAPTURE, size=NEW))
    comparing = Comparing(
        BEFORE.id, CAPTURE.id, 1, Compared(BEFORE.id, CAPTURE.id, (b"", b""), (4, 3))
    )
    spots = replace(sized, opened=SPOT.id, comparing=comparing, compares=True)
    shown = compare_view(spots, IN_ENGLISH)["compare"].text
    assert "5.4 mm at its longest" in shown
    assert "8.0 mm at its longest" in shown
    watched = sized.collection.watched(SPOT.id)
    assert watched is not None
    paragraphs = [
        each
        for section in spot_report(watched, sized.collection, NOON, IN_ENGLISH).sections
        for each in section.paragraphs
    ]
    assert sum("Measured by a coin" in each for each in paragraphs) == 2
    plain = known(PERSON, SPOT, BEFORE, CAPTURE)
    unsized = replace(plain, opened=SPOT.id, comparing=comparing, compares=True)
    assert 'data-testid="sizes"' not in compare_view(unsized, IN_ENGLISH)["compare"].text
