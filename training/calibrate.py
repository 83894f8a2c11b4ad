"""The temperature and the operating points of a model, chosen on the ``val`` split.

Writes ``models/<id>/calibration.json``: what goes into the manifest, and the figures behind it.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.calibration import softmax
from lentigo.diagnosis import MALIGNANT, Diagnosis
from training.data import CAMERA, Modality, Split, read_records
from training.metrics import (
    class_balanced_nll,
    expected_calibration_error,
    share,
    threshold_at_sensitivity,
)
from training.model_folder import (
    DEFAULT_CHECKPOINT,
    DEFAULT_DATA,
    DEFAULT_MODEL,
    ModelFolder,
    write_json,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.predictions import Predictions

ORDER = list(Diagnosis)
MALIGNANT_INDICES = [ORDER.index(diagnosis) for diagnosis in sorted(MALIGNANT, key=ORDER.index)]
SMALLEST_TEMPERATURE, LARGEST_TEMPERATURE = 0.2, 5.0

# Ours, within field-notes' "a missed melanoma is the worst failure".
WANTED_SENSITIVITY = {"mel": 0.90, "bcc": 0.80, "akiec": 0.80, "malignancy": 0.95}
LEAST_CONFIDENT_SHARE = 0.10

# The model does not know how a picture was taken, so one threshold serves both groups.
GROUPS: dict[str, tuple[Modality, ...]] = {
    "dermoscopic": (Modality.DERMOSCOPIC,),
    "camera": CAMERA,
}

CALIBRATION_METHOD = (
    "One temperature for all (Guo et al., ICML 2017), at the minimum of the class-balanced "
    "negative log-likelihood: the mean over the seven classes of each class's mean. The logits "
    "were trained for a uniform prior over classes, so the fit gives every class the same weight."
)


@dataclass(frozen=True)
class Source:
    """A picture set as the model card names it."""

    name: str
    licence: str
    source: str


SOURCES: dict[str, Source] = {
    "ham10000": Source(
        "HAM10000",
        "CC BY-NC 4.0",
        "Tschandl, Rosendahl, Kittler: The HAM10000 dataset. Scientific Data 5:180161 (2018)",
    ),
    "milk10k": Source("MILK10k", "CC BY-NC 4.0", "MILK study team: MILK10k. ISIC archive"),
    "pad_ufes_20": Source(
        "PAD-UFES-20",
        "CC BY 4.0",
        "Pacheco et al.: PAD-UFES-20. Data in Brief 32:106221 (2020)",
    ),
    "isic2017": Source(
        "ISIC 2017",
        "CC0 or CC BY-NC 4.0, by image",
        "International Skin Imaging Collaboration: ISIC 2017 challenge",
    ),
}


def fit_temperature(logits: NDArray[np.floating], labels: NDArray[np.intp]) -> float:
    """Return the temperature with the least class-balanced NLL, to 4 decimals."""
    from scipy.optimize import minimize_scalar  # type: ignore[import-untyped] # noqa: PLC0415

    found = minimize_scalar(
        lambda temperature: class_balanced_nll(labels, softmax(logits, float(temperature))),
        bounds=(SMALLEST_TEMPERATURE, LARGEST_TEMPERATURE),
        method="bounded",
    )
    return round(float(found.x), 4)


def scores_of(probabilities: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return what each operating point looks at, (n,) each."""
    scores = {name: probabilities[:, ORDER.index(Diagnosis(name))] for name in MALIGNANT}
    return {str(name): score for name, score in scores.items()} | {
        "malignancy": probabilities[:, MALIGNANT_INDICES].sum(axis=1)
    }


def positives_of(labels: NDArray[np.intp]) -> dict[str, NDArray[np.bool_]]:
    """Return what each operating point should catch, (n,) each."""
    return {str(name): labels == ORDER.index(name) for name in MALIGNANT} | {
        "malignancy": np.isin(labels, MALIGNANT_INDICES)
    }


def _floor(value: float) -> float:
    """Round down to 4 decimals: towards caution."""
    return math.floor(value * 1e4) / 1e4


