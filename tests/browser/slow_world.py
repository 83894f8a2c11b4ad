"""A page whose files, permissions and camera are slow in whatever order a test wants."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from tests.browser.pictures import jpeg

if TYPE_CHECKING:
    from PIL import Image

    from tests.browser.lentigo_page import LentigoPage

# `gates` holds files back by name, and the question for the camera under ''; `delays_ms` only lets
# them wait. The camera shows what was last given to `show`, with a pixel that changes so that
# frames come, until it is frozen.
_WORLD = """() => {
  if (globalThis.world) return;
  const canvas = document.createElement('canvas');
  Object.assign(canvas, {width: 640, height: 480});
  const context = canvas.getContext('2d');
  let image = null;
  let tick = 0;
  const world = {
    gates: new Map(), delays_ms: new Map(), broken: new Set(),
    streams: [], frozen: false, waiting: 0,
  };
  globalThis.world = world;
  const wait = async (name) => {
    world.waiting += 1;
    await world.gates.get(name)?.promise;
    const delay_ms = world.delays_ms.get(name) ?? 0;
    if (delay_ms) await new Promise((over) => setTimeout(over, delay_ms));
    world.waiting -= 1;
  };
  setInterval(() => {
    if (!image || world.frozen) return;
    context.drawImage(image, 0, 0, 640, 480);
    context.fillStyle = `rgb(${tick % 255} 128 128)`;
    context.fillRect(0, 0, 1, 1);
    tick += 1;
  }, 40);
  world.hold = (name) => { world.gates.set(name, Promise.withResolvers()); };
  world.release = (name) => { world.gates.get(name)?.resolve(); world.gates.delete(name); };
  world.show = async (url) => {
    const next = new Image();
    next.src = url;
    await next.decode();
    image = next;
  };
  world.live = () => world.streams.flatMap((stream) => stream.getTracks())
    .filter((track) => track.readyState === 'live').length;
  world.drop = (parts) => {
    const transfer = new DataTransfer();
    for (const [type, text] of parts) transfer.items.add(text, type);
    document.dispatchEvent(new DragEvent('drop', {dataTransfer: transfer, cancelable: true}));
  };
  const read = Blob.prototype.arrayBuffer;
  Blob.prototype.arrayBuffer = async function () {
    await wait(this.name);
    if (world.broken.has(this.name)) throw new DOMException('gone', 'NotFoundError');
    return read.call(this);
  };
  navigator.mediaDevices.getUserMedia = async () => {
    await wait('');
    if (world.broken.has('')) throw new DOMException('no', 'NotAllowedError');
    const stream = canvas.captureStream(30);
    world.streams.push(stream);
    return stream;
  };
}"""


def data_url(picture: Image.Image) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg(picture)).decode("ascii")


class SlowWorld:
    """What surrounds a page; everything is quick and sound until a test says otherwise."""

    def __init__(self, page: LentigoPage) -> None:
        self._page = page.page
        self._page.evaluate(_WORLD)

    def call(self, method: str, *arguments: Any) -> Any:
        return self._page.evaluate(
            "([method, given]) => world[method](...given)", [method, list(arguments)]
        )

    def hold(self, name: str = "") -> None:
        """Hold back the file of this name, or the answer to the question for the camera."""
        self.call("hold", name)

    def release(self, name: str = "") -> None:
        self.call("release", name)

    def break_(self, name: str = "") -> None:
        """Let the reading of a file fail, or the camera be refused."""
        self._page.evaluate("(name) => world.broken.add(name)", name)

    def delay(self, delay_ms: int, name: str = "") -> None:
        """Let the file of this name, or the answer to the question for the camera, wait."""
        self._page.evaluate("([name, ms]) => world.delays_ms.set(name, ms)", [name, delay_ms])

    def wait_until_still(self) -> None:
        """Wait until no file is being read, no question is open, and a camera on means `live`.

        A camera that was allowed still has to start, and Python to hear of it.
        """
        self._page.wait_for_function(
            """() => world.waiting === 0
              && (world.live() > 0) === (document.body.dataset.state === 'live')"""
        )

    def mend(self) -> None:
        self._page.evaluate("world.broken.clear(), world.delays_ms.clear(), world.frozen = false")

    def show(self, picture: Image.Image) -> None:
        """Hold something before the camera."""
        self.call("show", data_url(picture))

    def freeze(self) -> None:
        self._page.evaluate("world.frozen = true")

    def drop(self, *parts: tuple[str, str]) -> None:
        """Drop something that holds no file: pairs of a type and its text."""
        self.call("drop", list(parts))

    @property
    def open_cameras(self) -> int:
        return int(self.call("live"))
