"""The model card, ``docs/model-card.md``, made from the manifest and the evaluation alone.

No figure is typed by hand. Headings follow CLEAR Derm (Daneshjou et al., JAMA Dermatology 2021).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lentigo.diagnosis import FULL_NAME, Diagnosis
from training.model_folder import DEFAULT_MODEL, REPOSITORY, ModelFolder, read_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CARD = REPOSITORY / "docs" / "model-card.md"

SLICE_NAMES = {
    "dermoscopic_ham10000": "Dermoscope, HAM10000 only",
    "dermoscopic": "Dermoscope, all sets",
    "camera": "Camera, all (close-up and phone)",
    "clinical": "Camera, clinical close-up",
    "smartphone": "Camera, smartphone",
}


def percent(figure: Mapping[str, Any]) -> str:
    """Write a share as a percentage, with its interval if there is one, or why there is none."""
    if figure["value"] is None:
        return f"— ({figure['reason']})"
    text = f"{figure['value'] * 100:.1f} %"
    if "low" in figure:
        text += f" ({figure['low'] * 100:.1f}–{figure['high'] * 100:.1f})"
    return text


def plain(figure: Mapping[str, Any]) -> str:
    """Write a figure 0..1 with three decimals, with its interval if there is one."""
    if figure["value"] is None:
        return f"— ({figure['reason']})"
    text = f"{figure['value']:.3f}"
    if "low" in figure:
        text += f" ({figure['low']:.3f}–{figure['high']:.3f})"
    return text


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def sensitivity_table(slices: Mapping[str, Any]) -> str:
    """Write the sensitivity of the top class, by class and by how the picture was taken."""
    rows = []
    for diagnosis in Diagnosis:
        row = [f"{FULL_NAME[diagnosis]} (`{diagnosis}`)"]
        for name in SLICE_NAMES:
            figure = slices[name]["sensitivity"][str(diagnosis)]
            few = ", too few to say" if figure["too_few_to_say"] and figure["n"] else ""
            value = "no cases" if figure["value"] is None else percent(figure)
            row.append(value + (f" of {figure['n']}" if figure["n"] else "") + few)
        rows.append(row)
    return table(["Diagnosis", *SLICE_NAMES.values()], rows)


def slice_table(slices: Mapping[str, Any], rows: Sequence[tuple[str, Sequence[str], Any]]) -> str:
    """Write figures, one row each, by how the picture was taken; a path leads to each figure."""
    body = []
    for title, path, write in rows:
        line = [title]
        for name in SLICE_NAMES:
            value = slices[name]
            for key in path:
                value = value[key]
            line.append(write(value))
        body.append(line)
    return table(["", *SLICE_NAMES.values()], body)


def tone_table(tones: Mapping[str, Any]) -> str:
    """Write the figures by skin tone."""
    rows = []
    for name, figures in tones.items():
        few = ", too few to say" if figures["too_few_to_say"] else ""
        rows.append(
            [
                name,
                str(figures["pictures"]),
                str(figures["malignant_lesions"]) + few,
                plain(figures["malignancy_auc"]),
                percent(figures["malignant_at_least_medium"]),
            ]
        )
    head = ["Skin tone", "Pictures", "Malignant lesions", "Malignancy AUC", "Given medium or more"]
    return table(head, rows)


def data_table(data: Sequence[Mapping[str, Any]]) -> str:
    """Write the picture sets with licence and attribution."""
    rows = [
        [
            entry["name"],
            ", ".join(entry["modalities"]),
            " / ".join(str(entry["pictures"][split]) for split in ("train", "val", "test")),
            entry["licence"],
            entry["source"],
        ]
        for entry in data
    ]
    return table(["Set", "Taken with", "Train / val / test", "Licence", "Source"], rows)


def render(manifest: Mapping[str, Any], evaluation: Mapping[str, Any]) -> str:
    """Write the whole card."""
    slices, points = evaluation["slices"], manifest["operating_points"]
    sizes = {
        name: sum(file["bytes"] for file in variant["files"].values()) / 1e6
        for name, variant in manifest["variants"].items()
    }
    camera, dermoscopic = slices["camera"]["priority"], slices["dermoscopic"]["priority"]
    downloads = ", ".join(f"{name} {size:.1f} MB" for name, size in sizes.items())
    classes = ", ".join(f"{FULL_NAME[diagnosis]} (`{diagnosis}`)" for diagnosis in Diagnosis)
    overview = slice_table(
        slices,
        [
            ("Pictures", ["pictures"], str),
            ("Lesions or patients", ["lesions"], str),
            ("Accuracy", ["accuracy"], percent),
            ("Balanced accuracy", ["balanced_accuracy"], percent),
            ("Melanoma AUC", ["melanoma_auc"], plain),
            ("Malignancy AUC", ["malignancy_auc"], plain),
            ("Calibration error before", ["ece_before"], plain),
            ("Calibration error after", ["ece_after"], plain),
        ],
    )
    priority = slice_table(
        slices,
        [
            ("Melanomas given urgent", ["priority", "melanoma_urgent"], percent),
            (
                "Malignant given medium or more",
                ["priority", "malignant_at_least_medium"],
                percent,
            ),
            (
                "Not malignant, given less than medium",
                ["priority", "not_malignant_below_medium"],
                percent,
            ),
            ("Naevi given low", ["priority", "naevus_low"], percent),
            ("Naevi given low or uncertain", ["priority", "naevus_low_or_uncertain"], percent),
        ],
    )
    point_rows = [
        ["Melanoma asks for urgent", f"p(mel) ≥ {points['mel']}"],
        ["Basal cell carcinoma asks for high", f"p(bcc) ≥ {points['bcc']}"],
        ["Actinic keratosis asks for medium", f"p(akiec) ≥ {points['akiec']}"],
        ["Any malignancy asks for medium", f"p(mel) + p(bcc) + p(akiec) ≥ {points['malignancy']}"],
        ["An answer is called uncertain", f"top probability < {points['confidence']}"],
    ]
    return f"""# Model card: {manifest["id"]}

