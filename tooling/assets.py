"""Third-party assets: brought to `vendor/`, each file checked against `vendor.lock.json`."""

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tooling import bundle, compiled_python, kernels, pyodide_wheels
from tooling.checkout_lock import checkout_lock
from tooling.compiled_python import Archive, compile_archives
from tooling.errors import ToolingError
from tooling.layout import Layout
from tooling.node import Node, find_node, install_packages
from tooling.progress import Progress, say
from tooling.vendor_lock import VendorLock, sha256_of, wrong_files

# Parts of PyScript for editors, terminals and its service worker. Each is loaded only when a
# page asks for it, and this one does not. (`index-` belongs to the editor.)
_PYSCRIPT_UNUSED = (
    "codemirror",
    "xterm",
    "index-",
    "mpy-",
    "py-Dl",
    "toml-Bl",
    "service-worker",
    "storage",
)
# Our own sources of what is built here.
RECIPE = (
    *bundle.RECIPE,
    *kernels.RECIPE,
    *compiled_python.RECIPE,
)
_IN_BUNDLES = {package for packages in bundle.BUNDLED.values() for package in packages}
_PYODIDE_RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
_STANDARD_LIBRARY = "python_stdlib.zip"


@dataclass
class Workshop:
    """What the makers of the groups need: the checkout, Node.js, a place for messages."""

    layout: Layout
    note: Callable[[str], None]
    with_tests: bool = False

    @cached_property
    def node(self) -> Node:
        """A Node.js that works; found or installed at the first use."""
        return find_node(self.layout)

    @cached_property
    def modules(self) -> Path:
        """node_modules, filled at the first use."""
        if install_packages(self.layout, self.node, with_tests=self.with_tests):
            self.note(f"npm packages installed (npm from {self.node.origin})")
        return self.layout.node_modules

    @cached_property
    def pyodide_lock(self) -> dict[str, object]:
        """Pyodide's own lock, trimmed to what the site ships."""
        official = (self.modules / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8")
        return pyodide_wheels.trim_lock(json.loads(official))

    @cached_property
    def wheels(self) -> list[Path]:
        """The wheels that the trimmed lock names, in the cache."""
        manifest = (self.modules / "pyodide" / "package.json").read_text(encoding="utf-8")
        return pyodide_wheels.fetch_wheels(
            pyodide_wheels.wheels_of(self.pyodide_lock),
            version=json.loads(manifest)["version"],
            cache=self.layout.cache / "pyodide",
            note=self.note,
        )


Maker = Callable[[Workshop, Path], None]


def _make_pyscript(shop: Workshop, staging: Path) -> None:
    dist = shop.modules / "@pyscript" / "core" / "dist"
    for path in sorted([*dist.glob("*.js"), dist / "core.css"]):
        if not path.name.startswith(_PYSCRIPT_UNUSED):
            _copy(path, staging / "pyscript" / path.name)
    _declare(shop, "pyscript/core.d.ts", staging)


def _make_pyodide(shop: Workshop, staging: Path) -> None:
    origin, target = shop.modules / "pyodide", staging / "pyodide"
    for name in _PYODIDE_RUNTIME:
        _copy(origin / name, target / name)
    library = Archive(origin / _STANDARD_LIBRARY, target / _STANDARD_LIBRARY)
    compile_archives(shop.layout, shop.node, origin, [library])


def _make_wheels(shop: Workshop, staging: Path) -> None:
    folder = staging / "pyodide"
    wheels = [Archive(wheel, folder / wheel.name) for wheel in shop.wheels]
    compile_archives(shop.layout, shop.node, shop.modules / "pyodide", wheels)
    lock = pyodide_wheels.with_hashes(shop.pyodide_lock, folder)
    text = json.dumps(lock, indent=1, sort_keys=True) + "\n"
    (staging / "pyodide" / "pyodide-lock.json").write_bytes(text.encode())


def _make_tfjs(shop: Workshop, staging: Path) -> None:
    folder = staging / "tfjs"
    modules = shop.modules
    for name in bundle.TFJS:
        bundle.build(shop.layout, shop.node, name, folder / f"{name}.js")
        _declare(shop, f"tfjs/{name}.d.ts", staging)
    for name in bundle.WASM_FILES:
        _copy(modules / bundle.WASM_FOLDER / name, folder / name)


def _make_kernels(shop: Workshop, staging: Path) -> None:
    kernels.build(shop.layout, staging / "kernels", shop.note)


def _make_idiomorph(shop: Workshop, staging: Path) -> None:
    name = "idiomorph.esm.js"
    _copy(shop.modules / "idiomorph" / "dist" / name, staging / "idiomorph" / name)
    _declare(shop, "idiomorph/idiomorph.esm.d.ts", staging)


def _make_jspdf(shop: Workshop, staging: Path) -> None:
    _make_bundle(shop, staging, "jspdf")


def _make_idb(shop: Workshop, staging: Path) -> None:
    _make_bundle(shop, staging, "idb")


def _make_backup(shop: Workshop, staging: Path) -> None:
    _make_bundle(shop, staging, "backup")


def _make_bundle(shop: Workshop, staging: Path, name: str) -> None:
    assert shop.modules, "which the bundler looks into"
    bundle.build(shop.layout, shop.node, name, staging / name / f"{name}.js")
    _declare(shop, f"{name}/{name}.d.ts", staging)


def _declare(shop: Workshop, name: str, staging: Path) -> None:
    """Put the types of a library beside it: TypeScript looks for them nowhere else."""
    _copy(shop.layout.root / "typings" / "vendor" / name, staging / name)


def _make_licences(shop: Workshop, staging: Path) -> None:
    """Gather licence texts: the packages' own, and ours for those that carry none."""
    folder = staging / "LICENSES"
    _copy(shop.modules / "idiomorph" / "LICENSE", folder / "idiomorph.txt")
    _copy(shop.layout.licences / "MPL-2.0.txt", folder / "pyodide.txt")
    _copy(shop.layout.licences / "PSF-2.0.txt", folder / "python.txt")
    _copy(shop.layout.licences / "Apache-2.0.txt", folder / "tensorflow.js.txt")
    _copy(shop.layout.licences / "XNNPACK.txt", folder / "XNNPACK.txt")
    _copy(shop.layout.licences / "emscripten.txt", folder / "emscripten.txt")
    # seedrandom's licence is the last part of its readme.
    readme = (shop.modules / "seedrandom" / "README.md").read_text(encoding="utf-8")
    licence = readme[readme.index("LICENSE (MIT)") :]
    (folder / "seedrandom.txt").write_bytes(licence.encode())
    for path in shop.wheels:
        with zipfile.ZipFile(path) as wheel:
            names = sorted(n for n in wheel.namelist() if ".dist-info/licenses/" in n)
            texts = {name: wheel.read(name) for name in names}
        _gather(texts, folder / f"{path.name.partition('-')[0]}.txt")
    for name, packages in bundle.BUNDLED.items():
        licences = {package: _licence(shop.modules / package) for package in packages}
        _gather(licences, folder / f"{name}.txt")


def _licence(package: Path) -> bytes:
    """Return the text that a package carries; where it carries none, what it says of itself."""
    for name in ("LICENSE", "LICENSE.txt"):
        if (package / name).is_file():
            return (package / name).read_bytes()
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    return f"{about['license']}, {about['author']}\n".encode()


def _gather(texts: dict[str, bytes], target: Path) -> None:
    """Write several licences into one file, each below its name."""
    named = [f"==== {name} ====\n\n".encode() + text for name, text in texts.items()]
    target.write_bytes(b"\n\n".join(named))


MAKERS: dict[str, Maker] = {
    "PyScript": _make_pyscript,
    "Pyodide": _make_pyodide,
    "Pyodide wheels": _make_wheels,
    "TensorFlow.js": _make_tfjs,
    "Kernels": _make_kernels,
    "Idiomorph": _make_idiomorph,
    "jsPDF": _make_jspdf,
    "idb": _make_idb,
    "Backup": _make_backup,
    "Licences": _make_licences,
}


def recipe_sha256(layout: Layout) -> str:
    """Return a hash of all that decides what is built here: our sources and the versions."""
    pinned = json.loads((layout.root / "package.json").read_text(encoding="utf-8"))
    versions = {
        name: version
        for group in ("dependencies", "devDependencies")
        for name, version in pinned.get(group, {}).items()
        if name.startswith("@tensorflow/") or name in {"esbuild", *_IN_BUNDLES}
    }
    sources = [(layout.root / path).read_text(encoding="utf-8") for path in RECIPE]
    recipe = json.dumps([sources, versions], sort_keys=True)
    return hashlib.sha256(recipe.encode()).hexdigest()


def prepare(layout: Layout, *, source: Path | None = None, with_tests: bool = False) -> None:
    """Bring `vendor/` to what the lock says, printing a line for each step that was needed.

    `source` is a folder that is used in place of all other sources (`--assets`): a copy of
    a `vendor/`, or a flat folder of files. `with_tests` says that a missing node_modules is
    to be installed with the tests' packages. Raises ToolingError; `vendor/` then holds only
    files that were checked.
    """
    if source is not None and not source.is_dir():
        raise ToolingError(
            f"--assets {source} is no folder",
            "give a copy of a vendor/ folder, or leave --assets away",
        )
    with checkout_lock(layout):
        _prepare(layout, source, with_tests)


def _prepare(layout: Layout, source: Path | None, with_tests: bool) -> None:
    lock = VendorLock.read(layout.vendor_lock)
    if lock.recipe != recipe_sha256(layout):
        raise ToolingError(
            "vendor.lock.json was made from another tfjs entry, kernel, option or version",
            "after a wanted change run: python3 serve.py lock",
        )
    _remove_strangers(layout.vendor, lock.paths)
    if lock.groups.keys() != MAKERS.keys():
        raise ToolingError(
            f"vendor.lock.json has the groups {sorted(lock.groups)}, not {sorted(MAKERS)}",
            "git checkout -- vendor.lock.json, or after a wanted change: python3 serve.py lock",
        )
    wrong = {name: wrong_files(layout.vendor, lock.groups[name]) for name in MAKERS}
    if not any(wrong.values()):
        say(f"Assets: {len(lock.paths)} files in vendor/, all as pinned (sha256)")
        return
    progress = Progress(total=len(MAKERS))
    shop = Workshop(layout, progress.note, with_tests)
    for name, make in MAKERS.items():
        files = lock.groups[name]
        if not wrong[name]:
            progress.step(f"{name}: already there, ok (sha256)")
            continue
        progress.step(f"{name}: {len(wrong[name])} of {len(files)} files to bring …")
        with _staging(layout) as staging:
            if source is None:
                make(shop, staging)
            else:
                _take_from(source, wrong[name], staging)
            _accept(name, {path: files[path] for path in wrong[name]}, staging, layout.vendor)
        progress.note(f"{name} ok (sha256)")


def relock(layout: Layout) -> None:
    """Remake all groups and write their hashes to the lock, after a wanted change."""
    with checkout_lock(layout):
        _relock(layout)


def _relock(layout: Layout) -> None:
    progress = Progress(total=len(MAKERS))
    shop = Workshop(layout, progress.note)
    groups: dict[str, dict[str, str]] = {}
    for name, make in MAKERS.items():
        progress.step(f"{name} …")
        with _staging(layout) as staging:
            make(shop, staging)
            groups[name] = {
                path.relative_to(staging).as_posix(): sha256_of(path) or ""
                for path in sorted(staging.rglob("*"))
                if path.is_file()
            }
            _accept(name, groups[name], staging, layout.vendor)
    VendorLock(recipe_sha256(layout), groups).write(layout.vendor_lock)
    say(f"vendor.lock.json written: {sum(map(len, groups.values()))} files")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError as error:
        raise ToolingError(
            f"{source} is missing", "delete node_modules and run the command again"
        ) from error


@contextmanager
def _staging(layout: Layout) -> Iterator[Path]:
    """Give a folder on vendor's file system, so that files can be moved in one step."""
    layout.cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=layout.cache, prefix="staging-") as folder:
        staging = Path(folder)
        for name in ("pyodide", "tfjs", "LICENSES"):
            (staging / name).mkdir()
        yield staging


def _take_from(source: Path, paths: list[str], staging: Path) -> None:
    for path in paths:
        candidates = source / path, source / Path(path).name
        found = next((candidate for candidate in candidates if candidate.is_file()), None)
        if found is None:
            raise ToolingError(
                f"--assets {source} holds no {path}",
                "give a complete copy of a vendor/ folder, or leave --assets away",
            )
        _copy(found, staging / path)


def _accept(group: str, files: dict[str, str], staging: Path, vendor: Path) -> None:
    """Move `files` ({path: sha256}) to vendor/ when every one has its pinned hash."""
    wrong = wrong_files(staging, files)
    if wrong:
        raise ToolingError(
            f"{group}: refused, the sha256 is not the pinned one: {', '.join(wrong)}",
            "if no version was changed on purpose, the source is not to be trusted: take the "
            "files from another one (--assets DIR); after a wanted change: serve.py lock",
        )
    for path in files:
        target = vendor / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (staging / path).replace(target)


def _remove_strangers(vendor: Path, wanted: set[str]) -> None:
    """Delete files that the lock does not name, so that none of them is served or shipped."""
    for path in vendor.rglob("*"):
        if path.is_file() and path.relative_to(vendor).as_posix() not in wanted:
            path.unlink()
