/** Shows the screen that the address names, and one at a time. */

import { find } from './find.js';
import { app } from './page.js';
import { hashOf, isUnknown, routeOf } from './route.js';

/** @typedef {import('../shared/protocol.js').Route} Route */

const engine = find('.engine', HTMLElement);
/** Where figures are read, and what they were computed on means something. @type {Set<Route>} */
const WITH_FIGURES = new Set(['facts', 'tables']);
const firstTitle = document.title;
/** How far each screen was scrolled when it was left. @type {Map<Route, number>} */
const left_px = new Map();

/** @returns {Route} */
export function shownRoute() {
  return /** @type {Route} */ (app.dataset.route);
}

/** @returns {HTMLElement | null} */
function screen() {
  return document.querySelector(`[data-screen=${shownRoute()}]`);
}

/** The keyboard goes on from the head of the screen. */
function focusHeading() {
  screen()?.querySelector('h1')?.focus();
}

/** @param {Route} route */
function show(route) {
  app.dataset.route = route;
  engine.ariaHidden = String(!WITH_FIGURES.has(route));
  document.title = screen()?.dataset.title ?? firstTitle;
}

/**
 * @param {(route: Route) => void} onLeave  called before the screen of this name goes; it closes the camera
 * @param {(route: Route) => void} onArrive  called when another one is shown; not for the first
 * @returns {(route: Route) => void} goes to a screen, as a link does
 */
export function watchScreens(onLeave, onArrive) {
  /** Where to go once the entry of the camera is gone from the history. @type {Route | null} */
  let next = null;

  function follow() {
    if (next !== null && !history.state?.camera) {
      const route = next;
      next = null;
      goTo(route);
      return;
    }
    if (isUnknown(location.hash)) history.replaceState(history.state, '', hashOf('screening'));
    const route = routeOf(location.hash);
    const before = shownRoute();
    if (route === null || route === before) return;
    onLeave(before);
    left_px.set(before, scrollY);
    show(route);
    focusHeading();
    scrollTo({ top: left_px.get(route) ?? 0, behavior: 'instant' });
    onArrive(route);
  }

  /** @param {Route} route */
  function goTo(route) {
    if (route === shownRoute()) return;
    // Upon the entry of a camera that is closed by then, Forward and Back would stumble.
    if (history.state?.camera) {
      next = route;
      onLeave(shownRoute());
      return;
    }
    // What is read begins at its top; the visitor's own work is found as it was left.
    if (route !== 'screening') left_px.delete(route);
    history.pushState(null, '', hashOf(route));
    follow();
  }

  addEventListener('popstate', follow);
  addEventListener('hashchange', follow);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const route = routeOf(link.hash);
    if (route) goTo(route);
    // The skip link leaves the address as it is, so that it still names the screen.
    else focusHeading();
  });
  history.scrollRestoration = 'manual';
  show(routeOf(location.hash) ?? 'screening');
  follow();
  return goTo;
}
