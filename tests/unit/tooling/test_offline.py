"""The build that a service worker keeps lists itself."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.unit.tooling.small_site import sha256
from tooling import offline
from tooling.errors import ToolingError
from tooling.layout import REPOSITORY


@pytest.fixture
def unsealed(tmp_path: Path) -> Path:
    """A site with a place for the build's id and list, and a model in two variants."""
    variant = {"model": "a/model.json", "files": {"a/model.json": {}}}
    other = {"model": "b/model.json", "files": {"b/model.json": {}}}
    manifest = {"default_variant": "a", "variants": {"a": variant, "b": other}}
    for name, text in {
        "index.html": '<meta name="build" content="">\n',
        "sw.js": "'use strict';\nconst BUILD = {};\nconst other = 1;\n",
        "js/page/host.js": "export {};",
        "models/m/manifest.json": json.dumps(manifest),
        "models/m/a/model.json": "a",
        "models/m/b/model.json": "b",
        "vendor/LICENSES/numpy.txt": "BSD",
        "vendor/jspdf/jspdf.js": "a library",
        "js/vault/worker.js": "keeps",
        "LICENSE": "Apache",
        "README.md": "not of the site",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def build_list(folder: Path) -> dict[str, Any]:
    before, _, after = (folder / "sw.js").read_text().partition("const BUILD = ")
    assert before == "'use strict';\n"
    text, _, rest = after.partition(";\n")
    assert rest == "const other = 1;\n"
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_build_lists_each_file_of_the_site_with_its_sha256(unsealed: Path) -> None:
    build_id = offline.seal(unsealed)
    page = (unsealed / "index.html").read_bytes()
    assert page == f'<meta name="build" content="{build_id}">\n'.encode()
    assert build_list(unsealed) == {
        "id": build_id,
        "files": {
            "index.html": sha256(page),
            "js/page/host.js": sha256(b"export {};"),
            "models/m/a/model.json": sha256(b"a"),
            "models/m/manifest.json": sha256((unsealed / "models/m/manifest.json").read_bytes()),
        },
        "extras": {
            "LICENSE": sha256(b"Apache"),
            "vendor/LICENSES/numpy.txt": sha256(b"BSD"),
            "vendor/jspdf/jspdf.js": sha256(b"a library"),
            "js/vault/worker.js": sha256(b"keeps"),
        },
        "alternatives": {"b": {"models/m/b/model.json": sha256(b"b")}},
    }


def test_a_builds_id_changes_with_any_file_and_with_nothing_else(unsealed: Path) -> None:
    first = offline.seal(unsealed)
    assert len(first) == 16
    assert offline.seal(unsealed) == first
    for name in ("js/page/host.js", "models/m/b/model.json", "sw.js", "index.html"):
        path = unsealed / name
        text = path.read_text()
        path.write_text(text + "\n")
        assert offline.seal(unsealed) != first, name
        path.write_text(text)
        assert offline.seal(unsealed) == first, name


@pytest.mark.parametrize(("name", "text"), [("index.html", "<p>"), ("sw.js", "const BUILD = 1")])
def test_a_site_without_a_place_for_the_build_is_an_error_that_names_the_file(
    unsealed: Path, name: str, text: str
) -> None:
    (unsealed / name).write_text(text)
    with pytest.raises(ToolingError, match=rf"^{re.escape(name)} has 0 places"):
        offline.seal(unsealed)


def test_a_model_without_a_default_variant_cannot_be_kept(unsealed: Path) -> None:
    (unsealed / "models/m/manifest.json").write_text('{"variants": {}}')
    with pytest.raises(ToolingError, match=r"manifest\.json names no variants and default"):
        offline.seal(unsealed)


def test_the_repositorys_own_page_and_worker_are_no_build_and_can_become_one(
    tmp_path: Path,
) -> None:
    for name in ("index.html", "sw.js"):
        (tmp_path / name).write_bytes((REPOSITORY.root / name).read_bytes())
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    build_id = offline.seal(tmp_path)
    after = {path.name: path.read_text() for path in tmp_path.iterdir()}
    for name, text in before.items():
        assert build_id not in text
        assert build_id in after[name]
