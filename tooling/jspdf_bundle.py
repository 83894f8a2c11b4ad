"""The jsPDF bundle: one ES module that needs nothing beside it."""

from pathlib import Path

from tooling.command import run
from tooling.layout import Layout
from tooling.node import Node

BUNDLER = Path("tooling") / "jspdf_bundle.js"
RECIPE = (BUNDLER,)
# jsPDF, and the packages that the bundle has parts of.
BUNDLED = ("jspdf", "@babel/runtime", "fast-png", "fflate", "iobuffer", "pako")


def build(layout: Layout, node: Node, outfile: Path) -> None:
    """Write the bundle to `outfile`, and the licences in it beside it."""
    run(
        [node.node, BUNDLER, outfile],
        cwd=layout.root,
        environment=node.environment(),
        remedy="delete node_modules and run the command again",
    )
