"""A small evaluation with every block that the real one has; the numbers are made up."""

from __future__ import annotations

from typing import Any

from lentigo.diagnosis import Diagnosis
from lentigo.model.evaluation import Corruption, Evaluation, parse_evaluation
from lentigo.model.outlier_figures import OutlierKind, OutlierScore, SkinTone
from lentigo.model.slice_figures import Slice
from lentigo.priority import Priority
from tests.unit.builders import scale_document


def figure(value: float, n: int = 100, **more: Any) -> dict[str, Any]:
    """Return a share or an AUC with an interval of 0.05 each way, within 0..1."""
    return {
        "value": value,
        "n": n,
        "low": max(0.0, round(value - 0.05, 4)),
        "high": min(1.0, round(value + 0.05, 4)),
        **more,
    }


def undefined(reason: str = "no-pictures") -> dict[str, Any]:
    """Return a figure that nothing stands behind."""
    return {"value": None, "n": 0, "reason": reason, "too_few_to_say": True}


def slice_document(shift: float = 0.0) -> dict[str, Any]:
    """Return the figures of one kind of picture; ``shift`` worsens them."""
    sensitivity = {
        str(diagnosis): figure(0.8 - shift, 60, lesions=50, too_few_to_say=False)
        for diagnosis in Diagnosis
    }
    sensitivity["df"] = figure(0.9, 12, lesions=9, too_few_to_say=True)
    sensitivity["vasc"] = undefined() | {"lesions": 0}
    tiers = {str(priority): 0 for priority in Priority}
    rising = [[0.0, 0.0], [0.1, 0.7 - shift], [0.3, 0.9 - shift], [1.0, 1.0]]
    bins = [
        {"confidence": 0.4, "accuracy": 0.5, "n": 20},
        {"confidence": 0.9, "accuracy": 0.85, "n": 60},
    ]
    return {
        "pictures": 200,
        "lesions": 180,
        "accuracy": figure(0.82 - shift),
        "balanced_accuracy": figure(0.79 - shift),
        "top3_accuracy": figure(0.97 - shift),
        "sensitivity": sensitivity,
        "melanoma_auc": figure(0.935 - shift),
        "malignancy_auc": figure(0.945 - shift),
        "ece_before": {"value": 0.11, "n": 200},
        "ece_after": {"value": 0.025, "n": 200},
        "priority": {
            "melanoma_urgent": figure(0.92, 50),
            "melanoma_at_least_high": figure(0.96, 50),
            "melanoma_below_medium": figure(0.02, 50),
            "malignant_at_least_medium": figure(0.96 - shift, 80),
            "not_malignant_below_medium": figure(0.55, 120),
            "not_melanoma_below_urgent": figure(0.65, 150),
            "naevus_urgent": figure(0.25, 70),
            "naevus_low": figure(0.52, 70),
            "naevus_low_or_uncertain": figure(0.53, 70),
            "pictures_by_class_and_tier": {
                str(diagnosis): {**tiers, "low": 5, "urgent": 15} for diagnosis in Diagnosis
            },
        },
        "other_prevalences": [
            {
                "factor": factor,
                "melanoma_urgent": figure(0.9, 50),
                "melanoma_at_least_high": figure(0.95, 50),
                "melanoma_below_medium": figure(0.03, 50),
                "malignant_at_least_medium": figure(0.95, 80),
                "naevus_urgent": figure(0.2, 70),
                "naevus_low": figure(0.6, 70),
            }
            for factor in (0.5, 2.0)
        ],
        "confusion": [[10 if row == column else 1 for column in range(7)] for row in range(7)],
        "roc": {"melanoma": rising, "malignancy": rising},
        "reliability": {"before": bins, "after": bins},
        "operating": {
            name: {"sensitivity": figure(0.9), "specificity": figure(0.6)}
            for name in (
                *(f"melanoma_{tier}" for tier in ("urgent", "high", "medium")),
                "malignancy",
            )
        },
        "selective": [
            {
                "refused": refused,
                "accuracy": figure(0.8 + refused / 5),
                "malignancy_sensitivity": figure(0.95),
                "malignant_refused": figure(refused),
                "malignant_missed": figure(0.05),
            }
            for refused in (0.0, 0.1, 0.2, 0.5)
        ],
        "conformal": {
            "wanted_coverage": 0.9,
            "coverage": figure(0.91),
            "melanoma_coverage": figure(0.88),
            "mean_set_size": 1.8,
        },
        "decision": {
            "melanoma": decision_document("urgent", 0.025, 0.1),
            "malignancy": decision_document("medium", 0.09, 0.4),
        },
    }


