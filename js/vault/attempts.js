/** How long the next passcode has to wait after wrong ones. It only ever waits: nothing is wiped. */

/** @typedef {import('./store.js').Attempts} Attempts */

// Anybody mistypes a few times.
const FREE = 3;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/** @param {number} failures */
function waitAfter(failures) {
  if (failures < FREE) return 0;
  return Math.min(FIRST_WAIT_MS * 2 ** (failures - FREE), LONGEST_WAIT_MS);
}

/** What is left of the wait: never more than it was, should the clock have been put back. @param {Attempts} attempts @param {number} now_ms */
export function waitOf({ failures, until_ms }, now_ms) {
  return Math.max(0, Math.min(until_ms - now_ms, waitAfter(failures)));
}

/** @param {Attempts} attempts @param {number} now_ms @returns {Attempts} */
export function afterAnother({ failures }, now_ms) {
  return { failures: failures + 1, until_ms: now_ms + waitAfter(failures + 1) };
}

/** @type {Readonly<Attempts>} */
export const NONE = { failures: 0, until_ms: 0 };
