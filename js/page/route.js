/** Which screen an address names. Only `#/…` is a route: `#main` is a place on the page. */

/** @typedef {import('../shared/protocol.js').Route} Route */

/** The hash of each screen. @type {Record<Route, string>} */
const HASHES = { screening: '#/', facts: '#/facts', tables: '#/facts/tables' };

/** @param {Route} route */
export function hashOf(route) {
  return HASHES[route];
}

/**
 * The screen that a hash names: the first one where it names none that there is; null where it is no
 * route at all.
 * @param {string} hash  empty, or with its `#` @returns {Route | null}
 */
export function routeOf(hash) {
  if (hash !== '' && !hash.startsWith('#/')) return null;
  const routes = /** @type {Route[]} */ (Object.keys(HASHES));
  return routes.find((route) => HASHES[route] === hash) ?? 'screening';
}

/** Whether a hash has the form of a route, but of none that there is. @param {string} hash */
export function isUnknown(hash) {
  return hash.startsWith('#/') && !Object.values(HASHES).includes(hash);
}
