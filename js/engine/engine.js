/**
 * The engine worker: runs the TF.js model. Knows tensors, nothing of lesions.
 *
 * It takes the backend that is fastest on this device, of those that give the golden vectors' logits
 * within the manifest's tolerance and are no software GPU. A GPU that is lost, or errs later, gives
 * way to the next one, which runs the request again.
 */

import '../shared/blob-only.js';
import * as tf from '../../vendor/tfjs/tfjs.js';
import { GPUS, end, start, stillRight } from './backend.js';
import { Fault } from '../shared/fault.js';
import { allFinite, predictViews } from './graph.js';
import { holdLife } from '../shared/life.js';
import { GPU_START_MS } from '../shared/limits.js';
import { fetchModel } from './model.js';
import { BACKENDS, VERSION, toWire } from '../shared/protocol.js';
import { within } from '../shared/within.js';

/** @typedef {import('../shared/protocol.js').Backend} Backend */
/** @typedef {import('../shared/protocol.js').LoadCommand} LoadCommand */
/** @typedef {import('../shared/protocol.js').PredictRequest} PredictRequest */
/** @typedef {import('../shared/protocol.js').EngineReport} EngineReport */
/** @typedef {import('./model.js').FetchedModel} FetchedModel */
/** @typedef {import('./backend.js').Running} Running */

// TF.js's CPU backend takes two seconds for each picture, so it has no limit.
const START_LIMIT_MS = { wasm: 20_000, cpu: Infinity };
/**
 * A backend that takes no longer for a picture is taken without a look at those after it. Beside a
 * camera's 33 ms the GPU is no matter; and WebGL, which takes seconds to compile, is worth
 * a try only where WebAssembly could not keep a live view alive.
 * @type {Record<Backend, number>}
 */
const ENOUGH_MS = { webgpu: 20, wasm: 100, webgl: Infinity, cpu: Infinity };

/** @type {MessagePort | null} */
let python = null;
/** @type {FetchedModel | null} */
let fetched = null;
/** The backend that is being started. @type {Backend | null} */
let starting = null;
/** @type {Running | null} */
let running = null;
/** Ends the prediction in flight, if there is one. @type {(error: Error) => void} */
let abandon = () => {};
/** @type {EngineReport | null} The last report, for a Python that connects after it. */
let settled = null;
/** @type {Set<Backend>} Backends that failed or were lost. */
const excluded = new Set();
/** @type {Backend | null} */
let forced = null;
/** One job at a time: loading, then predictions in the order in which they came. */
let queue = Promise.resolve();

/** @param {EngineReport} report */
function report(report) {
  if (report.kind !== 'progress') settled = report;
  self.postMessage(report);
  python?.postMessage(report);
}

/** @param {'download' | 'start' | 'compile' | 'check'} stage */
function progress(stage, loaded_bytes = 0, total_bytes = 0) {
  report({ v: VERSION, kind: 'progress', stage, backend: starting, loaded_bytes, total_bytes });
}

/**
 * Starts a backend, or notes why not.
 * @param {Backend} backend @param {FetchedModel} source @param {number} limit_ms  none for one that is forced @param {string[]} skipped
 * @returns {Promise<Running | null>}
 */
async function attempt(backend, source, limit_ms, skipped) {
  starting = backend;
  const abandoned = new AbortController();
  const how = { forced: backend === forced, signal: abandoned.signal, progress };
  try {
    if (limit_ms === Infinity || backend === forced) return await start(backend, source, how);
    if (limit_ms <= 0) throw new Error('no time is left for graphics');
    return await within(start(backend, source, how), limit_ms, () => new Error(`starting ${backend} took over ${limit_ms} ms`));
  } catch (error) {
    abandoned.abort(error);
    skipped.push(`${backend}: ${toWire(error).message}`);
    excluded.add(backend);
    return null;
  }
}

