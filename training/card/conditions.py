"""The card's sections on what changes the answers: modality, skin tone, bad images, precision."""

from __future__ import annotations

from collections.abc import Sequence

from lentigo.model.evaluation import AtSeverity, Evaluation, MeasuredSlices, SkinToneFigures
from lentigo.model.figures import Figure
from lentigo.model.outlier_figures import SkinTone
from lentigo.model.selection import ModalitySelection
from training.card.markdown import TOO_FEW, image, percent, plain, section, table, written
from training.card.names import CORRUPTIONS, SKIN_TONES, named


def modality_section(selection: ModalitySelection | None, evaluation: Evaluation) -> str:
    """Write how well it recognises dermoscopic and clinical images."""
    title, found = "Dermoscopic or clinical?", evaluation.modality
    if found is None:
        return section(title, "")
    figures: list[tuple[str, Figure]] = [
        *((f"accuracy, {named(name)}", figure) for name, figure in vars(found.accuracy).items()),
        ("unsure", found.unsure),
        *(
            (f"unsure, {named(name)}", figure)
            for name, figure in vars(found.unsure_by_modality).items()
        ),
    ]
    rows = [[name, percent(figure), str(figure.n)] for name, figure in figures]
    chosen = (
        ""
        if selection is None
        else "It is certain from the least probability on, on the val split and no less than "
        f"{selection.least}, at which at most {selection.most_wrong:.0%} of the images of either "
        "kind that are called certain are called wrongly. "
    )
    body = (
        f"{chosen}`accuracy` is over the images of which it is certain; for the others, `unsure`, "
        f"the more cautious thresholds hold.\n\n{table(['', 'Share', 'Of'], rows)}"
    )
    return section(title, body)


def tone_row(tone: SkinTone, figures: SkinToneFigures) -> list[str]:
    """Write the figures of a skin tone; too few malignant lesions make all of them too few."""
    few = figures.too_few_to_say
    return [
        SKIN_TONES[tone],
        str(figures.pictures),
        str(figures.malignant_lesions),
        TOO_FEW if few else plain(figures.malignancy_auc),
        TOO_FEW if few else percent(figures.malignant_at_least_medium),
        TOO_FEW if few else percent(figures.not_malignant_below_medium),
    ]


def tone_section(evaluation: Evaluation) -> str:
    """Write the figures by skin tone, and what cannot be said."""
    tones = evaluation.skin_tones_milk10k
    head = [
        "Skin tone",
        "Images",
        "Malignant lesions",
        "Malignancy AUC",
        "Malignant given medium or more",
        "Others given less",
    ]
    unknown = [SKIN_TONES[tone] for tone, figures in tones.items() if figures.too_few_to_say]
    verdict = (
        f"**Nothing can be said about {' and '.join(unknown)}**: too few malignant lesions. "
        if unknown
        else ""
    )
    body = f"""MILK10k grades skin tone from 0 (very dark) to 5 (very light); its test images,
dermoscopic and clinical together:

{table(head, [tone_row(tone, figures) for tone, figures in tones.items()])}

The other sets grade it poorly or not at all, and HAM10000 comes from Austria and Queensland: most
of its skin is light. {verdict}Models trained on such sets have been found to do worse on dark skin
(Daneshjou et al., Science Advances 8:eabq6147, 2022)."""
    return section("Skin tone", body)


def _corrupted_row(name: str, severity: str, slices: MeasuredSlices) -> list[str]:
    return [
        name,
        severity,
        percent(slices.dermoscopic_ham10000.balanced_accuracy),
        plain(slices.dermoscopic_ham10000.malignancy_auc),
        percent(slices.camera.balanced_accuracy),
        plain(slices.camera.malignancy_auc),
        percent(slices.camera.malignant_at_least_medium),
    ]


def robustness_section(evaluation: Evaluation, drawn: Sequence[str]) -> str:
    """Write what bad images cost."""
    title, found = "Bad images", evaluation.robustness
    if found is None:
        return section(title, "")

    def row(name: str, unit: str, step: AtSeverity) -> list[str]:
        return _corrupted_row(name, f"{step.severity:g} {unit}", step.slices)

    rows = [_corrupted_row("Unchanged", "", found.unchanged)]
    for corruption, steps in found.corruptions.items():
        rows += [row(*CORRUPTIONS[corruption], step) for step in steps]
    head = [
        "Corruption",
        "Severity",
        "HAM10000: balanced accuracy",
        "malignancy AUC",
        "Clinical: balanced accuracy",
        "malignancy AUC",
        "malignant given medium or more",
    ]
    body = (
        "Each third image of HAM10000 and of the clinical ones, corrupted by code "
        "(`training/pictures/corruptions.py`).\n\n"
        + image("robustness", drawn, "Malignancy AUC and balanced accuracy by severity")
        + table(head, rows)
    )
    return section(title, body)


def precision_section(evaluation: Evaluation) -> str:
    """Write what the smaller weights change."""
    title, found = "What smaller weights change", evaluation.quantised
    if found is None:
        return section(title, "")
    rows = [
        [
            str(precision),
            f"{figures.bytes / 1e6:.1f} MB",
            written(figures.largest_probability_difference, lambda value: f"{value:.4f}"),
            percent(figures.changed_decisions),
            percent(figures.changed_top_class),
            percent(figures.accuracy),
            percent(figures.balanced_accuracy),
        ]
        for precision, figures in found.items()
    ]
    head = [
        "Weights",
        "Download",
        "Largest change of a probability",
        "Priorities changed",
        "Top classes changed",
        "Accuracy",
        "Balanced accuracy",
    ]
    return section(title, table(head, rows))
