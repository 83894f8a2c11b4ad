/**
 * Keeps Python running: starts PyScript's worker, tells when it hangs or has died, and starts
 * another one, to which the host then says again what it must know. So it does, while nothing is
 * asked of it, with a Python whose memory a large picture has left large.
 */

import { showStage } from './boot-line.js';
import { Countdown } from './countdown.js';
import { DECODE_MS, FIRST_WORD_MS, JOB_MS, LARGE_HEAP_BYTES, PYTHON_SILENCE_MS, REST_MS, SLOW_MS } from '../shared/limits.js';
import { app } from './page.js';
import { VERSION } from '../shared/protocol.js';
import { watchLife } from './watched-life.js';
import { words } from './words.js';

/** @typedef {import('../shared/protocol.js').HostMessage} HostMessage */
/** @typedef {import('../shared/protocol.js').PythonMessage} PythonMessage */
/** @typedef {Worker & {ready: Promise<unknown>}} PyScriptWorker */

/**
 * What Python was at when it died: the host's message by its kind and id (an event has no id), and
 * how many Pythons have died of it by now. Null when it was at nothing.
 *
 * @typedef {{kind: HostMessage['kind'], id: number | null, deaths: number} | null} InHand
 */

const NOT_STARTED = words('page.failure.fault');
// More deaths than this within the time are no accident.
const MOST_DEATHS = 4;
const DEATHS_WITHIN_MS = 60_000;

/**
 * @param {{
 *   enginePort: () => MessagePort,
 *   onMessage: (message: PythonMessage) => void,
 *   onRestart: (inHand: InHand) => void,
 *   onGivenUp: () => void,
 *   isResting: () => boolean,
 * }} listener  `enginePort` gives Python's end of a new channel to the engine. `onRestart` is called
 *   when a new Python is on its way: what is sent from then on reaches the new one, in order.
 *   `onGivenUp`: there will be none, and the page has said so. `isResting`: nobody would notice
 *   if another Python took this one's place.
 */
