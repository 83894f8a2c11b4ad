"""The network as it is shipped: every batch norm folded into the convolution before it.

A plain description in numpy, between PyTorch (where the weights come from) and TensorFlow (where
the graph is made). docs/decisions/0003-folded-graph.md says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.measure.probes import Probe, Probes
    from training.measure.risk_heads import LinearHead


class Activation(StrEnum):
    """What follows a convolution's bias."""

    NONE = "none"
    SWISH = "swish"
    SIGMOID = "sigmoid"


@dataclass(frozen=True)
class Convolution:
    """One convolution with "same" padding as TensorFlow has it.

    ``kernel`` is float32 (height, width, in, out), for a depthwise one (height, width, channels,
    1); ``bias`` is float32 (out,).
    """

    name: str
    kernel: NDArray[np.float32]
    bias: NDArray[np.float32]
    stride: int = 1
    depthwise: bool = False
    activation: Activation = Activation.NONE


@dataclass(frozen=True)
class SqueezeExcite:
    """A gate on channels: mean over the picture, ``reduce``, ``expand``, multiply."""

    reduce: Convolution
    expand: Convolution


@dataclass(frozen=True)
class Block:
    """Convolutions in order; ``gate`` stands before the last one; ``residual`` adds the input."""

    name: str
    convolutions: tuple[Convolution, ...]
    gate: SqueezeExcite | None
    residual: bool


@dataclass(frozen=True)
class Head:
    """One linear reading of ``m`` channels: ``kernel`` float32 (m, n), ``bias`` float32 (n,)."""

    name: str
    kernel: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True)
class FoldedNetwork:
    """Blocks in order (the stem and the last convolution are blocks), then the mean, then heads.

    ``classifier`` gives the seven logits; ``modality`` and ``lesion`` one logit each, of hidden
    units that are rectified between the two; ``melanoma``, ``malignancy`` and ``nail`` a logit
    each.
    """

    blocks: tuple[Block, ...]
    classifier: Head
    modality: tuple[Head, Head]
    lesion: tuple[Head, Head]
    melanoma: Head
    malignancy: Head
    nail: Head

    @property
    def heads(self) -> tuple[Head, ...]:
        """Everything that is read after the mean."""
        lines = (self.melanoma, self.malignancy, self.nail)
        return (self.classifier, *self.modality, *self.lesion, *lines)


def _array(tensor: Any) -> NDArray[np.float64]:
    return np.asarray(tensor.detach().cpu().numpy(), dtype=np.float64)


def _convolution(name: str, layer: Any, norm: Any | None, activation: Activation) -> Convolution:
    """Fold w' = w·γ/√(σ²+ε), b' = β + (b − μ)·γ/√(σ²+ε), in float64."""
    kernel = _array(layer.weight)  # (out, in over groups, height, width)
    bias = np.zeros(len(kernel)) if layer.bias is None else _array(layer.bias)
    if norm is not None:
        scale = _array(norm.weight) / np.sqrt(_array(norm.running_var) + norm.eps)
        kernel = kernel * scale[:, np.newaxis, np.newaxis, np.newaxis]
        bias = _array(norm.bias) + (bias - _array(norm.running_mean)) * scale
    depthwise = layer.groups > 1
    if depthwise and layer.groups != layer.in_channels:
        raise ValueError(f"{name}: a grouped convolution is not depthwise")
    order = (2, 3, 0, 1) if depthwise else (2, 3, 1, 0)
    return Convolution(
        name=name,
        kernel=np.ascontiguousarray(kernel.transpose(order), dtype=np.float32),
        bias=bias.astype(np.float32),
        stride=int(layer.stride[0]),
        depthwise=depthwise,
        activation=activation,
    )


def _block(name: str, module: Any) -> Block:
    """Read one of timm's ConvBnAct, EdgeResidual or InvertedResidual."""
    kind = type(module).__name__
    pairs = {
        "ConvBnAct": (("conv", "bn1"),),
        "EdgeResidual": (("conv_exp", "bn1"), ("conv_pwl", "bn2")),
        "InvertedResidual": (("conv_pw", "bn1"), ("conv_dw", "bn2"), ("conv_pwl", "bn3")),
    }[kind]
    convolutions = tuple(
        _convolution(
            f"{name}/{layer}",
            getattr(module, layer),
            getattr(module, norm),
            Activation.SWISH
            if type(getattr(module, norm).act).__name__ == "SiLU"
            else Activation.NONE,
        )
        for layer, norm in pairs
    )
    gate = None
    if type(getattr(module, "se", None)).__name__ == "SqueezeExcite":
        gate = SqueezeExcite(
            _convolution(f"{name}/se_reduce", module.se.conv_reduce, None, Activation.SWISH),
            _convolution(f"{name}/se_expand", module.se.conv_expand, None, Activation.SIGMOID),
        )
    return Block(name, convolutions, gate, bool(module.has_skip))


def _probe(name: str, probe: Probe) -> tuple[Head, Head]:
    return (
        Head(f"{name}_hidden", probe.hidden, probe.hidden_bias),
        Head(name, probe.out.reshape(-1, 1), probe.out_bias.reshape(1)),
    )


def _line(name: str, head: LinearHead) -> Head:
    return Head(name, head.kernel.reshape(-1, 1), head.bias.reshape(1))


def fold(network: Any, probes: Probes) -> FoldedNetwork:
    """Fold timm's network (eval mode), with the heads on its embedding."""
    stem = _convolution("stem", network.conv_stem, network.bn1, Activation.SWISH)
    head = _convolution("head", network.conv_head, network.bn2, Activation.SWISH)
    blocks = tuple(
        _block(f"block{stage}{chr(ord('a') + index)}", module)
        for stage, modules in enumerate(network.blocks)
        for index, module in enumerate(modules)
    )
    return FoldedNetwork(
        blocks=(Block("stem", (stem,), None, False), *blocks, Block("head", (head,), None, False)),
        classifier=Head(
            "classifier",
            np.ascontiguousarray(_array(network.classifier.weight).T, dtype=np.float32),
            _array(network.classifier.bias).astype(np.float32),
        ),
        modality=_probe("modality", probes.modality),
        lesion=_probe("lesion", probes.lesion),
        melanoma=_line("melanoma", probes.melanoma),
        malignancy=_line("malignancy", probes.malignancy),
        nail=_line("nail", probes.nail),
    )


def parameter_count(network: FoldedNetwork) -> int:
    """Count the parameters that a visitor downloads; ``maps`` shares the classes' kernel."""
    count = network.classifier.kernel.size
    count += sum(head.kernel.size + head.bias.size for head in network.heads)
    for block in network.blocks:
        gate = (block.gate.reduce, block.gate.expand) if block.gate else ()
        count += sum(c.kernel.size + c.bias.size for c in (*block.convolutions, *gate))
    return int(count)
