"""The W3C's WebDriver, as far as these tests need it, by either of the two ways to speak it.

WebKit's driver takes a command as a request of HTTP. Firefox, which needs no driver beside it,
takes the same commands over a socket of its own, as its protocol Marionette.
"""

from __future__ import annotations

import http.client
import json
import socket
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pathlib import Path

# The longest that any single command takes; a hang ends here.
PATIENCE_S = 120.0
# How the standard names a reference to an element.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class WebDriverError(Exception):
    """A command that the browser could not carry out; says which, and why."""


class Session(Protocol):
    """A browser that takes commands."""

    def navigate(self, url: str) -> None:
        """Open an address."""

    def run(self, script: str, arguments: list[Any]) -> Any:
        """Run the body of a function; its last argument is to be called with the value."""

    def find(self, selector: str) -> str:
        """Return a reference to the first element."""

    def click(self, element: str) -> None:
        """Click as a person does."""

    def choose(self, element: str, path: Path) -> None:
        """Choose a file in an input."""

    def close(self) -> None:
        """End the session, and the browser with it."""


class OverHttp:
    """A session with a driver that listens on a port."""

    def __init__(self, port: int, capabilities: dict[str, Any]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        asked = {"capabilities": {"alwaysMatch": capabilities}}
        self._path = "/session"
        self._path += "/" + self._ask("POST", "", asked)["sessionId"]
        self._ask("POST", "/timeouts", {"script": PATIENCE_S * 1000})

    def _ask(self, method: str, command: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        self._connection.request(method, self._path + command, data)
        answer = self._connection.getresponse()
        value = json.loads(answer.read())["value"]
        if answer.status != http.client.OK:
            raise WebDriverError(f"{command}: {value['error']}: {value['message']}")
        return value

    def navigate(self, url: str) -> None:
        self._ask("POST", "/url", {"url": url})

    def run(self, script: str, arguments: list[Any]) -> Any:
        return self._ask("POST", "/execute/async", {"script": script, "args": arguments})

    def find(self, selector: str) -> str:
        asked = {"using": "css selector", "value": selector}
        return str(self._ask("POST", "/element", asked)[ELEMENT])

    def click(self, element: str) -> None:
        self._ask("POST", f"/element/{element}/click", {})

    def choose(self, element: str, path: Path) -> None:
        self._ask("POST", f"/element/{element}/value", {"text": str(path)})

    def close(self) -> None:
        self._ask("DELETE", "")
        self._connection.close()


class Marionette:
    """A session with a Firefox that listens on a port.

    A message is its length, a colon, and a list: ``[0, id, command, parameters]``, and in reply
    ``[1, id, error, result]``.
    """

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self._stream = self._socket.makefile("rwb")
        self._count = 0
        greeting = self._read()
        if greeting["marionetteProtocol"] != 3:
            raise WebDriverError(f"this Firefox speaks another protocol: {greeting}")
        self._ask("WebDriver:NewSession", {})
        self._ask("WebDriver:SetTimeouts", {"script": PATIENCE_S * 1000})

    def _read(self) -> Any:
        length = b""
        while (digit := self._stream.read(1)) != b":":
            if not digit:
                raise WebDriverError("Firefox has hung up")
            length += digit
        return json.loads(self._stream.read(int(length)))

    def _ask(self, command: str, parameters: dict[str, Any]) -> Any:
        self._count += 1
        message = json.dumps([0, self._count, command, parameters]).encode()
        self._stream.write(b"%d:%b" % (len(message), message))
        self._stream.flush()
        _, number, error, result = self._read()
        if number != self._count:
            raise WebDriverError(f"{command}: the answer is to another command")
        if error:
            raise WebDriverError(f"{command}: {error['error']}: {error['message']}")
        return result

    def navigate(self, url: str) -> None:
        self._ask("WebDriver:Navigate", {"url": url})

    def run(self, script: str, arguments: list[Any]) -> Any:
        asked = {"script": script, "args": arguments}
        return self._ask("WebDriver:ExecuteAsyncScript", asked)["value"]

    def run_as_browser(self, script: str) -> Any:
        """Run a function's body with the rights of Firefox itself."""
        self._ask("Marionette:SetContext", {"value": "chrome"})
        try:
            return self._ask("WebDriver:ExecuteScript", {"script": script, "args": []})["value"]
        finally:
            self._ask("Marionette:SetContext", {"value": "content"})

    def find(self, selector: str) -> str:
        asked = {"using": "css selector", "value": selector}
        return str(self._ask("WebDriver:FindElement", asked)["value"][ELEMENT])

    def click(self, element: str) -> None:
        self._ask("WebDriver:ElementClick", {"id": element})

    def choose(self, element: str, path: Path) -> None:
        self._ask("WebDriver:ElementSendKeys", {"id": element, "text": str(path)})

    def close(self) -> None:
        self._ask("Marionette:Quit", {"flags": ["eForceQuit"]})
        self._stream.close()
        self._socket.close()
