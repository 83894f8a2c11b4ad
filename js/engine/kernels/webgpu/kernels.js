/**
 * Kernels of our own for TF.js's WebGPU backend, recorded into its command buffer, and one way to read
 * all outputs at once: one picture is one submission.
 *
 * `wgsl.js` writes the shaders. A pipeline is kept where TF.js keeps its own, so that those of a whole
 * model are compiled at the same time (`WEBGPU_ENGINE_COMPILE_ONLY`). Buffers are TF.js's too, but a
 * tensor that is disposed of gives its buffer to the next kernel of the same command buffer, which
 * runs after all that read it: so a picture takes few of them.
 */

import { CONVOLUTION, DENSE, DEPTHWISE, EXCITE, HEAD, MEAN } from '../fusion.js';
import { register } from '../operations.js';
import { along } from '../padding.js';
import { convolution, dense, depthwise, mean, twoLayers } from './wgsl.js';

/** @typedef {import('../operations.js').TF} TF */
/** @typedef {import('../operations.js').TensorInfo} TensorInfo */
/** @typedef {import('./wgsl.js').Program} Program */
/** @typedef {import('./wgsl.js').Budget} Budget */

/**
 * A GPU hides the time that memory takes behind other threads, so it wants many, and few registers for
 * each. A processor that plays one has few threads, loads slowly, and goes through a workgroup's
 * barrier thread by thread. @type {Record<'hardware' | 'software', Budget>}
 */
export const BUDGET = {
  hardware: { threads: 8192, sums: 8, shares: 16, workgroup: 64, gate: 256 },
  software: { threads: 64, sums: 14, shares: 1, workgroup: 16, gate: 16 },
};

const PREFIX = 'lentigo ';

class Kernels {
  /** @param {TF} tf @param {any} backend  TF.js's @param {Budget} budget */
  constructor(tf, backend, budget) {
    this.tf = tf;
    this.backend = backend;
    this.budget = budget;
    /** The numbers of each program, by themselves. @type {Map<string, any>} */
    this.numbers = new Map();
  }

  /** @param {Program} program @param {TensorInfo[]} inputs @param {number[]} shape  of the output */
  run({ key, code, workgroups, numbers }, inputs, shape) {
    const { backend } = this;
    const output = backend.makeTensorInfo(shape, 'float32');
    for (const { dataId } of [output, ...inputs]) backend.uploadToGPU(dataId);
    const known = backend.pipelineCache;
    const name = PREFIX + key;
    const compileOnly = this.tf.env().getBool('WEBGPU_ENGINE_COMPILE_ONLY');
    if (!(name in known)) known[name] = this.pipeline(name, code, compileOnly);
    if (compileOnly) return output;
    const buffers = [...[output, ...inputs].map((tensor) => backend.tensorToBinding(tensor)), { buffer: this.numbered(numbers) }];
    const group = backend.device.createBindGroup({
      layout: known[name].getBindGroupLayout(0),
      entries: buffers.map((resource, binding) => ({ binding, resource })),
    });
    backend.ensureCommandEncoderReady();
    backend.computePassEncoder ??= backend.commandEncoder.beginComputePass();
    const pass = backend.computePassEncoder;
    pass.setPipeline(known[name]);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(workgroups);
    return output;
  }

  /** A buffer with these numbers, which is written once. @param {number[]} numbers */
  numbered(numbers) {
    const key = String(numbers);
    let buffer = this.numbers.get(key);
    if (!buffer) {
      buffer = this.backend.device.createBuffer({ size: numbers.length * 4, usage: GPUBufferUsage.UNIFORM, mappedAtCreation: true });
      new Int32Array(buffer.getMappedRange()).set(numbers);
      buffer.unmap();
      this.numbers.set(key, buffer);
    }
    return buffer;
  }

  /** @param {string} label @param {string} code @param {boolean} later  as a promise */
  pipeline(label, code, later) {
    const { device } = this.backend;
    const how = { label, layout: 'auto', compute: { module: device.createShaderModule({ label, code }) } };
    return later ? device.createComputePipelineAsync(how) : device.createComputePipeline(how);
  }

  /** @param {Record<string, TensorInfo>} inputs @param {Record<string, number>} how */
  convolve({ input, weights, bias, residual, scale }, { height: kernelHeight, width: kernelWidth, stride, same, swish }) {
    const [batch, height, width, from] = input.shape;
    const [to] = bias.shape;
    const rows = along(height, kernelHeight, stride, Boolean(same));
    const columns = along(width, kernelWidth, stride, Boolean(same));
    const shape = [batch, rows.count, columns.count, to];
    if (batch !== 1 || residual && swish || residual && String(residual.shape) !== String(shape)) {
      throw new Error(`${CONVOLUTION}: ${input.shape} and ${residual?.shape} do not fit`);
    }
    const sizes = {
      height, width, from, to, kernelHeight, kernelWidth, stride, rows, columns,
      swish: Boolean(swish), residual: Boolean(residual), scale: Boolean(scale),
    };
    const inputs = [input, weights, bias, residual ?? bias, ...(scale ? [scale] : [])];
    return this.run(convolution(sizes, this.budget), inputs, shape);
  }

