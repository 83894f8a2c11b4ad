/** Rewrites a model for the kernels of a backend: its graph, and its weights as float32 in their layout. */

import { letGo } from '../../shared/let-go.js';
import { fuse, pack, toPoints } from './fusion.js';
import { join } from './network.js';

/** @typedef {typeof import('../../../vendor/tfjs/tfjs.js')} TF */
/** What `model.json` says of a weight. @typedef {{name: string, shape: number[], dtype: 'float32' | 'int32', quantization?: {dtype: string}}} WeightSpec */

/** Each weight's values, by name. @param {TF} tf @param {WeightSpec[]} specs @param {ArrayBuffer[]} data  in the same order */
function decode(tf, specs, data) {
  /** @type {Map<string, Float32Array | Int32Array>} */
  const values = new Map();
  specs.forEach((spec, index) => {
    const { name, dtype, quantization } = spec;
    if (quantization) {
      const tensor = tf.io.decodeWeights(data[index], [/** @type {any} */ (spec)])[name];
      values.set(name, /** @type {Float32Array} */ (tensor.dataSync()));
      tensor.dispose();
    } else {
      values.set(name, dtype === 'int32' ? new Int32Array(data[index]) : new Float32Array(data[index]));
    }
  });
  return values;
}

/**
 * @param {TF} tf @param {any} artifacts  what an IOHandler loads
 * @param {import('./fusion.js').Abilities} abilities  of the kernels
 */
export function fuseModel(tf, artifacts, abilities) {
  /** @type {WeightSpec[]} */
  const specs = artifacts.weightSpecs;
  const values = decode(tf, specs, artifacts.weightData);
  const shapes = new Map(specs.map(({ name, shape }) => [name, shape]));
  const { nodes, layouts } = fuse(
    artifacts.modelTopology.node, (name) => shapes.get(name), (name) => values.get(name), abilities,
  );
  const used = new Set(nodes.map(({ name }) => name));
  const kept = specs.filter(({ name }) => used.has(name));
  const laid = kept.map(({ name, shape, dtype }) => {
    const weight = /** @type {Float32Array} */ (values.get(name));
    const layout = layouts.get(name);
    if (!layout) return { spec: { name, shape, dtype }, data: weight };
    const [height, width, depth, channels] = shape;
    const points = layout === 'points';
    const data = pack(points ? toPoints(weight) : weight, channels);
    letGo(weight.buffer);
    return { spec: { name, shape: points ? [2 * height, 2 * width, depth, channels] : shape, dtype }, data };
  });
  return {
    ...artifacts,
    modelTopology: { ...artifacts.modelTopology, node: abilities.joins ? join(nodes) : nodes },
    weightSpecs: laid.map(({ spec }) => spec),
    weightData: laid.map(({ data }) => data.buffer),
  };
}
