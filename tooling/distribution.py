"""`dist/`: the whole site in one folder, for any static host and any sub-path."""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tooling import app_wheel, compressed, imprint, offline, sbom, site
from tooling.checkout_lock import checkout_lock
from tooling.errors import ToolingError
from tooling.imprint import Imprint
from tooling.layout import Layout
from tooling.node import find_node
from tooling.progress import Progress

MARKER = ".nojekyll"  # tells GitHub Pages to serve every file as it is
# Made and emptied by git, npm, Python and ourselves.
_TOOLS = (".git", ".cache", ".venv", "node_modules")
_REQUIRED = (
    "index.html",
    "sw.js",
    "pyscript.toml",
    "py/main.py",
    "vendor/pyodide/pyodide-lock.json",
)
_MANIFEST = re.compile(r'data-manifest="(?P<path>[^"]+)" data-manifest-sha256="[^"]*"')
_PACKAGES = re.compile(r"^packages\s*=\s*\[(?P<names>[^\]]*)\]", re.MULTILINE)


def build_site(layout: Layout, out: Path, told: Imprint, *, brotli: bool = False) -> None:
    """Write the site to `out`, which must be absent, empty, or the result of an earlier build.

    An earlier build stays until the new one is complete, and is then replaced in one step.

    The app's Python goes in as a wheel where pyodide-build can be had; else as single files,
    as in the repository. The page gets `told`, and `sw.js` the list of what to keep for offline
    use. With `brotli` its files have copies for hosts that send such. Raises ToolingError; `out` is
    then as it was.
    """
    with checkout_lock(layout):
        _build_site(layout, place_for_build(layout, out), told, brotli)


def _build_site(layout: Layout, out: Path, told: Imprint, brotli: bool) -> None:
    progress = Progress(total=3)
    layout.cache.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=layout.cache, prefix="dist-") as folder:
        fresh = Path(folder) / "site"
        count = _copy_site(layout.root, fresh)
        progress.step(f"Site: {count} files")
        progress.step("The app's wheel …")
        python = app_wheel.find_tools(layout)
        if python is None:
            progress.note("going on without: the page loads the modules one by one")
        else:
            node = find_node(layout)
            wheel = app_wheel.add_wheel(layout, python, node, fresh / "vendor" / "pyodide")
            _load_wheel_instead_of_files(fresh)
            progress.note(f"{wheel.name} ok, in pyodide-lock.json")
        try:
            sbom.write(layout, find_node(layout), fresh)
        except ToolingError as error:
            progress.note(f"going on without {sbom.NAME}: {error.fault}")
        imprint.write(fresh, told)
        pin_manifest(fresh)
        build_id = offline.seal(fresh)
        compressed.compress(fresh, find_node(layout) if brotli else None)
        (fresh / MARKER).touch()
        _put_in_place(fresh, out)
    size_bytes = sum((out / path).stat().st_size for path in site.files(out))
    progress.step(f"{out}: {size_bytes / 1e6:.1f} MB, build {build_id}, for any static host")


def with_wheel_package(config_text: str) -> str:
    """Return pyscript.toml's text with the app's wheel as a package and no `[files]`."""
    found = _PACKAGES.search(config_text)
    if found is None:
        raise ToolingError(
            "pyscript.toml has no list `packages = [...]`", "restore it: numpy and pillow"
        )
    names = [name for name in re.split(r"[\s,]+", found["names"]) if name]
    line = f"packages = [{', '.join([*names, f'{chr(34)}{app_wheel.PACKAGE}{chr(34)}'])}]"
    text = config_text[: found.start()] + line + config_text[found.end() :]
    return site.with_python_files(text, {})


def pin_manifest(folder: Path) -> None:
    """Write the sha256 of the model's manifest into index.html, whose engine then takes no other.

    The manifest has the sha256 of every other file of the model. Raises ToolingError where the page
    names no manifest that is there.
    """
    index = folder / site.INDEX
    text = index.read_text(encoding="utf-8")
    found = _MANIFEST.search(text)
    if found is None or not (folder / found["path"]).is_file():
        raise ToolingError(
            f"{site.INDEX} names no manifest of a model that is there",
            'it should have data-manifest="models/ID/manifest.json" data-manifest-sha256=""',
        )
    digest = hashlib.sha256((folder / found["path"]).read_bytes()).hexdigest()
    pinned = f'data-manifest="{found["path"]}" data-manifest-sha256="{digest}"'
    index.write_text(text.replace(found[0], pinned), encoding="utf-8")


def place_for_build(layout: Layout, out: Path) -> Path:
    """Return `out` in full; raises ToolingError unless it may be replaced.

    A wrong --out must not delete anyone's files.
    """
    root, out = layout.root.resolve(), (layout.root / out).resolve()
    _refuse_foreign(root, out)
    return out


def _refuse_foreign(root: Path, out: Path) -> None:
    if out == root or out in root.parents:
        raise ToolingError(f"--out {out} holds this repository", "give a folder of its own")
    if out.is_relative_to(root) and out.relative_to(root).parts[0] in (*site.ENTRIES, *_TOOLS):
        raise ToolingError(
            f"--out {out} is a part of this repository", "give another one: dist, or one outside"
        )
    if not out.exists():
        return
    if not out.is_dir():
        raise ToolingError(f"--out {out} is a file", "give a folder, or delete it")
    strange = next(_not_of_a_build(out), None)
    if strange is not None:
        raise ToolingError(
            f"{out} is there and no earlier build of this site: it holds {strange}",
            "give another --out, or delete it",
        )


def _not_of_a_build(out: Path) -> Iterator[str]:
    """Yield what lies in `out` that a build has not put there."""
    try:
        listed = offline.listed(out)
    except (OSError, ValueError):
        listed = set()
    endings = ("", *compressed.SUFFIXES)
    ours = {*(path + ending for path in listed for ending in endings), MARKER} if listed else set()
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_symlink() or not path.is_dir():
            if name not in ours:
                yield name
        elif not any(path.iterdir()):
            yield f"{name}/"


def _put_in_place(fresh: Path, out: Path) -> None:
    """Make `fresh` become `out`; an earlier `out` is there until the moment of the change."""
    out.parent.mkdir(parents=True, exist_ok=True)
    new, old = (out.with_name(f".{out.name}.{end}") for end in ("new", "old"))
    for left in (new, old):  # by a run that was killed
        if left.exists():
            shutil.rmtree(left)
    try:
        shutil.move(fresh, new)  # which copies, from another disk
        if out.exists():
            out.rename(old)
        try:
            new.rename(out)
        except BaseException:
            if old.exists():
                old.rename(out)
            raise
    finally:
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)


def _copy_site(root: Path, target: Path) -> int:
    missing = [name for name in _REQUIRED if not (root / name).is_file()]
    if missing:
        raise ToolingError(
            f"the site is not complete, {', '.join(missing)} missing", "git status shows why"
        )
    wanted = list(site.files(root))
    for relative in wanted:
        path = target / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / relative, path)
    return len(wanted)


def _load_wheel_instead_of_files(folder: Path) -> None:
    config = folder / site.PYSCRIPT_CONFIG
    for url in site.python_files(folder):
        (folder / url).unlink()
    for path in sorted((folder / "py").rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    config.write_text(with_wheel_package(config.read_text(encoding="utf-8")), encoding="utf-8")
