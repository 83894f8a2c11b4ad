"""vendor/ holds exactly the files of its lock, or the run fails."""

from pathlib import Path

import pytest

from tests.unit.tooling.small_site import sha256
from tooling import assets
from tooling.errors import ToolingError
from tooling.layout import REPOSITORY, Layout
from tooling.vendor_lock import VendorLock


@pytest.fixture
def checkout(tmp_path: Path) -> Layout:
    """A checkout whose lock wants one file, `tfjs/tfjs.js`, with the content `good`."""
    layout = Layout(tmp_path / "checkout")
    for path in (*assets.RECIPE, Path("package.json")):
        target = layout.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((REPOSITORY.root / path).read_text())
    groups: dict[str, dict[str, str]] = {name: {} for name in assets.MAKERS}
    groups["TensorFlow.js"] = {"tfjs/tfjs.js": sha256(b"good")}
    VendorLock(assets.recipe_sha256(layout), groups).write(layout.vendor_lock)
    return layout


def test_assets_heal_a_corrupted_file_and_remove_a_strange_one(
    checkout: Layout, tmp_path: Path
) -> None:
    source = tmp_path / "copy"
    source.mkdir()
    (source / "tfjs.js").write_bytes(b"good")
    (checkout.vendor / "tfjs").mkdir(parents=True)
    (checkout.vendor / "tfjs" / "tfjs.js").write_bytes(b"half")
    (checkout.vendor / "stranger.js").write_bytes(b"?")
    assets.prepare(checkout, source=source)
    assert (checkout.vendor / "tfjs" / "tfjs.js").read_bytes() == b"good"
    assert not (checkout.vendor / "stranger.js").exists()


def test_assets_refuse_a_source_whose_file_has_another_sha256(
    checkout: Layout, tmp_path: Path
) -> None:
    (tmp_path / "tfjs.js").write_bytes(b"evil")
    with pytest.raises(ToolingError, match=r"refused.*tfjs/tfjs\.js"):
        assets.prepare(checkout, source=tmp_path)
    assert not (checkout.vendor / "tfjs" / "tfjs.js").exists()


def test_assets_name_a_file_that_the_given_folder_lacks(checkout: Layout, tmp_path: Path) -> None:
    with pytest.raises(ToolingError, match=r"holds no tfjs/tfjs\.js"):
        assets.prepare(checkout, source=tmp_path)


def test_a_changed_bundle_entry_asks_for_a_new_lock(checkout: Layout) -> None:
    entry_file = checkout.root / "tooling" / "tfjs_entry.js"
    entry_file.write_text(entry_file.read_text() + "\nexport const added = 1;\n")
    with pytest.raises(ToolingError, match="another tfjs entry"):
        assets.prepare(checkout)


def test_the_committed_lock_belongs_to_the_committed_sources() -> None:
    lock = VendorLock.read(REPOSITORY.vendor_lock)
    assert lock.recipe == assets.recipe_sha256(REPOSITORY)
    assert lock.groups.keys() == assets.MAKERS.keys()
