/** Shows the screen that the address names, and one at a time. */

import { find } from './find.js';
import { app } from './page.js';
import { addressOf, hashOf, isUnknown } from './route.js';

/** @typedef {import('../shared/protocol.js').Route} Route */
/** @typedef {import('./route.js').Address} Address */

const engine = find('.engine', HTMLElement);
/** Where figures are read, and what they were computed on means something. @type {Set<Route>} */
const WITH_FIGURES = new Set(['facts', 'tables']);
const firstTitle = document.title;
/** How far each screen was scrolled when it was left, by its hash. @type {Map<string, number>} */
const left_px = new Map();
/** @type {Address} */
let shown = { route: 'screening', spot: null };

/** @returns {Route} */
export function shownRoute() {
  return shown.route;
}

/** The screen, and the spot that it is of. */
export function shownAddress() {
  return shown;
}

/** @returns {HTMLElement | null} */
function screen() {
  return document.querySelector(`[data-screen=${shownRoute()}]`);
}

/** The keyboard goes on from the head of the screen. */
function focusHeading() {
  screen()?.querySelector('h1')?.focus();
}

/** @param {Address} address */
function show(address) {
  shown = address;
  app.dataset.route = address.route;
  engine.setAttribute('aria-hidden', String(!WITH_FIGURES.has(address.route)));
  document.title = screen()?.dataset.title ?? firstTitle;
}

/**
 * @param {(route: Route) => void} onLeave  called before the screen of this name goes; it closes the camera
 * @param {(address: Address) => void} onArrive  called when another one is shown; not for the first
 * @returns {(address: Address) => void} goes to a screen, as a link does
 */
export function watchScreens(onLeave, onArrive) {
  /** Where to go once the entry of the camera is gone from the history. @type {Address | null} */
  let next = null;

  function follow() {
    if (next !== null && !history.state?.camera) {
      const address = next;
      next = null;
      goTo(address);
      return;
    }
    if (isUnknown(location.hash)) history.replaceState(history.state, '', hashOf({ route: 'screening', spot: null }));
    const address = addressOf(location.hash);
    const before = hashOf(shown);
    if (address === null || hashOf(address) === before) return;
    onLeave(shown.route);
    left_px.set(before, scrollY);
    show(address);
    focusHeading();
    scrollTo({ top: left_px.get(hashOf(address)) ?? 0, behavior: 'instant' });
    onArrive(address);
  }

  /** @param {Address} address */
  function goTo(address) {
    const hash = hashOf(address);
    if (hash === hashOf(shown)) return;
    // Upon the entry of a camera that is closed by then, Forward and Back would stumble.
    if (history.state?.camera) {
      next = address;
      onLeave(shownRoute());
      return;
    }
    // What is read begins at its top; the visitor's own work is found as it was left.
    if (address.route !== 'screening') left_px.delete(hash);
    history.pushState(null, '', hash);
    follow();
  }

  addEventListener('popstate', follow);
  addEventListener('hashchange', follow);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const address = addressOf(link.hash);
    if (address) goTo(address);
    // The skip link leaves the address as it is, so that it still names the screen.
    else focusHeading();
  });
  history.scrollRestoration = 'manual';
  show(addressOf(location.hash) ?? shown);
  follow();
  return goTo;
}
