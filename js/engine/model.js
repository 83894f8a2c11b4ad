/**
 * Fetches a model: manifest, topology, weights and golden vectors, each checked against the
 * manifest. Keeps the weights in memory, so that another backend can start without a download.
 */

import { unpackWeights } from './weights.js';

/**
 * `Outputs` are the names of the graph's outputs, null where it has none.
 *
 * @typedef {{logits: string, embedding: string | null, modality: string | null, lesion: string | null, maps: string | null}} Outputs
 * @typedef {{pixels: Float32Array, logits: number[]}} GoldenCase
 * @typedef {{
 *   manifest: string, variant: string, shape: number[], tolerance: number,
 *   outputs: Outputs, golden: GoldenCase[],
 *   handler: {load: () => Promise<any>},
 * }} FetchedModel
 * @typedef {{bytes: number, sha256: string}} FileEntry
 */

class ModelFileError extends Error {
  name = 'ModelFileError';
}

class NoSuchModelError extends Error {
  name = 'NoSuchModelError';
}

// Of what the visitor's address asks for, so much is repeated in a message.
const LONGEST_NAME = 40;

/** @param {ArrayBuffer | Uint8Array<ArrayBuffer>} buffer */
async function sha256(buffer) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', buffer));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {URL} url @param {(bytes: number) => void} onBytes @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function download(url, onBytes) {
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new ModelFileError(`The model file ${url.pathname} cannot be reached.`, { cause: error });
  }
  if (!response.ok || !response.body) {
    throw new ModelFileError(`The model file ${url.pathname} is missing (status ${response.status}).`);
  }
  const chunks = [];
  let size = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.length;
    onBytes(value.length);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/** @param {URL} url @param {FileEntry} entry @param {(bytes: number) => void} onBytes */
async function downloadChecked(url, entry, onBytes) {
  const data = await download(url, onBytes);
  // Over plain HTTP there is no crypto.subtle; the size still tells a half file.
  const same = data.length === entry.bytes && (!crypto.subtle || (await sha256(data)) === entry.sha256);
  if (!same) throw new ModelFileError(`The model file ${url.pathname} is damaged or of another version.`);
  return data;
}

/** @param {Uint8Array} data @param {URL} url */
function json(data, url) {
  try {
    return JSON.parse(new TextDecoder().decode(data));
  } catch (error) {
    throw new ModelFileError(`The model file ${url.pathname} is not JSON.`, { cause: error });
  }
}

/**
 * Repeats each drawn pixel `repeat` times a side and maps bytes to the manifest's range.
 * @param {{height: number, width: number, repeat: number, rgb: string}} drawing
 * @param {{minimum: number, maximum: number}} range
 */
function goldenPixels({ height, width, repeat, rgb }, { minimum, maximum }) {
  const drawn = Uint8Array.from(atob(rgb), (character) => character.charCodeAt(0));
  const side = width * repeat;
  const pixels = new Float32Array(height * repeat * side * 3);
  for (let index = 0; index < pixels.length; index += 1) {
    const x = Math.floor(Math.floor(index / 3) % side / repeat);
    const y = Math.floor(index / (3 * side * repeat));
    pixels[index] = minimum + ((maximum - minimum) * drawn[(y * width + x) * 3 + (index % 3)]) / 255;
  }
  return pixels;
}

/**
 * @param {string} manifestUrl
 * @param {string} wantedSha256  what the build has written into the page; empty in a checkout, which knows none
 */
export async function fetchManifest(manifestUrl, wantedSha256) {
  const base = new URL(manifestUrl);
  const data = await download(base, () => {});
  // Over plain HTTP there is no crypto.subtle.
  if (wantedSha256 && crypto.subtle && (await sha256(data)) !== wantedSha256) {
    throw new ModelFileError(`The model file ${base.pathname} is not the one that this page was built with.`);
  }
  return { base, text: new TextDecoder().decode(data), manifest: json(data, base) };
}

/** Fetches the golden cases that a manifest names. @param {any} manifest @param {URL} base  the manifest's @returns {Promise<GoldenCase[]>} */
export async function fetchGolden(manifest, base) {
  const url = new URL(manifest.golden.path, base);
  const data = await downloadChecked(url, manifest.golden, () => {});
  return json(data, url).cases.map((/** @type {any} */ golden) => ({
    pixels: goldenPixels(golden, manifest.input),
    logits: golden.logits,
  }));
}

/** The variant of that name. @param {any} manifest @param {string} name */
function variantOf(manifest, name) {
  const variants = manifest.variants ?? {};
  if (Object.hasOwn(variants, name)) return variants[name];
  const there = Object.keys(variants).map((other) => `“${other}”`).join(' and ');
  throw new NoSuchModelError(`There is no model “${name.slice(0, LONGEST_NAME)}”. There is ${there}.`);
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
  const { model, files, tolerance_logit } = variantOf(manifest, variant);

  const entries = /** @type {[string, FileEntry][]} */ (Object.entries(files));
  const total = entries.reduce((sum, [, entry]) => sum + entry.bytes, 0);
  let loaded = 0;
  /** @param {number} bytes */
  const onBytes = (bytes) => onProgress((loaded += bytes), total);
  const golden = await fetchGolden(manifest, base);
  // One after the other: on a slow link Python's files, which take longer to start, come first.
  /** @type {Map<string, Uint8Array>} */
  const byPath = new Map();
  for (const [path, entry] of entries) {
    byPath.set(path, await downloadChecked(new URL(path, base), entry, onBytes));
  }

  const topology = json(/** @type {Uint8Array} */ (byPath.get(model)), new URL(model, base));
  const folder = model.slice(0, model.lastIndexOf('/') + 1);
  const groups = /** @type {{paths: string[], weights: any[]}[]} */ (topology.weightsManifest);
  const shards = groups.flatMap((group) => group.paths).map((path) => byPath.get(folder + path));
  if (shards.includes(undefined)) throw new ModelFileError('The model names a shard that its manifest lacks.');
  const weightData = await new Blob(/** @type {Uint8Array<ArrayBuffer>[]} */ (shards)).arrayBuffer();
  const artifacts = {
    modelTopology: topology.modelTopology,
    format: topology.format,
    signature: topology.signature,
  };
  const specs = groups.flatMap((group) => group.weights);
  return {
    manifest: text,
    variant,
    shape: manifest.input.shape,
    tolerance: tolerance_logit,
    outputs: manifest.outputs,
    golden,
    // Unpacked anew for each backend: what is kept in memory is as small as what was downloaded.
    handler: { load: async () => ({ ...artifacts, ...unpackWeights(specs, weightData) }) },
  };
}
