"""What several photos of one spot do to the answer: one alone, their mean, and the page's rule.

MILK10k has a clinical and a dermoscopic picture of each lesion, HAM10000 several dermoscopic ones
of some. The released weights answer each on the page's square; the gauges are left aside. ``val``
only: the rule was chosen there.

    python -m training.studies.several_photos
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from lentigo.diagnosis import Diagnosis
from lentigo.model.ood import Recognition
from lentigo.model.several_photos import read_together
from lentigo.picture import preprocess
from lentigo.priority import Priority
from lentigo.triage.rules import Evidence, triage
from lentigo.triage.several_photos import MOST_PHOTOS
from training.measure.decisions import reader_of
from training.measure.metrics import area_under_curve, draw_lesions, share
from training.network.model_folder import (
    DEFAULT_DATA,
    DEFAULT_MODEL,
    DEFAULT_VARIANT,
    ModelFolder,
    read_json,
)
from training.pictures.data import Modality, Record, Split, lesions, read_records, squares
from training.studies.natural_changes import Network, outputs_of
from training.studies.several_photos_document import keep

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from lentigo.model.reading import Outputs, Reader, Reading

SPLIT = Split.VAL
ROUNDS, SEED = 2000, 5


@dataclass(frozen=True)
class Answered:
    """One way of answering: the priority, and the risk 0..1 to rank lesions by."""

    priority: Priority
    melanoma: float


@dataclass(frozen=True)
class Lesion:
    """A lesion and its pictures, of which the page would take up to five."""

    diagnosis: Diagnosis
    pictures: tuple[Record, ...]


def pairs(records: Iterable[Record]) -> list[Lesion]:
    """Return MILK10k's lesions, each with a clinical and a dermoscopic picture, in that order."""
    found = []
    for lesion in _by_lesion(records, "milk10k"):
        ways = {record.modality: record for record in reversed(lesion)}
        if {Modality.CLINICAL, Modality.DERMOSCOPIC} <= ways.keys():
            found.append(_lesion([ways[Modality.CLINICAL], ways[Modality.DERMOSCOPIC]]))
    return found


def series(records: Iterable[Record]) -> list[Lesion]:
    """Return HAM10000's lesions of which there are several pictures."""
    return [_lesion(of) for of in _by_lesion(records, "ham10000") if len(of) > 1]


def _by_lesion(records: Iterable[Record], source: str) -> Iterable[list[Record]]:
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.source == source:
            groups[record.group].append(record)
    return groups.values()


def _lesion(records: list[Record]) -> Lesion:
    diagnosis = records[0].diagnosis
    assert diagnosis is not None
    return Lesion(diagnosis, tuple(records[:MOST_PHOTOS]))


def answer_all(
    data: Path, network: Network, found: Sequence[Lesion], size_px: int = preprocess.INPUT_SIZE_PX
) -> dict[str, Outputs]:
    """Return the network's answer by the name of each picture."""
    records = [record for lesion in found for record in lesion.pictures]
    answers = {}
    for index, (record, square) in enumerate(squares(data, records, size_px), 1):
        answers[record.member] = outputs_of(network(Image.fromarray(square)))
        print(f"\r{index}/{len(records)} pictures", end="", flush=True)
    print()
    network.keep()
    return answers


def ways_of(reader: Reader, photos: Sequence[Outputs]) -> dict[str, Answered] | None:
    """Return what each way answers; ``None`` if one of the photos is refused as no lesion."""
    readings = [reader.read(photo) for photo in photos]
    if not {Recognition.NOT_A_LESION, Recognition.NAIL}.isdisjoint(
        reading.recognition for reading in readings
    ):
        return None
    alone = [_answered(reading) for reading in readings]
    together = read_together(reader, photos, [reading.modality for reading in readings])
    return {
        "first": alone[0],
        "last": alone[-1],
        "mean": _answered(together),
        "rule": _answered(together, tuple(one.priority for one in alone)),
        "severest": Answered(
            max((one.priority for one in alone), key=lambda priority: priority.severity),
            max(one.melanoma for one in alone),
        ),
    }


def _answered(reading: Reading, alone: tuple[Priority, ...] = ()) -> Answered:
    evidence = Evidence(reading.assessment, recognition=reading.recognition, alone=alone)
    return Answered(triage(evidence).priority, reading.assessment.risks.melanoma)


def figures_of(found: Sequence[Lesion], answers: Sequence[dict[str, Answered]]) -> dict[str, Any]:
    """Return by way of answering how melanomas are ranked, and who is alarmed."""
    is_melanoma = np.array([lesion.diagnosis is Diagnosis.MEL for lesion in found])
    is_naevus = np.array([lesion.diagnosis is Diagnosis.NV for lesion in found])
    draws = draw_lesions(np.arange(len(found)), ROUNDS, SEED)
    ways = {}
    for way in answers[0]:
        severity = np.array([answer[way].priority.severity for answer in answers])
        score = np.array([answer[way].melanoma for answer in answers])
        urgent, high, medium = (
            severity >= tier.severity for tier in (Priority.URGENT, Priority.HIGH, Priority.MEDIUM)
        )
        ways[way] = {
            "melanoma_auc": area_under_curve(is_melanoma, score, draws).as_dict(),
            "melanomas_urgent": share(urgent, is_melanoma, draws).as_dict(),
            "melanomas_high": share(high, is_melanoma, draws).as_dict(),
            "melanomas_below_medium": share(~medium, is_melanoma, draws).as_dict(),
            "naevi_urgent": share(urgent, is_naevus, draws).as_dict(),
            "naevi_low": share(severity == 0, is_naevus, draws).as_dict(),
        }
    return {
        "lesions": len(found),
        "pictures": sum(len(lesion.pictures) for lesion in found),
        "melanomas": int(is_melanoma.sum()),
        "naevi": int(is_naevus.sum()),
        "ways": ways,
    }


def measure(data: Path, folder: ModelFolder, variant: str) -> dict[str, Any]:
    """Return the figures of both sets."""
    records = lesions(read_records(data), SPLIT)
    reader, network = reader_of(read_json(folder.calibration)), Network(folder, variant)
    sets = {}
    for name, found in (("milk10k", pairs(records)), ("ham10000", series(records))):
        outputs = answer_all(data, network, found)
        answered = [
            (lesion, ways_of(reader, [outputs[picture.member] for picture in lesion.pictures]))
            for lesion in found
        ]
        kept = [(lesion, ways) for lesion, ways in answered if ways is not None]
        sets[name] = figures_of([lesion for lesion, _ in kept], [ways for _, ways in kept])
        sets[name]["left_out"] = len(found) - len(kept)
    return {"model": folder.path.name, "split": str(SPLIT), "sets": sets}


def main() -> None:
    """Measure, and write the figures and the page."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--data", type=type(DEFAULT_DATA), default=DEFAULT_DATA)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--variant", default=DEFAULT_VARIANT)
    given = parser.parse_args()
    keep(measure(given.data, ModelFolder.named(given.model), given.variant))


if __name__ == "__main__":
    main()
