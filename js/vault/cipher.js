/**
 * One sealed row: AES-GCM with a new nonce. Its place (what it is, its key, its revision) is
 * authenticated with it, so that a row that was put into another one's place does not open.
 */

import { Refusal } from '../shared/vault.js';

const NONCE_BYTES = 12;

/** @typedef {{nonce: Uint8Array<ArrayBuffer>, data: ArrayBuffer}} Sealed */
/** @typedef {{kind: 'record' | 'blob', key: string, revision: number}} Place */

/** @param {Place} place @param {Uint8Array<ArrayBuffer>} nonce */
function algorithm({ kind, key, revision }, nonce) {
  const additionalData = new TextEncoder().encode(JSON.stringify([kind, key, revision]));
  return { name: 'AES-GCM', iv: nonce, additionalData };
}

/** @param {CryptoKey} dataKey @param {Place} place @param {Uint8Array} bytes @returns {Promise<Sealed>} */
export async function seal(dataKey, place, bytes) {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const plain = /** @type {Uint8Array<ArrayBuffer>} */ (bytes);
  return { nonce, data: await crypto.subtle.encrypt(algorithm(place, nonce), dataKey, plain) };
}

/** Rejects with `Damaged`. @param {CryptoKey} dataKey @param {Place} place @param {Sealed} sealed */
export async function unseal(dataKey, place, { nonce, data }) {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm(place, nonce), dataKey, data));
  } catch (error) {
    throw new Refusal('Damaged', `${place.kind} ${place.key} does not open: ${error}`);
  }
}
