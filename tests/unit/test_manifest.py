import json
from collections.abc import Callable
from typing import Any

import pytest

from lentigo.errors import ManifestError
from lentigo.manifest import parse_manifest
from tests.unit.builders import manifest_document

Change = Callable[[dict[str, Any]], object]


def test_a_whole_manifest_is_parsed() -> None:
    manifest = parse_manifest(json.dumps(manifest_document()))
    assert manifest.id == "test-model"
    assert manifest.variants["float16"].download_bytes == 20
    assert manifest.operating_points.mel == 0.2
    assert manifest.calibration.temperature == 1.0


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda m: m.pop("labels"), "lacks labels"),
        (lambda m: m.update(extra=1), "unknown extra"),
        (lambda m: m.update(schema=2), "schema 2"),
        (lambda m: m["labels"].reverse(), "in this order"),
        (lambda m: m["input"].update(minimum=0.0), r"input\.minimum"),
        (lambda m: m["input"].update(shape=[1, 3, 224, 224]), r"input\.shape"),
        (lambda m: m["input"].update(channels="BGR"), r"input\.channels"),
        (lambda m: m["outputs"].pop("logits"), "outputs lacks logits"),
        (lambda m: m["calibration"].update(temperature=0), r"calibration\.temperature"),
        (lambda m: m["calibration"].update(temperature="1"), r"calibration\.temperature"),
        (lambda m: m["operating_points"].update(mel=1.5), r"operating_points\.mel"),
        (lambda m: m["operating_points"].pop("mel"), "operating_points lacks mel"),
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


def test_what_is_not_json_is_said_to_be_so() -> None:
    with pytest.raises(ManifestError, match="not JSON"):
        parse_manifest("<!doctype html>")
