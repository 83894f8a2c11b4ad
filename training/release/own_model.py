"""``python -m training.release.own_model models/mine``: completes a manifest that was written by
hand.

Fills in every file's bytes and sha256, checks the golden vectors' shape, and parses the result as
strictly as the page does. ``models/README.md`` describes the whole way.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from lentigo.diagnosis import Diagnosis
from lentigo.errors import ManifestError
from lentigo.model.manifest import parse_manifest
from lentigo.picture.preprocess import INPUT_SIZE_PX
from training.network.model_folder import describe_file, write_json


def model_files(model: Path) -> list[Path]:
    """Return a graph model's ``model.json`` and the shards that it names."""
    groups = json.loads(model.read_text(encoding="utf-8"))["weightsManifest"]
    return [model, *(model.parent / name for group in groups for name in group["paths"])]


def check_golden(golden: Path) -> int:
    """Return how many classes are on top in the golden pictures.

    Raises ``ManifestError`` for a case that the page could not compare.
    """
    cases = json.loads(golden.read_text(encoding="utf-8"))["cases"]
    for case in cases:
        name, repeat = case["name"], case["repeat"]
        if (case["height"] * repeat, case["width"] * repeat) != (INPUT_SIZE_PX, INPUT_SIZE_PX):
            raise ManifestError(f"golden: {name} does not fill {INPUT_SIZE_PX}x{INPUT_SIZE_PX}")
        if len(case["logits"]) != len(Diagnosis):
            raise ManifestError(f"golden: {name} has {len(case['logits'])} logits, not 7")
    if not cases:
        raise ManifestError("golden: there are no cases")
    return len({max(range(len(c["logits"])), key=c["logits"].__getitem__) for c in cases})


def complete(folder: Path) -> dict[str, Any]:
    """Return the folder's manifest with its files described.

    Raises ``ManifestError`` for what the page would refuse, ``OSError`` for a missing file.
    """
    document = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for variant in document["variants"].values():
        variant["files"] = {
            path.relative_to(folder).as_posix(): describe_file(path)
            for path in model_files(folder / variant["model"])
        }
    golden = folder / document["golden"]["path"]
    document["golden"] = {"path": document["golden"]["path"], **describe_file(golden)}
    parse_manifest(json.dumps(document))
    return dict(document)


def main() -> None:
    """Complete a manifest that was written by hand."""
    parser = argparse.ArgumentParser(
        prog="python -m training.release.own_model", description=main.__doc__
    )
    parser.add_argument("folder", type=Path, help="models/ID, with manifest.json in it")
    folder: Path = parser.parse_args().folder
    try:
        document = complete(folder)
        on_top = check_golden(folder / document["golden"]["path"])
    except (OSError, ManifestError, KeyError) as error:
        raise SystemExit(f"{folder}: {error}") from error
    write_json(folder / "manifest.json", document)
    print(f"{folder / 'manifest.json'} is complete")
    if on_top == 1:
        print("All golden pictures have the same top class: swapped classes could pass unseen.")


if __name__ == "__main__":
    main()
