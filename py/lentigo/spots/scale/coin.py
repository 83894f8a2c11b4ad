"""Coins whose diameter is known, by the mints' own figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Coin(StrEnum):
    """Round coins that many people have at hand."""

    EURO_CENT_5 = "euro-cent-5"
    EURO_CENT_10 = "euro-cent-10"
    EURO_CENT_50 = "euro-cent-50"
    EURO_1 = "euro-1"
    EURO_2 = "euro-2"
    UK_PENNY = "uk-penny"
    UK_5P = "uk-5p"
    UK_10P = "uk-10p"
    UK_POUND_1 = "uk-pound-1"
    UK_POUND_2 = "uk-pound-2"
    US_CENT = "us-cent"
    US_NICKEL = "us-nickel"
    US_DIME = "us-dime"
    US_QUARTER = "us-quarter"


@dataclass(frozen=True)
class Disc:
    """``diameter_mm`` of a coin, give or take ``error_mm`` by where across it is measured."""

    diameter_mm: float
    error_mm: float = 0.05


# Euro: Council Regulation (EC) No 975/98. Pounds: the Royal Mint's specifications. Dollars: the
# US Mint's. The pound has twelve sides: 23.03 mm across them, 23.43 mm from point to point, and an
# ellipse through its edge lies between.
DISCS: dict[Coin, Disc] = {
    Coin.EURO_CENT_5: Disc(21.25),
    Coin.EURO_CENT_10: Disc(19.75),
    Coin.EURO_CENT_50: Disc(24.25),
    Coin.EURO_1: Disc(23.25),
    Coin.EURO_2: Disc(25.75),
    Coin.UK_PENNY: Disc(20.3),
    Coin.UK_5P: Disc(18.0),
    Coin.UK_10P: Disc(24.5),
    Coin.UK_POUND_1: Disc(23.23, 0.2),
    Coin.UK_POUND_2: Disc(28.4),
    Coin.US_CENT: Disc(19.05),
    Coin.US_NICKEL: Disc(21.21),
    Coin.US_DIME: Disc(17.91),
    Coin.US_QUARTER: Disc(24.26),
}
