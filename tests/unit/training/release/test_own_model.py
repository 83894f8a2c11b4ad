"""A model of one's own, made as ``models/README.md`` says, becomes a manifest that parses."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from lentigo.errors import ManifestError
from lentigo.model.manifest import parse_manifest
from tests.unit import tiny_model
from training.network.model_folder import DEFAULT_MODEL, ModelFolder
from training.release.own_model import check_golden, complete

RELEASED = ModelFolder.named(DEFAULT_MODEL).path


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    tiny_model.write(folder, RELEASED)
    return folder


def change(folder: Path, **changes: Any) -> None:
    path = folder / "manifest.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, **changes}), encoding="utf-8")


def test_the_files_are_described_as_they_lie_there(mine: Path) -> None:
    document = complete(mine)
    files = document["variants"]["float32"]["files"]
    assert set(files) == {"float32/model.json", "float32/shard.bin"}
    shard = (mine / "float32" / "shard.bin").read_bytes()
    # Two axes, a matrix of 3x7 and seven biases, four bytes each.
    assert files["float32/shard.bin"] == {
        "bytes": (2 + 21 + 7) * 4,
        "sha256": hashlib.sha256(shard).hexdigest(),
    }
    golden = (mine / "golden.json").read_bytes()
    assert document["golden"]["sha256"] == hashlib.sha256(golden).hexdigest()


def test_what_a_model_does_not_tell_may_be_null(mine: Path) -> None:
    manifest = parse_manifest(json.dumps(complete(mine)))
    assert manifest.outputs.logits == "scores"
    assert all(getattr(manifest.outputs, name) is None for name in tiny_model.ABSENT)
    assert manifest.modality is None
    assert manifest.out_of_distribution is None


def test_a_missing_shard_is_named(mine: Path) -> None:
    (mine / "float32" / "shard.bin").unlink()
    with pytest.raises(FileNotFoundError, match=r"shard\.bin"):
        complete(mine)


def test_what_the_page_would_refuse_is_refused_here(mine: Path) -> None:
    change(mine, labels=["mel", "nv"])
    with pytest.raises(ManifestError, match="labels are akiec bcc"):
        complete(mine)


def test_golden_logits_are_seven_of_whole_pictures(mine: Path) -> None:
    path = mine / "golden.json"
    assert check_golden(path) > 1
    document = json.loads(path.read_text(encoding="utf-8"))
    document["cases"][0]["logits"].pop()
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ManifestError, match="has 6 logits"):
        check_golden(path)
    document["cases"][0]["repeat"] = 2
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ManifestError, match="does not fill 224x224"):
        check_golden(path)
