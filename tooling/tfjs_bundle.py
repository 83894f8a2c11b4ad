"""The TensorFlow.js bundle: one ES module with only what Lentigo uses."""

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
)


def build(layout: Layout, node: Node, outfile: Path) -> None:
    """Write the bundle to `outfile`, and the licences in it beside it."""
    run(
        [node.node, BUNDLER, outfile],
        cwd=layout.root,
        environment=node.environment(),
        remedy="delete node_modules and run the command again",
    )