export function keepPython({ enginePort, onMessage, onRestart, onGivenUp, isResting }) {
  /** @type {{at_ms: number}[]} */
  let deaths = [];
  /** @type {Map<string, number>} */
  const deathsOf = new Map();
  /** Why there is no Python, and what to do. @type {string | null} */
  let failure = null;
  let life = begin();

  /** @param {string} told @param {unknown} cause */
  function giveUp(told, cause) {
    failure = told;
    failStart(told, cause);
    onGivenUp();
  }

  function begin() {
    /** @type {{id: number, kind: HostMessage['kind'], about: number | null}[]} What Python has not done yet, the oldest first. */
    const jobs = [];
    let nextJob = 1;
    let spoken = false;
    let failed = false;
    let over = false;
    /** @type {PyScriptWorker | null} */
    let worker = null;
    let forgetLife = () => {};
    const channel = new MessageChannel();
    const script = document.createElement('script');
    const loading = new Countdown(() => fail(NOT_STARTED, 'time limit'));
    const slow = new Countdown(() => showStage('python', words('page.boot.slow')));
    const working = new Countdown(() => die('no answer in time'));
    const resting = new Countdown(() => {
      if (!isResting()) return;
      end();
      again('its memory was large');
      onRestart(null);
    });

    /** @param {number} limit_ms */
    function load(limit_ms) {
      loading.start(limit_ms);
      slow.start(SLOW_MS);
    }

    function stopLoading() {
      loading.stop();
      slow.stop();
    }

    function end() {
      over = true;
      stopLoading();
      working.stop();
      resting.stop();
      forgetLife();
      channel.port1.close();
      worker?.terminate();
      script.remove();
    }

    /** @param {string} told @param {unknown} cause */
    function fail(told, cause) {
      if (failed || over) return;
      failed = true;
      stopLoading();
      giveUp(told, cause);
    }

    /** @param {unknown} cause */
    function die(cause) {
      if (over) return;
      end();
      onDeath(cause, jobs[0] ?? null);
    }

    function watchJob() {
      if (!spoken || jobs.length === 0) working.stop();
      else working.start(jobs[0].kind === 'file' ? DECODE_MS : JOB_MS);
    }

    /** @param {PyScriptWorker} created */
    function connect(created) {
      worker = created;
      forgetLife = watchLife(created, () => die('the worker is gone'));
      created.addEventListener('message', ({ data }) => {
        if (data?.kind === 'arrived' && !spoken && !over) load(PYTHON_SILENCE_MS);
        if (data?.kind !== 'fatal') return;
        if (spoken) die(data.message);
        else fail(NOT_STARTED, data.message);
      });
      created.postMessage({ v: VERSION, kind: 'connect' }, [channel.port2, enginePort()]);
      // PyScript hands on what Python has not caught, main.py's own errors too.
      created.onerror = ({ error }) => {
        if (spoken) console.error(error);
        else fail(NOT_STARTED, error);
      };
      created.ready.then(
        () => { if (!spoken && !over) load(FIRST_WORD_MS); },
        (error) => fail(NOT_STARTED, error),
      );
    }

    channel.port1.addEventListener('message', ({ data }) => {
      if (!spoken) {
        spoken = true;
        failure = null;
        stopLoading();
        showStage('python', '', 1);
        watchJob();
      }
      if (data.kind === 'done') {
        while (jobs.length && jobs[0].id <= data.id) jobs.shift();
        watchJob();
        if (jobs.length === 0 && data.heap_bytes > LARGE_HEAP_BYTES) resting.start(REST_MS);
      } else onMessage(data);
    });
    channel.port1.start();
    load(PYTHON_SILENCE_MS);
    startPyScript(script, connect).catch((error) => {
      fail(NOT_STARTED, error);
    });
    return {
      /** @param {HostMessage} message @param {Transferable[]} transfer */
      send(message, transfer) {
        const job = { id: nextJob++, kind: message.kind, about: 'id' in message ? message.id : null };
        jobs.push(job);
        resting.stop();
        channel.port1.postMessage(message, transfer);
        // Handled in its turn, so that its answer tells that all before it is done.
        channel.port1.postMessage({ v: VERSION, kind: 'ping', id: job.id });
        if (jobs.length === 1) watchJob();
      },
      renewEngine() {
        worker?.postMessage({ v: VERSION, kind: 'connect' }, [enginePort()]);
      },
      hasSpoken: () => spoken,
    };
  }

  /** @param {unknown} cause */
  function again(cause) {
    console.info('Python starts again:', cause);
    life = begin();
  }

  /** @param {unknown} cause @param {{kind: HostMessage['kind'], about: number | null} | null} job */
  function onDeath(cause, job) {
    const at_ms = performance.now();
    deaths = [...deaths.filter((death) => at_ms - death.at_ms < DEATHS_WITHIN_MS), { at_ms }];
    if (deaths.length > MOST_DEATHS) {
      giveUp(words('page.failure.stopped'), cause);
      return;
    }
    again(cause);
    if (job === null) {
      onRestart(null);
      return;
    }
    const key = `${job.kind} ${job.about}`;
    deathsOf.set(key, (deathsOf.get(key) ?? 0) + 1);
    onRestart({ kind: job.kind, id: job.about, deaths: deathsOf.get(key) ?? 1 });
  }

  return {
    /** @param {HostMessage} message @param {Transferable[]} [transfer] */
    send(message, transfer = []) {
      life.send(message, transfer);
      // Nobody will answer it: what has been said holds for it too.
      const unheard = app.dataset.boot === 'failed' && !life.hasSpoken();
      if (failure || unheard) failStart(failure ?? '', message.kind);
    },
    /** There is a new engine: Python's way to the old one leads nowhere. */
    renewEngine() {
      life.renewEngine();
    },
  };
}

/**
 * Has PyScript run main.py in a new worker.
 * @param {HTMLScriptElement} script  a new one
 * @param {(worker: PyScriptWorker) => void} onWorker  called in the task in which it is made
 */
async function startPyScript(script, onWorker) {
  const { hooks } = await import('../../vendor/pyscript/core.js');
  hooks.main.onWorker.add(function created(/** @type {unknown} */ _, /** @type {PyScriptWorker} */ worker) {
    hooks.main.onWorker.delete(created);
    onWorker(worker);
  });
  script.type = 'py';
  script.setAttribute('src', 'py/main.py');
  script.setAttribute('config', 'pyscript.toml');
  script.setAttribute('worker', '');
  document.body.append(script);
}
