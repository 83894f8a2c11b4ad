/** How strongly the earlier photo lies over the camera's view; at 0 it is gone, and its outline with it. */

import { find } from './find.js';

const ghost = find('[data-region=ghost]', HTMLElement);

find('[data-camera=ghost]', HTMLInputElement).addEventListener('input', ({ target }) => {
  const { valueAsNumber } = /** @type {HTMLInputElement} */ (target);
  ghost.hidden = valueAsNumber === 0;
  ghost.style.opacity = String(valueAsNumber / 100);
});
