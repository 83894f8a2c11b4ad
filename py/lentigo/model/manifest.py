"""The model's manifest, ``models/<id>/manifest.json``, parsed strictly.

An unknown or a missing key is a ``ManifestError`` that names it, and so is a value that cannot be
meant: with a threshold at 1 a model would miss in silence. ``models/README.md`` tells what each key
means; ``training/release/export.py`` writes the file, ``js/engine/engine.js`` reads ``input``,
``outputs``, ``variants`` and ``golden`` from the same file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from lentigo.diagnosis import Diagnosis
from lentigo.errors import ManifestError
from lentigo.model.ood import OutOfDistribution, Weights
from lentigo.model.reading import Reader
from lentigo.picture.preprocess import INPUT_MAXIMUM, INPUT_MINIMUM, INPUT_SHAPE
from lentigo.priority import OperatingPoints

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_VERSION = 2
# Without the logits there is no answer; a model may lack each of the others.
OUTPUTS = ("logits", "embedding", "modality", "lesion", "maps")

# What can be meant, least and largest. Networks are calibrated by 0.7 (ours) to 3 (Guo et al., ICML
# 2017, table 1); far from that all probabilities are alike, or all 0 and 1.
_TEMPERATURE = (0.2, 5.0)
# A class with half of the probability is the top one, and asks by itself: a point above cannot be
# meant. One in a thousand asks for nearly every picture.
_CLASS_POINT = (0.001, 0.5)
# With three quarters together one of the three malignant classes is the top one.
_MALIGNANCY_POINT = (0.001, 0.75)
# The top one of seven classes has a seventh; and hardly any has nine tenths.
_CONFIDENCE_POINT = (1 / 7, 0.9)
_POINTS = {
    "mel": _CLASS_POINT,
    "bcc": _CLASS_POINT,
    "akiec": _CLASS_POINT,
    "malignancy": _MALIGNANCY_POINT,
    "confidence": _CONFIDENCE_POINT,
}
# One half is a guess; with 1 the model is never certain, and the cautious points always hold.
_CERTAIN_FROM = (0.5, 1.0)
# Scores are sums of logits, which are tens at most.
_SCORE = (-1000.0, 1000.0)
# Float16 moves our logits by 0.03, uint8 by 0.3; two classes swapped, by several.
_TOLERANCE_LOGIT = (1e-6, 1.0)
_FILE_BYTES = (1, 2**31)
_COUNT = (1, 1_000_000_000)

_SHA256 = re.compile(r"[0-9a-f]{64}")
# Below the manifest's own folder: no scheme, no host, no climbing.
_PATH = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", re.ASCII)


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

    @property
    def reader(self) -> Reader:
        """What turns the answers of this model into a reading."""
        return Reader(
            temperature=self.calibration.temperature,
            dermoscopic=self.operating_points.dermoscopic,
            camera=self.operating_points.camera,
            certain_from=self.modality.certain_from if self.modality else None,
            known=self.out_of_distribution,
        )


def _strict(where: str, value: object, keys: set[str]) -> dict[str, Any]:
    given = _object(where, value)
    missing, unknown = sorted(keys - given.keys()), sorted(given.keys() - keys)
    if missing:
        raise ManifestError(f"manifest: {where} lacks {', '.join(missing)}")
    if unknown:
        raise ManifestError(f"manifest: {where} has unknown {', '.join(unknown)}")
    return given


def _names(kind: type) -> set[str]:
    return {field.name for field in fields(kind)}


def _number(where: str, value: object, bounds: tuple[float, float]) -> float:
    low, high = bounds
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ManifestError(
            f"manifest: {where} is a number in {low:.4g}..{high:.4g}, not {value!r}"
        )
    return float(value)


def _whole(where: str, value: object, bounds: tuple[int, int]) -> int:
    number = _number(where, value, bounds)
    if not isinstance(value, int):
        raise ManifestError(f"manifest: {where} is a whole number, not {value!r}")
    return int(number)


def _text(where: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ManifestError(f"manifest: {where} is a text, not {value!r}")
    return value


def _path(where: str, value: object) -> str:
    if not _PATH.fullmatch(_text(where, value)):
        raise ManifestError(f"manifest: {where} is a path below the manifest, not {value!r}")
    return str(value)


def _object(where: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ManifestError(f"manifest: {where} is an object, not {type(value).__name__}")
    return value


def _file(where: str, value: object) -> ModelFile:
    entry = _strict(where, value, _names(ModelFile))
    if not _SHA256.fullmatch(_text(f"{where}.sha256", entry["sha256"])):
        raise ManifestError(f"manifest: {where}.sha256 is 64 digits 0-9a-f")
    return ModelFile(_whole(f"{where}.bytes", entry["bytes"], _FILE_BYTES), entry["sha256"])


def _variant(where: str, value: object) -> Variant:
    entry = _strict(where, value, _names(Variant))
    files = {
        _path(f"{where}.files", path): _file(f"{where}.files.{path}", file)
        for path, file in _object(f"{where}.files", entry["files"]).items()
    }
    if _text(f"{where}.model", entry["model"]) not in files:
        raise ManifestError(f"manifest: {where}.model names {entry['model']}, not in its files")
    tolerance = _number(f"{where}.tolerance_logit", entry["tolerance_logit"], _TOLERANCE_LOGIT)
    return Variant(entry["model"], files, tolerance)


def _outputs(value: object) -> dict[str, str | None]:
    """Read the names of the graph's outputs; one that is not the logits may be ``None``."""
    entry = _strict("outputs", value, set(OUTPUTS))
    for name, output in entry.items():
        if not (output is None and name != "logits") and not (isinstance(output, str) and output):
            raise ManifestError(f"manifest: outputs.{name} names an output, not {output!r}")
    return {name: entry[name] for name in OUTPUTS}


