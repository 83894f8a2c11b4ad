"""The local web server: only the site's files, with the types and headers they need."""

import errno
import os
import shutil
import socket
import socketserver
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import cast
from urllib.parse import unquote, urlsplit

from tooling import site
from tooling.errors import ToolingError

CONTENT_TYPES = {
    "": "text/plain; charset=utf-8",
    ".bin": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".py": "text/x-python; charset=utf-8",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".whl": "application/zip",
    ".zip": "application/zip",
}
# With these a page may use SharedArrayBuffer; ours works without.
ISOLATION_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PORTS_TO_TRY = 20
_LAST_PORT = 65535


class SiteHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD. The server it belongs to says what the site is."""

    protocol_version = "HTTP/1.1"
    # Headers and body leave in two writes; with Nagle's algorithm the second would wait.
    disable_nagle_algorithm = True
    timeout = 60

    @property
    def _hosting(self) -> "Hosting":
        return cast("SiteServer", self.server).hosting

    def do_GET(self) -> None:
        """Send the file that the path stands for."""
        path = file = None
        try:
            path = self._hosting.locate(unquote(urlsplit(self.path).path))
            file = path.open("rb") if path else None
        except (OSError, RuntimeError, ValueError):  # a name too long, links in a circle, no URL
            pass
        if path is None or file is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        with file:
            status = os.fstat(file.fileno())
            # Not a date: HTTP's dates know whole seconds, and a build can follow within one.
            tag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
            if self.headers.get("If-None-Match") == tag:
                self.send_response(HTTPStatus.NOT_MODIFIED)
                self.send_header("ETag", tag)
                self.end_headers()
                return
            self.send_response(HTTPStatus.OK)
            kind = CONTENT_TYPES.get(path.suffix.lower(), "application/octet-stream")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(status.st_size))
            self.send_header("ETag", tag)
            self.end_headers()
            if self.command == "GET":
                shutil.copyfileobj(file, self.wfile)

    do_HEAD = do_GET  # noqa: N815

    def end_headers(self) -> None:
        """Add the headers that every answer has."""
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        if self._hosting.isolated:
            for name, value in ISOLATION_HEADERS.items():
                self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the terminal for what the reader asked for."""


@dataclass(frozen=True)
class Hosting:
    """What is served, and how.

    `root` is the repository or a built `dist/`. `isolated` adds ISOLATION_HEADERS. `prefix`
    puts the site under a sub-path ("/some/where"), as a static host may. `mounts` serves
    further folders under first path parts of their own ({"bench": folder}), for tests and
    benchmarks only; they are looked up after the prefix.
    """

    root: Path
    isolated: bool = False
    prefix: str = ""
    mounts: Mapping[str, Path] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The prefix as it stands in a URL: one leading slash and none at the end, or ""."""
        return "/" + self.prefix.strip("/") if self.prefix.strip("/") else ""

    def locate(self, url_path: str) -> Path | None:
        """Return the file for a decoded URL path, or None."""
        if not url_path.startswith(self.base + "/"):
            return None
        rest = url_path[len(self.base) + 1 :]
        first, _, below = rest.partition("/")
        folder = self.mounts.get(first)
        if folder is None:
            return site.locate(self.root, rest)
        if ".." in PurePosixPath(below).parts or "\\" in below or "\0" in below:
            return None
        path = folder / below.lstrip("/")
        return path if path.is_file() else None


class SiteServer(ThreadingHTTPServer):
    """A server of one site. Port 0 takes any free port; a taken one raises OSError."""

    daemon_threads = True
    # On Windows the option would let two servers share a port in silence.
    allow_reuse_address = os.name != "nt"

    def __init__(self, hosting: Hosting, host: str = "127.0.0.1", port: int = 0) -> None:
        self.hosting = hosting
        self.host = host
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), SiteHandler)

    def server_bind(self) -> None:
        """Bind without HTTPServer's name lookup, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name = self.host
        self.server_port = int(self.server_address[1])

    @property
    def url(self) -> str:
        """The page's address as a browser on this machine can open it."""
        host = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        if ":" in host:
            host = f"[{host}]"
        return f"http://{host}:{self.server_port}{self.hosting.base}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over browsers that hang up; report everything else."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def open_server(hosting: Hosting, host: str, port: int) -> tuple[SiteServer, bool]:
    """Return a bound server and whether it has the wanted port.

    A busy port gives the next free one. Raises ToolingError when there is no such port or host,
    or when it may not be taken.
    """
    if not 0 <= port <= _LAST_PORT:
        raise ToolingError(
            f"{port} is no port", f"give one from 1 to {_LAST_PORT}, or 0 for any that is free"
        )
    host = host.removeprefix("[").removesuffix("]")
    for candidate in [*range(port, min(port + _PORTS_TO_TRY, _LAST_PORT + 1)), 0] if port else [0]:
        try:
            server = SiteServer(hosting, host, candidate)
        except OSError as error:
            if not _is_busy(error):
                raise _refusal(error, host, candidate) from error
        else:
            return server, port in (0, server.server_port)
    raise ToolingError(f"no port is free on {host}", "end a program that serves, or wait a minute")


def _is_busy(error: OSError) -> bool:
    # Windows says so of a port that another program has for itself.
    has_it = os.name == "nt" and error.errno == errno.EACCES
    return error.errno == errno.EADDRINUSE or has_it


def _refusal(error: OSError, host: str, port: int) -> ToolingError:
    """Say why a host and port cannot be listened on."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return ToolingError(
            f"only an administrator may listen on port {port}", "give a --port from 1024 up"
        )
    if isinstance(error, socket.gaierror):
        return ToolingError(
            f"the host {host} is not known", "leave --host away, or give an address of this machine"
        )
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return ToolingError(
            f"this machine has no address {host}",
            "leave --host away, or give 0.0.0.0 for all addresses that it has",
        )
    return ToolingError(f"cannot listen on {host}: {error}", "give another --host or --port")
