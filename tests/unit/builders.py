"""Small complete values for the tests: a manifest, an engine, a photo, probabilities."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
from PIL import Image

from app.events import EngineLoaded, Frame, Photo, PhotosChosen, Prepared, Source
from app.screens.screening.live import Live
from app.screens.screening.spot import SpotInPhoto
from app.screens.screening.state import State
from app.session import Running, Session
from lentigo.diagnosis import Diagnosis
from lentigo.model.manifest import SCHEMA_VERSION, parse_manifest
from lentigo.picture.preprocess import INPUT_SHAPE
from lentigo.picture.quality import Finding, QualityIssue, Remedy, Severity


def _jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "sienna").save(out, "JPEG")
    return out.getvalue()


# What a photo looks like to the page: a picture, so that a browser gives it room.
SQUARE = _jpeg()


def scale_document(intercept: float, confident: float) -> dict[str, Any]:
    """Return a scale by which a melanoma asks the sooner, the larger the intercept."""
    return {
        "melanoma": {"classes": 1.0, "head": 0.5, "intercept": intercept},
        "malignancy": {"classes": 1.0, "head": 0.5, "intercept": -0.554},
        "bcc": 0.3,
        "confident": confident,
    }


def manifest_document() -> dict[str, Any]:
    """Return a manifest that parses; tests break one thing each."""
    file = {"bytes": 10, "sha256": "0" * 64}
    return {
        "schema": SCHEMA_VERSION,
        "id": "test-model",
        "architecture": "EfficientNetV2-B0",
        "parameters": 5_900_000,
        "labels": [str(diagnosis) for diagnosis in Diagnosis],
        "input": {"shape": [1, 224, 224, 3], "minimum": -1.0, "maximum": 1.0, "channels": "RGB"},
        "outputs": {
            "logits": "logits",
            "embedding": "embedding",
            "modality": "modality",
            "lesion": "lesion",
            "melanoma": "melanoma",
            "malignancy": "malignancy",
            "maps": "maps",
        },
        "variants": {
            "float16": {
                "model": "float16/model.json",
                "files": {"float16/model.json": file, "float16/shard.bin": file},
                "tolerance_logit": 0.05,
            }
        },
        "default_variant": "float16",
        "golden": {"path": "golden.json", **file},
        "calibration": {"temperature": 1.0, "split": "val", "pictures": 1},
        "scales": {
            "dermoscopic": scale_document(1.571, 0.4),
            "camera": scale_document(-1.5, 0.3),
        },
        "modality": {"certain_from": 0.9},
        "out_of_distribution": {
            "weights": {"lesion": 1.0, "energy": 0.0, "confidence": 0.0, "bias": 0.0},
            "threshold": 0.0,
        },
        "selection": {
            "temperature": "ece",
            "scales": {"bcc_sensitivity": 0.8, "least_confident": 0.1},
            "modality": {"least": 0.9, "most_wrong": 0.01},
            "out_of_distribution": None,
        },
        "evaluation": None,
        "data": [
            {
                "name": "drawn",
                "licences": ["none"],
                "source": "drawn by code",
                "modalities": ["dermoscopic"],
                "pictures": {"train": 3, "val": 2, "test": 1},
            }
        ],
        "licence": "none",
    }


def engine(backend: str = "wasm") -> EngineLoaded:
    """Return an engine that has passed its golden vectors."""
    manifest = parse_manifest(json.dumps(manifest_document()))
    return EngineLoaded(manifest, "float16", backend, "", 100.0, 0.001)


def ready(**changes: Any) -> State:
    """Return the state of a page that waits for a photo."""
    return State(**{"session": Session(engine=Running(engine())), **changes})


def live_of(state: State) -> Live:
    """Return the camera of a live state."""
    assert state.live is not None
    return state.live


def photo_of(state: State) -> SpotInPhoto:
    """Return the photo that is shown."""
    assert state.photographed is not None
    return state.photographed


def chosen(*photos: Photo, replaces: int | None = None, joins: int | None = None) -> PhotosChosen:
    """Return the act of choosing these photos, or of pressing the shutter."""
    return PhotosChosen(photos[-1].intent, photos, replaces, joins)


def photo(source: Source = Source.CHOSEN, number: int = 1, intent: int = 1) -> Photo:
    """Return a photo chosen at 1000 ms."""
    return Photo(number, intent, source, 1000.0, "spot.jpg")


def live_frame(number: int = 1, intent: int = 1) -> Frame:
    """Return a frame that the camera gave at 1000 ms."""
    return Frame(number, intent, 1000.0)


def finding(issue: QualityIssue, severity: Severity = Severity.REFUSE) -> Finding:
    """Return a finding with some numbers and some remedy."""
    return Finding(issue, 0.1, 0.2, severity, Remedy.HOLD_STILL)


def prepared(of: Photo | Frame, *issues: QualityIssue) -> Prepared:
    """Return a picture that passed the gate, or was refused for these."""
    pixels = np.zeros(INPUT_SHAPE, dtype=np.float32)
    findings = tuple(finding(issue) for issue in issues)
    return Prepared(of, findings, pixels, 5.0, (), 0.3, square=SQUARE, thumbnail=SQUARE)


def logits(**given: float) -> tuple[float, ...]:
    """Return the logits whose softmax gives these probabilities; the rest goes to nv."""
    values = {**{str(diagnosis): 1e-6 for diagnosis in Diagnosis}, **given}
    values["nv"] += max(0.0, 1 - sum(given.values()))
    return tuple(float(np.log(values[diagnosis])) for diagnosis in Diagnosis)
