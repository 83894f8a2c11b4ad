/**
 * The database. Rows are kept by `[generation, key]`: a generation is what one data key has sealed,
 * and the head names the present one, so that a new key takes its place in one step.
 */

import { deleteDB, openDB } from '../../vendor/idb/idb.js';
import { Refusal } from '../shared/vault.js';

/** @typedef {import('./cipher.js').Sealed} Sealed */
/** @typedef {import('./keys.js').WrappedKey} WrappedKey */

/**
 * Of wrong passcodes: how many there were, and until when the next has to wait.
 * @typedef {{failures: number, until_ms: number}} Attempts
 * @typedef {{kind: 'device', key: CryptoKey, wrapped: WrappedKey}} DeviceLock
 * @typedef {{kind: 'passcode', salt: Uint8Array<ArrayBuffer>, rounds: number, wrapped: WrappedKey} & Attempts} PasscodeLock
 *
 * @typedef {{generation: number, lock: DeviceLock | PasscodeLock}} Head
 * @typedef {Sealed & {revision: number}} Row
 * @typedef {{head: Head, records: Row, blobs: Row, unclaimed: true}} Schema
 * @typedef {import('../../vendor/idb/idb.js').Database<Schema>} Database
 * @typedef {import('../../vendor/idb/idb.js').Transaction<Schema>} Transaction
 */

const VERSION = 1;
/** @type {readonly (keyof Schema)[]} */
export const STORES = ['head', 'records', 'blobs', 'unclaimed'];
const HEAD = 'head';

// Other pages of this origin have databases too; so may another Lentigo, under another path.
export const NAME = `lentigo-${new URL('../../', import.meta.url).pathname}#vault`;

/** The rows of a generation. @param {number} generation */
export function rowsOf(generation) {
  return IDBKeyRange.bound([generation], [generation, []]);
}

/**
 * Opens the database; without `first`, null where there is none, and none is made.
 * @param {() => void} onClosed  another tab deletes it, or the browser has closed it
 * @param {Head} [first]  what a new one begins with
 * @returns {Promise<Database | null>}
 */
export async function openDatabase(onClosed, first) {
  let absent = false;
  try {
    const database = await openDB(NAME, VERSION, {
      upgrade(/** @type {Database} */ fresh, _old, _new, transaction) {
        transaction.done.catch(() => {});
        if (first) {
          for (const store of STORES) fresh.createObjectStore(store);
          transaction.objectStore('head').put(first, HEAD).catch(() => {});
        } else {
          absent = true;
          transaction.abort();
        }
      },
      blocking() {
        database.close();
        onClosed();
      },
      terminated: onClosed,
    });
    return database;
  } catch (error) {
    if (absent) return null;
    const newer = error instanceof DOMException && error.name === 'VersionError';
    throw new Refusal(newer ? 'TooNew' : 'Unavailable', `no database: ${error}`);
  }
}

/** @param {Transaction} transaction @returns {Promise<Head>} */
export async function readHead(transaction) {
  return /** @type {Head} */ (await transaction.objectStore('head').get(HEAD));
}

/** @param {Transaction} transaction @param {Head} head */
export function writeHead(transaction, head) {
  return transaction.objectStore('head').put(head, HEAD);
}

/**
 * Does all of `work` or nothing of it; what it throws undoes it. It may await nothing but the transaction.
 * @template T @param {Database} database @param {(transaction: Transaction) => Promise<T>} work @returns {Promise<T>}
 */
export async function atomically(database, work) {
  const transaction = database.transaction(STORES, 'readwrite', { durability: 'strict' });
  const done = transaction.done.then(() => null, (error) => error ?? transaction.error);
  try {
    const result = await work(transaction);
    const failure = await done;
    if (failure) throw failure;
    return result;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It has ended by itself.
    }
    if (error instanceof Refusal) throw error;
    const cause = (await done) ?? error;
    const names = [error, cause, transaction.error].map((fault) => fault instanceof Error || fault instanceof DOMException ? fault.name : '');
    if (names.includes('QuotaExceededError')) throw new Refusal('Full', String(cause));
    throw new Refusal('Failed', String(cause));
  }
}

export { deleteDB };
