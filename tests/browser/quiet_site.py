"""A small site with the real service worker and the real page, but without Python and a model.

What a worker keeps, serves and replaces does not depend on how much it is; this starts at once.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from tests.browser.sites import ROOT
from tooling.offline import seal

if TYPE_CHECKING:
    from pathlib import Path

REAL_FILES = (
    "index.html",
    "style.css",
    "print.css",
    "sw.js",
    "manifest.webmanifest",
    "favicon.svg",
    "js/page/offline.js",
    "js/page/find.js",
    "js/page/page.js",
    "js/page/policy.js",
    "js/page/words.js",
    "icons/192.png",
)
MODEL = "models/drawn"
_MANIFEST = """{"default_variant": "large", "variants": {
  "large": {"files": {"large/weights.bin": {}}}, "small": {"files": {"small/weights.bin": {}}}}}"""
_PROGRAMS = re.compile(
    r'\s*<script [^>]*src="(?:js/page/first\.js|js/page/host\.js|vendor/[^"]+)"[^>]*></script>'
)


class QuietSite:
    """A folder that is deployed anew by ``deploy``; not yet a build."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in REAL_FILES:
            self.write(name, (ROOT / name).read_bytes())
        page, count = _PROGRAMS.subn("", (ROOT / "index.html").read_text(encoding="utf-8"))
        assert count == 3
        started = page.replace(
            'data-state="booting" data-boot="pending"', 'data-state="ready" data-boot="done"'
        )
        assert started != page
        without_preload = re.sub(r'\s*<link rel="modulepreload"[^>]*>', "", started)
        self.write("index.html", without_preload.encode())
        self.write(f"{MODEL}/manifest.json", _MANIFEST.encode())
        self.write(f"{MODEL}/large/weights.bin", b"large")
        self.write(f"{MODEL}/small/weights.bin", b"small")

    def deploy(self, motto: str = "") -> str:
        """Make it a build, with ``motto`` as its heading if given; return the build's id."""
        if motto:
            page = (self.folder / "index.html").read_text(encoding="utf-8")
            heading = re.sub(r"(<h1[^>]*>)[^<]*", rf"\g<1>{motto}", page)
            self.write("index.html", heading.encode())
        return seal(self.folder)

    def become_checkout(self) -> None:
        """Have the files of a checkout: no build id, and no list in the worker."""
        for name in ("index.html", "sw.js"):
            shutil.copyfile(ROOT / name, self.folder / name)

    def damage(self, name: str) -> bytes:
        """Change a file behind the build's back; return what it was."""
        before = (self.folder / name).read_bytes()
        self.write(name, before + b" ")
        return before

    def write(self, name: str, data: bytes) -> None:
        """Put a file there, or another in its place."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
