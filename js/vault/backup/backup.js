/** Backups, loaded with the first one that is made or read. */

import { blobKeys, write } from '../rows.js';
import { claim, disown, own } from '../unclaimed.js';
import { Refusal } from '../../shared/vault.js';
import { keyOf, readBackup } from './read.js';

export { chosenWords } from './format.js';
export { writeBackup } from './write.js';

/** @typedef {import('../session.js').Opened} Opened */
/** @typedef {import('../../shared/vault.js').VaultRecord} VaultRecord */

/** The file that the visitor is about to take over. @type {{file: Blob, key: Uint8Array} | null} */
let inspected = null;

// Pictures in one step: each step waits for the disk.
const AT_ONCE = 16;

export function forgetInspected() {
  inspected = null;
}

/** Reads all of a file, so that nothing of a damaged one is taken. @param {Blob} file @param {string} phrase @param {() => void} onStep */
export async function inspect(file, phrase, onStep) {
  inspected = null;
  const key = await keyOf(file, phrase);
  const found = await readBackup(file, key, async () => {}, onStep);
  inspected = { file, key };
  return found;
}

/**
 * Takes pictures of the file that was inspected, which are not there yet, and then the records that its
 * caller has merged. Until those are written the pictures are nobody's, and go if it ends before.
 * @param {Opened} opened @param {{records: VaultRecord[], blobs: string[]}} wanted @param {() => void} onStep
 */
export async function restore(opened, { records, blobs }, onStep) {
  if (!inspected) throw new Refusal('Stopped', 'no file has been inspected');
  const { file, key: fileKey } = inspected;
  const there = new Set(await blobKeys(opened));
  const lacking = new Set(blobs.filter((key) => !there.has(key)));
  /** @type {import('../../shared/vault.js').VaultBlob[]} */
  let taken = [];
  const keep = async () => {
    await write(opened, { puts: [], blobs: taken, deletes: [] });
    taken = [];
  };
  await claim(opened.database, [...lacking]);
  try {
    await readBackup(file, fileKey, async (key, bytes) => {
      if (!lacking.delete(key)) return;
      taken.push({ key, bytes });
      if (taken.length === AT_ONCE) await keep();
    }, onStep);
    await keep();
    if (lacking.size) throw new Refusal('Damaged', `${lacking.size} pictures are not in it`);
    const done = await write(opened, { puts: records, blobs: [], deletes: [] }, own);
    inspected = null;
    return done;
  } catch (error) {
    await disown(opened.database);
    throw error;
  }
}
