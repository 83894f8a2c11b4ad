/** Which screen an address names. Only `#/…` is a route: `#main` is a place on the page. */

/** @typedef {import('../shared/protocol.js').Route} Route */

/** A screen, and of which spot it is, if of one. @typedef {{route: Route, spot: string | null}} Address */

/** The hash of each screen; `ID` is the name of a spot. @type {Record<Route, string>} */
const HASHES = {
  screening: '#/', facts: '#/facts', tables: '#/facts/tables', spots: '#/spots', spot: '#/spots/ID',
  compare: '#/spots/ID/compare', map: '#/map', settings: '#/settings',
};
const NAME = '([0-9A-Za-z-]{1,64})';

/** @param {Address} address */
export function hashOf({ route, spot }) {
  return HASHES[route].replace('ID', spot ?? '');
}

/** @param {string} hash @returns {Address | null} */
function known(hash) {
  for (const route of /** @type {Route[]} */ (Object.keys(HASHES))) {
    const found = new RegExp(`^${HASHES[route].replace('ID', NAME)}$`).exec(hash);
    if (found) return { route, spot: found[1] ?? null };
  }
  return null;
}

/**
 * The screen that a hash names: the first one where it names none that there is; null where it is no
 * route at all.
 * @param {string} hash  empty, or with its `#` @returns {Address | null}
 */
export function addressOf(hash) {
  if (hash !== '' && !hash.startsWith('#/')) return null;
  return known(hash) ?? { route: 'screening', spot: null };
}

/** Whether a hash has the form of a route, but of none that there is. @param {string} hash */
export function isUnknown(hash) {
  return hash.startsWith('#/') && !known(hash);
}
