/**
 * Keys that can be used and not read. A data key is readable once, when it is made, and at once
 * wrapped; from then on it is only unwrapped, as one that cannot be read.
 */

import { Refusal } from '../shared/vault.js';

const { subtle } = globalThis.crypto ?? {};

const DATA = { name: 'AES-GCM', length: 256 };
const WRAPPING = { name: 'AES-KW', length: 256 };
/** What OWASP asks of PBKDF2 with SHA-256 (2023). */
export const ROUNDS = 600_000;
const SALT_BYTES = 16;
const LEAST_CHARACTERS = 8;
const LEAST_WORDS = 4;

/** The data key as it is kept. @typedef {ArrayBuffer} WrappedKey */

/** A key of this device's browser, which wraps the data key where there is no passcode. @returns {Promise<CryptoKey>} */
export async function newDeviceKey() {
  return subtle.generateKey(WRAPPING, false, ['wrapKey', 'unwrapKey']);
}

export function newSalt() {
  return crypto.getRandomValues(new Uint8Array(SALT_BYTES));
}

/** @param {CryptoKey} wrapping @returns {Promise<{key: CryptoKey, wrapped: WrappedKey}>} */
export async function newDataKey(wrapping) {
  const readable = await subtle.generateKey(DATA, true, ['encrypt', 'decrypt']);
  const wrapped = await subtle.wrapKey('raw', readable, wrapping, WRAPPING);
  return { key: await unwrapDataKey(wrapped, wrapping), wrapped };
}

/** Rejects with `OperationError` where it is not that key's. @param {WrappedKey} wrapped @param {CryptoKey} wrapping */
export function unwrapDataKey(wrapped, wrapping) {
  return subtle.unwrapKey('raw', wrapped, wrapping, WRAPPING, DATA, false, ['encrypt', 'decrypt']);
}

/** The key that a passcode stands for. @param {string} passcode @param {Uint8Array<ArrayBuffer>} salt @param {number} rounds */
export async function keyOfPasscode(passcode, salt, rounds) {
  const text = new TextEncoder().encode(asTyped(passcode));
  const material = await subtle.importKey('raw', text, 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds };
  return subtle.deriveKey(how, material, WRAPPING, false, ['wrapKey', 'unwrapKey']);
}

/** The same whatever keyboard it was typed with, and however many spaces stand between words. @param {string} text */
export function asTyped(text) {
  return text.normalize('NFKC').trim().replace(/\s+/gu, ' ');
}

/** Throws `WeakPasscode`. @param {string} text */
export function demandStrength(text) {
  const typed = asTyped(text);
  if ([...typed].length >= LEAST_CHARACTERS || typed.split(' ').length >= LEAST_WORDS) return;
  throw new Refusal('WeakPasscode', `fewer than ${LEAST_CHARACTERS} characters and than ${LEAST_WORDS} words`);
}
