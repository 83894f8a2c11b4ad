"""The card's sections on what is answered: classes, calibration, confidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lentigo.diagnosis import Diagnosis
from lentigo.model.evaluation import Evaluation, IntervalMethod
from lentigo.model.figures import Figure
from lentigo.model.manifest import Manifest
from lentigo.model.slice_figures import Slice, SliceFigures
from training.card.markdown import TOO_FEW, image, percent, plain, section, size, table
from training.card.names import CRITERIA, DIAGNOSES, SLICES

Slices = Mapping[Slice, SliceFigures]
Cell = Callable[[SliceFigures], str]


def slice_table(slices: Slices, rows: Sequence[tuple[str, Cell]]) -> str:
    """Write a row each by kind of image; a kind without images is left out."""
    shown = [name for name in Slice if slices[name].pictures]
    body = [[title, *(cell(slices[name]) for name in shown)] for title, cell in rows]
    return table(["", *(SLICES[name] for name in shown)], body)


def sensitivity_table(slices: Slices) -> str:
    """Write the sensitivity of the top class, by class and by kind of image."""

    def write(figure: Figure) -> str:
        if figure.value is None:
            return "no cases"
        if figure.too_few_to_say:
            return f"{TOO_FEW}: {figure.n}"
        return f"{percent(figure)} of {figure.n}"

    def cell_of(diagnosis: Diagnosis) -> Cell:
        return lambda found: write(found.sensitivity[diagnosis])

    rows = [
        (f"{DIAGNOSES[diagnosis]} (`{diagnosis}`)", cell_of(diagnosis)) for diagnosis in Diagnosis
    ]
    return slice_table(slices, rows)


def classes_table(slices: Slices) -> str:
    """Write how many test images show each class."""

    def cell_of(diagnosis: Diagnosis) -> Cell:
        return lambda found: str(found.sensitivity[diagnosis].n)

    return slice_table(slices, [(f"`{diagnosis}`", cell_of(diagnosis)) for diagnosis in Diagnosis])


def intervals(evaluation: Evaluation) -> str:
    """Say how the intervals were made."""
    found = evaluation.intervals
    match found.method:
        case IntervalMethod.BOOTSTRAP_OVER_LESIONS:
            method = "bootstrap over lesions"
    return f"{found.level * 100:.0f} %, {method}, {found.rounds} rounds"


def performance_section(evaluation: Evaluation, drawn: Sequence[str]) -> str:
    """Write the figures of the classifier itself."""
    overview = slice_table(
        evaluation.slices,
        [
            ("Images", lambda found: str(found.pictures)),
            ("Lesions or patients", lambda found: str(found.lesions)),
            ("Accuracy", lambda found: percent(found.accuracy)),
            ("Balanced accuracy", lambda found: percent(found.balanced_accuracy)),
            ("Right class among the top three", lambda found: percent(found.top3_accuracy)),
            ("Melanoma AUC", lambda found: plain(found.melanoma_auc)),
            ("Malignancy AUC (mel, bcc, akiec)", lambda found: plain(found.malignancy_auc)),
        ],
    )
    body = f"""In brackets: {intervals(evaluation)}. Where fewer than
{evaluation.too_few_lesions_below} lesions stand behind a figure it reads "{TOO_FEW}". The sets hold
far more cancer than a visitor's skin does, so none of these figures is a visitor's risk.

{overview}

{image("roc", drawn, "ROC curves of melanoma and malignancy by kind of image")}
### Sensitivity of the top class

{sensitivity_table(evaluation.slices)}

{image("confusion", drawn, "Confusion matrices, dermoscopic and clinical")}"""
    return section("How it does", body)


def calibration_section(manifest: Manifest, evaluation: Evaluation, drawn: Sequence[str]) -> str:
    """Write whether probabilities mean what they say."""
    calibration, criterion = manifest.calibration, manifest.selection.temperature
    errors = slice_table(
        evaluation.slices,
        [
            ("Calibration error before", lambda found: plain(found.ece_before)),
            ("Calibration error after", lambda found: plain(found.ece_after)),
        ],
    )
    method = (
        ""
        if criterion is None
        else "One temperature for all (Guo et al., ICML 2017), at the minimum of "
        f"{CRITERIA[criterion]}; of three such criteria the one with the least calibration error "
        "on lesions that it was not fitted on."
    )
    body = f"""{errors}

{image("reliability", drawn, "Reliability before and after calibration")}
Temperature {calibration.temperature}, fitted on {calibration.pictures} images of
{calibration.split}. {method}"""
    return section("Calibration", body)


def refusal_section(evaluation: Evaluation, drawn: Sequence[str]) -> str:
    """Write what is gained by refusing, and the sets that hold the right class."""
    conformal = slice_table(
        evaluation.slices,
        [
            ("Wanted coverage", lambda found: percent(found.conformal.wanted_coverage)),
            ("Coverage", lambda found: percent(found.conformal.coverage)),
            ("Coverage of melanomas", lambda found: percent(found.conformal.melanoma_coverage)),
            ("Classes in the set, mean", lambda found: size(found.conformal.mean_set_size)),
        ],
    )
    body = f"""{image("selective", drawn, "Accuracy and malignancy sensitivity by share refused")}
Conformal sets: as many classes, from the most probable on, as it takes to hold the right one with
the wanted coverage.

{conformal}"""
    return section("When it may say “I do not know”", body)
