/**
 * How a worker shows that it lives. Dead and slow are not the same: a worker holds a Web Lock as long
 * as it lives, however busy it is, and the browser releases it at once when the worker is gone. The
 * page queues for the same lock (`js/page/watched-life.js`): who gets it knows that the worker is dead.
 */

import { BEAT_MS } from './limits.js';
import { VERSION } from './protocol.js';

/** Never resolved, and kept: a promise that nobody holds could be collected, and the lock with it. @type {Promise<never>} */
const forAsLongAsItLives = new Promise(() => {});

/** Takes the lock and names it to the page. @param {string} who */
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
