/**
 * The engine worker: runs the TF.js model. Knows tensors, nothing of lesions.
 *
 * It picks the first backend that starts in time, gives the golden vectors' logits within the
 * manifest's tolerance and is no software GPU; when a GPU is lost in mid-run it falls back to the
 * next one and runs the request again.
 */

import '../shared/blob-only.js';
import * as tf from '../../vendor/tfjs/tfjs.js';
import { fuseModel } from './kernels/fused-model.js';
import { WASM, WEBGPU } from './kernels/fusion.js';
import { installKernels } from './kernels/kernels.js';
import * as webgpu from './kernels/webgpu/kernels.js';
import { Fault } from '../shared/fault.js';
import { holdLife } from '../shared/life.js';
import { fetchModel } from './model.js';
import { BACKENDS, VERSION, toWire } from '../shared/protocol.js';
import { within } from '../shared/within.js';

/** @typedef {import('../shared/protocol.js').Backend} Backend */
/** @typedef {import('../shared/protocol.js').LoadCommand} LoadCommand */
/** @typedef {import('../shared/protocol.js').PredictRequest} PredictRequest */
/** @typedef {import('../shared/protocol.js').Wanted} Wanted */
/** @typedef {import('../shared/protocol.js').EngineReport} EngineReport */
/** @typedef {import('./model.js').FetchedModel} FetchedModel */

// A null adapter or a driver that hangs must not hold up the next backend. Compiling on a phone's
// GPU takes seconds; TF.js's CPU backend takes two for each picture, so it has no limit.
const START_LIMIT_MS = { webgpu: 20_000, webgl: 20_000, wasm: 20_000, cpu: Infinity };
// Browsers may mask a software adapter's name, but not its speed: WASM takes 60-70 ms on two slow
// cores, so a GPU that needs this long is not worth its battery.
const SLOW_GPU_MS = 300;
const SOFTWARE_ADAPTER = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i;

// Beyond this a picture's rows are too few to share, and the page needs processors of its own.
const MOST_THREADS = 4;

// A backend is proved and warmed up with every output, so that none is computed for the first time late.
/** @type {Wanted[]} */
const EVERYTHING = ['embedding', 'maps'];

/** @typedef {{backend: Backend, adapter: string, model: tf.GraphModel, warmup_ms: number, parity_error: number, lost: Promise<unknown>, gone?: boolean}} Running */

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

