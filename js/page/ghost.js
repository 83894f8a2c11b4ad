/** The earlier photo over the camera's view: whether it is shown, and how strongly. */

import { find } from './find.js';

const ghost = find('[data-region=ghost]', HTMLElement);

find('[data-camera=ghost-strength]', HTMLInputElement).addEventListener('input', ({ target }) => {
  ghost.style.opacity = String(/** @type {HTMLInputElement} */ (target).valueAsNumber / 100);
});

/** @param {boolean} shown */
export function showGhost(shown) {
  ghost.hidden = !shown;
}
