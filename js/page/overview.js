/** The wide photo around a spot: chosen, and the ring moved that says where the spot is. */

import { announcer } from './page.js';
import { words } from './words.js';

// A step of the arrow keys, in shares of the photo; with the shift key a larger one.
const STEP = 0.01;
const LONG_STEP = 0.05;
/** @type {Record<string, readonly [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The two fields of a form that say where the ring is. @param {Element} marked */
function fieldsOf(marked) {
  const form = /** @type {HTMLFormElement} */ (marked.closest('form'));
  const [x, y] = ['x', 'y'].map((name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)));
  return { x, y };
}

/** Draws the ring where the fields say. @param {Element} marked */
function draw(marked) {
  const { x, y } = fieldsOf(marked);
  const ring = marked.querySelector('[data-ring]');
  for (const [name, { value }] of Object.entries({ x, y })) {
    ring?.setAttribute(name, `${Number(value) * 100}%`);
    ring?.setAttribute(`data-${name}`, Number(value) > 0.5 ? 'high' : 'low');
  }
}

/** @param {Element} marked @param {number} across  0..1 @param {number} down */
function move(marked, across, down) {
  const { x, y } = fieldsOf(marked);
  x.value = String(Math.min(1, Math.max(0, across)));
  y.value = String(Math.min(1, Math.max(0, down)));
  draw(marked);
}

/** @param {Element} marked @param {Event} event */
export function tapMark(marked, event) {
  const { left, top, width, height } = marked.getBoundingClientRect();
  const { clientX, clientY } = /** @type {MouseEvent} */ (event);
  move(marked, (clientX - left) / width, (clientY - top) / height);
}

/** After Python has rendered the ring where it was kept. */
export function keepMark() {
  const marked = document.querySelector('[data-mark]');
  if (marked) draw(marked);
}

document.addEventListener('keydown', (event) => {
  const marked = event.target instanceof Element ? event.target.closest('[data-mark]') : null;
  const way = WAYS[event.key];
  if (!marked || !way) return;
  event.preventDefault();
  const { x, y } = fieldsOf(marked);
  const step = event.shiftKey ? LONG_STEP : STEP;
  move(marked, Number(x.value) + way[0] * step, Number(y.value) + way[1] * step);
  const [across, down] = [x, y].map(({ value }) => Math.round(Number(value) * 100));
  announcer.textContent = words('spots.overview.at', { across, down });
});

/**
 * Watches the inputs that choose a photo for something that is kept, which their attribute names.
 * @param {string} attribute
 * @param {(of: string, file: File, input: HTMLInputElement) => void} onFile
 */
export function watchApart(attribute, onFile) {
  document.addEventListener('change', ({ target }) => {
    const of = target instanceof HTMLInputElement ? target.getAttribute(attribute) : null;
    if (!(target instanceof HTMLInputElement) || of === null) return;
    const [file] = target.files ?? [];
    if (file) onFile(of, file, target);
    // So that choosing the same file again is a change again.
    target.value = '';
  });
}