  /** @param {Record<string, TensorInfo>} inputs @param {Record<string, number>} how */
  depthwise({ input, weights, bias }, { size, stride, same, swish }) {
    const [batch, height, width, channels] = input.shape;
    if (batch !== 1) throw new Error(`${DEPTHWISE}: one picture at a time, not ${batch}`);
    const rows = along(height, size, stride, Boolean(same));
    const columns = along(width, size, stride, Boolean(same));
    const sizes = { height, width, channels, size, stride, rows, columns, swish: Boolean(swish) };
    return this.run(depthwise(sizes, this.budget), [input, weights, bias], [1, rows.count, columns.count, channels]);
  }

  /** @param {Record<string, TensorInfo>} inputs @param {Record<string, number>} how */
  mean({ input }, { keep }) {
    const [batch, height, width, channels] = input.shape;
    if (batch !== 1) throw new Error(`${MEAN}: one picture at a time, not ${batch}`);
    return this.run(mean(height * width, channels, this.budget), [input], keep ? [1, 1, 1, channels] : [1, channels]);
  }

  /** @param {Record<string, TensorInfo>} inputs */
  excite({ mean: squeezed, reduceWeights, reduceBias, expandWeights, expandBias }) {
    const [channels] = expandBias.shape;
    const [reduced] = reduceBias.shape;
    const inputs = [squeezed, reduceWeights, reduceBias, expandWeights, expandBias];
    return this.run(twoLayers({ from: channels, hidden: reduced, to: channels, gate: true }, this.budget), inputs, [1, 1, 1, channels]);
  }

  /** @param {Record<string, TensorInfo>} inputs */
  head({ input, weights, bias, outWeights, outBias }) {
    const [from] = input.shape.slice(-1);
    const [hidden] = bias.shape;
    const [to] = outBias.shape;
    if (input.shape.length !== 2 || input.shape[0] !== 1) throw new Error(`${HEAD}: one row at a time, not ${input.shape}`);
    return this.run(twoLayers({ from, hidden, to, gate: false }, this.budget), [input, weights, bias, outWeights, outBias], [1, to]);
  }

  /** @param {Record<string, TensorInfo>} inputs @param {Record<string, number>} how */
  dense({ input, weights, bias }, { relu }) {
    const [depth, columns] = weights.shape.slice(-2);
    const before = input.shape.slice(0, -1);
    const rows = before.reduce((product, size) => product * size, 1);
    const sizes = { rows, depth, columns, bias: Boolean(bias), relu: Boolean(relu) };
    return this.run(dense(sizes, this.budget), [input, weights, ...(bias ? [bias] : [])], [...before, columns]);
  }
}

/**
 * Registers the kernels for the present backend, which is WebGPU.
 * @param {TF} tf @param {Budget} budget  what this GPU wants
 */
export function installKernels(tf, budget) {
  const kernels = new Kernels(tf, tf.backend(), budget);
  register(tf, 'webgpu', {
    [CONVOLUTION]: (inputs, how) => kernels.convolve(inputs, how),
    [DEPTHWISE]: (inputs, how) => kernels.depthwise(inputs, how),
    [MEAN]: (inputs, how) => kernels.mean(inputs, how),
    [EXCITE]: (inputs) => kernels.excite(inputs),
    [DENSE]: (inputs, how) => kernels.dense(inputs, how),
    [HEAD]: (inputs) => kernels.head(inputs),
  });
}

/** Takes our pipelines out of TF.js's cache: one that could not be compiled would fail TF.js's own, too. @param {TF} tf */
export function forgetKernels(tf) {
  const { pipelineCache } = /** @type {any} */ (tf.backend());
  for (const name of Object.keys(pipelineCache)) {
    if (name.startsWith(PREFIX)) delete pipelineCache[name];
  }
}

/**
 * Does work on the WebGPU backend; throws if a command was invalid, of which the answers might not tell.
 * @template T @param {TF} tf @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function withoutFault(tf, work) {
  const { device } = /** @type {any} */ (tf.backend());
  device.pushErrorScope('validation');
  const [done] = await Promise.allSettled([work()]);
  const fault = await device.popErrorScope();
  if (fault) throw new Error(fault.message);
  if (done.status === 'rejected') throw done.reason;
  return done.value;
}

/**
 * Reads tensors of the WebGPU backend with one submission and one buffer.
 * @param {TF} tf @param {import('../operations.js').Tensor[]} tensors @returns {Promise<Float32Array[]>}
 */
export async function readTogether(tf, tensors) {
  const backend = /** @type {any} */ (tf.backend());
  const buffers = tensors.map(({ dataId }) => backend.tensorMap.get(dataId).resource);
  const bytes = buffers.reduce((sum, { size }) => sum + size, 0);
  const staging = backend.bufferManager.acquireBuffer(bytes, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ);
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  let to = 0;
  for (const buffer of buffers) {
    backend.commandEncoder.copyBufferToBuffer(buffer, 0, staging, to, buffer.size);
    to += buffer.size;
  }
  backend.submitQueue();
  await staging.mapAsync(GPUMapMode.READ);
  const all = staging.getMappedRange().slice(0);
  staging.unmap();
  backend.bufferManager.releaseBuffer(staging);
  let from = 0;
  return buffers.map(({ size }) => new Float32Array(all.slice(from, from += size)));
}
