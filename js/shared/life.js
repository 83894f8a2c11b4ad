/**
 * Whether a worker lives. Dead and slow are not the same: a worker holds a Web Lock as long as it
 * lives, however busy it is, and the browser releases it at once when the worker is gone. The page
 * queues for the same lock: who gets it knows that the worker is dead.
 */

import { BEAT_MS, Countdown, NO_BEAT_MS } from './limits.js';
import { VERSION } from './protocol.js';

/** Never resolved, and kept: a promise that nobody holds could be collected, and the lock with it. @type {Promise<never>} */
const forAsLongAsItLives = new Promise(() => {});

/** In a worker: takes the lock and names it to the page. @param {string} who */
export async function holdLife(who) {
  // `crypto.randomUUID` is for secure pages only.
  const lock = `lentigo-${who}-${performance.timeOrigin}-${Math.random()}`;
  try {
    await new Promise((resolve, reject) => {
      navigator.locks.request(lock, () => {
        resolve(undefined);
        return forAsLongAsItLives;
      }).catch(reject);
    });
    self.postMessage({ v: VERSION, kind: 'alive', lock });
  } catch {
    // Plain HTTP, storage that is forbidden, an old browser.
    const beat = () => self.postMessage({ v: VERSION, kind: 'alive', lock: null });
    beat();
    setInterval(beat, BEAT_MS);
  }
}

/**
 * In the page: calls `onDead` once, when the worker is gone.
 * @param {Worker} worker @param {() => void} onDead
 * @returns {() => void} calls that off
 */
export function watchLife(worker, onDead) {
  const calledOff = new AbortController();
  const { signal } = calledOff;
  const beat = new Countdown(onDead);
  worker.addEventListener('message', ({ data }) => {
    if (data?.kind !== 'alive') return;
    if (data.lock === null) beat.start(NO_BEAT_MS);
    else navigator.locks.request(data.lock, { signal }, onDead).catch(() => {});
  }, { signal });
  signal.addEventListener('abort', () => beat.stop());
  return () => calledOff.abort();
}
