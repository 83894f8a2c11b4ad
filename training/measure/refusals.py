"""Who is refused: lesions that get no label by mistake, by modality, skin tone and class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.diagnosis import Diagnosis
from lentigo.model.figures import Undefined
from training.measure import probes
from training.measure.metrics import Figure, draw_lesions, share
from training.measure.outlier_areas import BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED
from training.measure.outlier_pictures import MODALITIES
from training.measure.slices import SKIN_TONES
from training.pictures.data import CAMERA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from training.measure.metrics import Draws
    from training.measure.predictions import Predictions

    Mask = NDArray[np.bool_]

# One side of a two-sided 5 %; and a gap that shows four times in five is called detectable.
ERROR, POWER = 0.025, 0.8


def smallest_detectable(base: float, asked: int) -> float:
    """Return the smallest share that so many lesions would tell from ``base``, 4 times in 5.

    By the exact binomial test: the share under which the count that is too large for ``base``
    comes up with probability 0.8.
    """
    from scipy.stats import beta, binom  # noqa: PLC0415

    too_many = int(binom.isf(ERROR, asked, base)) + 1
    if too_many > asked:
        return 1.0
    # The chance of at least k of n under a share p is a beta distribution function at p.
    return float(beta.ppf(POWER, too_many, asked - too_many + 1))


def gap(refused: Mask, darker: Mask, lighter: Mask, draws: Draws) -> dict[str, Any]:
    """Return by how much the darker pictures are refused more often than the lighter; masks (n,).

    ``detected`` says whether the 95 % interval over lesions leaves out zero;
    ``smallest_detectable_share`` which share of refusals of the darker it takes to show (counting
    lesions, the pictures of one being alike).
    """
    among = {
        "darker": share(refused, darker, draws),
        "lighter": share(refused, lighter, draws),
    }
    document: dict[str, Any] = {name: figure.as_dict() for name, figure in among.items()}
    if among["darker"].value is None or among["lighter"].value is None:
        nothing = Figure(None, 0, Undefined.NO_PICTURES).as_dict()
        return document | {
            "difference": nothing,
            "detected": None,
            "darker_lesions": draws.lesions(darker),
            "smallest_detectable_share": None,
        }
    sides = [
        (draws.weights @ (refused & side), draws.weights @ side.astype(np.float64))
        for side in (darker, lighter)
    ]
    drawn = np.all([whole > 0 for _, whole in sides], axis=0)
    differences = np.subtract(*(part[drawn] / whole[drawn] for part, whole in sides))
    low, high = (float(value) for value in np.percentile(differences, (2.5, 97.5)))
    difference = among["darker"].value - among["lighter"].value
    count = draws.lesions(darker)
    figure = Figure(difference, int((darker | lighter).sum()), None, low, high, count)
    return document | {
        "difference": figure.as_dict(),
        "detected": low > 0.0 or high < 0.0,
        "darker_lesions": count,
        "smallest_detectable_share": round(smallest_detectable(among["lighter"].value, count), 4),
    }


def by_skin(known: Predictions) -> tuple[Mask, Mask]:
    """Return which lesions of MILK10k are on darker and which on lighter skin, (n,) each."""
    darker = np.array([probes.is_on_darker_skin(record) for record in known.records], dtype=bool)
    return darker, known.of_source("milk10k") & ~darker


def _of_tones(known: Predictions, tones: Sequence[int]) -> Mask:
    graded = np.array([record.skin_tone in tones for record in known.records], dtype=bool)
    return graded & known.of_source("milk10k")


def false_refusal(known: Predictions, refused: Mask) -> dict[str, Any]:
    """Return which share of the lesions is refused: in all, by modality, skin tone and class."""
    draws = draw_lesions(known.groups, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED)

    def of(mask: Mask) -> dict[str, Any]:
        return share(refused, mask, draws).as_dict()

    return {
        "overall": of(np.ones(len(refused), dtype=bool)),
        "by_modality": {name: of(known.of_modality(*ways)) for name, ways in MODALITIES.items()},
        "by_camera": {str(way): of(known.of_modality(way)) for way in CAMERA},
        "by_skin_tone": {str(t): of(_of_tones(known, grades)) for t, grades in SKIN_TONES.items()},
        "by_class": {str(dx): of(known.labels == index) for index, dx in enumerate(Diagnosis)},
    }
