"""The same figures under blur, darkness, noise and other corruptions: what bad pictures cost.

Kept in the scratch folder for ``training.measure.evaluate``, which puts it into
``evaluation.json``. The answers at every severity are cached, so a run goes on where it stopped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from training.measure.measurement import Measurement, read_arguments
from training.measure.predictions import Change
from training.measure.slices import draws_of, headline_figures, slices_of
from training.network.model_folder import read_json, write_json
from training.pictures.corruptions import CORRUPTIONS
from training.pictures.data import CAMERA, Modality, Record

if TYPE_CHECKING:
    from PIL import Image

    from training.measure.decisions import Decisions
    from training.pictures.corruptions import Corruption

SLICES = ("dermoscopic_ham10000", "camera")
# There are 36 changes, and losses are larger than the intervals of this many pictures.
EACH = 3


def is_measured(record: Record) -> bool:
    """Tell whether a picture lies in one of the slices that are measured."""
    return record.modality in CAMERA or (
        record.source == "ham10000" and record.modality is Modality.DERMOSCOPIC
    )


def change_of(corruption: Corruption, severity: float) -> Change:
    """Return one corruption at one severity, named with both."""

    def apply(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
        return corruption.apply(picture, severity, rng)

    return Change(f"{corruption.name} {severity:g} {corruption.unit}", apply)


def figures_of(decisions: Decisions) -> dict[str, Any]:
    """Return the figures of some pictures, by slice."""
    masks = slices_of(decisions.predictions)
    figures = {}
    for name in SLICES:
        chosen = decisions.where(masks[name])
        figures[name] = headline_figures(chosen, draws_of(chosen))
    return figures


def measure(measurement: Measurement) -> dict[str, Any]:
    """Return the figures of each third picture: unchanged, and by corruption and severity."""
    records = [record for record in measurement.records() if is_measured(record)][::EACH]
    corrupted: dict[str, list[dict[str, Any]]] = {}
    for corruption in CORRUPTIONS:
        corrupted[corruption.name] = []
        for severity in corruption.severities:
            change = change_of(corruption, severity)
            slices = figures_of(measurement.decisions(records, change))
            corrupted[corruption.name].append({"severity": severity, "slices": slices})
            print(summary(change.name, slices), flush=True)
    return {"unchanged": figures_of(measurement.decisions(records)), "corruptions": corrupted}


def summary(name: str, slices: dict[str, Any]) -> str:
    """Say the figures at one severity in a line."""
    words = [
        f"{slice_name}: balanced accuracy {figures['balanced_accuracy']['value']}, "
        f"malignancy AUC {figures['malignancy_auc']['value']}"
        for slice_name, figures in slices.items()
    ]
    return f"{name}: " + "; ".join(words)


def kept(measurement: Measurement) -> dict[str, Any] | None:
    """Return what was measured of this checkpoint and calibration; None if it was not."""
    path = measurement.file("robustness")
    if not path.is_file():
        return None
    document = read_json(path)
    found: dict[str, Any] = document["changes"]
    return found if document["of"] == measurement.fingerprint() else None


def main() -> None:
    """Measure a checkpoint on corrupted pictures: HAM10000, and clinical images."""
    needs = "training/requirements.txt, the pictures (--data), and calibration.json."
    measurement = read_arguments("measure.robustness", main.__doc__, needs)
    document = {"of": measurement.fingerprint(), "changes": measure(measurement)}
    write_json(measurement.file("robustness"), document)
    print(
        f"kept in {measurement.file('robustness')}; python -m training.measure.evaluate takes it up"
    )


if __name__ == "__main__":
    main()
