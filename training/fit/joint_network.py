"""The released network with the heads of the joint tasks, and the loss of them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from training.fit.tasks import MODALITIES, NO_LABEL, RISKS, Labels, Sampling, members_of
from training.fit.teacher import MAP_CHANNELS, two_maps
from training.network import model

if TYPE_CHECKING:
    from collections.abc import Callable

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
        # They begin without an opinion, and so do not disturb features that are learnt already.
        self.risk = nn.Linear(model.EMBEDDING_CHANNELS, len(RISKS))
        nn.init.zeros_(self.risk.weight)
        nn.init.zeros_(self.risk.bias)

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
            "risk": self.risk(embedding),
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
    """The labels of a step by task, int64 (n,), and what is known of each picture.

    ``log_prior`` (n, 7), ``log_odds`` (n, 2) and ``set_weight`` (n,) are those of ``Sampling``;
    ``answers`` (n, 7) are the probabilities that finished networks give the lesion, rows of nothing
    where they were not asked (``training.fit.lesion_answers``).
    """

    of_task: dict[str, torch.Tensor]
    log_prior: torch.Tensor
    log_odds: torch.Tensor
    set_weight: torch.Tensor
    answers: torch.Tensor

    @staticmethod
    def of(
        labels: Labels,
        sampling: Sampling,
        chosen: NDArray[np.intp],
        answers: NDArray[np.float32] | None = None,
    ) -> Targets:
        """Look up what the chosen pictures show."""
        names = ("diagnosis", "modality", "lesion", "detail")
        known = np.zeros((len(chosen), 7), np.float32) if answers is None else answers[chosen]
        return Targets(
            {name: torch.from_numpy(getattr(labels, name)[chosen]) for name in names},
            torch.from_numpy(sampling.log_prior[chosen]),
            torch.from_numpy(sampling.log_odds[chosen]),
            torch.from_numpy(sampling.set_weight[chosen]),
            torch.from_numpy(known),
        )

    def _each(self, change: Callable[[torch.Tensor], torch.Tensor]) -> Targets:
        tasks = {name: change(tensor) for name, tensor in self.of_task.items()}
        rest = (self.log_prior, self.log_odds, self.set_weight, self.answers)
        return Targets(tasks, *(change(tensor) for tensor in rest))

    def to(self, device: torch.device) -> Targets:
        """Return them on a device."""
        return self._each(lambda tensor: tensor.to(device))

    def at(self, order: torch.Tensor) -> Targets:
        """Return them in another order."""
        return self._each(lambda tensor: tensor[order])


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
    if recipe.risk:
        by_risk = risk_losses(logits["risk"].float(), targets)
        total = total + recipe.risk.melanoma * by_risk[0] + recipe.risk.malignancy * by_risk[1]
    if recipe.lesion_answers:
        total = total + recipe.lesion_answers.weight * nn.functional.cross_entropy(
            logits["diagnosis"].float(), targets.answers
        )
    return total


def risk_losses(logits: torch.Tensor, targets: Targets) -> torch.Tensor:
    """Return the binary cross entropy of each of ``RISKS``, (2,), in nats.

    Sets count alike, and the logits, (n, 2), are for even odds: what a set has more of is added to
    them here (Menon et al., ICLR 2021). Pictures outside the seven classes count nothing.
    """
    diagnosis, weight = targets.of_task["diagnosis"], targets.set_weight
    members = torch.from_numpy(np.stack([members_of(risk) for risk in RISKS], axis=1))
    wanted = members.to(diagnosis.device)[diagnosis.clamp_min(0)].float()
    apart = nn.functional.binary_cross_entropy_with_logits(
        logits + targets.log_odds, wanted, reduction="none"
    )
    return (apart * weight[:, None]).sum(dim=0) / weight.sum().clamp_min(1e-6)


def disagreement(logits: torch.Tensor, of_twins: torch.Tensor) -> torch.Tensor:
    """Return how far two answers to the same pictures are apart, each (n, 7), in nats.

    The symmetric Kullback-Leibler divergence, mean over the pictures.
    """
    one, other = logits.float().log_softmax(dim=1), of_twins.float().log_softmax(dim=1)
    return ((one.exp() - other.exp()) * (one - other)).sum(dim=1).mean()
