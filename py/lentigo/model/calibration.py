"""From the model's logits to calibrated probabilities.

Temperature scaling: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def softmax(logits: ArrayLike, temperature: float = 1.0) -> NDArray[np.float64]:
    """Turn logits (last axis: classes) into probabilities 0..1 that sum to 1.

    ``temperature`` above 1 flattens. Raises ``ValueError`` if it is not positive or if a logit is
    not finite: a model that answers NaN must never become a priority.
    """
    if not temperature > 0:
        raise ValueError(f"temperature is positive, not {temperature}")
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    if not np.isfinite(scaled).all():
        raise ValueError("the model's logits are not finite")
    exponential = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(exponential / exponential.sum(axis=-1, keepdims=True), dtype=np.float64)
