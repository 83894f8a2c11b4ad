import json
from collections.abc import Callable
from typing import Any

import pytest

from lentigo.errors import ManifestError
from lentigo.manifest import parse_manifest
from lentigo.modality import Modality
from lentigo.priority import OperatingPoints
from tests.unit.builders import manifest_document

Change = Callable[[dict[str, Any]], object]


def test_a_whole_manifest_is_parsed() -> None:
    manifest = parse_manifest(json.dumps(manifest_document()))
    assert manifest.id == "test-model"
    assert manifest.variants["float16"].download_bytes == 20
    assert manifest.operating_points.dermoscopic.mel == 0.2
    assert manifest.operating_points.camera.mel == 0.4
    assert manifest.outputs["maps"] == "maps"
    assert manifest.modality is not None
    assert manifest.modality.certain_from == 0.9
    assert manifest.out_of_distribution is not None
    assert manifest.out_of_distribution.weights.lesion == 1.0
    assert manifest.calibration.temperature == 1.0


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda m: m.pop("labels"), "lacks labels"),
        (lambda m: m.update(extra=1), "unknown extra"),
        (lambda m: m.update(schema=1), "schema 1"),
        (lambda m: m["labels"].reverse(), "in this order"),
        (lambda m: m["input"].update(minimum=0.0), r"input\.minimum"),
        (lambda m: m["input"].update(shape=[1, 3, 224, 224]), r"input\.shape"),
        (lambda m: m["input"].update(channels="BGR"), r"input\.channels"),
        (lambda m: m["outputs"].pop("logits"), "outputs lacks logits"),
        (lambda m: m["calibration"].update(temperature=0), r"calibration\.temperature"),
        (lambda m: m["calibration"].update(temperature="1"), r"calibration\.temperature"),
        (lambda m: m["outputs"].pop("maps"), "outputs lacks maps"),
        (lambda m: m["outputs"].update(logits=None), r"outputs\.logits"),
        (lambda m: m["outputs"].update(embedding=""), r"outputs\.embedding"),
        (
            lambda m: m["operating_points"]["camera"].update(mel=1.5),
            r"operating_points\.camera\.mel",
        ),
        (
            lambda m: m["operating_points"]["camera"].pop("mel"),
            r"operating_points\.camera lacks mel",
        ),
        (lambda m: m["operating_points"].pop("dermoscopic"), "lacks dermoscopic"),
        (lambda m: m["modality"].update(certain_from=0.4), r"modality\.certain_from"),
        (lambda m: m["outputs"].update(modality=None), r"modality needs outputs\.modality"),
        (lambda m: m.pop("modality"), "lacks modality"),
        (lambda m: m["outputs"].update(lesion=None), r"needs outputs\.lesion"),
        (lambda m: m["out_of_distribution"]["weights"].pop("bias"), "weights lacks bias"),
        (lambda m: m["out_of_distribution"].update(threshold=None), "threshold"),
        (lambda m: m["variants"]["float16"].update(model="x"), "not in its files"),
        (lambda m: m["variants"]["float16"].pop("files"), "lacks files"),
        (lambda m: m.update(default_variant="int4"), "int4"),
        (lambda m: m.update(parameters=True), "parameters"),
        (lambda m: m.update(golden=[]), "golden is an object"),
    ],
)
def test_every_breach_of_the_schema_names_its_place(change: Change, named: str) -> None:
    document = manifest_document()
    change(document)
    with pytest.raises(ManifestError, match=named):
        parse_manifest(json.dumps(document))


def test_a_model_may_tell_nothing_but_its_logits() -> None:
    document = manifest_document()
    document["outputs"] |= dict.fromkeys(["embedding", "modality", "lesion", "maps"])
    document |= {"modality": None, "out_of_distribution": None}
    manifest = parse_manifest(json.dumps(document))
    assert (manifest.modality, manifest.out_of_distribution) == (None, None)
    assert manifest.outputs["logits"] == "logits"
    assert manifest.outputs["maps"] is None


def test_the_points_are_those_of_the_modality_and_cautious_when_it_is_unsure() -> None:
    manifest = parse_manifest(json.dumps(manifest_document()))
    assert manifest.points_for(Modality.CAMERA).malignancy == 0.5
    assert manifest.points_for(Modality.DERMOSCOPIC).malignancy == 0.35
    unsure = OperatingPoints(mel=0.2, bcc=0.25, akiec=0.3, malignancy=0.35, confidence=0.4)
    assert manifest.points_for(Modality.UNSURE) == unsure


def test_what_is_not_json_is_said_to_be_so() -> None:
    with pytest.raises(ManifestError, match="not JSON"):
        parse_manifest("<!doctype html>")
