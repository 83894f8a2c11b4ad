"""Firefox and WebKit, started with a fresh profile behind a proxy."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from tests.browser.engines.webdriver import PATIENCE_S, Marionette, OverHttp
from tooling.engines import Firefox, WebKit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.engines.webdriver import Session
    from tests.browser.recording_proxy import RecordingProxy

# What Marionette does not set by itself. The proxy is to see what goes to this machine too. A
# camera that shows stripes, which nobody is asked for.
_PREFERENCES = {
    "marionette.port": 0,
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.no_proxies_on": "",
    "network.proxy.allow_hijacking_localhost": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    # Its maker's lists: from nowhere. It believes this only together with the variable below.
    "services.settings.server": "data:,none",
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "ui.prefersReducedMotion": 1,
}
_OWN_LISTS = {"MOZ_REMOTE_SETTINGS_DEVTOOLS": "1"}
# Errors and warnings of scripts, policies and the like; what a page writes itself goes elsewhere.
_CONSOLE = """
  const found = Services.console.getMessageArray()
    .filter((entry) => entry instanceof Ci.nsIScriptError)
    .filter(({sourceName}) => /^(https?|blob):/.test(sourceName))
    .map(({flags, errorMessage}) =>
      `${flags & Ci.nsIScriptError.warningFlag ? 'warning' : 'error'}: ${errorMessage}`);
  Services.console.reset();
  return found;
"""
_HIDE = """
  const {prototype} = CanvasRenderingContext2D;
  window.readPixels = prototype.getImageData;
  prototype.getImageData = function (...where) {
    const pixels = window.readPixels.apply(this, where);
    crypto.getRandomValues(pixels.data.subarray(0, 65_536));
    return pixels;
  };
  arguments[0]();
"""
_SHOW = """
  CanvasRenderingContext2D.prototype.getImageData = window.readPixels;
  arguments[0]();
"""


class Browser(Protocol):
    """A browser that is open."""

    name: str

    @property
    def session(self) -> Session:
        """What takes commands."""

    def complaints(self) -> list[str]:
        """Return what only the browser itself can tell of since the last call."""

    def hide_pixels(self, hidden: bool) -> None:
        """Let pages read noise in place of pixels, or the pixels again."""


class OpenFirefox:
    """A Firefox that was started for the tests."""

    name = "firefox"

    def __init__(self, session: Marionette) -> None:
        self._session = session

    @property
    def session(self) -> Session:
        return self._session

    def complaints(self) -> list[str]:
        told: list[str] = self._session.run_as_browser(_CONSOLE)
        return told

    def hide_pixels(self, hidden: bool) -> None:
        """Let pages read noise in place of pixels, as in its mode against fingerprinting."""
        value = "true" if hidden else "false"
        self._session.run_as_browser(
            f"Services.prefs.setBoolPref('privacy.resistFingerprinting', {value})"
        )


class OpenWebKit:
    """A WebKit that was started for the tests. Its driver does not tell what its console holds."""

    name = "webkit"

    def __init__(self, session: OverHttp) -> None:
        self._session = session

    @property
    def session(self) -> Session:
        return self._session

    def complaints(self) -> list[str]:
        return []

    def hide_pixels(self, hidden: bool) -> None:
        """It has no such mode: a stand-in, until the page is loaded again."""
        self._session.run(_HIDE if hidden else _SHOW, [])


@contextmanager
def _running(
    arguments: list[str], log: Path, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program, with all that it starts, until the end of the block."""
    with log.open("wb") as out:
        program = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            start_new_session=True,
        )
        try:
            yield program
        finally:
            for number in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(program.pid, number)
                    program.wait(timeout=5)
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    continue
            program.wait()


def _appeared(path: Path, program: subprocess.Popen[bytes]) -> str:
    """Wait until a program has written a file of one line."""
    deadline = time.monotonic() + PATIENCE_S
    while not (path.is_file() and (text := path.read_text(encoding="ascii").strip())):
        if program.poll() is not None or time.monotonic() > deadline:
            raise TimeoutError(f"{program.args!r} has not written {path.name}")
        time.sleep(0.05)
    return text


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def _listens(port: int, program: subprocess.Popen[bytes]) -> None:
    """Wait until a program listens on a port."""
    deadline = time.monotonic() + PATIENCE_S
    while program.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"{program.args!r} does not listen on port {port}")


@contextmanager
def open_firefox(firefox: Firefox, proxy: RecordingProxy, folder: Path) -> Iterator[Browser]:
    """Start Firefox with an empty profile in a folder."""
    profile = folder / "profile"
    profile.mkdir()
    port = proxy.server_address[1]
    wanted = {**_PREFERENCES, "network.proxy.http_port": port, "network.proxy.ssl_port": port}
    lines = [f'user_pref("{name}", {json.dumps(value)});\n' for name, value in wanted.items()]
    (profile / "user.js").write_text("".join(lines), encoding="ascii")
    # Only Firefox itself can tell what its console holds.
    arguments = ["-marionette", "-remote-allow-system-access", "-headless", "-no-remote"]
    with _running(
        [str(firefox.program), *arguments, "-profile", str(profile)], folder / "log", **_OWN_LISTS
    ) as program:
        session = Marionette(int(_appeared(profile / "MarionetteActivePort", program)))
        yield OpenFirefox(session)
        session.close()


@contextmanager
def open_webkit(
    webkit: WebKit, proxy: RecordingProxy, folder: Path, **environment: str
) -> Iterator[Browser]:
    """Start WebKit's small browser on a screen that nobody sees."""
    options: dict[str, Any] = {
        "binary": str(webkit.program),
        "args": ["--automation", "--enable-mock-capture-devices=true"],
    }
    capabilities = {
        "webkitgtk:browserOptions": options,
        "proxy": {"proxyType": "manual", "httpProxy": proxy.url.removeprefix("http://")},
    }
    number = folder / "display"
    # Nothing else of this machine is asked for: no sound, no accessibility bus, no keyring.
    quiet = {"NO_AT_BRIDGE": "1", "GTK_A11Y": "none", "GSETTINGS_BACKEND": "memory"}
    screen = [
        "sh", "-c", f'exec "{webkit.screen}" -displayfd 3 -screen 0 1280x1024x24 3>"{number}"'
    ]  # fmt: skip
    with _running(screen, folder / "screen.log") as program:
        shown = {"DISPLAY": f":{_appeared(number, program)}", "GDK_BACKEND": "x11"}
        # As root, and in most containers, its sandbox cannot be made.
        shown["WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"] = "1"
        port = _free_port()
        driver = [str(webkit.driver), f"--port={port}"]
        with _running(driver, folder / "driver.log", **shown, **quiet, **environment) as listener:
            _listens(port, listener)
            session = OverHttp(port, capabilities)
            yield OpenWebKit(session)
            session.close()
