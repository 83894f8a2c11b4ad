"""Heads for toy embeddings."""

from __future__ import annotations

import numpy as np

from training.measure.probes import Probe


def weighted_sum(*weights: float, bias: float = 0.0) -> Probe:
    """A head that is linear: two rectified units with opposite signs give the sum back."""
    column = np.array(weights, np.float32)[:, np.newaxis]
    signs = np.array([1.0, -1.0], np.float32)
    return Probe(column * signs, np.zeros(2, np.float32), signs, np.array(bias, np.float32))