/** Starts the backend that is fastest on this device. @param {FetchedModel} source */
async function startBest(source) {
  /** @type {string[]} */
  const skipped = [];
  let gpu_ms = GPU_START_MS;
  /** @type {Running | null} */
  let best = null;
  for (const backend of forced ? [forced] : BACKENDS.filter((name) => !excluded.has(name))) {
    const worse = backend === 'cpu' || backend === 'webgl' && best?.backend === 'webgpu';
    if (best && (worse || best.picture_ms <= ENOUGH_MS[best.backend])) break;
    const begun = performance.now();
    const limit_ms = backend === 'wasm' || backend === 'cpu' ? START_LIMIT_MS[backend] : Math.round(gpu_ms);
    const started = await attempt(backend, source, limit_ms, skipped);
    if (GPUS.includes(backend)) gpu_ms -= performance.now() - begun;
    if (!started) continue;
    /** @type {[Running, Running | null]} */
    const [faster, slower] = !best || started.picture_ms < best.picture_ms ? [started, best] : [best, started];
    best = faster;
    if (!slower) continue;
    skipped.push(`${slower.backend}: ${Math.round(slower.picture_ms)} ms a picture, ${faster.backend} ${Math.round(faster.picture_ms)} ms`);
    end(slower);
    if (GPUS.includes(slower.backend)) excluded.add(slower.backend);
  }
  if (!best) throw new Fault('NoBackendError', 'no-backend', { reasons: skipped.join('; ') });
  const { backend, adapter, warmup_ms, parity_error, lost } = running = best;
  await tf.setBackend(backend);
  lost.then(() => {
    excluded.add(backend);
    best.gone = true;
    abandon(new Error(`${backend} was lost`));
  });
  report({
    v: VERSION, kind: 'loaded', manifest: source.manifest, variant: source.variant,
    backend, adapter, warmup_ms, parity_error, skipped,
  });
}

/** @param {LoadCommand} command */
async function load(command) {
  if (command.forced !== null && !BACKENDS.includes(command.forced)) {
    throw new Fault('NoSuchBackendError', 'no-such-backend', { backend: String(command.forced).slice(0, 40), there: BACKENDS.join(', ') });
  }
  forced = command.forced;
  command.excluded.forEach((backend) => excluded.add(backend));
  tf.setWasmPaths(new URL('../../vendor/tfjs/', import.meta.url).href);
  // The threads are those of our kernels.
  tf.setThreadsCount(1);
  const { manifest_url, manifest_sha256, variant } = command;
  fetched = await fetchModel(manifest_url, manifest_sha256, variant, (loaded_bytes, total_bytes) => {
    progress('download', loaded_bytes, total_bytes);
  });
  await startBest(fetched);
}

/**
 * The answer, or a rejection when the backend is lost before. A race with `lost` itself would keep
 * every answer for as long as the backend runs.
 * @template T @param {Promise<T>} work @returns {Promise<T>}
 */
function unlessLost(work) {
  return new Promise((resolve, reject) => {
    abandon = reject;
    work.then(resolve, reject);
  });
}

/** @param {PredictRequest} request @param {MessagePort} asker */
async function predict(request, asker) {
  if (!fetched || !running) throw new Fault('NoBackendError', 'model-not-loaded');
  const since = performance.now();
  while (true) {
    const best = running;
    const { backend, model } = best;
    // The host gives each view its time; none is shown to a backend that is lost.
    const beforeView = () => {
      if (best.gone) throw new Error(`${backend} was lost`);
      self.postMessage({ v: VERSION, kind: 'working' });
    };
    try {
      const answer = await unlessLost(predictViews(model, fetched, request.pixels, request.shape, request.wanted, beforeView));
      if (!allFinite(answer)) throw new Error(`${backend} answered NaN`);
      const inference_ms = performance.now() - since;
      await unlessLost(stillRight(running, fetched)).catch((error) => {
        excluded.add(backend);
        throw error;
      });
      asker.postMessage(
        { v: VERSION, kind: 'prediction', id: request.id, ...answer, inference_ms, backend },
        [answer.logits, answer.embedding, answer.maps].flatMap((array) => (array ? [array.buffer] : [])),
      );
      return;
    } catch (error) {
      if (backend === 'cpu' || backend === forced && !excluded.has(backend)) throw error;
      // The visitor forced a backend that is gone: an answer is worth more than the wish.
      forced = null;
      excluded.add(backend);
      console.info(`Another backend takes the place of ${backend}.`, error);
      end(running);
      await startBest(fetched);
    }
  }
}

/** @param {PredictRequest} request @param {MessagePort} asker  an answer is for the Python that asked */
function enqueuePrediction(request, asker) {
  queue = queue.then(() => predict(request, asker)).catch((error) => {
    asker.postMessage({ v: VERSION, kind: 'prediction-failed', id: request.id, error: toWire(error) });
  }).finally(() => self.postMessage({ v: VERSION, kind: 'idle' }));
}

self.addEventListener('message', (/** @type {MessageEvent} */ { data, ports }) => {
  if (data.v !== VERSION) throw new Error(`protocol ${data.v} is not ${VERSION}`);
  if (data.kind === 'load') {
    queue = queue.then(() => load(data)).catch((error) => {
      report({ v: VERSION, kind: 'failed', error: toWire(error) });
    });
  } else if (data.kind === 'connect') {
    const asker = python = ports[0];
    asker.onmessage = ({ data: request }) => enqueuePrediction(request, asker);
    if (settled) asker.postMessage(settled);
  }
});

holdLife('engine');

// For the developer's console and the leak tests: tf.memory(), and the device to destroy.
Object.assign(globalThis, { tf });
