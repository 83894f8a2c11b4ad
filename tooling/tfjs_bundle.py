"""The TensorFlow.js bundle: one ES module with only what Lentigo uses."""

import hashlib
import json
from pathlib import Path

from tooling.command import run
from tooling.layout import Layout
from tooling.node import Node

ENTRY = Path("tooling") / "tfjs_entry.js"
OPTIONS = (
    "--bundle",
    "--format=esm",
    "--platform=browser",
    "--target=es2022",
    "--minify",
    "--legal-comments=external",
    "--log-level=warning",
)
WASM_FOLDER = Path("@tensorflow") / "tfjs-backend-wasm" / "wasm-out"
WASM_BINARIES = (
    "tfjs-backend-wasm.wasm",
    "tfjs-backend-wasm-simd.wasm",
    "tfjs-backend-wasm-threaded-simd.wasm",
)


def recipe_sha256(layout: Layout) -> str:
    """Return a hash of all that decides what is in the bundle: entry, options, versions."""
    pinned = json.loads((layout.root / "package.json").read_text())
    versions = {
        name: version
        for group in ("dependencies", "devDependencies")
        for name, version in pinned.get(group, {}).items()
        if name.startswith("@tensorflow/") or name == "esbuild"
    }
    entry = (layout.root / ENTRY).read_text()
    recipe = json.dumps([entry, OPTIONS, versions], sort_keys=True)
    return hashlib.sha256(recipe.encode()).hexdigest()


def build(layout: Layout, node: Node, outfile: Path) -> None:
    """Write the bundle to `outfile`, and the licences in it beside it."""
    run(
        [
            node.node,
            layout.node_modules / "esbuild" / "bin" / "esbuild",
            ENTRY,
            *OPTIONS,
            f"--outfile={outfile}",
        ],
        cwd=layout.root,
        environment=node.environment(),
        remedy="delete node_modules and run the command again",
    )
