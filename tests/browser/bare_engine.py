"""The engine's worker by itself, without Python: for what the page would only make slower."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from playwright.sync_api import Page, Worker

_LOAD = """async ({ manifest, forced, variant }) => {
  const { spawn } = await import('/js/shared/spawn.js');
  const { VERSION: v } = await import('/js/shared/protocol.js');
  globalThis.engine?.worker.terminate();
  const { worker } = spawn(new URL('/js/engine/engine.js', location.href));
  const { port1: port, port2 } = new MessageChannel();
  globalThis.engine = { worker, port };
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.addEventListener('message', ({ data }) => {
      if (data.kind === 'loaded') resolve(data);
      if (data.kind === 'failed') reject(new Error(data.error.message));
    });
    worker.postMessage({
      v, kind: 'load', manifest_url: new URL(manifest, location.href).href, manifest_sha256: '',
      variant, forced, excluded: [],
    });
    worker.postMessage({ v, kind: 'connect' }, [port2]);
  });
}"""
# `engine.reply` is there at once, and resolves with the answer.
_ASK = """async ([encoded, views]) => {
  const { VERSION: v } = await import('/js/shared/protocol.js');
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  const pixels = new Float32Array(bytes.buffer);
  engine.reply = new Promise((resolve, reject) => {
    engine.port.onmessage = ({ data }) => {
      const { kind, logits, maps } = data;
      if (kind === 'prediction') resolve({ ...data, logits: [...logits], maps: maps && [...maps] });
      if (kind === 'prediction-failed') reject(new Error(data.error.message));
    };
    engine.port.postMessage({
      v, kind: 'predict', id: 1, pixels, shape: [views, 224, 224, 3], wanted: ['maps'],
    });
  });
}"""


class BareEngine:
    """An engine in a blank page of the site. ``report`` is the first that it gave."""

    def __init__(
        self, page: Page, manifest: str, forced: str | None = None, variant: str | None = None
    ) -> None:
        """Start it in the place of the one before; raises where no backend can run the model."""
        order = {"manifest": manifest, "forced": forced, "variant": variant}
        self._page = page
        self.report: dict[str, Any] = page.evaluate(_LOAD, order)

    @property
    def worker(self) -> Worker:
        """Its thread, where ``tf`` is."""
        for worker in reversed(self._page.workers):
            if worker.evaluate("'tf' in globalThis"):
                return worker
        raise AssertionError("there is no engine")

    def tensors(self) -> int:
        """How many tensors there are."""
        return int(self.worker.evaluate("tf.memory().numTensors"))

    def ask(self, pixels: NDArray[np.float32]) -> None:
        """Send n views of a picture, (n, 224, 224, 3) in -1..1; do not wait for the answer."""
        encoded = base64.b64encode(np.ascontiguousarray(pixels, np.float32).tobytes()).decode()
        self._page.evaluate(_ASK, [encoded, len(pixels)])

    def reply(self) -> dict[str, Any]:
        """Wait for the answer to what was asked last."""
        told: dict[str, Any] = self._page.evaluate("engine.reply")
        return told

    def predict(self, pixels: NDArray[np.float32]) -> dict[str, Any]:
        """Send a picture and return the answer."""
        self.ask(pixels)
        return self.reply()
