"""`sbom.cdx.json`: what the site is made of, as a bill of materials (CycloneDX 1.5)."""

import json
from pathlib import Path
from typing import Any

from tooling.command import run
from tooling.layout import Layout
from tooling.node import Node
from tooling.vendor_lock import VendorLock

NAME = "sbom.cdx.json"
# Named by what we ship, and not in it: the bundler, what jsPDF asks for a page or a drawing only,
# what Pyodide needs under Node.js, a stand-in for old browsers, and types.
_NOT_SHIPPED = ("esbuild", "canvg", "dompurify", "html2canvas", "node-fetch", "ws", "core-js")
_TYPES = ("@types/", "@webgpu/types")
# Whose package.json names no licence; their LICENSE does.
_LICENCES = {"@pyscript/core": "Apache-2.0", "polyscript": "Apache-2.0"}
# What is in these packages without being one of npm's: name, version, licence, where it is.
_WITHIN = (
    ("CPython", "3.14", "PSF-2.0", "pyodide"),
    ("Emscripten", None, "MIT", "pyodide"),
    ("XNNPACK", None, "BSD-3-Clause", "@tensorflow/tfjs-backend-wasm"),
)
_WHEELS = {
    "numpy": "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
    "pillow": "MIT-CMU",
}


def components(layout: Layout, node: Node) -> list[dict[str, Any]]:
    """Return what is shipped, sorted by name; each has a licence, and a hash where it is a file.

    npm tells its packages from package-lock.json alone. Raises ToolingError when it cannot.
    """
    printed = run(
        [*node.npm, "sbom", "--sbom-format=cyclonedx", "--package-lock-only", "--omit=dev"],
        cwd=layout.root,
        environment=node.environment(),
        remedy="install npm 10 or newer",
    )
    told = json.loads(printed)
    needs = {each["ref"]: each.get("dependsOn", []) for each in told["dependencies"]}
    shipped: set[str] = set()
    todo = list(needs[told["metadata"]["component"]["bom-ref"]])
    while todo:
        reference = todo.pop()
        name = reference.rpartition("@")[0]
        if reference in shipped or name in _NOT_SHIPPED or name.startswith(_TYPES):
            continue
        shipped.add(reference)
        todo += needs.get(reference, [])
    packages = [_package(each) for each in told["components"] if each["bom-ref"] in shipped]
    return sorted([*packages, *_wheels(layout), *_within()], key=lambda each: str(each["bom-ref"]))


def write(layout: Layout, node: Node, folder: Path) -> None:
    """Write the bill into a build; it says no time, so that the same build is the same again."""
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "lentigo", "bom-ref": "lentigo"}},
        "components": components(layout, node),
    }
    text = json.dumps(bill, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def _package(told: dict[str, Any]) -> dict[str, Any]:
    name = told["name"]
    licences = told.get("licenses") or [{"license": {"id": _LICENCES[name]}}]
    return {
        "type": "library",
        "bom-ref": told["bom-ref"],
        "name": name,
        "version": told["version"],
        "purl": told["purl"],
        "licenses": licences,
        "hashes": told["hashes"],
    }


def _wheels(layout: Layout) -> list[dict[str, Any]]:
    """numpy and pillow, as they are shipped: compiled, and without what the page never uses."""
    found = []
    for files in VendorLock.read(layout.vendor_lock).groups.values():
        for path, sha256 in files.items():
            name, _, rest = Path(path).name.partition("-")
            if name in _WHEELS:
                version = rest.partition("-")[0]
                found.append(
                    {
                        "type": "library",
                        "bom-ref": f"{name}@{version}",
                        "name": name,
                        "version": version,
                        "purl": f"pkg:pypi/{name}@{version}",
                        "licenses": [{"expression": _WHEELS[name]}],
                        "hashes": [{"alg": "SHA-256", "content": sha256}],
                    }
                )
    return found


def _within() -> list[dict[str, Any]]:
    return [
        {
            "type": "library",
            "bom-ref": name,
            "name": name,
            **({"version": version} if version else {}),
            "licenses": [{"license": {"id": licence}}],
            "description": f"in {package}",
        }
        for name, version, licence, package in _WITHIN
    ]
