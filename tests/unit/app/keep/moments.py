"""A moment for the tests: noon of 30 November 2026, in UTC."""

from app.keep.moment import Moment

NOON_MS = 1_796_040_000_000.0
NOON = Moment(NOON_MS, 0)
