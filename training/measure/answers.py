"""A store of what one checkpoint answered, by picture: files of some hundred pictures in a folder.

Written while the network works through the pictures, so that what was answered before an
interruption stays, and by several processes at once. Nothing is written twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lentigo.diagnosis import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    # The logits, float32 (n, 7), and the embedding, float32 (n, 1280).
    Logits = NDArray[np.float32]
    Embedding = NDArray[np.float32]

EMBEDDING_CHANNELS = 1280


@dataclass(frozen=True)
class Answers:
    """``folder`` belongs to one checkpoint and one way of showing it pictures."""

    folder: Path

    def missing(self, pictures: Sequence[str]) -> list[int]:
        """Return the places of pictures without an answer, each picture once."""
        kept = {name for names in self._shards().values() for name in names}
        first = {name: place for place, name in reversed([*enumerate(pictures)])}
        return sorted(place for name, place in first.items() if name not in kept)

    def read(self, pictures: Sequence[str]) -> tuple[Logits, Embedding]:
        """Return logits and embedding of these pictures, in order; ``KeyError`` for one missing."""
        wanted = {name: place for place, name in enumerate(dict.fromkeys(pictures))}
        logits = np.full((len(wanted), len(Diagnosis)), np.nan, np.float32)
        embedding = np.zeros((len(wanted), EMBEDDING_CHANNELS), np.float32)
        found: set[str] = set()
        for path, names in self._shards().items():
            rows = [row for row, name in enumerate(names) if name in wanted]
            if not rows:
                continue
            places = [wanted[names[row]] for row in rows]
            with np.load(path) as shard:
                logits[places], embedding[places] = shard["logits"][rows], shard["embedding"][rows]
            found.update(names[row] for row in rows)
        if lost := wanted.keys() - found:
            raise KeyError(f"{len(lost)} pictures have no answer, such as {min(lost)}")
        order = [wanted[name] for name in pictures]
        return logits[order], embedding[order]

    def add(self, pictures: Sequence[str], logits: Logits, embedding: Embedding) -> None:
        """Keep answers; whole or not at all, whoever else writes at the same time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256("\n".join(pictures).encode()).hexdigest()[:20]
        partial = self.folder / f"{name}.partial"
        with partial.open("wb") as out:
            np.savez(out, pictures=np.array(pictures), logits=logits, embedding=embedding)
        partial.replace(self.folder / f"{name}.npz")

    def _shards(self) -> dict[Path, list[str]]:
        return dict(self._named())

    def _named(self) -> Iterator[tuple[Path, list[str]]]:
        for path in sorted(self.folder.glob("*.npz")):
            with np.load(path) as shard:
                yield path, shard["pictures"].tolist()
