/**
 * Kernels of our own for TF.js's WebAssembly backend (`kernels.c`), registered as TF.js provides
 * for it, and the threads that share their work.
 */

import { spawn } from '../../shared/spawn.js';
import { CONVOLUTION, DEPTHWISE, GATE } from './fusion.js';
import { register } from './operations.js';
import { along } from './padding.js';

/** @typedef {typeof import('../../../vendor/tfjs/tfjs.js')} TF */
/** @typedef {import('./operations.js').TensorInfo} TensorInfo */
/** @typedef {{serve: Function, convolve: (pool: number, job: number) => void, convolve_3x3: (pool: number, job: number) => void, depthwise: (pool: number, job: number) => void, squeeze_excite: (pool: number, job: number) => void, __stack_pointer: WebAssembly.Global}} Exports */

const STACK_BYTES = 65_536;
const POOL_BYTES = 64;
const JOB_BYTES = 128;
const SCRATCH_BYTES = 131_072;
const ALIGNMENT = 16;

/**
 * The kernels in the memory of one WebAssembly backend.
 */
class Kernels {
  /** @param {any} backend @param {WebAssembly.Memory} memory @param {WebAssembly.Module} module @param {number} threads */
  constructor(backend, memory, module, threads) {
    this.backend = backend;
    this.memory = memory;
    this.threads = threads;
    this.exports = this.instantiate(module);
    this.pool = this.allocate(POOL_BYTES);
    this.job = this.allocate(JOB_BYTES);
    this.scratch = this.allocate(SCRATCH_BYTES * threads);
    this.noughts = 0;
    this.noughtsBytes = 0;
    new Int32Array(memory.buffer, this.pool, 1)[0] = threads;
  }

  /** Bytes of TF.js's own heap, all zeros. @param {number} bytes */
  allocate(bytes) {
    const address = (this.backend.wasm._malloc(bytes + ALIGNMENT) >>> 0) + ALIGNMENT - 1 & -ALIGNMENT;
    new Uint8Array(this.memory.buffer, address >>> 0, bytes).fill(0);
    return address >>> 0;
  }

  /** @param {WebAssembly.Module} module */
  instantiate(module) {
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    const own = /** @type {Exports} */ (/** @type {unknown} */ (exports));
    own.__stack_pointer.value = this.allocate(STACK_BYTES) + STACK_BYTES;
    return own;
  }

  /** So many zeros in a row, for what lies outside a picture. @param {number} count */
  zeros(count) {
    if (count * 4 > this.noughtsBytes) {
      this.noughtsBytes = count * 8;
      this.noughts = this.allocate(this.noughtsBytes);
    }
    return this.noughts;
  }

  /** @param {TensorInfo} tensor @returns {number} */
  address({ dataId }) {
    return this.backend.dataIdMap.get(dataId).memoryOffset;
  }

  /** @param {'convolve' | 'convolve_3x3' | 'depthwise' | 'squeeze_excite'} name @param {number[]} fields  of the kernel's struct, in its order */
  run(name, fields) {
    new Int32Array(this.memory.buffer, this.job, fields.length).set(fields);
    this.exports[name](this.pool, this.job);
  }

  /** @param {Record<string, TensorInfo>} inputs @param {Record<string, number>} how */
  convolve({ input, weights, bias, residual }, { height, width, stride, same, swish, points }) {
    const [batch, inputHeight, inputWidth, inputChannels] = input.shape;
    const [outputChannels] = bias.shape;
    const rows = along(inputHeight, height, stride, Boolean(same));
    const columns = along(inputWidth, width, stride, Boolean(same));
    const shape = [batch, rows.count, columns.count, outputChannels];
    if (batch !== 1 || residual && String(residual.shape) !== String(shape)) {
      throw new Error(`${CONVOLUTION}: ${input.shape} and ${residual?.shape} do not fit`);
    }
    const output = this.backend.makeOutput(shape, 'float32');
    const zeros = this.zeros(inputChannels);
    this.run(points ? 'convolve_3x3' : 'convolve', [
      this.address(input), this.address(weights), this.address(bias),
      residual ? this.address(residual) : 0, zeros, this.scratch, this.address(output),
      inputHeight, inputWidth, inputChannels, rows.count, columns.count, outputChannels,
      height, width, stride, rows.before, columns.before, swish,
    ]);
    return output;
  }

