/** What was dropped on the page or pasted into it: files, or something that can only be named. */

import { Folder } from './photos.js';

/** Errors of `lentigo/errors.py`, by what a transfer holds instead of files; the first one counts. */
const INSTEAD = /** @type {const} */ ({
  'text/uri-list': 'WebAddressError',
  'text/plain': 'TextError',
  '': 'NotAFileError',
});

/** @param {DataTransferItem} item @returns {File | Folder | null} */
function fileOf(item) {
  const entry = item.webkitGetAsEntry?.();
  return entry?.isDirectory ? new Folder(entry.name) : item.getAsFile();
}

/** @param {DataTransfer} transfer @returns {(File | Folder)[]} */
export function filesOf(transfer) {
  return [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map(fileOf)
    .filter((file) => file !== null);
}

/** The name of the error for a transfer without a file. @param {DataTransfer} transfer */
export function insteadOf(transfer) {
  const kind = Object.keys(INSTEAD).find((type) => !type || transfer.types.includes(type)) ?? '';
  return INSTEAD[/** @type {keyof typeof INSTEAD} */ (kind)];
}
