"""The network: timm's ``tf_efficientnetv2_b0``, which is Keras's EfficientNetV2B0.

TensorFlow padding and a batch-norm epsilon of 1e-3, so weights carry over one to one (Tan and Le,
"EfficientNetV2", ICML 2021). Any other network of timm's EfficientNets can be built too, a teacher
(``training.network.imagenet``), and one of our own, ``GRAFTED``. Importing this module imports
torch and timm.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from lentigo.diagnosis import Diagnosis
from training.network.import_stubs import FOR_TIMM, stand_in_for

stand_in_for(FOR_TIMM)
import timm  # noqa: E402
from safetensors import safe_open  # noqa: E402
from safetensors.torch import load_file, save_file  # noqa: E402
from timm.models._efficientnet_builder import decode_arch_def  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

ARCHITECTURE = "tf_efficientnetv2_b0"
EMBEDDING_CHANNELS = 1280
# Keras's, and that of every network here.
BATCH_NORM_EPSILON = 1e-3

# An EfficientNetV2 of EfficientNet-Lite0's widths and depths: fused blocks first, then blocks with
# gates, kernels of 3x3 and 5x5. In timm's notation; ``training.fit.graft`` says what it is for.
GRAFTED = "efficientnetv2_of_lite0"
_GRAFTED_STAGES = (
    "cn_r1_k3_s1_e1_c16",
    "er_r2_k3_s2_e6_c24",
    "er_r2_k3_s2_e6_c40",
    "ir_r3_k3_s2_e6_c80_se0.25",
    "ir_r3_k5_s1_e6_c112_se0.25",
    "ir_r4_k5_s2_e6_c192_se0.25",
    "ir_r1_k3_s1_e6_c320_se0.25",
)

# The first checkpoint came as bare tensors; its README gives this order. Our own checkpoints
# carry their labels in the file's metadata.
LABELS_BY_FILE = {
    "derm_b0_first.safetensors": ("akiec", "bcc", "bkl", "df", "mel", "nv", "vasc"),
}


def build(
    drop_rate: float = 0.0, drop_path_rate: float = 0.0, architecture: str = ARCHITECTURE
) -> Any:
    """Make the network with random weights, seven logits in the order of ``Diagnosis``."""
    if architecture == GRAFTED:
        decode: Callable[..., Any] = decode_arch_def
        return timm.models.EfficientNet(
            decode([[stage] for stage in _GRAFTED_STAGES]),
            num_classes=len(Diagnosis),
            num_features=EMBEDDING_CHANNELS,
            stem_size=32,
            pad_type="same",
            act_layer=torch.nn.SiLU,
            norm_layer=partial(torch.nn.BatchNorm2d, eps=BATCH_NORM_EPSILON),
            drop_rate=drop_rate,
            drop_path_rate=drop_path_rate,
        )
    return timm.create_model(
        architecture,
        pretrained=False,
        num_classes=len(Diagnosis),
        drop_rate=drop_rate,
        drop_path_rate=drop_path_rate,
    )


def check_labels(labels: tuple[str, ...]) -> None:
    """Raise ``ValueError`` unless the labels are those of ``Diagnosis``, in order."""
    if labels != tuple(Diagnosis):
        raise ValueError(f"the weights' labels are {labels}, the program's {tuple(Diagnosis)}")


def labels_of(path: Path) -> tuple[str, ...]:
    """Return the order of the logits of a checkpoint; ``ValueError`` if nothing says it."""
    with safe_open(str(path), framework="pt") as file:
        metadata = file.metadata() or {}
    if "labels" in metadata:
        return tuple(metadata["labels"].split())
    if path.name in LABELS_BY_FILE:
        return LABELS_BY_FILE[path.name]
    raise ValueError(f"{path.name} does not say the order of its classes")


def architecture_of(path: Path) -> str:
    """Return timm's name of a checkpoint's network; a checkpoint that does not say is a B0."""
    with safe_open(str(path), framework="pt") as file:
        return str((file.metadata() or {}).get("architecture", ARCHITECTURE))


def load(path: Path) -> Any:
    """Return the network in eval mode, float32, with a checkpoint's weights, labels checked."""
    check_labels(labels_of(path))
    network = build(architecture=architecture_of(path))
    state = load_file(str(path))
    network.load_state_dict(
        {name: t.float() if t.is_floating_point() else t for name, t in state.items()}
    )
    return network.eval()


def save(
    network_state: dict[str, torch.Tensor], path: Path, architecture: str = ARCHITECTURE
) -> None:
    """Write a state dict as float16 safetensors that carry their labels, atomically."""
    halved = {
        name: (t.half() if t.is_floating_point() else t).contiguous().cpu()
        for name, t in network_state.items()
    }
    metadata = {"labels": " ".join(Diagnosis), "architecture": architecture}
    partial = path.with_name(path.name + ".partial")
    save_file(halved, str(partial), metadata=metadata)
    partial.replace(path)


def _features(network: Any, pictures: NDArray[np.float32]) -> torch.Tensor:
    batch = torch.from_numpy(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2)))
    features: torch.Tensor = network.forward_features(batch.to(memory_format=torch.channels_last))
    return features


def infer_features(network: Any, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """Run pictures, float32 (n, 224, 224, 3) in [-1, 1]; return the last feature map.

    Float32 (n, 7, 7, 1280); its mean over the 49 places is the embedding of ``infer``.
    """
    with torch.inference_mode():
        return np.ascontiguousarray(_features(network, pictures).permute(0, 2, 3, 1).numpy())


def infer(
    network: Any, pictures: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Run pictures, float32 (n, 224, 224, 3) in [-1, 1], in eval mode.

    Returns the logits, float32 (n, 7), and the embedding, float32 (n, 1280): the pooled features
    before the classifier.
    """
    with torch.inference_mode():
        features = _features(network, pictures)
        embedding = network.forward_head(features, pre_logits=True)
        logits = network.classifier(embedding)
    return logits.numpy(), embedding.numpy()
