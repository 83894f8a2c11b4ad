"""The site: which files of the repository a visitor's browser may load."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from tooling.errors import ToolingError

# The one list; the server serves and `serve.py build` copies these, and nothing else.
ENTRIES = (
    "index.html",
    "lab.html",
    "style.css",
    "print.css",
    "lab.css",
    "pyscript.toml",
    "sw.js",
    "manifest.webmanifest",
    "favicon.ico",
    "favicon.svg",
    "icons",
    "js",
    "py",
    "models",
    "vendor",
    "LICENSE",
    "THIRD-PARTY-NOTICES.md",
    "sbom.cdx.json",
)
_NOT_SERVED = {".br", ".c", ".gz"}
INDEX = "index.html"
PYSCRIPT_CONFIG = "pyscript.toml"
MAIN_SCRIPT = PurePosixPath("py/main.py")

_FILES_TABLE = re.compile(r"^\[files\][^\n]*\n(?:(?!\[)[^\n]*\n?)*", re.MULTILINE)


def allowed(path: PurePosixPath) -> bool:
    """Tell whether a path relative to the site's root belongs to the site.

    Hidden names, Python's caches, what is compiled, compressed copies and anything that climbs
    are refused.
    """
    if path.is_absolute() or not path.parts or path.parts[0] not in ENTRIES:
        return False
    if path.suffix in _NOT_SERVED:
        return False
    return not any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def locate(root: Path, url_path: str) -> Path | None:
    """Return the file that an URL path (decoded, query cut off) stands for, or None.

    A link that leads out of `root` is not followed.
    """
    if "\\" in url_path or "\0" in url_path:
        return None
    relative = PurePosixPath(url_path.lstrip("/") or INDEX)
    if not allowed(relative):
        return None
    path = (root / relative).resolve()
    return path if path.is_file() and path.is_relative_to(root.resolve()) else None


def files(root: Path) -> Iterator[PurePosixPath]:
    """Yield every file of the site, relative to `root`, sorted within each entry."""
    for entry in ENTRIES:
        start = root / entry
        candidates = [start] if start.is_file() else sorted(start.rglob("*"))
        for path in candidates:
            relative = PurePosixPath(path.relative_to(root).as_posix())
            if path.is_file() and allowed(relative):
                yield relative


def python_files(root: Path) -> dict[str, str]:
    """Return what `[files]` of pyscript.toml must hold: {URL: path in Python's home}.

    Python looks for modules in its home. These are all modules below py/ but the worker's
    entry, which the page loads by `src`.
    """
    return {
        f"./{path}": f"./{path.relative_to('py')}"
        for path in files(root)
        if path.parts[0] == "py" and path.suffix == ".py" and path != MAIN_SCRIPT
    }


def stale_python_files(root: Path) -> list[str]:
    """Return what is wrong with `[files]` of pyscript.toml, a line each; empty when it is right."""
    config = _read_config(root)
    listed, wanted = config.get("files", {}), python_files(root)
    wrong = [f"{url} is missing" for url in wanted if url not in listed]
    wrong += [f"{url} is no module of py/" for url in listed if url not in wanted]
    wrong += [
        f"{url} must land at {path}, not {listed[url]}"
        for url, path in wanted.items()
        if url in listed and listed[url] != path
    ]
    return wrong


def with_python_files(config_text: str, wanted: dict[str, str]) -> str:
    """Return the text of pyscript.toml with its `[files]` table replaced.

    An empty `wanted` removes the table. All other text, comments too, stays as it is.
    """
    table = ""
    if wanted:
        lines = "".join(f'"{url}" = "{path}"\n' for url, path in wanted.items())
        table = f"[files]\n{lines}"
    found = _FILES_TABLE.search(config_text)
    if found is None:
        return config_text.rstrip("\n") + (f"\n\n{table}" if table else "\n")
    after = config_text[found.end() :]
    before = config_text[: found.start()]
    if not table and not after:
        return before.rstrip("\n") + "\n"
    gap = "\n" if table and after else ""
    return before + table + gap + after


def regenerate_python_files(root: Path) -> bool:
    """Rewrite the `[files]` table of pyscript.toml; return whether it changed."""
    path = root / PYSCRIPT_CONFIG
    before = path.read_text(encoding="utf-8")
    after = with_python_files(before, python_files(root))
    if after != before:
        path.write_text(after, encoding="utf-8")
    return after != before


def _read_config(root: Path) -> dict[str, Any]:
    try:
        return tomllib.loads((root / PYSCRIPT_CONFIG).read_text(encoding="utf-8"))
    except (FileNotFoundError, tomllib.TOMLDecodeError) as error:
        raise ToolingError(
            f"{PYSCRIPT_CONFIG} cannot be read: {error}", f"git checkout -- {PYSCRIPT_CONFIG}"
        ) from error