Made by `python -m training.card` from `models/{manifest["id"]}/manifest.json` and
`evaluation.json`; do not edit. Headings follow CLEAR Derm.

## Intended use

Research and education: to show what a small network can and cannot tell from one photograph of a
skin lesion, on the visitor's own device. It is **never a diagnosis** and no medical device. It
cannot rule out skin cancer. Whoever worries about a spot should see a doctor, whatever it answers.

Not meant for: nails, mucosa, palms and soles, tattoos, scars, lesions under hair, people under 18,
pictures with several lesions, or anything that is not a lesion. This version does not recognise
those by itself and gives them a label all the same.

## The model

{manifest["architecture"]}, {manifest["parameters"] / 1e6:.2f} million parameters, input
224x224 RGB, trained from random weights. Downloads: {downloads}.
Classes: {classes}.

## Data

{data_table(manifest["data"])}

Pictures of one lesion (in PAD-UFES-20, of one patient) lie on one side of the split. Choices were
made on val, the figures below are of test, which was never trained on. Labels come from the sets'
own curators: biopsy for most malignant lesions, follow-up or expert agreement for many naevi. In
MILK10k and PAD-UFES-20 `akiec` includes squamous cell carcinoma. In ISIC 2017 `nv` means neither
melanoma nor keratosis.

## How it does

In brackets: {evaluation["intervals"]}. The sets hold far more cancer than a visitor's skin does, so
none of these figures is a visitor's risk.

{overview}

### Sensitivity of the top class

Fewer than {evaluation["too_few_lesions_below"]} lesions are called too few to say.

{sensitivity_table(slices)}

### The priority that is shown

The top class alone misses most melanomas, so the priority does not rest on it: every rule below
may ask for a tier, and the most severe wins.

{priority}

**What that costs:** of the naevi, {percent(dermoscopic["naevus_low"])} of the dermoscopic and
{percent(camera["naevus_low"])} of the camera pictures are given low; most of the others are false
alarms. The thresholds buy melanoma sensitivity with them, and this first model separates the two
too weakly, most of all in camera pictures, to have both.

## Thresholds

{table(["Rule", "Threshold"], point_rows)}

How chosen: {manifest["operating_points_method"]}

Calibration: temperature {manifest["calibration"]["temperature"]}, on
{manifest["calibration"]["pictures"]} pictures of {manifest["calibration"]["split"]}.
{manifest["calibration"]["method"]}

## Skin tone

MILK10k grades skin tone from 0 (very dark) to 5 (very light); its test pictures, dermoscopic and
clinical together:

{tone_table(evaluation["skin_tones_milk10k"])}

The other sets grade it poorly or not at all, and HAM10000 comes from Austria and Queensland: nearly
all of its skin is light. **On dark skin nothing is known about how well this model does**, and
models trained on such sets have been found to do worse there (Daneshjou et al., Science Advances
2022).

## Limits

- A first model, stopped far from the end of its training. A better one is to come.
- The top class is often wrong; see the table of sensitivities.
- Phone pictures are few in the data, so their figures are rough.
- One picture, without history: it does not know that a spot has changed, bleeds or itches.
- Rulers, pen marks, gel, hair and the JPEG encoder differ between classes in the training sets; the
  model may have learnt some of that.

## Licence

{manifest["licence"]}
"""


def main() -> None:
    """Write docs/model-card.md."""
    parser = argparse.ArgumentParser(
        prog="python -m training.card",
        description=main.__doc__,
        epilog="Needs only the files of models/<id>/.",
    )
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the folder under models/")
    parser.add_argument("--out", type=Path, default=CARD)
    given = parser.parse_args()
    folder = ModelFolder.named(given.model)
    card = render(read_json(folder.manifest), read_json(folder.evaluation))
    given.out.write_text(card, encoding="utf-8")


if __name__ == "__main__":
    main()
