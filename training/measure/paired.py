"""Two ways of answering the same pictures, compared: every figure with its paired difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lentigo.priority import Priority
from training.measure.decisions import Condition
from training.measure.metrics import (
    accuracy,
    balanced_accuracy,
    difference,
    expected_calibration_error,
    mean,
    negative_log_likelihood,
    share,
)
from training.measure.slices import area_of, draws_of

if TYPE_CHECKING:
    from training.measure.decisions import Decisions
    from training.measure.metrics import Draws, Figure


def figures(decisions: Decisions, draws: Draws) -> dict[str, Figure]:
    """Return the figures that single and averaged answers are compared by."""
    labels, probabilities = decisions.labels, decisions.probabilities
    alarmed = decisions.severity >= Priority.MEDIUM.severity
    return {
        "accuracy": accuracy(labels, decisions.predicted, draws),
        "balanced_accuracy": balanced_accuracy(labels, decisions.predicted, draws),
        "melanoma_auc": area_of(decisions, Condition.MELANOMA, draws),
        "malignancy_auc": area_of(decisions, Condition.MALIGNANCY, draws),
        "nll": mean(negative_log_likelihood(labels, probabilities), draws),
        "ece": expected_calibration_error(labels, probabilities, draws),
        "malignant_at_least_medium": share(alarmed, decisions.malignant, draws),
        "not_malignant_below_medium": share(~alarmed, ~decisions.malignant, draws),
    }


def compared(one: Decisions, other: Decisions) -> dict[str, Any]:
    """Return the figures of ``other``, and how much more they are than those of ``one``."""
    draws = draws_of(one)
    before, after = figures(one, draws), figures(other, draws)
    return {
        name: after[name].as_dict() | {"gain": difference(after[name], before[name]).as_dict()}
        for name in after
    }
