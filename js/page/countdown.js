/** Time that the visitor spends on the page: only that counts for a limit. */

const TICK_MS = 250;

/**
 * Calls `onLate` once its time is up. In a hidden tab and on a sleeping device browsers let workers
 * wait, so that time does not count.
 */
export class Countdown {
  #left_ms = 0;
  #timer = 0;
  #since = 0;
  #onLate;

  /** @param {() => void} onLate */
  constructor(onLate) {
    this.#onLate = onLate;
  }

  /** Restarts the countdown. @param {number} limit_ms */
  start(limit_ms) {
    this.stop();
    this.#left_ms = limit_ms;
    this.#wait();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  #wait() {
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.#tick(), TICK_MS);
  }

  #tick() {
    this.#left_ms -= countedMs(performance.now() - this.#since, document.hidden);
    if (this.#left_ms > 0) this.#wait();
    else this.#onLate();
  }
}

/** How much of the time between two ticks counts. @param {number} elapsed_ms @param {boolean} hidden */
function countedMs(elapsed_ms, hidden) {
  return hidden ? 0 : Math.min(elapsed_ms, 2 * TICK_MS);
}
