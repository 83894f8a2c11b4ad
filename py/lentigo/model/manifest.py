"""The model's manifest, ``models/<id>/manifest.json``, parsed strictly.

An unknown or a missing key is a ``ManifestError`` that names it, and so is a value that cannot be
meant: with a threshold at 1 a model would miss in silence. ``models/README.md`` says what each key
means; ``training/network/model_folder.py`` writes the file, ``js/engine/engine.js`` reads
``input``, ``outputs``, ``variants`` and ``golden`` from the same file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any

from lentigo.diagnosis import Diagnosis
from lentigo.errors import ManifestError
from lentigo.model.evaluation import Evaluation
from lentigo.model.figures import Count
from lentigo.model.ood import OutOfDistribution
from lentigo.model.reading import Reader
from lentigo.model.risk import Scales
from lentigo.model.selection import Selection
from lentigo.model.strict import Between, Matching, a_number, keyed, read
from lentigo.picture.preprocess import INPUT_MAXIMUM, INPUT_MINIMUM, INPUT_SHAPE

SCHEMA_VERSION = 4

# What can be meant, least and largest. Networks are calibrated by 0.7 (ours) to 3 (Guo et al., ICML
# 2017, table 1); far from that all probabilities are alike, or all 0 and 1.
_TEMPERATURE = Between(0.2, 5.0)
# One half is a guess; with 1 the model is never certain, and the cautious points always hold.
_CERTAIN_FROM = Between(0.5, 1.0)
# Scores are sums of logits, which are tens at most.
_SCORE = Between(-1000.0, 1000.0)
# Float16 moves our logits by 0.03, uint8 by 0.3; two classes swapped, by several.
_TOLERANCE_LOGIT = Between(1e-6, 1.0)
_COUNT = Between(1, 1_000_000_000)

_SHA256 = Matching(re.compile(r"[0-9a-f]{64}"), "64 digits 0-9a-f")
# Below the manifest's own folder: no scheme, no host, no climbing.
_PATH = Matching(re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", re.ASCII), "a path below the manifest")


@dataclass(frozen=True)
class ModelFile:
    """One file of the model: its size in bytes and its sha256 in lower-case hex."""

    bytes: Annotated[int, Between(1, 2**31)]
    sha256: Annotated[str, _SHA256]


@dataclass(frozen=True)
class Golden(ModelFile):
    """The file of the golden vectors."""

    path: Annotated[str, _PATH]


@dataclass(frozen=True)
class GraphOutputs:
    """The graph's own names of its outputs; ``None`` for one that it has not.

    Without the logits there is no answer; a model may lack each of the others, and a manifest need
    not name a nail.
    """

    logits: str
    embedding: str | None
    modality: str | None
    lesion: str | None
    melanoma: str | None
    malignancy: str | None
    maps: str | None
    nail: str | None = None


OUTPUTS = tuple(field.name for field in fields(GraphOutputs))


@dataclass(frozen=True)
class Variant:
    """The same weights in one precision; ``files`` by path relative to the manifest.

    ``tolerance_logit`` is the largest absolute difference to PyTorch's golden logits at which a
    backend is believed.
    """

    model: str
    files: Mapping[Annotated[str, _PATH], ModelFile]
    tolerance_logit: Annotated[float, _TOLERANCE_LOGIT]

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when the model's own file is not among the files."""
        if self.model not in self.files:
            raise ValueError(f"model names {self.model}, not in its files")

    @property
    def download_bytes(self) -> int:
        """What a visitor downloads for this variant, before compression."""
        return sum(file.bytes for file in self.files.values())


@dataclass(frozen=True)
class Calibration:
    """How logits become probabilities, and on which pictures that was fitted."""

    temperature: Annotated[float, _TEMPERATURE]
    split: str
    pictures: Annotated[int, _COUNT]


@dataclass(frozen=True)
class ModalityReading:
    """From which probability, 0.5..1, the model's word on the modality counts as certain."""

    certain_from: Annotated[float, _CERTAIN_FROM]


@dataclass(frozen=True)
class PicturesBySplit:
    """How many pictures of a set lie in each split."""

    train: Count
    val: Count
    test: Count


