"""What crosses the wire up to the first answer, counted at the server."""

from __future__ import annotations

import gzip
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.bench.report import Measure
from tests.bench.visit import new_profile, open_page, upload
from tests.browser.sites import served
from tooling.compressed import COMPRESSIBLE
from tooling.server import Hosting

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from playwright.sync_api import Playwright

_GZIP_LEVEL = 6  # what servers use
_LARGEST_SHOWN = 12


@dataclass(frozen=True)
class CountingHosting(Hosting):
    """A site that writes down every file it gives."""

    given: list[Path] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def locate(self, url_path: str) -> Path | None:
        """Return the file for a decoded URL path, or None."""
        path = super().locate(url_path)
        if path is not None:
            with self.lock:
                self.given.append(path)
        return path


def gzipped_bytes(path: Path) -> int:
    """A file's size as a static host would send it."""
    content = path.read_bytes()
    if path.suffix.lower() not in COMPRESSIBLE:
        return len(content)
    return min(len(content), len(gzip.compress(content, _GZIP_LEVEL)))


def _sizes(root: Path, given: Iterable[Path]) -> list[dict[str, Any]]:
    counted = Counter(given)
    files = [
        {
            "path": path.relative_to(root).as_posix(),
            "times": times,
            "bytes": path.stat().st_size * times,
            "gzip_bytes": gzipped_bytes(path) * times,
        }
        for path, times in counted.items()
    ]
    return sorted(files, key=lambda each: -int(str(each["bytes"])))


def measure_transfer(
    playwright: Playwright, root: Path, isolated: bool, photo: Path
) -> tuple[list[Measure], dict[str, Any]]:
    """Boot with an empty cache and get one answer; bodies only, headers are not counted."""
    hosting = CountingHosting(root, isolated=isolated)
    with served(hosting) as url, new_profile(playwright, "block") as context:
        page = open_page(context, url)
        upload(page, photo)
        page.close()
    files = _sizes(root, hosting.given)
    total_mb, gzip_mb = (
        sum(int(each[key]) for each in files) / 1e6 for key in ("bytes", "gzip_bytes")
    )
    note = f"{len(hosting.given)} requests, to the first answer"
    measures = [
        Measure("transferred, as served", "MB", (total_mb,), note),
        Measure("transferred, gzip", "MB", (gzip_mb,), "the same, text and WASM gzipped"),
    ]
    twice = [each["path"] for each in files if each["times"] > 1]
    return measures, {"largest_files": files[:_LARGEST_SHOWN], "asked_for_twice": twice}
