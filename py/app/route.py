"""Which screen the page is on. The host reads it from the address (``js/page/route.js``)."""

from enum import StrEnum


class Route(StrEnum):
    """A screen, by the name that ``data-route`` has."""

    SCREENING = "screening"
    FACTS = "facts"
    TABLES = "tables"
    SPOTS = "spots"
    SPOT = "spot"
    COMPARE = "compare"
    MAP = "map"
    SETTINGS = "settings"


# The screens that show what is kept: they want the store.
KEPT = frozenset({Route.SPOTS, Route.SPOT, Route.COMPARE, Route.MAP, Route.SETTINGS})
