"""What a released model should reach, judged on the point estimate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lentigo.model.evaluation import Evaluation, Precision
from lentigo.model.manifest import Manifest
from lentigo.model.slice_figures import Slice
from training.card.markdown import NOT_MEASURED, Value, Writer, percent, plain, value_of, written


@dataclass(frozen=True)
class Target:
    """What the model should reach, and where the figure stands that says whether it does."""

    what: str
    bound: float
    at_least: bool
    write: Writer
    found: Callable[[Manifest, Evaluation], Value]

    def judge(self, manifest: Manifest, evaluation: Evaluation) -> list[str]:
        """Return a row: the target, what was measured, met or not met on the point estimate."""
        figure = self.found(manifest, evaluation)
        value = value_of(figure)
        sign = "≥" if self.at_least else "≤"
        if value is None:
            verdict = NOT_MEASURED
        else:
            good = value >= self.bound if self.at_least else value <= self.bound
            verdict = "**met**" if good else "not met"
        return [self.what, f"{sign} {self.write(self.bound)}", self.write(figure), verdict]


def download_megabytes(manifest: Manifest, variant: str) -> float | None:
    """Return what a visitor downloads for a variant, in 10^6 bytes; None without that variant."""
    found = manifest.variants.get(variant)
    return None if found is None else found.download_bytes / 1e6


def _no_lesion(_: Manifest, evaluation: Evaluation) -> Value:
    found = evaluation.out_of_distribution
    return None if found is None else found.far.all.auroc


def _changed_by_uint8(_: Manifest, evaluation: Evaluation) -> Value:
    found = evaluation.quantised
    return None if found is None else found[Precision.UINT8].changed_decisions


def _hundredths(figure: Value) -> str:
    return written(figure, lambda value: f"{value:.2f}")


def _tenths(figure: Value) -> str:
    return written(figure, lambda value: f"{value:.1f}")


TARGETS = (
    Target(
        "Balanced accuracy, HAM10000", 0.78, True, percent,
        lambda _, found: found.slices[Slice.DERMOSCOPIC_HAM10000].balanced_accuracy,
    ),
    Target(
        "Melanoma AUC, HAM10000", 0.93, True, plain,
        lambda _, found: found.slices[Slice.DERMOSCOPIC_HAM10000].melanoma_auc,
    ),
    Target(
        "Malignancy AUC, HAM10000", 0.94, True, plain,
        lambda _, found: found.slices[Slice.DERMOSCOPIC_HAM10000].malignancy_auc,
    ),
    Target(
        "Malignancy AUC, clinical", 0.90, True, plain,
        lambda _, found: found.slices[Slice.CAMERA].malignancy_auc,
    ),
    Target(
        "Calibration error, HAM10000", 0.03, False, plain,
        lambda _, found: found.slices[Slice.DERMOSCOPIC_HAM10000].ece_after,
    ),
    Target("AUROC against images of no lesion", 0.99, True, plain, _no_lesion),
    Target("Decisions that uint8 changes", 0.01, False, percent, _changed_by_uint8),
    Target(
        "Parameters, millions", 7.0, False, _hundredths,
        lambda manifest, _: manifest.parameters / 1e6,
    ),
    Target(
        "Download in float16, MB", 12.0, False, _tenths,
        lambda manifest, _: download_megabytes(manifest, "float16"),
    ),
)  # fmt: skip