def decision_document(alarm: str, prevalence: float, most: float) -> dict[str, Any]:
    """Return a decision curve whose alarm catches 90 % and spares 60 %."""
    return {
        "alarm": alarm,
        "prevalence": prevalence,
        "sensitivity": figure(0.9, 50),
        "specificity": figure(0.6, 120),
        "by_score": [
            {"threshold": most / 2, "caught": 0.9, "alarmed": 0.3},
            {"threshold": most, "caught": 0.6, "alarmed": 0.1},
        ],
    }


def scales_document() -> dict[str, Any]:
    """Return the scales by kind of picture."""
    return {"dermoscopic": scale_document(0.0, 0.4), "camera": scale_document(1.5, 0.4)}


def outlier_document() -> dict[str, Any]:
    """Return how pictures of no lesion are told from lesions."""

    def score(auroc: float) -> dict[str, Any]:
        return {
            "far": {"value": auroc, "n": 210},
            "far_by_kind": {str(kind): {"value": auroc, "n": 40} for kind in OutlierKind},
            "far_mean_of_kinds": auroc,
            "rejected_at_3_percent_refused": {"value": 0.9, "n": 210},
            "refused_at_95_percent_rejected": {"value": 0.04, "n": 900},
            "near": {"value": 0.6, "n": 20},
        }

    left_out = {
        str(diagnosis): {
            "max_softmax": figure(0.7, 60),
            "energy": figure(0.75, 60),
            "mahalanobis_reduced": figure(0.72, 60),
            "nearest_neighbour": figure(0.74, 60),
        }
        for diagnosis in Diagnosis
    }
    left_out["df"] = dict.fromkeys(left_out["df"], figure(0.7, 12, too_few_to_say=True))
    left_out["vasc"] = dict.fromkeys(left_out["vasc"], undefined())
    return {
        "chosen": "combined",
        "threshold": 0.1,
        "scores": {str(each): score(0.95) for each in OutlierScore} | {"combined": score(0.996)},
        "far": {
            "all": {"auroc": figure(0.9961, 210), "rejected": figure(0.97, 210)},
            "by_kind": {
                "imagenet_sample_1000": {"auroc": figure(0.997), "rejected": figure(0.98)},
                "dogs_cats": {"auroc": undefined(), "rejected": undefined()},
                "normal_skin_abdomen": {
                    "auroc": figure(0.98, 12, too_few_to_say=True),
                    "rejected": figure(0.75, 12, too_few_to_say=True),
                },
                "wounds": {"auroc": figure(0.98, 40), "rejected": figure(0.9, 40)},
            },
        },
        "false_refusal": {
            "overall": figure(0.03, 900),
            "by_modality": {"dermoscopic": figure(0.02, 500), "camera": figure(0.05, 400)},
            "by_camera": {
                "clinical": figure(0.05, 380),
                "smartphone": figure(0.0, 20, too_few_to_say=True),
            },
            "by_skin_tone": {
                "dark": figure(0.04, 20, too_few_to_say=True),
                "medium": figure(0.03, 300),
                "light": figure(0.03, 300),
            },
            "by_class": {str(diagnosis): figure(0.01, 60) for diagnosis in Diagnosis},
            "outside_the_classes": figure(0.1, 20, too_few_to_say=True),
        },
        "skin_tone_gap_milk10k": {
            "darker": figure(0.04, 25, too_few_to_say=True),
            "lighter": figure(0.03, 300),
            "difference": {
                "value": 0.01,
                "n": 325,
                "low": -0.03,
                "high": 0.09,
                "too_few_to_say": True,
            },
            "detected": False,
            "darker_lesions": 18,
            "smallest_detectable_share": 0.22,
        },
        "near": {
            "outside_lesions": figure(0.6, 20, too_few_to_say=True),
            "leave_one_class_out": left_out,
        },
        "unseen_kinds": {
            **dict.fromkeys(map(str, OutlierKind)),
            "wounds": {
                "auroc": {"value": 0.9, "n": 104},
                "rejected_at_3_percent_refused": {"value": 0.6, "n": 104},
            },
        },
    }


