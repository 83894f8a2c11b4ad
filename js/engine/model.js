/**
 * Fetches a model: topology, weights and golden vectors, each checked against the manifest. Keeps the
 * weights in memory, so that another backend can start without a download.
 */

import { Fault } from '../shared/fault.js';
import { downloadChecked, fetchGolden, fetchManifest, joined, json } from '../shared/model-files.js';
import { unpackWeights } from './weights.js';

/**
 * `Outputs` are the names of the graph's outputs, null where it has none.
 *
 * @typedef {import('../shared/model-files.js').FileEntry} FileEntry
 * @typedef {{logits: string, embedding: string | null, modality: string | null, lesion: string | null, melanoma: string | null, malignancy: string | null, maps: string | null, nail?: string | null}} Outputs
 * @typedef {{
 *   manifest: string, variant: string, shape: number[], tolerance: number,
 *   outputs: Outputs, golden: import('../shared/model-files.js').GoldenCase[],
 *   handler: {load: () => Promise<any>},
 * }} FetchedModel
 */

// Of what the visitor's address asks for, so much is repeated in a message.
const LONGEST_NAME = 40;

/** The variant of that name. @param {any} manifest @param {string} name */
function variantOf(manifest, name) {
  const variants = manifest.variants ?? {};
  if (Object.hasOwn(variants, name)) return variants[name];
  const there = Object.keys(variants).join(', ');
  throw new Fault('NoSuchModelError', 'no-such-model', { model: name.slice(0, LONGEST_NAME), there });
}

/**
 * The topology of a variant and its weights as they are stored.
 * @param {any} variant  the manifest's @param {URL} base
 * @param {(loaded_bytes: number, total_bytes: number) => void} onProgress
 */
async function fetchGraph({ model, files }, base, onProgress) {
  const entries = /** @type {[string, FileEntry][]} */ (Object.entries(files));
  const total = entries.reduce((sum, [, entry]) => sum + entry.bytes, 0);
  let loaded = 0;
  /** @param {number} bytes */
  const onBytes = (bytes) => onProgress((loaded += bytes), total);
  // One after the other: on a slow link Python's files, which take longer to start, come first.
  /** @type {Map<string, Uint8Array<ArrayBuffer>>} */
  const byPath = new Map();
  for (const [path, entry] of entries) {
    byPath.set(path, await downloadChecked(new URL(path, base), entry, onBytes));
  }
  const topology = json(/** @type {Uint8Array} */ (byPath.get(model)), new URL(model, base));
  const folder = model.slice(0, model.lastIndexOf('/') + 1);
  const groups = /** @type {{paths: string[], weights: any[]}[]} */ (topology.weightsManifest);
  const shards = groups.flatMap((group) => group.paths).map((path) => byPath.get(folder + path));
  if (shards.includes(undefined)) throw new Fault('ModelFileError', 'model-shard-unlisted');
  const weightData = joined(/** @type {Uint8Array<ArrayBuffer>[]} */ (shards)).buffer;
  return { topology, specs: groups.flatMap((group) => group.weights), weightData };
}

/**
 * @param {string} manifestUrl
 * @param {string} manifestSha256  see `fetchManifest`
 * @param {string | null} wanted  a variant's name, or null for the manifest's default
 * @param {(loaded_bytes: number, total_bytes: number) => void} onProgress
 * @returns {Promise<FetchedModel>}
 */
export async function fetchModel(manifestUrl, manifestSha256, wanted, onProgress) {
  const { base, text, manifest } = await fetchManifest(manifestUrl, manifestSha256);
  const variant = wanted ?? manifest.default_variant;
  const chosen = variantOf(manifest, variant);
  const golden = await fetchGolden(manifest, base);
  const { topology, specs, weightData } = await fetchGraph(chosen, base, onProgress);
  const artifacts = {
    modelTopology: topology.modelTopology,
    format: topology.format,
    signature: topology.signature,
  };
  return {
    manifest: text,
    variant,
    shape: manifest.input.shape,
    tolerance: chosen.tolerance_logit,
    outputs: manifest.outputs,
    golden,
    // Unpacked again for each backend: what is kept in memory is as small as what was downloaded.
    handler: { load: async () => ({ ...artifacts, ...unpackWeights(specs, weightData) }) },
  };
}
