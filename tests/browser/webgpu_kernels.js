// Runs our WebGPU kernels in a worker, beside what TF.js's CPU backend makes of the same inputs.

import * as tf from '/vendor/tfjs/tfjs.js';
import '/vendor/tfjs/cpu.js';
import '/vendor/tfjs/webgpu.js';
import { BUDGET, installKernels, readTogether } from '/js/engine/kernels/webgpu/kernels.js';

const random = (shape, scale = 1) => tf.randomUniform(shape, -scale, scale);
const swish = (x) => tf.mul(x, tf.sigmoid(x));

// The inputs by name, what TF.js makes of them, and the attributes of our operation.
const cases = {
  LentigoConvolution({ size: [height, width], channels: [from, to], kernel, stride, same, activation, residual, scale }) {
    const input = random([1, height, width, from]);
    const weights = random([kernel, kernel, from, to], 1 / Math.sqrt(kernel * kernel * from));
    const bias = random([to]);
    const gate = random([1, 1, 1, from]);
    const seen = scale ? tf.mul(input, gate) : input;
    let expected = tf.add(tf.conv2d(seen, weights, stride, same ? 'same' : 'valid'), bias);
    if (activation) expected = swish(expected);
    const other = random(expected.shape);
    if (residual) expected = tf.add(expected, other);
    const inputs = { input, weights, bias, ...(residual ? { residual: other } : {}), ...(scale ? { scale: gate } : {}) };
    return { expected, inputs, how: { height: kernel, width: kernel, stride, same: Number(same), swish: Number(activation) } };
  },
  LentigoDepthwise({ size: [height, width], channels, kernel, stride, same, activation }) {
    const inputs = { input: random([1, height, width, channels]), weights: random([kernel, kernel, channels, 1]), bias: random([channels]) };
    const sum = tf.add(tf.depthwiseConv2d(inputs.input, inputs.weights, stride, same ? 'same' : 'valid'), inputs.bias);
    return { expected: activation ? swish(sum) : sum, inputs, how: { size: kernel, stride, same: Number(same), swish: Number(activation) } };
  },
  LentigoMean({ size: [height, width], channels, keep }) {
    const input = random([1, height, width, channels]);
    return { expected: tf.mean(input, [1, 2], keep), inputs: { input }, how: { keep: Number(keep) } };
  },
  LentigoExcite({ channels: [channels, reduced] }) {
    const inputs = {
      mean: random([1, 1, 1, channels], 4),
      reduceWeights: random([1, 1, channels, reduced], 1 / Math.sqrt(channels)), reduceBias: random([reduced]),
      expandWeights: random([1, 1, reduced, channels], 1 / Math.sqrt(reduced)), expandBias: random([channels], 90),
    };
    const hidden = swish(tf.add(tf.conv2d(inputs.mean, inputs.reduceWeights, 1, 'same'), inputs.reduceBias));
    const expected = tf.sigmoid(tf.add(tf.conv2d(hidden, inputs.expandWeights, 1, 'same'), inputs.expandBias));
    return { expected, inputs, how: {} };
  },
  LentigoHead({ sizes: [from, hidden, to] }) {
    const inputs = {
      input: random([1, from]), weights: random([from, hidden], 1 / Math.sqrt(from)), bias: random([hidden]),
      outWeights: random([hidden, to], 1 / Math.sqrt(hidden)), outBias: random([to]),
    };
    const units = tf.relu(tf.add(tf.matMul(inputs.input, inputs.weights), inputs.bias));
    return { expected: tf.add(tf.matMul(units, inputs.outWeights), inputs.outBias), inputs, how: {} };
  },
  LentigoDense({ rows, depth, columns, bias, relu }) {
    const inputs = { input: random([rows, depth]), weights: random([depth, columns], 1 / Math.sqrt(depth)), ...(bias ? { bias: random([columns]) } : {}) };
    const product = tf.matMul(inputs.input, inputs.weights);
    const sum = bias ? tf.add(product, inputs.bias) : product;
    return { expected: relu ? tf.relu(sum) : sum, inputs, how: { relu: Number(relu) } };
  },
};

self.onmessage = async ({ data: { software, orders } }) => {
  try {
    await tf.setBackend('webgpu');
    await tf.ready();
    const { device } = tf.backend();
    installKernels(tf, software ? BUDGET.software : BUDGET.hardware);
    await tf.setBackend('cpu');
    const asked = orders.map(({ op, ...order }) => ({ op, ...cases[op](order) }));
    const theirs = asked.map(({ expected }) => expected.dataSync());
    const inputs = asked.map(({ inputs }) => Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, [tensor.dataSync(), tensor.shape]])));
    await tf.setBackend('webgpu');
    device.pushErrorScope('validation');
    const given = inputs.map((each) => Object.fromEntries(Object.entries(each).map(([name, [values, shape]]) => [name, tf.tensor(values, shape)])));
    const before = tf.memory().numTensors;
    const run = () => asked.map(({ op, how }, index) => tf.engine().runKernel(op, given[index], how));
    tf.env().set('WEBGPU_ENGINE_COMPILE_ONLY', true);
    tf.dispose(run());
    await tf.backend().checkCompileCompletionAsync();
    tf.env().set('WEBGPU_ENGINE_COMPILE_ONLY', false);
    let submits = 0;
    const { submit } = GPUQueue.prototype;
    GPUQueue.prototype.submit = function (...given) { submits += 1; submit.apply(this, given); };
    const outputs = run();
    const ours = await readTogether(tf, outputs);
    GPUQueue.prototype.submit = submit;
    const shapes = outputs.map(({ shape }) => shape);
    tf.dispose(outputs);
    const leaked = tf.memory().numTensors - before;
    const fault = (await device.popErrorScope())?.message ?? null;
    self.postMessage({ submits, leaked, fault, results: asked.map(({ expected }, index) => ({
      shapes: [expected.shape, shapes[index]],
      apart: theirs[index].reduce((most, value, at) => Math.max(most, Math.abs(value - ours[index][at])), 0),
      // The largest of no difference at all would be nought, too.
      finite: ours[index].every(Number.isFinite) && ours[index].length === theirs[index].length,
    })) });
  } catch (error) {
    self.postMessage({ error: String(error.stack) });
  }
};
