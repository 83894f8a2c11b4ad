/** Two photos over each other, switching between both, and what the visitor sees in them. */

import { words } from './words.js';

const BLINK_MS = 700;

/**
 * The earlier photo lies before the slider's thumb, the later one behind it.
 * @param {number} at  0..100 of the width, from where a line of text begins
 */
function divide(at) {
  const upper = document.querySelector('[data-over] .upper');
  if (!(upper instanceof HTMLElement)) return;
  upper.style.clipPath = upper.matches(':dir(rtl)') ? `inset(0 ${at}% 0 0)` : `inset(0 0 0 ${at}%)`;
}

document.addEventListener('input', ({ target }) => {
  if (target instanceof HTMLInputElement && target.matches('[data-over-share]')) divide(target.valueAsNumber);
});

let blinking = 0;

/** Switches between both until it is pressed again, or the photos are gone. @param {Element | null} button */
export function toggleBlink(button) {
  clearInterval(blinking);
  const starts = button?.getAttribute('aria-pressed') !== 'true';
  button?.setAttribute('aria-pressed', String(starts));
  const slider = document.querySelector('[data-over-share]');
  if (!starts) {
    divide(slider instanceof HTMLInputElement ? slider.valueAsNumber : 0);
    return;
  }
  let later = false;
  blinking = setInterval(() => {
    if (!button?.isConnected) clearInterval(blinking);
    later = !later;
    divide(later ? 0 : 100);
  }, BLINK_MS);
}

/**
 * Whether the visitor who sees a change has ticked what it is; who has not is asked to.
 * @param {HTMLFormElement} form
 */
export function saysWhatChanged(form) {
  const kinds = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('[type=checkbox]')]);
  const isChanged = form.querySelector('[name=seen][value=yes]:checked') !== null;
  if (!isChanged || kinds.some(({ checked }) => checked)) return true;
  const [first] = kinds;
  first.setCustomValidity(words('spots.change.none-ticked'));
  // Another answer is looked at anew.
  form.addEventListener('input', () => first.setCustomValidity(''), { once: true });
  first.reportValidity();
  return false;
}
