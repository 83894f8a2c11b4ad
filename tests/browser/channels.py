"""Every way in which a script could send something to another origin, and whether it is closed.

``docs/privacy.md`` is the same table in words. Each attempt asks a foreign server for a path that
ends in the channel's name, so that the server tells which came through. They are plain scripts, for
any engine.
"""

from __future__ import annotations

import http.server
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.browser.sites import running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# From any thread. ``url`` is the foreign address; each may reject.
EVERYWHERE = {
    "fetch": "fetch(url)",
    "no-cors": "fetch(url, {mode: 'no-cors', method: 'POST', body: 'skin'})",
    "keepalive": "fetch(url, {mode: 'no-cors', keepalive: true})",
    "xhr": "(() => { const x = new XMLHttpRequest(); x.open('GET', url); x.send(); })()",
    "socket": "new WebSocket(url.replace('http', 'ws'))",
    "event-source": "new EventSource(url)",
    "import": "import(url)",
}
# From the page, which has a document.
_ADDED = (
    "document.body.append(Object.assign(document.createElement('{tag}'), {{{properties}}}))".format
)
PAGE = {
    **EVERYWHERE,
    "beacon": "navigator.sendBeacon(url, 'skin')",
    "image": "new Image().src = url",
    "audio": "new Audio(url).load()",
    "script": _ADDED(tag="script", properties="src: url"),
    "style": _ADDED(tag="link", properties="rel: 'stylesheet', href: url"),
    "icon": _ADDED(tag="link", properties="rel: 'icon', href: url"),
    "manifest": _ADDED(tag="link", properties="rel: 'manifest', href: url"),
    "prefetch": _ADDED(tag="link", properties="rel: 'prefetch', href: url"),
    "preload": _ADDED(tag="link", properties="rel: 'preload', as: 'image', href: url"),
    "font": "new FontFace('x', `url(${url})`).load()",
    "frame": _ADDED(tag="iframe", properties="src: url"),
    "object": _ADDED(tag="object", properties="data: url"),
    "speculation": _ADDED(
        tag="script",
        properties=(
            "type: 'speculationrules', textContent: JSON.stringify({prefetch: "
            "[{source: 'list', urls: [url], eagerness: 'immediate'}]})"
        ),
    ),
    # A frame of nothing has the page's policy.
    "empty-frame": (
        "(() => { const frame = document.createElement('iframe'); document.body.append(frame); "
        "return frame.contentWindow.fetch(url); })()"
    ),
    # A frame of a file of ours would have none.
    "own-frame": (
        "new Promise((resolve, reject) => { const frame = document.createElement('iframe'); "
        "frame.onload = () => { try { resolve(frame.contentWindow.fetch(url)); } "
        "catch (error) { reject(error); } }; "
        "frame.src = 'favicon.svg'; document.body.append(frame); })"
    ),
}
# From the page, to where it leads the page itself; all but the form are told by the Navigation API.
LEAVING = {
    "form": (
        "(() => { const form = Object.assign(document.createElement('form'), {action: url}); "
        "document.body.append(form); form.submit(); })()"
    ),
    "location": "location.href = url",
    "link": (
        "(() => { const link = Object.assign(document.createElement('a'), {href: url}); "
        "document.body.append(link); link.click(); })()"
    ),
    "refresh": (
        "(() => { const meta = document.createElement('meta'); meta.httpEquiv = 'refresh'; "
        "meta.content = `0; url=${url}`; document.head.append(meta); })()"
    ),
}
# What no page can close.
OPEN = {"window": "window.open(url)"}
# Started from a URL, each would be a worker that no policy binds.
FILES_AS_WORKERS = (
    "js/page/host.js",
    "vendor/pyscript/core.js",
    "vendor/pyodide/pyodide.mjs",
    "vendor/jspdf/jspdf.js",
)
# The policy must let these pass, and each ends by itself.
WORKERS_BY_URL = (
    "js/engine/engine.js",
    "js/engine/lab-engine.js",
    "js/engine/kernels/thread.js",
    "js/python/pyodide.js",
    "js/vault/worker.js",
    "vendor/tfjs/tfjs.js",
    "vendor/tfjs/webgpu.js",
    "vendor/tfjs/webgl.js",
    "vendor/tfjs/cpu.js",
    "vendor/idb/idb.js",
    "vendor/backup/backup.js",
    "sw.js",
)


def attempts(sources: Mapping[str, str]) -> str:
    """A script that tries each once, given the foreign address, and tells what became of it.

    None is waited for longer than it takes to leave.
    """
    tried = ", ".join(f"'{name}': async (url) => {source}" for name, source in sources.items())
    return f"""async (foreign) => {{
      const told = {{}};
      for (const [name, attempt] of Object.entries({{{tried}}})) {{
        const short = new Promise((resolve) => setTimeout(resolve, 400, 'no answer'));
        const tried = attempt(foreign + name);
        const outcome = tried.then(() => 'done', (error) => `refused: ${{error}}`);
        told[name] = await Promise.race([outcome, short]);
      }}
      return told;
    }}"""


# Starts a worker from a file of the page's own, and tells what became of it.
START_WORKERS = """async (paths) => {
  const outcome = (path) => new Promise((resolve) => {
    let worker;
    try {
      worker = new Worker(new URL(path, document.baseURI), {type: 'module'});
    } catch (error) {
      resolve(`refused: ${error.name}`);
      return;
    }
    worker.onerror = (event) => { event.preventDefault(); resolve('ended'); };
    worker.onmessage = () => resolve('runs');
    setTimeout(() => { worker.terminate(); resolve('runs'); }, 20000);
  });
  const outcomes = await Promise.all(paths.map(outcome));
  return Object.fromEntries(paths.map((path, index) => [path, outcomes[index]]));
}"""


class _Foreign(http.server.BaseHTTPRequestHandler):
    """Answers whoever asks, and writes down what it was asked for."""

    def do_GET(self) -> None:
        self.server.heard.append(urlsplit(self.path).path.strip("/"))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_OPTIONS = do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@dataclass(frozen=True)
class ForeignServer:
    """Another origin, on this machine."""

    url: str
    heard: list[str]
    """The channels by which something has come, in that order."""


@contextmanager
def foreign_server() -> Iterator[ForeignServer]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Foreign)
    server.heard = []  # type: ignore[attr-defined]
    with running(server):
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        yield ForeignServer(url, server.heard)  # type: ignore[attr-defined]
