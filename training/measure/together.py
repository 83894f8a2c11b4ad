"""Several processes answer what an evaluation needs, each a share; the first one evaluates.

    torchrun --nproc_per_node=2 -m training.measure.evaluate

On several machines the scratch folder must be one that all of them see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.measure import probes
from training.measure.predictions import predict_records
from training.network.place import Place
from training.pictures.data import Split, of_split, read_records

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from training.measure.measurement import Measurement
    from training.measure.predictions import Change
    from training.pictures.data import Record

    Shown = tuple[list[Record], Change | None]


def needed(measurement: Measurement) -> list[Shown]:
    """Return the pictures whose answers an evaluation reads, and how each is changed."""
    data, records = measurement.data, read_records(measurement.data)
    learnt = probes.train_records(data)
    chosen = of_split(records, Split.VAL)
    return [
        (measurement.records(), None),
        ([r for r in of_split(records, measurement.split) if r.diagnosis is None], None),
        ([*chosen, *probes.no_lesions(data, Split.VAL)], None),
        *((learnt, view) for view in (None, *probes.views())),
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
