"""How often a picture's priority changes when it is merely flipped or turned by a right angle.

A skin lesion has no up or down: the eight ways to lay a square on its sides show the same lesion.
Counted with one view, and with the mean of several; the mean of all eight cannot change.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from training.measure.measurement import read_arguments
from training.measure.metrics import share
from training.measure.predictions import SIDES, mean_of, turned, view_of
from training.measure.slices import draws_of, slices_of
from training.pictures.data import Split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from training.measure.decisions import Decisions
    from training.measure.measurement import Measurement
    from training.measure.predictions import Predictions

SLICES = ("dermoscopic", "camera")
TURNS: Mapping[str, Image.Transpose | None] = {
    **SIDES,
    "turned 90": Image.Transpose.ROTATE_90,
    "turned 270": Image.Transpose.ROTATE_270,
    "transposed": Image.Transpose.TRANSPOSE,
    "transversed": Image.Transpose.TRANSVERSE,
}
# What the mean is taken over: so many of the views above, which is closed under its own turns.
MEANS = (1, 2, 4)


def after(first: str, second: str) -> str:
    """Return the view that a view of a view is."""
    corners = Image.fromarray(np.arange(4, dtype=np.uint8).reshape(2, 2))

    def shown(*names: str) -> bytes:
        picture = corners
        for name in names:
            picture = turned(picture, TURNS[name])
        return picture.tobytes()

    return next(name for name in TURNS if shown(name) == shown(first, second))


def laid(views: Mapping[str, Predictions], count: int, side: str) -> Predictions:
    """Return the mean over ``count`` views of pictures that lie on another side."""
    return mean_of([views[after(side, name)] for name in list(TURNS)[:count]])


def changes(answers: Sequence[Decisions]) -> NDArray[np.bool_]:
    """Return whose priority is not the same from all sides, (n,)."""
    severity = np.stack([each.severity for each in answers])
    return np.asarray((severity != severity[0]).any(axis=0))


def measure(measurement: Measurement) -> dict[str, Any]:
    """Return the share whose priority changes, by how many views are averaged and by slice."""
    records = measurement.records()
    views = {
        name: measurement.of_one_view(records, view_of(name, turn)) for name, turn in TURNS.items()
    }
    found: dict[str, Any] = {}
    for count in MEANS:
        answers = [measurement.judge(laid(views, count, side)) for side in TURNS]
        differ, first = changes(answers), answers[0]
        draws = draws_of(first)
        masks = {name: slices_of(first.predictions)[name] for name in SLICES}
        masks["milk10k"] = first.predictions.of_source("milk10k")
        found[f"{count} views" if count > 1 else "1 view"] = {
            "all": share(differ, draws=draws).as_dict()
        } | {name: share(differ, mask, draws).as_dict() for name, mask in masks.items()}
    return {"split": str(measurement.split), "every": measurement.every, "changed": found}


def main() -> None:
    """Count the pictures whose priority changes when they are flipped or turned."""
    needs = "training/requirements.txt, the pictures (--data), and calibration.json."
    measurement = read_arguments("measure.flips", main.__doc__, needs)
    print(json.dumps(measure(replace(measurement, split=Split.VAL)), indent=1))


if __name__ == "__main__":
    main()
