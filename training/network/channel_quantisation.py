"""Weights in eight bits with one scale for each output channel, where TF.js has one for all.

The channels of one kernel differ in range by orders of magnitude once batch norms are folded into
them, so one scale for all spends its 256 levels on the widest. Numpy only;
``js/engine/weights.js`` is the
same reading in the browser. docs/decisions/0007-maps-and-channel-scales.md has the measurement.

A weight of ``c`` channels on its last axis is stored as ``c`` float32 minima, ``c`` float32 scales
(little-endian), then one uint8 for each value, row-major: value = level · scale + minimum. In
``model.json`` its entry reads ``"quantization": {"dtype": "uint8", "scales": "last-axis"}``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

LEVELS = 255
MARK = {"dtype": "uint8", "scales": "last-axis"}


@dataclass(frozen=True)
class ChannelQuantised:
    """A weight as ``levels`` uint8 (…, c), ``minima`` and ``scales`` float32 (c,)."""

    levels: NDArray[np.uint8]
    minima: NDArray[np.float32]
    scales: NDArray[np.float32]

    def values(self) -> NDArray[np.float32]:
        """Return the float32 weight as the browser computes with it."""
        return np.asarray(self.levels * self.scales + self.minima, dtype=np.float32)

    def to_bytes(self) -> bytes:
        """Return what stands in the shards."""
        return b"".join(
            array.astype(kind).tobytes()
            for array, kind in ((self.minima, "<f4"), (self.scales, "<f4"), (self.levels, "u1"))
        )


def quantise(weight: NDArray[np.float32]) -> ChannelQuantised:
    """Round each channel (last axis) to 256 even steps between its least and greatest value.

    A channel of one value has a scale of 0, so it comes back exactly.
    """
    flat = weight.reshape(-1, weight.shape[-1])
    minima = flat.min(axis=0)
    scales = (flat.max(axis=0) - minima) / np.float32(LEVELS)
    steps = np.where(scales > 0, scales, 1)
    levels = np.clip(np.round((weight - minima) / steps), 0, LEVELS)
    return ChannelQuantised(levels.astype(np.uint8), minima, scales)


def stored_bytes(shape: tuple[int, ...]) -> int:
    """Return how many bytes a weight of this shape takes in the shards."""
    return int(np.prod(shape, dtype=np.int64)) + 2 * 4 * shape[-1]


def read_quantised(content: bytes, at: int, shape: tuple[int, ...]) -> ChannelQuantised:
    """Read a weight that begins at byte ``at``."""
    channels = shape[-1]
    minima, scales = np.frombuffer(content, "<f4", 2 * channels, at).reshape(2, channels)
    count = int(np.prod(shape, dtype=np.int64))
    levels = np.frombuffer(content, np.uint8, count, at + 8 * channels).reshape(shape)
    return ChannelQuantised(levels, minima.astype(np.float32), scales.astype(np.float32))


def rewrite_weights(folder: Path, names: Collection[str], shard_bytes: int) -> None:
    """Store the float32 weights of these names in ``folder`` with a scale for each channel.

    Other weights stay as they are. Raises ``ValueError`` if a name is not there, or its weight is
    not stored as float32.
    """
    path = folder / "model.json"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    missing = set(names)
    stored, weights = [], []
    for group in document["weightsManifest"]:
        content = b"".join((folder / name).read_bytes() for name in group["paths"])
        at = 0
        for weight in group["weights"]:
            dtype = weight.get("quantization", {}).get("dtype", weight["dtype"])
            size = int(np.prod(weight["shape"], dtype=np.int64)) * np.dtype(dtype).itemsize
            part = content[at : at + size]
            at += size
            if weight["name"] in missing:
                if dtype != "float32":
                    raise ValueError(f"{weight['name']} is stored as {dtype}, not as float32")
                missing.discard(weight["name"])
                values = np.frombuffer(part, "<f4").reshape(weight["shape"])
                part = quantise(values.astype(np.float32)).to_bytes()
                weight["quantization"] = dict(MARK)
            stored.append(part)
            weights.append(weight)
        for name in group["paths"]:
            (folder / name).unlink()
    if missing:
        raise ValueError(f"no weight is called {', '.join(sorted(missing))}")
    whole = b"".join(stored)
    parts = [whole[at : at + shard_bytes] for at in range(0, len(whole), shard_bytes)]
    paths = [f"group1-shard{index}of{len(parts)}.bin" for index in range(1, len(parts) + 1)]
    for name, part in zip(paths, parts, strict=True):
        (folder / name).write_bytes(part)
    document["weightsManifest"] = [{"paths": paths, "weights": weights}]
    text = json.dumps(document, separators=(",", ":"), sort_keys=True) + "\n"
    path.write_text(text, encoding="utf-8")
