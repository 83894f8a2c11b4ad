"""Millimetres by a coin: is it found, how far is the scale off, and what is taken for a coin.

Coins are drawn beside real spots (``training.pictures.coins``), because no set here has photos of
coins. What may be off is read from three sides: the scale against the drawn coin, the outline
against masks that people drew, and the outline of a spot against a second photo of it. The bounds
of ``lentigo.spots.scale`` were chosen on ``val``; ``test`` was read once.

    python -m training.studies.coins [val] [test] [--again]
"""

from __future__ import annotations

import argparse
import io
import json
import math
import tarfile
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from lentigo.spots.comparison.alignment import Alignment, fit
from lentigo.spots.comparison.photo import photo_of
from lentigo.spots.comparison.shape import trace
from lentigo.spots.scale.coin import DISCS, Coin
from lentigo.spots.scale.find import MOST_TILT_DEG, NoCoin, find_coins
from lentigo.spots.scale.size import EDGE_SHARE, OUTLINE_SHARE, REPEAT_SHARE, longest
from lentigo.spots.scale.size import measure as measure_spot
from training.card.markdown import table
from training.network.model_folder import DEFAULT_DATA, REPOSITORY, RESULTS, write_json
from training.pictures.coins import HEIGHT_PX, WIDTH_PX, Drawn, draw, on_skin, plain_skin
from training.pictures.data import (
    CAMERA,
    Modality,
    Record,
    Split,
    of_split,
    open_picture,
    read_files,
    read_more,
    read_records,
)
from training.studies.natural_changes import wilson
from training.studies.repeat_photos import several, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lentigo.spots.comparison.photo import Photo
    from lentigo.spots.scale.ellipse import Ellipse

    Floats = NDArray[np.float64]

DATA = RESULTS / "coins.json"
PAGE = REPOSITORY / "docs/generated/coins.md"
SEED = 17
# Coins that are drawn, by how far they are tilted; pictures without one, by set; repeats.
TILTS = {"0 to 10°": (0.0, 10.0), "10 to 20°": (10.0, 20.0), "30 to 40°": (30.0, 40.0)}
COINS, WITHOUT, REPEATS, SIZED = 60, 150, 60, 60
# An outline so many times too wide or too narrow is seen to be wrong where it is drawn.
SEEN_TO_BE_WRONG = 1.5
# How wide a spot is, and how near the camera: a photo of 1,024 px is 65 to 110 mm wide.
SPOT_MM, PX_PER_MM = (4.0, 14.0), (9.0, 15.5)
# A find is the coin if its middle and its radius are within these shares of the coin's radius.
SAME_MIDDLE, SAME_RADIUS = 0.1, 0.1
QUANTILES = (0.5, 0.9, 0.95)
# What the set of pictures without a lesion calls plain skin.
SKIN = "normal_skin_abdomen"
_DIRECTIONS = np.linspace(0.0, 2.0 * math.pi, 36, endpoint=False, dtype=np.float64)


def error_of(drawn: Drawn, ellipse: Ellipse) -> float | None:
    """Return by how much the scale is off in the worst direction; ``None`` if it is no find."""
    middle = drawn.edge.mean(axis=0)
    x, y = (drawn.edge - middle).T
    angle, reach = np.arctan2(y, x), np.hypot(x, y)
    order = np.argsort(angle)
    truth = np.interp(_DIRECTIONS, angle[order], reach[order], period=2 * math.pi)
    ratio = ellipse.radius_at(_DIRECTIONS) / truth
    away = math.hypot(ellipse.x - middle[0], ellipse.y - middle[1]) / reach.mean()
    if away > SAME_MIDDLE or abs(ratio.mean() - 1.0) > SAME_RADIUS:
        return None
    return float(np.abs(ratio - 1.0).max())


def beside(
    ground: Image.Image,
    photo: Photo,
    coin: Coin,
    tilts: tuple[float, float],
    random: np.random.Generator,
) -> Drawn:
    """Draw a coin beside a spot, which is made as wide as spots are."""
    width, height = photo.picture.size
    polygon = np.array([(x * width, y * height) for x, y in photo.outline])
    px_per_mm = random.uniform(*PX_PER_MM)
    factor = random.uniform(*SPOT_MM) * px_per_mm / longest(polygon)
    # Near the middle, as the coach asks.
    place = WIDTH_PX * random.uniform(0.4, 0.5), HEIGHT_PX * random.uniform(0.42, 0.58)
    scene = on_skin(ground, photo.picture, photo.outline, factor, place)
    return draw(
        scene,
        place,
        coin,
        random,
        tilt_deg=random.uniform(*tilts),
        diameter_px=px_per_mm * DISCS[coin].diameter_mm,
    )


