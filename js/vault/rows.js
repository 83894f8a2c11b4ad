/** Reading and writing what is kept. */

import { seal, unseal } from './cipher.js';
import { atomically, rowsOf } from './store.js';
import { Refusal } from '../shared/vault.js';

/** @typedef {import('./session.js').Opened} Opened */
/** @typedef {import('../shared/vault.js').VaultRecord} VaultRecord */
/** @typedef {import('../shared/vault.js').VaultChanges} VaultChanges */

// Keys become names of files in a backup.
const KEY = /^[\w-]{1,64}$/;

/** @param {Opened} opened @returns {Promise<VaultRecord[]>} */
export async function readRecords({ database, generation, dataKey }) {
  const records = database.transaction(['records']).objectStore('records');
  const range = rowsOf(generation);
  const [keys, rows] = await Promise.all([records.getAllKeys(range), records.getAll(range)]);
  return Promise.all(rows.map(async (row, index) => {
    const key = keyOf(keys[index]);
    const { revision } = row;
    const json = new TextDecoder().decode(await unseal(dataKey, { kind: 'record', key, revision }, row));
    return { key, json, revision };
  }));
}

/** Rejects with `Missing` or `Damaged`. @param {Opened} opened @param {string} key */
export async function readBlob({ database, generation, dataKey }, key) {
  const row = await database.transaction(['blobs']).objectStore('blobs').get([generation, key]);
  if (!row) throw new Refusal('Missing', `no blob ${key}`);
  return unseal(dataKey, { kind: 'blob', key, revision: row.revision }, row);
}

/** The keys of all blobs. @param {Opened} opened @returns {Promise<string[]>} */
export async function blobKeys({ database, generation }) {
  const keys = await database.transaction(['blobs']).objectStore('blobs').getAllKeys(rowsOf(generation));
  return keys.map(keyOf);
}

/** @param {IDBValidKey} key  `[generation, key]` */
export function keyOf(key) {
  return /** @type {[number, string]} */ (key)[1];
}

/**
 * All or nothing. Rejects with `Conflict` where a record is not at the revision that its writer read, or
 * a blob is there already, and with `Full`.
 * @param {Opened} opened @param {VaultChanges} changes
 * @param {(transaction: import('./store.js').Transaction) => Promise<void>} [together]  what else belongs to it
 * @returns {Promise<{revisions: Record<string, number>}>}
 */
export async function write(opened, changes, together = async () => {}) {
  const { database, generation, dataKey } = opened;
  const records = await Promise.all(changes.puts.map(async ({ key, json, revision }) => {
    return sealed(dataKey, 'record', key, revision, new TextEncoder().encode(json));
  }));
  const blobs = await Promise.all(changes.blobs.map(({ key, bytes }) => sealed(dataKey, 'blob', key, 0, bytes)));
  await atomically(database, async (transaction) => {
    const stores = { record: transaction.objectStore('records'), blob: transaction.objectStore('blobs') };
    const rows = [...records, ...blobs];
    // All at once: each step to the database and back takes its time.
    await Promise.all(rows.map(async ({ kind, key, read }) => {
      const present = (await stores[kind].get([generation, key]))?.revision ?? 0;
      if (present !== read) throw new Refusal('Conflict', `${kind} ${key} is at revision ${present}, not ${read}`);
    }));
    await Promise.all([
      ...rows.map(({ kind, key, row }) => stores[kind].put(row, [generation, key])),
      ...changes.deletes.flatMap((key) => Object.values(stores).map((store) => store.delete([generation, key]))),
    ]);
    await together(transaction);
  });
  return { revisions: Object.fromEntries(records.map(({ key, row }) => [key, row.revision])) };
}

/** The next revision. @template {'record' | 'blob'} K @param {CryptoKey} dataKey @param {K} kind @param {string} key @param {number} read @param {Uint8Array} bytes */
async function sealed(dataKey, kind, key, read, bytes) {
  const revision = read + 1;
  return { kind, key, read, row: { ...await seal(dataKey, { kind, key, revision }, bytes), revision } };
}

/** Throws `Invalid`. @param {VaultChanges} changes */
export function demandValid({ puts, blobs, deletes }) {
  const keys = [...puts, ...blobs].map(({ key }) => key).concat(deletes);
  const isTwice = [puts, blobs].some((rows) => new Set(rows.map(({ key }) => key)).size < rows.length);
  const isValid = !isTwice && keys.every((key) => KEY.test(key))
    && puts.every(({ json, revision }) => isJson(json) && Number.isSafeInteger(revision) && revision >= 0)
    && blobs.every(({ bytes }) => bytes instanceof Uint8Array);
  if (!isValid) throw new Refusal('Invalid', 'keys are ids, records JSON with a revision, blobs bytes');
}

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text);
    return typeof text === 'string';
  } catch {
    return false;
  }
}
