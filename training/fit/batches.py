"""What a step is trained on: pictures drawn by weight and augmented, as the network takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from training.pictures.augment import Augmentation, augment
from training.pictures.data import Record, open_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.fit.recipe import Recipe
    from training.fit.tasks import Sampling


@dataclass(frozen=True)
class Pictures:
    """What is trained on: the records and their files, by member name."""

    records: list[Record]
    files: dict[str, bytes]


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
        self.how = Augmentation()

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


def to_input(pictures: NDArray[np.uint8]) -> torch.Tensor:
    """Map uint8 (n, h, w, 3) to float32 (n, 3, h, w) in [-1, 1], channels last in memory."""
    batch = torch.from_numpy(pictures).permute(0, 3, 1, 2)
    return batch.float().div_(127.5).sub_(1.0).contiguous(memory_format=torch.channels_last)
