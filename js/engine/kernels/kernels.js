/**
 * Kernels of our own for TF.js's WebAssembly backend (`kernels.c`), registered as TF.js provides
 * for it, and the threads that share their work.
 */

import { spawn } from '../../shared/spawn.js';
import { CONVOLUTION, DEPTHWISE, GATE, LANES, MEAN, NETWORK } from './fusion.js';
import { planOf } from './network.js';
import { register } from './operations.js';
import { along } from './padding.js';

/** @typedef {typeof import('../../../vendor/tfjs/tfjs.js')} TF */
/** @typedef {import('./operations.js').TensorInfo} TensorInfo */
/** @typedef {import('./operations.js').KernelFunction} KernelFunction */
/** @typedef {import('./network.js').Prepared} Prepared */
/** @typedef {Record<string, number[]>} Shapes  @typedef {Record<string, number>} How */
/** @typedef {'convolve' | 'convolve_3x3' | 'depthwise' | 'squeeze_excite' | 'mean'} Export */
/** @typedef {Record<Export, (pool: number, job: number) => void> & {serve: Function, __stack_pointer: WebAssembly.Global}} Exports */

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
    /** @type {Map<string, import('./network.js').Plan>} */
    this.plans = new Map();
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

  /** @param {Export} name @param {number[]} fields  of the kernel's struct, in its order */
  run(name, fields) {
    new Int32Array(this.memory.buffer, this.job, fields.length).set(fields);
    this.exports[name](this.pool, this.job);
  }

  /** @param {Shapes} shapes @param {How} how @returns {Prepared} */
  convolution({ input, bias, residual }, { height, width, stride, same, swish, points }) {
    const [batch, inputHeight, inputWidth, inputChannels] = input;
    const [outputChannels] = bias;
    const rows = along(inputHeight, height, stride, Boolean(same));
    const columns = along(inputWidth, width, stride, Boolean(same));
    const shape = [batch, rows.count, columns.count, outputChannels];
    if (batch !== 1 || residual && String(residual) !== String(shape)) {
      throw new Error(`${CONVOLUTION}: ${input} and ${residual} do not fit`);
    }
    return {
      shape,
      run: (at) => this.run(points ? 'convolve_3x3' : 'convolve', [
        at.input, at.weights, at.bias, at.residual ?? 0, at.scale ?? 0, this.zeros(inputChannels), this.scratch, at.output,
        inputHeight, inputWidth, inputChannels, rows.count, columns.count, outputChannels,
        height, width, stride, rows.before, columns.before, swish,
      ]),
    };
  }

  /** @param {Shapes} shapes @param {How} how @returns {Prepared} */
  depthwise({ input }, { size, stride, same, swish }) {
    const [batch, inputHeight, inputWidth, channels] = input;
    if (batch !== 1) throw new Error(`${DEPTHWISE}: one picture at a time, not ${batch}`);
    const rows = along(inputHeight, size, stride, Boolean(same));
    const columns = along(inputWidth, size, stride, Boolean(same));
    return {
      shape: [1, rows.count, columns.count, channels],
      run: (at) => this.run('depthwise', [
        at.input, at.weights, at.bias, this.zeros(channels), at.output,
        inputHeight, inputWidth, channels, rows.count, columns.count,
        size, stride, rows.before, columns.before, swish,
      ]),
    };
  }

  /** @param {Shapes} shapes @returns {Prepared} */
  gate({ input, reduceBias }) {
    const [batch, height, width, channels] = input;
    if (batch !== 1) throw new Error(`${GATE}: one picture at a time, not ${batch}`);
    const [reduced] = reduceBias;
    return {
      shape: [1, 1, 1, channels],
      spare: channels + reduced,
      run: (at) => this.run('squeeze_excite', [
        at.input, at.reduceWeights, at.reduceBias, at.expandWeights, at.expandBias, at.spare, at.output,
        height * width, channels, reduced,
      ]),
    };
  }

  /** @param {Shapes} shapes @param {How} how @returns {Prepared} */
  mean({ input }, { keep }) {
    const [batch, height, width, channels] = input;
    if (batch !== 1 || channels % LANES) throw new Error(`${MEAN}: ${input} does not fit`);
    return {
      shape: keep ? [1, 1, 1, channels] : [1, channels],
      run: (at) => this.run('mean', [at.input, at.output, height * width, channels]),
    };
  }

  /** @type {import('./network.js').Prepare} */
  prepare(kernel, shapes, how) {
    switch (kernel) {
      case CONVOLUTION: return this.convolution(shapes, how);
      case DEPTHWISE: return this.depthwise(shapes, how);
      case GATE: return this.gate(shapes);
      default: return this.mean(shapes, how);
    }
  }

  /** One kernel by itself. @param {string} kernel @returns {KernelFunction} */
  alone(kernel) {
    return (inputs, how) => {
      const names = Object.keys(inputs);
      const { shape, spare = 0, run } = this.prepare(kernel, Object.fromEntries(names.map((name) => [name, inputs[name].shape])), how);
      const output = this.backend.makeOutput(shape, 'float32');
      const room = this.backend.makeOutput([spare], 'float32');
      const at = Object.fromEntries(names.map((name) => [name, this.address(inputs[name])]));
      run({ ...at, spare: this.address(room), output: this.address(output) });
      this.backend.disposeData(room.dataId);
      return output;
    };
  }

  /** All kernels, one after the other, in one room. @type {KernelFunction} */
  network(inputs, { steps }) {
    const given = Object.values(inputs);
    const shapes = given.map(({ shape }) => shape);
    const key = `${shapes.join(';')}: ${steps}`;
    const plan = this.plans.get(key) ?? planOf(JSON.parse(String(steps)), shapes, this.prepare.bind(this));
    this.plans.set(key, plan);
    const output = this.backend.makeOutput(plan.shape, 'float32');
    const room = this.backend.makeOutput([plan.room], 'float32');
    const begin = this.address(room);
    const places = [...given.map((tensor) => this.address(tensor)), ...plan.offsets.map((offset) => begin + 4 * offset)];
    places[places.length - 1] = this.address(output);
    plan.steps.forEach(({ run, reads, spare }, index) => {
      const at = Object.fromEntries(reads.map(([name, place]) => [name, places[place]]));
      run({ ...at, spare: begin + 4 * spare, output: places[given.length + index] });
    });
    this.backend.disposeData(room.dataId);
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
    ...Object.fromEntries([CONVOLUTION, DEPTHWISE, GATE, MEAN].map((kernel) => [kernel, kernels.alone(kernel)])),
    [NETWORK]: (inputs, how) => kernels.network(inputs, how),
  });
  const { threads } = kernels;
  return { description: `${instructions} kernels, ${threads} ${threads === 1 ? 'thread' : 'threads'}` };
}
