/** Pictures that were taken over before the records that name them: without these they go again. */

import { atomically, readHead } from './store.js';

/** @typedef {import('./store.js').Database} Database */
/** @typedef {import('./store.js').Transaction} Transaction */

/** @param {Database} database @param {string[]} keys */
export function claim(database, keys) {
  return atomically(database, async (transaction) => {
    const unclaimed = transaction.objectStore('unclaimed');
    await Promise.all(keys.map((key) => unclaimed.put(true, key)));
  });
}

/** The records are there. @param {Transaction} transaction */
export function own(transaction) {
  return transaction.objectStore('unclaimed').clear();
}

/** They are not. @param {Database} database */
export function disown(database) {
  return atomically(database, async (transaction) => {
    const { generation } = await readHead(transaction);
    const keys = await transaction.objectStore('unclaimed').getAllKeys();
    const blobs = transaction.objectStore('blobs');
    await Promise.all(keys.map((key) => blobs.delete([generation, /** @type {string} */ (key)])));
    await own(transaction);
  });
}
