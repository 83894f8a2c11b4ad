"""A small site with things beside it that are none of a visitor's business, and a server of it."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tooling.server import Hosting, SiteServer

CONFIG = """\
# A comment that must stay.
packages = ["numpy", "pillow"]

[files]
"./py/lentigo/gone.py" = "lentigo/gone.py"

[other]
key = 1
"""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def make_site(folder: Path) -> Path:
    """Write the site into a folder, and return that."""
    for name, text in {
        "index.html": "<!doctype html>",
        "pyscript.toml": CONFIG,
        "js/page/host.js": "export {};",
        "py/main.py": "",
        "py/lentigo/__init__.py": "",
        "py/lentigo/priority.py": "",
        "py/lentigo/__pycache__/priority.pyc": "",
        "py/.secret": "",
        "serve.py": "",
        ".git/config": "",
        ".venv/pyvenv.cfg": "",
        "node_modules/x.js": "",
        "vendor/pyodide/pyodide-lock.json": "{}",
        "vendor/pyodide/pyodide.asm.wasm": "\0asm",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@contextmanager
def serving(hosting: Hosting) -> Iterator[SiteServer]:
    """A server in a thread of its own, ended with the block."""
    with SiteServer(hosting) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
