"""Firefox and WebKit are found, installed, or said to be missing; where CI tests they must be."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tooling import engines, packages
from tooling.command import answers
from tooling.errors import ToolingError

posix = pytest.mark.skipif(os.name == "nt", reason="the programs are shell scripts")


def program(path: Path, says: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without engines, whose programs are in ``bin``."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv(engines.FIREFOX_VARIABLE, raising=False)
    monkeypatch.setattr(engines, "_FIREFOX_ELSEWHERE", ())
    monkeypatch.setattr(engines, "find_webkit", lambda: _find_webkit(tmp_path))
    return tmp_path


_find_webkit = engines.find_webkit


@posix
def test_a_firefox_counts_only_if_it_runs_and_is_no_snap(bare: Path) -> None:
    assert engines.find_firefox() is None
    program(bare / "bin" / "firefox", "install the snap first")
    assert engines.find_firefox() is None
    snap = program(bare / "bin" / "firefox", "Mozilla Firefox 153.0")
    snap.write_text(snap.read_text() + "exec /snap/bin/firefox\n")
    assert engines.find_firefox() is None
    esr = program(bare / "bin" / "firefox-esr", "Mozilla Firefox 153.8.0esr")
    assert engines.find_firefox() == engines.Firefox(esr)


@posix
def test_a_firefox_that_is_named_is_the_only_one(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(bare / "bin" / "firefox", "Mozilla Firefox 153.0")
    own = program(bare / "own", "Mozilla Firefox 160.0")
    monkeypatch.setenv(engines.FIREFOX_VARIABLE, str(own))
    assert engines.find_firefox() == engines.Firefox(own)
    own.unlink()
    assert engines.find_firefox() is None


@posix
def test_webkit_takes_three_programs(bare: Path) -> None:
    browser = program(bare / "lib" / "some-machine" / "webkit2gtk-4.1" / "MiniBrowser", "")
    driver = program(bare / "bin" / "WebKitWebDriver", "")
    assert engines.find_webkit() is None
    screen = program(bare / "bin" / "Xvfb", "")
    assert engines.find_webkit() == engines.WebKit(browser, driver, screen)


@posix
def test_what_is_missing_is_installed(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []

    def install(names: Sequence[str], note: Callable[[str], None]) -> bool:
        asked.append(tuple(names))
        if "firefox-esr" in names:
            program(bare / "bin" / "firefox-esr", "Mozilla Firefox 153.8.0esr")
        return "firefox-esr" in names

    monkeypatch.setattr(engines, "install_packages", install)
    left_out = engines.missing_engines(print, {})
    assert asked == [("firefox-esr",), ("webkit2gtk-driver", "xvfb")]
    assert len(left_out) == 1
    assert "WebKit" in left_out[0]
    with pytest.raises(ToolingError, match="WebKit is not there"):
        engines.missing_engines(print, {"CI": "true"})


@posix
def test_packages_are_installed_where_no_password_is_asked_for(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes: list[str] = []
    assert not packages.install_packages(["firefox-esr"], notes.append)
    assert notes == []
    log = bare / "asked"
    apt = program(bare / "bin" / "apt-get", "")
    apt.write_text(f'#!/bin/sh\necho "$@" >>"{log}"\n')
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert not packages.install_packages(["firefox-esr"], notes.append)
    assert "left alone" in notes[-1]
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert packages.install_packages(["firefox-esr"], notes.append)
    assert log.read_text() == "update -q\ninstall -q -y firefox-esr\n"
    apt.write_text("#!/bin/sh\nexit 100\n")
    assert answers([apt]) is None
    assert not packages.install_packages(["firefox-esr"], notes.append)
    assert "failed" in notes[-1]
