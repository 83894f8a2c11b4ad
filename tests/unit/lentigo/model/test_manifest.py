import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lentigo.errors import ManifestError
from lentigo.model.manifest import OUTPUTS, parse_manifest
from tests.unit.builders import manifest_document

Change = Callable[[dict[str, Any]], object]


def test_a_whole_manifest_is_parsed() -> None:
    manifest = parse_manifest(json.dumps(manifest_document()))
    assert manifest.id == "test-model"
    assert manifest.variants["float16"].download_bytes == 20
    assert manifest.scales.dermoscopic.melanoma.intercept == 1.571
    assert manifest.scales.camera.melanoma.intercept == -1.5
    assert manifest.outputs.maps == "maps"
    assert manifest.modality is not None
    assert manifest.modality.certain_from == 0.9
    assert manifest.out_of_distribution is not None
    assert manifest.out_of_distribution.weights.lesion == 1.0
    assert (manifest.outputs.nail, manifest.out_of_distribution.nail_from) == (None, None)
    assert manifest.calibration.temperature == 1.0


def line(document: dict[str, Any], name: str, value: float) -> None:
    document["scales"]["camera"]["melanoma"][name] = value


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
        (lambda m: m["scales"]["camera"].update(melanoma=1.5), r"scales\.camera\.melanoma"),
        (lambda m: m["scales"]["camera"].pop("melanoma"), r"scales\.camera lacks melanoma"),
        (lambda m: m["scales"].pop("dermoscopic"), "lacks dermoscopic"),
        (lambda m: m["outputs"].update(melanoma=None), r"outputs\.melanoma and outputs"),
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
        (lambda m: m["calibration"].update(temperature=20), r"calibration\.temperature"),
        (lambda m: m["calibration"].update(temperature=0.1), r"calibration\.temperature"),
        (lambda m: m["calibration"].update(pictures=1.5), r"calibration\.pictures"),
        (lambda m: m["calibration"].update(pictures=0), r"calibration\.pictures"),
        (lambda m: line(m, "classes", -1), r"scales\.camera\.melanoma\.classes"),
        (lambda m: line(m, "head", 4), r"scales\.camera\.melanoma\.head"),
        (lambda m: m["scales"]["camera"].update(bcc=0.51), r"scales\.camera\.bcc"),
        (lambda m: m["scales"]["camera"].update(bcc=0.0), r"scales\.camera\.bcc"),
        (lambda m: line(m, "intercept", 7), r"scales\.camera\.melanoma\.intercept"),
        (lambda m: line(m, "intercept", -7), r"scales\.camera\.melanoma\.intercept"),
        (lambda m: m["scales"]["camera"].update(confident=1), r"camera\.confident"),
        (lambda m: m["scales"]["camera"].update(confident=0.1), r"camera\.confident"),
        (lambda m: m["modality"].update(certain_from=1.01), r"modality\.certain_from"),
        (lambda m: m["out_of_distribution"].update(threshold=1e9), "threshold"),
        (lambda m: m["out_of_distribution"].update(nail_from=1.0), "nail_from needs outputs.nail"),
        (
            lambda m: (
                m["out_of_distribution"].update(nail_from=1e9),
                m["outputs"].update(nail="nail"),
            ),
            "nail_from",
        ),
        (lambda m: m["out_of_distribution"]["weights"].update(lesion=1e9), r"weights\.lesion"),
        (lambda m: m["variants"]["float16"].update(tolerance_logit=0), "tolerance_logit"),
        (lambda m: m["variants"]["float16"].update(tolerance_logit=9), "tolerance_logit"),
        (lambda m: m["golden"].update(bytes=-10), r"golden\.bytes"),
        (lambda m: m["golden"].update(bytes=10.5), r"golden\.bytes"),
        (lambda m: m["golden"].update(sha256="0" * 63), r"golden\.sha256"),
        (lambda m: m["golden"].update(sha256="G" * 64), r"golden\.sha256"),
        (lambda m: m["golden"].update(path="https://example.org/golden.json"), r"golden\.path"),
        (lambda m: m["golden"].update(path="../golden.json"), r"golden\.path"),
        (lambda m: m["golden"].update(path="/golden.json"), r"golden\.path"),
        (lambda m: m.update(variants={}), "default_variant"),
        (lambda m: m.update(evaluation={}), "evaluation lacks every"),
        (lambda m: m.update(data={}), "data is a list"),
        (lambda m: m["data"][0].pop("licences"), r"data\[0\] lacks licences"),
        (lambda m: m["data"][0]["pictures"].update(all=6), r"data\[0\]\.pictures has unknown all"),
        (
            lambda m: m["selection"].update(temperature="guessed"),
            r"selection\.temperature is one of",
        ),
        (lambda m: m["selection"].pop("modality"), "selection lacks modality"),
        (lambda m: m.update(licence=""), "licence is a text"),
    ],
)
def test_every_breach_of_the_schema_names_its_place(change: Change, named: str) -> None:
    document = manifest_document()
    change(document)
    with pytest.raises(ManifestError, match=named):
        parse_manifest(json.dumps(document))


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_none_is_refused_wherever_it_stands(word: str) -> None:
    text = json.dumps({**manifest_document(), "evaluation": {"accuracy": "HERE"}})
    with pytest.raises(ManifestError, match="not JSON"):
        parse_manifest(text.replace('"HERE"', word))


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a document, the leaves and what holds them."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


@pytest.mark.parametrize(
    "junk", [None, True, -1, 1e99, 10**400, "", "junk", [], [[]], {}, {"a": 1}]
)
def test_junk_anywhere_is_a_manifest_error_or_harmless(junk: object) -> None:
    """Nothing but ``ManifestError`` comes out: any other exception would be a mistake of ours."""
    for path in places(manifest_document()):
        document: Any = {"root": manifest_document()}
        *way, last = ("root", *path)
        holder = document
        for key in way:
            holder = holder[key]
        holder[last] = junk
        with contextlib.suppress(ManifestError):
            parse_manifest(json.dumps(document["root"]))


def test_a_model_may_tell_nothing_but_its_logits() -> None:
    document = manifest_document()
    document["outputs"] |= dict.fromkeys([*OUTPUTS[1:]])
    document |= {"modality": None, "out_of_distribution": None}
    manifest = parse_manifest(json.dumps(document))
    assert (manifest.modality, manifest.out_of_distribution) == (None, None)
    assert manifest.outputs.logits == "logits"
    assert manifest.outputs.maps is None


def test_what_is_not_json_is_said_to_be_so() -> None:
    with pytest.raises(ManifestError, match="not JSON"):
        parse_manifest("<!doctype html>")
