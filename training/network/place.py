"""One of the processes that torchrun started, or the only one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")


@dataclass(frozen=True)
class Place:
    """Where this process stands among those that work together (torchrun's environment)."""

    rank: int
    count: int
    device: torch.device

    @staticmethod
    def find() -> Place:
        """Join the others if torchrun started this process; else be the only one."""
        gpu = torch.cuda.is_available()
        local = int(os.environ.get("LOCAL_RANK", "0"))
        device = torch.device("cuda", local) if gpu else torch.device("cpu")
        if "RANK" not in os.environ:
            return Place(0, 1, device)
        if gpu:
            torch.cuda.set_device(device)
        torch.distributed.init_process_group("nccl" if gpu else "gloo")
        return Place(torch.distributed.get_rank(), torch.distributed.get_world_size(), device)

    def agree_on(self, value: float) -> float:
        """Return the value of the first process, so that all take the same decisions."""
        if self.count == 1:
            return value
        shared = torch.tensor(value, dtype=torch.float64, device=self.device)
        torch.distributed.broadcast(shared, 0)
        return float(shared)

    def after_the_first(self, make: Callable[[], _T]) -> _T:
        """Let the first process make what it keeps in the cache, and the others read it there."""
        if self.rank:
            self.agree_on(0.0)
        made = make()
        if not self.rank:
            self.agree_on(0.0)
        return made

    def share_of(self, count: int) -> range:
        """Return which of so many things are this process's: a run of them, no two alike."""
        return range(count * self.rank // self.count, count * (self.rank + 1) // self.count)

    def wait(self) -> None:
        """Go on when all have come this far."""
        if self.count > 1:
            torch.distributed.barrier()
