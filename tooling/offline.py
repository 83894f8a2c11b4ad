"""What makes a folder one build: its id in the page, and in `sw.js` the list of what to keep."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from tooling import site
from tooling.errors import ToolingError

WORKER = "sw.js"
_ID_LENGTH = 16  # of 64 hexadecimal digits; enough to tell builds apart
_META = re.compile(r'(?<=<meta name="build" content=")[^"]*(?=">)')
_LIST = re.compile(r"(?<=^const BUILD = ).*(?=;$)", re.MULTILINE)
_NO_BUILD: dict[str, object] = {"id": "", "files": {}, "extras": {}, "alternatives": {}}
# What no answer needs. For people, by the end of their names: licences, readmes and types. And by
# how it begins, what only a report needs, or a visitor who keeps spots.
_TEXTS = (".txt", ".md", ".d.ts", "LICENSE", "sbom.cdx.json")
_LATER = ("vendor/jspdf/", "js/vault/", "vendor/idb/", "vendor/backup/")


def seal(folder: Path) -> str:
    """Write the build's id into index.html and its list into sw.js; return the id.

    The id is a hash of all files as they are without it, so the same files always get the same
    one, however often they are sealed. To be called when nothing else will change. Raises
    ToolingError where a file lacks the place to write to.
    """
    _write(folder / site.INDEX, _META, "")
    _write(folder / WORKER, _LIST, json.dumps(_NO_BUILD))
    hashes = {path.as_posix(): _sha256(folder / path) for path in site.files(folder)}
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items()))
    build_id = hashlib.sha256(lines.encode()).hexdigest()[:_ID_LENGTH]

    _write(folder / site.INDEX, _META, build_id)
    hashes[site.INDEX] = _sha256(folder / site.INDEX)
    # The browser keeps the worker itself.
    del hashes[WORKER]
    alternatives = {
        variant: {path: hashes.pop(path) for path in paths}
        for variant, paths in _alternatives(folder).items()
    }
    extra = [path for path in hashes if path.endswith(_TEXTS) or path.startswith(_LATER)]
    extras = {path: hashes.pop(path) for path in extra}
    build = {"id": build_id, "files": hashes, "extras": extras, "alternatives": alternatives}
    _write(folder / WORKER, _LIST, json.dumps(build))
    return build_id


def listed(folder: Path) -> set[str]:
    """Return the files of the build in `folder`, its worker too; raises ValueError for no build."""
    found = _LIST.search((folder / WORKER).read_text(encoding="utf-8"))
    build: dict[str, Any] = json.loads(found[0]) if found else {}
    if not build.get("id"):
        raise ValueError(f"{folder} holds no build")
    # Earlier builds named their extras otherwise.
    extras = build.get("extras", build.get("texts", {}))
    lists = [build["files"], extras, *build["alternatives"].values()]
    return {WORKER, *(path for files in lists for path in files)}


def _alternatives(folder: Path) -> dict[str, list[str]]:
    """Return the files of each model variant that is not its model's default, by variant."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("models/*/manifest.json")):
        try:
            manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            variants, default = manifest["variants"], manifest["default_variant"]
            base = path.parent.relative_to(folder).as_posix()
            for name, variant in variants.items():
                if name != default:
                    files = [f"{base}/{file}" for file in variant["files"]]
                    found.setdefault(name, []).extend(files)
        except (ValueError, KeyError) as error:
            raise ToolingError(
                f"{path} names no variants and default: {error}", "models/README.md describes it"
            ) from error
    return found


def _write(path: Path, place: re.Pattern[str], text: str) -> None:
    before = path.read_text(encoding="utf-8")
    after, count = place.subn(lambda _: text, before)
    if count != 1:
        raise ToolingError(
            f"{path.name} has {count} places for the build instead of one",
            f"git checkout -- {path.name}",
        )
    path.write_text(after, encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
