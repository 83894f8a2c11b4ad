"""The engine's worker by itself, without Python: for what the page would only make slower."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page

_LOAD = """async ({ manifest, forced, excluded }) => {
  const { spawn } = await import('/js/shared/spawn.js');
  const { VERSION: v } = await import('/js/shared/protocol.js');
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
      v, kind: 'load', manifest_url: manifest, manifest_sha256: '', variant: null, forced, excluded,
    });
    worker.postMessage({ v, kind: 'connect' }, [port2]);
  });
}"""


def load_engine(
    page: Page, manifest: str, forced: str | None = None, excluded: Sequence[str] = ()
) -> dict[str, Any]:
    """Start an engine as ``globalThis.engine`` of a page of the site; returns its first report.

    Raises Playwright's error where no backend can run the model.
    """
    order = {"manifest": manifest, "forced": forced, "excluded": list(excluded)}
    report: dict[str, Any] = page.evaluate(_LOAD, order)
    return report
