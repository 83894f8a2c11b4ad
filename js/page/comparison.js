/** Two photos over each other: how much of the later one is shown, and switching between both. */

const BLINK_MS = 700;

/** @param {number} share  0..100 of the later photo, from the right */
function uncover(share) {
  const upper = document.querySelector('[data-over] .upper');
  if (upper instanceof HTMLElement) upper.style.clipPath = `inset(0 0 0 ${100 - share}%)`;
}

document.addEventListener('input', ({ target }) => {
  if (target instanceof HTMLInputElement && target.matches('[data-over-share]')) uncover(target.valueAsNumber);
});

let blinking = 0;

/** Switches between both until it is pressed again, or the photos are gone. @param {Element | null} button */
export function toggleBlink(button) {
  clearInterval(blinking);
  const starts = button?.getAttribute('aria-pressed') !== 'true';
  button?.setAttribute('aria-pressed', String(starts));
  const slider = document.querySelector('[data-over-share]');
  if (!starts) {
    uncover(slider instanceof HTMLInputElement ? slider.valueAsNumber : 100);
    return;
  }
  let later = false;
  blinking = setInterval(() => {
    if (!button?.isConnected) clearInterval(blinking);
    later = !later;
    uncover(later ? 100 : 0);
  }, BLINK_MS);
}
