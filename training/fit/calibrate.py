"""What a model is held to, chosen on ``val``: temperature, scales, thresholds, what it refuses.

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

from lentigo.model.calibration import softmax
from training.fit.scales import choose_line
from training.measure.decisions import BCC, decide, positives_of, reader_of, scores_of
from training.measure.measurement import limit_threads
from training.measure.metrics import (
    class_balanced_nll,
    expected_calibration_error,
    share,
    threshold_at_sensitivity,
)
from training.measure.selective import WANTED_COVERAGE, conformal_threshold
from training.measure.slices import draws_of, tier_figures
from training.measure.temperatures import best_criterion, compare, fit_temperature
from training.network.model_folder import (
    DEFAULT_CHECKPOINT,
    DEFAULT_DATA,
    DEFAULT_MODEL,
    ModelFolder,
    write_json,
)
from training.pictures.data import CAMERA, Modality, Split, lesions, read_records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lentigo.model.reading import Reader
    from training.measure.decisions import HeadLogits
    from training.measure.predictions import Predictions

    Scores = Mapping[str, NDArray[np.float64]]

# Ours: a carcinoma grows slowly, and most of those that this misses ask for medium.
BCC_SENSITIVITY = 0.80
LEAST_CONFIDENT_SHARE = 0.10

# A modality is certain if at most this share of the certain pictures of either kind is wrong ...
MOST_WRONG_MODALITIES = 0.01
# ... and never below this probability: a visitor's pictures come from other cameras. Ours.
LEAST_CERTAIN_FROM = 0.9

# The scale of each holds where the model is certain that the picture was taken that way.
GROUPS: dict[str, tuple[Modality, ...]] = {
    "dermoscopic": (Modality.DERMOSCOPIC,),
    "camera": CAMERA,
}


@dataclass(frozen=True)
class Source:
    """A picture set as the model card names it; of several licences each picture has one."""

    name: str
    licences: tuple[str, ...]
    source: str


SOURCES: dict[str, Source] = {
    "ham10000": Source(
        "HAM10000",
        ("CC BY-NC 4.0",),
        "Tschandl, Rosendahl, Kittler: The HAM10000 dataset. Scientific Data 5:180161 (2018)",
    ),
    "milk10k": Source("MILK10k", ("CC BY-NC 4.0",), "MILK study team: MILK10k. ISIC archive"),
    "pad_ufes_20": Source(
        "PAD-UFES-20",
        ("CC BY 4.0",),
        "Pacheco et al.: PAD-UFES-20. Data in Brief 32:106221 (2020)",
    ),
    "isic2017": Source(
        "ISIC 2017",
        ("CC0", "CC BY-NC 4.0"),
        "International Skin Imaging Collaboration: ISIC 2017 challenge",
    ),
}


def groups_of(predictions: Predictions) -> dict[str, NDArray[np.bool_]]:
    """Return the pictures that each scale is fitted on, as masks (n,)."""
    return {group: predictions.of_modality(*ways) for group, ways in GROUPS.items()}


def _floor(value: float) -> float:
    """Round down to 4 decimals: towards caution."""
    return math.floor(value * 1e4) / 1e4


def choose_point(
    positive: NDArray[np.bool_], scores: NDArray[np.float64]
) -> tuple[float, dict[str, Any]]:
    """Return the highest threshold with the wanted sensitivity, and what it does; (n,) each.

    ``ValueError`` if there is nothing to catch.
    """
    found = threshold_at_sensitivity(positive, scores, BCC_SENSITIVITY).value
    if found is None:
        raise ValueError("no positive picture in the split: no operating point can be chosen")
    point = _floor(found)
    caught = scores >= point
    return point, {
        "wanted_sensitivity": BCC_SENSITIVITY,
        "sensitivity": share(caught, positive).as_dict(),
        "specificity": share(~caught, ~positive).as_dict(),
    }


def choose_scale(
    predictions: Predictions, probabilities: NDArray[np.float64], scores: Scores
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return how pictures taken one way are read, and what led to it.

    ``probabilities`` (n, 7) calibrated, ``scores`` (n, 2) each by condition.
    """
    labels, groups = predictions.labels, predictions.groups
    scale: dict[str, Any] = {}
    choices: dict[str, Any] = {}
    for name, positive in positives_of(labels).items():
        scale[name], choices[name] = choose_line(scores[name], positive, groups)
    confidence = probabilities.max(axis=1)
    scale["bcc"], choices["bcc"] = choose_point(labels == BCC, probabilities[:, BCC])
    scale["confident"] = _floor(float(np.quantile(confidence, LEAST_CONFIDENT_SHARE)))
    right = probabilities.argmax(axis=1) == labels
    below = share(right, confidence < scale["confident"])
    choices["confidence"] = {"accuracy_below": below.as_dict()}
    return scale, choices


