"""Python archives as the site ships them: bytecode in place of sources, and only what is used.

Pyodide compiles every module that it imports anew at each start, because nothing of it is kept.
docs/decisions/0012-compiled-python.md has what that costs.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tooling.command import run
from tooling.layout import Layout
from tooling.node import Node

_FOLDER = Path("tooling")
_PROGRAM = _FOLDER / "compile_python.mjs"
_UNUSED = _FOLDER / "unused_python.toml"
RECIPE = (_PROGRAM, _FOLDER / "compile_python.py", _FOLDER / "compiled_python.py", _UNUSED)
# For compilers, type checkers, testers and pip.
_UNUSED_ANYWHERE = ("*.pyi", "*.pxd", "*.h", "*/tests/*", "*/conftest.py", "*.dist-info/RECORD")


def unused(layout: Layout) -> dict[str, list[str]]:
    """Return what is left away, as patterns of paths, by what an archive's name begins with."""
    groups = tomllib.loads((layout.root / _UNUSED).read_text(encoding="utf-8"))
    return {begin: [*chain.from_iterable(parts.values())] for begin, parts in groups.items()}


@dataclass(frozen=True)
class Archive:
    """A zip file of Python modules, and where the rewritten one goes."""

    source: Path
    target: Path

    def without(self, unused: Mapping[str, Sequence[str]]) -> list[str]:
        """Return the patterns of what is left away."""
        begun = (parts for begin, parts in unused.items() if self.source.name.startswith(begin))
        return [*_UNUSED_ANYWHERE, *next(begun, ())]


def compile_archives(
    layout: Layout, node: Node, pyodide: Path, archives: Sequence[Archive]
) -> None:
    """Rewrite the archives with the Pyodide that lies in the folder `pyodide`.

    The same archives and the same Pyodide always give the same bytes.
    """
    left_away = unused(layout)
    plan = [
        {"from": str(each.source), "to": str(each.target), "without": each.without(left_away)}
        for each in archives
    ]
    run(
        [node.node, layout.root / _PROGRAM, pyodide, json.dumps(plan)],
        cwd=layout.root,
        environment=node.environment(),
        remedy="delete node_modules and run the command again",
    )
