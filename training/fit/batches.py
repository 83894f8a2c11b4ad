"""What a step is trained on: pictures drawn by weight and augmented, as the network takes them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from training.pictures.augment import augment, light_of
from training.pictures.data import Record, open_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.fit.recipe import Recipe
    from training.fit.tasks import Sampling


# As few say how a set is lit.
_LIGHTS_PER_SET = 60


@dataclass(frozen=True)
class Pictures:
    """What is trained on: the records and their files, by member name.

    ``answers`` float32 (n, 7), if finished networks were asked (``training.fit.lesion_answers``).
    """

    records: list[Record]
    files: dict[str, bytes]
    answers: NDArray[np.float32] | None = None


class Batches:
    """The pictures of one step, drawn and augmented.

    What is drawn at a step follows from the seed, the process and the step alone, so that a
    resumed run sees what an uninterrupted one would have seen.
    """

    def __init__(
        self, recipe: Recipe, pictures: Pictures, sampling: Sampling, rank: int = 0
    ) -> None:
        self.recipe, self.pictures, self.rank = recipe, pictures, rank
        self.cumulative = np.cumsum(sampling.weight)
        self.how = recipe.augmentation
        if self.how.relit_share:
            self.how = replace(self.how, lights=_lights(pictures))

    def draw(self, step: int, size_px: int) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
        """Return the pictures, uint8 (batch, size_px, size_px, 3), and their indices."""
        rng = np.random.default_rng((self.recipe.seed, self.rank, step))
        uniform = rng.random(self.recipe.batch) * self.cumulative[-1]
        chosen = np.searchsorted(self.cumulative, uniform)
        drawn = []
        for index in chosen:
            record = self.pictures.records[index]
            picture = open_picture(self.pictures.files[record.member])
            drawn.append(augment(picture, record.aspect, size_px, self.how, rng))
        return np.stack(drawn), chosen


def _lights(pictures: Pictures) -> tuple[tuple[float, ...], ...]:
    """Return the light of a few pictures of each set and modality, so that all sets count alike."""
    by_set: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in pictures.records:
        if record.diagnosis is not None:
            by_set[record.source, record.modality].append(record)
    return tuple(
        light_of(open_picture(pictures.files[record.member]))
        for _, records in sorted(by_set.items())
        for record in records[:: max(1, len(records) // _LIGHTS_PER_SET)][:_LIGHTS_PER_SET]
    )


def to_input(pictures: NDArray[np.uint8], device: torch.device | None = None) -> torch.Tensor:
    """Map uint8 (n, h, w, 3) to float32 (n, 3, h, w) in [-1, 1], channels last in memory."""
    batch = torch.from_numpy(pictures).to(device or "cpu").permute(0, 3, 1, 2)
    return batch.float().div_(127.5).sub_(1.0).contiguous(memory_format=torch.channels_last)
