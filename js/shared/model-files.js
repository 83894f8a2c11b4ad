/**
 * The files of a model, each checked against the manifest that names it: the manifest itself, and the
 * golden cases on which a backend proves itself.
 */

import { Fault } from './fault.js';
import { letGo } from './let-go.js';

/**
 * `pixels` are made when they are asked for: kept, they were 600 kB a picture.
 * @typedef {{pixels: () => Float32Array, logits: number[]}} GoldenCase
 * @typedef {{bytes: number, sha256: string}} FileEntry
 */

/** @param {ArrayBuffer | Uint8Array<ArrayBuffer>} buffer */
async function sha256(buffer) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', buffer));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {URL} url @param {(bytes: number) => void} onBytes @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function download(url, onBytes) {
  // A manifest is data, and must not name a host. A worker from a blob has the page's origin.
  if (url.origin !== self.origin) throw new Fault('ModelFileError', 'model-file-elsewhere', { path: url.href });
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new Fault('ModelFileError', 'model-file-unreachable', { path: url.pathname }, { cause: error });
  }
  if (!response.ok || !response.body) {
    throw new Fault('ModelFileError', 'model-file-missing', { path: url.pathname, status: response.status });
  }
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const chunks = [];
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    onBytes(value.length);
  }
  return joined(chunks);
}

/** One after the other; the parts are let go of. @param {Uint8Array<ArrayBuffer>[]} parts */
export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
    letGo(part.buffer);
  }
  return whole;
}

/** @param {URL} url @param {FileEntry} entry @param {(bytes: number) => void} onBytes */
export async function downloadChecked(url, entry, onBytes) {
  const data = await download(url, onBytes);
  // Over plain HTTP there is no crypto.subtle; the size still tells a half file.
  const same = data.length === entry.bytes && (!crypto.subtle || (await sha256(data)) === entry.sha256);
  if (!same) throw new Fault('ModelFileError', 'model-file-damaged', { path: url.pathname });
  return data;
}

/** @param {Uint8Array} data @param {URL} url */
export function json(data, url) {
  try {
    return JSON.parse(new TextDecoder().decode(data));
  } catch (error) {
    throw new Fault('ModelFileError', 'model-file-not-json', { path: url.pathname }, { cause: error });
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
    throw new Fault('ModelFileError', 'model-file-of-another-build', { path: base.pathname });
  }
  return { base, text: new TextDecoder().decode(data), manifest: json(data, base) };
}

/** Fetches the golden cases that a manifest names. @param {any} manifest @param {URL} base  the manifest's @returns {Promise<GoldenCase[]>} */
export async function fetchGolden(manifest, base) {
  const url = new URL(manifest.golden.path, base);
  const data = await downloadChecked(url, manifest.golden, () => {});
  return json(data, url).cases.map((/** @type {any} */ golden) => ({
    pixels: () => goldenPixels(golden, manifest.input),
    logits: golden.logits,
  }));
}
