"""Without a network the tools say so at once, name what was tried, and leave what is there."""

import sys
from pathlib import Path

import pytest

from tooling import environment, node
from tooling.environment import ensure_environment, see_package_index
from tooling.errors import ToolingError
from tooling.layout import Layout
from tooling.node import Node, install_packages

# Writes its arguments down and fails for those subcommands that it is told to.
_NPM = """
import sys
with open("asked", "a") as asked:
    print(*sys.argv[1:], file=asked)
if sys.argv[1] in open("fails").read().split():
    sys.exit("npm error code EAI_AGAIN")
"""


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    for name, text in {"package-lock.json": "{}", "npm.py": _NPM, "fails": ""}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "node_modules").mkdir()
    return Layout(tmp_path)


def npm(layout: Layout) -> Node:
    return Node(Path(sys.executable), (sys.executable, str(layout.root / "npm.py")), "a drawing")


def asked(layout: Layout) -> list[str]:
    return [line.split()[0] for line in (layout.root / "asked").read_text().splitlines()]


def test_npm_is_asked_once_whether_it_reaches_its_registry_and_then_for_all(
    layout: Layout,
) -> None:
    assert install_packages(layout, npm(layout), with_tests=True)
    assert asked(layout) == ["view", "ci"]
    view, install = (layout.root / "asked").read_text().splitlines()
    assert "--fetch-retries=0" in view
    assert "--offline" not in install
    assert not install_packages(layout, npm(layout), with_tests=True)


def test_without_a_registry_npms_own_cache_will_do(layout: Layout) -> None:
    (layout.root / "fails").write_text("view")
    assert install_packages(layout, npm(layout), with_tests=False)
    assert "--offline" in (layout.root / "asked").read_text().splitlines()[1]


def test_without_a_registry_and_a_cache_both_are_named(layout: Layout) -> None:
    (layout.root / "fails").write_text("view ci")
    with pytest.raises(ToolingError, match=r"not reach its registry.*EAI_AGAIN.*its own cache"):
        install_packages(layout, npm(layout), with_tests=False)
    assert asked(layout) == ["view", "ci"]
    assert not (layout.node_modules / ".lentigo-stamp").exists()


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text("# made from requirements.in\nsix==1.17.0 \\\n    --hash=sha256:00\nattrs==1\n")
    return path


def pip_that_prints(monkeypatch: pytest.MonkeyPatch, printed: str | None) -> list[list[str]]:
    """Let `environment.run` print this, or fail; returns what it is asked."""
    calls: list[list[str]] = []

    def run(arguments: list[str | Path], **_: object) -> str:
        calls.append([str(argument) for argument in arguments])
        if printed is None:
            raise ToolingError("pip index versions failed:\nERROR: No matching distribution", "x")
        return printed

    monkeypatch.setattr(environment, "run", run)
    return calls


def test_pip_is_asked_for_the_first_package_without_a_second_try(
    monkeypatch: pytest.MonkeyPatch, requirements: Path
) -> None:
    calls = pip_that_prints(monkeypatch, "six (1.17.0)\nAvailable versions: 1.17.0, 1.16.0\n")
    see_package_index(Path("python"), requirements)
    assert calls[0][-1] == "six"
    assert calls[0][calls[0].index("--retries") + 1] == "0"


@pytest.mark.parametrize(
    "printed",
    [
        None,
        # From a folder of packages on this machine's disk, which does not tell of a network.
        "six (1.16.0)\nAvailable versions: 1.16.0, 11.17.0\n",
    ],
)
def test_an_index_that_is_not_reached_is_told_and_the_old_environment_stays(
    monkeypatch: pytest.MonkeyPatch, requirements: Path, tmp_path: Path, printed: str | None
) -> None:
    calls = pip_that_prints(monkeypatch, printed)
    (tmp_path / "venv").mkdir()
    with pytest.raises(ToolingError, match=r"does not reach its package index.*six 1\.17\.0"):
        ensure_environment(Path(sys.executable), tmp_path / "venv", requirements)
    assert (tmp_path / "venv").is_dir()
    assert len(calls) == 1


def test_an_environment_holds_only_what_has_a_hash(
    monkeypatch: pytest.MonkeyPatch, requirements: Path, tmp_path: Path
) -> None:
    calls = pip_that_prints(monkeypatch, "six (1.17.0)")
    (tmp_path / "venv").mkdir()
    monkeypatch.setattr(environment, "create_venv", lambda *_: None)
    assert ensure_environment(Path(sys.executable), tmp_path / "venv", requirements)
    assert {"--require-hashes", "--only-binary", ":all:"} <= set(calls[-1])


def test_nodes_own_wheel_is_installed_with_its_hash(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made: list[str] = []

    def ensure(python: Path, folder: Path, requirements: Path) -> bool:
        made.append(requirements.name)
        return True

    monkeypatch.setattr(node, "ensure_environment", ensure)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolingError, match="npm was not found on PATH"):
        node.find_node(Layout(tmp_path))
    assert made == ["requirements-node.txt"]
