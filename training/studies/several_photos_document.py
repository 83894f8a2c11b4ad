"""``docs/generated/several-photos.md`` from its results: one photo, several, and the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.card.markdown import table
from training.network.model_folder import REPOSITORY, RESULTS, write_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DATA = RESULTS / "several-photos.json"
PAGE = REPOSITORY / "docs/generated/several-photos.md"

_SETS = {
    "milk10k": (
        "A clinical and a dermoscopic photo (MILK10k)",
        {"first": "the clinical one alone", "last": "the dermoscopic one alone"},
    ),
    "ham10000": ("Several dermoscopic photos (HAM10000)", {"first": "the first one alone"}),
}
_TOGETHER = {
    "mean": "the mean alone",
    "rule": "**the mean, at most one tier below the most severe**",
    "severest": "the most severe of all",
}
_COLUMNS = {
    "melanoma_auc": "melanoma AUC",
    "melanomas_urgent": "melanomas urgent",
    "melanomas_high": "at least high",
    "melanomas_below_medium": "below medium",
    "naevi_urgent": "naevi urgent",
    "naevi_low": "naevi low",
}


def keep(document: Mapping[str, Any], out: Path = DATA) -> None:
    """Write the figures, and the page from them."""
    write_json(out, dict(document))
    page = PAGE if out == DATA else out.with_suffix(".md")
    page.write_text(generate(document), encoding="utf-8")


def generate(document: Mapping[str, Any]) -> str:
    """Return the whole page."""
    lines = [
        "# Several photos of one spot",
        "",
        "Generated from `training/results/several-photos.json` by "
        "`python -m training.studies.several_photos`; do not edit.",
        f"`{document['model']}` on `{document['split']}`, every lesion with all its photos up to "
        "five, by the page's rules without the gauges. In brackets the 95 % interval over lesions. "
        "The page's rule is in bold ([why](../decisions/0025-several-photos-of-one-spot.md)).",
    ]
    for name, figures in document["sets"].items():
        title, alone = _SETS[name]
        lines += ["", f"## {title}", "", _counted(figures), ""]
        lines.append(
            table(
                ("answer", *_COLUMNS.values()),
                [
                    [words, *(_cell(key, figures["ways"][way][key]) for key in _COLUMNS)]
                    for way, words in (alone | _TOGETHER).items()
                ],
            )
        )
    return "\n".join(lines) + "\n"


def _counted(figures: Mapping[str, Any]) -> str:
    left_out = figures["left_out"]
    return (
        f"{figures['lesions']} lesions with {figures['pictures']} photos: {figures['melanomas']} "
        f"melanomas and {figures['naevi']} naevi. Left out, because a photo was taken for no "
        f"lesion: {left_out}."
    )


def _cell(key: str, figure: Mapping[str, Any]) -> str:
    if figure.get("too_few_to_say"):
        return "too few to say"
    values = [figure[part] for part in ("value", "low", "high")]
    if key == "melanoma_auc":
        value, low, high = (f"{value:.3f}" for value in values)
        return f"{value} ({low}–{high})"
    value, low, high = (f"{value * 100:.0f}" for value in values)
    return f"{value} % ({low}–{high})"
