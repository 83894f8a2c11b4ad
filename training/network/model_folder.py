"""Where the parts of a released model lie, and how its manifest is put together.

``calibrate`` writes ``calibration.json``, ``evaluate`` writes ``evaluation.json``, ``export``
writes weights, golden vectors and ``port.json``; the manifest is made from those files alone.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lentigo.diagnosis import Diagnosis
from lentigo.model.manifest import OUTPUTS, SCHEMA_VERSION, parse_manifest
from lentigo.picture.preprocess import INPUT_MAXIMUM, INPUT_MINIMUM, INPUT_SHAPE

REPOSITORY = Path(__file__).resolve().parents[2]
DEFAULT_MODEL = "lentigo-v2"
DEFAULT_DATA = Path("../shared/data")
DEFAULT_CHECKPOINT = REPOSITORY / "training" / "checkpoints" / f"{DEFAULT_MODEL}.safetensors"
# Figures that were measured and that pages in docs/ are generated from.
RESULTS = REPOSITORY / "training" / "results"
SCRATCH = REPOSITORY / ".cache" / "training"
VARIANTS = ("float16", "uint8")
# Half the download; the evaluation shows how few decisions it changes.
DEFAULT_VARIANT = "uint8"
# Most of the training pictures carry it, and the weights inherit its limit.
LICENCE = "CC BY-NC 4.0"


@dataclass(frozen=True)
class ModelFolder:
    """One released model, ``models/<id>/``."""

    path: Path

    @classmethod
    def named(cls, model_id: str) -> ModelFolder:
        """Return the folder of a model of this repository, whether or not it exists."""
        return cls(REPOSITORY / "models" / model_id)

    @property
    def manifest(self) -> Path:
        """What the page reads first."""
        return self.path / "manifest.json"

    @property
    def golden(self) -> Path:
        """Raw pictures with the logits that PyTorch gave before conversion."""
        return self.path / "golden.json"

    @property
    def calibration(self) -> Path:
        """Temperature, scales and thresholds, and the figures that led to them."""
        return self.path / "calibration.json"

    @property
    def evaluation(self) -> Path:
        """Figures on the test split."""
        return self.path / "evaluation.json"

    @property
    def port(self) -> Path:
        """How far TF.js's logits are from PyTorch's, by variant and backend."""
        return self.path / "port.json"


def read_json(path: Path) -> Any:
    """Read a JSON file; ``SystemExit`` with the command that makes it when it is not there."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        makers = {"calibration": "fit.calibrate", "evaluation": "measure.evaluate"}
        maker = makers.get(path.stem, "release.export")
        raise SystemExit(f"{path} is missing; make it with: python -m training.{maker}") from None


def write_json(path: Path, document: Any) -> None:
    """Write JSON for people and diffs: indented, UTF-8, NaN refused; atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def describe_file(path: Path) -> dict[str, Any]:
    """Return a file's size in bytes and its sha256."""
    content = path.read_bytes()
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _variant(folder: ModelFolder, name: str, tolerance_logit: float) -> dict[str, Any]:
    files = sorted(path for path in (folder.path / name).iterdir() if path.is_file())
    return {
        "model": f"{name}/model.json",
        "files": {path.relative_to(folder.path).as_posix(): describe_file(path) for path in files},
        "tolerance_logit": tolerance_logit,
    }


def write_manifest(folder: ModelFolder) -> None:
    """Put ``manifest.json`` together from the other files of the folder, and parse it back.

    Raises ``ManifestError`` if it would break the schema that the page holds it to.
    """
    calibration = read_json(folder.calibration)
    port = read_json(folder.port)
    document = {
        "schema": SCHEMA_VERSION,
        "id": folder.path.name,
        "architecture": port["architecture"],
        "parameters": port["parameters"],
        "labels": [str(diagnosis) for diagnosis in Diagnosis],
        "input": {
            "shape": list(INPUT_SHAPE),
            "minimum": INPUT_MINIMUM,
            "maximum": INPUT_MAXIMUM,
            "channels": "RGB",
        },
        "outputs": {name: name for name in OUTPUTS},
        "default_variant": DEFAULT_VARIANT,
        "variants": {
            name: _variant(folder, name, port["variants"][name]["tolerance_logit"])
            for name in VARIANTS
        },
        "golden": {"path": folder.golden.name, **describe_file(folder.golden)},
        "calibration": calibration["calibration"],
        "scales": calibration["scales"],
        "modality": calibration["modality"],
        "out_of_distribution": calibration["out_of_distribution"],
        "selection": calibration["selection"],
        "evaluation": read_json(folder.evaluation),
        "data": calibration["data"],
        "licence": LICENCE,
    }
    parse_manifest(json.dumps(document))
    write_json(folder.manifest, document)
