"""Python archives as the site ships them: bytecode in place of sources, and only what is used.

Pyodide compiles every module that it imports anew at each start, because nothing of it is kept.
docs/decisions/0012-compiled-python.md has what that costs.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tooling.command import run
from tooling.layout import Layout
from tooling.node import Node

_FOLDER = Path("tooling")
_PROGRAM = _FOLDER / "compile_python.mjs"
RECIPE = (_PROGRAM, _FOLDER / "compile_python.py", _FOLDER / "compiled_python.py")
# For compilers, type checkers, testers and pip.
_UNUSED_ANYWHERE = ("*.pyi", "*.pxd", "*.h", "*/tests/*", "*/conftest.py", "*.dist-info/RECORD")
# By what an archive's name begins with: parts that no module of ours reaches, as patterns of paths.
# Processes, other hosts, terminals, debuggers, tests; other random numbers than Python's own;
# fonts and windows.
_UNUSED = {
    "python_stdlib": (
        "_pyrepl/*",
        "multiprocessing/*",
        "pydoc_data/*",
        "unittest/*",
        "wsgiref/*",
        "xmlrpc/*",
        *(
            f"{module}.py"
            for module in (
                *("bdb", "cmd", "doctest", "pdb", "pydoc", "trace"),
                *("ftplib", "imaplib", "mailbox", "netrc", "poplib", "smtplib", "socketserver"),
                *("pickletools", "profile", "pstats", "rlcompleter", "timeit", "webbrowser"),
            )
        ),
    ),
    "numpy": ("numpy/f2py/*", "numpy/random/*", "numpy/_pyinstaller/*"),
    "pillow": ("PIL/_imagingft.*", "PIL/_imagingtk.*", "PIL/ImageTk.py", "PIL/ImageQt.py"),
}


@dataclass(frozen=True)
class Archive:
    """A zip file of Python modules, and where the rewritten one goes."""

    source: Path
    target: Path

    @property
    def without(self) -> tuple[str, ...]:
        """What is left away."""
        begun = (parts for begin, parts in _UNUSED.items() if self.source.name.startswith(begin))
        return (*_UNUSED_ANYWHERE, *next(begun, ()))


def compile_archives(
    layout: Layout, node: Node, pyodide: Path, archives: Sequence[Archive]
) -> None:
    """Rewrite the archives with the Pyodide that lies in the folder `pyodide`.

    The same archives and the same Pyodide always give the same bytes.
    """
    plan = [
        {"from": str(each.source), "to": str(each.target), "without": each.without}
        for each in archives
    ]
    run(
        [node.node, layout.root / _PROGRAM, pyodide, json.dumps(plan)],
        cwd=layout.root,
        environment=node.environment(),
        remedy="delete node_modules and run the command again",
    )
