"""Places on the body in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.words.catalogue import keys
from lentigo.spots.place import Region, Site

if TYPE_CHECKING:
    from app.words.catalogue import Words

_PLACE = keys(Site, "place.{}")
_REGION = keys(Region, "place.region.{}")


def place_name(site: Site, words: Words) -> str:
    """Name a place so that it can stand alone: "Left forearm, inside"."""
    return words(_PLACE[site])


def region_name(region: Region, words: Words) -> str:
    """Name the part of the body that places are listed under: "Left arm"."""
    return words(_REGION[region])
