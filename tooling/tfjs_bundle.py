"""The TensorFlow.js bundle: one ES module with only what Lentigo uses."""

import hashlib
import json
from pathlib import Path

from tooling.command import run
from tooling.layout import Layout
from tooling.node import Node

_FOLDER = Path("tooling")
BUNDLER = _FOLDER / "tfjs_bundle.js"
RECIPE = (BUNDLER, _FOLDER / "tfjs_entry.js", _FOLDER / "tfjs_threads.js")
WASM_FOLDER = Path("@tensorflow") / "tfjs-backend-wasm" / "wasm-out"
# What the WASM backend loads at run time from beside the bundle.
WASM_FILES = (
    "tfjs-backend-wasm.wasm",
    "tfjs-backend-wasm-simd.wasm",
    "tfjs-backend-wasm-threaded-simd.wasm",
    "tfjs-backend-wasm-threaded-simd.js",
)


def recipe_sha256(layout: Layout) -> str:
    """Return a hash of all that decides what is in the bundle: our sources and the versions."""
    pinned = json.loads((layout.root / "package.json").read_text(encoding="utf-8"))
    versions = {
        name: version
        for group in ("dependencies", "devDependencies")
        for name, version in pinned.get(group, {}).items()
        if name.startswith("@tensorflow/") or name == "esbuild"
    }
    sources = [(layout.root / path).read_text(encoding="utf-8") for path in RECIPE]
    recipe = json.dumps([sources, versions], sort_keys=True)
    return hashlib.sha256(recipe.encode()).hexdigest()


def build(layout: Layout, node: Node, outfile: Path) -> None:
    """Write the bundle to `outfile`, and the licences in it beside it."""
    run(
        [node.node, BUNDLER, outfile],
        cwd=layout.root,
        environment=node.environment(),
        remedy="delete node_modules and run the command again",
    )
