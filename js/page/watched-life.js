/** Whether a worker lives, by the lock that it holds (`js/shared/life.js`). */

import { Countdown } from './countdown.js';
import { NO_BEAT_MS } from '../shared/limits.js';

/**
 * Calls `onDead` once, when the worker is gone.
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
