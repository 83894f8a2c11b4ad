/**
 * Pyodide as PyScript's worker loads it (`interpreter` in pyscript.toml): the real one, in a worker
 * that shows the page that it lives, that files arrive, and that it cannot go on. Pyodide itself
 * waits for ever when its binary cannot be had or compiled.
 */

import '../shared/blob-only.js';
import { holdLife } from '../shared/life.js';
import { VERSION } from '../shared/protocol.js';

const indexURL = new URL('../../vendor/pyodide/', import.meta.url).href;
const { loadPyodide: load, version } = await import(`${indexURL}pyodide.mjs`);
export { version };

new PerformanceObserver(() => self.postMessage({ v: VERSION, kind: 'arrived' })).observe({ type: 'resource' });

/** @param {unknown} error */
function tellFatal(error) {
  self.postMessage({ v: VERSION, kind: 'fatal', message: String(error) });
}

/** Our Python catches its own mistakes. What it cannot catch, a trap or a memory in disorder, ends it. @param {any} pyodide */
function watchForTheEnd(pyodide) {
  pyodide._api.on_fatal = tellFatal;
  self.addEventListener('error', ({ message }) => tellFatal(message));
  self.addEventListener('unhandledrejection', ({ reason }) => {
    if (reason instanceof WebAssembly.RuntimeError) tellFatal(reason);
  });
}

/** Lets Python tell how much memory it has taken. @param {any} pyodide */
function tellMemory({ _module }) {
  Object.assign(self, { heapBytes: () => _module.HEAPU8.length });
}

/** Rejects when a file cannot be had or the binary cannot be compiled. @param {AbortSignal} loaded  ends the watch */
function failureToLoad(loaded) {
  const { fetch } = self;
  const { instantiateStreaming } = WebAssembly;
  loaded.addEventListener('abort', () => {
    self.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  });
  return new Promise((_, reject) => {
    /** @template {(...given: any[]) => Promise<any>} F @param {F} work @param {(result: any) => void} check */
    const watched = (work, check = () => {}) => /** @type {F} */ (async (...given) => {
      try {
        const result = await work(...given);
        check(result);
        return result;
      } catch (error) {
        reject(error);
        throw error;
      }
    });
    self.fetch = watched(fetch, ({ ok, status, url }) => {
      if (!ok) reject(new Error(`${url}: status ${status}`));
    });
    WebAssembly.instantiateStreaming = watched((...given) => instantiateStreaming(...given));
  });
}

/** @param {object} options */
export async function loadPyodide(options) {
  holdLife('python');
  const loaded = new AbortController();
  const failure = failureToLoad(loaded.signal);
  try {
    const pyodide = await Promise.race([load({ ...options, indexURL }), failure]);
    watchForTheEnd(pyodide);
    tellMemory(pyodide);
    return pyodide;
  } finally {
    loaded.abort();
  }
}
