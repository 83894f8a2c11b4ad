"""The results about the gauges and the page made of them: no figure is typed by hand.

Several commands each write their part of the JSON; the page is then written again from all of it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.card.markdown import NOT_MEASURED, TOO_FEW, table
from training.card.names import named
from training.network.model_folder import REPOSITORY, RESULTS, write_json
from training.studies.study_figures import percent, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DATA = RESULTS / "quality-gauges.json"
PAGE = REPOSITORY / "docs/generated/quality-gauges.md"
# Figures of a comparison, in the order of the tables.
COMPARED = (
    "accuracy", "balanced_accuracy", "melanoma_auc", "malignancy_auc", "nll", "ece",
    "malignant_at_least_medium", "not_malignant_below_medium",
)  # fmt: skip
COMPARED_HEAD = (
    "accuracy", "balanced accuracy", "melanoma AUC", "malignancy AUC", "NLL", "ECE",
    "malignant ≥ medium", "others < medium",
)  # fmt: skip
# Rules of the crop that the page shows, by how their names start.
CROP_SHOWN = ("any size, offset <= 0.5", "size < 0.4, offset <= 0.25", "size < 0.3, offset <= 0.25")
GAIN_NOTE = "Value, then the difference with its paired 95 % interval over lesions in brackets"


def keep(part: Mapping[str, Any], out: Path = DATA) -> None:
    """Put some keys into the results, which the study of the gauges began, and write the page.

    Results kept elsewhere than in the repository (a trial's) have their page beside them.
    """
    document: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    document.update(part)
    write_json(out, document)
    page = PAGE if out == DATA else out.with_suffix(".md")
    page.write_text(to_markdown(document), encoding="utf-8")


def gained(figure: Mapping[str, Any]) -> str:
    """Write a figure with its paired difference: ``0.612 (+0.010, -0.002 to +0.021)``."""
    if figure["value"] is None:
        return f"— ({figure.get('reason', NOT_MEASURED)})"
    if figure.get("too_few_to_say"):
        return TOO_FEW
    gain = figure["gain"]
    words = f"{figure['value']:.3f}"
    if gain["value"] is None or "low" not in gain or gain["low"] == gain["high"] == 0.0:
        return words
    return f"{words} ({gain['value']:+.3f}, {gain['low']:+.3f} to {gain['high']:+.3f})"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def to_markdown(document: Mapping[str, Any]) -> str:
    """Write the page from the document; a part that was not measured is left out."""
    lines = [
        "# What the gauges see, and what they save",
        "",
        "Generated from `training/results/quality-gauges.json`; do not edit. "
        "`python -m training.studies.gauge_study` "
        "measures the gauges, `python -m training.studies.camera_to_label` what follows them.",
        f"Thresholds (`lentigo/picture/quality.py`) were chosen on `val`; "
        f"figures of `{document['split']}` "
        "unless said otherwise.",
        *_clean(document),
        *_corrupted(document),
        *_framing(document["framing"]),
    ]
    parts = {
        "gate": _gate, "outcomes": _outcomes, "crop": _crop,
        "test_time_augmentation": _test_time_augmentation,
        "white_balance": _white_balance,
    }  # fmt: skip
    for name, write in parts.items():
        if name in document:
            lines += write(document[name])
    return "\n".join([*lines, *_limits("gate" in document)])


def _clean(document: Mapping[str, Any]) -> Iterable[str]:
    yield from (
        "",
        "## Clean pictures",
        "",
        "| pictures | n | refused | only warned | findings |",
        "| --- | --- | --- | --- | --- |",
    )
    for name, clean in document["clean"].items():
        issues = ", ".join(
            f"{issue} {_share(found['share'])}{'' if found['refuses'] else ' (warns)'}"
            for issue, found in clean["issues"].items()
        )
        yield (
            f"| {named(name)} | {clean['n']} | {_share(clean['refused'])} | "
            f"{_share(clean['warned'])} | {issues} |"
        )
    for tone, found in document["skin_tones_milk10k"].items():
        yield f"| MILK10k, skin tone {tone} | {found['n']} | {_share(found['refused'])} |||"


def _corrupted(document: Mapping[str, Any]) -> Iterable[str]:
    yield from (
        "",
        "## Corrupted pictures",
        "",
        "AUC of the gauge against the clean pictures; in brackets the share with this very "
        "finding, then the share refused for any reason.",
        "",
        "| corruption | gauge | severity | dermoscopic | clinical |",
        "| --- | --- | --- | --- | --- |",
    )
    for name, entry in document["corruptions"].items():
        for derm, camera in zip(entry["dermoscopic"], entry["camera"], strict=True):
            cells = " | ".join(
                f"{row['auc']:.2f} ({_share(row['found'])}, {_share(row['refused'])})"
                for row in (derm, camera)
            )
            gauge = f"`{entry['gauge']}`"
            yield f"| {name} | {gauge} | {derm['severity']:g} {entry['unit']} | {cells} |"


def _framing(f: Mapping[str, Any]) -> Iterable[str]:
    yield from (
        "",
        "## The located lesion",
        "",
        f"Against {f['n']} masks of HAM10000: IoU {f['iou_median']:.2f} in the median, at least "
        f"0.5 in {_share(f['iou_at_least_half'])}; of the drawn outline "
        f"{f['outline_iou_median']:.2f}. The centre is off by {f['centre_error_median']:.3f} of "
        f"the shorter side in the median, {f['centre_error_95th_percentile']:.2f} at the 95th "
        "percentile.",
    )


def _gate(gate: Mapping[str, Any]) -> Iterable[str]:
    yield from (
        "",
        "## What the gate saves",
        "",
        f"{gate['pictures']} pictures of {gate['lesions']} lesions of `{gate['split']}`, half of "
        "them dermoscopic, each corrupted in every way; the gauges see the corrupted frame and the "
        f"model ({gate['model']}) its centred square. In each cell: all / let through / refused. "
        "Sensitivity is the share of malignant pictures given at least medium, “spared” the share "
        "of the others given less. “Harmed, refused” is the share that the gate refuses of those "
        "that were right when clean and are now wrong; “still right, refused” is what it costs."
        + _older(gate),
        "",
    )
    head = (
        "pictures", "refused", "accuracy", "balanced accuracy", "malignancy sensitivity",
        "spared", "harmed, refused", "still right, refused",
    )  # fmt: skip
    rows = [_gate_row("clean, all pictures", gate["clean"]["all pictures"])]
    for step, found in gate["pooled"].items():
        name = "all severities" if step == "any" else step
        rows += [_gate_row(f"{name}, {named(who)}", each) for who, each in found.items()]
    yield table(head, rows)
    yield from (
        "",
        "Of all corruptions and severities together, with 95 % intervals over lesions:",
        "",
    )
    figures = ("accuracy", "balanced_accuracy", "malignancy_sensitivity", "not_malignant_spared")
    rows = [
        [name.replace("_", " ")]
        + [percent(gate["pooled"]["any"]["all pictures"][part][name]) for part in _PARTS]
        + [_difference(gate["pooled"]["any"]["all pictures"]["gain"][name])]
        for name in figures
    ]
    yield table(("", *_PARTS, "through less all"), rows)
    for name, other in gate["other_thresholds"].items():
        yield from ("", f"With other thresholds ({name}; the rest as released):", "")
        rows = [_gate_row("clean, all pictures", other["clean"]["all pictures"])]
        for step, found in other["pooled"].items():
            title = "all severities" if step == "any" else step
            rows += [_gate_row(f"{title}, {named(who)}", each) for who, each in found.items()]
        yield table(head, rows)
    others = list(gate["other_thresholds"])
    yield from ("", "By corruption and severity, all pictures:", "")
    rows = [
        [
            *_gate_row(
                f"{row['corruption']}, {row['severity']:g} {row['unit']}",
                row["pictures"]["all pictures"],
            ),
            *(_brief(row["refused_by_other_thresholds"][name]) for name in others),
        ]
        for row in gate["rows"]
    ]
    yield table((*head, *(f"refused with {name}" for name in others)), rows)


_PARTS = ("all", "through", "refused")


def _difference(gain: Mapping[str, Any]) -> str:
    if gain["value"] is None or "low" not in gain:
        return "–"
    return f"{gain['value']:+.3f} ({gain['low']:+.3f} to {gain['high']:+.3f})"


def _older(part: Mapping[str, Any]) -> str:
    """Say so where a part was measured with other thresholds than today's."""
    return f" Measured {part['measured']}." if "measured" in part else ""


def _gate_row(name: str, found: Mapping[str, Any]) -> list[str]:
    def cell(figure: str) -> str:
        return " / ".join(_brief(found[part][figure]) for part in _PARTS)

    return [
        name,
        _share(found["share_refused"]["value"]),
        *(
            cell(figure)
            for figure in (
                "accuracy", "balanced_accuracy", "malignancy_sensitivity", "not_malignant_spared",
            )
        ),
        _brief(found["harmed_refused"]),
        _brief(found["still_right_refused"]),
    ]  # fmt: skip


def _brief(figure: Mapping[str, Any]) -> str:
    """Write a share without its interval, or that there are too few to say."""
    if figure["value"] is None:
        return "–"
    return "few" if figure.get("too_few_to_say") else f"{100 * figure['value']:.0f} %"


def _outcomes(outcomes: Mapping[str, Any]) -> Iterable[str]:
    yield from (
        "",
        "## Clean pictures by the whole rule set",
        "",
        f"All of `{outcomes['split']}`, model {outcomes['model']}.{_older(outcomes)} "
        "Refused though a lesion of the seven classes is shown, with 95 % intervals over lesions:",
        "",
    )
    refused = outcomes["false_refusal"]
    groups: list[tuple[str, tuple[str, ...]]] = [("all", ("overall",))]
    groups += [(named(name), ("by_modality", name)) for name in refused["gauges"]["by_modality"]]
    groups += [
        (f"MILK10k, skin {name}", ("by_skin_tone", name))
        for name in refused["gauges"]["by_skin_tone"]
    ]
    rows = []
    for name, path in groups:
        found = [refused[who] for who in ("gauges", "either")]
        for key in path:
            found = [each[key] for each in found]
        rows.append([name, str(found[0]["n"]), *map(percent, found)])
    yield table(("lesions", "pictures", "by the gauges", "by gauges or lesion head"), rows)
    gap = refused["either"]["skin_tone_gap_milk10k"]
    yield from (
        "",
        f"Darker (grades 0–2) less lighter skin, gauges or lesion head: "
        f"{_difference(gap['difference'])}.",
        "",
        "What becomes of a picture; “outside” are lesions of none of the seven classes, of every "
        "split (the lesion head was fitted on those of `train`):",
        "",
    )
    names = list(outcomes["outcomes"]["known"]["camera"]["outcomes"])
    rows = [
        [f"{side}, {named(way)}", f"{found['n']} ({found['lesions']})"]
        + [percent(found["outcomes"][name] | {"too_few_to_say": False}) for name in names]
        for side, by_way in outcomes["outcomes"].items()
        for way, found in by_way.items()
    ]
    yield table(("pictures", "n (lesions)", *names), rows)
    yield from (
        "",
        "“Below a threshold: uncertain”, the threshold at 5 % of the known lesions of `val`. Only "
        "a label `low` can become `uncertain`:",
        "",
    )
    rows = [
        [
            name.replace("_", " "), plain(each["auroc"]),
            percent(each["known"]["below"]), percent(each["outside"]["below"]),
            f"{each['known']['low_turned']} of {each['known']['low']}",
            f"{each['outside']['low_turned']} of {each['outside']['low']}",
        ]
        for name, each in outcomes["scores"].items()
    ]  # fmt: skip
    head = ("score", "AUROC", "known below", "outside below", "known low turned",
            "outside low turned")  # fmt: skip
    yield table(head, rows)
    yield from (
        "",
        "One class left out of the classifier's head (the trunk has seen it): the share of "
        "it below each score's 5 % threshold:",
        "",
    )
    scores = list(next(iter(outcomes["left_out"].values()))["below_at_5_percent_of_the_others"])
    rows = []
    for name, each in outcomes["left_out"].items():
        below = each["below_at_5_percent_of_the_others"]
        rows.append(
            [f"{name} ({each['n']})", *(_brief(below[score]["left_out"]) for score in scores)]
        )
    yield table(("left out (pictures)", *(score.replace("_", " ") for score in scores)), rows)


def _compared_rows(name: str, parts: Mapping[str, Any]) -> list[list[str]]:
    return [
        [name, named(part), *(gained(figures[each]) for each in COMPARED)]
        for part, figures in parts.items()
    ]


def _crop(crop: Mapping[str, Any]) -> Iterable[str]:
    yield from (
        "",
        "## The crop around the lesion as the model's square",
        "",
        f"On `{crop['split']}`, model {crop['model']}, against the centred square. {GAIN_NOTE}. "
        "“Cropped” counts the pictures that get another square. The JSON has more rules.",
        "",
    )
    rows = []
    for rule, parts in crop["rules"].items():
        if not any(rule.startswith(shown) for shown in CROP_SHOWN):
            continue
        for part, each in parts.items():
            figures = [gained(each["figures"][name]) for name in COMPARED]
            rows.append([rule, f"{named(part)}: {each['cropped']} of {each['pictures']}", *figures])
    yield table(("cropped if", "cropped", *COMPARED_HEAD), rows)
    yield from (
        "",
        "Scenes shown too small, set into their own skin: centred square, then crop:",
        "",
    )
    rows = [
        [f"{size} of the size, {way}", f"{named(part)}: {each['pictures']}"]
        + [gained(each[way][name]) for name in COMPARED]
        for size, parts in crop["too_far"].items()
        for part, each in parts.items()
        for way in ("centred", "cropped")
    ]
    yield table(("scene", "pictures", *COMPARED_HEAD), rows)


def _test_time_augmentation(study: Mapping[str, Any]) -> Iterable[str]:
    yield from (
        "",
        "## Test-time augmentation",
        "",
        f"Mean of the calibrated probabilities of several copies on `{study['split']}`, model "
        f"{study['model']}, against the square alone. {GAIN_NOTE}.",
        "",
    )
    rows: list[list[str]] = []
    for name, each in study["sets"].items():
        parts = {part: found["figures"] for part, found in each.items() if part != "augmentations"}
        rows += _compared_rows(name, parts)
    yield table(("copies", "pictures", *COMPARED_HEAD), rows)
    yield from ("", "The released operating points, sensitivity / specificity:", "")
    rows = [
        [name, named(part)]
        + [f"{point['sensitivity']['value']:.3f} / {point['specificity']['value']:.3f}"
           for point in found["operating"].values()]
        for name, each in study["sets"].items()
        for part, found in each.items() if part != "augmentations"
    ]  # fmt: skip
    yield table(("copies", "pictures", "mel", "bcc", "akiec", "malignancy"), rows)
    yield from (
        "",
        "Disagreement as doubt: AUROC for wrong answers, and whom `DISAGREEMENT_FROM` touches:",
        "",
    )
    rows = []
    for name, each in study["sets"].items():
        for part, found in each.items():
            if part == "augmentations" or "doubt" not in found:
                continue
            doubt = found["doubt"]
            auroc = doubt["auroc_for_errors"]
            low = doubt["touched_low"]
            rows.append(
                [name, named(part), *(f"{auroc[key]['value']:.3f}" for key in auroc),
                 f"{percent(doubt['touched'])}, {doubt['touched']['lesions']} lesions",
                 percent(doubt["wrong_where_touched"]), percent(doubt["wrong"]),
                 f"{low['pictures']} ({low['malignant']} malignant)"]
            )  # fmt: skip
    yield table(
        ("copies", "pictures", "max probability, square alone", "max probability", "disagreement",
         "mutual information", "both", "touched", "wrong there", "wrong in all",
         "touched and low"),
        rows,
    )  # fmt: skip


def _white_balance(balance: Mapping[str, Any]) -> Iterable[str]:
    counts = " and ".join(f"{n} {named(name)}" for name, n in balance["pictures"].items())
    yield from (
        "",
        "## White balance before the model",
        "",
        f"{counts} pictures of `{balance['split']}`, model {balance['model']}; tint is of red and "
        "blue light. Without balance the difference is to the clean pictures, otherwise to the "
        f"same tint without balance. {GAIN_NOTE}.",
        "",
    )
    rows: list[list[str]] = []
    for row in balance["rows"]:
        rows += _compared_rows(f"{row['tint']:+g}, {row['balance']}", row["slices"])
    yield table(("tint, balance", "pictures", *COMPARED_HEAD), rows)


def _limits(gate_measured: bool) -> list[str]:
    return [
        "",
        "## What this cannot show",
        "",
        "- The pictures are stored at 224 px and were chosen by clinicians: a camera's noise, "
        "autofocus and compression at 640 px and above are not in them, and blur is drawn, not "
        "taken.",
        "- Only HAM10000 has masks, and it is dermoscopic: on clinical images the location was "
        "only looked at.",
        "- “Clean” pictures hold real glare, hair, ink and rulers, so a warning there may be "
        "right.",
        "- Noise makes a picture look sharper to the detail gauges, so blur in a noisy picture is "
        "found less often.",
        "- “Too far” is drawn as the picture set small into its own skin; a lesion under about "
        "0.12 of the shorter side is smoothed away by the search, and no smaller size is found.",
        "- Movement between frames was tested on shifted arrays only.",
        *(
            ["- How often each corruption and severity comes from a visitor's hand is not known, "
             "so the pooled figures weigh all of them alike."]
            if gate_measured
            else ["- What the gate saves has not been measured "
                  "(`python -m training.studies.camera_to_label gate`)."]
        ),
        "",
    ]  # fmt: skip
