"""Two runs in one checkout: the second waits; what a killed one has left is taken away."""

import subprocess
import sys
from pathlib import Path

import pytest

from tooling import assets, checkout_lock
from tooling.checkout_lock import checkout_lock as lock
from tooling.layout import REPOSITORY, Layout
from tooling.vendor_lock import VendorLock

# Another run: says when it has the checkout, and keeps it until its input ends.
_OTHER = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from tooling.checkout_lock import checkout_lock
from tooling.layout import Layout
with checkout_lock(Layout(Path(sys.argv[1]))):
    (Path(sys.argv[1]) / ".cache" / "staging-live").mkdir()
    print("has it", flush=True)
    sys.stdin.read()
    assert (Path(sys.argv[1]) / ".cache" / "staging-live").is_dir()
    (Path(sys.argv[1]) / "done").touch()
"""


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path)


@pytest.fixture
def other(tmp_path: Path) -> subprocess.Popen[str]:
    program = [sys.executable, "-c", _OTHER, str(tmp_path), str(REPOSITORY.root)]
    started = subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert started.stdout is not None
    assert started.stdout.readline() == "has it\n"
    return started


def test_a_second_run_says_that_it_waits_and_goes_on_when_the_first_has_ended(
    layout: Layout,
    other: subprocess.Popen[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []

    def let_it_end(text: str = "") -> None:
        said.append(text)
        if "waiting" in text:
            assert not (layout.root / "done").exists()
            assert other.stdin is not None
            other.stdin.close()

    monkeypatch.setattr(checkout_lock, "say", let_it_end)
    with lock(layout):
        assert (layout.root / "done").exists()
    assert f"process {other.pid}" in said[0]
    assert other.wait() == 0
    assert other.stdout is not None
    other.stdout.close()


def test_what_a_killed_run_has_left_is_taken_away_by_the_next(
    layout: Layout, other: subprocess.Popen[str]
) -> None:
    other.kill()
    other.communicate()
    (layout.cache / "pyodide").mkdir()
    for name in ("wheel-a", "dist-b", "pyodide/carrier-c"):
        (layout.cache / name).mkdir()
    (layout.cache / "pyodide" / "numpy.whl.partial").touch()
    (layout.cache / "pyodide" / "numpy.whl").touch()
    with lock(layout):
        kept = {path.relative_to(layout.cache).as_posix() for path in layout.cache.rglob("*")}
        assert kept == {"serve.lock", "pyodide", "pyodide/numpy.whl"}


def test_bringing_the_assets_takes_leftovers_away(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "checkout")
    for path in (*assets.RECIPE, Path("package.json")):
        target = layout.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((REPOSITORY.root / path).read_text())
    groups: dict[str, dict[str, str]] = {name: {} for name in assets.MAKERS}
    VendorLock(assets.recipe_sha256(layout), groups).write(layout.vendor_lock)
    (layout.cache / "staging-x").mkdir(parents=True)
    assets.prepare(layout)
    assert not (layout.cache / "staging-x").exists()


def test_a_run_may_ask_again_and_does_not_lose_its_own_work(layout: Layout) -> None:
    with lock(layout):
        (layout.cache / "staging-mine").mkdir()
        with lock(layout):
            assert (layout.cache / "staging-mine").is_dir()
    with lock(layout):
        assert not (layout.cache / "staging-mine").exists()


def test_where_nothing_can_be_written_there_is_nothing_to_wait_for(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "open", refuse)
    with lock(layout):
        pass
    monkeypatch.undo()
    assert not (layout.cache / "serve.lock").exists()
