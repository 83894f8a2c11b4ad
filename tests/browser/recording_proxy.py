"""A forward proxy that writes down every request of a browser, its workers' too.

A page's own events miss what workers fetch; nothing gets past a proxy. It forwards to loopback
addresses only: whatever else is asked for is recorded and refused, so no test can reach out.
"""

from __future__ import annotations

import http.client
import threading
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import urlsplit

_HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_CHUNK_BYTES = 1 << 16


@dataclass(frozen=True)
class Seen:
    """One request; ``status`` is what the browser got: 403 if the proxy refused, 0 for nothing."""

    method: str
    url: str
    status: int

    @property
    def origin(self) -> str:
        """Scheme, host and port; for CONNECT the host and port that were asked for."""
        if self.method == "CONNECT":
            return f"connect://{self.url}"
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


class _Handler(BaseHTTPRequestHandler):
    """One connection of the browser; keeps one connection to the server behind it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 120

    def setup(self) -> None:
        super().setup()
        self._upstream: http.client.HTTPConnection | None = None
        self._netloc = ""

    def finish(self) -> None:
        if self._upstream is not None:
            self._upstream.close()
        super().finish()

    def _record(self, status: int) -> None:
        cast("RecordingProxy", self.server).record(Seen(self.command, self.path, status))

    def _refuse(self) -> None:
        self._record(HTTPStatus.FORBIDDEN)
        self.send_response(HTTPStatus.FORBIDDEN)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    do_CONNECT = _refuse  # noqa: N815

    def do_GET(self) -> None:
        if cast("RecordingProxy", self.server).away:
            self._record(0)
            self.close_connection = True
            return
        parts = urlsplit(self.path)
        if parts.scheme != "http" or parts.hostname not in _LOOPBACK:
            self._refuse()
            return
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length) if length else None
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP_BY_HOP}
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            answer = self._ask(parts.netloc, target, body, headers)
        except OSError:
            self._record(HTTPStatus.BAD_GATEWAY)
            self.send_error(HTTPStatus.BAD_GATEWAY)
            return
        self._record(answer.status)
        self._relay(answer)

    do_HEAD = do_POST = do_PUT = do_OPTIONS = do_GET  # noqa: N815

    def _ask(
        self, netloc: str, target: str, body: bytes | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        if self._upstream is None or self._netloc != netloc:
            self._upstream = http.client.HTTPConnection(netloc, timeout=120)
            self._netloc = netloc
        try:
            self._upstream.request(self.command, target, body, headers)
            return self._upstream.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server closed an idle connection: once more, on a new one.
            self._upstream.close()
            self._upstream.request(self.command, target, body, headers)
            return self._upstream.getresponse()

    def _relay(self, answer: http.client.HTTPResponse) -> None:
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        empty = self.command == "HEAD" or answer.status in (204, 304)
        if not empty and answer.getheader("Content-Length") is None:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        while not empty and (chunk := answer.read(_CHUNK_BYTES)):
            self.wfile.write(chunk)
        if not empty and answer.length:  # cut off before its end
            self.close_connection = True
        answer.read()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class RecordingProxy(ThreadingHTTPServer):
    """Serves in threads of its own, between ``start`` and ``stop``.

    While it is ``away`` it answers nothing, as when there is no network.
    """

    daemon_threads = True
    away = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._lock = threading.Lock()
        self._seen: list[Seen] = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def url(self) -> str:
        """What ``--proxy-server`` takes."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def seen(self) -> tuple[Seen, ...]:
        """Every request up to now, in order."""
        with self._lock:
            return tuple(self._seen)

    def record(self, request: Seen) -> None:
        """Write a request down."""
        with self._lock:
            self._seen.append(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over a browser that hangs up in mid-answer."""

    def start(self) -> None:
        """Serve in threads until ``stop``."""
        self._thread.start()

    def stop(self) -> None:
        """End; what was seen stays."""
        self.shutdown()
        self._thread.join()
        self.server_close()
