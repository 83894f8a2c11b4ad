/**
 * What the visitor keeps: the photo, a report, a reminder. All are files that are made on this
 * device; a report is shared where the browser can share files, and saved where it cannot.
 */

import { now } from './conversation.js';
import { find } from './find.js';
import { shownRoute } from './screens.js';
import { within } from '../shared/within.js';
import { words } from './words.js';

/** @typedef {import('../shared/protocol.js').Moment} Moment */
/** @typedef {import('../shared/protocol.js').Figure} Figure */
/** @typedef {import('../shared/protocol.js').Report} Report */
/** @typedef {() => Promise<{blob: (key: string) => Promise<Uint8Array<ArrayBuffer>>}>} Store */

const dialog = find('[data-testid=share]', HTMLDialogElement);
const share = find('[data-testid=share-now]', HTMLButtonElement);
const save = find('[data-testid=share-save]', HTMLButtonElement);

// The library is loaded with the first report: from the copy, or over a slow connection.
const LOAD_LIMIT_MS = 60_000;
// Browsers read a file that is saved some time after the click.
const SAVED_WITHIN_MS = 60_000;

/** The report that the open dialog is about. @type {File | null} */
let offered = null;

/** @returns {Moment} */
export function moment() {
  return { since_epoch_ms: now(), ahead_of_utc_min: -new Date().getTimezoneOffset() };
}

/** Says beside the buttons of the screen how it went, if they are still there. @param {string} text */
function tell(text) {
  const line = document.querySelector(`[data-screen=${shownRoute()}] [data-testid=kept-file]`);
  if (line) line.textContent = text;
}

/** @param {File} file */
export function saveFile(file) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), SAVED_WITHIN_MS);
  tell(words('keep.saved', { name: file.name }));
}

/** @param {Report} report @param {Store} store  where pictures are kept */
export async function giveReport(report, store) {
  tell(words('keep.making'));
  try {
    const late = () => new Error(`nothing came within ${LOAD_LIMIT_MS / 1000} s`);
    const { pdfOf } = await within(import('./report.js'), LOAD_LIMIT_MS, late);
    const figures = await Promise.all(report.figures.map((figure) => withPicture(figure, store)));
    const file = new File([pdfOf({ ...report, figures })], report.file_name, { type: 'application/pdf' });
    if (navigator.canShare?.({ files: [file] })) offer(file);
    else saveFile(file);
  } catch (error) {
    console.info('No report.', error);
    tell(words('keep.report.failed'));
  }
}

/** A picture that is kept comes from the store, and never passes through Python. @param {Figure} figure @param {Store} store */
async function withPicture(figure, store) {
  if (!figure.key) return figure;
  try {
    return { ...figure, jpeg: await (await store()).blob(figure.key) };
  } catch (error) {
    console.info('No picture.', error);
    return { ...figure, caption: `${figure.caption} ${words('keep.report.no-picture')}` };
  }
}

/** Asks what is to become of a file: sharing wants a click of its own, and says first what it means. @param {File} file */
function offer(file) {
  offered = file;
  tell('');
  dialog.showModal();
}

share.addEventListener('click', async () => {
  const file = /** @type {File} */ (offered);
  try {
    await navigator.share({ files: [file] });
    dialog.close();
  } catch (error) {
    // The visitor changed their mind, and may still save it.
    if (error instanceof DOMException && error.name === 'AbortError') return;
    console.info('Not shared.', error);
    dialog.close();
    saveFile(file);
  }
});
save.addEventListener('click', () => {
  const file = /** @type {File} */ (offered);
  dialog.close();
  saveFile(file);
});
find('[data-testid=share-close]', HTMLButtonElement).addEventListener('click', () => dialog.close());

/** @param {{name: string, text: string}} reminder */
export function giveReminder({ name, text }) {
  saveFile(new File([text], name, { type: 'text/calendar' }));
}

/** @param {import('./photos.js').Photos} photos @param {number} id */
export async function savePhoto(photos, id) {
  try {
    saveFile(await photos.file(id, `spot-${today()}.jpg`));
  } catch (error) {
    console.info('No photo.', error);
    tell(words('keep.photo.failed'));
  }
}

/** The day as the visitor's clock has it: 2026-11-30. */
export function today() {
  const { since_epoch_ms, ahead_of_utc_min } = moment();
  return new Date(since_epoch_ms + ahead_of_utc_min * 60_000).toISOString().slice(0, 10);
}