@dataclass(frozen=True)
class PictureSet:
    """Pictures that the model learned from: their licences, by image where there are several."""

    name: str
    licences: tuple[str, ...]
    source: str
    modalities: tuple[str, ...]
    pictures: PicturesBySplit


@dataclass(frozen=True)
class Manifest:
    """What is known about one model; ``evaluation`` is ``None`` for one that was not evaluated.

    ``modality`` and ``out_of_distribution`` are ``None`` for a model that does not tell them.
    """

    id: str
    architecture: str
    parameters: Annotated[int, _COUNT]
    variants: Mapping[str, Variant]
    default_variant: str
    outputs: GraphOutputs
    calibration: Calibration
    scales: Scales
    modality: ModalityReading | None
    out_of_distribution: OutOfDistribution | None
    selection: Selection
    evaluation: Evaluation | None
    data: tuple[PictureSet, ...]
    licence: str

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when one part needs what another does not give."""
        if self.default_variant not in self.variants:
            raise ValueError(f"default_variant {self.default_variant} is no variant")
        if self.modality and self.outputs.modality is None:
            raise ValueError("modality needs outputs.modality")
        if (self.outputs.melanoma is None) != (self.outputs.malignancy is None):
            raise ValueError("outputs.melanoma and outputs.malignancy go together")
        if self.out_of_distribution and self.outputs.lesion is None:
            raise ValueError("out_of_distribution needs outputs.lesion")
        known = self.out_of_distribution
        if known and known.nail_from is not None and self.outputs.nail is None:
            raise ValueError("out_of_distribution.nail_from needs outputs.nail")

    @property
    def licence_is_inherited(self) -> bool:
        """Whether most of the training pictures carry the licence of the weights, and it alone."""
        pictures = sum(each.pictures.train for each in self.data)
        same = sum(each.pictures.train for each in self.data if each.licences == (self.licence,))
        return same * 2 > pictures

    @property
    def reader(self) -> Reader:
        """What turns the answers of this model into a reading."""
        return Reader(
            temperature=self.calibration.temperature,
            scales=self.scales,
            certain_from=self.modality.certain_from if self.modality else None,
            known=self.out_of_distribution,
        )


def _check_numbers(manifest: Manifest) -> None:
    """Refuse a number that cannot be meant."""
    known = manifest.out_of_distribution
    if known is not None:
        a_number(known.threshold, "out_of_distribution.threshold", _SCORE)
        if known.nail_from is not None:
            a_number(known.nail_from, "out_of_distribution.nail_from", _SCORE)
        for name, weight in vars(known.weights).items():
            a_number(weight, f"out_of_distribution.weights.{name}", _SCORE)


def _check_boundary(root: Mapping[str, Any]) -> None:
    """Refuse a model whose classes or input are not those of this program."""
    if root["schema"] != SCHEMA_VERSION:
        raise ManifestError(f"manifest: schema {root['schema']} is not {SCHEMA_VERSION}")
    if root["labels"] != [str(diagnosis) for diagnosis in Diagnosis]:
        order = " ".join(Diagnosis)
        raise ManifestError(f"manifest: labels are {order}, in this order, not {root['labels']}")
    expected = {
        "shape": list(INPUT_SHAPE),
        "minimum": INPUT_MINIMUM,
        "maximum": INPUT_MAXIMUM,
        "channels": "RGB",
    }
    given = keyed(root["input"], "input", set(expected))
    for key, value in expected.items():
        if given[key] != value:
            raise ManifestError(f"manifest: input.{key} is {value}, not {given[key]}")
    read(Golden, root["golden"], "golden")


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number of JSON")


def parse_manifest(text: str) -> Manifest:
    """Parse the text of a manifest; every breach of the schema is a ``ManifestError``."""
    try:
        document = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ManifestError("manifest: not JSON", detail=str(error)) from error
    own = {field.name for field in fields(Manifest)}
    root = keyed(document, "", own | {"schema", "labels", "input", "golden"})
    _check_boundary(root)
    manifest = read(Manifest, {key: root[key] for key in own}, "")
    _check_numbers(manifest)
    return manifest
