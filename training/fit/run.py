"""A training run: where it starts, one step of it, and the checkpoint that it goes on from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from training.fit.joint_network import JointNetwork, Targets, disagreement, loss_of
from training.fit.teacher import Teacher, at_size
from training.network import imagenet, model

if TYPE_CHECKING:
    from collections.abc import Callable

    from training.fit.recipe import Recipe

    # The network's logits by task, on a batch.
    Forward = Callable[[torch.Tensor], dict[str, Any]]


@dataclass
class Run:
    """What a checkpoint holds: the network, its average, the optimiser, and how far it is."""

    network: JointNetwork
    average: dict[str, torch.Tensor]
    optimiser: torch.optim.Optimizer
    step: int = 0
    trained_s: float = 0.0

    def save(self, path: Path) -> None:
        """Write everything atomically: an interruption leaves the old checkpoint whole."""
        partial = path.with_suffix(".partial")
        torch.save(
            {
                "network": self.network.state_dict(),
                "average": self.average,
                "optimiser": self.optimiser.state_dict(),
                "step": self.step,
                "trained_s": self.trained_s,
                "torch_rng": torch.get_rng_state(),
            },
            partial,
        )
        partial.replace(path)

    def restore(self, path: Path, device: torch.device) -> None:
        """Go on from a checkpoint."""
        state = torch.load(path, weights_only=True, map_location="cpu")
        self.network.load_state_dict(state["network"])
        self.average = {name: t.to(device) for name, t in state["average"].items()}
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.trained_s = int(state["step"]), float(state["trained_s"])
        torch.set_rng_state(state["torch_rng"])

    def take_average(self, keep: float) -> None:
        """Move the average towards the network; early steps count for more."""
        keep = min(keep, (1.0 + self.step) / (10.0 + self.step))
        for name, tensor in self.network.state_dict().items():
            if tensor.is_floating_point():
                self.average[name].lerp_(tensor.detach(), 1.0 - keep)
            else:
                self.average[name].copy_(tensor)

    def trunk_average(self) -> dict[str, torch.Tensor]:
        """Return the averaged weights of the released network, without the joint heads."""
        prefix = "trunk."
        return {
            name.removeprefix(prefix): tensor
            for name, tensor in self.average.items()
            if name.startswith(prefix)
        }


def train_step(
    run: Run,
    recipe: Recipe,
    pictures: torch.Tensor,
    targets: Targets,
    forward: Forward | None = None,
    *,
    teacher: Teacher | None = None,
    size_px: int | None = None,
) -> float:
    """Take one step and return the loss. ``forward`` is the network, or what wraps it.

    The teacher sees the pictures as they are, the network at ``size_px`` if that is given.
    """
    share, order = 1.0, None
    if torch.rand(()) < recipe.mixup_share:
        share = float(torch.distributions.Beta(0.4, 0.4).sample())
        order = torch.randperm(len(pictures)).to(pictures.device)
        pictures = share * pictures + (1.0 - share) * pictures[order]
    run.optimiser.zero_grad(set_to_none=True)
    with torch.autocast(pictures.device.type, dtype=torch.bfloat16, enabled=fast_bfloat16()):
        lesson = teacher.show(pictures) if teacher else None
        seen = at_size(pictures, size_px or pictures.shape[-1])
        again = round(recipe.twins.share * len(seen)) if recipe.twins else 0
        shown = torch.cat([seen, turned(seen[:again])]) if again else seen
        logits, of_twins = _parted((forward or run.network)(shown), len(seen))
    loss = loss_of(recipe, logits, targets)
    if order is not None:
        loss = share * loss + (1.0 - share) * loss_of(recipe, logits, targets.at(order))
    if teacher and lesson:
        loss = loss + teacher.loss(lesson, logits["diagnosis"], logits["features"])
    if recipe.twins and again:
        apart = disagreement(logits["diagnosis"][:again], of_twins["diagnosis"])
        loss = loss + recipe.twins.weight * apart
    torch.autograd.backward(loss)
    nn.utils.clip_grad_norm_(run.network.parameters(), 5.0)
    run.optimiser.step()
    run.step += 1
    run.take_average(recipe.weight_average)
    return float(loss.detach())


def turned(pictures: torch.Tensor) -> torch.Tensor:
    """Return square pictures, (n, 3, h, h), under one of the seven flips and right angles."""
    turn = int(torch.randint(1, 8, ()))
    out = torch.rot90(pictures, turn % 4, (2, 3))
    out = out.flip(3) if turn >= 4 else out
    return out.contiguous(memory_format=torch.channels_last)


def _parted(logits: dict[str, Any], count: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the answers to the first so many pictures, and those to the rest."""

    def part(of: slice) -> dict[str, Any]:
        return {
            name: tuple(each[of] for each in found) if isinstance(found, tuple) else found[of]
            for name, found in logits.items()
        }

    return part(slice(count)), part(slice(count, None))


def fast_bfloat16() -> bool:
    """Tell whether this machine computes in bfloat16; without it autocast is ten times slower."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def start(recipe: Recipe, details: int, device: torch.device) -> Run:
    """Make a run at step 0, with random weights or those that the recipe starts from."""
    torch.manual_seed(recipe.seed)
    trunk = model.build(recipe.drop_rate, recipe.drop_path_rate, recipe.network)
    if recipe.start_from == "imagenet":
        imagenet.start(trunk)
    elif recipe.start_from:
        trunk.load_state_dict(model.load(Path(recipe.start_from)).state_dict())
    teaching = recipe.distillation
    network = JointNetwork(trunk, details, taught=bool(teaching and teaching.features))
    placed: Any = network  # PyTorch's types know no memory format of a module.
    placed.to(device, memory_format=torch.channels_last)
    decayed = [p for p in network.parameters() if p.ndim > 1]
    plain = [p for p in network.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": recipe.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ],
        lr=recipe.learning_rate,
    )
    average = {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}
    return Run(network, average, optimiser)
