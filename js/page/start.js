/** Starts both workers, joins them, and keeps them running. */

import { keepEngine } from './engine-keeper.js';
import { app } from './page.js';
import { showRestarted } from './patches.js';
import { VERSION } from '../shared/protocol.js';
import { keepPython } from './python-keeper.js';

/** @typedef {import('../shared/protocol.js').PythonMessage} PythonMessage */
/** @typedef {import('./python-keeper.js').InHand} InHand */

/**
 * @param {{onMessage: (message: PythonMessage) => void, onRestart: (inHand: InHand) => void, onGivenUp: () => void, isResting: () => boolean}} host
 *   as in `keepPython`
 * @returns {(message: import('../shared/protocol.js').HostMessage, transfer?: Transferable[]) => void} sends
 *   Python a message; it may be called before Python is there
 */
export function startWorkers({ onMessage, onRestart, onGivenUp, isResting }) {
  /** @type {import('../shared/protocol.js').WireError | null} */
  let failure = null;
  const engine = keepEngine({
    onNew() {
      python.renewEngine();
      showRestarted(app.dataset.state === 'analysing');
    },
    onFail(error) {
      failure = error;
      tellFailure();
    },
  });
  /** Each Python must be told that there is no engine any more. */
  function tellFailure() {
    if (failure) python.send({ v: VERSION, kind: 'event', intent: 0, action: 'engine-failed', payload: { ...failure } });
  }
  const python = keepPython({
    enginePort: () => engine.port(),
    onMessage(message) {
      if (message.kind === 'restart-engine') engine.restartWithout(message.excluded);
      else onMessage(message);
    },
    onRestart(inHand) {
      onRestart(inHand);
      tellFailure();
    },
    onGivenUp,
    isResting,
  });
  return python.send;
}
