"""The ports, over two MessagePorts; every message is typed in ``js/shared/protocol.js``.

Messages that arrive are only queued; ``_run`` handles one after the other. Each proxy that
JavaScript holds of Python is owned here and lives as long as the worker.
"""

from __future__ import annotations

import asyncio
import traceback
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pyodide.ffi import JsProxy, create_proxy, jsnull, to_js

import js
from app.application import Application
from app.bridge.parse import LIVE, VERSION, UnwantedMessageError, parse_engine, parse_host
from app.events import Crashed, EngineReplaced
from lentigo.errors import Fault, LentigoError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

    from app.events import PageEvent
    from app.keep.document import Report
    from app.keep.reminder import Reminder
    from app.ports import Patch, Wanted
    from app.spots.effects import ReadPictures, RestoreStore, WriteStore


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
    if value.constructor.name not in _BYTES:
        return value.to_py()
    copied = value.to_bytes()
    # What was copied would wait for JavaScript's garbage collector, as it does in older browsers.
    theirs: Any = value
    if hasattr(theirs.buffer, "transfer"):
        theirs.buffer.transfer(0)
    return copied


@dataclass(frozen=True)
class Ping:
    """The host asks to be told once everything before this is done."""

    id: int


class BrowserClock:
    """The worker's clock, on the same origin as the page's."""

    def now_ms(self) -> float:
        """Milliseconds since the epoch."""
        return float(js.performance.timeOrigin + js.performance.now())


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
                "regions": {name: html.text for name, html in patch.regions.items()},
                "announce": patch.announce,
                "cue": str(patch.cue),
                "has_picture": patch.has_picture,
                "memento": patch.memento,
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

    def read_photo(self, photo_id: int) -> None:
        """Ask for the bytes of a file, or the pixels of a capture."""
        _post(self._port, {"kind": "read", "id": photo_id})

    def decode_photo(self, photo_id: int) -> None:
        """Ask the browser to decode a file."""
        _post(self._port, {"kind": "decode", "id": photo_id})

    def give_report(self, report: Report) -> None:
        """Send what stands in a report, and its pictures as bytes, or by their keys."""
        figures = [
            {**asdict(figure), "jpeg": _copy(np.frombuffer(figure.jpeg, np.uint8), js.Uint8Array)}
            for figure in report.figures
        ]
        message = {"kind": "report", "report": {**asdict(report), "figures": figures}}
        _post(self._port, message, tuple(figure["jpeg"].buffer for figure in figures))

    def give_reminder(self, reminder: Reminder) -> None:
        """Send a calendar file."""
        _post(self._port, {"kind": "reminder", **asdict(reminder)})

    def open_store(self) -> None:
        """Ask what is kept."""
        _post(self._port, {"kind": "store-open"})

    def write_store(self, write: WriteStore) -> None:
        """Send records as JSON and pictures as bytes."""
        pictures = [
            {"key": key, "bytes": _copy(np.frombuffer(jpeg, dtype=np.uint8), js.Uint8Array)}
            for key, jpeg in write.pictures.items()
        ]
        message = {
            "kind": "store-write",
            "id": write.request,
            "records": [asdict(record) for record in write.records],
            "pictures": pictures,
            "deleted": list(write.deleted),
        }
        _post(self._port, message, tuple(picture["bytes"].buffer for picture in pictures))

    def restore_store(self, restore: RestoreStore) -> None:
        """Send the records that are taken from the backup, and the keys of their pictures."""
        message = {
            "kind": "store-restore",
            "id": restore.request,
            "records": [asdict(record) for record in restore.records],
            "pictures": list(restore.pictures),
        }
        _post(self._port, message)

    def read_pictures(self, read: ReadPictures) -> None:
        """Ask for pictures by their keys."""
        _post(self._port, {"kind": "store-pictures", "id": read.request, "keys": list(read.keys)})

    def press_shutter(self) -> None:
        """Ask for the photo."""
        _post(self._port, {"kind": "press-shutter"})

    def restart_engine(self, excluded: tuple[str, ...]) -> None:
        """Ask for a new engine; its port comes as a ``connect`` message to the worker."""
        _post(self._port, {"kind": "restart-engine", "excluded": list(excluded)})

    def done(self, ping: Ping) -> None:
        """Report that everything before a ping is done, and the memory taken by now."""
        # js/python/pyodide.js provides it.
        _post(self._port, {"kind": "done", "id": ping.id, "heap_bytes": js.self.heapBytes()})


