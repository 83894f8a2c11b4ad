/** What a backup is made of (docs/decisions/0032-a-backup-is-a-zip-in-age.md): a ZIP archive, encrypted with age by a phrase. */

import { wordlist } from '../../../vendor/backup/backup.js';

/** Of `records.json`; a reader refuses a higher one. */
export const FORMAT = 1;
export const README = 'README.txt';
export const RECORDS = 'records.json';
const PICTURE = /^pictures\/([\w-]{1,64})\.jpg$/;
const WORDS = 6;

/** @param {string} key */
export function pictureName(key) {
  return `pictures/${key}.jpg`;
}

/** The key of a picture by the name of its file, or null. @param {string} name */
export function pictureKey(name) {
  return PICTURE.exec(name)?.[1] ?? null;
}

/** Six words by chance, of 2,048 each: 66 bits. @returns {string} */
export function chosenWords() {
  const numbers = crypto.getRandomValues(new Uint16Array(WORDS));
  return Array.from(numbers, (number) => wordlist[number % wordlist.length]).join(' ');
}

/** @typedef {{key: string, json: string}} BackedUp */

/** One record a line. @param {BackedUp[]} records */
export function recordsText(records) {
  const lines = records.map(({ key, json }) => `{"key": ${JSON.stringify(key)}, "record": ${json}}`);
  return `{"format": ${FORMAT}, "records": [\n${lines.join(',\n')}\n]}\n`;
}
