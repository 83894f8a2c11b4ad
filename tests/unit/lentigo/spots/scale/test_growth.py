"""Sizes that ask for attention: they only raise, and only beyond the error."""

import math
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from lentigo.priority import Priority
from lentigo.spots.history import HistoryRule, heard_by, requests_of_all, standing, wants_doctor
from lentigo.spots.records import Capture, CareState
from lentigo.spots.scale.coin import Coin
from lentigo.spots.scale.growth import NEW_FROM_MM, grew_a_fifth, is_new_and_large
from lentigo.spots.scale.size import Size, growth_error
from tests.unit.kept import DAY, captured, seen

DIAMETERS = (3.0, 4.0, 5.0, 6.0, 7.5, 9.0)
SHARES = (0.02, 0.08, 0.2)
DAYS = (0, 100, 365, 800, 2000)


def size(mm: float, share: float = 0.05, is_new: bool = False, days: int = 0) -> Size:
    return Size(Coin.EURO_1, mm, share, is_new, DAY + timedelta(days=days))


def grew(earlier_mm: float, later_mm: float, share: float = 0.05, days: int = 200) -> bool:
    return grew_a_fifth(size(earlier_mm, share), size(later_mm, share, days=days))


def of_size(mm: float | None, days: int = 0, is_new: bool = False) -> Capture:
    known = None if mm is None else size(mm, is_new=is_new, days=days)
    return replace(captured(Priority.LOW, days=days), size=known)


def test_a_fifth_within_a_year_counts_beyond_the_error() -> None:
    assert grew(5.0, 7.0)
    # A fifth that may be error is none.
    assert growth_error(size(5.0), size(6.5)) > math.log(6.5 / 5.0)
    assert not grew(5.0, 6.5)
    # As fast over three years.
    assert not grew(5.0, 7.9, days=3 * 365)
    assert grew(5.0, 8.0, days=3 * 365)
    assert not grew(7.0, 5.0)
    # Of which day a size is must be known.
    assert not grew_a_fifth(size(5.0), replace(size(9.0), on=None))


@pytest.mark.parametrize(("share", "days"), list(product(SHARES, DAYS)))
def test_more_growth_never_asks_for_less(share: float, days: int) -> None:
    told = [grew(4.0, mm, share, days) for mm in DIAMETERS]
    assert told == sorted(told)


@pytest.mark.parametrize(("mm", "share"), list(product(DIAMETERS, SHARES)))
def test_more_time_and_more_error_never_ask_for_more(mm: float, share: float) -> None:
    by_time = [grew(4.0, mm, share, days) for days in DAYS]
    assert by_time == sorted(by_time, reverse=True)
    by_error = [grew(4.0, mm, s) for s in SHARES]
    assert by_error == sorted(by_error, reverse=True)


def test_a_new_spot_counts_from_5_mm_on_beyond_the_error() -> None:
    told = [is_new_and_large(size(mm, is_new=True)) for mm in DIAMETERS]
    assert told == sorted(told)
    assert told[-1]
    assert not is_new_and_large(size(NEW_FROM_MM, is_new=True))
    assert not is_new_and_large(size(9.0))
    assert not is_new_and_large(None)


def test_without_a_size_nothing_is_asked_for() -> None:
    for pair in (of_size(None), of_size(9.0, 60)), (of_size(9.0), of_size(None, 60)):
        assert not wants_doctor(standing(pair, CareState()))


@pytest.mark.parametrize(("mm", "priority"), list(product(DIAMETERS, Priority)))
def test_a_size_never_lowers_what_stands(mm: float, priority: Priority) -> None:
    first = replace(captured(priority), size=size(4.0))
    without = standing((first, of_size(None, 60)), CareState())
    with_size = standing((first, of_size(mm, 60)), CareState())
    assert without is not None
    assert with_size is not None
    assert with_size.priority.severity >= without.priority.severity


def test_growth_asks_for_a_doctor_until_one_has_looked() -> None:
    captures = of_size(5.0), of_size(7.0, 90), of_size(7.0, 100)
    asked = [each for each in requests_of_all(captures) if each.rule is HistoryRule.SIZE_GREW]
    assert [each.capture.id for each in asked] == [captures[1].id, captures[2].id]
    stands = standing(captures, CareState())
    assert stands is not None
    assert (stands.rule, stands.priority) == (HistoryRule.SIZE_GREW, Priority.HIGH)
    visit = seen(100)
    assert visit.on is not None
    assert not wants_doctor(standing(captures, replace(visit, heard=heard_by(captures, visit.on))))
    # A size that is found after the visit is told after it.
    unheard = replace(visit, heard=heard_by((of_size(5.0), of_size(None, 90)), visit.on))
    assert wants_doctor(standing(captures[:2], unheard))


def test_a_new_large_spot_asks_for_a_doctor() -> None:
    stands = standing((of_size(9.0, is_new=True),), CareState())
    assert stands is not None
    assert (stands.rule, stands.priority) == (HistoryRule.NEW_AND_LARGE, Priority.MEDIUM)
