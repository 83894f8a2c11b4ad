/** The operations of a rewritten graph, as TF.js has them registered: names of inputs and attributes. */

import { CONVOLUTION, DENSE, DEPTHWISE, EXCITE, GATE, HEAD, MEAN, NETWORK } from './fusion.js';

/** @typedef {typeof import('../../../vendor/tfjs/tfjs.js')} TF */
/** @typedef {import('../../../vendor/tfjs/tfjs.js').Tensor} Tensor */
/** @typedef {{dataId: object, shape: number[], dtype: string}} TensorInfo */
/** @typedef {(inputs: Record<string, TensorInfo>, how: Record<string, number>) => TensorInfo} KernelFunction */

const EXCITATION = ['reduceWeights', 'reduceBias', 'expandWeights', 'expandBias'];

/** The inputs of each operation in the order in which the graph has them. @type {Record<string, {inputs: string[], attributes: string[]}>} */
const OPERATIONS = {
  // A scale or a residual is there only if the attribute of that name says so.
  [CONVOLUTION]: { inputs: ['input', 'weights', 'bias', 'residual', 'scale'], attributes: ['height', 'width', 'stride', 'same', 'swish', 'points', 'residual', 'scale'] },
  [DEPTHWISE]: { inputs: ['input', 'weights', 'bias'], attributes: ['size', 'stride', 'same', 'swish'] },
  [GATE]: { inputs: ['input', ...EXCITATION], attributes: [] },
  [EXCITE]: { inputs: ['mean', ...EXCITATION], attributes: [] },
  [MEAN]: { inputs: ['input'], attributes: ['keep'] },
  [DENSE]: { inputs: ['input', 'weights', 'bias'], attributes: ['relu'] },
  [HEAD]: { inputs: ['input', 'weights', 'bias', 'outWeights', 'outBias'], attributes: [] },
  // It reads the picture and the weights of all its kernels.
  [NETWORK]: { inputs: [], attributes: ['steps'] },
};

/** The inputs that an operation has, in their order. @param {string} name @param {Record<string, number>} how */
export function inputsOf(name, how) {
  return OPERATIONS[name].inputs.filter((input) => how[input] !== 0);
}

/**
 * Registers kernels for a backend, and the operations that run them.
 * @param {TF} tf @param {string} backend @param {Record<string, KernelFunction>} kernels  by operation
 */
export function register(tf, backend, kernels) {
  for (const [name, run] of Object.entries(kernels)) {
    const { attributes } = OPERATIONS[name];
    if (tf.getKernel(name, backend)) tf.unregisterKernel(name, backend);
    tf.registerKernel({
      kernelName: name,
      backendName: backend,
      kernelFunc: (/** @type {any} */ { inputs: given, attrs }) => /** @type {any} */ (run(given, attrs)),
    });
    tf.registerOp(name, (/** @type {any} */ node) => {
      const attrs = Object.fromEntries(attributes.map((attribute) => [attribute, node.attrs[attribute]]));
      const names = inputsOf(name, attrs);
      const given = Object.fromEntries(node.inputs.map((/** @type {Tensor} */ tensor, /** @type {number} */ index) => [names[index] ?? `given ${index}`, tensor]));
      return tf.engine().runKernel(name, given, attrs);
    });
  }
}
