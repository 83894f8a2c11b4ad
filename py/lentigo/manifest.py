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
from lentigo.modality import Modality
from lentigo.ood import OutOfDistribution, Weights
from lentigo.preprocess import INPUT_MAXIMUM, INPUT_MINIMUM, INPUT_SHAPE
from lentigo.priority import OperatingPoints, cautious

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_VERSION = 2
# Without the logits there is no answer; a model may lack each of the others.
OUTPUTS = ("logits", "embedding", "modality", "lesion", "maps")


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
class PointsByModality:
    """Operating points for pictures through a dermoscope, and for those of a bare camera."""

    dermoscopic: OperatingPoints
    camera: OperatingPoints


@dataclass(frozen=True)
class ModalityReading:
    """From which probability, 0.5..1, the model's word on the modality counts as certain."""

    certain_from: float
    method: str


@dataclass(frozen=True)
class Manifest:
    """What is known about one model. ``metrics`` is what the evaluation wrote, shown as it is.

    ``outputs`` maps the names of ``OUTPUTS`` to the graph's own, or to ``None`` where the graph has
    no such output. ``modality`` and ``out_of_distribution`` are ``None`` for a model that does not
    tell them.
    """

    id: str
    architecture: str
    parameters: int
    variants: Mapping[str, Variant]
    default_variant: str
    outputs: Mapping[str, str | None]
    calibration: Calibration
    operating_points: PointsByModality
    operating_points_method: str
    modality: ModalityReading | None
    out_of_distribution: OutOfDistribution | None
    metrics: Mapping[str, Any]
    data: tuple[Mapping[str, Any], ...]
    licence: str

    def points_for(self, modality: Modality) -> OperatingPoints:
        """Return the operating points for a way of taking; the cautious ones when it is unsure."""
        match modality:
            case Modality.DERMOSCOPIC:
                return self.operating_points.dermoscopic
            case Modality.CAMERA:
                return self.operating_points.camera
            case Modality.UNSURE:
                return cautious(self.operating_points.dermoscopic, self.operating_points.camera)


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


def _outputs(value: object) -> dict[str, str | None]:
    """Read the names of the graph's outputs; one that is not the logits may be ``None``."""
    entry = _strict("outputs", value, set(OUTPUTS))
    for name, output in entry.items():
        if not (output is None and name != "logits") and not (isinstance(output, str) and output):
            raise ManifestError(f"manifest: outputs.{name} names an output, not {output!r}")
    return {name: entry[name] for name in OUTPUTS}


def _points(where: str, value: object) -> OperatingPoints:
    points = _strict(where, value, _names(OperatingPoints))
    return OperatingPoints(
        **{key: _number(f"{where}.{key}", given, 0, 1) for key, given in points.items()}
    )


def _points_by_modality(value: object) -> PointsByModality:
    entry = _strict("operating_points", value, _names(PointsByModality))
    return PointsByModality(
        **{name: _points(f"operating_points.{name}", points) for name, points in entry.items()}
    )


def _modality(value: object, outputs: Mapping[str, str | None]) -> ModalityReading | None:
    if value is None:
        return None
    entry = _strict("modality", value, _names(ModalityReading))
    if outputs["modality"] is None:
        raise ManifestError("manifest: modality needs outputs.modality")
    certain_from = _number("modality.certain_from", entry["certain_from"], 0.5, 1)
    return ModalityReading(certain_from, str(entry["method"]))


def _out_of_distribution(
    value: object, outputs: Mapping[str, str | None]
) -> OutOfDistribution | None:
    if value is None:
        return None
    where = "out_of_distribution"
    entry = _strict(where, value, _names(OutOfDistribution))
    if outputs["lesion"] is None:
        raise ManifestError(f"manifest: {where} needs outputs.lesion")
    weights = _strict(f"{where}.weights", entry["weights"], _names(Weights))
    return OutOfDistribution(
        Weights(**{k: _number(f"{where}.weights.{k}", v, -1e6, 1e6) for k, v in weights.items()}),
        _number(f"{where}.threshold", entry["threshold"], -1e6, 1e6),
        str(entry["method"]),
    )


def _check_boundary(root: Mapping[str, Any]) -> None:
    """Refuse a model whose classes or input are not those of this program."""
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
    golden = _strict("golden", root["golden"], {"path", "bytes", "sha256"})
    _file("golden", {"bytes": golden["bytes"], "sha256": golden["sha256"]})


def parse_manifest(text: str) -> Manifest:
    """Parse the text of a manifest; every breach of the schema is a ``ManifestError``."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ManifestError("manifest: not JSON", detail=str(error)) from error
    boundary = {"schema", "labels", "input", "golden"}
    root = _strict("the document", document, _names(Manifest) | boundary)
    if root["schema"] != SCHEMA_VERSION:
        raise ManifestError(f"manifest: schema {root['schema']} is not {SCHEMA_VERSION}")
    _check_boundary(root)
    calibration = _strict("calibration", root["calibration"], _names(Calibration))
    outputs = _outputs(root["outputs"])
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
        outputs=outputs,
        calibration=Calibration(
            temperature=_number("calibration.temperature", calibration["temperature"], 0.05, 20),
            method=str(calibration["method"]),
            split=str(calibration["split"]),
            pictures=int(_number("calibration.pictures", calibration["pictures"], 1, 1e9)),
        ),
        operating_points=_points_by_modality(root["operating_points"]),
        operating_points_method=str(root["operating_points_method"]),
        modality=_modality(root["modality"], outputs),
        out_of_distribution=_out_of_distribution(root["out_of_distribution"], outputs),
        metrics=root["metrics"],
        data=tuple(root["data"]),
        licence=str(root["licence"]),
    )
