"""How often two photos of a spot line up, and what is claimed of spots that did not change.

HAM10000 has several photos of a lesion from one sitting: nothing changed between them. Pairs of
different lesions must not line up. Of photos taken again by the program, with the spot as it was or
changed by a known amount, the truth is known. The bounds beyond which a change is told
(``lentigo.spots.comparison.repeat_error``) are quantiles over repeats of ``train`` and ``val``.

    python -m training.studies.repeat_photos [PART ...]

A quarter of an hour on one core. ``chosen`` is what the bounds come from; the other parts judge by
them.
"""

from __future__ import annotations

import argparse
import io
import math
import tarfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw

from lentigo.spots.comparison.alignment import Alignment, NotAligned
from lentigo.spots.comparison.change import ChangeCode, concerns
from lentigo.spots.comparison.compare import compare
from lentigo.spots.comparison.photo import Photo, photo_of
from lentigo.spots.comparison.twin import Twin, twin_of
from training.network.model_folder import DEFAULT_DATA
from training.pictures.changed_spots import Kind, change, photograph_again
from training.pictures.data import (
    FRAME_SIDE_PX,
    Modality,
    Record,
    Split,
    of_split,
    open_picture,
    read_files,
    read_more,
    read_records,
    unsquash,
)
from training.studies.repeat_photos_document import keep

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lentigo.spots.comparison.compare import Comparison

    Bools = NDArray[np.bool_]

PARTS = ("chosen", "val", "test", "dated")
SEED = 11
# How many of each; the strangers are pairs, the warped are lesions.
TRAIN_REPEATS, STRANGERS, WARPED = 400, 100, {Split.VAL: 20, Split.TEST: 60}
# A warped spot has skin around it: it covers at most this share of the frame, and no edge cuts it.
LARGEST_SPOT, SMALLEST_SPOT = 0.25, 0.01
QUANTILES = (0.5, 0.9, 0.95, 0.98, 0.99)
CAMERA_KINDS = (Kind.UNCHANGED, Kind.MIRRORED, Kind.GROWN, Kind.GROWN_ON_ONE_SIDE)
# What each change must be told by.
TOLD_BY = {
    Kind.GROWN: (ChangeCode.GREW,),
    Kind.GROWN_ON_ONE_SIDE: (ChangeCode.GREW, ChangeCode.GREW_ON_ONE_SIDE),
    Kind.DARKER_AREA: (ChangeCode.DARKER_AREA,),
    Kind.PALER_AREA: (ChangeCode.PALER_AREA,),
    Kind.RECOLOURED: (ChangeCode.COLOUR,),
}


@dataclass(frozen=True)
class Warped:
    """One comparison of a photo with a changed one of it, whose truth is known.

    ``error_px`` is the root mean square over the frame's corners.
    """

    comparison: Comparison
    mirrored: bool
    error_px: float | None = None
    rotation_error_deg: float | None = None


def whole(content: bytes, aspect: float) -> Image.Image:
    """Return a stored picture at true aspect with every pixel that it has."""
    side_px = round(FRAME_SIDE_PX * max(aspect, 1.0 / aspect))
    return unsquash(open_picture(content), aspect, side_px)


def several(records: Iterable[Record]) -> list[list[Record]]:
    """Return the pictures of each lesion of HAM10000 that has several, in a shuffled order."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.source == "ham10000":
            groups[record.group].append(record)
    found = [of for _, of in sorted(groups.items()) if len(of) > 1]
    return [found[index] for index in np.random.default_rng(SEED).permutation(len(found))]


def compare_all(data: Path, pairs: Sequence[tuple[Record, Record]]) -> list[Comparison]:
    """Compare the pictures of each pair."""
    files = read_files(data, [record for pair in pairs for record in pair])
    return [
        compare(*(photo_of(whole(files[record.member], record.aspect)) for record in pair))
        for pair in pairs
    ]


def aligned(found: Comparison) -> bool:
    """Tell whether a comparison lined its photos up."""
    return isinstance(found.alignment, Alignment)


def reasons(found: Iterable[Comparison]) -> dict[str, int]:
    """Count why photos were not compared."""
    return dict(
        Counter(
            str(one.alignment.reason) if isinstance(one.alignment, NotAligned) else "same-photo"
            for one in found
            if not aligned(one)
        )
    )


def repeat_figures(found: Sequence[Comparison]) -> dict[str, Any]:
    """Return how many line up, and what is claimed of them, of photos without a change."""
    changes = [one.change for one in found if one.change is not None]
    return {
        "pairs": len(found),
        "aligned": len(changes),
        "not_aligned": reasons(found),
        "mirrored": sum(isinstance(a := one.alignment, Alignment) and a.mirrored for one in found),
        "whole": sum(change.area_share is not None for change in changes),
        "claims": dict(Counter(str(code) for change in changes for code in change.codes)),
        "any_claim": sum(bool(change.codes) for change in changes),
        "any_concern": sum(bool(concerns(change)) for change in changes),
    }


def error_figures(found: Sequence[Comparison]) -> dict[str, Any]:
    """Return quantiles of each measure over repeats: what the bounds were chosen from."""
    measured = [one.change.measured for one in found if one.change is not None]
    log_area = [math.log(m.area_ratio) for m in measured if m.area_ratio]
    values = {
        "growth_log": log_area,
        "shrink_log": [-value for value in log_area],
        "one_sided_share": [m.one_sided for m in measured if m.one_sided is not None],
        "colour_lab": [math.hypot(*m.lab) for m in measured if m.lab],
        "spread_log": [math.log(m.spread_ratio) for m in measured if m.spread_ratio],
        "darker_share": [m.darker for m in measured if m.darker is not None],
        "paler_share": [m.paler for m in measured if m.paler is not None],
    }
    return {
        "pairs": len(measured),
        "quantiles": {
            name: [float(np.quantile(of, share)) for share in QUANTILES]
            for name, of in values.items()
        },
        "shares": list(QUANTILES),
    }


def stranger_figures(found: Sequence[Comparison]) -> dict[str, int]:
    """Return how many pairs of different lesions line up, which none should."""
    fits = [one.alignment for one in found if isinstance(one.alignment, Alignment)]
    return {
        "pairs": len(found),
        "aligned": len(fits),
        "mirrored": sum(fit.mirrored for fit in fits),
    }


def mask_of_outline(photo: Photo) -> Bools:
    """Draw a photo's outline as a mask (h, w)."""
    width, height = photo.picture.size
    drawn = Image.new("1", (width, height))
    if len(photo.outline) > 2:
        polygon = [(x * width, y * height) for x, y in photo.outline]
        ImageDraw.Draw(drawn).polygon(polygon, fill=1)
    return np.asarray(drawn).copy()


