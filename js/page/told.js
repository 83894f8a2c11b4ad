/** What the page says beside the forms of what is kept, which Python does not hear of. */

import { words } from './words.js';

// What is longer is said in minutes.
const SECONDS_SAID = 90;

/** Says beside a form how it went. @param {HTMLFormElement} form @param {string} text @param {boolean} [isFault] */
export function tell(form, text, isFault = false) {
  const line = form.querySelector('[data-vault-told]');
  if (line) say(line, text, isFault);
}

/** @param {Element} line @param {string} text @param {boolean} isFault */
function say(line, text, isFault) {
  line.textContent = text;
  line.className = isFault ? 'notice notice-error' : 'note';
}

/** Takes back what was said beside the forms: the visitor does something else. */
export function hush() {
  for (const line of document.querySelectorAll('[data-vault-told]')) say(line, '', false);
}

/** How long one has to wait, as people say it. @param {number} wait_ms */
function asWait(wait_ms) {
  const seconds = Math.ceil(wait_ms / 1000);
  return seconds > SECONDS_SAID ? { unit: 'minutes', count: Math.ceil(seconds / 60) } : { unit: 'seconds', count: seconds };
}

/** Why a passcode did not open anything. @param {{tried: boolean, wait_ms: number}} attempt */
export function whyNotUnlocked({ tried, wait_ms }) {
  if (!tried) return words('vault.wait', asWait(wait_ms));
  return wait_ms > 0 ? words('vault.wrong.wait', asWait(wait_ms)) : words('vault.wrong');
}

/** What is wrong with a passcode or a backup's words, else that it did not work. @param {unknown} error @param {string} otherwise */
export function whyNotTaken(error, otherwise) {
  console.info('It was not taken.', error);
  const isWeak = error instanceof Error && error.name === 'WeakPasscode';
  return isWeak ? words('vault.weak') : otherwise;
}

/** Why a backup is not taken. @param {unknown} error */
export function whyNotOpened(error) {
  console.info('The backup was not opened.', error);
  switch (error instanceof Error ? error.name : '') {
    case 'WrongPhrase': return words('vault.backup.wrong-phrase');
    case 'TooNew': return words('vault.backup.too-new');
    case 'TooLarge': return words('vault.backup.too-large');
    case 'NotABackup': return words('vault.backup.not-a-backup');
    default: return words('vault.backup.damaged');
  }
}
