"""``docs/generated/natural-changes.md`` from its results: what changes do to urgent melanomas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from training.card.markdown import table
from training.card.names import WAYS, named
from training.network.model_folder import REPOSITORY, RESULTS, write_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

DATA = RESULTS / "natural-changes.json"
PAGE = REPOSITORY / "docs/generated/natural-changes.md"
# At most this share of the urgent melanomas may end low in silence under any one change.
MOST_LOW = 0.02


def keep(parts: Mapping[str, Any], out: Path = DATA) -> None:
    """Put the figures of a split into the results, and write the page from all of them."""
    before = json.loads(out.read_text(encoding="utf-8")) if out.is_file() else {}
    document = {**before, **parts}
    write_json(out, document)
    page = PAGE if out == DATA else out.with_suffix(".md")
    page.write_text(generate(document), encoding="utf-8")


def generate(document: Mapping[str, Any]) -> str:
    """Return the whole page."""
    lines = [
        "# What phones do to pictures",
        "",
        "Generated from `training/results/natural-changes.json` by "
        "`python -m training.studies.natural_changes`; do not edit.",
        "Melanomas that are urgent when clean are changed by code, as phones and people change "
        "pictures (`training/pictures/phone.py`), "
        "and go the page's whole way. “Low in silence” is an "
        "answer of `low` without a warning. The aim is at most "
        f"{MOST_LOW:.0%} under any one change; what exceeds it is in bold. Thresholds were "
        "chosen on `val`.",
    ]
    for split, figures in document.items():
        lines += ["", *_split(split, figures)]
    return "\n".join(lines) + "\n"


def _split(split: str, figures: Mapping[str, Any]) -> Iterable[str]:
    urgent = figures["urgent"]
    yield f"## `{split}`, {figures['model']}"
    yield ""
    yield (
        f"{sum(urgent.values())} of {figures['melanomas']} melanomas are urgent when clean: "
        + " and ".join(f"{n} {WAYS[way]}" for way, n in urgent.items())
        + ". In brackets Wilson's 95 % interval."
    )
    yield ""
    yield table(
        ("change", "low in silence", *WAYS.values(), "refused", "only warned"),
        [_row(row) for row in figures["changes"]],
    )
    yield ""
    yield "### Clean pictures"
    yield ""
    yield table(
        ("pictures", "n", "refused", "only warned", "moles given low"),
        [_group(named(name), group) for name, group in figures["clean"]["groups"].items()],
    )
    yield ""
    found = figures["clean"]["for_colour"]
    words = ", ".join(f"{name} {n}" for name, n in found.items()) or "none"
    yield f"Clean pictures with the finding `colour`, by diagnosis: {words}."


def _row(row: Mapping[str, Any]) -> list[str]:
    low, high = (f"{end:.1%}".replace("%", "") for end in row["interval"])
    share = row["low"] / row["n"] if row["n"] else 0.0
    words = f"{row['low']} of {row['n']}, {share:.1%} ({low}–{high})"
    return [
        f"{row['kind']} {row['amount']}".strip(),
        f"**{words}**" if share > MOST_LOW else words,
        *(str(row["low_by_way"][way]) for way in WAYS),
        str(row["refused"]),
        str(row["warned"]),
    ]


def _group(name: str, group: Mapping[str, Any]) -> list[str]:
    def of(hits: int, among: int) -> str:
        return f"{hits} ({hits / among:.1%})" if among else "–"

    return [
        name,
        str(group["n"]),
        of(group["refused"], group["n"]),
        of(group["warned"], group["n"]),
        f"{of(group['moles_low'], group['moles'])} of {group['moles']}",
    ]