def _calibration(value: object) -> Calibration:
    entry = _strict("calibration", value, _names(Calibration))
    return Calibration(
        temperature=_number("calibration.temperature", entry["temperature"], _TEMPERATURE),
        method=_text("calibration.method", entry["method"]),
        split=_text("calibration.split", entry["split"]),
        pictures=_whole("calibration.pictures", entry["pictures"], _COUNT),
    )


def _points(where: str, value: object) -> OperatingPoints:
    points = _strict(where, value, _names(OperatingPoints))
    return OperatingPoints(
        **{key: _number(f"{where}.{key}", given, _POINTS[key]) for key, given in points.items()}
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
    certain_from = _number("modality.certain_from", entry["certain_from"], _CERTAIN_FROM)
    return ModalityReading(certain_from, _text("modality.method", entry["method"]))


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
        Weights(**{k: _number(f"{where}.weights.{k}", v, _SCORE) for k, v in weights.items()}),
        _number(f"{where}.threshold", entry["threshold"], _SCORE),
        _text(f"{where}.method", entry["method"]),
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
    _path("golden.path", golden["path"])
    _file("golden", {"bytes": golden["bytes"], "sha256": golden["sha256"]})


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number of JSON")


def parse_manifest(text: str) -> Manifest:
    """Parse the text of a manifest; every breach of the schema is a ``ManifestError``."""
    try:
        document = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ManifestError("manifest: not JSON", detail=str(error)) from error
    boundary = {"schema", "labels", "input", "golden"}
    root = _strict("the document", document, _names(Manifest) | boundary)
    if root["schema"] != SCHEMA_VERSION:
        raise ManifestError(f"manifest: schema {root['schema']} is not {SCHEMA_VERSION}")
    _check_boundary(root)
    outputs = _outputs(root["outputs"])
    variants = {
        name: _variant(f"variants.{name}", value)
        for name, value in _object("variants", root["variants"]).items()
    }
    if _text("default_variant", root["default_variant"]) not in variants:
        raise ManifestError(f"manifest: default_variant {root['default_variant']} is no variant")
    if not isinstance(root["data"], list):
        raise ManifestError("manifest: data is a list of picture sets")
    return Manifest(
        id=_text("id", root["id"]),
        architecture=_text("architecture", root["architecture"]),
        parameters=_whole("parameters", root["parameters"], _COUNT),
        variants=variants,
        default_variant=root["default_variant"],
        outputs=outputs,
        calibration=_calibration(root["calibration"]),
        operating_points=_points_by_modality(root["operating_points"]),
        operating_points_method=_text("operating_points_method", root["operating_points_method"]),
        modality=_modality(root["modality"], outputs),
        out_of_distribution=_out_of_distribution(root["out_of_distribution"], outputs),
        metrics=_object("metrics", root["metrics"]),
        data=tuple(_object(f"data[{index}]", entry) for index, entry in enumerate(root["data"])),
        licence=_text("licence", root["licence"]),
    )
