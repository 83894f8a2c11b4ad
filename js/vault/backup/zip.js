/**
 * A ZIP archive that is written file by file. Every file is complete in memory, so that its size stands
 * before it, and readers that cannot jump about need not guess where it ends.
 */

import { zipSync } from '../../../vendor/backup/backup.js';

// Without ZIP64, which not all programs read.
export const MOST_FILES = 65_535;
export const MOST_BYTES = 2 ** 32 - 2 ** 24;

export const END_BYTES = 22;

/** Where fields stand, counted from the beginning of their part (APPNOTE 4.3.12, 4.3.16). */
const OF_END = { files: 8, allFiles: 10, size: 12, start: 16 };
const OFFSET_OF_FILE = 42;

export class Zip {
  /** @type {Uint8Array[]} */
  #directory = [];
  #end = new Uint8Array(END_BYTES);
  /** Bytes so far. */
  length = 0;

  /** What a file adds to the archive. @param {string} name @param {Uint8Array} bytes @param {boolean} isDense  that it would hardly get smaller */
  file(name, bytes, isDense) {
    const alone = zipSync({ [name]: [bytes, { level: isDense ? 0 : 6, mtime: Date.now() }] });
    const end = alone.length - END_BYTES;
    this.#end = alone.slice(end);
    const start = at(this.#end).getUint32(OF_END.start, true);
    const entry = alone.slice(start, end);
    at(entry).setUint32(OFFSET_OF_FILE, this.length, true);
    this.#directory.push(entry);
    this.length += start;
    return alone.subarray(0, start);
  }

  /** What ends the archive. @returns {Uint8Array[]} */
  end() {
    const end = at(this.#end);
    const size = this.#directory.reduce((sum, entry) => sum + entry.length, 0);
    end.setUint16(OF_END.files, this.#directory.length, true);
    end.setUint16(OF_END.allFiles, this.#directory.length, true);
    end.setUint32(OF_END.size, size, true);
    end.setUint32(OF_END.start, this.length, true);
    return [...this.#directory, this.#end];
  }
}

/** Whether these bytes end an archive of so many files. @param {Uint8Array} bytes @param {number} files */
export function isEnd(bytes, files) {
  if (bytes.length < END_BYTES) return false;
  const end = at(bytes.subarray(-END_BYTES));
  return end.getUint32(0, true) === 0x0605_4b50 && end.getUint16(OF_END.allFiles, true) === files;
}

/** @param {Uint8Array} bytes */
function at(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
