/**
 * Reads a backup from its beginning to its end, and stores nothing. The file is not trusted: what it
 * may ask of memory and time is bounded, and only the names that a backup has are taken.
 */

import { Decrypter, Unzip, UnzipInflate } from '../../../vendor/backup/backup.js';
import { asTyped } from '../keys.js';
import { Refusal } from '../../shared/vault.js';
import { FORMAT, pictureKey, README, RECORDS } from './format.js';
import { END_BYTES, isEnd, MOST_FILES } from './zip.js';

/** @typedef {import('./format.js').BackedUp} BackedUp */

// What age's own programs make takes 18; 20 is a gigabyte of memory.
const MOST_SCRYPT_LOG_N = 20;
const HEADER_BYTES = 1024;
// Far more than Lentigo writes: a picture has at most 1,024 px a side.
const MOST_BYTES = { readme: 1e6, records: 64e6, picture: 16e6 };
const FAMILY = 'age-encryption.org/';

/**
 * The key of a file, by its phrase. Rejects with `NotABackup`, `TooNew`, `TooLarge`, `WrongPhrase` or `Damaged`.
 * @param {Blob} file @param {string} phrase @returns {Promise<Uint8Array>}
 */
export async function keyOf(file, phrase) {
  const header = headerOf(await file.slice(0, HEADER_BYTES).text());
  const typed = asTyped(phrase);
  // Keyboards of phones begin with a capital letter, which our words never do.
  for (const each of new Set([typed, typed.toLowerCase()])) {
    const decrypter = new Decrypter();
    decrypter.addPassphrase(each);
    try {
      return await decrypter.decryptHeader(new TextEncoder().encode(header));
    } catch (error) {
      if (error instanceof RangeError) throw new Refusal('TooLarge', `no memory: ${error}`);
      if (!String(error).includes('no identity matched')) throw new Refusal('Damaged', String(error));
    }
  }
  throw new Refusal('WrongPhrase', 'the phrase does not open it');
}

/** @param {string} beginning  of the file */
function headerOf(beginning) {
  const [version, stanza = ''] = beginning.split('\n');
  if (!version.startsWith(FAMILY)) throw new Refusal('NotABackup', 'it is not encrypted with age');
  if (version !== `${FAMILY}v1`) throw new Refusal('TooNew', version);
  const [, logN] = /^-> scrypt \S+ (\d+)$/.exec(stanza) ?? [];
  if (logN === undefined) throw new Refusal('NotABackup', 'it is not encrypted by a phrase');
  if (Number(logN) > MOST_SCRYPT_LOG_N) throw new Refusal('TooLarge', `a work factor of ${logN}`);
  const [header] = /^[^]*?\n--- .*\n/.exec(beginning) ?? [];
  if (header === undefined) throw new Refusal('Damaged', 'its head does not end');
  return header;
}

/**
 * Rejects with `NotABackup`, `TooNew`, `TooLarge` or `Damaged`.
 * @param {Blob} file @param {Uint8Array} key
 * @param {(key: string, bytes: Uint8Array) => Promise<void>} onPicture @param {() => void} onStep
 * @returns {Promise<{records: BackedUp[], pictures: number}>}
 */
export async function readBackup(file, key, onPicture, onStep) {
  const decrypter = new Decrypter();
  decrypter.addIdentity({ unwrapFileKey: () => key });
  /** @type {BackedUp[] | null} */
  let records = null;
  let pictures = 0;
  for await (const { name, bytes } of unpacked(() => decrypter.decrypt(file.stream()), onStep)) {
    const picture = pictureKey(name);
    if (picture !== null) {
      pictures += 1;
      await onPicture(picture, bytes);
    } else if (name === RECORDS) {
      records = parsed(bytes);
    }
  }
  if (!records) throw new Refusal('NotABackup', `it has no ${RECORDS}`);
  return { records, pictures };
}

/** @param {() => Promise<ReadableStream<Uint8Array>>} plain @param {() => void} onStep @returns {AsyncGenerator<{name: string, bytes: Uint8Array}, void>} */
async function* unpacked(plain, onStep) {
  /** @type {{name: string, bytes: Uint8Array}[]} */
  let complete = [];
  /** @type {Set<string>} */
  const names = new Set();
  const unzip = new Unzip((file) => {
    const most = mostBytes(file.name);
    if (names.has(file.name) || file.size === undefined) throw new Refusal('Damaged', file.name);
    if (names.add(file.name).size > MOST_FILES) throw new Refusal('TooLarge', 'too many files');
    /** @type {Uint8Array[]} */
    const parts = [];
    let length = 0;
    file.ondata = (error, data, final) => {
      if (error) throw error;
      length += data.length;
      if (length > most) throw new Refusal('TooLarge', `${file.name} has more than ${most} bytes`);
      parts.push(data);
      if (final) complete.push({ name: file.name, bytes: joined(parts) });
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  let end = new Uint8Array();
  try {
    const reader = (await plain()).getReader();
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      unzip.push(step.value);
      end = joined([end, step.value.subarray(-END_BYTES)]).subarray(-END_BYTES);
      onStep();
      yield* complete;
      complete = [];
    }
    unzip.push(new Uint8Array(), true);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('Damaged', String(error));
  }
  if (!names.size) throw new Refusal('NotABackup', 'it is no archive');
  if (!isEnd(end, names.size)) throw new Refusal('Damaged', 'the archive does not end');
}

/** @param {string} name */
function mostBytes(name) {
  if (name === README) return MOST_BYTES.readme;
  if (name === RECORDS) return MOST_BYTES.records;
  if (pictureKey(name) !== null) return MOST_BYTES.picture;
  throw new Refusal('Damaged', `no backup has a file ${name}`);
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** @param {Uint8Array} bytes @returns {BackedUp[]} */
function parsed(bytes) {
  /** @type {any} */
  let document;
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Refusal('Damaged', `${RECORDS}: ${error}`);
  }
  if (!Number.isInteger(document?.format)) throw new Refusal('NotABackup', `${RECORDS} has no format`);
  if (document.format > FORMAT) throw new Refusal('TooNew', `format ${document.format}`);
  const entries = Array.isArray(document.records) ? document.records : [null];
  for (const entry of entries) {
    if (typeof entry?.key !== 'string' || !('record' in entry)) throw new Refusal('Damaged', RECORDS);
  }
  return entries.map((/** @type {any} */ { key, record }) => ({ key, json: JSON.stringify(record) }));
}
