"""A linear head on a finished embedding: whether a nail is shown.

A nail is no lesion, but there is something to say about it: so of what the lesion head does not
know, this one tells nails (``lentigo.model.ood``). How strongly it is held back, and from which
logit on it names a nail, is chosen on ``val``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from training.measure.risk_heads import LinearHead

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Weight = NDArray[np.float64]

NAILS = "nails"
# scikit-learn's C: small holds back.
STRENGTHS = (1e-4, 1e-3, 1e-2)
# At most this share of lesions may be called a nail, even if the lesion head knew none of them.
MOST_LESIONS = 0.002


def logistic_line(
    embedding: NDArray[np.floating],
    positive: NDArray[np.bool_],
    weight: NDArray[np.float64],
    strength: float,
) -> tuple[NDArray[np.float32], float]:
    """Fit a logistic regression on (n, d); return weights float32 (d,) and the bias.

    The features are standardised for the fit; their scaling is folded into what is returned.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    mean, spread = embedding.mean(axis=0), embedding.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit((embedding - mean) / spread, positive, sample_weight=weight)
    folded = model.coef_[0] / spread
    return folded.astype(np.float32), float(model.intercept_[0] - folded @ mean)


def fit_nail(
    embedding: NDArray[np.floating], nails: Mask, weight: Weight, strength: float
) -> LinearHead:
    """Fit the head on (n, d)."""
    kernel, bias = logistic_line(embedding, nails, weight, strength)
    return LinearHead(kernel, np.array(bias, np.float32))


def nail_from(of_lesions: NDArray[np.floating]) -> float:
    """Return from which logit on a nail is named, given those of lesions, (n,).

    There a nail is likelier than anything else, each kind of picture counted alike, and at most
    ``MOST_LESIONS`` of the lesions reach it. Rounded up to 4 decimals: towards naming less.
    """
    allowed = math.floor(MOST_LESIONS * len(of_lesions) + 1e-9)
    highest = float(np.sort(of_lesions)[::-1][allowed])
    return max(0.0, math.floor(highest * 1e4 + 1.0) / 1e4)
