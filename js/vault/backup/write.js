/** Makes a backup, one picture after the other, so that all of them need not fit into memory. */

import { Encrypter } from '../../../vendor/backup/backup.js';
import { asTyped, demandStrength } from '../keys.js';
import { blobKeys, readBlob, readRecords } from '../rows.js';
import { Refusal } from '../../shared/vault.js';
import { pictureName, README, RECORDS, recordsText } from './format.js';
import { MOST_BYTES, MOST_FILES, Zip } from './zip.js';

/** @typedef {import('../session.js').Opened} Opened */

// 128 MiB of memory, half of age's usual: a phone has to bear it.
const SCRYPT_LOG_N = 17;
// What is finished goes to the browser, which may put it onto the disk, encrypted as it is.
const PART_BYTES = 4 * 1024 * 1024;

/** Rejects with `WeakPasscode` or `TooLarge`. @param {Opened} opened @param {string} readme @param {string} phrase @param {(step: {done: number, of: number}) => void} onStep @returns {Promise<Blob>} */
export async function writeBackup(opened, readme, phrase, onStep) {
  demandStrength(phrase);
  const encrypter = new Encrypter();
  encrypter.setPassphrase(asTyped(phrase));
  encrypter.setScryptWorkFactor(SCRYPT_LOG_N);
  const chunks = archive(opened, readme, onStep);
  const plain = new ReadableStream({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  }, { highWaterMark: 0 });
  return gathered(await encrypter.encrypt(plain));
}

/** @param {Opened} opened @param {string} readme @param {(step: {done: number, of: number}) => void} onStep @returns {AsyncGenerator<Uint8Array, void>} */
async function* archive(opened, readme, onStep) {
  const zip = new Zip();
  const encoder = new TextEncoder();
  const keys = await blobKeys(opened);
  if (keys.length + 2 > MOST_FILES) throw new Refusal('TooLarge', `${keys.length} pictures`);
  yield zip.file(README, encoder.encode(readme), false);
  yield zip.file(RECORDS, encoder.encode(recordsText(await readRecords(opened))), false);
  for (const [index, key] of keys.entries()) {
    yield zip.file(pictureName(key), await readBlob(opened, key), true);
    if (zip.length > MOST_BYTES) throw new Refusal('TooLarge', `${zip.length} bytes`);
    onStep({ done: index + 1, of: keys.length });
  }
  yield* zip.end();
}

/** @param {ReadableStream<Uint8Array>} stream */
async function gathered(stream) {
  /** @type {Blob[]} */
  const parts = [];
  /** @type {BlobPart[]} */
  let chunks = [];
  let bytes = 0;
  const reader = stream.getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    chunks.push(/** @type {Uint8Array<ArrayBuffer>} */ (step.value));
    bytes += step.value.length;
    if (bytes < PART_BYTES) continue;
    parts.push(new Blob(chunks));
    chunks = [];
    bytes = 0;
  }
  return new Blob([...parts, ...chunks], { type: 'application/octet-stream' });
}
