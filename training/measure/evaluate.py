"""The figures of a model on the ``test`` split, by how the picture was taken.

Writes ``models/<id>/evaluation.json``; the manifest's ``metrics``, the model card and the page's
model facts are made from that file. The pictures take the released path, and priorities are given
as the page gives them (``training/measure/decisions.py``). What was not measured is null, and
``not_measured`` says how to measure it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.model.modality import Modality as Estimated
from lentigo.triage.prevalence import MALIGNANCY, MELANOMA, PEOPLE, Prevalence, natural_frequencies
from training.measure import out_of_distribution, quantised, robustness
from training.measure.metrics import FEW_LESIONS, share
from training.measure.slices import (
    BOOTSTRAP_ROUNDS,
    Conformal,
    draws_of,
    evaluate_skin_tones,
    evaluate_slice,
    slices_of,
)
from training.measure.subject import Subject, read_arguments
from training.network.model_folder import write_json
from training.pictures.data import CAMERA, Modality

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.measure.decisions import Decisions

NOT_MEASURED = {
    "out_of_distribution": "python -m training.fit.calibrate, then training.measure.evaluate",
    "robustness": "python -m training.measure.robustness, then python -m training.measure.evaluate",
    "quantised": "python -m training.release.export, then python -m training.measure.evaluate",
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
        "malignant": counted.sick,
        "caught": counted.caught,
        "missed": counted.missed,
        "false_alarms": counted.false_alarms,
    }


def all_frequencies(slices: Mapping[str, Any]) -> dict[str, Any]:
    """Return natural frequencies at the declared prevalences; on top those of camera pictures.

    A visitor takes camera pictures, so the outermost counts are theirs.
    """
    malignancy = ("malignant_at_least_medium", "not_malignant_below_medium")
    melanoma = ("melanoma_urgent", "not_melanoma_below_urgent")
    return {
        "people": PEOPLE,
        "prevalence": round(MALIGNANCY.value, 4),
        "among": MALIGNANCY.among,
        "source": MALIGNANCY.source,
        "alarm": "medium or a higher priority, on camera pictures",
        "limits": (
            "The prevalence is that of general practice; whether it counts actinic keratosis, as "
            "malignancy does here, its source does not say. The harmless lesions of the test sets "
            "are those that somebody thought worth a picture; a visitor's may differ."
        ),
        **(frequencies(slices["camera"], MALIGNANCY, *malignancy) or {}),
        "dermoscopic": frequencies(slices["dermoscopic"], MALIGNANCY, *malignancy),
        "melanoma_urgent": {
            "prevalence": round(MELANOMA.value, 4),
            "among": MELANOMA.among,
            "source": MELANOMA.source,
            "camera": frequencies(slices["camera"], MELANOMA, *melanoma),
            "dermoscopic": frequencies(slices["dermoscopic"], MELANOMA, *melanoma),
        },
    }


def modality_figures(decisions: Decisions) -> dict[str, Any]:
    """Return how well the model tells how a picture was taken, as the page uses it.

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
            name: share(right, "no certain pictures", certain & side, draws).as_dict()
            for name, side in sides.items()
        },
        "unsure": share(~certain, "no pictures", sides["overall"], draws).as_dict(),
        "unsure_by_modality": {
            name: share(~certain, "no pictures", sides[name], draws).as_dict()
            for name in ("dermoscopic", "camera")
        },
    }


def evaluate(subject: Subject) -> dict[str, Any]:
    """Return the whole ``evaluation.json``."""
    calibration = subject.calibration()
    conformal = Conformal(**calibration["conformal"])
    decisions = subject.decisions(subject.records())
    slices = {
        name: evaluate_slice(decisions.where(mask), conformal)
        for name, mask in slices_of(decisions.predictions).items()
    }
    document: dict[str, Any] = {
        "split": str(subject.split),
        "temperature": calibration["calibration"]["temperature"],
        "operating_points": calibration["operating_points"],
        "intervals": f"95 %, bootstrap over lesions, {BOOTSTRAP_ROUNDS} rounds",
        "too_few_lesions_below": FEW_LESIONS,
        "slices": slices,
        "natural_frequencies": all_frequencies(slices),
        "skin_tones_milk10k": evaluate_skin_tones(decisions),
        "modality": modality_figures(decisions),
        "out_of_distribution": out_of_distribution.figures(subject),
        "robustness": robustness.kept(subject),
        "quantised": quantised.measure(subject),
    }
    if subject.every != 1:
        document["pictures"] = f"each {subject.every}th only: a trial, not a figure to report"
    document["not_measured"] = {
        name: how for name, how in NOT_MEASURED.items() if document[name] is None
    }
    return document


def main() -> None:
    """Evaluate a checkpoint with the calibration of models/<id>/, on test unless told otherwise."""
    needs = "training/requirements.txt, the pictures (--data), and calibration.json."
    subject = read_arguments("evaluate", main.__doc__, needs)
    document = evaluate(subject)
    path = subject.folder.evaluation if subject.whole_test else subject.file("evaluation")
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
    print(f"written to {path}; not measured: {document['not_measured'] or 'nothing'}")


if __name__ == "__main__":
    main()