def evaluation_document() -> dict[str, Any]:
    """Return a whole evaluation."""
    measured = {
        name: {
            "balanced_accuracy": figure(0.75),
            "melanoma_auc": figure(0.9),
            "malignancy_auc": figure(0.92),
            "malignant_at_least_medium": figure(0.93),
        }
        for name in ("dermoscopic_ham10000", "camera")
    }
    return {
        "split": "test",
        "every": 1,
        "temperature": 0.9,
        "scales": scales_document(),
        "intervals": {"level": 0.95, "method": "bootstrap-over-lesions", "rounds": 1000},
        "too_few_lesions_below": 30,
        "slices": {str(name): slice_document(0.04 * index) for index, name in enumerate(Slice)},
        "natural_frequencies": {
            "people": 1000,
            "malignancy": {
                "population": "suspected-in-general-practice",
                "prevalence": 0.03,
                "alarm": "medium",
                "camera": counts(30, 28, 400),
                "dermoscopic": counts(30, 29, 300),
            },
            "melanoma": {
                "population": "pigmented-in-general-practice",
                "prevalence": 0.025,
                "alarm": "urgent",
                "camera": counts(25, 22, 350),
                "dermoscopic": None,
            },
        },
        "skin_tones_milk10k": {
            str(tone): tone_document(few=tone is SkinTone.DARK) for tone in SkinTone
        },
        "modality": {
            "accuracy": {
                "overall": figure(0.99),
                "dermoscopic": figure(0.992),
                "camera": figure(0.985),
            },
            "unsure": figure(0.02),
            "unsure_by_modality": {"dermoscopic": figure(0.01), "camera": figure(0.04)},
        },
        "out_of_distribution": outlier_document(),
        "robustness": {
            "unchanged": measured,
            "corruptions": {
                str(corruption): [
                    {"severity": 1.0, "slices": measured},
                    {"severity": 2.0, "slices": measured},
                ]
                for corruption in Corruption
            },
        },
        "quantised": {
            "float16": quantised_document(0.0, 0.82, 11_800_000),
            "uint8": quantised_document(0.004, 0.81, 6_200_000),
        },
    }


def counts(sick: int, caught: int, false_alarms: int) -> dict[str, int]:
    """Return what becomes of a thousand people."""
    return {
        "sick": sick,
        "caught": caught,
        "missed": sick - caught,
        "false_alarms": false_alarms,
    }


def tone_document(few: bool) -> dict[str, Any]:
    """Return the figures of one skin tone, of few or of many malignant lesions."""
    malignant = 6 if few else 91
    return {
        "pictures": 20 if few else 236,
        "lesions": 10 if few else 118,
        "malignant_lesions": malignant,
        "too_few_to_say": few,
        "accuracy": figure(0.8),
        "malignancy_auc": figure(0.93),
        "malignant_at_least_medium": figure(0.98, malignant),
        "not_malignant_below_medium": figure(0.5, 145),
    }


def quantised_document(changed: float, accuracy: float, size: int) -> dict[str, Any]:
    """Return what one precision changes."""
    return {
        "pictures": 500,
        "largest_probability_difference": 0.02,
        "mean_probability_difference": 0.001,
        "changed_decisions": changed,
        "lowered_decisions": changed / 2,
        "changed_top_class": changed / 2,
        "accuracy": accuracy,
        "balanced_accuracy": accuracy - 0.03,
        "accuracy_exact": 0.82,
        "balanced_accuracy_exact": 0.79,
        "slices": {
            str(name): {
                "accuracy": {"value": accuracy, "n": 100},
                "balanced_accuracy": {"value": accuracy, "n": 100, "classes": 5},
                "balanced_accuracy_exact": {"value": accuracy, "n": 100, "classes": 5},
            }
            for name in Slice
        },
        "bytes": size,
    }


def evaluation(document: dict[str, Any] | None = None) -> Evaluation:
    """Return an evaluation, the whole one above unless another is given."""
    return parse_evaluation(evaluation_document() if document is None else document)