def drawn_figures(data: Path, records: Sequence[Record], tilts: tuple[float, float]) -> Any:
    """Draw coins beside spots of camera photos, and look for them."""
    pool = [r for r in records if r.modality in CAMERA and r.diagnosis is not None]
    random = np.random.default_rng((SEED, round(tilts[0])))
    chosen = [pool[index] for index in random.permutation(len(pool))[: 2 * COINS]]
    skins = [r for r in records if r.detail == SKIN]
    grounds = [skins[index] for index in random.permutation(len(skins))[:COINS]]
    files = read_files(data, [*chosen, *grounds])
    counts = dict.fromkeys(("coins", "first", "later", "wrong", "none", "tilted"), 0)
    errors, seconds = [], []
    for record in chosen:
        photo = photo_of(whole(files[record.member], record.aspect))
        if len(photo.outline) < 3 or counts["coins"] == COINS:
            continue
        ground = grounds[counts["coins"] % len(grounds)]
        coin = list(Coin)[counts["coins"] % len(Coin)]
        drawn = beside(open_picture(files[ground.member]), photo, coin, tilts, random)
        counts["coins"] += 1
        start = time.perf_counter()
        found = find_coins(drawn.picture)
        seconds.append(time.perf_counter() - start)
        if isinstance(found, NoCoin):
            counts["tilted" if found is NoCoin.TILTED else "none"] += 1
            continue
        off = [error_of(drawn, one.ellipse) for one in found]
        right = next((index for index, error in enumerate(off) if error is not None), None)
        counts["wrong" if right is None else "later" if right else "first"] += 1
        errors += [error for error in off if error is not None][:1]
    return counts | {
        "error_share": _quantiles(errors),
        "seconds_median": float(np.median(seconds)),
    }


def false_figures(data: Path, records: Sequence[Record]) -> dict[str, Any]:
    """Look for coins in photos that have none."""
    random = np.random.default_rng(SEED)
    sets = {
        "camera": [r for r in records if r.modality in CAMERA],
        "dermoscopic": [r for r in records if r.modality is Modality.DERMOSCOPIC],
        "no lesions (ImageNet, animals, skin, wounds)": [r for r in records if r.source == "ood"],
        "NCI, with rulers and pen rings": read_more(data, "nci_moles"),
    }
    figures = {}
    for name, pool in sets.items():
        chosen = [pool[index] for index in random.permutation(len(pool))[:WITHOUT]]
        files = read_files(data, chosen)
        proposed = sum(
            not isinstance(find_coins(whole(files[r.member], r.aspect)), NoCoin) for r in chosen
        )
        figures[name] = {"photos": len(chosen), "proposed": proposed}
    return figures


def _diameter(photo: Photo) -> float | None:
    traced = trace(photo)
    return None if traced is None else longest(np.array(traced.outline))


def masked(data: Path, records: Sequence[Record]) -> list[tuple[Image.Image, Floats]]:
    """Return photos of PAD-UFES-20 with the outline (n, 2) that a person drew, wholly in them."""
    chosen = [r for r in records if r.source == "pad_ufes_20"]
    names = {f"pad_ufes_20_masks/{r.member.rpartition('/')[2][:-4]}.png": r for r in chosen}
    masks: dict[str, bytes] = {}
    with tarfile.open(data / "more/pad_ufes_20_masks.tar") as tar:
        for entry in tar:
            content = tar.extractfile(entry) if entry.name in names else None
            if content is not None:
                masks[names[entry.name].member] = content.read()
    chosen = [record for record in chosen if record.member in masks]
    files = read_files(data, chosen)
    found = []
    for record in chosen:
        picture = whole(files[record.member], record.aspect)
        drawn = Image.open(io.BytesIO(masks[record.member])).convert("L").resize(picture.size)
        mask = np.asarray(drawn) > 127
        if any(edge.any() for edge in (mask[0], mask[-1], mask[:, 0], mask[:, -1])):
            continue
        inner = np.zeros_like(mask)
        inner[1:-1, 1:-1] = mask[:-2, 1:-1] & mask[2:, 1:-1] & mask[1:-1, :-2] & mask[1:-1, 2:]
        rows, columns = np.nonzero(mask & ~inner)
        if len(rows) > 20:
            found.append((picture, np.stack([columns + 0.5, rows + 0.5], axis=1)))
    return found