def has_skin_around(mask: Bools) -> bool:
    """Tell whether a spot is of middling size and cut by no edge."""
    edges = (mask[0], mask[-1], mask[:, 0], mask[:, -1])
    return SMALLEST_SPOT < float(mask.mean()) <= LARGEST_SPOT and not any(
        edge.any() for edge in edges
    )


def read_masks(data: Path, records: Sequence[Record]) -> dict[str, bytes]:
    """Return the PNG of HAM10000's mask by the picture's member name."""
    wanted = {
        record.member.replace("ham10000/", "ham10000_masks/").replace(".jpg", ".png"): record.member
        for record in records
    }
    with tarfile.open(data / "ham10000_masks.tar") as tar:
        return {
            wanted[entry.name]: content.read()
            for entry in tar
            if entry.name in wanted and (content := tar.extractfile(entry)) is not None
        }


def warp(picture: Image.Image, mask: Bools, kind: Kind, seed: Sequence[int]) -> Warped:
    """Change a spot, photograph it again, and compare."""
    random = np.random.default_rng(seed)
    again = photograph_again(change(picture, mask, kind, random), random, kind is Kind.MIRRORED)
    found = compare(photo_of(picture), photo_of(again.picture))
    if not isinstance(found.alignment, Alignment):
        return Warped(found, kind is Kind.MIRRORED)
    fit = found.alignment.similarity
    corners = [complex(x, y) for x in (0, picture.width) for y in (0, picture.height)]
    square = np.mean([abs(fit(corner) - again.place(corner)) ** 2 for corner in corners])
    rotation = abs(np.degrees(np.angle(fit.turn / again.place.turn)))
    return Warped(found, kind is Kind.MIRRORED, math.sqrt(square), float(rotation))


def warped_figures(found: Sequence[Warped], kind: Kind) -> dict[str, Any]:
    """Return how well warped photos are lined up, and whether their change is told."""
    fits = [one for one in found if aligned(one.comparison)]
    right = [
        one
        for one in fits
        if isinstance(one.comparison.alignment, Alignment)
        and one.comparison.alignment.mirrored == one.mirrored
    ]
    changes = [one.comparison.change for one in fits if one.comparison.change is not None]
    measurable = [
        change
        for change in changes
        if change.area_share is not None or kind not in (Kind.GROWN, Kind.GROWN_ON_ONE_SIDE)
    ]
    areas = [change.area_share for change in changes if change.area_share is not None]
    told = [any(code in change.codes for code in TOLD_BY.get(kind, ())) for change in measurable]
    return {
        "pairs": len(found),
        "aligned": len(fits),
        "not_aligned": reasons(one.comparison for one in found),
        "right_way_round": len(right),
        "error_px": _quantiles([one.error_px for one in right if one.error_px is not None]),
        "rotation_error_deg": _quantiles(
            [one.rotation_error_deg for one in right if one.rotation_error_deg is not None]
        ),
        "measurable": len(measurable),
        "area_share": _quantiles(areas, (0.1, 0.5, 0.9)),
        "told": sum(told) if kind in TOLD_BY else None,
        "any_claim": sum(bool(change.codes) for change in changes),
    }


def _quantiles(values: Sequence[float], at: Sequence[float] = (0.5, 0.9, 0.95)) -> list[float]:
    return [float(np.quantile(values, share)) for share in at] if values else []


