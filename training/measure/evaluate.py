"""The figures of a model on the ``test`` split, by how the picture was taken.

Writes ``models/<id>/evaluation.json``; the manifest's ``evaluation``, the model card and the page's
model facts are made from that file. The pictures take the released path, and priorities are given
as the page gives them (``training/measure/decisions.py``). A section that was not measured is null.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.model.evaluation import IntervalMethod, parse_evaluation
from lentigo.model.modality import Modality as Estimated
from lentigo.prevalence import MALIGNANCY, MELANOMA, PEOPLE, Prevalence, natural_frequencies
from lentigo.priority import Priority
from training.measure import out_of_distribution, quantised, robustness, together
from training.measure.measurement import Measurement, read_arguments
from training.measure.metrics import FEW_LESIONS, INTERVAL_LEVEL, share
from training.measure.slices import (
    BOOTSTRAP_ROUNDS,
    Conformal,
    draws_of,
    evaluate_skin_tones,
    evaluate_slice,
    slices_of,
)
from training.network.model_folder import write_json
from training.pictures.data import CAMERA, Modality

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.measure.decisions import Decisions

# What to run before this, by the section that is null without it.
MAKERS = {
    "out_of_distribution": "python -m training.fit.calibrate",
    "robustness": "python -m training.measure.robustness",
    "quantised": "python -m training.release.export",
}


def frequencies(
    figures: Mapping[str, Any], prevalence: Prevalence, caught: str, spared: str
) -> dict[str, Any] | None:
    """Return what a slice's priorities do to 1,000 people; None where a share is undefined."""
    sensitivity = figures["priority"][caught]["value"]
    specificity = figures["priority"][spared]["value"]
    if sensitivity is None or specificity is None:
        return None
    counted = natural_frequencies(sensitivity, specificity, prevalence.value)
    return {
        "sick": counted.sick,
        "caught": counted.caught,
        "missed": counted.missed,
        "false_alarms": counted.false_alarms,
    }


def in_people(
    slices: Mapping[str, Any], prevalence: Prevalence, alarm: Priority, caught: str, spared: str
) -> dict[str, Any]:
    """Return what an alarm does to people, by how the picture was taken."""
    return {
        "population": str(prevalence.population),
        "prevalence": round(prevalence.value, 4),
        "alarm": str(alarm),
        **{
            name: frequencies(slices[name], prevalence, caught, spared)
            for name in ("camera", "dermoscopic")
        },
    }


def all_frequencies(slices: Mapping[str, Any]) -> dict[str, Any]:
    """Return natural frequencies at the declared prevalences."""
    return {
        "people": PEOPLE,
        "malignancy": in_people(
            slices,
            MALIGNANCY,
            Priority.MEDIUM,
            "malignant_at_least_medium",
            "not_malignant_below_medium",
        ),
        "melanoma": in_people(
            slices, MELANOMA, Priority.URGENT, "melanoma_urgent", "not_melanoma_below_urgent"
        ),
    }


def modality_figures(decisions: Decisions) -> dict[str, Any]:
    """Return how well the model recognises how a picture was taken, as the page uses it.

    ``accuracy`` is over the pictures it is certain of; ``unsure`` is the share of the others.
    """
    dermoscopic = decisions.predictions.of_modality(Modality.DERMOSCOPIC)
    camera = decisions.predictions.of_modality(*CAMERA)
    estimated = np.array([str(way) for way in decisions.modalities])
    certain = estimated != str(Estimated.UNSURE)
    right = np.where(
        dermoscopic, estimated == str(Estimated.DERMOSCOPIC), estimated == str(Estimated.CAMERA)
    )
    draws = draws_of(decisions)
    sides = {
        "overall": np.ones(len(certain), dtype=bool),
        "dermoscopic": dermoscopic,
        "camera": camera,
    }
    return {
        "accuracy": {
            name: share(right, certain & side, draws).as_dict() for name, side in sides.items()
        },
        "unsure": share(~certain, sides["overall"], draws).as_dict(),
        "unsure_by_modality": {
            name: share(~certain, sides[name], draws).as_dict()
            for name in ("dermoscopic", "camera")
        },
    }


def evaluate(measurement: Measurement) -> dict[str, Any]:
    """Return the whole ``evaluation.json``."""
    calibration = measurement.calibration()
    conformal = Conformal(**calibration["conformal"])
    decisions = measurement.decisions(measurement.records())
    slices = {
        name: evaluate_slice(decisions.where(mask), conformal)
        for name, mask in slices_of(decisions.predictions).items()
    }
    document: dict[str, Any] = {
        "split": str(measurement.split),
        "every": measurement.every,
        "temperature": calibration["calibration"]["temperature"],
        "scales": calibration["scales"],
        "intervals": {
            "level": INTERVAL_LEVEL,
            "method": str(IntervalMethod.BOOTSTRAP_OVER_LESIONS),
            "rounds": BOOTSTRAP_ROUNDS,
        },
        "too_few_lesions_below": FEW_LESIONS,
        "slices": slices,
        "natural_frequencies": all_frequencies(slices),
        "skin_tones_milk10k": evaluate_skin_tones(decisions),
        "modality": modality_figures(decisions),
        "out_of_distribution": out_of_distribution.figures(measurement),
        "robustness": robustness.kept(measurement),
        "quantised": quantised.measure(measurement),
    }
    return document


def main() -> None:
    """Evaluate a checkpoint with the calibration of models/<id>/, on test unless told otherwise."""
    needs = "training/requirements.txt, the pictures (--data), and calibration.json."
    measurement = read_arguments("measure.evaluate", main.__doc__, needs)
    if not together.goes_on(measurement):
        return
    document = evaluate(measurement)
    if measurement.whole_test:
        # As the page and the card will read it: a list where there is a tuple here.
        parse_evaluation(json.loads(json.dumps(document)))
    path = (
        measurement.folder.evaluation if measurement.whole_test else measurement.file("evaluation")
    )
    write_json(path, document)
    for name, figures in document["slices"].items():
        print(
            f"{name}: "
            + ", ".join(
                f"{key} {figures[key]['value']}"
                for key in ("accuracy", "balanced_accuracy", "melanoma_auc", "malignancy_auc")
            )
            + f", ECE {figures['ece_after']['value']}"
            + f", melanoma urgent {figures['priority']['melanoma_urgent']['value']}"
        )
    gaps = [name for name in MAKERS if document[name] is None]
    for name in gaps:
        print(f"{name} is not measured; first run: {MAKERS[name]}")
    print(f"written to {path}")


if __name__ == "__main__":
    main()