class MessagePortEngine:
    """The engine worker, behind a MessagePort that changes when the engine is replaced."""

    def __init__(self) -> None:
        self.port: Any = None

    def predict(
        self, request_id: int, pixels: NDArray[np.float32], wanted: tuple[Wanted, ...] = ()
    ) -> None:
        """Send the model's input, flat, with its shape."""
        data = _copy(pixels.ravel(), js.Float32Array)
        message = {
            "kind": "predict",
            "id": request_id,
            "pixels": data,
            "shape": list(pixels.shape),
            "wanted": [str(output) for output in wanted],
        }
        _post(self.port, message, (data.buffer,))


class Bridge:
    """Owns the ports, the queue and the application."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[tuple[PageEvent | Ping, int | None]] = asyncio.Queue()
        self._clock = BrowserClock()
        self._engine = MessagePortEngine()
        self._on_host = create_proxy(self._host_message)
        self._on_engine = create_proxy(self._engine_message)
        self._host: MessagePortHost | None = None
        self._application: Application | None = None
        self._task: asyncio.Future[None] | None = None

    def connect(self, message: Any) -> None:
        """Take the ports: the host's and the engine's at first, then a new engine's alone."""
        ports = list(message.ports)
        if self._application is None:
            host_port = ports.pop(0)
            self._host = MessagePortHost(host_port)
            self._application = Application(self._host, self._engine, self._clock)
            host_port.onmessage = self._on_host
            self._application.greet()
        if self._engine.port is not None:
            self._engine.port.onmessage = None
            self._engine.port.close()
            self._queue.put_nowait((EngineReplaced(), None))
        self._engine.port = ports[0]
        self._engine.port.onmessage = self._on_engine

    def _host_message(self, message: Any) -> None:
        self._receive(_parse_host_or_ping, message)

    def _engine_message(self, message: Any) -> None:
        self._receive(parse_engine, message)

    def _receive(self, parse: Any, message: Any) -> None:
        """Queue what a message says; one that cannot be read is a mistake like any other."""
        frame, intent = None, 0
        try:
            data = _plain(message)
            frame, intent = _frame(data), int(data.get("intent", 0))
            item = parse(data, self._clock.now_ms())
        except UnwantedMessageError:
            return
        except Exception:
            item = (_mistake(intent), frame)
        self._queue.put_nowait(item)

    def start(self) -> None:
        """Begin to handle events; ports and messages may come before or after."""
        self._task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        while True:
            event, frame = await self._queue.get()
            assert self._host is not None
            assert self._application is not None
            if isinstance(event, Ping):
                self._host.done(event)
                continue
            try:
                self._application.handle(event, frame)
            except Exception:
                self._tell(_mistake(getattr(event, "intent", 0)), frame)
            # Until the next event comes this would keep a whole file.
            del event

    def _tell(self, mistake: Crashed, frame: int | None) -> None:
        assert self._application is not None
        try:
            self._application.handle(mistake, frame)
        except Exception as error:
            # Not even the message can be shown: the page starts another Python.
            js.console.error(traceback.format_exc())
            _post(js.self, {"kind": "fatal", "message": repr(error)})


def _mistake(intent: int) -> Crashed:
    """Make the exception at hand, over an act, an event: at the boundary of the program.

    A mistake of ours must reach the visitor as a message, and the developer as a traceback, rather
    than end the queue in silence.
    """
    js.console.error(traceback.format_exc())
    return Crashed(LentigoError(Fault.MISTAKE), intent)


def _frame(message: dict[str, Any]) -> int | None:
    """Return the id of the camera frame that the host waits for, if the message is one."""
    return message.get("id") if message.get("purpose") == LIVE else None


def _parse_host_or_ping(
    message: dict[str, Any], now_ms: float
) -> tuple[PageEvent | Ping, int | None]:
    if message.get("kind") == "ping":
        return Ping(int(message["id"])), None
    return parse_host(message, now_ms)