def warp_all(data: Path, records: Sequence[Record], split: Split) -> dict[str, Any]:
    """Warp spots with skin around them, one picture of a lesion, by way of taking."""
    by_lesion = {record.group: record for record in records if record.source == "ham10000"}
    clinical = {
        record.group: record
        for record in records
        if record.source == "milk10k" and record.modality is Modality.CLINICAL
    }
    count, figures = WARPED[split], {}
    for name, lesions, kinds in (
        ("dermoscopic", by_lesion, tuple(Kind)),
        ("clinical", clinical, CAMERA_KINDS),
    ):
        groups = sorted(lesions)
        # Far fewer than one spot in eight has no skin around it.
        shuffled = np.random.default_rng(SEED).permutation(len(groups))[: 8 * count]
        chosen = [lesions[groups[index]] for index in shuffled]
        files = read_files(data, chosen)
        masks = read_masks(data, chosen) if name == "dermoscopic" else {}
        found: dict[Kind, list[Warped]] = {kind: [] for kind in kinds}
        for number, record in enumerate(chosen):
            picture = whole(files[record.member], record.aspect)
            if record.member in masks:
                drawn = Image.open(io.BytesIO(masks[record.member])).convert("L")
                mask = np.asarray(drawn.resize(picture.size)) > 127
            else:
                mask = mask_of_outline(photo_of(picture))
            if not has_skin_around(mask):
                continue
            for kind in kinds:
                found[kind].append(warp(picture, mask, kind, (SEED, number, len(kind))))
            if len(found[Kind.UNCHANGED]) == count:
                break
        figures[name] = {str(kind): warped_figures(of, kind) for kind, of in found.items()}
    return figures


def dated_figures(data: Path) -> dict[str, Any]:
    """Compare each photo of an NCI mole with the next: years apart, pen and ruler beside it."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in read_more(data, "nci_moles"):
        groups[record.group].append(record)
    pairs = [
        (one, other)
        for _, of in sorted(groups.items())
        for one, other in zip(
            *(sorted(of, key=lambda r: r.member)[slice(*at)] for at in ((None, -1), (1, None))),
            strict=True,
        )
    ]
    figures = repeat_figures(compare_all(data, pairs))
    return {"moles": sum(len(of) > 1 for of in groups.values()), **figures}


def twin_figures(data: Path, pairs: Sequence[tuple[Record, Record]]) -> dict[str, Any]:
    """Return how many photos are named when they come again encoded anew, smaller or mirrored."""
    records = [pair[0] for pair in pairs]
    files = read_files(data, [record for pair in pairs for record in pair])
    named: Counter[str] = Counter()
    for record in records:
        picture = whole(files[record.member], record.aspect)
        for way, quality, scale in (("encoded", 60, 1.0), ("smaller", 80, 0.7)):
            size = (round(picture.width * scale), round(picture.height * scale))
            content = io.BytesIO()
            picture.resize(size).save(content, "JPEG", quality=quality)
            again = Image.open(io.BytesIO(content.getvalue())).convert("RGB")
            named[way] += twin_of(picture, again) is Twin.SAME
            mirrored = again.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            named[f"{way}, mirrored"] += twin_of(picture, mirrored) is not None
    repeats = sum(
        twin_of(*(whole(files[record.member], record.aspect) for record in pair)) is not None
        for pair in pairs
    )
    return {"photos": len(records), "named": dict(named), "repeats_named": repeats}


def measure_split(data: Path, records: Sequence[Record], split: Split) -> dict[str, Any]:
    """Return the figures of one split."""
    lesions = several(of_split(records, split))
    pairs = [(of[0], of[1]) for of in lesions]
    strangers = [
        (one[0], other[0]) for one, other in zip(lesions, lesions[1:] + lesions[:1], strict=True)
    ][:STRANGERS]
    repeats = compare_all(data, pairs)
    return {
        "repeats": repeat_figures(repeats),
        "errors": error_figures(repeats),
        "strangers": stranger_figures(compare_all(data, strangers)),
        "twins": twin_figures(data, pairs),
        "warped": warp_all(data, of_split(records, split), split),
    }


def choose(data: Path, records: Sequence[Record]) -> dict[str, Any]:
    """Return what the bounds are chosen from: repeats of ``train`` and ``val``."""
    lesions = several(of_split(records, Split.TRAIN))[:TRAIN_REPEATS]
    lesions += several(of_split(records, Split.VAL))
    found = compare_all(data, [(of[0], of[1]) for of in lesions])
    return {"pairs": len(found), "errors": error_figures(found)}


def measure(data: Path, part: str) -> dict[str, Any]:
    """Return the figures of one part of the study."""
    records = read_records(data)
    if part == "chosen":
        return choose(data, records)
    return dated_figures(data) if part == "dated" else measure_split(data, records, Split(part))


def main() -> None:
    """Measure one part after the other, and write the figures and the page."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--data", type=type(DEFAULT_DATA), default=DEFAULT_DATA)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"{', '.join(sorted(unknown))}: not among {', '.join(PARTS)}")
    for part in given.parts or PARTS:
        keep(part, measure(given.data, part))


if __name__ == "__main__":
    main()
