"""Several processes answer what an evaluation needs, each a share; the first one evaluates.

    torchrun --nproc_per_node=2 -m training.measure.evaluate

On several machines the scratch folder must be one that all of them see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.measure import probes
from training.measure.predictions import predict_records, views_of
from training.network.place import Place
from training.pictures.data import Split, lesions, of_split, read_records

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from training.measure.measurement import Measurement
    from training.measure.predictions import Change, Cut
    from training.pictures.data import Record

    Shown = tuple[list[Record], Change | Cut | None]


def needed(measurement: Measurement) -> list[Shown]:
    """Return the pictures whose answers an evaluation reads, and how each is changed."""
    data, records = measurement.data, read_records(measurement.data)
    learnt = probes.train_records(data)
    chosen = of_split(records, Split.VAL)
    rest = [r for r in of_split(records, measurement.split) if r.diagnosis is None]
    judged = [*measurement.records(), *rest, *chosen, *probes.no_lesions(data, Split.VAL)]
    return [
        *((judged, view) for view in views_of()),
        (lesions(records, Split.TRAIN), None),
        *((learnt, shown) for shown in (None, *probes.parts())),
    ]


def answer_share(data: Path, checkpoint: Path, needs: Iterable[Shown], place: Place) -> None:
    """Answer this process's share of each list, then wait for the others."""
    for records, change in needs:
        share = place.share_of(len(records))
        predict_records(data, checkpoint, [records[index] for index in share], change)
    place.wait()


def goes_on(measurement: Measurement) -> bool:
    """Answer together if torchrun started several processes; whether this one evaluates."""
    place = Place.find()
    if place.count > 1:
        answer_share(measurement.data, measurement.checkpoint, needed(measurement), place)
    return place.rank == 0
