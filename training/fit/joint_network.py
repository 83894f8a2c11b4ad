"""The released network with the heads of the joint tasks, and the loss of them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from training.fit.tasks import MODALITIES, NO_LABEL, Labels
from training.fit.teacher import MAP_CHANNELS, two_maps
from training.network import model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from training.fit.recipe import Recipe


class JointNetwork(nn.Module):
    """The released network with its classifier and the heads of the joint tasks."""

    def __init__(self, trunk: Any, details: int, *, taught: bool = False) -> None:
        super().__init__()
        self.trunk = trunk
        self.modality = nn.Linear(model.EMBEDDING_CHANNELS, len(MODALITIES))
        self.lesion = nn.Linear(model.EMBEDDING_CHANNELS, 2)
        self.detail = nn.Linear(model.EMBEDDING_CHANNELS, max(1, details))
        imitated = MAP_CHANNELS if taught else ()
        self.imitation = nn.ModuleList(nn.Conv2d(count, count, 1) for count in imitated)

    def forward(self, pictures: torch.Tensor) -> dict[str, Any]:
        """Return the logits of every task, (n, classes of the task).

        Where a teacher's features are imitated, also ``features``: the two maps as it would have
        them.
        """
        maps = two_maps(self.trunk, pictures)
        embedding = self.trunk.forward_head(maps[1], pre_logits=True)
        return {
            "features": tuple(
                layer(each) for layer, each in zip(self.imitation, maps, strict=False)
            ),
            "diagnosis": self.trunk.classifier(embedding),
            "modality": self.modality(embedding),
            "lesion": self.lesion(embedding),
            "detail": self.detail(embedding),
        }

    def freeze(self, blocks: int) -> None:
        """Let the stem and the first blocks learn nothing; their batch norms stand still too."""
        self.train()
        early = [self.trunk.conv_stem, self.trunk.bn1, *self.trunk.blocks] if blocks else []
        for index, part in enumerate(early):
            frozen = index < blocks + 2
            part.train(not frozen)
            part.requires_grad_(not frozen)


@dataclass(frozen=True)
class Targets:
    """The labels of a step by task, int64 (n,), and the log prior of each set, (n, 7)."""

    of_task: dict[str, torch.Tensor]
    log_prior: torch.Tensor

    @staticmethod
    def of(labels: Labels, log_prior: NDArray[np.float32], chosen: NDArray[np.intp]) -> Targets:
        """Look up what the chosen pictures show."""
        names = ("diagnosis", "modality", "lesion", "detail")
        tensors = {name: torch.from_numpy(getattr(labels, name)[chosen]) for name in names}
        return Targets(tensors, torch.from_numpy(log_prior[chosen]))

    def to(self, device: torch.device) -> Targets:
        """Return them on a device."""
        moved = {name: tensor.to(device) for name, tensor in self.of_task.items()}
        return Targets(moved, self.log_prior.to(device))

    def at(self, order: torch.Tensor) -> Targets:
        """Return them in another order."""
        moved = {name: tensor[order] for name, tensor in self.of_task.items()}
        return Targets(moved, self.log_prior[order])


def loss_of(recipe: Recipe, logits: dict[str, Any], targets: Targets) -> torch.Tensor:
    """Return the weighted sum of the tasks' losses; a task without labels in the batch has none."""
    weights = recipe.task_weights
    adjusted = {**logits, "diagnosis": logits["diagnosis"] + targets.log_prior}
    total = torch.zeros((), device=targets.log_prior.device)
    for name, weight in (
        ("diagnosis", 1.0),
        ("modality", weights.modality),
        ("lesion", weights.lesion),
        ("detail", weights.detail),
    ):
        wanted = targets.of_task[name]
        if weight and bool((wanted != NO_LABEL).any()):
            smoothing = recipe.label_smoothing if name == "diagnosis" else 0.0
            total = total + weight * nn.functional.cross_entropy(
                adjusted[name].float(), wanted, ignore_index=NO_LABEL, label_smoothing=smoothing
            )
    return total
