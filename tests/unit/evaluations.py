"""A small evaluation with every block that the real one has; the numbers are made up."""

from __future__ import annotations

from typing import Any

from lentigo.diagnosis import Diagnosis
from lentigo.priority import Priority

SLICES = ("dermoscopic_ham10000", "dermoscopic", "camera", "clinical", "smartphone")


def figure(value: float, n: int = 100, **more: Any) -> dict[str, Any]:
    """Return a share or an AUC with an interval of 0.05 each way, within 0..1."""
    return {
        "value": value,
        "n": n,
        "low": max(0.0, round(value - 0.05, 4)),
        "high": min(1.0, round(value + 0.05, 4)),
        **more,
    }


def undefined(reason: str = "no pictures of this class") -> dict[str, Any]:
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
            "malignant_at_least_medium": figure(0.96 - shift, 80),
            "not_malignant_below_medium": figure(0.55, 120),
            "not_melanoma_below_urgent": figure(0.65, 150),
            "naevus_low": figure(0.52, 70),
            "naevus_low_or_uncertain": figure(0.53, 70),
            "pictures_by_class_and_tier": {
                str(diagnosis): {**tiers, "low": 5, "urgent": 15} for diagnosis in Diagnosis
            },
        },
        "confusion": [[10 if row == column else 1 for column in range(7)] for row in range(7)],
        "roc": {"melanoma": rising, "malignancy": rising},
        "reliability": {"before": bins, "after": bins},
        "operating": {
            name: {"sensitivity": figure(0.9), "specificity": figure(0.6)}
            for name in ("mel", "bcc", "akiec", "malignancy")
        },
        "selective": [
            {"refused": refused, "accuracy": 0.8 + refused / 5, "malignancy_sensitivity": 0.95}
            for refused in (0.0, 0.1, 0.2, 0.5)
        ],
        "conformal": {
            "wanted_coverage": 0.9,
            "coverage": figure(0.91),
            "melanoma_coverage": figure(0.88),
            "mean_set_size": 1.8,
        },
    }


def points_document() -> dict[str, Any]:
    """Return the operating points by kind of picture."""
    dermoscopic = {"mel": 0.2, "bcc": 0.3, "akiec": 0.3, "malignancy": 0.35, "confidence": 0.4}
    return {"dermoscopic": dermoscopic, "camera": {**dermoscopic, "mel": 0.1}}


def outlier_document() -> dict[str, Any]:
    """Return how pictures of no lesion are told from lesions."""

    def score(auroc: float) -> dict[str, Any]:
        return {
            "far": {"value": auroc, "n": 210},
            "far_by_kind": {"wounds": {"value": auroc, "n": 40}},
            "far_mean_of_kinds": auroc,
            "rejected_at_3_percent_refused": {"value": 0.9, "n": 210},
            "refused_at_95_percent_rejected": {"value": 0.04, "n": 900},
            "near": {"value": 0.6, "n": 20},
        }

    left_out = {
        str(diagnosis): {"max_softmax": figure(0.7, 60), "energy": figure(0.75, 60)}
        for diagnosis in Diagnosis
    }
    left_out["df"] = dict.fromkeys(left_out["df"], figure(0.7, 12, too_few_to_say=True))
    left_out["vasc"] = dict.fromkeys(left_out["vasc"], undefined())
    return {
        "chosen": "combined",
        "threshold": 0.1,
        "scores": {"energy": score(0.95), "combined": score(0.996)},
        "far": {
            "all": {"auroc": figure(0.9961, 210), "rejected": figure(0.97, 210)},
            "imagenet_sample_1000": {"auroc": figure(0.997), "rejected": figure(0.98)},
            "wounds": {"auroc": figure(0.98, 40), "rejected": figure(0.9, 40)},
            "normal_skin_abdomen": {
                "auroc": figure(0.98, 12, too_few_to_say=True),
                "rejected": figure(0.75, 12, too_few_to_say=True),
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
                "dark (0-1)": figure(0.04, 20, too_few_to_say=True),
                "light (4-5)": figure(0.03, 300),
            },
            "by_class": {"mel": figure(0.01, 60)},
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
            "wounds": {
                "auroc": {"value": 0.9, "n": 104},
                "rejected_at_3_percent_refused": {"value": 0.6, "n": 104},
            }
        },
    }


def evaluation_document() -> dict[str, Any]:
    """Return a whole evaluation."""
    at_grade = {
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
        "temperature": 0.9,
        "operating_points": points_document(),
        "intervals": "95 %, bootstrap over lesions, 1000 rounds",
        "too_few_lesions_below": 30,
        "slices": {name: slice_document(0.04 * index) for index, name in enumerate(SLICES)},
        "natural_frequencies": {
            "people": 1000,
            "prevalence": 0.03,
            "among": "spots that somebody worried about",
            "source": "a made-up survey",
            "alarm": "medium or a higher priority, on camera pictures",
            "limits": "made up",
            "malignant": 30,
            "caught": 28,
            "missed": 2,
            "false_alarms": 400,
            "dermoscopic": {"malignant": 30, "caught": 29, "missed": 1, "false_alarms": 300},
            "melanoma_urgent": {
                "prevalence": 0.025,
                "among": "pigmented spots",
                "source": "another made-up survey",
                "camera": {"malignant": 25, "caught": 22, "missed": 3, "false_alarms": 350},
                "dermoscopic": None,
            },
        },
        "skin_tones_milk10k": {
            "dark (0-1)": {
                "pictures": 20,
                "malignant_lesions": 6,
                "too_few_to_say": True,
                "malignancy_auc": figure(0.75),
                "malignant_at_least_medium": figure(1.0, 6),
                "not_malignant_below_medium": figure(0.5, 14),
            },
            "light (4-5)": {
                "pictures": 236,
                "malignant_lesions": 91,
                "too_few_to_say": False,
                "malignancy_auc": figure(0.93),
                "malignant_at_least_medium": figure(0.98, 91),
                "not_malignant_below_medium": figure(0.5, 145),
            },
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
            "none": [{"grade": 0, "unit": "", "slices": at_grade}],
            "gaussian_blur": [
                {"grade": 1, "unit": "px", "slices": at_grade},
                {"grade": 2, "unit": "px", "slices": at_grade},
            ],
        },
        "quantised": {
            "float16": {
                "largest_probability_difference": 0.0004,
                "changed_decisions": 0.0,
                "changed_top_class": 0.0,
                "accuracy": 0.82,
                "balanced_accuracy": 0.79,
                "bytes": 11_800_000,
            },
            "uint8": {
                "largest_probability_difference": 0.02,
                "changed_decisions": 0.004,
                "changed_top_class": 0.002,
                "accuracy": 0.81,
                "balanced_accuracy": 0.78,
                "bytes": 6_200_000,
            },
        },
    }


def curve_document() -> list[dict[str, Any]]:
    """Return the course of a training: two looks at ``val``."""
    return [
        {
            "step": step,
            "trained_s": 1800 * step,
            "size_px": 96 + 32 * step,
            "frozen_blocks": 0,
            "loss": 1.5 / step,
            **{
                name: {
                    "accuracy": figure(0.7),
                    "balanced_accuracy": figure(0.6 + 0.05 * step),
                    "melanoma_auc": figure(0.8 + 0.04 * step),
                }
                for name in ("ham10000", "milk10k", "isic2017", "pad_ufes_20")
            },
        }
        for step in (1, 2)
    ]