def choose_certain_from(
    logits: NDArray[np.floating], dermoscopic: NDArray[np.bool_]
) -> dict[str, Any]:
    """Return the least certainty at which at most 1 % of the certain pictures are wrong; (n,) each.

    The 1 % holds for the pictures of each kind apart: a clinical image that is judged by the
    dermoscope's thresholds does the harm. 1.0 if no certainty is enough.
    """
    certainty = 1.0 / (1.0 + np.exp(-np.abs(logits.astype(np.float64))))
    wrong = (logits >= 0) != dermoscopic

    def enough(least: float) -> bool:
        certain = certainty >= least
        return all(
            not (certain & side).any() or wrong[certain & side].mean() <= MOST_WRONG_MODALITIES
            for side in (dermoscopic, ~dermoscopic)
        )

    # Only the certainty of a wrong picture, passed by a hair, can be the least that is enough.
    tried = np.unique(np.append(certainty[wrong], LEAST_CERTAIN_FROM))
    steps = [LEAST_CERTAIN_FROM, *(_ceil(value) for value in tried if value >= LEAST_CERTAIN_FROM)]
    found = next((step for step in steps if step < 1.0 and enough(step)), 1.0)
    certain = certainty >= found
    return {
        "certain_from": found,
        "accuracy": {
            "dermoscopic": share(~wrong, dermoscopic).as_dict(),
            "camera": share(~wrong, ~dermoscopic).as_dict(),
        },
        "certain_and_wrong": share(wrong, certain).as_dict(),
        "unsure": {
            "dermoscopic": share(~certain, dermoscopic).as_dict(),
            "camera": share(~certain, ~dermoscopic).as_dict(),
        },
    }


def _ceil(value: float) -> float:
    """Return the next multiple of 0.0001 above."""
    return math.floor(value * 1e4 + 1.0) / 1e4


def together(predictions: Predictions, heads: HeadLogits, reader: Reader) -> dict[str, Any]:
    """Return what all rules together do on the split they were chosen on, by kind of picture."""
    decided = decide(predictions, heads, reader)
    found = {}
    for group, mask in groups_of(predictions).items():
        chosen = decided.where(mask)
        figures = tier_figures(chosen, draws_of(chosen))
        found[group] = {name: figure.as_dict() for name, figure in figures.items()}
    return found


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
                "licences": list(source.licences),
                "source": source.source,
                "modalities": ways,
                "pictures": {split: counts[split] for split in ("train", "val", "test")},
            }
        )
    return described


