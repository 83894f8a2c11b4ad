"""Which resampling filter of Pillow suits the model: figures on ``val``, for training/LOG.md."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from lentigo.diagnosis import Diagnosis
from lentigo.model.calibration import softmax
from training.measure.decisions import MALIGNANT_INDICES
from training.measure.metrics import accuracy, area_under_curve, balanced_accuracy
from training.network.model_folder import DEFAULT_CHECKPOINT, DEFAULT_DATA
from training.pictures.data import CAMERA, Modality, Split

FILTERS = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)
MEL = list(Diagnosis).index(Diagnosis.MEL)


def main() -> None:
    """Print accuracy and areas under the curve on val for three filters."""
    parser = argparse.ArgumentParser(
        prog="python -m training.studies.compare_filters",
        description=main.__doc__,
        epilog="Needs training/requirements.txt and the pictures (--data).",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--checkpoint", type=Path, default=DEFAULT_CHECKPOINT)
    given = parser.parse_args()
    from training.measure.predictions import predict  # noqa: PLC0415

    checkpoint = given.checkpoint
    for resample in FILTERS:
        everything = predict(given.data, checkpoint, Split.VAL, resample)
        for name, ways in (("dermoscopic", (Modality.DERMOSCOPIC,)), ("camera", CAMERA)):
            chosen = everything.where(everything.of_modality(*ways))
            probabilities = softmax(chosen.logits)
            predicted = probabilities.argmax(axis=1)
            figures = {
                "accuracy": accuracy(chosen.labels, predicted),
                "balanced accuracy": balanced_accuracy(chosen.labels, predicted),
                "melanoma AUC": area_under_curve(chosen.labels == MEL, probabilities[:, MEL]),
                "malignancy AUC": area_under_curve(
                    np.isin(chosen.labels, MALIGNANT_INDICES),
                    probabilities[:, MALIGNANT_INDICES].sum(axis=1),
                ),
            }
            line = ", ".join(f"{key} {figure.value:.4f}" for key, figure in figures.items())
            print(f"{resample.name.lower()}, {name} (n {len(chosen.labels)}): {line}")


if __name__ == "__main__":
    main()
