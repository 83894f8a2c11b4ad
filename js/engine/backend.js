/**
 * Starts one backend, with our own kernels where it has some, and proves it on the golden vectors; later
 * it looks again whether it is still right.
 */

import * as tf from '../../vendor/tfjs/tfjs.js';
import { letGo } from '../shared/let-go.js';
import { EVERYTHING, execute, outputsOf, predictWith } from './graph.js';
import { fuseModel } from './kernels/fused-model.js';
import { WASM, WEBGPU } from './kernels/fusion.js';
import { installKernels } from './kernels/kernels.js';
import * as webgpu from './kernels/webgpu/kernels.js';
import { openWebGpu } from './webgpu.js';

/** @typedef {import('../shared/protocol.js').Backend} Backend */
/** @typedef {import('./model.js').FetchedModel} FetchedModel */

/**
 * `picture_ms` is the fastest golden picture; `proved` counts those that were right, in their order again
 * and again, and `checked_ms` is when the last of them was (`performance.now`).
 * @typedef {{parity_error: number, picture_ms: number, proved: number, checked_ms: number}} Proof
 * @typedef {{backend: Backend, adapter: string, model: tf.GraphModel, warmup_ms: number, lost: Promise<unknown>, gone?: boolean} & Proof} Running
 * @typedef {{forced: boolean, signal: AbortSignal, progress: (stage: 'start' | 'compile' | 'check') => void}} How
 *   `forced`: software too; `signal`: nobody waits any more
 */

/** The backends that a visitor's graphics processor runs. @type {readonly Backend[]} */
export const GPUS = ['webgpu', 'webgl'];
const SOFTWARE_ADAPTER = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i;

// Beyond this a picture's rows are too few to share, and the page needs processors of its own.
const MOST_THREADS = 4;

// Before the first answer all golden pictures are proved that fit into so long, but not fewer than two.
// The others follow with the answers (`stillRight`).
const PROOF_MS = 1000;
const LEAST_PROVED = 2;
// Some graphics drivers were seen to be right the first time only (LiteRT issue 8065).
const CHECK_EVERY_MS = 5000;

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

