"""A static host that answers some paths as a network in trouble does."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from pathlib import Path

_LOGIN = b"<!doctype html><title>Welcome to this network</title>"


class _Handler(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        server = cast("OddHost", self.server)
        fault = server.odd.get(self.path.lstrip("/"), server.odd.get("*"))
        if fault is None:
            # Its dates know whole seconds, and a build can follow within one.
            del self.headers["If-Modified-Since"]
            super().do_GET()
            return
        whole = server.folder / (self.path.lstrip("/") or "index.html")
        data = _LOGIN if fault == "portal" else whole.read_bytes()
        status = {"part": 206, "elsewhere": 302, "trouble": 503}.get(fault, 200)
        self.send_response(status)
        kind = "text/html" if fault == "portal" else self.guess_type(whole)
        self.send_header("Content-Type", fault if "/" in fault else kind)
        self.send_header("Content-Length", str(len(data)))
        if fault == "part":
            self.send_header("Content-Range", f"bytes 0-{len(data) - 1}/{len(data)}")
        if fault == "elsewhere":
            self.send_header("Location", "http://login.invalid/")
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if fault == "half" else data)
        self.close_connection = fault == "half"

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class OddHost(ThreadingHTTPServer):
    """Serves ``folder``. ``odd`` maps a path, or ``*`` for all others, to what is wrong with it.

    ``portal``: a page to log in, in its place. ``elsewhere``: a redirect to another site.
    ``half``: ends in the middle. ``part``: whole, but as status 206. ``trouble``: status 503. A
    content type: whole, of that type.
    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.odd: dict[str, str] = {}
        super().__init__(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))

    @property
    def url(self) -> str:
        """The site's address."""
        return f"http://127.0.0.1:{self.server_address[1]}/"
