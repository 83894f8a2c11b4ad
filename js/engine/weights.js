/**
 * Weights as they are stored, made into what TF.js reads.
 *
 * TF.js knows one scale for a whole weight. Where `quantization.scales` is `last-axis`, this model
 * has one for each channel of the last axis: c float32 minima, c float32 scales, then one byte for
 * each value (`training/network/channel_quantisation.py` writes them). Everything else is passed on.
 */

/**
 * @typedef {{name: string, shape: number[], dtype: string, quantization?: {dtype: string, scales?: string}}} WeightSpec
 * `weightData`: each weight by itself, so that none is copied once more to be taken out of the whole.
 *
 * @typedef {{weightSpecs: WeightSpec[], weightData: ArrayBuffer[]}} Weights
 */

/** @type {Record<string, number>} */
const BYTES = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1, bool: 1 };

/** @param {WeightSpec} spec */
function hasChannelScales({ name, quantization }) {
  if (quantization?.scales === undefined) return false;
  if (quantization.scales !== 'last-axis' || quantization.dtype !== 'uint8') {
    throw new Error(`The weight ${name} is stored in a way that is not known here.`);
  }
  return true;
}

/** @param {number[]} shape */
function countOf(shape) {
  return shape.reduce((product, size) => product * size, 1);
}

/** @param {Uint8Array} stored @param {number} channels @param {Float32Array} values  filled here */
function dequantise(stored, channels, values) {
  // The stored bytes need not be aligned, so the scales are copied out.
  const scaling = new Float32Array(stored.slice(0, channels * 8).buffer);
  for (let index = 0, at = channels * 8; index < values.length;) {
    for (let channel = 0; channel < channels; channel += 1, at += 1, index += 1) {
      values[index] = stored[at] * scaling[channels + channel] + scaling[channel];
    }
  }
}

/**
 * Widens what has a scale for each channel to float32.
 * @param {WeightSpec[]} specs  in the order of the stored bytes @param {ArrayBuffer} data
 * @returns {Weights}
 */
export function unpackWeights(specs, data) {
  let from = 0;
  /** @param {number} size */
  const next = (size) => data.slice(from, from += size);
  /** @type {ArrayBuffer[]} */
  const weightData = [];
  const weightSpecs = specs.map((spec) => {
    const count = countOf(spec.shape);
    if (!hasChannelScales(spec)) {
      weightData.push(next(count * BYTES[spec.quantization?.dtype ?? spec.dtype]));
      return spec;
    }
    const channels = spec.shape[spec.shape.length - 1];
    const values = new Float32Array(count);
    dequantise(new Uint8Array(next(channels * 8 + count)), channels, values);
    weightData.push(values.buffer);
    return { name: spec.name, shape: spec.shape, dtype: spec.dtype };
  });
  if (from !== data.byteLength) {
    throw new Error(`The weights fill ${from} bytes, and ${data.byteLength} are there.`);
  }
  return { weightSpecs, weightData };
}
