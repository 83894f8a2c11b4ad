"""The figures of a model on the ``test`` split, by how the picture was taken.

Writes ``models/<id>/evaluation.json``; the manifest's ``metrics`` and the model card are made from
that file. The pictures take the released path, and priorities come from ``lentigo.priority``.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.calibration import softmax
from lentigo.diagnosis import Diagnosis
from lentigo.priority import OperatingPoints, Priority, assess
from training.calibrate import MALIGNANT_INDICES, ORDER
from training.data import CAMERA, Modality, Split
from training.metrics import (
    FEW_LESIONS,
    Figure,
    accuracy,
    area_under_curve,
    balanced_accuracy,
    bootstrap,
    expected_calibration_error,
    sensitivity,
    share,
)
from training.model_folder import (
    DEFAULT_CHECKPOINT,
    DEFAULT_DATA,
    DEFAULT_MODEL,
    ModelFolder,
    read_json,
    write_json,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from training.predictions import Predictions

    Statistic = Callable[[NDArray[np.intp]], Figure]

BOOTSTRAP_ROUNDS = 1000
BOOTSTRAP_SEED = 20
MEL, NV = ORDER.index(Diagnosis.MEL), ORDER.index(Diagnosis.NV)

# MILK10k's scale, 0 very dark to 5 very light, in three groups.
SKIN_TONES = {"dark (0-1)": (0, 1), "medium (2-3)": (2, 3), "light (4-5)": (4, 5)}


def _with_interval(statistic: Statistic, groups: NDArray[np.intp]) -> dict[str, Any]:
    """Return a figure on all pictures with its 95 % interval over lesions."""
    figure = statistic(np.arange(len(groups)))
    if figure.value is None:
        return figure.as_dict()
    interval = bootstrap(
        lambda drawn: statistic(drawn).value, groups, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED
    )
    if interval is not None:
        figure = replace(figure, low=interval[0], high=interval[1])
    return figure.as_dict()


def priorities(probabilities: NDArray[np.float64], points: OperatingPoints) -> list[Priority]:
    """Return the final priority of every picture, by the rule the browser uses."""
    return [assess([float(p) for p in row], points).priority for row in probabilities]


def _class_figures(predictions: Predictions, predicted: NDArray[np.intp]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for index, diagnosis in enumerate(ORDER):
        lesions = len(np.unique(predictions.groups[predictions.labels == index]))
        figure = sensitivity(predictions.labels, predicted, index)
        figures[str(diagnosis)] = figure.as_dict() | {
            "lesions": lesions,
            "too_few_to_say": lesions < FEW_LESIONS,
        }
    return figures


def _priority_figures(predictions: Predictions, given: list[Priority]) -> dict[str, Any]:
    labels, groups = predictions.labels, predictions.groups
    severity = np.array([priority.severity for priority in given])
    malignant = np.isin(labels, MALIGNANT_INDICES)

    def caught(chosen: NDArray[np.bool_], least: Priority, word: str) -> Statistic:
        def statistic(drawn: NDArray[np.intp]) -> Figure:
            among = drawn[chosen[drawn]]
            return share(severity[among] >= least.severity, f"no {word} pictures")

        return statistic

    def spared(most: Priority) -> Statistic:
        def statistic(drawn: NDArray[np.intp]) -> Figure:
            among = drawn[labels[drawn] == NV]
            return share(severity[among] <= most.severity, "no naevus pictures")

        return statistic

    counts = Counter(zip(labels.tolist(), given, strict=True))
    tiers = {
        str(diagnosis): {str(priority): counts[index, priority] for priority in Priority}
        for index, diagnosis in enumerate(ORDER)
    }
    return {
        "melanoma_urgent": _with_interval(
            caught(labels == MEL, Priority.URGENT, "melanoma"), groups
        ),
        "malignant_at_least_medium": _with_interval(
            caught(malignant, Priority.MEDIUM, "malignant"), groups
        ),
        "not_malignant_below_medium": share(
            severity[~malignant] < Priority.MEDIUM.severity, "no other pictures"
        ).as_dict(),
        "naevus_low": _with_interval(spared(Priority.LOW), groups),
        "naevus_low_or_uncertain": _with_interval(spared(Priority.UNCERTAIN), groups),
        "pictures_by_class_and_tier": tiers,
    }


def evaluate_slice(
    predictions: Predictions, temperature: float, points: OperatingPoints
) -> dict[str, Any]:
    """Return every figure of one group of pictures."""
    labels, groups = predictions.labels, predictions.groups
    probabilities = softmax(predictions.logits, temperature)
    predicted = probabilities.argmax(axis=1)
    malignancy = probabilities[:, MALIGNANT_INDICES].sum(axis=1)
    malignant = np.isin(labels, MALIGNANT_INDICES)
    return {
        "pictures": len(labels),
        "lesions": len(np.unique(groups)),
        "accuracy": _with_interval(lambda i: accuracy(labels[i], predicted[i]), groups),
        "balanced_accuracy": _with_interval(
            lambda i: balanced_accuracy(labels[i], predicted[i]), groups
        ),
        "sensitivity": _class_figures(predictions, predicted),
        "melanoma_auc": _with_interval(
            lambda i: area_under_curve(labels[i] == MEL, probabilities[i, MEL]), groups
        ),
        "malignancy_auc": _with_interval(
            lambda i: area_under_curve(malignant[i], malignancy[i]), groups
        ),
        "ece_before": expected_calibration_error(labels, softmax(predictions.logits)).as_dict(),
        "ece_after": expected_calibration_error(labels, probabilities).as_dict(),
        "priority": _priority_figures(predictions, priorities(probabilities, points)),
    }


def slices_of(predictions: Predictions) -> dict[str, NDArray[np.bool_]]:
    """Return the groups of pictures that figures are given for, as masks (n,)."""
    dermoscopic = predictions.of_modality(Modality.DERMOSCOPIC)
    return {
        "dermoscopic_ham10000": dermoscopic & predictions.of_source("ham10000"),
        "dermoscopic": dermoscopic,
        "camera": predictions.of_modality(*CAMERA),
        "clinical": predictions.of_modality(Modality.CLINICAL),
        "smartphone": predictions.of_modality(Modality.SMARTPHONE),
    }


def evaluate_skin_tones(
    predictions: Predictions, temperature: float, points: OperatingPoints
) -> dict[str, Any]:
    """Return the malignancy figures by skin tone, in the set that grades it well (MILK10k)."""
    figures = {}
    for name, tones in SKIN_TONES.items():
        graded = np.array([record.skin_tone in tones for record in predictions.records])
        chosen = predictions.where(graded & predictions.of_source("milk10k"))
        probabilities = softmax(chosen.logits, temperature)
        malignant = np.isin(chosen.labels, MALIGNANT_INDICES)
        severity = np.array([p.severity for p in priorities(probabilities, points)], dtype=int)
        lesions = len(np.unique(chosen.groups[malignant]))
        figures[name] = {
            "pictures": len(chosen.labels),
            "malignant_lesions": lesions,
            "too_few_to_say": lesions < FEW_LESIONS,
            "malignancy_auc": area_under_curve(
                malignant, probabilities[:, MALIGNANT_INDICES].sum(axis=1)
            ).as_dict(),
            "malignant_at_least_medium": share(
                severity[malignant] >= Priority.MEDIUM.severity, "no malignant pictures"
            ).as_dict(),
        }
    return figures


def main() -> None:
    """Evaluate a checkpoint on the test split with the calibration of models/<id>/."""
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate",
        description=main.__doc__,
        epilog="Needs training/requirements.txt, the pictures (--data), and calibration.json.",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument(
        "--checkpoint", type=Path, help=f"safetensors; default: DATA/{DEFAULT_CHECKPOINT}"
    )
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the folder under models/")
    given = parser.parse_args()
    from training.predictions import predict  # noqa: PLC0415

    folder = ModelFolder.named(given.model)
    calibration = read_json(folder.calibration)
    points = OperatingPoints(**calibration["operating_points"])
    temperature = float(calibration["calibration"]["temperature"])
    predictions = predict(
        given.data, given.checkpoint or given.data / DEFAULT_CHECKPOINT, Split.TEST
    )
    document = {
        "split": "test",
        "temperature": temperature,
        "operating_points": calibration["operating_points"],
        "intervals": f"95 %, bootstrap over lesions, {BOOTSTRAP_ROUNDS} rounds",
        "too_few_lesions_below": FEW_LESIONS,
        "slices": {
            name: evaluate_slice(predictions.where(mask), temperature, points)
            for name, mask in slices_of(predictions).items()
        },
        "skin_tones_milk10k": evaluate_skin_tones(predictions, temperature, points),
    }
    write_json(folder.evaluation, document)
    for name, figures in document["slices"].items():
        urgent = figures["priority"]["melanoma_urgent"]
        print(f"{name}: accuracy {figures['accuracy']}, melanoma urgent {urgent}")


if __name__ == "__main__":
    main()
