"""Bundles of npm packages: each is one ES module with only what Lentigo uses."""

from pathlib import Path

from tooling.command import run
from tooling.layout import Layout
from tooling.node import Node

_FOLDER = Path("tooling")
BUNDLER = _FOLDER / "bundle.js"
RECIPE = (
    BUNDLER,
    *(_FOLDER / name for name in ("tfjs_entry.js", "tfjs_threads.js", "backup_entry.js")),
)
# TensorFlow.js with its WebAssembly, and the other backends, each loaded when it is started.
TFJS = ("tfjs", "webgpu", "webgl", "cpu")
# What the WASM backend of TensorFlow.js loads at run time from beside its bundle.
WASM_FOLDER = Path("@tensorflow") / "tfjs-backend-wasm" / "wasm-out"
WASM_FILES = (
    "tfjs-backend-wasm.wasm",
    "tfjs-backend-wasm-simd.wasm",
    "tfjs-backend-wasm-threaded-simd.wasm",
)
# The packages that a bundle has parts of, by its name; those of TensorFlow.js carry no licences.
# PyScript's comes as one.
BUNDLED = {
    "pyscript": (
        "@pyscript/core",
        "@ungap/with-resolvers",
        "@webreflection/fetch",
        "@webreflection/idb-map",
        "@webreflection/utils",
        "add-promise-listener",
        "basic-devtools",
        "codedent",
        "coincident",
        "html-escaper",
        "next-resolver",
        "plain-tag",
        "polyscript",
        "reflected-ffi",
        "sticky-module",
        "to-json-callback",
        "type-checked-collections",
        "weak-id",
    ),
    "idb": ("idb",),
    "jspdf": ("jspdf", "@babel/runtime", "fast-png", "fflate", "iobuffer", "pako"),
    "backup": (
        "age-encryption",
        "@noble/ciphers",
        "@noble/curves",
        "@noble/hashes",
        "@noble/post-quantum",
        "@scure/base",
        "fflate",
        "@scure/bip39",
    ),
}


def build(layout: Layout, node: Node, name: str, outfile: Path) -> None:
    """Write the bundle of that name to `outfile`, and the licences in it beside it."""
    run(
        [node.node, BUNDLER, name, outfile],
        cwd=layout.root,
        environment=node.environment(),
        remedy="delete node_modules and run the command again",
    )
