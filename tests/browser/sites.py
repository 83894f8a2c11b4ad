"""The site as the tests serve it: as it is, or with single files altered, missing or held back."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tooling.layout import REPOSITORY
from tooling.server import Hosting, SiteServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from http.server import ThreadingHTTPServer
    from pathlib import Path

ROOT = REPOSITORY.root
# The folder of the model that the page names.
_MANIFEST = re.search(r'data-manifest="([^"]+)/manifest.json"', (ROOT / "index.html").read_text())
assert _MANIFEST is not None
MODEL = _MANIFEST[1]
_FACTS = json.loads((ROOT / MODEL / "manifest.json").read_text(encoding="utf-8"))
_FILES = _FACTS["variants"][_FACTS["default_variant"]]["files"]
# The first file of weights that the page fetches.
SHARD = f"{MODEL}/{min(name for name in _FILES if name.endswith('.bin'))}"
MAIN = "py/main.py"

# Gives the tests' JavaScript a way into the Python that PyScript has started. The page never has
# it; PyScript itself keeps its Pyodide to itself.
_WAY_INTO_PYTHON = "\nimport js\nimport pyodide_js\n\njs.pyodide = pyodide_js\n"
# Longer than any boot, so that a gate that is never opened ends in the page's own timeout.
_GATE_LIMIT_S = 120.0


@dataclass(frozen=True)
class AlteredHosting(Hosting):
    """A site in which some paths have another file, none, or wait for an event."""

    replaced: Mapping[str, Path] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    gates: Mapping[str, threading.Event] = field(default_factory=dict)

    def locate(self, url_path: str) -> Path | None:
        path = url_path.removeprefix(self.base + "/")
        if path in self.gates:
            self.gates[path].wait(_GATE_LIMIT_S)
        if path in self.missing:
            return None
        return self.replaced.get(path) or super().locate(url_path)


def with_way_into_python(folder: Path) -> dict[str, Path]:
    """What to replace so that ``LentigoPage.run_python`` works; the file is put into ``folder``."""
    main = folder / "main.py"
    main.write_text((ROOT / MAIN).read_text(encoding="utf-8") + _WAY_INTO_PYTHON, encoding="utf-8")
    return {MAIN: main}


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[None]:
    """Serve in a thread until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def served(hosting: Hosting) -> Iterator[str]:
    """Serve a site; gives its address, which ends in a slash."""
    server = SiteServer(hosting)
    with running(server):
        yield server.url
