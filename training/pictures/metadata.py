"""What is known of a picture beside its label: where on the body, and which lesion.

Reads ``more/metadata.csv`` of the data folder: one line for every picture of every set, on one
scale of body sites where the sets' own tables each have another.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

MORE = "more"


class Site(StrEnum):
    """Where on the body the picture was taken."""

    HEAD_NECK = "head_neck"
    TRUNK = "trunk"
    UPPER_EXTREMITY = "upper_extremity"
    LOWER_EXTREMITY = "lower_extremity"
    HAND = "hand"
    FOOT = "foot"
    PALMS_SOLES = "palms_soles"
    GENITAL = "genital"
    NAIL = "nail"


HANDS_AND_FEET = frozenset({Site.HAND, Site.FOOT, Site.PALMS_SOLES})


@dataclass(frozen=True)
class Metadata:
    """``site`` is ``None`` where nobody noted it; ``lesion`` is empty where its name is unknown.

    Only ISIC 2017 needs ``lesion``: of the other sets the tables name it as the group.
    """

    site: Site | None = None
    lesion: str = ""


UNKNOWN = Metadata()


def parse_metadata(lines: Iterable[str]) -> dict[tuple[str, str], Metadata]:
    """Parse ``metadata.csv`` by set and image; ``ValueError`` names a picture with another site."""
    found = {}
    for row in csv.DictReader(lines):
        try:
            site = Site(row["site"]) if row["site"] else None
        except ValueError as error:
            raise ValueError(f"metadata.csv, {row['image_id']}: {error}") from error
        lesion = row["lesion_id"] if row["set"] == "isic2017" else ""
        found[row["set"], row["image_id"]] = Metadata(site, lesion)
    return found


def read_metadata(folder: Path) -> Mapping[tuple[str, str], Metadata]:
    """Read ``more/metadata.csv``; nothing is known where it is not there."""
    path = folder / MORE / "metadata.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return parse_metadata(lines)
