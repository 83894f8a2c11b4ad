"""Asymmetry, border and colours of one photo: how well each tells melanomas from naevi.

``lentigo.spots.comparison.shape`` measures them with the outline that the page finds. One photo of
a lesion, by set. What may be shown as a finding is decided on ``val``; ``test`` was read once.
Writes the figures, their page, and the module from which the program shows them.

    python -m training.studies.spot_shapes [--again]
"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.diagnosis import Diagnosis
from lentigo.spots.comparison.criterion import Criterion
from lentigo.spots.comparison.photo import photo_of
from lentigo.spots.comparison.shape import shape_of
from training.card.markdown import table
from training.measure.metrics import area_under_curve, draw_lesions
from training.network.model_folder import DEFAULT_DATA, REPOSITORY, RESULTS, write_json
from training.pictures.data import CAMERA, Modality, Record, Split, read_files, read_records
from training.studies.repeat_photos import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

DATA = RESULTS / "spot-shapes.json"
PAGE = REPOSITORY / "docs/generated/spot-shapes.md"
MODULE = REPOSITORY / "py/lentigo/spots/comparison/separation.py"
ROUNDS, SEED = 1000, 7
MOST_NAEVI = 250
# A criterion separates, for a way of taking, if its AUC reaches this in each of the sets on `val`.
LEAST_AUC = 0.65
SETS = {
    "HAM10000, dermoscopic": ("ham10000", (Modality.DERMOSCOPIC,)),
    "MILK10k, dermoscopic": ("milk10k", (Modality.DERMOSCOPIC,)),
    "MILK10k and PAD-UFES-20, camera": ("", CAMERA),
}
_WORDS = {
    Criterion.ASYMMETRY: "asymmetry of the outline",
    Criterion.COLOUR_ASYMMETRY: "asymmetry of the colours",
    Criterion.BORDER: "irregularity of the border",
    Criterion.COLOURS: "number of colours",
    Criterion.VARIETY: "variety of the lightness",
}


def chosen(records: Iterable[Record], split: Split, name: str) -> list[Record]:
    """Return one photo of each melanoma of a set, and of up to ``MOST_NAEVI`` naevi."""
    source, ways = SETS[name]
    lesions: dict[str, Record] = {}
    for record in records:
        if record.split is split and record.modality in ways and source in ("", record.source):
            lesions.setdefault(f"{record.source} {record.group}", record)
    melanomas = [one for one in lesions.values() if one.diagnosis is Diagnosis.MEL]
    naevi = [one for one in lesions.values() if one.diagnosis is Diagnosis.NV]
    order = np.random.default_rng(SEED).permutation(len(naevi))[:MOST_NAEVI]
    return melanomas + [naevi[index] for index in order]


def figures_of(data: Path, records: list[Record]) -> dict[str, Any]:
    """Return the AUC of each criterion over the lesions that can be measured."""
    files = read_files(data, records)
    values, melanoma = [], []
    for record in records:
        shape = shape_of(photo_of(whole(files[record.member], record.aspect)))
        if shape is not None:
            values.append([shape.value(criterion) for criterion in Criterion])
            melanoma.append(record.diagnosis is Diagnosis.MEL)
    is_melanoma, measured = np.array(melanoma), np.array(values)
    draws = draw_lesions(np.arange(len(measured)), ROUNDS, SEED)
    return {
        "melanomas": int(is_melanoma.sum()),
        "naevi": int((~is_melanoma).sum()),
        "not_measured": len(records) - len(measured),
        "auc": {
            str(criterion): area_under_curve(is_melanoma, measured[:, column], draws).as_dict()
            for column, criterion in enumerate(Criterion)
        },
    }


def measure(data: Path) -> dict[str, Any]:
    """Return the figures of both splits."""
    records = read_records(data)
    return {
        str(split): {name: figures_of(data, chosen(records, split, name)) for name in SETS}
        for split in (Split.VAL, Split.TEST)
    }


def separating(figures: Mapping[str, Any]) -> dict[str, frozenset[Criterion]]:
    """Return by way of taking the criteria that separate in each of its sets, of one split."""
    return {
        way: frozenset(
            criterion
            for criterion in Criterion
            if all(
                of["auc"][str(criterion)]["value"] >= LEAST_AUC
                for name, of in figures.items()
                if name.endswith(way)
            )
        )
        for way in ("dermoscopic", "camera")
    }


def generate(document: Mapping[str, Any]) -> str:
    """Return the whole page."""
    parts = [
        "# Asymmetry, border and colours of one photo",
        "Generated from `training/results/spot-shapes.json` by "
        "`python -m training.studies.spot_shapes`; do not edit.\n"
        "How well each tells melanomas from naevi: the area under the curve, with the 95 % "
        "interval over lesions. Measured from the outline that the page finds "
        "(`py/lentigo/spots/comparison/shape.py`), one photo of a lesion. A criterion may be shown "
        f"as a finding where it reaches {LEAST_AUC} on `val` in each set taken that way (bold); "
        "`test` was read once. The diameter needs a scale in the picture.",
    ]
    shown = separating(document[str(Split.VAL)])
    for split, sets in document.items():
        parts += [f"## `{split}`"]
        rows = []
        for criterion, words in _WORDS.items():
            cells = []
            for name, of in sets.items():
                way = name.rsplit(" ", 1)[1]
                cell = _cell(of["auc"][str(criterion)])
                cells.append(f"**{cell}**" if criterion in shown[way] else cell)
            rows.append([words, *cells])
        rows.append(
            [
                "melanomas, naevi (not measured)",
                *(
                    f"{of['melanomas']}, {of['naevi']} ({of['not_measured']})"
                    for of in sets.values()
                ),
            ]
        )
        parts.append(table(("criterion", *sets), rows))
    return "\n\n".join(parts) + "\n"


def _cell(figure: Mapping[str, Any]) -> str:
    if figure.get("too_few_to_say"):
        return "too few to say"
    return f"{figure['value']:.2f} ({figure['low']:.2f}–{figure['high']:.2f})"


def module(document: Mapping[str, Any]) -> str:
    """Return the module of the program: what may be shown, with its figures of ``test``."""
    lines = [_HEAD]
    for way, criteria in separating(document[str(Split.VAL)]).items():
        lines += [f"    Modality.{way.upper()}: {{"]
        for criterion in Criterion:
            if criterion in criteria:
                lines += [f"        Criterion.{criterion.name}: ("]
                sets = [name for name in SETS if name.endswith(way)]
                lines += [f"            {_separation(document, name, criterion)}," for name in sets]
                lines += ["        ),"]
        lines += ["    },"]
    return "\n".join([*lines, "}"]) + "\n"


def _separation(document: Mapping[str, Any], name: str, criterion: Criterion) -> str:
    of = document[str(Split.TEST)][name]
    figure = of["auc"][str(criterion)]
    photos = name.rsplit(",", 1)[0]
    auc = ", ".join(f"{figure[key]:.2f}" for key in ("value", "low", "high"))
    return f'Separation("{photos}", {auc}, {of["melanomas"]}, {of["naevi"]})'


_HEAD = '''\
"""Which criteria may be shown as a finding, by how the photo was taken, and their figures.

Generated from ``training/results/spot-shapes.json`` by ``python -m training.studies.spot_shapes``;
do not edit. Chosen on `val`; the figures are those of `test`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lentigo.model.modality import Modality
from lentigo.spots.comparison.criterion import Criterion, Separation

if TYPE_CHECKING:
    from collections.abc import Mapping

SEPARATION: Mapping[Modality, Mapping[Criterion, tuple[Separation, ...]]] = {'''


def main() -> None:
    """Measure, and write the figures, the page and the module."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--data", type=type(DEFAULT_DATA), default=DEFAULT_DATA)
    parser.add_argument("--again", action="store_true", help="write anew what was measured before")
    options = parser.parse_args()
    if options.again:
        document = json.loads(DATA.read_text(encoding="utf-8"))
    else:
        document = measure(options.data)
        write_json(DATA, document)
    PAGE.write_text(generate(document), encoding="utf-8")
    MODULE.write_text(module(document), encoding="utf-8")


if __name__ == "__main__":
    main()
