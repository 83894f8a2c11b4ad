"""``docs/generated/repeat-photos.md`` from its results: what comparing two photos can tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lentigo.spots.comparison import repeat_error
from lentigo.spots.comparison.change import ChangeCode
from training.card.markdown import table
from training.network.model_folder import REPOSITORY, RESULTS, write_json
from training.pictures.changed_spots import GROWTH, Kind
from training.studies.natural_changes import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA = RESULTS / "repeat-photos.json"
PAGE = REPOSITORY / "docs/generated/repeat-photos.md"

_REASONS = {
    "little-skin": "too little skin around the spot is in both",
    "no-match": "the skin does not agree",
    "no-spot": "no spot was found",
    "same-photo": "taken for the same photo",
}
_CODES = {
    ChangeCode.GREW: "grew",
    ChangeCode.GREW_ON_ONE_SIDE: "grew on one side",
    ChangeCode.SHRANK: "shrank (no concern by itself)",
    ChangeCode.COLOUR: "another colour",
    ChangeCode.MORE_VARIED: "more varied",
    ChangeCode.DARKER_AREA: "a new dark area",
    ChangeCode.PALER_AREA: "a new pale area",
}
_KINDS = {
    Kind.UNCHANGED: "nothing",
    Kind.MIRRORED: "nothing; photo mirrored",
    Kind.GROWN: "grown all round",
    Kind.GROWN_ON_ONE_SIDE: "grown on one side",
    Kind.DARKER_AREA: "a new dark area",
    Kind.PALER_AREA: "a new pale area",
    Kind.RECOLOURED: "another colour",
}
_BOUNDS = {
    "growth_log": ("larger, ln of the areas", repeat_error.GROWTH_LOG),
    "shrink_log": ("smaller, ln of the areas", repeat_error.SHRINK_LOG),
    "one_sided_share": ("one sector beyond the middle one", repeat_error.ONE_SIDED_SHARE),
    "colour_lab": ("mean colour, CIELAB", repeat_error.COLOUR_LAB),
    "spread_log": ("more varied, ln", repeat_error.SPREAD_LOG),
    "darker_share": ("new dark area, share", repeat_error.DARKER_SHARE),
    "paler_share": ("new pale area, share", repeat_error.PALER_SHARE),
}


def keep(part: str, figures: Mapping[str, Any]) -> None:
    """Write one part's figures, and the page once no part is missing."""
    document = json.loads(DATA.read_text(encoding="utf-8")) if DATA.is_file() else {}
    document[part] = dict(figures)
    write_json(DATA, document)
    if {"chosen", "val", "test", "dated"} <= document.keys():
        PAGE.write_text(generate(document), encoding="utf-8")


def generate(document: Mapping[str, Any]) -> str:
    """Return the whole page."""
    val, test = document["val"], document["test"]
    parts = [
        "# Repeated photos of one spot",
        "Generated from `training/results/repeat-photos.json` by "
        "`python -m training.studies.repeat_photos`; do not edit.\n"
        "How two photos are compared: `py/lentigo/spots/comparison/compare.py` and the modules it "
        "names. Everything was chosen on `train` and `val`; `test` was read once. In brackets "
        "Wilson's 95 % interval. The pictures are 224 px wide, a phone's are larger.",
        "## Lined up",
        table(("pairs", "`val`", "`test`"), _lined_up(val, test)),
        "The repeats are HAM10000's lesions with several dermoscopic photos of one sitting, "
        "zoomed, turned and lit differently, two photos each. No set has that for a bare camera.",
        f"Of {document['dated']['moles']} moles that the US National Cancer Institute photographed "
        f"at several dates, {_share(document['dated']['aligned'], document['dated']['pairs'])} of "
        "the pairs line up: a pen's ring is around nearly every mole, drawn anew each time and "
        f"taken for its border. {_reasons(document['dated']['not_aligned'])}. "
        f"Of those that do, {document['dated']['any_claim']} have a claim, which nobody can check.",
        "## Claims of change where nothing changed",
        f"Of {test['repeats']['aligned']} repeats of `test` that line up; "
        f"{test['repeats']['whole']} show the whole spot, of the others no area is told. Claims "
        "may coincide.",
        table(("claim", "`val`", "`test`"), _claims(val["repeats"], test["repeats"])),
        "## Changes of known size",
        "One picture, its spot changed by the program, and photographed again by it: turned by any "
        "angle, up to a quarter nearer or farther, moved, in other light, blurred and encoded "
        f"anew. The area grew by {GROWTH:.0%}; a new area is a tenth of the spot. Only "
        "spots with skin around them. Both photos come from one picture, so their skin has the "
        "same grain: real photos line up less often (above). `test`; error: root mean square "
        "over the frame's corners.",
    ]
    for name, kinds in test["warped"].items():
        parts += [f"**{name.capitalize()}**", table(_WARPED, _warped(kinds))]
    chosen = document["chosen"]
    parts += [
        "A spot of another colour also seems larger, as its pale rim stands out more.",
        "## What a change must exceed",
        f"Quantiles over {chosen['errors']['pairs']} repeats of `train` and `val` that line up, "
        "and the bound that was set.",
        table(
            ("measure", *(f"{share:.0%}" for share in chosen["errors"]["shares"]), "bound"),
            [
                [
                    words,
                    *(f"{value:.3g}" for value in chosen["errors"]["quantiles"][key]),
                    f"**{bound:g}**",
                ]
                for key, (words, bound) in _BOUNDS.items()
            ],
        ),
        "## The same photo twice",
        table(("photo", "named, `val`", "named, `test`"), _twins(val["twins"], test["twins"])),
    ]
    return "\n\n".join(parts) + "\n"


