"""A static host behind a phone's link: what the page needs from an empty cache."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from tests.bench.report import Measure
from tests.bench.visit import new_profile, open_page
from tests.browser.sites import running
from tooling.compressed import BROTLI, GZIP
from tooling.server import CONTENT_TYPES, Hosting, SiteHandler, SiteServer

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Playwright

BITS_PER_S = 10e6
LATENCY_S = 0.04
_CHUNK_BYTES = 16 * 1024


@dataclass(frozen=True)
class Compression:
    """Which copies a static host sends, and what it calls them."""

    suffix: str
    encoding: str
    title: str

    def sent(self, path: Path) -> tuple[bytes, str | None]:
        """A file as the host sends it, and the encoding if that is a compressed copy."""
        copy = path.with_name(path.name + self.suffix)
        if copy.is_file():
            return copy.read_bytes(), self.encoding
        return path.read_bytes(), None


COMPRESSIONS = (Compression(GZIP, "gzip", ""), Compression(BROTLI, "br", ", Brotli"))


class Link:
    """So many bits a second for all connections together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free_s = 0.0
        self.bytes = 0

    def wait(self, count: int) -> None:
        """Return when so many bytes have gone through."""
        with self._lock:
            begin_s = max(time.monotonic(), self._free_s)
            self._free_s = begin_s + count * 8 / BITS_PER_S
            self.bytes += count
            until_s = self._free_s
        time.sleep(max(0.0, until_s - time.monotonic()))


class _Handler(SiteHandler):
    """Sends compressed files, each after the link's latency and at the link's pace."""

    link: Link
    compression: Compression

    def do_GET(self) -> None:  # noqa: N802
        path = self._hosting.locate(unquote(urlsplit(self.path).path))
        time.sleep(LATENCY_S)
        if path is None:
            self.send_error(404)
            return
        content, encoding = self.compression.sent(path)
        self.send_response(200)
        kind = CONTENT_TYPES.get(path.suffix.lower(), "application/octet-stream")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        for begin in range(0, len(content), _CHUNK_BYTES):
            chunk = content[begin : begin + _CHUNK_BYTES]
            self.link.wait(len(chunk))
            self.wfile.write(chunk)


def measure_link(
    playwright: Playwright, root: Path, runs: int, compression: Compression
) -> list[Measure]:
    """Start over the link with a new profile; the transfer alone would take bytes over pace."""
    readies, beyond = [], []
    megabytes = 0.0
    for _ in range(runs):
        link = Link()
        server = SiteServer(Hosting(root))
        server.RequestHandlerClass = type(
            "Handler", (_Handler,), {"link": link, "compression": compression}
        )
        with running(server), new_profile(playwright, service_workers="block") as context:
            page = open_page(context, server.url)
            ready_s = page.evaluate("watched.ready_ms") / 1000
            page.close()
        readies.append(ready_s)
        beyond.append(ready_s - link.bytes * 8 / BITS_PER_S)
        megabytes = link.bytes / 1e6
    note = (
        f"{BITS_PER_S / 1e6:g} Mbit/s, {LATENCY_S * 1000:g} ms, {compression.encoding}, cold cache"
    )
    return [
        Measure(f"ready over a phone's link{compression.title}", "s", tuple(readies), note),
        Measure(
            f"of which beyond the transfer{compression.title}",
            "s",
            tuple(beyond),
            f"{megabytes:.1f} MB transferred",
        ),
    ]
