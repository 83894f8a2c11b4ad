"""The picture sets: ``labels.csv`` and the tars beside it, un-squashed as the browser sees them.

Reads what the README of the data folder describes, and that of ``more/`` below it. The sets in
``more/`` have names of their own and are asked for by them (``read_more``), so that figures of the
others stay comparable. Numpy and Pillow only.
"""

from __future__ import annotations

import csv
import io
import tarfile
from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from lentigo.diagnosis import Diagnosis
from lentigo.picture.preprocess import square_picture
from training.pictures.metadata import HANDS_AND_FEET, MORE, UNKNOWN, Metadata, Site, read_metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray


class Split(StrEnum):
    """Which pictures may do what: weights, choices, or figures."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"


class Modality(StrEnum):
    """How the picture was taken; ``other`` is not a lesion."""

    DERMOSCOPIC = "dermoscopic"
    CLINICAL = "clinical"
    SMARTPHONE = "smartphone"
    OTHER = "other"


# The longest side of a frame: what the stored pictures truly resolve.
FRAME_SIDE_PX = 224
# Clinical images in the wide sense, ``camera`` in every file of figures.
CAMERA = (Modality.CLINICAL, Modality.SMARTPHONE)
# The sets in ``more/``: our names by theirs, which other sets have too.
MORE_NAMES = {
    "pad_ufes_20": "pad_ufes_20_more",
    "pad_ufes_20_cut": "pad_ufes_20_cut",
    "nci_moles": "nci_moles",
    "ood": "ood_more",
}
# Only what lies inside the mask is real: to learn from, never to measure on.
CUT_OUT = "pad_ufes_20_cut"


@dataclass(frozen=True)
class Record:
    """One picture. ``group`` is the lesion, the patient or the picture; it has one split.

    ``aspect`` is the true frame's width over its height. ``diagnosis`` is ``None`` outside the
    seven classes; ``detail`` is what the set itself says, in its own words. ``member`` is the
    file's name in the tar ``archive``. ``skin_tone`` is a grade where somebody judged it: in
    MILK10k 0 very dark to 5 very light, in PAD-UFES-20 the Fitzpatrick type 1 (light) to 6 (dark).
    ``site`` is ``None`` where it is not known.
    """

    source: str
    member: str
    group: str
    diagnosis: Diagnosis | None
    modality: Modality
    aspect: float
    split: Split
    licence: str
    detail: str = ""
    skin_tone: int | None = None
    site: Site | None = None

    @property
    def archive(self) -> str:
        """The tar that holds the picture: the first folder of its name, or the set in ``more/``."""
        if self.source in MORE_NAMES.values():
            return f"{MORE}/{self.source}.tar"
        return self.member.partition("/")[0] + ".tar"

    @property
    def on_hand_or_foot(self) -> bool:
        """Whether the picture shows a hand or a foot, palm and sole included."""
        return self.site in HANDS_AND_FEET


def parse_records(
    lines: Iterable[str],
    known: Mapping[tuple[str, str], Metadata] | None = None,
    names: Mapping[str, str] | None = None,
) -> list[Record]:
    """Parse ``labels.csv``; ``ValueError`` names the first picture with an unknown word.

    ``known`` are the metadata by set and image, ``names`` what we call a set.
    """
    records = []
    for row in csv.DictReader(lines):
        about = (known or {}).get((row["set"], row["image_id"]), UNKNOWN)
        try:
            records.append(
                Record(
                    source=(names or {}).get(row["set"], row["set"]),
                    member=row["file"],
                    group=about.lesion or row["group_id"],
                    diagnosis=Diagnosis(row["dx"]) if row["dx"] else None,
                    modality=Modality(row["modality"]),
                    aspect=float(row["aspect"]),
                    split=Split(row["split"]),
                    licence=row["licence"],
                    detail=row["dx_detail"],
                    skin_tone=int(float(row["skin_tone"])) if row["skin_tone"] else None,
                    site=about.site,
                )
            )
        except ValueError as error:
            raise ValueError(f"labels.csv, {row.get('file')}: {error}") from error
    return records


def check_splits(records: Iterable[Record]) -> None:
    """Raise ``ValueError`` if a group (a lesion or a patient) lies on two sides of the split."""
    sides: dict[tuple[str, str], set[Split]] = defaultdict(set)
    for record in records:
        sides[record.source, record.group].add(record.split)
    for (source, group), splits in sides.items():
        if len(splits) > 1:
            raise ValueError(f"{source}: {group} is in {' and '.join(sorted(splits))}")


def lesions_to_train(records: list[Record]) -> list[Record]:
    """Put all pictures of an ISIC 2017 lesion into ``train`` where its split tears them apart.

    The set's own table does not name its lesions, so the split was drawn by picture.
    """
    sides: dict[str, set[Split]] = defaultdict(set)
    for record in records:
        if record.source == "isic2017":
            sides[record.group].add(record.split)
    return [
        replace(record, split=Split.TRAIN)
        if record.source == "isic2017" and len(sides[record.group]) > 1
        else record
        for record in records
    ]


def read_records(folder: Path) -> list[Record]:
    """Read and check ``labels.csv``; ``SystemExit`` says what is missing.

    Without ``more/metadata.csv`` no body site is known, and six lesions of ISIC 2017 lie on two
    sides of the split.
    """
    path = folder / "labels.csv"
    if not path.is_file():
        raise SystemExit(
            f"{path} is missing. --data DIR is a folder with labels.csv and the tars of pictures; "
            "the pictures are not part of this repository (training/README.md says why)."
        )
    with path.open(encoding="utf-8", newline="") as lines:
        records = lesions_to_train(parse_records(lines, read_metadata(folder)))
    check_splits(records)
    return records


def read_more(folder: Path, *sets: str) -> list[Record]:
    """Read pictures of these sets in ``more/`` (``MORE_NAMES``), of every split.

    Of the cut-outs only those of ``train``. ``SystemExit`` says what is missing.
    """
    unknown = set(sets) - set(MORE_NAMES.values())
    if unknown:
        raise SystemExit(
            f"{', '.join(sorted(unknown))}: not among {', '.join(MORE_NAMES.values())}"
        )
    path = folder / MORE / "labels.csv"
    if not path.is_file():
        raise SystemExit(f"{path} is missing; it tells of {', '.join(sets)}")
    with path.open(encoding="utf-8", newline="") as lines:
        records = parse_records(lines, read_metadata(folder), MORE_NAMES)
    check_splits(records)
    return [
        record
        for record in records
        if record.source in sets and (record.source != CUT_OUT or record.split is Split.TRAIN)
    ]


def lesions(records: Iterable[Record], split: Split) -> list[Record]:
    """Return the pictures of the seven classes in one split, in the order of the file."""
    return [r for r in of_split(records, split) if r.diagnosis is not None]


def of_split(records: Iterable[Record], split: Split) -> list[Record]:
    """Return all pictures of one split, in the order of the file."""
    return [r for r in records if r.split is split]


def shards_of(folder: Path, archive: str) -> list[Path]:
    """Return the tar, or the shards it was split into: of ``set.tar``, ``set-*.tar``."""
    whole = folder / archive
    return [whole] if whole.is_file() else sorted(whole.parent.glob(f"{whole.stem}-*.tar"))


def read_files(folder: Path, records: Iterable[Record]) -> dict[str, bytes]:
    """Return the JPEG bytes of the records by member name; ``SystemExit`` names what is missing."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for record in records:
        wanted[record.archive].add(record.member)
    files: dict[str, bytes] = {}
    for archive, members in sorted(wanted.items()):
        shards = shards_of(folder, archive)
        if not shards:
            raise SystemExit(f"{folder / archive} is missing: {len(members)} pictures lie in it")
        for shard in shards:
            if members <= files.keys():
                break
            with tarfile.open(shard) as tar:
                for entry in tar:
                    content = tar.extractfile(entry) if entry.name in members else None
                    if content is not None:
                        files[entry.name] = content.read()
    missing = set().union(*wanted.values()) - files.keys()
    if missing:
        raise SystemExit(f"{len(missing)} pictures are not in their tar, such as {min(missing)}")
    return files


def open_picture(content: bytes) -> Image.Image:
    """Decode a stored picture to RGB, still squashed."""
    return Image.open(io.BytesIO(content)).convert("RGB")


def unsquash(picture: Image.Image, aspect: float, side_px: int = FRAME_SIDE_PX) -> Image.Image:
    """Return the whole frame at true aspect, its longest side ``side_px``."""
    size = (side_px, round(side_px / aspect)) if aspect >= 1 else (round(side_px * aspect), side_px)
    return picture.resize(size, Image.Resampling.BILINEAR)


def squares(
    folder: Path, records: list[Record], size_px: int
) -> Iterator[tuple[Record, NDArray[np.uint8]]]:
    """Yield each record with its centred square at true aspect, uint8 (size_px, size_px, 3)."""
    files = read_files(folder, records)
    for record in records:
        picture = open_picture(files[record.member])
        square = square_picture(picture, size_px, record.aspect)
        yield record, np.asarray(square, dtype=np.uint8)