  /** @param {Record<string, TensorInfo>} inputs @param {Record<string, number>} how */
  depthwise({ input, weights, bias }, { size, stride, same, swish }) {
    const [batch, inputHeight, inputWidth, channels] = input.shape;
    if (batch !== 1) throw new Error(`${DEPTHWISE}: one picture at a time, not ${batch}`);
    const rows = along(inputHeight, size, stride, Boolean(same));
    const columns = along(inputWidth, size, stride, Boolean(same));
    const output = this.backend.makeOutput([1, rows.count, columns.count, channels], 'float32');
    const zeros = this.zeros(channels);
    this.run('depthwise', [
      this.address(input), this.address(weights), this.address(bias), zeros, this.address(output),
      inputHeight, inputWidth, channels, rows.count, columns.count,
      size, stride, rows.before, columns.before, swish,
    ]);
    return output;
  }

  /** @param {Record<string, TensorInfo>} inputs */
  gate({ input, reduceWeights, reduceBias, expandWeights, expandBias }) {
    const [batch, height, width, channels] = input.shape;
    if (batch !== 1) throw new Error(`${GATE}: one picture at a time, not ${batch}`);
    const [reduced] = reduceBias.shape;
    const output = this.backend.makeOutput(input.shape, 'float32');
    const scratch = this.backend.makeOutput([channels + reduced], 'float32');
    this.run('squeeze_excite', [
      this.address(input), this.address(reduceWeights), this.address(reduceBias),
      this.address(expandWeights), this.address(expandBias), this.address(scratch),
      this.address(output), height * width, channels, reduced,
    ]);
    this.backend.disposeData(scratch.dataId);
    return output;
  }
}

/** Compiles the kernels for what the browser knows. @param {boolean} shared */
async function compile(shared) {
  let fault;
  for (const instructions of ['relaxed', 'simd']) {
    const name = `kernels-${instructions}${shared ? '-shared' : ''}.wasm`;
    const response = await fetch(new URL(`../../../vendor/kernels/${name}`, import.meta.url));
    if (!response.ok) throw new Error(`${name}: status ${response.status}`);
    try {
      return { module: await WebAssembly.compile(await response.arrayBuffer()), instructions };
    } catch (error) {
      fault = error;
    }
  }
  throw fault;
}

/**
 * Registers the kernels for the present backend, which is WebAssembly.
 *
 * @param {TF} tf
 * @param {number} most  threads that share the work, where the page is isolated; else there is one
 * @returns {Promise<{description: string}>} rejects where the browser has no SIMD
 */
export async function installKernels(tf, most) {
  const backend = /** @type {any} */ (tf.backend());
  // TF.js makes memory of its own, or is given some that can be shared (tooling/tfjs_threads.js).
  const memory = /** @type {WebAssembly.Memory} */ (backend.wasm.wasmMemory ?? backend.wasm.asm.memory);
  const shared = typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
  const { module, instructions } = await compile(shared);
  const kernels = new Kernels(backend, memory, module, shared ? most : 1);
  // Until it has started, a thread needs this one; afterwards neither of them looks at messages.
  await Promise.all(Array.from({ length: kernels.threads - 1 }, (_, index) => new Promise((resolve, reject) => {
    const { worker, forget } = spawn(new URL('thread.js', import.meta.url), 'kernels');
    worker.onmessage = () => {
      forget();
      resolve(undefined);
    };
    worker.onerror = reject;
    const stack = kernels.allocate(STACK_BYTES) + STACK_BYTES;
    worker.postMessage({ module, memory, stack, pool: kernels.pool, index: index + 1 });
  })));
  register(tf, 'wasm', {
    [CONVOLUTION]: (inputs, how) => kernels.convolve(inputs, how),
    [DEPTHWISE]: (inputs, how) => kernels.depthwise(inputs, how),
    [GATE]: (inputs) => kernels.gate(inputs),
  });
  const { threads } = kernels;
  return { description: `${instructions} kernels, ${threads} ${threads === 1 ? 'thread' : 'threads'}` };
}
