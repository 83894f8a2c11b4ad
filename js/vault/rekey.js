/**
 * A new data key, and all that is kept sealed with it. The new rows are written beside the old ones,
 * and in one step the head names them and the old ones go: what ends before that changes nothing.
 */

import { seal, unseal } from './cipher.js';
import { keyOfPasscode, newDataKey, newDeviceKey, newSalt, ROUNDS } from './keys.js';
import { keyOf } from './rows.js';
import { atomically, readHead, rowsOf, writeHead } from './store.js';
import { NONE } from './attempts.js';

/** @typedef {import('./session.js').Opened} Opened */
/** @typedef {import('./store.js').Database} Database */
/** @typedef {import('./store.js').Head} Head */

const KINDS = /** @type {const} */ ([['records', 'record'], ['blobs', 'blob']]);
// So many rows are in memory at once.
const BATCH = 16;

/**
 * @param {Opened} from @param {string | null} passcode  null: this device's browser has the key
 * @param {() => void} onStep
 * @returns {Promise<Opened>}
 */
export async function rekey(from, passcode, onStep) {
  const { database } = from;
  const generation = from.generation + 1;
  const { lock, dataKey } = passcode === null ? await deviceLock() : await passcodeLock(passcode);
  const next = { database, generation, dataKey };
  onStep();
  try {
    for (const [store, kind] of KINDS) {
      const keys = await database.transaction([store]).objectStore(store).getAllKeys(rowsOf(from.generation));
      for (let start = 0; start < keys.length; start += BATCH) {
        await copy(from, next, store, kind, keys.slice(start, start + BATCH).map(keyOf));
        onStep();
      }
    }
    await atomically(database, async (transaction) => {
      await writeHead(transaction, { generation, lock });
      await drop(transaction, rowsOf(from.generation));
    });
  } catch (error) {
    await atomically(database, (transaction) => drop(transaction, rowsOf(generation)));
    throw error;
  }
  return next;
}

/** Deletes what a re-encryption left that did not end. @param {Database} database */
export function sweep(database) {
  return atomically(database, async (transaction) => {
    const { generation } = await readHead(transaction);
    await drop(transaction, IDBKeyRange.upperBound([generation], true));
    await drop(transaction, IDBKeyRange.lowerBound([generation, []], true));
  });
}

async function deviceLock() {
  const key = await newDeviceKey();
  const { key: dataKey, wrapped } = await newDataKey(key);
  return { dataKey, lock: { kind: /** @type {const} */ ('device'), key, wrapped } };
}

/** @param {string} passcode */
async function passcodeLock(passcode) {
  const salt = newSalt();
  const { key: dataKey, wrapped } = await newDataKey(await keyOfPasscode(passcode, salt, ROUNDS));
  return { dataKey, lock: { kind: /** @type {const} */ ('passcode'), salt, rounds: ROUNDS, wrapped, ...NONE } };
}

/** @param {Opened} from @param {Opened} to @param {'records' | 'blobs'} name @param {'record' | 'blob'} kind @param {string[]} keys */
async function copy(from, to, name, kind, keys) {
  const store = from.database.transaction([name]).objectStore(name);
  const rows = await Promise.all(keys.map((key) => store.get([from.generation, key])));
  const sealed = await Promise.all(rows.map(async (row, index) => {
    if (!row) throw new Error(`${kind} ${keys[index]} has gone`);
    const { revision } = row;
    const place = { kind, key: keys[index], revision };
    return { ...await seal(to.dataKey, place, await unseal(from.dataKey, place, row)), revision };
  }));
  await atomically(to.database, async (transaction) => {
    const target = transaction.objectStore(name);
    await Promise.all(sealed.map((row, index) => target.put(row, [to.generation, keys[index]])));
  });
}

/** @param {import('./store.js').Transaction} transaction @param {IDBKeyRange} range */
async function drop(transaction, range) {
  await Promise.all(KINDS.map(([store]) => transaction.objectStore(store).delete(range)));
}
