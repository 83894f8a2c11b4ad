/** Two photos over each other: where one ends and the other begins, and switching between both. */

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
