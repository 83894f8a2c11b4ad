"""The figures of one group of pictures: answers, calibration, priorities, refusals."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.model.calibration import softmax
from lentigo.model.modality import Modality as Estimated
from lentigo.model.outlier_figures import SkinTone
from lentigo.priority import Priority
from training.measure.decision_curves import decision_curve
from training.measure.decisions import (
    MEL,
    NV,
    ORDER,
    POINTS,
    Condition,
    at_prevalence,
    positives_of,
)
from training.measure.metrics import (
    FEW_LESIONS,
    Draws,
    accuracy,
    area_under_curve,
    balanced_accuracy,
    confusion,
    draw_lesions,
    expected_calibration_error,
    reliability,
    roc_points,
    sensitivity,
    share,
    top_k_accuracy,
)
from training.measure.selective import conformal_figures, selective_curve
from training.pictures.data import CAMERA, Modality

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from training.measure.decisions import Decisions
    from training.measure.metrics import Figure
    from training.measure.predictions import Predictions

# The prevalences are declared, not known: everything is also said for half and twice of them.
PREVALENCE_FACTORS = (0.5, 2.0)
BOOTSTRAP_ROUNDS = 1000
BOOTSTRAP_SEED = 20

# MILK10k's scale, 0 very dark to 5 very light, in three groups.
SKIN_TONES = {SkinTone.DARK: (0, 1), SkinTone.MEDIUM: (2, 3), SkinTone.LIGHT: (4, 5)}


@dataclass(frozen=True)
class Conformal:
    """Split conformal sets: the least probability to be in the set, by how a picture was taken."""

    wanted_coverage: float
    thresholds: Mapping[str, float]

    def of(self, modalities: tuple[Estimated, ...]) -> NDArray[np.float64]:
        """Return each picture's threshold, (n,); unsure ones take the lowest, so larger sets."""
        lowest = min(self.thresholds.values())
        return np.array([self.thresholds.get(str(way), lowest) for way in modalities])


def draws_of(decisions: Decisions) -> Draws:
    """Draw the lesions of some pictures for their intervals; the same every time."""
    return draw_lesions(decisions.predictions.groups, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED)


def slices_of(predictions: Predictions) -> dict[str, NDArray[np.bool_]]:
    """Return the groups of pictures that figures are given for, as masks (n,)."""
    dermoscopic = predictions.of_modality(Modality.DERMOSCOPIC)
    return {
        "dermoscopic_ham10000": dermoscopic & predictions.of_source("ham10000"),
        "dermoscopic": dermoscopic,
        "camera": predictions.of_modality(*CAMERA),
        "clinical": predictions.of_modality(Modality.CLINICAL),
        "smartphone": predictions.of_modality(Modality.SMARTPHONE),
    }


def area_of(decisions: Decisions, condition: Condition, draws: Draws) -> Figure:
    """Return the area under the ROC of what a condition is ranked by."""
    return area_under_curve(
        positives_of(decisions.labels)[condition], decisions.risk(condition), draws
    )


def headline_figures(decisions: Decisions, draws: Draws) -> dict[str, Any]:
    """Return the four figures that every comparison is made by."""
    figures = {
        "balanced_accuracy": balanced_accuracy(decisions.labels, decisions.predicted, draws),
        "melanoma_auc": area_of(decisions, Condition.MELANOMA, draws),
        "malignancy_auc": area_of(decisions, Condition.MALIGNANCY, draws),
        "malignant_at_least_medium": share(
            decisions.severity >= Priority.MEDIUM.severity,
            decisions.malignant,
            draws,
        ),
    }
    return {name: figure.as_dict() for name, figure in figures.items()}


def class_figures(decisions: Decisions, draws: Draws) -> dict[str, Any]:
    """Return the sensitivity of the top class for each class."""
    figures = {}
    for index, diagnosis in enumerate(ORDER):
        figure = sensitivity(decisions.labels, decisions.predicted, index, draws)
        figures[str(diagnosis)] = figure.as_dict() | {
            "lesions": figure.lesions or 0,
            "too_few_to_say": figure.value is None or figure.too_few_to_say,
        }
    return figures


def tier_figures(decisions: Decisions, draws: Draws) -> dict[str, Figure]:
    """Return what the tiers do to melanomas, malignant lesions and naevi."""
    labels, severity = decisions.labels, decisions.severity
    medium, urgent = Priority.MEDIUM.severity, Priority.URGENT.severity
    naevus, melanoma = labels == NV, labels == MEL
    return {
        "melanoma_urgent": share(severity >= urgent, melanoma, draws),
        "melanoma_at_least_high": share(severity >= Priority.HIGH.severity, melanoma, draws),
        "melanoma_below_medium": share(severity < medium, melanoma, draws),
        "malignant_at_least_medium": share(severity >= medium, decisions.malignant, draws),
        "naevus_urgent": share(severity >= urgent, naevus, draws),
        "naevus_low": share(severity <= Priority.LOW.severity, naevus, draws),
    }


