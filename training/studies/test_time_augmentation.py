"""Test-time augmentation: several copies of a picture answered, what their mean gains and tells.

A copy is the model's square flipped, or a part of it enlarged. The mean is one of calibrated
probabilities and of scores, so temperature and scales stay those of the square alone: whether they
still hold is measured, not assumed. All on ``val``.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from lentigo.model.risk import Score, Scores
from lentigo.priority import Priority
from lentigo.triage.rules import DISAGREEMENT_FROM
from training.measure.decisions import Condition, Decisions, reader_of
from training.measure.metrics import (
    area_under_curve,
    difference,
    share,
)
from training.measure.paired import compared
from training.measure.predictions import Change
from training.measure.slices import draws_of, operating_figures, slices_of
from training.pictures.data import Split, lesions, read_records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lentigo.model.reading import Reading
    from lentigo.model.risk import Scales
    from training.measure.measurement import Measurement

    # By copy, picture and class.
    Stack = NDArray[np.float64]

SPLIT = Split.VAL
SLICES = ("dermoscopic", "camera")


def flip(picture: Image.Image, _: np.random.Generator, turn: Image.Transpose) -> Image.Image:
    """Mirror or turn the square; no pixel is lost."""
    return picture.transpose(turn)


def part(
    picture: Image.Image, _: np.random.Generator, side: float, across: float, down: float
) -> Image.Image:
    """Enlarge a square part: ``side`` of the side, 0 to 1 of the rest away from the upper left."""
    side_px = picture.width * side
    left_px, top_px = (picture.width - side_px) * across, (picture.height - side_px) * down
    box = (left_px, top_px, left_px + side_px, top_px + side_px)
    return picture.resize(picture.size, Image.Resampling.BILINEAR, box=box)


def _part(side: float, across: float, down: float) -> Change:
    name = f"part of {side:g} of the side at {across:g}, {down:g}"
    return Change(name, partial(part, side=side, across=across, down=down))


def _flip(name: str, turn: Image.Transpose) -> Change:
    return Change(name, partial(flip, turn=turn))


# By a short name; ``None`` is the square itself.
AUGMENTATIONS: Mapping[str, Change | None] = {
    "whole": None,
    "mirrored": _flip("mirrored", Image.Transpose.FLIP_LEFT_RIGHT),
    "upper left 0.9": _part(0.9, 0.0, 0.0),
    "lower right 0.9": _part(0.9, 1.0, 1.0),
}
SETS: Mapping[str, tuple[str, ...]] = {
    "1": ("whole",),
    "2: mirrored": ("whole", "mirrored"),
    "4: mirrored, two parts": ("whole", "mirrored", "upper left 0.9", "lower right 0.9"),
    "3: two parts": ("whole", "upper left 0.9", "lower right 0.9"),
}


def _mean(readings: Sequence[Reading], condition: Condition) -> Score:
    scores: list[Score] = [getattr(reading.scores, condition) for reading in readings]
    return Score(
        float(np.mean([score.classes for score in scores])),
        float(np.mean([score.head for score in scores])),
    )


def averaged(copies: Sequence[Decisions], scales: Scales) -> Decisions:
    """Return what the page would say of the mean over copies, of which the first is the square.

    By the scale that holds for the square alone.
    """
    readings = []
    for of_picture in zip(*(copy.readings for copy in copies), strict=True):
        mean = np.mean([reading.probabilities for reading in of_picture], axis=0)
        scores = Scores(*(_mean(of_picture, condition) for condition in Condition))
        one = of_picture[0]
        probabilities = tuple(float(p) for p in mean)
        readings.append(
            replace(
                one,
                probabilities=probabilities,
                scores=scores,
                assessment=scales.assess(
                    probabilities, scales.risks(scores, one.modality), one.modality
                ),
            )
        )
    return Decisions(copies[0].predictions, tuple(readings))


def disagreement(stack: Stack) -> NDArray[np.float64]:
    """Return the share of copies whose top class differs from that of their mean, (n,)."""
    top = stack.mean(axis=0).argmax(axis=1)
    return np.asarray((stack.argmax(axis=2) != top).mean(axis=0))


def spread(stack: Stack) -> NDArray[np.float64]:
    """Return the mutual information of class and copy in nats, (n,): 0 where all copies agree.

    Entropy of the mean less the mean entropy (Gal, Islam and Ghahramani, ICML 2017).
    """

    def entropy(p: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(-(p * np.log(np.maximum(p, 1e-12))).sum(axis=-1))

    return np.asarray(entropy(stack.mean(axis=0)) - entropy(stack).mean(axis=0))


def doubt(one: Decisions, answer: Decisions, stack: Stack) -> dict[str, Any]:
    """Return how well disagreement tells wrong answers of the mean, and whom the rule touches.

    ``answer`` is that of the mean of the copies, ``stack`` their probabilities.

    AUROC for errors of the largest probability (of the square and of the mean), of the share of
    copies that see another class, of the mutual information, and of largest probability and share
    together. ``touched`` are pictures with a disagreement of at least ``DISAGREEMENT_FROM``;
    ``touched_low`` those of them whose priority is low, which alone the rule can change.
    """
    draws = draws_of(one)
    wrong = answer.predicted != answer.labels
    differ, confidence = disagreement(stack), answer.probabilities.max(axis=1)
    scores = {
        "max_probability_of_one": 1.0 - one.probabilities.max(axis=1),
        "max_probability": 1.0 - confidence,
        "disagreement": differ,
        "mutual_information": spread(stack),
        "both": differ - confidence,
    }
    found = {name: area_under_curve(wrong, score, draws) for name, score in scores.items()}
    touched = differ >= DISAGREEMENT_FROM
    low = answer.severity == Priority.LOW.severity
    return {
        "auroc_for_errors": {name: figure.as_dict() for name, figure in found.items()},
        "both_more_than_max_probability": difference(
            found["both"], found["max_probability"]
        ).as_dict(),
        "touched": share(touched, draws=draws).as_dict() | {"lesions": draws.lesions(touched)},
        "wrong": share(wrong, draws=draws).as_dict(),
        "wrong_where_touched": share(wrong, touched, draws).as_dict(),
        "touched_low": share(touched, low, draws).as_dict()
        | {
            "pictures": int((touched & low).sum()),
            "malignant": int((touched & low & answer.malignant).sum()),
        },
    }


def measure(measurement: Measurement) -> dict[str, Any]:
    """Return, by set of copies and modality, figures against the square alone, and doubt."""
    records = lesions(read_records(measurement.data), SPLIT)[:: measurement.every]
    # Each copy is one view: the mean of a photo's own four is left aside.
    copies = {
        name: measurement.judge(measurement.of_one_view(records, change))
        for name, change in AUGMENTATIONS.items()
    }
    whole = copies["whole"]
    masks = {name: slices_of(whole.predictions)[name] for name in SLICES}
    scales = reader_of(measurement.calibration()).scales
    sets: dict[str, Any] = {}
    for name, chosen in SETS.items():
        stack = np.stack([copies[each].probabilities for each in chosen])
        answer = averaged([copies[each] for each in chosen], scales)
        sets[name] = {"augmentations": list(chosen)}
        for slice_name, mask in masks.items():
            one, several = whole.where(mask), answer.where(mask)
            sets[name][slice_name] = {
                "figures": compared(one, several),
                "operating": operating_figures(several, draws_of(several)),
            }
            if len(chosen) > 1:
                sets[name][slice_name]["doubt"] = doubt(one, several, stack[:, mask])
    return {
        "split": SPLIT,
        "pictures": {name: int(mask.sum()) for name, mask in masks.items()},
        "sets": sets,
    }
