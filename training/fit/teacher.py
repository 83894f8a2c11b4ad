"""Finished networks that show another what they see in the same pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import torch
from torch import nn

from training.network import model

if TYPE_CHECKING:
    from training.fit.recipe import Distillation

Maps: TypeAlias = tuple[torch.Tensor, torch.Tensor]

# The last block at a stride of 16 pixels, 112 channels in both families, and its channels.
_MIDDLE_BLOCK = 4
_MIDDLE_CHANNELS = 112
# Channels of the two maps that are imitated; see ``two_maps``.
MAP_CHANNELS = (_MIDDLE_CHANNELS, model.EMBEDDING_CHANNELS)
# A channel of the teacher that hardly varies in a batch is not magnified beyond this.
_LEAST_VARIANCE = 1e-3


@dataclass(frozen=True)
class Lesson:
    """What the teachers see in n pictures.

    ``probabilities`` (n, 7), for a uniform prior like the logits of every network here;
    ``features`` are the first teacher's, see ``two_maps``.
    """

    probabilities: torch.Tensor
    features: Maps


class Teacher:
    """The teachers of a run, in eval mode."""

    def __init__(self, how: Distillation, device: torch.device) -> None:
        self.how = how
        self.networks = [
            model.load(Path(path))
            .requires_grad_(requires_grad=False)
            .to(device, memory_format=torch.channels_last)
            for path in how.teachers
        ]

    def show(self, pictures: torch.Tensor) -> Lesson:
        """Run a forward pass on pictures, float (n, 3, h, w) in [-1, 1]."""
        with torch.no_grad():
            seen = at_size(pictures, self.how.size_px)
            maps = [two_maps(network, seen) for network in self.networks]
            answers = [
                network.forward_head(last).float().softmax(dim=1)
                for network, (_, last) in zip(self.networks, maps, strict=True)
            ]
        middle, last = maps[0]
        return Lesson(torch.stack(answers).mean(dim=0), (middle.float(), last.float()))

    def loss(self, lesson: Lesson, logits: torch.Tensor, features: Maps) -> torch.Tensor:
        """Return how far a student is from the lesson.

        ``logits`` (n, 7); ``features`` at the student's own resolution, stretched to the
        teacher's. Their distance is in variances of the teacher's channels, the mean of both maps.
        """
        answers = self.how.logits * nn.functional.cross_entropy(
            logits.float(), lesson.probabilities
        )
        if not self.how.features:
            return answers
        apart = torch.zeros((), device=logits.device)
        for ours, wanted in zip(features, lesson.features, strict=True):
            stretched = nn.functional.interpolate(ours.float(), wanted.shape[-2:], mode="bilinear")
            apart = apart + distance(stretched, wanted) / len(features)
        return answers + self.how.features * apart


def distance(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Return how far a map (n, c, h, w) is from the teacher's, in variances of its channels."""
    variance = wanted.var(dim=(0, 2, 3), keepdim=True).clamp_min(_LEAST_VARIANCE)
    return ((found - wanted).square() / variance).mean()


def two_maps(network: Any, pictures: torch.Tensor) -> Maps:
    """Return the feature maps of one of timm's EfficientNets that a student imitates.

    The one at half depth, (n, 112, h/16, w/16), and the last one, (n, 1280, h/32, w/32).
    """
    seen = network.bn1(network.conv_stem(pictures))
    middle = network.blocks[: _MIDDLE_BLOCK + 1](seen)
    last = network.bn2(network.conv_head(network.blocks[_MIDDLE_BLOCK + 1 :](middle)))
    return middle, last


def at_size(pictures: torch.Tensor, size_px: int) -> torch.Tensor:
    """Return square pictures, float (n, 3, h, h), at another size; as they are if it is theirs."""
    if pictures.shape[-1] == size_px:
        return pictures
    return nn.functional.interpolate(
        pictures, (size_px, size_px), mode="bilinear", antialias=True
    ).contiguous(memory_format=torch.channels_last)
