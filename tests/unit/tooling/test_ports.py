"""Hosts and ports that cannot be had are told by their own cause; odd addresses are not found."""

import errno
import http.client
import socket
import threading
from pathlib import Path

import pytest

from tooling import server
from tooling.errors import ToolingError
from tooling.server import Hosting, SiteServer, open_server


@pytest.mark.parametrize(
    ("error", "fault", "remedy"),
    [
        (PermissionError(errno.EACCES, "no"), "only an administrator", "--port from 1024 up"),
        (socket.gaierror(-2, "no"), "host nowhere is not known", "leave --host away"),
        (OSError(errno.EADDRNOTAVAIL, "no"), "this machine has no address", "0.0.0.0"),
        (OSError(errno.EAFNOSUPPORT, "no"), "this machine has no address", "leave --host away"),
        (OSError(errno.ENETDOWN, "down"), "cannot listen on nowhere: .*down", "another --host"),
    ],
)
def test_what_cannot_be_listened_on_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, error: OSError, fault: str, remedy: str
) -> None:
    tried: list[int] = []

    def refuse(hosting: Hosting, host: str, port: int) -> None:
        tried.append(port)
        raise error

    monkeypatch.setattr(server, "SiteServer", refuse)
    with pytest.raises(ToolingError, match=fault) as caught:
        open_server(Hosting(Path()), "nowhere", 80)
    assert remedy in caught.value.remedy
    assert tried == [80]


def test_a_machine_without_a_free_port_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise OSError(errno.EADDRINUSE, "in use")

    monkeypatch.setattr(server, "SiteServer", busy)
    with pytest.raises(ToolingError, match="no port is free"):
        open_server(Hosting(Path()), "127.0.0.1", 8000)


@pytest.mark.parametrize("port", [-1, 65_536, 99_999])
def test_a_number_that_is_no_port_is_told(port: int) -> None:
    with pytest.raises(ToolingError, match=f"^{port} is no port"):
        open_server(Hosting(Path()), "127.0.0.1", port)


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_an_address_of_ipv6_is_taken_with_and_without_its_brackets(host: str) -> None:
    opened, _ = open_server(Hosting(Path()), host, 0)
    with opened:
        assert opened.url == f"http://[::1]:{opened.server_port}/"


def test_addresses_that_no_file_can_have_are_not_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "circle.js").symlink_to("circle.js")
    paths = ("/js/" + "a" * 300, "/bench/" + "a" * 5_000, "/js/circle.js", "//[::", "/%00")
    statuses = []
    with SiteServer(Hosting(tmp_path, mounts={"bench": tmp_path})) as served:
        thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            for path in paths:
                connection = http.client.HTTPConnection("127.0.0.1", served.server_port, timeout=10)
                connection.request("GET", path)
                statuses.append(connection.getresponse().status)
                connection.close()
        finally:
            served.shutdown()
            thread.join()
    assert statuses == [404] * len(paths)
    assert "Traceback" not in capsys.readouterr().err