def choose_point(
    name: str, predictions: Predictions, scores: NDArray[np.float64]
) -> dict[str, Any]:
    """Return the lower of the groups' thresholds, and what it does in each group."""
    wanted = WANTED_SENSITIVITY[name]
    positive = positives_of(predictions.labels)[name]
    masks = {group: predictions.of_modality(*ways) for group, ways in GROUPS.items()}
    own = {
        group: threshold_at_sensitivity(positive[mask], scores[mask], wanted).value
        for group, mask in masks.items()
    }
    defined = [value for value in own.values() if value is not None]
    if not defined:
        raise ValueError(f"no {name} picture in the split: no operating point can be chosen")
    point = _floor(min(defined))
    effect = {}
    for group, mask in masks.items():
        caught, sick = scores[mask] >= point, positive[mask]
        effect[group] = {
            "own_threshold": own[group],
            "sensitivity": share(caught[sick], "no positive pictures").as_dict(),
            "specificity": share(~caught[~sick], "no negative pictures").as_dict(),
        }
    return {"point": point, "wanted_sensitivity": wanted, "groups": effect}


def describe_data(data: Path) -> list[dict[str, Any]]:
    """List the picture sets with licence, source, and pictures per split."""
    records = [record for record in read_records(data) if record.diagnosis is not None]
    described = []
    for name, source in SOURCES.items():
        counts = Counter(str(record.split) for record in records if record.source == name)
        ways = sorted({str(record.modality) for record in records if record.source == name})
        described.append(
            {
                "name": source.name,
                "licence": source.licence,
                "source": source.source,
                "modalities": ways,
                "pictures": {split: counts[split] for split in ("train", "val", "test")},
            }
        )
    return described


def calibrate(predictions: Predictions) -> dict[str, Any]:
    """Fit the temperature, choose the points; return what ``calibration.json`` says."""
    temperature = fit_temperature(predictions.logits, predictions.labels)
    before = softmax(predictions.logits)
    probabilities = softmax(predictions.logits, temperature)
    choices = {
        name: choose_point(name, predictions, scores)
        for name, scores in sorted(scores_of(probabilities).items())
    }
    confidence = probabilities.max(axis=1)
    confidence_point = _floor(float(np.quantile(confidence, LEAST_CONFIDENT_SHARE)))
    right = probabilities.argmax(axis=1) == predictions.labels
    below = share(right[confidence < confidence_point], "no pictures below it")
    wanted = ", ".join(f"{name} {value:.0%}" for name, value in WANTED_SENSITIVITY.items())
    return {
        "calibration": {
            "temperature": temperature,
            "method": CALIBRATION_METHOD,
            "split": "val",
            "pictures": len(predictions.labels),
        },
        "operating_points": {name: choice["point"] for name, choice in choices.items()}
        | {"confidence": confidence_point},
        "operating_points_method": (
            "On the val split, calibrated, over all lesion pictures: the highest threshold with "
            f"the wanted sensitivity ({wanted}), found for dermoscopic and for camera pictures "
            "apart; the lower of the two is taken, because the model does not know how a picture "
            "was taken. Confidence: the point below which the least confident "
            f"{LEAST_CONFIDENT_SHARE:.0%} of the val pictures lie; the top class of those is right "
            f"in {0 if below.value is None else below.value:.0%}."
        ),
        "choices": choices,
        "accuracy_below_confidence": below.as_dict(),
        "fit": {
            "class_balanced_nll_before": round(class_balanced_nll(predictions.labels, before), 4),
            "class_balanced_nll_after": round(
                class_balanced_nll(predictions.labels, probabilities), 4
            ),
            "ece_before": expected_calibration_error(predictions.labels, before).as_dict(),
            "ece_after": expected_calibration_error(predictions.labels, probabilities).as_dict(),
        },
    }


def main() -> None:
    """Choose temperature and operating points of a checkpoint on the val split."""
    parser = argparse.ArgumentParser(
        prog="python -m training.calibrate",
        description=main.__doc__,
        epilog="Needs training/requirements.txt and the pictures (--data).",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument(
        "--checkpoint", type=Path, help=f"safetensors; default: DATA/{DEFAULT_CHECKPOINT}"
    )
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the folder under models/")
    given = parser.parse_args()
    from training.predictions import predict  # noqa: PLC0415

    predictions = predict(
        given.data, given.checkpoint or given.data / DEFAULT_CHECKPOINT, Split.VAL
    )
    document = calibrate(predictions) | {"data": describe_data(given.data)}
    write_json(ModelFolder.named(given.model).calibration, document)
    print(f"temperature {document['calibration']['temperature']}, {document['operating_points']}")


if __name__ == "__main__":
    main()