def at_other_prevalences(decisions: Decisions, draws: Draws) -> list[dict[str, Any]]:
    """Return what the tiers would do if the conditions were rarer or more common."""
    return [
        {"factor": factor}
        | {
            name: figure.as_dict()
            for name, figure in tier_figures(at_prevalence(decisions, factor), draws).items()
        }
        for factor in PREVALENCE_FACTORS
    ]


def priority_figures(decisions: Decisions, draws: Draws) -> dict[str, Any]:
    """Return what the priorities catch and what they spare."""
    labels, severity, malignant = decisions.labels, decisions.severity, decisions.malignant
    medium, urgent = Priority.MEDIUM.severity, Priority.URGENT.severity
    naevus, melanoma = labels == NV, labels == MEL
    figures = tier_figures(decisions, draws) | {
        "not_malignant_below_medium": share(severity < medium, ~malignant, draws),
        "not_melanoma_below_urgent": share(severity < urgent, ~melanoma, draws),
        "naevus_low_or_uncertain": share(severity < medium, naevus, draws),
    }
    counts = Counter(zip(labels.tolist(), decisions.priorities, strict=True))
    tiers = {
        str(diagnosis): {str(priority): counts[index, priority] for priority in Priority}
        for index, diagnosis in enumerate(ORDER)
    }
    return {name: figure.as_dict() for name, figure in figures.items()} | {
        "pictures_by_class_and_tier": tiers
    }


def operating_figures(decisions: Decisions, draws: Draws) -> dict[str, Any]:
    """Return what each point of a risk catches and spares by itself."""
    figures = {}
    for name, (condition, _) in POINTS.items():
        positive, asks = positives_of(decisions.labels)[condition], decisions.asks(name)
        figures[name] = {
            "sensitivity": share(asks, positive, draws).as_dict(),
            "specificity": share(~asks, ~positive, draws).as_dict(),
        }
    return figures


def evaluate_slice(decisions: Decisions, conformal: Conformal) -> dict[str, Any]:
    """Return every figure of one group of pictures."""
    labels, probabilities = decisions.labels, decisions.probabilities
    predicted, draws = decisions.predicted, draws_of(decisions)
    before = softmax(decisions.predictions.logits)
    headline = headline_figures(decisions, draws)
    coverage, of_melanomas, size = conformal_figures(
        labels, probabilities, conformal.of(decisions.modalities), labels == MEL, draws
    )
    return {
        "pictures": len(labels),
        "lesions": len(np.unique(draws.groups)),
        "accuracy": accuracy(labels, predicted, draws).as_dict(),
        "balanced_accuracy": headline["balanced_accuracy"],
        "top3_accuracy": top_k_accuracy(labels, probabilities, 3, draws).as_dict(),
        "sensitivity": class_figures(decisions, draws),
        "melanoma_auc": headline["melanoma_auc"],
        "malignancy_auc": headline["malignancy_auc"],
        "ece_before": expected_calibration_error(labels, before, draws).as_dict(),
        "ece_after": expected_calibration_error(labels, probabilities, draws).as_dict(),
        "reliability": {
            "before": reliability(labels, before),
            "after": reliability(labels, probabilities),
        },
        "confusion": confusion(labels, predicted),
        "roc": {
            str(condition): roc_points(positive, decisions.risk(condition))
            for condition, positive in positives_of(labels).items()
        },
        "decision": {
            str(condition): decision_curve(decisions, condition, draws) for condition in Condition
        },
        "operating": operating_figures(decisions, draws),
        "priority": priority_figures(decisions, draws),
        "other_prevalences": at_other_prevalences(decisions, draws),
        "selective": selective_curve(
            labels,
            probabilities,
            decisions.malignant,
            decisions.severity >= Priority.MEDIUM.severity,
            draws,
        ),
        "conformal": {
            "wanted_coverage": conformal.wanted_coverage,
            "coverage": coverage.as_dict(),
            "melanoma_coverage": of_melanomas.as_dict(),
            "mean_set_size": size,
        },
    }


def evaluate_skin_tones(decisions: Decisions) -> dict[str, Any]:
    """Return the malignancy figures by skin tone, in the set that grades it well (MILK10k)."""
    figures = {}
    for name, tones in SKIN_TONES.items():
        records = decisions.predictions.records
        graded = np.array([record.skin_tone in tones for record in records], dtype=bool)
        chosen = decisions.where(graded & decisions.predictions.of_source("milk10k"))
        draws = draws_of(chosen)
        headline = headline_figures(chosen, draws)
        spared = share(
            chosen.severity < Priority.MEDIUM.severity,
            ~chosen.malignant,
            draws,
        )
        lesions = draws.lesions(chosen.malignant)
        figures[str(name)] = {
            "pictures": len(chosen.labels),
            "lesions": len(np.unique(draws.groups)),
            "malignant_lesions": lesions,
            "too_few_to_say": lesions < FEW_LESIONS,
            "accuracy": accuracy(chosen.labels, chosen.predicted, draws).as_dict(),
            "malignancy_auc": headline["malignancy_auc"],
            "malignant_at_least_medium": headline["malignant_at_least_medium"],
            "not_malignant_below_medium": spared.as_dict(),
        }
    return figures
