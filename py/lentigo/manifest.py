"""The model's manifest, ``models/<id>/manifest.json``, parsed strictly.

An unknown or a missing key is a ``ManifestError`` that names it. ``models/README.md`` tells what
each key means; ``training/export.py`` writes the file, ``js/engine.js`` reads ``input``,
``outputs``, ``variants`` and ``golden`` from the same file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from lentigo.diagnosis import Diagnosis
from lentigo.errors import ManifestError
from lentigo.preprocess import INPUT_MAXIMUM, INPUT_MINIMUM, INPUT_SHAPE
from lentigo.priority import OperatingPoints

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class ModelFile:
    """One file of the model: its size in bytes and its sha256 in lower-case hex."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Variant:
    """The same weights in one precision; ``files`` by path relative to the manifest.

    ``tolerance_logit`` is the largest absolute difference to PyTorch's golden logits at which a
    backend is believed.
    """

    model: str
    files: Mapping[str, ModelFile]
    tolerance_logit: float

    @property
    def download_bytes(self) -> int:
        """What a visitor downloads for this variant, before compression."""
        return sum(file.bytes for file in self.files.values())


@dataclass(frozen=True)
class Calibration:
    """How logits become probabilities: a temperature, and how it was fitted."""

    temperature: float
    method: str
    split: str
    pictures: int


@dataclass(frozen=True)
class Manifest:
    """What is known about one model. ``metrics`` is what the evaluation wrote, shown as it is."""

    id: str
    architecture: str
    parameters: int
    variants: Mapping[str, Variant]
    default_variant: str
    calibration: Calibration
    operating_points: OperatingPoints
    operating_points_method: str
    metrics: Mapping[str, Any]
    data: tuple[Mapping[str, Any], ...]
    licence: str


def _strict(where: str, value: object, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ManifestError(f"manifest: {where} is an object, not {type(value).__name__}")
    missing, unknown = sorted(keys - value.keys()), sorted(value.keys() - keys)
    if missing:
        raise ManifestError(f"manifest: {where} lacks {', '.join(missing)}")
    if unknown:
        raise ManifestError(f"manifest: {where} has unknown {', '.join(unknown)}")
    return value


def _names(kind: type) -> set[str]:
    return {field.name for field in fields(kind)}


def _number(where: str, value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ManifestError(f"manifest: {where} is a number in {low}..{high}, not {value!r}")
    return float(value)


def _file(where: str, value: object) -> ModelFile:
    entry = _strict(where, value, _names(ModelFile))
    return ModelFile(int(_number(f"{where}.bytes", entry["bytes"], 1, 2**31)), str(entry["sha256"]))


def _variant(where: str, value: object) -> Variant:
    entry = _strict(where, value, _names(Variant))
    files = {path: _file(f"{where}.files.{path}", file) for path, file in entry["files"].items()}
    if entry["model"] not in files:
        raise ManifestError(f"manifest: {where}.model names {entry['model']}, not in its files")
    tolerance = _number(f"{where}.tolerance_logit", entry["tolerance_logit"], 0, 10)
    return Variant(str(entry["model"]), files, tolerance)


def _check_boundary(root: Mapping[str, Any]) -> None:
    """Refuse a model whose classes, input or outputs are not those of this program."""
    if root["labels"] != [str(diagnosis) for diagnosis in Diagnosis]:
        order = " ".join(Diagnosis)
        raise ManifestError(f"manifest: labels are {order}, in this order, not {root['labels']}")
    expected = {
        "shape": list(INPUT_SHAPE),
        "minimum": INPUT_MINIMUM,
        "maximum": INPUT_MAXIMUM,
        "channels": "RGB",
    }
    given = _strict("input", root["input"], set(expected))
    for key, value in expected.items():
        if given[key] != value:
            raise ManifestError(f"manifest: input.{key} is {value}, not {given[key]}")
    _strict("outputs", root["outputs"], {"logits", "embedding"})
    golden = _strict("golden", root["golden"], {"path", "bytes", "sha256"})
    _file("golden", {"bytes": golden["bytes"], "sha256": golden["sha256"]})


def parse_manifest(text: str) -> Manifest:
    """Parse the text of a manifest; every breach of the schema is a ``ManifestError``."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ManifestError("manifest: not JSON", detail=str(error)) from error
    boundary = {"schema", "labels", "input", "outputs", "golden"}
    root = _strict("the document", document, _names(Manifest) | boundary)
    if root["schema"] != SCHEMA_VERSION:
        raise ManifestError(f"manifest: schema {root['schema']} is not {SCHEMA_VERSION}")
    _check_boundary(root)
    calibration = _strict("calibration", root["calibration"], _names(Calibration))
    points = _strict("operating_points", root["operating_points"], _names(OperatingPoints))
    variants = {
        name: _variant(f"variants.{name}", value) for name, value in root["variants"].items()
    }
    if root["default_variant"] not in variants:
        raise ManifestError(f"manifest: default_variant {root['default_variant']} is no variant")
    return Manifest(
        id=str(root["id"]),
        architecture=str(root["architecture"]),
        parameters=int(_number("parameters", root["parameters"], 1, 1e9)),
        variants=variants,
        default_variant=str(root["default_variant"]),
        calibration=Calibration(
            temperature=_number("calibration.temperature", calibration["temperature"], 0.05, 20),
            method=str(calibration["method"]),
            split=str(calibration["split"]),
            pictures=int(_number("calibration.pictures", calibration["pictures"], 1, 1e9)),
        ),
        operating_points=OperatingPoints(
            **{
                key: _number(f"operating_points.{key}", value, 0, 1)
                for key, value in points.items()
            }
        ),
        operating_points_method=str(root["operating_points_method"]),
        metrics=root["metrics"],
        data=tuple(root["data"]),
        licence=str(root["licence"]),
    )
