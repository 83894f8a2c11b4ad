"""Average the weights of two runs of which one began with the other (Wortsman et al., ICML 2022).

    python -m training.fit.average --first A.safetensors --second B.safetensors --share 0.25 \\
        --out C.safetensors

The batch norms' counted means and variances are averaged like weights.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from training.network import model


def averaged(
    first: dict[str, torch.Tensor], second: dict[str, torch.Tensor], share: float
) -> dict[str, torch.Tensor]:
    """Return the weights of ``first`` moved by this share of the way, 0..1, towards ``second``.

    ``ValueError`` unless both name the same weights. What is counted in whole numbers is the
    second's.
    """
    if first.keys() != second.keys():
        raise ValueError(f"only one has {', '.join(sorted(first.keys() ^ second.keys()))}")
    return {
        name: torch.lerp(first[name], tensor, share) if tensor.is_floating_point() else tensor
        for name, tensor in second.items()
    }


def main() -> None:
    """Write the average of two checkpoints of one architecture."""
    parser = argparse.ArgumentParser(
        prog="python -m training.fit.average", description=main.__doc__
    )
    parser.add_argument("--first", type=Path, required=True)
    parser.add_argument("--second", type=Path, required=True)
    parser.add_argument("--share", type=float, required=True, help="of the second, 0..1")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    first, second = (model.load(path).state_dict() for path in (given.first, given.second))
    model.save(averaged(first, second, given.share), given.out, model.architecture_of(given.first))


if __name__ == "__main__":
    main()