def calibrate(predictions: Predictions, heads: HeadLogits) -> dict[str, Any]:
    """Fit temperature and scales, choose every threshold; return what ``calibration.json`` says."""
    logits, labels = predictions.logits, predictions.labels
    groups = groups_of(predictions)
    kind = np.where(groups["dermoscopic"], 0, 1)
    compared = compare(logits, labels, predictions.groups, groups)
    criterion = best_criterion(compared)
    temperature = fit_temperature(logits, labels, criterion, kind)
    before, probabilities = softmax(logits), softmax(logits, temperature)
    scores = scores_of(predictions, heads)
    scales, choices, conformal = {}, {}, {}
    for group, mask in groups.items():
        scales[group], choices[group] = choose_scale(
            predictions.where(mask),
            probabilities[mask],
            {name: score[mask] for name, score in scores.items()},
        )
        conformal[group] = conformal_threshold(labels[mask], probabilities[mask])
    modality = None
    if heads.modality is not None:
        modality = choose_certain_from(heads.modality, groups["dermoscopic"])
    document = {
        "calibration": {"temperature": temperature, "split": "val", "pictures": len(labels)},
        "scales": scales,
        "modality": None if modality is None else {"certain_from": modality["certain_from"]},
        "selection": {
            "temperature": str(criterion),
            "scales": {
                "bcc_sensitivity": BCC_SENSITIVITY,
                "least_confident": LEAST_CONFIDENT_SHARE,
            },
            "modality": None
            if modality is None
            else {"least": LEAST_CERTAIN_FROM, "most_wrong": MOST_WRONG_MODALITIES},
            "out_of_distribution": None,
        },
        "out_of_distribution": None,
        "conformal": {"wanted_coverage": WANTED_COVERAGE, "thresholds": conformal},
        "choices": choices,
        "fit": {
            "criterion": str(criterion),
            "compared_cross_fitted": compared,
            "class_balanced_nll_before": round(class_balanced_nll(labels, before), 4),
            "class_balanced_nll_after": round(class_balanced_nll(labels, probabilities), 4),
            "ece_before": expected_calibration_error(labels, before).as_dict(),
            "ece_after": expected_calibration_error(labels, probabilities).as_dict(),
            "ece_after_by_modality": {
                group: expected_calibration_error(labels[mask], probabilities[mask]).as_dict()
                for group, mask in groups.items()
            },
            "modality": modality,
        },
    }
    choices["together"] = together(predictions, heads, reader_of(document))
    return document


def report(document: dict[str, Any]) -> str:
    """Say what was compared and chosen, for the terminal."""
    lines = ["way of calibrating, mean ECE of dermoscopic and camera, NLL (cross-fitted on val):"]
    for name, figures in document["fit"]["compared_cross_fitted"].items():
        lines.append(f"  {name}: {figures['mean_ece']}, {figures['nll']}")
    lines.append(
        f"temperature {document['calibration']['temperature']} by {document['fit']['criterion']}, "
        f"ECE {document['fit']['ece_after']['value']}"
    )
    for group in GROUPS:
        lines.append(f"  {group}: {document['scales'][group]}")
        lines.append(f"  {group}: {document['choices'][group]}")
        for name, figure in document["choices"]["together"][group].items():
            lines.append(f"  {group} together, {name}: {figure['value']} of {figure['n']}")
    lines += [
        f"modality: {document['fit']['modality']}",
        f"out of distribution: {document['out_of_distribution']}",
    ]
    return "\n".join(lines)


def main() -> None:
    """Choose temperature, scales and thresholds of a checkpoint on the val split."""
    parser = argparse.ArgumentParser(
        prog="python -m training.fit.calibrate",
        description=main.__doc__,
        epilog="Needs training/requirements.txt and the pictures (--data).",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--checkpoint", type=Path, default=DEFAULT_CHECKPOINT)
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the folder under models/")
    parser.add_argument("--threads", type=int, help="of PyTorch; default: as many as it likes")
    given = parser.parse_args()
    from training.measure import out_of_distribution, probes  # noqa: PLC0415
    from training.measure.predictions import predict_views  # noqa: PLC0415

    limit_threads(given.threads)
    checkpoint = given.checkpoint
    predictions = predict_views(
        given.data, checkpoint, lesions(read_records(given.data), Split.VAL)
    )
    fitted = probes.fit(given.data, checkpoint)
    document = calibrate(predictions, fitted.logits(predictions.embedding))
    chosen = out_of_distribution.choose(
        given.data, checkpoint, document["calibration"]["temperature"]
    )
    document["selection"]["out_of_distribution"] = chosen.pop("selection")
    document["out_of_distribution"] = chosen
    document["data"] = describe_data(given.data)
    write_json(ModelFolder.named(given.model).calibration, document)
    print(report(document))


if __name__ == "__main__":
    main()