def outline_errors(spots: Sequence[tuple[Image.Image, Floats]]) -> list[float]:
    """Return ln of the traced longest diameter over that of a person's outline."""
    pairs = [(_diameter(photo_of(picture)), longest(edge)) for picture, edge in spots]
    return [math.log(found / truth) for found, truth in pairs if found is not None]


def _is_on_coin(drawn: Drawn) -> bool:
    """Tell whether the check takes the coin for the spot."""
    outline = photo_of(drawn.picture).outline
    if len(outline) < 3:
        return False
    at = np.array(outline).mean(axis=0) * drawn.picture.size
    middle = drawn.edge.mean(axis=0)
    return math.dist(at, middle) < float(np.hypot(*(drawn.edge - middle).T).mean())


def size_figures(spots: Sequence[tuple[Image.Image, Floats]]) -> dict[str, Any]:
    """Measure spots in millimetres on plain skin beside a coin; the truth is a person's outline."""
    random = np.random.default_rng(SEED)
    errors, within, missed, taken = [], 0, 0, 0
    for number, (picture, edge) in enumerate(spots[:SIZED]):
        order = np.argsort(np.arctan2(*(edge - edge.mean(axis=0)).T))
        outline = tuple((edge[order] / picture.size)[:: max(1, len(edge) // 80)].tolist())
        coin = list(Coin)[number % len(Coin)]
        px_per_mm, spot_mm = random.uniform(*PX_PER_MM), random.uniform(*SPOT_MM)
        place = WIDTH_PX * random.uniform(0.44, 0.5), HEIGHT_PX * random.uniform(0.45, 0.55)
        factor = spot_mm * px_per_mm / longest(edge)
        scene = on_skin(plain_skin(picture, random), picture, outline, factor, place)
        drawn = draw(
            scene,
            place,
            coin,
            random,
            tilt_deg=random.uniform(0.0, 15.0),
            diameter_px=px_per_mm * DISCS[coin].diameter_mm,
        )
        taken += _is_on_coin(drawn)
        found = find_coins(drawn.picture)
        measured = (
            None
            if isinstance(found, NoCoin)
            else measure_spot(drawn.picture, coin, found[0].ellipse)
        )
        if measured is None:
            missed += 1
            continue
        error = math.log(measured.size.diameter_mm / spot_mm)
        errors.append(error)
        within += abs(measured.size.diameter_mm - spot_mm) <= measured.size.error_mm
    return _errors(errors) | {
        "drawn": len(spots[:SIZED]),
        "not_measured": missed,
        "within_error": within,
        "check_takes_the_coin": taken,
    }


def repeat_errors(data: Path, records: Sequence[Record]) -> list[float]:
    """Return ln of the diameters of one lesion in two photos of a sitting that line up."""
    pairs = [(of[0], of[1]) for of in several(records)][: 2 * REPEATS]
    files = read_files(data, [record for pair in pairs for record in pair])
    errors = []
    for pair in pairs:
        photos = [photo_of(whole(files[record.member], record.aspect)) for record in pair]
        fitted = fit(photos[0], photos[1])
        sizes = [_diameter(photo) for photo in photos]
        if sizes[0] is None or sizes[1] is None or not hasattr(fitted, "alignment"):
            continue
        alignment = fitted.alignment()
        if isinstance(alignment, Alignment):
            errors.append(math.log(sizes[1] / (sizes[0] * alignment.similarity.scale)))
    return errors


def _quantiles(values: Sequence[float]) -> list[float]:
    return [float(np.quantile(values, share)) for share in QUANTILES] if values else []


def _errors(values: Sequence[float]) -> dict[str, Any]:
    """Return how many, the median with its sign, quantiles of the amounts, and the plain faults."""
    wrong = sum(abs(value) > math.log(SEEN_TO_BE_WRONG) for value in values)
    return {
        "spots": len(values),
        "seen_to_be_wrong": wrong,
        "median": float(np.median(values)) if values else None,
        "amount": _quantiles([abs(value) for value in values]),
    }


def measure(data: Path, split: Split) -> dict[str, Any]:
    """Return the figures of a split."""
    records = of_split(read_records(data), split)
    spots = masked(data, records)
    return {
        "drawn": {name: drawn_figures(data, records, tilts) for name, tilts in TILTS.items()},
        "without": false_figures(data, records),
        "outline": _errors(outline_errors(spots)),
        "size": size_figures(spots),
        "repeat": _errors(repeat_errors(data, records)),
    }


def generate(document: Mapping[str, Any]) -> str:
    """Return the whole page."""
    return "\n\n".join(_parts(document)) + "\n"


def _share(count: int, of: int) -> str:
    low, high = wilson(count, of)
    return f"{count} of {of}, {count / of:.0%} ({low:.0%}–{high:.0%})".replace("%–", "–")


def _parts(document: Mapping[str, Any]) -> list[str]:
    parts = [
        "# A coin beside the spot",
        "Generated from `training/results/coins.json` by `python -m training.studies.coins`; do "
        "not edit. How a coin is found: `py/lentigo/spots/scale/`. The visitor is asked whether it "
        "is the coin, so a wrong find costs a press and gives no millimetres. No set here has "
        "photos of coins: they are drawn by the program beside real spots on real skin, 14 kinds "
        "of coins in turn, and real ones may be found less well. In brackets Wilson's 95 % "
        "interval.",
        "## Is it found?",
    ]
    rows = []
    for split, figures in document.items():
        for tilt, of in figures["drawn"].items():
            off = of["error_share"]
            n = of["coins"]
            rows.append(
                [
                    f"`{split}`",
                    tilt,
                    _share(of["first"] + of["later"], n),
                    str(of["wrong"]),
                    str(of["none"]),
                    str(of["tilted"]),
                    f"{off[0]:.1%}, {off[2]:.1%}" if off else "–",
                ]
            )
    head = ("split", "tilt", "found", "another thing", "nothing", "called too tilted")
    parts += [
        table((*head, "scale off, median and 95 %"), rows),
        f"More than {MOST_TILT_DEG:.0f}° is to be refused. How far the scale is off is read in the "
        f"worst direction; the program reckons with {EDGE_SHARE:.0%}, and with the tilt, the "
        "coin's height and the ends of the spot on top.",
        "## Photos without a coin",
    ]
    rows = [
        [
            name,
            *(
                _share(f["without"][name]["proposed"], f["without"][name]["photos"])
                for f in document.values()
            ),
        ]
        for name in next(iter(document.values()))["without"]
    ]
    parts += [
        table(("photos in which something was proposed", *(f"`{s}`" for s in document)), rows),
        "All photos of the NCI are in both columns; what is proposed there are pen rings.",
        "## A spot in millimetres",
        _SIZES,
    ]
    rows = []
    for key, words in _COMPARED.items():
        for split, figures in document.items():
            of = figures[key]
            amount = ", ".join(f"{share:.0%}" for share in of["amount"])
            counts = str(of["spots"]), str(of["seen_to_be_wrong"])
            rows.append([words, f"`{split}`", *counts, f"{of['median']:+.0%}", amount])
    compared = ("longest diameter", "split", "spots", "plainly wrong", "median")
    parts.append(table((*compared, "off, 50, 90 and 95 %"), rows))
    sizes = {f"`{split}`": figures["size"] for split, figures in document.items()}
    within = ", ".join(
        f"{_share(of['within_error'], of['spots'])} ({split})" for split, of in sizes.items()
    )
    taken = ", ".join(
        f"{of['check_takes_the_coin']} of {of['drawn']} ({split})" for split, of in sizes.items()
    )
    parts.append(
        f"The program reckons with {OUTLINE_SHARE:.0%} for the outline, with {REPEAT_SHARE:.0%} "
        "between two photos, and adds the scale's. Of the spots beside a coin the truth lay within "
        f"the error that is told in {within}. The check, which looks for one spot, takes the coin "
        f"for it in {taken} of the same photos: so a photo with a coin is a photo of its own, and "
        "is not judged."
    )
    return parts


_COMPARED = {
    "size": "beside a coin, against a person's outline",
    "repeat": "against another photo of the sitting (HAM10000, dermoscopic)",
    "outline": "in whole photos as the check finds it, against a person's outline",
}
_SIZES = (
    "Spots of PAD-UFES-20 with a person's outline, brought onto plain skin that the program draws, "
    "4 to 14 mm wide, a coin beside them tilted by up to 15°: on real skin a spot is found less "
    "well, as the last rows show, of whole photos in which it is looked for without "
    "a coin. The page draws both outlines and asks; one that is "
    f"{SEEN_TO_BE_WRONG} times too wide or too narrow is counted as plainly wrong."
)


def main() -> None:
    """Measure, and write the figures and the page."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("splits", nargs="*", choices=("val", "test"))
    parser.add_argument("--data", type=type(DEFAULT_DATA), default=DEFAULT_DATA)
    options = parser.parse_args()
    document = json.loads(DATA.read_text(encoding="utf-8")) if DATA.is_file() else {}
    for split in options.splits:
        document[split] = measure(options.data, Split(split))
        write_json(DATA, document)
    PAGE.write_text(generate(document), encoding="utf-8")


if __name__ == "__main__":
    main()
