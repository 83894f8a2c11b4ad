"""Which sets a run learns from: those of the main table, more of them, and without some.

A set that is left out stands for the pictures of strangers: a network that never saw it is measured
on it (``training.measure.left_out``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from training.pictures.data import Split, of_split, read_more, read_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from training.pictures.data import Record


@dataclass(frozen=True)
class Sets:
    """``more`` are sets of ``more/`` to learn from too, ``left_out`` what is not learnt from.

    What is left out is a set (``isic2017``), or a set and how its pictures were taken (``milk10k
    dermoscopic``).
    """

    more: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def of_sets(records: Iterable[Record], names: Sequence[str]) -> list[Record]:
    """Return the records of these sets, in order; ``SystemExit`` names one without a picture."""
    records = list(records)
    known = {name for r in records for name in (r.source, f"{r.source} {r.modality}")}
    if unknown := sorted(set(names) - known):
        raise SystemExit(
            f"no picture is of the set {', '.join(unknown)}; there are {sorted(known)}"
        )
    return [r for r in records if r.source in names or f"{r.source} {r.modality}" in names]


def train_records(folder: Path, sets: Sets) -> list[Record]:
    """Return the pictures that a run learns from: of ``train`` alone."""
    records = [*read_records(folder), *(read_more(folder, *sets.more) if sets.more else ())]
    left_out = set(of_sets(records, sets.left_out))
    return [r for r in of_split(records, Split.TRAIN) if r not in left_out]


def left_out_records(folder: Path, names: Sequence[str]) -> list[Record]:
    """Return the lesions of these sets that a run without them may be measured on.

    Those of ``train`` and ``val``: nothing was learnt from either. ``test`` stays unread.
    """
    chosen = of_sets(read_records(folder), names)
    return [r for r in chosen if r.diagnosis is not None and r.split is not Split.TEST]
