/** Runs a model's graph: pixels in, what was wanted out. */

import * as tf from '../../vendor/tfjs/tfjs.js';
import { readTogether } from './kernels/webgpu/kernels.js';

/** @typedef {import('../shared/protocol.js').Wanted} Wanted */
/** What is needed of a model. @typedef {Pick<import('./model.js').FetchedModel, 'outputs'>} Source */

// A backend is proved and warmed up with every output, so that none is computed for the first time late.
/** @type {Wanted[]} */
export const EVERYTHING = ['embedding', 'maps'];

/**
 * The outputs to compute, by what they are; of what is told on request only what is wanted.
 * @param {Source} source @param {Wanted[]} wanted
 */
export function outputsOf({ outputs }, wanted) {
  const { embedding, maps, ...always } = outputs;
  const asked = Object.entries({ embedding, maps }).filter(([what]) => wanted.includes(/** @type {Wanted} */ (what)));
  const all = /** @type {[string, string | null][]} */ ([...Object.entries(always), ...asked]);
  return /** @type {[keyof typeof outputs, string][]} */ (all.filter(([, name]) => name !== null));
}

/** @param {tf.GraphModel} model @param {tf.Tensor} input @param {string[]} names @returns {tf.Tensor[]} */
export function execute(model, input, names) {
  const outputs = model.execute(input, names);
  return Array.isArray(outputs) ? outputs : [outputs];
}

/**
 * @param {tf.GraphModel} model @param {Source} source @param {Float32Array} pixels
 * @param {number[]} shape @param {Wanted[]} wanted
 */
export async function predictWith(model, source, pixels, shape, wanted) {
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
      nail: told.get('nail')?.[0] ?? null,
      maps: told.get('maps') ?? null,
    };
  } finally {
    tf.dispose([input, ...tensors]);
  }
}

/** @typedef {Awaited<ReturnType<typeof predictWith>>} Answer */

/**
 * The mean of the answers to the views of one picture, which lie one after the other in `pixels`; the
 * maps are those of the first, the picture as it is.
 * @param {tf.GraphModel} model @param {Source} source @param {Float32Array} pixels
 * @param {number[]} shape @param {Wanted[]} wanted @param {() => void} before  called before each view
 */
export async function predictViews(model, source, pixels, [count, ...square], wanted, before) {
  const length = pixels.length / count;
  /** @type {Answer[]} */
  const answers = [];
  for (let view = 0; view < count; view++) {
    before();
    const asked = view === 0 ? wanted : wanted.filter((what) => what !== 'maps');
    const shown = pixels.subarray(view * length, (view + 1) * length);
    answers.push(await predictWith(model, source, shown, [1, ...square], asked));
  }
  return meanOf(answers);
}

/** @param {Answer[]} answers @returns {Answer} */
function meanOf(answers) {
  const [first] = answers;
  const told = Object.entries(first).map(([what, answer]) => {
    const all = answers.map((each) => each[/** @type {keyof Answer} */ (what)]);
    if (what === 'maps' || answer === null) return [what, answer];
    if (typeof answer === 'number') return [what, mean(/** @type {number[]} */ (all))];
    return [what, answer.map((_, place) => mean(/** @type {Float32Array[]} */ (all).map((values) => values[place])))];
  });
  return Object.fromEntries(told);
}

/** @param {number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** @param {tf.Tensor[]} tensors @returns {Promise<Float32Array[]>} */
async function readAll(tensors) {
  if (tf.getBackend() === 'webgpu') return readTogether(tf, tensors);
  return Promise.all(tensors.map((tensor) => /** @type {Promise<Float32Array>} */ (tensor.data())));
}

/** @param {Answer} answer */
export function allFinite({ logits, modality, lesion, melanoma, malignancy, nail, maps }) {
  const single = [modality, lesion, melanoma, malignancy, nail].map((logit) => logit ?? 0);
  return [...logits, ...single, ...(maps ?? [])].every(Number.isFinite);
}
