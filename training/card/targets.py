"""What a released model should reach, judged on the point estimate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from training.card.figures import block, value_of
from training.card.markdown import NOT_MEASURED, dig, percent, plain

Figures = Mapping[str, Any]
Writer = Callable[[Any], str]


@dataclass(frozen=True)
class Target:
    """What the model should reach, and where the figure stands that says whether it does."""

    what: str
    bound: float
    at_least: bool
    write: Writer
    found: Callable[[Figures, Figures], Any]

    def judge(self, manifest: Figures, evaluation: Figures) -> list[str]:
        """Return a row: the target, what was measured, met or not met on the point estimate."""
        figure = self.found(manifest, evaluation)
        value = value_of(figure)
        sign = "≥" if self.at_least else "≤"
        if value is None:
            verdict = NOT_MEASURED
        else:
            good = value >= self.bound if self.at_least else value <= self.bound
            verdict = "**met**" if good else "not met"
        measured = NOT_MEASURED if figure is None else self.write(figure)
        return [self.what, f"{sign} {self.write(self.bound)}", measured, verdict]


def _of_slice(name: str, key: str) -> Callable[[Figures, Figures], Any]:
    return lambda _, evaluation: dig(evaluation, "slices", name, key)


def _far(evaluation: Figures) -> Any:
    """Return the AUROC of the chosen out-of-distribution score over all far pictures."""
    found = block(evaluation, "out_of_distribution") or {}
    measured = dig(found, "far", "all", "auroc")
    return dig(found, "scores", str(found.get("chosen")), "far") if measured is None else measured


def variant_megabytes(manifest: Figures, variant: str) -> float | None:
    """Return what a visitor downloads for a variant, in 10^6 bytes."""
    files = dig(manifest, "variants", variant, "files")
    return None if not files else sum(file["bytes"] for file in files.values()) / 1e6


TARGETS = (
    Target(
        "Balanced accuracy, HAM10000", 0.78, True, percent,
        _of_slice("dermoscopic_ham10000", "balanced_accuracy"),
    ),
    Target(
        "Melanoma AUC, HAM10000", 0.93, True, plain,
        _of_slice("dermoscopic_ham10000", "melanoma_auc"),
    ),
    Target(
        "Malignancy AUC, HAM10000", 0.94, True, plain,
        _of_slice("dermoscopic_ham10000", "malignancy_auc"),
    ),
    Target("Malignancy AUC, camera", 0.90, True, plain, _of_slice("camera", "malignancy_auc")),
    Target(
        "Calibration error, HAM10000", 0.03, False, plain,
        _of_slice("dermoscopic_ham10000", "ece_after"),
    ),
    Target(
        "AUROC against pictures of no lesion", 0.99, True, plain, lambda _, found: _far(found)
    ),
    Target(
        "Decisions that uint8 changes", 0.01, False, percent,
        lambda _, found: dig(found, "quantised", "uint8", "changed_decisions"),
    ),
    Target(
        "Parameters, millions", 7.0, False, lambda value: f"{value:.2f}",
        lambda manifest, _: manifest["parameters"] / 1e6,
    ),
    Target(
        "Download in float16, MB", 12.0, False, lambda value: f"{value:.1f}",
        lambda manifest, _: variant_megabytes(manifest, "float16"),
    ),
)  # fmt: skip
