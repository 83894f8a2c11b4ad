"""What one score is worth: areas under the curve, thresholds and their trade-offs."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.model.figures import Undefined
from training.measure.metrics import Figure, area_under_curve, draw_lesions, share
from training.measure.outlier_pictures import FAR_KINDS, groups_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lentigo.model.outlier_figures import OutlierScore
    from training.measure.outlier_pictures import Pictures

    Scores = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    # Of the known, of the lesions outside the classes, of the far.
    Triple = tuple[Scores, Scores, Scores]

# What is asked for: this share of the far cases rejected, at most this share of lesions refused.
WANTED_REJECTED = 0.95
MOST_REFUSED = 0.03
BOOTSTRAP_ROUNDS = 1000
BOOTSTRAP_SEED = 21


def auroc(known: Scores, unknown: Scores, groups: NDArray[np.intp] | None = None) -> Figure:
    """Return how often a known picture scores above an unknown one; ``n`` counts the unknown.

    With ``groups``, the lesions of the known and then of the unknown, it carries an interval.
    """
    if len(unknown) == 0 or len(known) == 0:
        return Figure(None, 0, Undefined.NO_PICTURES)
    positive = np.arange(len(known) + len(unknown)) < len(known)
    draws = None if groups is None else draw_lesions(groups, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED)
    figure = area_under_curve(positive, np.concatenate([known, unknown]), draws)
    return replace(figure, n=len(unknown))


def threshold_refusing(known: Scores, most: float) -> float:
    """Return the highest of the known scores below which at most this share of them lies."""
    return float(np.sort(known)[math.floor(most * len(known) + 1e-9)])


def threshold_rejecting(far: Scores, least: float) -> float:
    """Return the lowest threshold below which at least this share of the far scores lies."""
    return float(np.nextafter(np.sort(far)[math.ceil(least * len(far) - 1e-9) - 1], np.inf))


def choose_threshold(known: Scores, far: Scores, groups: Sequence[Mask]) -> float:
    """Return the threshold with the most room to both limits, each in units of what it allows.

    The limits: at least 95 % of the far rejected, at most 3 % of the known refused **in each
    group** (masks (n,)), so that none pays for the others. Where no threshold keeps both, the
    second holds and as many far as then possible are rejected. Halfway between two scores, rounded
    down to 4 decimals: towards refusing less.
    """
    members = [known[mask] for mask in groups if mask.any()]
    highest = min(threshold_refusing(part, MOST_REFUSED) for part in members)
    values = np.unique(np.concatenate([known, far]))
    candidates = np.append(values[0], (values[1:] + values[:-1]) / 2)
    candidates = candidates[candidates <= highest]
    refused = np.max([_share_below(part, candidates) for part in members], axis=0)
    room = np.minimum(
        (_share_below(far, candidates) - WANTED_REJECTED) / (1.0 - WANTED_REJECTED),
        (MOST_REFUSED - refused) / MOST_REFUSED,
    )
    return math.floor(float(candidates[np.argmax(room)]) * 1e4) / 1e4


def _share_below(scores: Scores, thresholds: Scores) -> Scores:
    return np.searchsorted(np.sort(scores), thresholds, side="left") / len(scores)


def compare(scores: Mapping[OutlierScore, Triple], parts: Pictures) -> dict[str, Any]:
    """Return each score's figures: far, far by kind, the two trade-offs asked for, and near."""
    kinds = np.array([record.detail for record in parts.far.records])
    groups = groups_of(parts.known, parts.far)
    compared = {}
    for method, (known, outside, far) in scores.items():
        by_kind = {kind: auroc(known, far[kinds == kind]) for kind in FAR_KINDS}
        compared[str(method)] = {
            "far": auroc(known, far, groups).as_dict(),
            "far_by_kind": {kind: figure.as_dict() for kind, figure in by_kind.items()},
            "far_mean_of_kinds": round(_mean(by_kind.values()), 4),
            "rejected_at_3_percent_refused": share(
                far < threshold_refusing(known, MOST_REFUSED)
            ).as_dict(),
            "refused_at_95_percent_rejected": share(
                known < threshold_rejecting(far, WANTED_REJECTED)
            ).as_dict(),
            "near": auroc(known, outside, groups_of(parts.known, parts.outside)).as_dict(),
        }
    return compared


def _mean(figures: Any) -> float:
    return float(np.mean([figure.value for figure in figures if figure.value is not None]))
