"""What a model is held to, chosen on the ``val`` split: temperature, thresholds, what it refuses.

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
from training.measure.decisions import (
    ASKING,
    MEL,
    NV,
    decide,
    positives_of,
    reader_of,
    scores_of,
)
from training.measure.measurement import limit_threads
from training.measure.metrics import (
    class_balanced_nll,
    expected_calibration_error,
    share,
    threshold_at_sensitivity,
)
from training.measure.selective import WANTED_COVERAGE, conformal_threshold
from training.measure.temperatures import best_criterion, compare, fit_temperature
from training.network.model_folder import (
    DEFAULT_CHECKPOINT,
    DEFAULT_DATA,
    DEFAULT_MODEL,
    ModelFolder,
    write_json,
)
from training.pictures.data import CAMERA, Modality, Split, read_records

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lentigo.model.reading import Reader
    from training.measure.predictions import Predictions

# Ours, within field-notes' "a missed melanoma is the worst failure".
WANTED_SENSITIVITY = {"mel": 0.93, "bcc": 0.80, "akiec": 0.80, "malignancy": 0.95}
# A sensitivity found on few pictures is smaller on others, so these hold with this confidence.
SURE = {"mel": 0.95, "malignancy": 0.95}
# What else a melanoma point could be chosen for; calibration.json has what each would cost.
ALTERNATIVES = {"mel": (0.85, 0.90, 0.93, 0.95), "malignancy": (0.90, 0.95, 0.97)}
LEAST_CONFIDENT_SHARE = 0.10

# A modality is certain if at most this share of the certain pictures of either kind is wrong ...
MOST_WRONG_MODALITIES = 0.01
# ... and never below this probability: a visitor's pictures come from other cameras. Ours.
LEAST_CERTAIN_FROM = 0.9

# The thresholds of each hold where the model is certain that the picture was taken that way.
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
    """Return the pictures that each set of thresholds is chosen on, as masks (n,)."""
    return {group: predictions.of_modality(*ways) for group, ways in GROUPS.items()}


def _floor(value: float) -> float:
    """Round down to 4 decimals: towards caution."""
    return math.floor(value * 1e4) / 1e4


def sure_share(count: int, wanted: float, confidence: float) -> float:
    """Return the least share of so many that must be caught to be this sure of ``wanted``.

    Of more pictures of the kind at least ``wanted``, 0..1, are then caught, by the exact one-sided
    interval (Clopper and Pearson, Biometrika 1934); 1.0 where all of them would be too few to say.
    """
    chance, caught = 0.0, count + 1
    while caught and chance <= 1.0 - confidence:
        caught -= 1
        chance += math.comb(count, caught) * wanted**caught * (1.0 - wanted) ** (count - caught)
    return min(caught + 1, count) / count


def choose_point(
    positive: NDArray[np.bool_],
    scores: NDArray[np.float64],
    wanted: float,
    confidence: float | None = None,
) -> dict[str, Any]:
    """Return the highest threshold with the wanted sensitivity, and what it does; (n,) each.

    With a ``confidence`` the sensitivity is one that holds for other pictures too
    (``sure_share``). ``ValueError`` if there is nothing to catch.
    """
    caught_share = wanted
    if confidence is not None and positive.any():
        caught_share = sure_share(int(positive.sum()), wanted, confidence)
    found = threshold_at_sensitivity(positive, scores, caught_share).value
    if found is None:
        raise ValueError("no positive picture in the split: no operating point can be chosen")
    point = _floor(found)
    caught = scores >= point
    return {
        "point": point,
        "wanted_sensitivity": wanted,
        "confidence": confidence,
        "sensitivity": share(caught, positive).as_dict(),
        "specificity": share(~caught, ~positive).as_dict(),
    }


def choose_points(
    labels: NDArray[np.intp], probabilities: NDArray[np.float64]
) -> tuple[dict[str, float], dict[str, Any]]:
    """Return the operating points of pictures taken one way, and what led to them.

    ``labels`` (n,), ``probabilities`` (n, 7) calibrated. ``ValueError`` names a class without a
    picture.
    """
    positives, scores = positives_of(labels), scores_of(probabilities)
    choices: dict[str, Any] = {}
    for name in ASKING:
        if not positives[name].any():
            raise ValueError(f"no {name} picture in the split: no operating point can be chosen")
        choices[name] = choose_point(
            positives[name], scores[name], WANTED_SENSITIVITY[name], SURE.get(name)
        )
        if name in ALTERNATIVES:
            choices[name]["alternatives"] = [
                choose_point(positives[name], scores[name], wanted) for wanted in ALTERNATIVES[name]
            ]
    confidence = probabilities.max(axis=1)
    confident_from = _floor(float(np.quantile(confidence, LEAST_CONFIDENT_SHARE)))
    right = probabilities.argmax(axis=1) == labels
    below = share(right, confidence < confident_from)
    choices["confidence"] = {"point": confident_from, "accuracy_below": below.as_dict()}
    return {name: choice["point"] for name, choice in choices.items()}, choices


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


def together(
    predictions: Predictions, modality_logits: NDArray[np.floating] | None, reader: Reader
) -> dict[str, Any]:
    """Return what all rules together do on the split they were chosen on, by kind of picture."""
    decided = decide(predictions, modality_logits, reader)
    found = {}
    for group, mask in groups_of(predictions).items():
        severity, labels = decided.severity[mask], decided.labels[mask]
        malignant = decided.malignant[mask]
        found[group] = {
            "melanoma_urgent": share(severity >= 4, labels == MEL).as_dict(),
            "malignant_at_least_medium": share(severity >= 2, malignant).as_dict(),
            "not_malignant_below_medium": share(severity < 2, ~malignant).as_dict(),
            "naevus_low": share(severity == 0, labels == NV).as_dict(),
        }
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


def calibrate(
    predictions: Predictions, modality_logits: NDArray[np.floating] | None
) -> dict[str, Any]:
    """Fit the temperature, choose every threshold; return what ``calibration.json`` says.

    ``modality_logits`` (n,) come from the model's probe, None for a model without one.
    """
    logits, labels = predictions.logits, predictions.labels
    groups = groups_of(predictions)
    kind = np.where(groups["dermoscopic"], 0, 1)
    compared = compare(logits, labels, predictions.groups, groups)
    criterion = best_criterion(compared)
    temperature = fit_temperature(logits, labels, criterion, kind)
    before, probabilities = softmax(logits), softmax(logits, temperature)
    points, choices, conformal = {}, {}, {}
    for group, mask in groups.items():
        points[group], choices[group] = choose_points(labels[mask], probabilities[mask])
        conformal[group] = conformal_threshold(labels[mask], probabilities[mask])
    modality = None
    if modality_logits is not None:
        modality = choose_certain_from(modality_logits, groups["dermoscopic"])
    document = {
        "calibration": {"temperature": temperature, "split": "val", "pictures": len(labels)},
        "operating_points": points,
        "modality": None if modality is None else {"certain_from": modality["certain_from"]},
        "selection": {
            "temperature": str(criterion),
            "operating_points": {
                "wanted_sensitivity": WANTED_SENSITIVITY,
                "confidence": {name: SURE.get(name) for name in WANTED_SENSITIVITY},
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
    choices["together"] = together(predictions, modality_logits, reader_of(document))
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
        for name, choice in document["choices"][group].items():
            tries = [choice] if "sensitivity" in choice else []
            for tried in tries + choice.get("alternatives", []):
                lines.append(
                    f"  {group} {name}, wanted {tried['wanted_sensitivity']}: "
                    f"from {tried['point']}, sensitivity {tried['sensitivity']['value']}, "
                    f"specificity {tried['specificity']['value']}"
                )
        lines.append(f"  {group} together: {document['choices']['together'][group]}")
    lines += [
        f"{document['operating_points']}",
        f"modality: {document['fit']['modality']}",
        f"out of distribution: {document['out_of_distribution']}",
    ]
    return "\n".join(lines)


def main() -> None:
    """Choose temperature and thresholds of a checkpoint on the val split."""
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
    from training.measure.predictions import predict  # noqa: PLC0415

    limit_threads(given.threads)
    checkpoint = given.checkpoint
    predictions = predict(given.data, checkpoint, Split.VAL)
    fitted = probes.fit(given.data, checkpoint)
    document = calibrate(predictions, fitted.modality.logit(predictions.embedding))
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