/** Opens a backend's device and loads TF.js's part for it; returns the device's name. Throws where there is none that is wanted. @param {Backend} backend @param {How} how */
async function open(backend, { forced, signal }) {
  /** @param {string} name */
  const accept = (name) => {
    if (SOFTWARE_ADAPTER.test(name) && !forced) throw new Error(`software adapter (${name})`);
  };
  if (backend === 'webgpu') return openWebGpu(signal, accept);
  if (backend === 'webgl') {
    const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
    if (!gl) throw new Error('no WebGL 2');
    const extension = gl.getExtension('WEBGL_debug_renderer_info');
    const name = String(gl.getParameter(extension ? extension.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
    gl.getExtension('WEBGL_lose_context')?.loseContext();
    accept(name);
    await import('../../vendor/tfjs/webgl.js');
    return name;
  }
  if (backend === 'cpu') await import('../../vendor/tfjs/cpu.js');
  return '';
}

/**
 * Starts a backend, which is TF.js's present one then. Rejects where it cannot run, errs, or is software
 * that nobody forces.
 * @param {Backend} backend @param {FetchedModel} source @param {How} how @returns {Promise<Running>}
 */
export async function start(backend, source, how) {
  how.progress('start');
  const adapter = await open(backend, how);
  how.signal.throwIfAborted();
  how.progress('compile');
  const begun = performance.now();
  if (!(await tf.setBackend(backend))) throw new Error('TF.js could not initialise it');
  await tf.ready();
  const proven = await loadFused(backend, source, adapter, how) ?? await loadProven(backend, source, source.handler, how);
  const warmup_ms = performance.now() - begun;
  return { backend, adapter, ...proven, warmup_ms, lost: lossOf(backend) };
}

/** Its threads stay, should it start again. @type {Promise<{description: string}> | null} */
let wasmKernels = null;

/**
 * With our own kernels; null for a backend or a browser without them, or if they answer wrongly.
 * @param {Backend} backend @param {FetchedModel} source @param {string} adapter @param {How} how
 */
async function loadFused(backend, source, adapter, how) {
  const install = { wasm: fuseForWasm, webgpu: fuseForWebGpu, webgl: null, cpu: null }[backend];
  if (!install) return null;
  try {
    const { abilities, description } = await install(adapter);
    const handler = { load: async () => fuseModel(tf, await source.handler.load(), abilities) };
    return { ...await loadProven(backend, source, handler, how), adapter: description };
  } catch (error) {
    how.signal.throwIfAborted();
    console.info('TF.js runs with its own kernels.', error);
    if (backend === 'webgpu') webgpu.forgetKernels(tf);
    return null;
  }
}

async function fuseForWasm() {
  wasmKernels ??= installKernels(tf, Math.min(MOST_THREADS, navigator.hardwareConcurrency));
  const { description } = await wasmKernels;
  return { abilities: WASM, description };
}

/** @param {string} adapter */
async function fuseForWebGpu(adapter) {
  const { software, hardware } = webgpu.BUDGET;
  webgpu.installKernels(tf, SOFTWARE_ADAPTER.test(adapter) ? software : hardware);
  return { abilities: WEBGPU, description: `${adapter}, fused kernels` };
}

/**
 * Throws if the model does not give the golden logits.
 * @param {Backend} backend @param {FetchedModel} source @param {FetchedModel['handler']} handler @param {How} how
 */
async function loadProven(backend, source, handler, how) {
  const model = await tf.loadGraphModel(handler);
  // TF.js keeps the weights a second time, for a model that is to be saved.
  const { artifacts } = /** @type {any} */ (model);
  artifacts.weightData.forEach(letGo);
  delete artifacts.weightData;
  try {
    how.signal.throwIfAborted();
    const proof = () => prove(backend, model, source, how);
    return { model, ...await (backend === 'webgpu' ? webgpu.withoutFault(tf, proof) : proof()) };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/**
 * Warms a model up and compares it with golden logits.
 * @param {Backend} backend @param {tf.GraphModel} model @param {FetchedModel} source @param {How} how @returns {Promise<Proof>}
 */
async function prove(backend, model, source, { signal, progress }) {
  const zeros = /** @type {tf.Tensor} */ (tf.zeros(source.shape));
  const names = outputsOf(source, EVERYTHING).map(([, name]) => name);
  await compile(backend, () => execute(model, zeros, names));
  zeros.dispose();

  const begun = performance.now();
  let parity_error = 0;
  let picture_ms = Infinity;
  let proved = 0;
  while (proved < source.golden.length && (proved < LEAST_PROVED || performance.now() - begun < PROOF_MS)) {
    signal.throwIfAborted();
    progress('check');
    const found = await compareWithGolden(model, source, proved);
    parity_error = Math.max(parity_error, found.apart);
    picture_ms = Math.min(picture_ms, found.picture_ms);
    proved += 1;
  }
  return { parity_error, picture_ms, proved, checked_ms: performance.now() };
}

/**
 * By how much a model's logits differ from a golden picture's at most, and how long it took; throws if they
 * differ too much.
 * @param {tf.GraphModel} model @param {FetchedModel} source @param {number} index
 */
async function compareWithGolden(model, { golden, ...source }, index) {
  const { pixels, logits: expected } = golden[index % golden.length];
  const shown = pixels();
  const since = performance.now();
  const { logits } = await predictWith(model, source, shown, source.shape, EVERYTHING);
  const picture_ms = performance.now() - since;
  // Of a NaN Math.max makes NaN.
  const apart = Math.max(...expected.map((value, at) => Math.abs(logits[at] - value)));
  if (!(apart <= source.tolerance)) throw new Error(`golden logits differ by ${apart}, over ${source.tolerance}`);
  return { apart, picture_ms };
}

/**
 * Looks again, now and then, whether a GPU gives a golden picture's logits; rejects if not.
 * @param {Running} running @param {FetchedModel} source
 */
export async function stillRight(running, source) {
  if (!GPUS.includes(running.backend) || performance.now() - running.checked_ms < CHECK_EVERY_MS) return;
  await compareWithGolden(running.model, source, running.proved);
  running.proved += 1;
  running.checked_ms = performance.now();
}

/** Frees what a backend holds. A GPU cannot be started again. @param {Running} running */
export function end({ backend, model }) {
  model.dispose();
  if (backend === 'webgpu') /** @type {any} */ (tf.findBackend(backend)).device.destroy();
  // WebAssembly lost a race to a GPU, and is next should that one fail.
  if (backend !== 'wasm') tf.removeBackend(backend);
}
