"""The ports, over two MessagePorts; every message is typed in ``js/protocol.js``.

Messages that arrive are only queued; ``run`` handles one after the other. Each proxy that
JavaScript holds of Python is owned here and destroyed when its port goes.
"""

from __future__ import annotations

import asyncio
import traceback
from typing import TYPE_CHECKING, Any

import numpy as np
from pyodide.ffi import JsProxy, create_proxy, jsnull, to_js

import js
from app.application import Application
from app.bridge.parse import VERSION, UnwantedMessageError, parse_engine, parse_host
from app.events import Crashed
from lentigo.errors import LentigoError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PIL import Image

    from app.events import Event
    from app.ports import Patch


# Files and frames.
_BYTES = ("Uint8Array", "Uint8ClampedArray")


def _post(port: Any, message: dict[str, Any], transfer: tuple[Any, ...] = ()) -> None:
    """Send a dict as a plain object; ``transfer`` are JavaScript buffers, given away.

    None becomes null, as the protocol has it; Pyodide would make it undefined.
    """
    values = {key: jsnull if value is None else value for key, value in message.items()}
    value = to_js(
        {"v": VERSION, **values},
        dict_converter=js.Object.fromEntries,
        create_pyproxies=False,
    )
    port.postMessage(value, to_js(transfer))


def _copy(array: NDArray[Any], kind: Any) -> Any:
    """Copy a flat array out of WASM memory, into a typed array that can be transferred."""
    copied = kind.new(array.size)
    copied.assign(array)
    return copied


def _plain(message: Any) -> dict[str, Any]:
    """Make a message a dict of Python values; Pyodide keeps JavaScript's null apart from None."""
    return {key: _value(value) for key, value in message.data.to_py(depth=1).items()}


def _value(value: Any) -> Any:
    """Convert one value; bytes become bytes at once, as a view of them would be copied again."""
    if value is jsnull:
        return None
    if not isinstance(value, JsProxy):
        return value
    return value.to_bytes() if value.constructor.name in _BYTES else value.to_py()


class BrowserClock:
    """The worker's clock, on the same origin as the page's."""

    def __init__(self, queue: asyncio.Queue[tuple[Event, int | None]]) -> None:
        self._queue = queue

    def now_ms(self) -> float:
        """Milliseconds since the epoch."""
        return float(js.performance.timeOrigin + js.performance.now())

    def later(self, delay_ms: float, event: Event) -> Callable[[], None]:
        """Queue ``event`` after ``delay_ms``; what is returned calls that off."""
        loop = asyncio.get_running_loop()
        return loop.call_later(delay_ms / 1000, self._queue.put_nowait, (event, None)).cancel


class MessagePortHost:
    """The main thread, behind a MessagePort."""

    def __init__(self, port: Any) -> None:
        self._port = port

    def patch(self, patch: Patch) -> None:
        """Send a patch."""
        _post(
            self._port,
            {
                "kind": "patch",
                "state": str(patch.state),
                "intent": patch.intent,
                "frame": patch.frame,
                "regions": dict(patch.regions),
                "announce": patch.announce,
                "cue": str(patch.cue),
            },
        )

    def show_picture(self, picture: Image.Image) -> None:
        """Send an RGB picture as RGBA bytes."""
        rgba = np.asarray(picture.convert("RGBA")).ravel()
        pixels = _copy(rgba, js.Uint8ClampedArray)
        message = {
            "kind": "picture",
            "rgba": pixels,
            "width": picture.width,
            "height": picture.height,
        }
        _post(self._port, message, (pixels.buffer,))

    def decode_file(self, file_id: int) -> None:
        """Ask the browser to decode a file."""
        _post(self._port, {"kind": "decode", "id": file_id})

    def press_shutter(self) -> None:
        """Ask for the photo."""
        _post(self._port, {"kind": "press-shutter"})

    def restart_engine(self, excluded: tuple[str, ...]) -> None:
        """Ask for a new engine; its port comes as a ``connect`` message to the worker."""
        _post(self._port, {"kind": "restart-engine", "excluded": list(excluded)})


class MessagePortEngine:
    """The engine worker, behind a MessagePort that changes when the engine is replaced."""

    def __init__(self) -> None:
        self.port: Any = None

    def predict(self, request_id: int, pixels: NDArray[np.float32]) -> None:
        """Send the model's input, flat, with its shape."""
        data = _copy(pixels.ravel(), js.Float32Array)
        message = {
            "kind": "predict",
            "id": request_id,
            "pixels": data,
            "shape": list(pixels.shape),
        }
        _post(self.port, message, (data.buffer,))


class Bridge:
    """Owns the ports, the queue and the application."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[tuple[Event, int | None]] = asyncio.Queue()
        self._clock = BrowserClock(self._queue)
        self._engine = MessagePortEngine()
        self._on_host = create_proxy(self._host_message)
        self._on_engine = create_proxy(self._engine_message)
        self._application: Application | None = None
        self._task: asyncio.Future[None] | None = None

    def connect(self, message: Any) -> None:
        """Take the ports: the host's and the engine's at first, then a new engine's alone."""
        ports = list(message.ports)
        if self._application is None:
            host_port = ports.pop(0)
            self._application = Application(MessagePortHost(host_port), self._engine, self._clock)
            host_port.onmessage = self._on_host
            self._application.greet()
        if self._engine.port is not None:
            self._engine.port.onmessage = None
            self._engine.port.close()
        self._engine.port = ports[0]
        self._engine.port.onmessage = self._on_engine

    def _host_message(self, message: Any) -> None:
        self._receive(parse_host, message)

    def _engine_message(self, message: Any) -> None:
        self._receive(parse_engine, message)

    def _receive(self, parse: Any, message: Any) -> None:
        data = _plain(message)
        try:
            self._queue.put_nowait(parse(data, self._clock.now_ms()))
        except UnwantedMessageError:
            return

    def start(self) -> None:
        """Begin to handle events; ports and messages may come before or after."""
        self._task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        while True:
            event, frame = await self._queue.get()
            assert self._application is not None
            try:
                self._application.handle(event, frame)
            except Exception:
                # The boundary of the program: a mistake of ours must reach the visitor as a
                # message, and the developer as a traceback, rather than end the queue in silence.
                js.console.error(traceback.format_exc())
                mistake = LentigoError("Lentigo made a mistake with this picture.")
                self._application.handle(Crashed(mistake), frame)
            # Until the next event comes this would keep a whole file.
            del event