_WARPED = (
    "changed",
    "lined up",
    "error px, median (95 %)",
    "rotation °, median (95 %)",
    "area, median (10–90 %)",
    "told",
    "any claim",
)


def _share(hits: int, of: int) -> str:
    if of == 0:
        return "–"
    low, high = wilson(hits, of)
    return f"{hits} of {of}, {hits / of:.0%} ({low * 100:.0f}–{high * 100:.0f})"


def _reasons(counts: Mapping[str, int]) -> str:
    return "Not lined up: " + ", ".join(
        f"{count} {_REASONS[reason]}" for reason, count in sorted(counts.items())
    )


def _lined_up(*splits: Mapping[str, Any]) -> list[list[str]]:
    rows = [
        [
            "the same lesion",
            *(_share(s["repeats"]["aligned"], s["repeats"]["pairs"]) for s in splits),
        ],
    ]
    rows += [
        [f"– {words}", *(str(s["repeats"]["not_aligned"].get(reason, 0)) for s in splits)]
        for reason, words in _REASONS.items()
    ]
    rows.append(["– taken for mirrored", *(str(s["repeats"]["mirrored"]) for s in splits)])
    strangers = [_share(s["strangers"]["aligned"], s["strangers"]["pairs"]) for s in splits]
    rows.append(["two different lesions", *strangers])
    return rows


def _claims(*repeats: Mapping[str, Any]) -> list[list[str]]:
    rows = [
        [words, *(str(of["claims"].get(str(code), 0)) for of in repeats)]
        for code, words in _CODES.items()
    ]
    rows.append(["**any**", *(_share(of["any_claim"], of["aligned"]) for of in repeats)])
    concerns = [_share(of["any_concern"], of["aligned"]) for of in repeats]
    rows.append(["**any that may raise a priority**", *concerns])
    return rows


def _warped(kinds: Mapping[str, Mapping[str, Any]]) -> list[list[str]]:
    rows = []
    for kind, words in _KINDS.items():
        if str(kind) not in kinds:
            continue
        of = kinds[str(kind)]
        area = of["area_share"]
        told = "–" if of["told"] is None else _share(of["told"], of["measurable"])
        rows.append(
            [
                words,
                _share(of["aligned"], of["pairs"]),
                _middle(of["error_px"]),
                _middle(of["rotation_error_deg"]),
                f"{area[1]:+.0%} ({area[0]:+.0%} to {area[2]:+.0%})" if area else "–",
                told,
                str(of["any_claim"]),
            ]
        )
    return rows


def _middle(quantiles: list[float]) -> str:
    return f"{quantiles[0]:.2f} ({quantiles[2]:.2f})" if quantiles else "–"


def _twins(*splits: Mapping[str, Any]) -> list[list[str]]:
    rows = [
        [way, *(_share(of["named"][way], of["photos"]) for of in splits)]
        for way in splits[0]["named"]
    ]
    repeats = [_share(of["repeats_named"], of["photos"]) for of in splits]
    rows.append(["another photo of the sitting", *repeats])
    return rows
