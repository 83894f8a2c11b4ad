"""Where a build may be put, that the earlier one stays until the new one is there, and its page."""

import errno
import shutil
import tomllib
from pathlib import Path

import pytest

from tests.unit.tooling.small_site import CONFIG, sha256
from tooling import compressed, distribution, offline
from tooling.errors import ToolingError
from tooling.imprint import Imprint
from tooling.layout import Layout

UNTOLD = Imprint("0", "", "")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A small site, of which `_put_in_place` can make builds."""
    root = tmp_path / "repository"
    for name, text in {
        "index.html": '<meta name="build" content="">\n',
        "sw.js": "const BUILD = {};\n",
        "LICENSE": "",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def a_build(repository: Path, out: Path) -> None:
    fresh = repository.parent / "fresh"
    shutil.copytree(repository, fresh)
    offline.seal(fresh)
    compressed.compress(fresh)
    (fresh / distribution.MARKER).touch()
    distribution._put_in_place(fresh, out)


def refused(repository: Path, out: Path) -> str:
    with pytest.raises(ToolingError) as caught:
        distribution.build_site(Layout(repository), out, UNTOLD)
    return caught.value.fault


def test_the_repository_and_what_holds_it_are_never_replaced(repository: Path) -> None:
    # As for GitHub Pages: it used to mark a folder as one of ours.
    (repository / ".nojekyll").touch()
    (repository.parent / ".nojekyll").touch()
    for out in (repository, Path(), repository.parent, Path("/")):
        assert "holds this repository" in refused(repository, out)
    for inside in ("js/new", "vendor", "models/x", ".git/x", "node_modules", ".venv"):
        assert "is a part of this repository" in refused(repository, Path(inside))
    assert (repository / "index.html").is_file()


def test_a_file_and_a_folder_of_somebody_elses_are_never_replaced(
    repository: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    assert "is a file" in refused(repository, tmp_path / "file")
    other = tmp_path / "pages"
    other.mkdir()
    for name in (".nojekyll", "index.html", "CNAME"):
        (other / name).write_text("mine")
        assert "no earlier build of this site: it holds" in refused(repository, other)
    assert (other / "CNAME").read_text() == "mine"


@pytest.mark.parametrize("added", ["CNAME", ".git/config", "js/own.js", "empty/"])
def test_a_build_to_which_something_was_added_is_not_replaced(
    repository: Path, tmp_path: Path, added: str
) -> None:
    out = tmp_path / "dist"
    a_build(repository, out)
    distribution._refuse_foreign(repository, out)
    path = out / added
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir() if added.endswith("/") else path.write_text("mine")
    assert f"it holds {added}" in refused(repository, out)
    assert path.exists()


@pytest.mark.parametrize("step", ["move", "rename"])
def test_a_build_that_ends_half_way_leaves_the_old_one(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    out = tmp_path / "dist"
    a_build(repository, out)
    before = sorted(path.name for path in out.iterdir())
    (repository / "lab.html").write_text("new")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    rename = Path.rename

    def fail_at_the_new_one(self: Path, target: Path) -> Path:
        if self.name.endswith(".new"):
            raise KeyboardInterrupt
        return rename(self, target)

    if step == "move":
        monkeypatch.setattr(shutil, "move", full)
    else:
        monkeypatch.setattr(Path, "rename", fail_at_the_new_one)
    with pytest.raises((OSError, KeyboardInterrupt)):
        a_build(repository, out)
    monkeypatch.undo()
    assert sorted(path.name for path in out.iterdir()) == before
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".dist")]
    shutil.rmtree(tmp_path / "fresh", ignore_errors=True)
    # What a killed run has left is no hindrance.
    (tmp_path / ".dist.new").mkdir()
    a_build(repository, out)
    assert (out / "lab.html").read_text() == "new"
    assert not (tmp_path / ".dist.new").exists()


def test_dist_loads_the_wheel_as_a_package_in_place_of_the_files() -> None:
    config = tomllib.loads(distribution.with_wheel_package(CONFIG))
    assert config == {"packages": ["numpy", "pillow", "lentigo-app"], "other": {"key": 1}}


def test_build_does_not_delete_a_folder_that_is_not_its_own(root: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "photos"
    foreign.mkdir()
    (foreign / "family.jpg").write_bytes(b"")
    with pytest.raises(ToolingError, match="no earlier build"):
        distribution.build_site(Layout(root), foreign, UNTOLD)
    assert (foreign / "family.jpg").exists()


def page_naming(folder: Path, manifest: str) -> str:
    (folder / "index.html").write_text(f'<body data-manifest="{manifest}" data-manifest-sha256="">')
    distribution.pin_manifest(folder)
    return (folder / "index.html").read_text()


def test_a_build_writes_into_the_page_which_manifest_it_was_built_with(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    digest = sha256(b"{}")
    page = page_naming(tmp_path, "manifest.json")
    assert page == f'<body data-manifest="manifest.json" data-manifest-sha256="{digest}">'
    (tmp_path / "manifest.json").write_text("[]")
    distribution.pin_manifest(tmp_path)
    assert sha256(b"[]") in (tmp_path / "index.html").read_text()


def test_a_page_that_names_no_manifest_is_not_built(tmp_path: Path) -> None:
    with pytest.raises(ToolingError, match="names no manifest"):
        page_naming(tmp_path, "models/absent/manifest.json")
