"""A network that was trained without a set, measured on that set: strangers' pictures.

    python -m training.measure.left_out --checkpoint WEIGHTS --sets isic2017

Prints melanoma AUC, melanoma against naevus alone, and malignancy AUC of each set, and their means
over the sets. ``train`` and ``val`` of the sets; a recipe leaves them out by ``sets.left_out``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.model.calibration import softmax
from training.measure.decisions import MALIGNANT_INDICES, MEL, NV
from training.measure.measurement import limit_threads
from training.measure.metrics import area_under_curve, draw_lesions
from training.measure.predictions import predict_records
from training.network.model_folder import DEFAULT_DATA
from training.pictures.sets import left_out_records

if TYPE_CHECKING:
    from training.measure.predictions import Predictions

BOOTSTRAP_ROUNDS = 1000
BOOTSTRAP_SEED = 22


def figures_of(found: Predictions) -> dict[str, Any]:
    """Return the areas of one set, with intervals over lesions; by p(mel) and p(malignant)."""
    scores = softmax(found.logits)
    draws = draw_lesions(found.groups, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED)
    two = np.isin(found.labels, (MEL, NV))
    between = found.where(two)
    malignancy = scores[:, MALIGNANT_INDICES].sum(axis=1)
    areas = {
        "melanoma_auc": area_under_curve(found.labels == MEL, scores[:, MEL], draws),
        "melanoma_against_naevus_auc": area_under_curve(
            between.labels == MEL,
            scores[two, MEL],
            draw_lesions(between.groups, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED),
        ),
        "malignancy_auc": area_under_curve(
            np.isin(found.labels, MALIGNANT_INDICES), malignancy, draws
        ),
    }
    return {"melanomas": int((found.labels == MEL).sum())} | {
        name: area.as_dict() for name, area in areas.items()
    }


def measure(data: Path, checkpoint: Path, sets: list[str]) -> dict[str, Any]:
    """Return the figures by set, and the mean of each over the sets."""
    by_set = {
        name: figures_of(predict_records(data, checkpoint, left_out_records(data, [name])))
        for name in sets
    }
    areas = [name for name in next(iter(by_set.values())) if name.endswith("_auc")]
    values = {area: [figures[area]["value"] for figures in by_set.values()] for area in areas}
    mean = {
        area: None if None in each else round(float(np.mean(each)), 4)
        for area, each in values.items()
    }
    return {"sets": by_set, "mean_of_sets": mean}


def main() -> None:
    """Measure a checkpoint on sets that it was trained without."""
    parser = argparse.ArgumentParser(
        prog="python -m training.measure.left_out",
        description=main.__doc__,
        epilog="Needs training/requirements.txt and the pictures (--data).",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument(
        "--sets", nargs="+", required=True, help='such as isic2017 or "milk10k dermoscopic"'
    )
    parser.add_argument("--threads", type=int, help="of PyTorch; default: as many as it likes")
    given = parser.parse_args()
    limit_threads(given.threads)
    print(json.dumps(measure(given.data, given.checkpoint, given.sets), indent=1))


if __name__ == "__main__":
    main()
