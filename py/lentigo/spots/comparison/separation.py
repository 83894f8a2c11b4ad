"""Which criteria may be shown as a finding, by how the photo was taken, and their figures.

Generated from ``training/results/spot-shapes.json`` by ``python -m training.studies.spot_shapes``;
do not edit. Chosen on `val`; the figures are those of `test`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lentigo.model.modality import Modality
from lentigo.spots.comparison.criterion import Criterion, Separation

if TYPE_CHECKING:
    from collections.abc import Mapping

SEPARATION: Mapping[Modality, Mapping[Criterion, tuple[Separation, ...]]] = {
    Modality.DERMOSCOPIC: {
        Criterion.ASYMMETRY: (
            Separation("HAM10000", 0.71, 0.62, 0.80, 39, 237),
            Separation("MILK10k", 0.59, 0.48, 0.70, 40, 64),
        ),
        Criterion.COLOUR_ASYMMETRY: (
            Separation("HAM10000", 0.88, 0.82, 0.93, 39, 237),
            Separation("MILK10k", 0.68, 0.57, 0.79, 40, 64),
        ),
        Criterion.BORDER: (
            Separation("HAM10000", 0.64, 0.55, 0.74, 39, 237),
            Separation("MILK10k", 0.64, 0.53, 0.76, 40, 64),
        ),
    },
    Modality.CAMERA: {
        Criterion.COLOUR_ASYMMETRY: (
            Separation("MILK10k and PAD-UFES-20", 0.67, 0.56, 0.76, 46, 73),
        ),
    },
}
