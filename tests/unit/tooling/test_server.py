"""The server sends the site and nothing else."""

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.tooling.small_site import serving
from tooling.server import Hosting, SiteServer, open_server


@pytest.fixture
def served(root: Path) -> Iterator[SiteServer]:
    with serving(Hosting(root)) as server:
        yield server


def get(
    server: SiteServer, path: str, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_the_server_sends_the_page_and_the_right_types(served: SiteServer) -> None:
    status, headers, body = get(served, "/?backend=wasm")
    assert (status, body) == (200, b"<!doctype html>")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-cache"
    _, headers, _ = get(served, "/vendor/pyodide/pyodide.asm.wasm")
    assert headers["Content-Type"] == "application/wasm"
    assert "Cross-Origin-Embedder-Policy" not in headers


def test_a_file_is_sent_again_only_when_it_changed(served: SiteServer) -> None:
    _, headers, before = get(served, "/js/page/host.js")
    tag = {"If-None-Match": headers["ETag"]}
    assert get(served, "/js/page/host.js", tag)[0] == 304
    # At once, and of the same length.
    (served.hosting.root / "js" / "page" / "host.js").write_bytes(bytes(reversed(before)))
    assert get(served, "/js/page/host.js", tag)[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/serve.py",
        "/.git/config",
        "/.venv/pyvenv.cfg",
        "/node_modules/x.js",
        "/py/.secret",
        "/py/lentigo/__pycache__/priority.pyc",
        "/js/../serve.py",
        "/js/%2e%2e/serve.py",
        "/js/..%2fserve.py",
        "/js/..%5cserve.py",
        "//etc/passwd",
        "/vendor/../../../../../../etc/passwd",
        "/js/page/host.js%00.png",
        "/js",
        "/js/",
    ],
)
def test_the_server_sends_nothing_but_the_site(served: SiteServer, path: str) -> None:
    assert get(served, path)[0] == 404


def test_isolation_headers_and_a_sub_path_are_served_when_asked_for(root: Path) -> None:
    hosting = Hosting(root, isolated=True, prefix="some/where/", mounts={"x": root})
    with serving(hosting) as server:
        assert server.url.endswith("/some/where/")
        status, headers, _ = get(server, "/some/where/js/page/host.js")
        assert status == 200
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
        assert get(server, "/js/page/host.js")[0] == 404
        assert get(server, "/some/where/x/serve.py")[0] == 200
        assert get(server, "/some/where/x/../serve.py")[0] == 404


def test_a_busy_port_gives_the_next_free_one(served: SiteServer, root: Path) -> None:
    server, wanted = open_server(Hosting(root), "127.0.0.1", served.server_port)
    with server:
        assert not wanted
        assert server.server_port != served.server_port