/** Names the adapter of a GPU backend; throws where there is none. @param {Backend} backend */
async function adapterOf(backend) {
  if (backend === 'webgpu') {
    const adapter = await /** @type {any} */ (navigator).gpu?.requestAdapter();
    if (!adapter) throw new Error('no WebGPU adapter');
    const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
    const name = [vendor, architecture, device, description].filter(Boolean).join(' ');
    return isFallbackAdapter ? `${name} (software)` : name;
  }
  if (backend === 'webgl') {
    const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
    if (!gl) throw new Error('no WebGL 2');
    const extension = gl.getExtension('WEBGL_debug_renderer_info');
    const name = gl.getParameter(extension ? extension.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
    gl.getExtension('WEBGL_lose_context')?.loseContext();
    return String(name);
  }
  return '';
}

/** Compiles all pipelines in parallel where the backend can; its outputs are zeros. @param {Backend} backend @param {() => tf.Tensor[]} run */
async function compile(backend, run) {
  const flag = { webgpu: 'WEBGPU_ENGINE_COMPILE_ONLY', webgl: 'ENGINE_COMPILE_ONLY' }[backend + ''];
  if (!flag) return;
  const device = /** @type {any} */ (tf.backend());
  tf.env().set(flag, true);
  try {
    tf.dispose(run());
    await device.checkCompileCompletionAsync();
    if (backend === 'webgl') device.getUniformLocations();
  } finally {
    tf.env().set(flag, false);
  }
}

/** Resolves when the GPU of the present backend is lost; never for WASM and CPU. @param {Backend} backend @returns {Promise<unknown>} */
function lossOf(backend) {
  const device = /** @type {any} */ (tf.backend());
  if (backend === 'webgpu') return device.device.lost;
  if (backend === 'webgl') {
    return new Promise((resolve) => {
      device.canvas.addEventListener('webglcontextlost', resolve, { once: true });
    });
  }
  return new Promise(() => {});
}

/**
 * The outputs to compute, by what they are; of what is told on request only what is wanted.
 * @param {FetchedModel} source @param {Wanted[]} wanted
 */
function outputsOf({ outputs }, wanted) {
  const { embedding, maps, ...always } = outputs;
  const asked = Object.entries({ embedding, maps }).filter(([what]) => wanted.includes(/** @type {Wanted} */ (what)));
  const all = /** @type {[string, string | null][]} */ ([...Object.entries(always), ...asked]);
  return /** @type {[keyof typeof outputs, string][]} */ (all.filter(([, name]) => name !== null));
}

/** @param {tf.GraphModel} model @param {tf.Tensor} input @param {string[]} names @returns {tf.Tensor[]} */
function execute(model, input, names) {
  const outputs = model.execute(input, names);
  return Array.isArray(outputs) ? outputs : [outputs];
}

/** Starts one backend and proves it on the golden vectors. @param {Backend} backend @param {FetchedModel} source @returns {Promise<Running>} */
async function start(backend, source) {
  starting = backend;
  progress('start');
  const adapter = await adapterOf(backend);
  if (SOFTWARE_ADAPTER.test(adapter) && backend !== forced) throw new Error(`software adapter (${adapter})`);
  progress('compile');
  const begun = performance.now();
  if (!(await tf.setBackend(backend))) throw new Error('TF.js could not initialise it');
  await tf.ready();
  const proven = await loadFused(backend, source, adapter) ?? await loadProven(backend, source, source.handler);
  const warmup_ms = performance.now() - begun;
  return { backend, adapter, ...proven, warmup_ms, lost: lossOf(backend) };
}

/**
 * With our own kernels; null for a backend or a browser without them, or if they answer wrongly.
 * @param {Backend} backend @param {FetchedModel} source @param {string} adapter
 */
async function loadFused(backend, source, adapter) {
  const install = { wasm: fuseForWasm, webgpu: fuseForWebGpu, webgl: null, cpu: null }[backend];
  if (!install) return null;
  try {
    const { abilities, description } = await install(adapter);
    const handler = { load: async () => fuseModel(tf, await source.handler.load(), abilities) };
    return { ...await loadProven(backend, source, handler), adapter: description };
  } catch (error) {
    console.info('TF.js runs with its own kernels.', error);
    if (backend === 'webgpu') webgpu.forgetKernels(tf);
    return null;
  }
}

async function fuseForWasm() {
  const { description } = await installKernels(tf, Math.min(MOST_THREADS, navigator.hardwareConcurrency));
  return { abilities: WASM, description };
}

/** @param {string} adapter */
async function fuseForWebGpu(adapter) {
  webgpu.installKernels(tf, SOFTWARE_ADAPTER.test(adapter));
  return { abilities: WEBGPU, description: `${adapter}, fused kernels` };
}

/** Throws if the model does not give the golden logits. @param {Backend} backend @param {FetchedModel} source @param {FetchedModel['handler']} handler */
async function loadProven(backend, source, handler) {
  const model = await tf.loadGraphModel(handler);
  // TF.js keeps the weights a second time, for a model that is to be saved.
  delete /** @type {any} */ (model).artifacts.weightData;
  try {
    const proof = () => prove(backend, model, source);
    return { model, parity_error: await (backend === 'webgpu' ? webgpu.withoutFault(tf, proof) : proof()) };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/**
 * Warms a model up and compares it with the golden logits; returns the largest difference.
 * @param {Backend} backend @param {tf.GraphModel} model @param {FetchedModel} source
 */
async function prove(backend, model, source) {
  const zeros = /** @type {tf.Tensor} */ (tf.zeros(source.shape));
  const names = outputsOf(source, EVERYTHING).map(([, name]) => name);
  await compile(backend, () => execute(model, zeros, names));
  zeros.dispose();

  let parity_error = 0;
  let fastest_ms = Infinity;
  for (const golden of source.golden) {
    progress('check');
    const since = performance.now();
    const { logits } = await predictWith(model, source, golden.pixels, source.shape, EVERYTHING);
    fastest_ms = Math.min(fastest_ms, performance.now() - since);
    golden.logits.forEach((expected, index) => {
      const difference = Math.abs(logits[index] - expected);
      // NaN compares false with everything, so it is looked for.
      parity_error = difference > parity_error || Number.isNaN(difference) ? difference : parity_error;
    });
  }
  if (!(parity_error <= source.tolerance)) {
    throw new Error(`golden logits differ by ${parity_error}, over ${source.tolerance}`);
  }
  if ('webgpu webgl'.includes(backend) && fastest_ms > SLOW_GPU_MS && backend !== forced) {
    throw new Error(`${Math.round(fastest_ms)} ms a picture is slower than WASM`);
  }
  return parity_error;
}

/**
 * @param {tf.GraphModel} model @param {FetchedModel} source @param {Float32Array} pixels
 * @param {number[]} shape @param {Wanted[]} wanted
 */
async function predictWith(model, source, pixels, shape, wanted) {
  const outputs = outputsOf(source, wanted);
  const input = tf.tensor(pixels, shape, 'float32');
  /** @type {tf.Tensor[]} */
  let tensors = [];
  try {
    tensors = execute(model, input, outputs.map(([, name]) => name));
    const data = await readAll(tensors);
    const told = new Map(outputs.map(([what], index) => [what, data[index]]));
    return {
      logits: /** @type {Float32Array} */ (told.get('logits')),
      embedding: told.get('embedding') ?? null,
      modality: told.get('modality')?.[0] ?? null,
      lesion: told.get('lesion')?.[0] ?? null,
      melanoma: told.get('melanoma')?.[0] ?? null,
      malignancy: told.get('malignancy')?.[0] ?? null,
      maps: told.get('maps') ?? null,
    };
  } finally {
    tf.dispose([input, ...tensors]);
  }
}

/** @param {tf.Tensor[]} tensors @returns {Promise<Float32Array[]>} */
async function readAll(tensors) {
  if (tf.getBackend() === 'webgpu') return webgpu.readTogether(tf, tensors);
  return Promise.all(tensors.map((tensor) => /** @type {Promise<Float32Array>} */ (tensor.data())));
}

/** @param {Awaited<ReturnType<typeof predictWith>>} answer */
function allFinite({ logits, modality, lesion, melanoma, malignancy, maps }) {
  const single = [modality, lesion, melanoma, malignancy].map((logit) => logit ?? 0);
  return [...logits, ...single, ...(maps ?? [])].every(Number.isFinite);
}

/** Tries backends in order until one proves itself. @param {FetchedModel} source */
async function startFirst(source) {
  const skipped = [];
  for (const backend of forced ? [forced] : BACKENDS.filter((name) => !excluded.has(name))) {
    try {
      const work = start(backend, source);
      const limit_ms = backend === forced ? Infinity : START_LIMIT_MS[backend];
      const late = () => new Error(`starting ${backend} took over ${limit_ms} ms`);
      running = limit_ms === Infinity ? await work : await within(work, limit_ms, late);
    } catch (error) {
      skipped.push(`${backend}: ${toWire(error).message}`);
      excluded.add(backend);
      continue;
    }
    const started = running;
    const { adapter, warmup_ms, parity_error, lost } = started;
    lost.then(() => {
      excluded.add(backend);
      started.gone = true;
      abandon(new Error(`${backend} was lost`));
    });
    report({
      v: VERSION, kind: 'loaded', manifest: source.manifest, variant: source.variant,
      backend, adapter, warmup_ms, parity_error, skipped,
    });
    return;
  }
  throw new Fault('NoBackendError', 'no-backend', { reasons: skipped.join('; ') });
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
  await startFirst(fetched);
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
    const { backend, model, gone } = running;
    try {
      if (gone) throw new Error(`${backend} was lost`);
      const answer = await unlessLost(predictWith(model, fetched, request.pixels, request.shape, request.wanted));
      if (!allFinite(answer)) throw new Error(`${backend} answered NaN`);
      const inference_ms = performance.now() - since;
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
      model.dispose();
      tf.removeBackend(backend);
      await startFirst(fetched);
    }
  }
}

/** @param {PredictRequest} request @param {MessagePort} asker  an answer is for the Python that asked */
function enqueuePrediction(request, asker) {
  queue = queue.then(async () => {
    self.postMessage({ v: VERSION, kind: 'working' });
    await predict(request, asker);
  }).catch((error) => {
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
